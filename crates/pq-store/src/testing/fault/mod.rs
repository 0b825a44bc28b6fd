//! A store that fails when it is told to.
//!
//! What a program promises after a fault is checked by letting each of its operations fail in
//! turn, until a run needs no more of them:
//!
//! ```
//! use pq_store::testing::fault::{Fault, FaultStore};
//! use pq_store::{MemoryStore, PutMode, ReadRange, Store, StoreError, StorePath};
//!
//! /// Puts a new object, and then its name where readers look for it.
//! async fn publish(store: &dyn Store) -> Result<(), StoreError> {
//!     let data = StorePath::new("data-1")?;
//!     store.put(&data, b"rows", PutMode::IfAbsent).await?;
//!     let current = StorePath::new("current")?;
//!     store.put(&current, b"data-1", PutMode::Always).await?;
//!     Ok(())
//! }
//!
//! # fn main() -> Result<(), StoreError> {
//! # pollster::block_on(async {
//! for fault in [Fault::Before, Fault::After, Fault::Torn(2), Fault::Dead] {
//!     for n in 0.. {
//!         let memory = MemoryStore::default();
//!         let store = FaultStore::new(memory.clone());
//!         store.fail_nth(n, fault);
//!         let published = publish(&store).await;
//!         assert_eq!(published.is_err(), store.has_failed(), "{}", store.log());
//!         // Whatever went wrong: what readers are sent to is there.
//!         if let Ok(current) = memory.read(&StorePath::new("current")?, ReadRange::All).await {
//!             let name = String::from_utf8_lossy(&current.bytes).into_owned();
//!             assert!(memory.read(&StorePath::new(&name)?, ReadRange::All).await.is_ok());
//!         }
//!         if !store.has_failed() {
//!             assert_eq!(n, 2, "two operations, and each has failed in every way");
//!             break;
//!         }
//!     }
//! }
//! # Ok(())
//! # })
//! # }
//! ```

mod log;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod upload;

pub use log::{Condition, Log, Operation, OperationKind, Outcome};
pub use store::FaultStore;

/// How an operation goes wrong.
///
/// | | what happens | what the caller is told |
/// |---|---|---|
/// | [`Before`](Self::Before) | nothing | [`Io`](crate::StoreError::Io) |
/// | [`After`](Self::After) | all of it | [`CommitUnknown`](crate::StoreError::CommitUnknown) |
/// | [`Refused`](Self::Refused) | all of it | that the condition does not hold |
/// | [`Lost`](Self::Lost) | nothing, for now | [`CommitUnknown`](crate::StoreError::CommitUnknown) |
/// | [`Torn`](Self::Torn) | a piece that nobody sees | [`Io`](crate::StoreError::Io) |
/// | [`Dead`](Self::Dead) | nothing, and nothing later | [`Io`](crate::StoreError::Io) |
///
/// Where nothing is changed by an operation, or nothing that is seen, there is nothing ambiguous:
/// reading, listing, opening an upload, writing to it and aborting it fail with
/// [`Io`](crate::StoreError::Io) in every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// It fails without effect. An abort that does leaves what was written where no listing shows
    /// it, as a writer that dies does.
    Before,
    /// It happens, and the answer does not come: the caller must look. An upload that is opened so
    /// is nobody's: what the store keeps for it stays.
    After,
    /// It happens, the answer does not come, and somebody below the store tries again: the caller
    /// is told that the condition does not hold, though it is his own write that is in the way.
    /// As [`After`](Self::After) where there is no condition. A [`Store`](crate::Store) must not do
    /// this; clients of object stores do.
    Refused,
    /// Neither the request nor an answer comes. A put or a finish may still arrive, by
    /// [`FaultStore::deliver`]; until then an upload that was to be finished stays as it is.
    Lost,
    /// It stops after so many bytes. A write or copy to an upload appends those, and the upload
    /// can only be aborted. A put, and an upload that is finished, are atomic: nothing is seen; a
    /// piece of the put, or all of the upload, stays where the store keeps what is not finished.
    /// Whatever has no bytes fails as [`Before`](Self::Before).
    Torn(usize),
    /// As [`Before`](Self::Before), and so does all that follows: the process is gone as far as
    /// the store can tell. Uploads that are dropped then do not tidy up. See
    /// [`FaultStore::revive`].
    Dead,
}
