//! What a store and an upload can do.

use crate::error::StoreError;
use crate::path::StorePath;
use std::fmt::Debug;
use std::ops::Range;
use std::pin::Pin;
use std::time::Duration;

/// A future on the heap, so that the traits can be used as `dyn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Which state of an object was read or written. Two versions are equal only where nobody
/// replaced the object in between. What is in it is the store's own affair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(String);

impl Version {
    /// A version, for people who write a store of their own: an ETag, a generation, a hash.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What [`new`](Self::new) was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What must be there for a write to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PutMode {
    /// Anything: an object that is there is replaced.
    Always,
    /// Nothing; else [`StoreError::AlreadyExists`].
    IfAbsent,
    /// The object in this version; else, also where it is gone, [`StoreError::Conflict`].
    IfVersion(Version),
}

/// Bytes of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The bytes that were asked for.
    pub bytes: Vec<u8>,
    /// The version that they are of.
    pub version: Version,
    /// Bytes of the whole object.
    pub size: u64,
}

/// An object of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path, from the root of the store.
    pub path: StorePath,
    /// Its size in bytes.
    pub size: u64,
}

/// What a writer has left, and no listing shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Its path and size.
    pub entry: Entry,
    /// How long ago it was last written to, by the clock of the store; `None` where that is not
    /// known.
    pub age: Option<Duration>,
}

/// Which bytes of an object to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadRange {
    /// All.
    All,
    /// These, counted from 0. A range that does not lie in the object is
    /// [`StoreError::OutOfRange`].
    Bytes(Range<u64>),
    /// So many at the end; all where the object has fewer.
    Suffix(u64),
}

impl ReadRange {
    /// The bytes that this means in an object of `size` bytes; `None` where they do not lie in it.
    pub fn within(&self, size: u64) -> Option<Range<u64>> {
        match self {
            Self::All => Some(0..size),
            Self::Bytes(range) => {
                (range.start <= range.end && range.end <= size).then(|| range.clone())
            }
            Self::Suffix(length) => Some(size.saturating_sub(*length)..size),
        }
    }

    pub(crate) fn check(&self, size: u64, path: &str) -> Result<Range<u64>, StoreError> {
        self.within(size).ok_or_else(|| StoreError::OutOfRange {
            path: path.to_owned(),
            range: match self {
                Self::Bytes(range) => range.clone(),
                _ => 0..size,
            },
            size,
        })
    }
}

