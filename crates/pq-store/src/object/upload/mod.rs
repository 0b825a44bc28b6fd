//! Objects in pieces.

mod copy;
mod finish;
mod parts;

use super::inner::{Inner, LargeWrites};
use super::pool::Buffer;
use super::put::Condition;
use super::runtime;
use super::settings::ConditionalPut;
use super::state;
use crate::error::StoreError;
use crate::hidden;
use crate::path::StorePath;
use crate::store::{BoxFuture, Upload, Version};
use bytes::Bytes;
use object_store::PutMultipartOptions;
use object_store::path::Path;
use parts::Parts;
use std::ops::Range;
use std::sync::Arc;
use std::{fmt, io};

/// An object that is being written. What fits one request is kept until the end; more goes out
/// part by part, while the next part is filled.
pub(super) struct RemoteUpload {
    inner: Arc<Inner>,
    path: StorePath,
    /// Where the object will be.
    location: Path,
    condition: Condition,
    token: String,
    filling: Option<Buffer>,
    /// Full parts that wait until it is known that one request is not enough.
    waiting: Vec<Bytes>,
    parts_filled: u32,
    /// Bytes written so far.
    written: u64,
    sent: Option<Sent>,
    /// Set while a call is under way, and for good when it fails.
    is_broken: bool,
}

/// What goes out part by part.
struct Sent {
    parts: Parts,
    /// Where the parts become an object, if not at once at the end of the path.
    staged: Option<Path>,
}

impl RemoteUpload {
    pub(super) fn new(
        inner: Arc<Inner>,
        path: StorePath,
        condition: Condition,
    ) -> Result<Self, StoreError> {
        let location = inner.location(&path)?;
        Ok(Self {
            inner,
            path,
            location,
            condition,
            token: state::new_token(),
            filling: None,
            waiting: Vec::new(),
            parts_filled: 0,
            written: 0,
            sent: None,
            is_broken: false,
        })
    }

    /// Bytes that one request may carry.
    fn one_request(&self) -> u64 {
        match self.condition {
            Condition::Anything => self.inner.settings.part_size,
            _ => self.inner.settings.conditional_put_bytes,
        }
    }

    /// Appends bytes. After an error, or if this is not awaited to its end, nothing more can be
    /// done.
    pub(super) async fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.refuse_broken()?;
        self.is_broken = true;
        self.fill(bytes).await?;
        self.is_broken = false;
        Ok(())
    }

    async fn fill(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let written = self.written + bytes.len() as u64;
        if self.sent.is_none() && written > self.one_request() {
            self.begin().await?;
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let capacity = self.inner.settings.part_bytes(self.parts_filled);
            let pool = &self.inner.pool;
            let buffer = self.filling.get_or_insert_with(|| pool.take(capacity));
            let room = capacity.saturating_sub(buffer.len());
            let (now, later) = rest.split_at(room.min(rest.len()));
            buffer.append(now);
            rest = later;
            if buffer.len() >= capacity {
                self.part_is_full().await?;
            }
        }
        self.written = written;
        Ok(())
    }

    async fn part_is_full(&mut self) -> Result<(), StoreError> {
        let Some(buffer) = self.filling.take() else {
            return Ok(());
        };
        self.parts_filled += 1;
        match &mut self.sent {
            Some(sent) => sent.parts.send(buffer.freeze()).await,
            None => {
                self.waiting.push(buffer.freeze());
                Ok(())
            }
        }
    }

    /// Begins to send parts.
    async fn begin(&mut self) -> Result<(), StoreError> {
        let (inner, path) = (Arc::clone(&self.inner), self.path.clone());
        let condition = self.condition.clone();
        let (location, token) = (self.location.clone(), self.token.clone());
        let shown = inner.describe(&path);
        let begun = runtime::run(shown, "write", async move {
            inner.begin(&path, location, &condition, &token).await
        });
        let sent = self.sent.insert(begun.await?);
        for part in self.waiting.drain(..) {
            sent.parts.send(part).await?;
        }
        Ok(())
    }

    fn refuse_broken(&self) -> Result<(), StoreError> {
        if !self.is_broken {
            return Ok(());
        }
        Err(StoreError::Io {
            path: self.inner.describe(&self.path),
            operation: "write",
            source: io::Error::other("an earlier call of the upload failed or was not awaited"),
        })
    }
}

impl Inner {
    async fn begin(
        self: &Arc<Self>,
        path: &StorePath,
        location: Path,
        condition: &Condition,
        token: &str,
    ) -> Result<Sent, StoreError> {
        let is_conditional = *condition != Condition::Anything
            && self.settings.conditional_put != ConditionalPut::LastWriterWins;
        let mut staged = None;
        if is_conditional {
            if self.large_writes == LargeWrites::Copy {
                self.refuse_large_update(path, condition)?;
                let name = path.file_name().unwrap_or_default();
                let directory = path.parent().unwrap_or_else(StorePath::root);
                staged = Some(self.location(&directory.join(&hidden::temp_name(name))?)?);
            }
            self.probe_large(path, condition).await?;
        }
        let options = PutMultipartOptions {
            attributes: state::attributes(token),
            ..PutMultipartOptions::default()
        };
        let call = Arc::new(self.call(path));
        let target = staged.as_ref().unwrap_or(&location);
        let upload = call
            .run(self.client.put_multipart_opts(target, options))
            .await;
        let upload = upload.map_err(|error| self.context(path, "begin an upload").error(&error))?;
        Ok(Sent {
            parts: Parts::new(self, path, upload),
            staged,
        })
    }

    fn refuse_large_update(
        &self,
        path: &StorePath,
        condition: &Condition,
    ) -> Result<(), StoreError> {
        if !matches!(condition, Condition::State(_)) {
            return Ok(());
        }
        Err(StoreError::Unsupported {
            path: self.describe(path),
            what: format!(
                "replacing an object under a condition by one of more than {} bytes (option \
                 conditional_put_bytes); overwrite it, or write a data set",
                self.settings.conditional_put_bytes
            ),
        })
    }
}

impl fmt::Debug for RemoteUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteUpload")
            .field("path", &self.inner.describe(&self.path))
            .field("bytes", &self.written)
            .finish_non_exhaustive()
    }
}

impl Upload for RemoteUpload {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(self.append(bytes))
    }

    fn copy_from<'a>(
        &'a mut self,
        source: &'a StorePath,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(self.copy(source, range))
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<Version, StoreError>> {
        Box::pin(async move {
            self.refuse_broken()?;
            let shown = self.inner.describe(&self.path);
            runtime::run(shown, "write", (*self).publish()).await
        })
    }

    fn abort(mut self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
            let Some(sent) = self.sent.take() else {
                return Ok(());
            };
            let shown = self.inner.describe(&self.path);
            runtime::run(shown, "write", sent.parts.abort()).await
        })
    }
}
