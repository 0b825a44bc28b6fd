//! A store that forgets what was not synced.

#[cfg(test)]
mod tests;

use crate::error::StoreError;
use crate::memory::MemoryStore;
use crate::path::StorePath;
use crate::store::{BoxFuture, Content, Entry, PutMode, ReadRange, Store, Upload, Version};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Bytes = Arc<[u8]>;

/// What a crash may leave of each object that is not durable.
type Choices = Vec<(StorePath, Vec<Option<Bytes>>)>;

/// A store in memory that shows what a crash of the system may leave.
///
/// What was put and finished is durable at once, and so is a deletion. What was put
/// [unsynced](Store::put_unsynced) is seen, and becomes durable by a [`sync`](Store::sync): until
/// then a crash may undo it, each object by itself; of an object that was not there before, it may
/// leave a piece, or as many other bytes.
///
/// ```
/// use pq_store::testing::VolatileStore;
/// use pq_store::{PutMode, ReadRange, Store, StorePath};
///
/// # fn main() -> Result<(), pq_store::StoreError> {
/// # pollster::block_on(async {
/// let store = VolatileStore::default();
/// let (part, list) = (StorePath::new("part")?, StorePath::new("list")?);
/// store.put_unsynced(&part, b"rows", PutMode::IfAbsent).await?;
/// store.sync().await?; // Without this, the next lines panic.
/// store.put(&list, b"part", PutMode::IfAbsent).await?;
/// for crashed in store.crashes() {
///     assert_eq!(crashed.read(&part, ReadRange::All).await?.bytes, b"rows");
/// }
/// # Ok(())
/// # })
/// # }
/// ```
///
/// A clone shares the objects.
#[derive(Clone, Debug, Default)]
pub struct VolatileStore {
    seen: MemoryStore,
    pending: Arc<Mutex<BTreeMap<StorePath, Pending>>>,
}

/// An object that was written since it was durable.
#[derive(Debug)]
struct Pending {
    durable: Option<Bytes>,
    /// In order.
    written: Vec<Bytes>,
}

impl Pending {
    /// What a crash may leave of it; the durable state comes first.
    fn states(&self) -> Vec<Option<Bytes>> {
        let mut states = vec![self.durable.clone()];
        if let (None, Some(first)) = (&self.durable, self.written.first()) {
            let half = &first[..first.len() / 2];
            let zeros = vec![0; first.len()];
            states.extend([&[][..], half, &zeros].map(|torn| Some(torn.into())));
        }
        states.extend(self.written.iter().cloned().map(Some));
        let mut different = Vec::new();
        for state in states {
            if !different.contains(&state) {
                different.push(state);
            }
        }
        different
    }
}

impl VolatileStore {
    fn pending(&self) -> MutexGuard<'_, BTreeMap<StorePath, Pending>> {
        // No code under the lock leaves the map half changed.
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put_durably(
        &self,
        path: &StorePath,
        bytes: Bytes,
        mode: &PutMode,
    ) -> Result<Version, StoreError> {
        let mut pending = self.pending();
        let version = self.seen.insert(path, bytes, mode)?;
        pending.remove(path);
        Ok(version)
    }

    /// Each state that a crash now may leave, as a store of its own, everything lost first. With
    /// several objects that are not synced these are all combinations, so up to 5 to the power of
    /// their number.
    pub fn crashes(&self) -> impl Iterator<Item = Self> + use<> {
        let (base, choices) = self.choices();
        let mut next = Some(vec![0; choices.len()]);
        std::iter::from_fn(move || {
            let chosen = next.take()?;
            let mut numbers = chosen.iter().copied();
            let crashed = with(&base, &choices, |_| numbers.next().unwrap_or(0));
            next = following(chosen, &choices);
            Some(crashed)
        })
    }

