//! An upload that is a writer.

use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{Upload, Version};
use pollster::block_on;
use std::io::{self, Write};
use std::ops::Range;

/// An object that is being written. Nothing of it is seen before [`finish`](Self::finish);
/// dropping it aborts.
///
/// As a writer it has no buffer: every `write` is one of the upload, so many small ones go
/// through a [`BufWriter`](io::BufWriter), whose `into_inner` flushes. An error of a writer has
/// the [`StoreError`] as its source.
#[derive(Debug)]
pub struct BlockingUpload {
    inner: Box<dyn Upload>,
}

impl BlockingUpload {
    pub(super) fn new(inner: Box<dyn Upload>) -> Self {
        Self { inner }
    }

    /// As [`Upload::copy_from`].
    ///
    /// # Errors
    ///
    /// As [`Upload::copy_from`].
    pub fn copy_from(&mut self, source: &StorePath, range: Range<u64>) -> Result<(), StoreError> {
        block_on(self.inner.copy_from(source, range))
    }

    /// As [`Upload::finish`].
    ///
    /// # Errors
    ///
    /// As [`Upload::finish`].
    pub fn finish(self) -> Result<Version, StoreError> {
        block_on(self.inner.finish())
    }

    /// As [`Upload::abort`].
    ///
    /// # Errors
    ///
    /// As [`Upload::abort`].
    pub fn abort(self) -> Result<(), StoreError> {
        block_on(self.inner.abort())
    }
}

impl Write for BlockingUpload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        block_on(self.inner.write(bytes)).map_err(io::Error::from)
    }

    /// Does nothing: what is written is not seen before it is finished.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
