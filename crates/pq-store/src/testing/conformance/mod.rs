//! What every store must do, as checks that panic with what a store did instead.
//!
//! ```
//! use pq_store::MemoryStore;
//! use pq_store::testing::conformance;
//! use std::sync::Arc;
//!
//! pollster::block_on(conformance::check(&MemoryStore::default()));
//! conformance::races(Arc::new(MemoryStore::default()), |future| pollster::block_on(future));
//! ```
//!
//! Each check works in a directory of its own, `conformance/…`, which must be empty before and is
//! removed by the check if it passes; no check may leave [leftovers](Store::leftovers). [`check`]
//! runs all that need one thread.
//!
//! What no caller can see is not checked: whether objects outlast a crash, and what is told of a
//! write whose outcome the store does not know.

mod large;
mod leftovers;
mod listing;
mod messages;
mod names;
mod puts;
mod races;
mod reads;
#[cfg(test)]
mod tests;
mod unsynced;
mod uploads;

pub use large::large;
pub use leftovers::leftovers;
pub use listing::{delete, list};
pub use messages::messages;
pub use names::names;
pub use puts::{create, if_absent, if_version, overwrite, pieces};
pub use races::races;
pub use reads::ranges;
pub use unsynced::unsynced;
pub use uploads::{copies, late_uploads, leaves_nothing, uploads};

use crate::{Content, Leftover, PutMode, ReadRange, Store, StoreError, StorePath, Version};
use std::collections::BTreeSet;
use std::fmt::Debug;

/// Runs all checks but [`races`].
///
/// # Panics
///
/// With what the store did, where that is not what it should do.
pub async fn check(store: &dyn Store) {
    create(store).await;
    overwrite(store).await;
    if_absent(store).await;
    if_version(store).await;
    pieces(store).await;
    ranges(store).await;
    list(store).await;
    delete(store).await;
    unsynced(store).await;
    uploads(store).await;
    late_uploads(store).await;
    large(store).await;
    leaves_nothing(store).await;
    leftovers(store).await;
    copies(store).await;
    names(store).await;
    messages(store).await;
}

/// An empty directory of a store, and the calls that must go well in it.
struct Room<'s> {
    store: &'s dyn Store,
    root: StorePath,
}

impl<'s> Room<'s> {
    async fn new(store: &'s dyn Store, name: &str) -> Self {
        let room = Self::of(store, name);
        assert_eq!(room.list().await, [], "{name}: must be empty before");
        room
    }

    fn of(store: &'s dyn Store, name: &str) -> Self {
        let root = path(&format!("conformance/{name}"));
        Self { store, root }
    }

    fn path(&self, relative: &str) -> StorePath {
        good(self.root.join(relative), relative)
    }

    async fn put(&self, relative: &str, bytes: &[u8], mode: PutMode) -> Version {
        let put = self.try_put(relative, bytes, mode).await;
        good(put, &format!("put {relative}"))
    }

    async fn try_put(
        &self,
        relative: &str,
        bytes: &[u8],
        mode: PutMode,
    ) -> Result<Version, StoreError> {
        self.store.put(&self.path(relative), bytes, mode).await
    }

    async fn read(&self, relative: &str) -> Content {
        let read = self.try_read(relative, ReadRange::All).await;
        good(read, &format!("read {relative}"))
    }

    async fn try_read(&self, relative: &str, range: ReadRange) -> Result<Content, StoreError> {
        self.store.read(&self.path(relative), range).await
    }

    async fn expect(&self, relative: &str, bytes: &[u8]) {
        let content = self.read(relative).await;
        assert!(
            content.bytes == bytes,
            "{relative}: read {} bytes that are not the {} written",
            content.bytes.len(),
            bytes.len()
        );
        assert_eq!(content.size, bytes.len() as u64, "{relative}: size");
    }

    /// Paths below the room, and sizes.
    async fn list(&self) -> Vec<(String, u64)> {
        let entries = good(self.store.list(&self.root).await, "list");
        let relative = |path: &StorePath| match path.strip_prefix(&self.root) {
            Some(rest) => rest.to_owned(),
            None => panic!("list: {path} does not lie below {}", self.root),
        };
        let entries = entries.iter();
        entries.map(|e| (relative(&e.path), e.size)).collect()
    }

    async fn leftovers(&self) -> Vec<Leftover> {
        good(self.store.leftovers(&self.root).await, "leftovers")
    }

    async fn empty(self) {
        // Each comes before those in it.
        let mut directories = BTreeSet::new();
        for (relative, _) in self.list().await {
            let mut parent = self.path(&relative).parent();
            while let Some(directory) = parent.filter(|parent| *parent != self.root) {
                parent = directory.parent();
                directories.insert(directory);
            }
            let deleted = self.store.delete(&self.path(&relative)).await;
            good(deleted, &format!("delete {relative}"));
        }
        assert_eq!(self.list().await, [], "{}: must be empty after", self.root);
        assert_eq!(self.leftovers().await, [], "{}: leftovers", self.root);
        for directory in directories.iter().rev().chain([&self.root]) {
            let removed = self.store.remove_directory(directory).await;
            good(removed, "remove_directory");
        }
    }
}

fn path(text: &str) -> StorePath {
    good(StorePath::new(text), text)
}

fn good<T>(result: Result<T, StoreError>, what: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error}"),
    }
}

/// Panics where the result is not the error of this name.
macro_rules! refused {
    ($result:expr, $variant:ident, $what:expr) => {
        match $result {
            Err($crate::StoreError::$variant { .. }) => {}
            other => $crate::testing::conformance::wrong(stringify!($variant), $what, &other),
        }
    };
}
use refused;

fn wrong(expected: &str, what: &str, got: &dyn Debug) -> ! {
    panic!("{what}: expected {expected}, got {got:?}")
}

/// Bytes without a short period.
fn pattern(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}