    /// One of the states that a crash now may leave, as a store of its own. Equal seeds choose
    /// equally.
    pub fn crash(&self, seed: u64) -> Self {
        let (base, choices) = self.choices();
        let mut state = seed;
        with(&base, &choices, |states| {
            // The SplitMix64 generator.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut random = state;
            random = (random ^ (random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            random = (random ^ (random >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            random ^= random >> 31;
            (random % states as u64) as usize
        })
    }

    fn choices(&self) -> (MemoryStore, Choices) {
        let pending = self.pending();
        let choices = pending
            .iter()
            .map(|(path, pending)| (path.clone(), pending.states()));
        (self.seen.copy(), choices.collect())
    }
}

/// The objects of `base`, but for those with a choice: `chosen` is called for each of them, with
/// the number of its states.
fn with(
    base: &MemoryStore,
    choices: &Choices,
    mut chosen: impl FnMut(usize) -> usize,
) -> VolatileStore {
    let seen = base.copy();
    for (path, states) in choices {
        seen.remove(path);
        if let Some(Some(bytes)) = states.get(chosen(states.len())) {
            // Nothing is there, so nothing is in the way.
            let _put = seen.insert(path, Arc::clone(bytes), &PutMode::Always);
        }
    }
    VolatileStore {
        seen,
        pending: Arc::default(),
    }
}

/// The next combination, or `None` after the last.
fn following(mut chosen: Vec<usize>, choices: &Choices) -> Option<Vec<usize>> {
    for (choice, (_, states)) in chosen.iter_mut().zip(choices) {
        *choice += 1;
        if *choice < states.len() {
            return Some(chosen);
        }
        *choice = 0;
    }
    None
}

impl Store for VolatileStore {
    fn read<'a>(
        &'a self,
        path: &'a StorePath,
        range: ReadRange,
    ) -> BoxFuture<'a, Result<Content, StoreError>> {
        self.seen.read(path, range)
    }

    fn put<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(async move { self.put_durably(path, bytes.into(), &mode) })
    }

    fn put_unsynced<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(async move {
            let bytes: Bytes = bytes.into();
            let mut pending = self.pending();
            let before = self.seen.bytes(path);
            let version = self.seen.insert(path, Arc::clone(&bytes), &mode)?;
            let object = pending.entry(path.clone()).or_insert_with(|| Pending {
                durable: before,
                written: Vec::new(),
            });
            object.written.push(bytes);
            Ok(version)
        })
    }

    fn sync(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            self.pending().clear();
            Ok(())
        })
    }

    fn open_write<'a>(
        &'a self,
        path: &'a StorePath,
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Box<dyn Upload>, StoreError>> {
        Box::pin(async move {
            // Says what the mode says; what is written comes by a put of its own.
            drop(self.seen.open_write(path, mode.clone()).await?);
            Ok(Box::new(VolatileUpload {
                store: self.clone(),
                path: path.clone(),
                mode,
                bytes: Vec::new(),
            }) as Box<dyn Upload>)
        })
    }

    fn list<'a>(&'a self, prefix: &'a StorePath) -> BoxFuture<'a, Result<Vec<Entry>, StoreError>> {
        self.seen.list(prefix)
    }

    fn delete<'a>(&'a self, path: &'a StorePath) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let mut pending = self.pending();
            self.seen.remove(path);
            pending.remove(path);
            Ok(())
        })
    }

    fn remove_directory<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.seen.remove_directory(path)
    }

    fn make_directories<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.seen.make_directories(path)
    }

    fn describe(&self, path: &StorePath) -> String {
        self.seen.describe(path)
    }
}

#[derive(Debug)]
struct VolatileUpload {
    store: VolatileStore,
    path: StorePath,
    mode: PutMode,
    bytes: Vec<u8>,
}

impl Upload for VolatileUpload {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.bytes.extend_from_slice(bytes);
            Ok(())
        })
    }

    fn copy_from<'a>(
        &'a mut self,
        source: &'a StorePath,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let copied = self.store.read(source, ReadRange::Bytes(range)).await?;
            self.bytes.extend_from_slice(&copied.bytes);
            Ok(())
        })
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<Version, StoreError>> {
        Box::pin(async move {
            let bytes = self.bytes.into();
            self.store.put_durably(&self.path, bytes, &self.mode)
        })
    }

    fn abort(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
            drop(self);
            Ok(())
        })
    }
}
