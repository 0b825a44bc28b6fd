//! A Parquet file in a store, read where it is needed.

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use pq_store::blocking::BlockingStore;
use pq_store::{ReadRange, StoreError, StorePath, Version};
use std::io::{self, BufReader, Read};
use std::sync::Arc;

/// Bytes that are read at once where it is not known how many are needed.
const BLOCK: u64 = 64 * 1024;

/// A file in a store, of one version: if it is changed while it is read, that is an error.
#[derive(Debug, Clone)]
pub struct StoredFile {
    store: BlockingStore,
    path: Arc<StorePath>,
    size: u64,
    version: Version,
}

impl StoredFile {
    /// The file at `path`.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn open(store: &BlockingStore, path: StorePath) -> std::result::Result<Self, StoreError> {
        let content = store.read(&path, ReadRange::Suffix(1))?;
        Ok(Self {
            store: store.clone(),
            path: Arc::new(path),
            size: content.size,
            version: content.version,
        })
    }

    /// The version that is read.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// At most `length` bytes from `start` on: those that the file has.
    fn bytes(&self, start: u64, length: u64) -> std::result::Result<Vec<u8>, StoreError> {
        let end = start.saturating_add(length).min(self.size);
        let range = ReadRange::Bytes(start.min(end)..end);
        let content = self.store.read(&self.path, range)?;
        if content.version != self.version {
            return Err(StoreError::Conflict {
                path: self.store.store().describe(&self.path),
            });
        }
        Ok(content.bytes)
    }
}

impl Length for StoredFile {
    fn len(&self) -> u64 {
        self.size
    }
}

impl ChunkReader for StoredFile {
    type T = BufReader<Rest>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let rest = Rest {
            file: self.clone(),
            start,
        };
        Ok(BufReader::with_capacity(BLOCK as usize, rest))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self
            .bytes(start, length as u64)
            .map_err(|error| ParquetError::External(Box::new(error)))?;
        if bytes.len() < length {
            return Err(ParquetError::EOF(format!(
                "{length} bytes at {start} of {}",
                self.size
            )));
        }
        Ok(Bytes::from(bytes))
    }
}

/// What follows a place in a file.
#[derive(Debug)]
pub struct Rest {
    file: StoredFile,
    start: u64,
}

impl Read for Rest {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let bytes = self.file.bytes(self.start, out.len() as u64)?;
        let Some(out) = out.get_mut(..bytes.len()) else {
            return Err(io::Error::other("more bytes than were asked for"));
        };
        out.copy_from_slice(&bytes);
        self.start += bytes.len() as u64;
        Ok(bytes.len())
    }
}
