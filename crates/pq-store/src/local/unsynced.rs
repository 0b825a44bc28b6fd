//! What was written and does not outlast a crash yet.

use super::root::Root;
use super::whole::WholeFileSystem;
use super::{directory, read, stat};
use crate::error::StoreError;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// From so many files on, one sync of the whole file system costs less than one of each.
const MANY_FILES: usize = 64;
/// So many names are remembered where the file system cannot be synced as a whole.
const MOST_FILES: usize = 10_000;

/// Files that a later [`sync`](Self::sync) makes durable.
#[derive(Debug, Default)]
pub(super) struct Unsynced {
    /// Held while syncing: who comes meanwhile waits, as what is synced may be his.
    syncing: Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// A sync that failed. What it was for may be lost, and nobody knows who relies on it.
    failure: Option<Failure>,
    /// By device.
    file_systems: BTreeMap<u64, FileSystem>,
}

#[derive(Debug)]
struct Failure {
    path: String,
    kind: io::ErrorKind,
    text: String,
}

#[derive(Debug)]
struct FileSystem {
    whole: Option<Arc<WholeFileSystem>>,
    pending: Pending,
}

#[derive(Debug)]
enum Pending {
    These(BTreeSet<PathBuf>),
    /// Too many to name.
    Many,
}

impl Default for Pending {
    fn default() -> Self {
        Self::These(BTreeSet::new())
    }
}

/// Why a sync failed.
enum Fault {
    /// Nothing was tried, or nothing was lost: it may be tried again.
    Passing(StoreError),
    /// What was written may be lost.
    Lost { path: String, source: io::Error },
}

impl Unsynced {
    /// Before the first byte is written of a file in `directory`, which is on `device`: whether
    /// there is room to remember it.
    pub(super) fn has_room(&self, directory: &Path, device: u64) -> bool {
        let mut state = lock(&self.state);
        let file_systems = &mut state.file_systems;
        let file_system = file_systems.entry(device).or_insert_with(|| FileSystem {
            whole: WholeFileSystem::of(directory).map(Arc::new),
            pending: Pending::default(),
        });
        match &file_system.pending {
            Pending::These(files) => files.len() < MOST_FILES,
            Pending::Many => true,
        }
    }

    /// Remembers a file that has its name.
    pub(super) fn add(&self, device: u64, file: PathBuf) {
        let mut state = lock(&self.state);
        let Some(file_system) = state.file_systems.get_mut(&device) else {
            return;
        };
        if let Pending::These(files) = &mut file_system.pending {
            files.insert(file);
            if file_system.whole.is_some() && files.len() >= MANY_FILES {
                file_system.pending = Pending::Many;
            }
        }
    }

    /// Makes durable what was added before.
    pub(super) fn sync(&self, root: &Root) -> Result<(), StoreError> {
        let _syncing = lock(&self.syncing);
        let mut taken = Vec::new();
        {
            let mut state = lock(&self.state);
            if let Some(failure) = &state.failure {
                return Err(failure.again());
            }
            for (device, file_system) in &mut state.file_systems {
                let pending = std::mem::take(&mut file_system.pending);
                taken.push((*device, file_system.whole.clone(), pending));
            }
        }
        let synced = taken
            .iter()
            .try_for_each(|(_, whole, pending)| sync(root, whole.as_deref(), pending));
        let mut state = lock(&self.state);
        match synced {
            Ok(()) => Ok(()),
            Err(Fault::Passing(error)) => {
                for (device, _, pending) in taken {
                    state.put_back(device, pending);
                }
                Err(error)
            }
            Err(Fault::Lost { path, source }) => {
                state.failure = Some(Failure {
                    path: path.clone(),
                    kind: source.kind(),
                    text: source.to_string(),
                });
                Err(StoreError::CommitUnknown { path, source })
            }
        }
    }
}

impl State {
    fn put_back(&mut self, device: u64, taken: Pending) {
        let Some(file_system) = self.file_systems.get_mut(&device) else {
            return;
        };
        match (&mut file_system.pending, taken) {
            (Pending::These(files), Pending::These(taken)) => files.extend(taken),
            (pending, _) => *pending = Pending::Many,
        }
    }
}

impl Failure {
    fn again(&self) -> StoreError {
        let text = format!(
            "an earlier sync failed, and what was written before it may be lost; only a store that \
             is opened anew can sync: {}",
            self.text
        );
        StoreError::CommitUnknown {
            path: self.path.clone(),
            source: io::Error::new(self.kind, text),
        }
    }
}

fn sync(root: &Root, whole: Option<&WholeFileSystem>, pending: &Pending) -> Result<(), Fault> {
    match (pending, whole) {
        (Pending::These(files), _) => sync_each(root, files),
        (Pending::Many, Some(whole)) => whole.sync().map_err(|source| Fault::Lost {
            path: root.show(root.real()),
            source,
        }),
        // There are never many where there is no whole.
        (Pending::Many, None) => Ok(()),
    }
}

/// Syncs the files, then each directory once, below before above.
fn sync_each(root: &Root, files: &BTreeSet<PathBuf>) -> Result<(), Fault> {
    let mut directories = BTreeMap::new();
    for file in files {
        sync_file(root, file)?;
        let above = file.ancestors().skip(1);
        for (depth, directory) in above
            .take_while(|above| above.starts_with(root.real()))
            .enumerate()
        {
            let holds_a_file = directories.entry(directory).or_insert(false);
            *holds_a_file |= depth == 0;
        }
    }
    for (directory, holds_a_file) in directories.into_iter().rev() {
        sync_directory(root, directory, holds_a_file)?;
    }
    Ok(())
}

fn sync_file(root: &Root, place: &Path) -> Result<(), Fault> {
    let (file, metadata) = match read::open_unfollowed(root, place) {
        Ok(opened) => opened,
        Err(error) if stat::is_absent(&error) => return Ok(()),
        Err(source) => {
            // Something else may have its name by now.
            let is_file = matches!(stat::kind(place), Ok(stat::Kind::File(_)));
            return if is_file {
                Err(passing(root, place, source))
            } else {
                Ok(())
            };
        }
    };
    if !metadata.is_file() {
        return Ok(());
    }
    file.sync_all().map_err(|source| lost(root, place, source))
}

fn sync_directory(root: &Root, place: &Path, holds_a_file: bool) -> Result<(), Fault> {
    let opened = match directory::open(place) {
        Ok(opened) => opened,
        Err(error) if stat::is_absent(&error) => return Ok(()),
        // One may make files below a directory that one may not read.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && !holds_a_file => {
            return Ok(());
        }
        Err(source) => return Err(passing(root, place, source)),
    };
    directory::sync_open(&opened).map_err(|source| lost(root, place, source))
}

fn passing(root: &Root, place: &Path, source: io::Error) -> Fault {
    Fault::Passing(StoreError::CommitUnknown {
        path: root.show(place),
        source,
    })
}

fn lost(root: &Root, place: &Path, source: io::Error) -> Fault {
    Fault::Lost {
        path: root.show(place),
        source,
    }
}

/// No code under these locks leaves anything half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