/// A place that holds objects: bytes under paths. A directory is no object, nor is the root.
///
/// # What can be relied on
///
/// - **Atomicity.** An object is seen whole, in one state or another, or not at all: by every
///   reader, at any time, whatever fails.
/// - **Conditions.** Of writers that ask for the same state at the same time, by whatever call, one
///   gets `Ok`. A writer is never told [`AlreadyExists`](StoreError::AlreadyExists) or
///   [`Conflict`](StoreError::Conflict) because of its own write.
/// - **Order.** What is begun after a call has returned `Ok` sees what that call did. Calls at the
///   same time may take effect in any order.
/// - **Durability.** What returned `Ok` outlasts a crash as far as the store can see to it, save
///   [`put_unsynced`](Self::put_unsynced). It does not become undone by what fails later.
/// - **Errors.** After an error nothing has changed, unless the method says otherwise.
///   [`CommitUnknown`](StoreError::CommitUnknown) means that the change may have been made, may be
///   made later still, or is made and may not outlast a crash. Reading again tells which, save the
///   last; nothing that the change would have replaced may be thrown away before that is known.
/// - **Dropped futures.** One that is never polled does nothing. One that is dropped before it is
///   done leaves its outcome unknown.
///
/// The checks of `testing::conformance` are for all of this that a caller can see.
pub trait Store: Debug + Send + Sync {
    /// Bytes of an object, with the version that they are of: all from one state, though another
    /// writer replaces it meanwhile.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`], for a directory too; [`StoreError::OutOfRange`]; what the system
    /// says.
    fn read<'a>(
        &'a self,
        path: &'a StorePath,
        range: ReadRange,
    ) -> BoxFuture<'a, Result<Content, StoreError>>;

    /// Writes a whole object and returns its version, as a [`read`](Self::read) will. Directories
    /// on the way are made. It is atomic, and durable when it returns `Ok`.
    ///
    /// # Errors
    ///
    /// What [`PutMode`] says; [`StoreError::CommitUnknown`] where the object may be written;
    /// [`StoreError::InvalidPath`] where no object can be, as at the root; else what the system
    /// says. After all but `CommitUnknown` nothing is changed, and nothing stays behind.
    fn put<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>>;

    /// As [`put`](Self::put), of pieces that are put one behind the other: for objects that are
    /// large and of which most is in memory already. Unless a store says otherwise, they are copied
    /// into one.
    ///
    /// # Errors
    ///
    /// As [`put`](Self::put).
    fn put_pieces<'a>(
        &'a self,
        path: &'a StorePath,
        pieces: &'a [&'a [u8]],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(async move { self.put(path, &pieces.concat(), mode).await })
    }

    /// As [`put`](Self::put), atomic and under the same conditions, but in no hurry: the object is
    /// seen at once, and need not outlast a crash of the system before a [`sync`](Self::sync) that
    /// began later has returned `Ok`. Until then a crash may undo it, each object by itself and in
    /// no order; of an object that was not there before, it may also leave a piece or other bytes.
    /// An object that was there is then in its old or its new state. So nothing durable may name
    /// such an object before the sync. Unless a store says otherwise, this is `put`.
    ///
    /// # Errors
    ///
    /// As [`put`](Self::put).
    fn put_unsynced<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        self.put(path, bytes, mode)
    }

    /// Makes durable what [`put_unsynced`](Self::put_unsynced) wrote before through this store and
    /// its clones, but not through other stores of the same place. It changes nothing that is seen,
    /// and does not bring back what was replaced or deleted since. Unless a store says otherwise,
    /// there is nothing to do.
    ///
    /// # Errors
    ///
    /// [`StoreError::CommitUnknown`] with one of the paths: each of those objects is still seen,
    /// and may not outlast a crash. Another sync does not help: write them again.
    fn sync(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }

    /// Begins an object that is written in pieces, and that takes its place under the conditions
    /// of `mode` when it is [finished](Upload::finish). Directories on the way are made. Nothing
    /// is seen of it, and other writers are not kept waiting.
    ///
    /// # Errors
    ///
    /// What `mode` says, as far as it is known already;
    /// [`StoreError::InvalidPath`] where no object can be; what the system says. Nothing stays
    /// behind.
    fn open_write<'a>(
        &'a self,
        path: &'a StorePath,
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Box<dyn Upload>, StoreError>>;

    /// All objects below `prefix`, at any depth, sorted by path. Where `prefix` is an object, that
    /// one; where there is nothing, none. What the store needs for itself is not listed. Prefixes
    /// are of whole segments: `a/b` is below `a`, `ab` is not.
    ///
    /// This is no picture of one moment: of objects that others put or delete meanwhile, some may
    /// be there and some not. All others are there once.
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidPath`] for a name that no [`StorePath`] can have; what the system
    /// says.
    fn list<'a>(&'a self, prefix: &'a StorePath) -> BoxFuture<'a, Result<Vec<Entry>, StoreError>>;

    /// Deletes an object, whatever its version, durably. Where there is none, or a directory, this
    /// does nothing and is `Ok`. Directories that become empty stay.
    ///
    /// # Errors
    ///
    /// What the system says. The object may be gone all the same: deleting it again, unless
    /// somebody else may have put another one there, does no harm.
    fn delete<'a>(&'a self, path: &'a StorePath) -> BoxFuture<'a, Result<(), StoreError>>;

    /// What writers that died have left below `prefix` and [`list`](Self::list) does not show:
    /// temporary files and the like, sorted by path. Those of writers that are at work are among
    /// them; their age tells. They are in nobody's way. [`delete`](Self::delete) removes them.
    /// Uploads that were aborted or dropped and calls that failed leave none. Unless a store says
    /// otherwise, it leaves nothing.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    fn leftovers<'a>(
        &'a self,
        _prefix: &'a StorePath,
    ) -> BoxFuture<'a, Result<Vec<Leftover>, StoreError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// How long ago an object was written, by the clock of the store; `None` where that is not
    /// known, or there is no such object. Unless a store says otherwise, it is not known.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn age<'a>(
        &'a self,
        _path: &'a StorePath,
    ) -> BoxFuture<'a, Result<Option<Duration>, StoreError>> {
        Box::pin(async { Ok(None) })
    }

    /// Bytes of the largest object that can be put [`IfAbsent`](PutMode::IfAbsent) or
    /// [`IfVersion`](PutMode::IfVersion) in one step; `None` where there is no limit. Beyond it
    /// such an upload is [`StoreError::Unsupported`], or costs a copy.
    fn largest_conditional_put(&self) -> Option<u64> {
        None
    }

    /// Removes a directory that is empty. One that is not, or is not there, stays as it is, and
    /// that is `Ok`. A crash may bring it back. Stores without directories do nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidPath`] where `path` leads out of the store.
    fn remove_directory<'a>(&'a self, path: &'a StorePath)
    -> BoxFuture<'a, Result<(), StoreError>>;

    /// Makes a directory and those above it, durably, and tells whether it was not there before.
    /// Nobody has to: writes make those that they need. Stores without directories do nothing,
    /// and tell `false`.
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidPath`] where an object is in the way; what the system says.
    fn make_directories<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// The path as messages show it, such as `/data/x.parquet` or `memory:/x.parquet`.
    fn describe(&self, path: &StorePath) -> String;
}

/// An object that is being written. Nothing of it is seen before [`finish`](Self::finish);
/// dropping it aborts, as far as can be done without waiting. What is then left is for
/// [`Store::leftovers`].
///
/// A call whose future is dropped before it is done spoils the upload as an error does.
pub trait Upload: Debug + Send {
    /// Appends bytes. `Ok` means that they are taken, not that they have arrived or are durable.
    ///
    /// # Errors
    ///
    /// What the system says, also about bytes that were taken before. The upload can then only be
    /// aborted: finishing it is an error.
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Appends bytes of an object of the same store.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] and [`StoreError::OutOfRange`] for the source, with nothing
    /// appended; what the system says, and the upload can then only be aborted.
    fn copy_from<'a>(
        &'a mut self,
        source: &'a StorePath,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Publishes the object and returns its version: atomic, durable and under the condition of the
    /// upload, as [`Store::put`].
    ///
    /// # Errors
    ///
    /// As [`Store::put`], and where an earlier call failed. After all but
    /// [`StoreError::CommitUnknown`] the upload is aborted.
    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<Version, StoreError>>;

    /// Forgets what was written, and removes what the store keeps of it.
    ///
    /// # Errors
    ///
    /// What the system says; some of it may then stay, and is not seen.
    fn abort(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>>;
}

#[cfg(test)]
mod tests {
    use super::ReadRange;

    #[test]
    fn ranges_are_not_clipped_but_suffixes_are() {
        assert_eq!(ReadRange::All.within(3), Some(0..3));
        assert_eq!(ReadRange::Bytes(1..3).within(3), Some(1..3));
        assert_eq!(ReadRange::Bytes(3..3).within(3), Some(3..3));
        assert_eq!(ReadRange::Bytes(1..4).within(3), None);
        let (start, end) = (2, 1);
        assert_eq!(ReadRange::Bytes(start..end).within(3), None);
        assert_eq!(ReadRange::Suffix(2).within(3), Some(1..3));
        assert_eq!(ReadRange::Suffix(u64::MAX).within(3), Some(0..3));
    }
}
