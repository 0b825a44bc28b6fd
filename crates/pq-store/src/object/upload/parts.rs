//! Parts on their way, no more than a few at a time.

use super::super::inner::Inner;
use super::super::runtime;
use crate::error::StoreError;
use crate::path::StorePath;
use crate::progress::Progress;
use bytes::Bytes;
use object_store::{Error, MultipartUpload};
use std::io;
use std::mem;
use std::sync::Arc;
use tokio::task::{JoinError, JoinSet};

/// The parts of one upload. Dropping them, unless they have become an object, removes them from
/// the store as soon as it can be reached.
pub(super) struct Parts {
    inner: Arc<Inner>,
    path: StorePath,
    /// `None` once the parts are an object or removed.
    upload: Option<Box<dyn MultipartUpload>>,
    /// Each gives the bytes of its part.
    tasks: JoinSet<Result<u64, Error>>,
    /// Bytes that have arrived.
    arrived: u64,
}

impl Parts {
    pub(super) fn new(
        inner: &Arc<Inner>,
        path: &StorePath,
        upload: Box<dyn MultipartUpload>,
    ) -> Self {
        Self {
            inner: Arc::clone(inner),
            path: path.clone(),
            upload: Some(upload),
            tasks: JoinSet::new(),
            arrived: 0,
        }
    }

    /// Sends the next part as soon as few enough are on their way, and does not wait for it.
    pub(super) async fn send(&mut self, part: Bytes) -> Result<(), StoreError> {
        while let Some(ended) = self.tasks.try_join_next() {
            self.note(ended)?;
        }
        while self.tasks.len() >= self.inner.settings.upload_concurrency {
            match self.tasks.join_next().await {
                Some(ended) => self.note(ended)?,
                None => break,
            }
        }
        let bytes = part.len() as u64;
        if let Some(upload) = &mut self.upload {
            let sending = upload.put_part(part.into());
            let call = Arc::new(self.inner.call(&self.path));
            let task = async move { call.run(sending).await.map(|()| bytes) };
            self.tasks.spawn_on(task, runtime::handle()?);
        }
        Ok(())
    }

    /// Waits until all have arrived, and hands out what makes an object of them.
    pub(super) async fn arrived(&mut self) -> Result<&mut Box<dyn MultipartUpload>, StoreError> {
        while let Some(ended) = self.tasks.join_next().await {
            self.note(ended)?;
        }
        let ended = self.fail(io::Error::other("the upload has ended"));
        self.upload.as_mut().ok_or(ended)
    }

    /// The parts are an object now.
    pub(super) fn are_complete(&mut self) {
        self.upload = None;
    }

    fn note(&mut self, ended: Result<Result<u64, Error>, JoinError>) -> Result<(), StoreError> {
        match ended {
            Ok(Ok(bytes)) => {
                self.arrived += bytes;
                if let Some(listener) = &self.inner.settings.listener {
                    listener(&Progress::PartUploaded {
                        path: self.inner.describe(&self.path),
                        bytes,
                        total: self.arrived,
                    });
                }
                Ok(())
            }
            Ok(Err(error)) => Err(self
                .inner
                .context(&self.path, "upload a part")
                .error(&error)),
            Err(_) => Err(self.fail(io::Error::other("the client failed unexpectedly"))),
        }
    }

    fn fail(&self, source: io::Error) -> StoreError {
        StoreError::Io {
            path: self.inner.describe(&self.path),
            operation: "upload a part",
            source,
        }
    }

    /// Removes the parts from the store.
    pub(super) async fn abort(mut self) -> Result<(), StoreError> {
        let (inner, path) = (Arc::clone(&self.inner), self.path.clone());
        match self.upload.take() {
            Some(upload) => remove(inner, path, mem::take(&mut self.tasks), upload).await,
            None => Ok(()),
        }
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        let Some(upload) = self.upload.take() else {
            return;
        };
        if let Ok(handle) = runtime::handle() {
            let (inner, path) = (Arc::clone(&self.inner), self.path.clone());
            handle.spawn(remove(inner, path, mem::take(&mut self.tasks), upload));
        }
    }
}

async fn remove(
    inner: Arc<Inner>,
    path: StorePath,
    mut tasks: JoinSet<Result<u64, Error>>,
    mut upload: Box<dyn MultipartUpload>,
) -> Result<(), StoreError> {
    // A part that arrives afterwards would stay.
    tasks.shutdown().await;
    let call = Arc::new(inner.call(&path));
    let aborted = call.run(upload.abort()).await;
    if let Some(listener) = &inner.settings.listener {
        let path = inner.describe(&path);
        listener(&Progress::Aborted { path });
    }
    aborted.map_err(|error| inner.context(&path, "abort an upload").error(&error))
}
