//! The store that is made of a backend.

use super::Backend;
use super::upload::{BackendUpload, Tail};
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{BoxFuture, Content, Entry, PutMode, ReadRange, Store, Upload, Version};
use std::io;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

/// A store over a [`Backend`].
///
/// A backend knows no conditions: [`IfAbsent`](PutMode::IfAbsent) and
/// [`IfVersion`](PutMode::IfVersion) are [`Unsupported`](StoreError::Unsupported), unless the caller
/// accepts that [the last writer wins](Self::last_writer_wins).
///
/// An object is as atomic and as durable as the backend makes it. An error while it is finished is
/// [`CommitUnknown`](StoreError::CommitUnknown). A version is made of the size and a hash of the
/// last MiB, which is read for it whatever the range.
///
/// The futures do their I/O while they are polled, on the thread that polls, and are then done. A
/// clone is of the same backend.
#[derive(Clone, Debug)]
pub struct BackendStore {
    pub(super) backend: Arc<dyn Backend>,
    last_writer_wins: bool,
    /// Held by who makes a change seen, and shared by who reads in several calls.
    seen: Arc<RwLock<()>>,
}

impl BackendStore {
    /// The store of a backend.
    pub fn new(backend: impl Backend + 'static) -> Self {
        Self {
            backend: Arc::new(backend),
            last_writer_wins: false,
            seen: Arc::default(),
        }
    }

    /// Looks whether conditions hold, and then writes without one. This is right for as long as
    /// nobody writes the same objects but through this store and its clones; of other writers at
    /// the same time, the last one wins, and what the others wrote is lost. The backend must be
    /// able to tell sizes and, for versions, to read.
    #[must_use]
    pub fn last_writer_wins(mut self) -> Self {
        self.last_writer_wins = true;
        self
    }

    /// Whether an object may be written.
    pub(super) fn check(&self, path: &StorePath, mode: &PutMode) -> Result<(), StoreError> {
        let shown = || self.describe(path);
        if path.is_root() {
            return Err(StoreError::invalid(shown(), "the root is no object"));
        }
        match mode {
            PutMode::Always => Ok(()),
            _ if !self.last_writer_wins => Err(StoreError::Unsupported {
                path: shown(),
                what: "a backend has no writes under a condition; a caller that is the only \
                       writer can accept that the last writer wins"
                    .into(),
            }),
            PutMode::IfAbsent => match self.size(path)? {
                Some(_) => Err(StoreError::AlreadyExists { path: shown() }),
                None => Ok(()),
            },
            PutMode::IfVersion(expected) => match self.version(path) {
                Ok(current) if current == *expected => Ok(()),
                Ok(_) | Err(StoreError::NotFound { .. }) => {
                    Err(StoreError::Conflict { path: shown() })
                }
                Err(error) => Err(error),
            },
        }
    }

    /// Checks once more, and lets `finish` make the change seen.
    pub(super) fn publish(
        &self,
        path: &StorePath,
        mode: &PutMode,
        finish: impl FnOnce() -> io::Result<()>,
    ) -> Result<(), StoreError> {
        let _seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        self.check(path, mode)?;
        finish().map_err(|source| StoreError::CommitUnknown {
            path: self.describe(path),
            source,
        })
    }

    pub(super) fn size(&self, path: &StorePath) -> Result<Option<u64>, StoreError> {
        let size = self.backend.size(path);
        size.map_err(|source| self.fail(path, "look at", source))
    }

    /// Bytes that lie in an object.
    pub(super) fn bytes(&self, path: &StorePath, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        let length = range.end - range.start;
        if length == 0 {
            return Ok(Vec::new());
        }
        let bytes = self.backend.read(path, range);
        let bytes = bytes.map_err(|source| self.fail(path, "read", source))?;
        if bytes.len() as u64 != length {
            let text = format!("got {} bytes of {length}", bytes.len());
            let source = io::Error::new(io::ErrorKind::UnexpectedEof, text);
            return Err(self.fail(path, "read", source));
        }
        Ok(bytes)
    }

