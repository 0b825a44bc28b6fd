//! One small trait for places to write, and two such places: the local disk and memory.
//!
//! ```
//! use pq_store::{MemoryStore, PutMode, ReadRange, Store, StoreError, StorePath};
//!
//! # fn main() -> Result<(), StoreError> {
//! # pollster::block_on(async {
//! let store = MemoryStore::default();
//! let path = StorePath::new("year=2024/part.0.parquet")?;
//!
//! store.put(&path, b"first", PutMode::IfAbsent).await?;
//! let content = store.read(&path, ReadRange::Suffix(3)).await?;
//! assert_eq!(content.bytes, b"rst");
//! assert_eq!(content.size, 5);
//!
//! // Replaces what was read, and nothing else.
//! store.put(&path, b"second", PutMode::IfVersion(content.version.clone())).await?;
//! let late = store.put(&path, b"third", PutMode::IfVersion(content.version)).await;
//! assert!(matches!(late, Err(StoreError::Conflict { .. })));
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! A [`Store`] holds objects: bytes under a [`StorePath`]. An object is seen whole or not at all.
//! What is larger than memory goes through an [`Upload`]: it may be written in pieces, and nothing
//! of it is seen before it is finished. A [`PutMode`] says what must be there for the write to
//! happen; of several writers that ask for the same thing, one wins.
//!
//! Many objects are made durable at once: [`put_unsynced`](Store::put_unsynced) each, then
//! [`sync`](Store::sync).
//!
//! | store | put if absent | put if version | durable when `Ok` |
//! |---|---|---|---|
//! | `LocalStore` (Unix) | rename that does not replace, or a hard link | under a file lock | yes: file and directory are synced |
//! | [`MemoryStore`] | under a mutex | under a mutex | no |
//!
//! The trait needs no async runtime. The futures of both stores finish at their first poll;
//! `LocalStore` blocks the thread that polls it for as long as the disk takes. [`blocking`] has the
//! same calls without `async`, and uploads that are [writers](std::io::Write).
//!
//! With the feature `testing` there is a conformance suite for stores of your own.

pub mod blocking;
mod error;
#[cfg(unix)]
mod local;
mod memory;
mod path;
mod shared;
mod store;
#[cfg(feature = "testing")]
pub mod testing;

pub use error::StoreError;
#[cfg(unix)]
pub use local::LocalStore;
pub use memory::MemoryStore;
pub use path::StorePath;
pub use store::{BoxFuture, Content, Entry, Leftover, PutMode, ReadRange, Store, Upload, Version};
