//! A file of a backend that is being written.

use super::BackendWriter;
use super::store::BackendStore;
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{BoxFuture, PutMode, ReadRange, Store, Upload, Version};
use std::ops::Range;
use std::{fmt, io};
use xxhash_rust::xxh3::xxh3_64;

/// Bytes that are copied at a time.
const PIECE: u64 = 1 << 20;

pub(super) struct BackendUpload {
    store: BackendStore,
    path: StorePath,
    mode: PutMode,
    writer: Box<dyn BackendWriter>,
    tail: Tail,
    has_failed: bool,
}

impl fmt::Debug for BackendUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackendUpload")
            .field("path", &self.store.describe(&self.path))
            .field("bytes", &self.tail.size)
            .finish_non_exhaustive()
    }
}

impl BackendUpload {
    pub(super) fn open(
        store: &BackendStore,
        path: &StorePath,
        mode: PutMode,
    ) -> Result<Self, StoreError> {
        store.check(path, &mode)?;
        if let Some(parent) = path.parent().filter(|parent| !parent.is_root()) {
            let made = store.backend.make_directories(&parent);
            made.map_err(|source| store.fail(path, "make a directory", source))?;
        }
        let created = store.backend.create(path);
        Ok(Self {
            writer: created.map_err(|source| store.fail(path, "create", source))?,
            store: store.clone(),
            path: path.clone(),
            mode,
            tail: Tail::default(),
            has_failed: false,
        })
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.refuse_failed()?;
        self.tail.push(bytes);
        self.writer.write_all(bytes).map_err(|source| {
            self.has_failed = true;
            self.store.fail(&self.path, "write", source)
        })
    }

    fn append_from(&mut self, source: &StorePath, range: Range<u64>) -> Result<(), StoreError> {
        let size = self.store.size(source)?;
        let size = size.ok_or_else(|| self.store.absent(source))?;
        let range = ReadRange::Bytes(range).check(size, &self.store.describe(source))?;
        let mut start = range.start;
        while start < range.end {
            let end = range.end.min(start.saturating_add(PIECE));
            let bytes = match self.store.bytes(source, start..end) {
                Ok(bytes) => bytes,
                Err(error) => {
                    self.has_failed |= start > range.start;
                    return Err(error);
                }
            };
            self.append(&bytes)?;
            start = end;
        }
        Ok(())
    }

    pub(super) fn publish(mut self) -> Result<Version, StoreError> {
        self.refuse_failed()?;
        let flushed = self.writer.flush();
        flushed.map_err(|source| self.store.fail(&self.path, "write", source))?;
        let writer = self.writer;
        let finish = || writer.finish();
        self.store.publish(&self.path, &self.mode, finish)?;
        Ok(self.tail.version())
    }

    fn refuse_failed(&self) -> Result<(), StoreError> {
        if !self.has_failed {
            return Ok(());
        }
        let source = io::Error::other("an earlier write failed");
        Err(self.store.fail(&self.path, "write", source))
    }
}

impl Upload for BackendUpload {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.append(bytes) })
    }

    fn copy_from<'a>(
        &'a mut self,
        source: &'a StorePath,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.append_from(source, range) })
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<Version, StoreError>> {
        Box::pin(async move { self.publish() })
    }

    fn abort(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
            drop(self);
            Ok(())
        })
    }
}

/// What a version is made of: the size and the last bytes.
#[derive(Default)]
pub(super) struct Tail {
    size: u64,
    /// The last [`Tail::LENGTH`], or a few more.
    bytes: Vec<u8>,
}

impl Tail {
    const LENGTH: usize = 1 << 20;

    /// Where the last bytes begin of so many.
    pub(super) fn start(size: u64) -> u64 {
        size.saturating_sub(Self::LENGTH as u64)
    }

    /// Passes over bytes that have no part in the version.
    pub(super) fn skip(&mut self, length: u64) {
        self.size += length;
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.bytes
            .extend_from_slice(&bytes[bytes.len().saturating_sub(Self::LENGTH)..]);
        if self.bytes.len() > 2 * Self::LENGTH {
            self.bytes.drain(..self.bytes.len() - Self::LENGTH);
        }
    }

    pub(super) fn version(&self) -> Version {
        let start = self.bytes.len().saturating_sub(Self::LENGTH);
        let hash = xxh3_64(&self.bytes[start..]);
        Version::new(format!("{:x}-{hash:016x}", self.size))
    }
}