    fn version(&self, path: &StorePath) -> Result<Version, StoreError> {
        let size = self.size(path)?.ok_or_else(|| self.absent(path))?;
        let mut tail = Tail::default();
        tail.skip(Tail::start(size));
        tail.push(&self.bytes(path, Tail::start(size)..size)?);
        Ok(tail.version())
    }

    fn content(&self, path: &StorePath, range: &ReadRange) -> Result<Content, StoreError> {
        if path.is_root() {
            return Err(self.absent(path));
        }
        let _seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        let size = self.size(path)?.ok_or_else(|| self.absent(path))?;
        let range = range.check(size, &self.describe(path))?;
        let bytes = self.bytes(path, range.clone())?;
        let version = if range == (0..size) {
            let mut tail = Tail::default();
            tail.push(&bytes);
            tail.version()
        } else {
            self.version(path)?
        };
        Ok(Content {
            bytes,
            version,
            size,
        })
    }

    fn remove(&self, path: &StorePath) -> Result<(), StoreError> {
        if path.is_root() {
            return Ok(());
        }
        let _seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        match self.size(path) {
            Ok(None) => return Ok(()),
            // Who cannot tell may be able to delete all the same.
            Ok(Some(_)) | Err(StoreError::Unsupported { .. }) => {}
            Err(error) => return Err(error),
        }
        match self.backend.delete(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            deleted => deleted.map_err(|source| self.fail(path, "delete", source)),
        }
    }

    fn entries(&self, prefix: &StorePath) -> Result<Vec<Entry>, StoreError> {
        let entries = self.backend.list(prefix);
        let mut entries = entries.map_err(|source| self.fail(prefix, "list", source))?;
        entries.retain(|entry| entry.path.strip_prefix(prefix).is_some());
        entries.sort_unstable_by(|left, right| left.path.cmp(&right.path));
        Ok(entries)
    }

    pub(super) fn absent(&self, path: &StorePath) -> StoreError {
        StoreError::NotFound {
            path: self.describe(path),
        }
    }

    pub(super) fn fail(
        &self,
        path: &StorePath,
        operation: &'static str,
        source: io::Error,
    ) -> StoreError {
        if source.kind() == io::ErrorKind::Unsupported {
            return StoreError::Unsupported {
                path: self.describe(path),
                what: source.to_string(),
            };
        }
        StoreError::from_io(self.describe(path), operation, source)
    }
}

impl Store for BackendStore {
    fn read<'a>(
        &'a self,
        path: &'a StorePath,
        range: ReadRange,
    ) -> BoxFuture<'a, Result<Content, StoreError>> {
        Box::pin(async move { self.content(path, &range) })
    }

    fn put<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(async move {
            let mut upload = BackendUpload::open(self, path, mode)?;
            upload.append(bytes)?;
            upload.publish()
        })
    }

    fn open_write<'a>(
        &'a self,
        path: &'a StorePath,
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Box<dyn Upload>, StoreError>> {
        Box::pin(async move {
            let upload = BackendUpload::open(self, path, mode)?;
            Ok(Box::new(upload) as Box<dyn Upload>)
        })
    }

    fn list<'a>(&'a self, prefix: &'a StorePath) -> BoxFuture<'a, Result<Vec<Entry>, StoreError>> {
        Box::pin(async move { self.entries(prefix) })
    }

    fn delete<'a>(&'a self, path: &'a StorePath) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.remove(path) })
    }

    /// Does nothing: a backend has no call for it.
    fn remove_directory<'a>(
        &'a self,
        _path: &'a StorePath,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }

    /// Tells `false`, as a backend does not say what was there before.
    fn make_directories<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let made = self.backend.make_directories(path);
            made.map_err(|source| self.fail(path, "make a directory", source))?;
            Ok(false)
        })
    }

    fn describe(&self, path: &StorePath) -> String {
        self.backend.describe(path)
    }
}
