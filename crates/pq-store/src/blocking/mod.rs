//! The same without `async`, for people who have no runtime.
//!
//! ```
//! use pq_store::blocking::BlockingStore;
//! use pq_store::{MemoryStore, PutMode, ReadRange, StorePath};
//! use std::io::Write;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = BlockingStore::new(MemoryStore::default());
//! let path = StorePath::new("greeting.txt")?;
//!
//! let mut upload = store.open_write(&path, PutMode::IfAbsent)?;
//! write!(upload, "Hello, {}!", "world")?;
//! upload.finish()?;
//!
//! assert_eq!(store.read(&path, ReadRange::All)?.bytes, b"Hello, world!");
//! # Ok(())
//! # }
//! ```
//!
//! Each call polls the future of the store on the thread that calls, and lets the thread sleep
//! while the future waits for others. It is not for threads that run async code: they would keep
//! everything else on them waiting, and wait for ever if that is what the store needs.

#[cfg(test)]
mod tests;
mod upload;

pub use upload::BlockingUpload;

use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{Content, Entry, Leftover, PutMode, ReadRange, Store, Version};
use pollster::block_on;
use std::sync::Arc;
use std::time::Duration;

/// A store whose calls return when they are done. A clone is of the same store.
#[derive(Clone, Debug)]
pub struct BlockingStore {
    inner: Arc<dyn Store>,
}

impl BlockingStore {
    /// Any store, an `Arc<dyn Store>` too.
    pub fn new(store: impl Store + 'static) -> Self {
        Self {
            inner: Arc::new(store),
        }
    }

    /// The store itself.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.inner
    }

    /// As [`Store::read`].
    ///
    /// # Errors
    ///
    /// As [`Store::read`].
    pub fn read(&self, path: &StorePath, range: ReadRange) -> Result<Content, StoreError> {
        block_on(self.inner.read(path, range))
    }

    /// As [`Store::put`].
    ///
    /// # Errors
    ///
    /// As [`Store::put`].
    pub fn put(
        &self,
        path: &StorePath,
        bytes: &[u8],
        mode: PutMode,
    ) -> Result<Version, StoreError> {
        block_on(self.inner.put(path, bytes, mode))
    }

    /// As [`Store::put_pieces`].
    ///
    /// # Errors
    ///
    /// As [`Store::put_pieces`].
    pub fn put_pieces(
        &self,
        path: &StorePath,
        pieces: &[&[u8]],
        mode: PutMode,
    ) -> Result<Version, StoreError> {
        block_on(self.inner.put_pieces(path, pieces, mode))
    }

    /// As [`Store::put_unsynced`].
    ///
    /// # Errors
    ///
    /// As [`Store::put_unsynced`].
    pub fn put_unsynced(
        &self,
        path: &StorePath,
        bytes: &[u8],
        mode: PutMode,
    ) -> Result<Version, StoreError> {
        block_on(self.inner.put_unsynced(path, bytes, mode))
    }

    /// As [`Store::sync`].
    ///
    /// # Errors
    ///
    /// As [`Store::sync`].
    pub fn sync(&self) -> Result<(), StoreError> {
        block_on(self.inner.sync())
    }

    /// As [`Store::open_write`].
    ///
    /// # Errors
    ///
    /// As [`Store::open_write`].
    pub fn open_write(
        &self,
        path: &StorePath,
        mode: PutMode,
    ) -> Result<BlockingUpload, StoreError> {
        block_on(self.inner.open_write(path, mode)).map(BlockingUpload::new)
    }

    /// As [`Store::list`].
    ///
    /// # Errors
    ///
    /// As [`Store::list`].
    pub fn list(&self, prefix: &StorePath) -> Result<Vec<Entry>, StoreError> {
        block_on(self.inner.list(prefix))
    }

    /// As [`Store::delete`].
    ///
    /// # Errors
    ///
    /// As [`Store::delete`].
    pub fn delete(&self, path: &StorePath) -> Result<(), StoreError> {
        block_on(self.inner.delete(path))
    }

    /// As [`Store::leftovers`].
    ///
    /// # Errors
    ///
    /// As [`Store::leftovers`].
    pub fn leftovers(&self, prefix: &StorePath) -> Result<Vec<Leftover>, StoreError> {
        block_on(self.inner.leftovers(prefix))
    }

    /// As [`Store::age`].
    ///
    /// # Errors
    ///
    /// As [`Store::age`].
    pub fn age(&self, path: &StorePath) -> Result<Option<Duration>, StoreError> {
        block_on(self.inner.age(path))
    }

    /// As [`Store::largest_conditional_put`].
    pub fn largest_conditional_put(&self) -> Option<u64> {
        self.inner.largest_conditional_put()
    }

    /// As [`Store::remove_directory`].
    ///
    /// # Errors
    ///
    /// As [`Store::remove_directory`].
    pub fn remove_directory(&self, path: &StorePath) -> Result<(), StoreError> {
        block_on(self.inner.remove_directory(path))
    }

    /// As [`Store::make_directories`].
    ///
    /// # Errors
    ///
    /// As [`Store::make_directories`].
    pub fn make_directories(&self, path: &StorePath) -> Result<bool, StoreError> {
        block_on(self.inner.make_directories(path))
    }

    /// As [`Store::describe`].
    pub fn describe(&self, path: &StorePath) -> String {
        self.inner.describe(path)
    }
}
