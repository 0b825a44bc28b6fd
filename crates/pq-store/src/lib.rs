//! One small trait for places to write, and such places: the local disk, memory, and behind
//! features the object stores of the clouds.
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
//! | store | feature | put if absent | put if version | durable when `Ok` |
//! |---|---|---|---|---|
//! | `LocalStore` (Unix) | | rename that does not replace, or a hard link | under a file lock | yes: file and directory are synced |
//! | [`MemoryStore`] | | under a mutex | under a mutex | no |
//! | Amazon S3 | `s3` | `If-None-Match: *` | `If-Match` | yes |
//! | Google Cloud Storage | `gcs` | generation 0 | by generation | yes |
//! | Azure Blob Storage | `azure` | `If-None-Match: *` | `If-Match` | yes |
//! | a server like S3 | `s3` | as S3, after a probe | as S3, after a probe | as the server does it |
//! | any `object_store::ObjectStore` | `object_store` | its own, after a probe | its own, after a probe | as the store does it |
//! | [`BackendStore`]: anything that can open files | | if asked for, for one writer | if asked for, for one writer | as the backend does it |
//!
//! What cannot be relied on:
//!
//! - Programs that write without a condition overwrite what others wrote under one.
//! - `LocalStore` locks out writers of this crate alone. A disk may lie about what it synced.
//! - On S3, `IfVersion` takes an object that was replaced by the same bytes for unchanged.
//! - Some servers accept conditions and ignore them, or heed them only when writers do not meet.
//!   The probe finds the former.
//!
//! [`open`] finds the store for a URL. `RemoteStore` says what the stores of the clouds do when an
//! answer is lost, how they write large objects, and which options they have.
//!
//! The trait needs no async runtime. The futures of the local stores finish at their first poll;
//! `LocalStore` blocks the thread that polls it for as long as the disk takes. The stores of the
//! clouds bring a runtime with them, and can be awaited anywhere. [`blocking`] has the same calls
//! without `async`, and uploads that are [writers](std::io::Write).
//!
//! With the feature `testing` there is a conformance suite for stores of your own, and for programs
//! that must survive them a store that fails and one that forgets.

mod backend;
pub mod blocking;
mod error;
mod hidden;
#[cfg(unix)]
mod local;
mod memory;
#[cfg(feature = "object_store")]
mod object;
mod options;
mod path;
mod progress;
mod shared;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod url;

pub use backend::{Backend, BackendStore, BackendWriter};
pub use error::StoreError;
#[cfg(unix)]
pub use local::LocalStore;
pub use memory::MemoryStore;
#[cfg(feature = "object_store")]
pub use object::RemoteStore;
pub use options::StoreOptions;
pub use path::StorePath;
pub use progress::{Progress, ProgressListener};
pub use store::{BoxFuture, Content, Entry, Leftover, PutMode, ReadRange, Store, Upload, Version};
pub use url::{Location, open};
