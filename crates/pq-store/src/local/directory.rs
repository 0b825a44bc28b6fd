//! Making, syncing and removing directories.

use crate::error::StoreError;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Directories that were made, the outermost first. Dropping removes them again as far as they
/// are empty.
#[derive(Debug, Default)]
pub(super) struct Made(Vec<PathBuf>);

impl Made {
    pub(super) fn keep(&mut self) {
        self.0.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for directory in self.0.iter().rev() {
            let _ = fs::remove_dir(directory);
        }
    }
}

/// Makes a directory and those above it, durably.
pub(super) fn make(directory: &Path, shown: &str) -> Result<Made, StoreError> {
    let mut absent = Vec::new();
    for candidate in directory.ancestors() {
        match fs::metadata(candidate) {
            Ok(metadata) if metadata.is_dir() => break,
            Ok(_) => return Err(in_the_way(shown)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => absent.push(candidate),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(in_the_way(shown));
            }
            Err(source) => return Err(StoreError::from_io(shown, "make a directory", source)),
        }
    }
    let mut made = Made::default();
    for directory in absent.into_iter().rev() {
        match fs::create_dir(directory) {
            Ok(()) => made.0.push(directory.to_owned()),
            // Another writer was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && directory.is_dir() => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(in_the_way(shown));
            }
            Err(source) => return Err(StoreError::from_io(shown, "make a directory", source)),
        }
        if let Some(parent) = directory.parent() {
            sync(parent).map_err(|source| StoreError::from_io(shown, "sync", source))?;
        }
    }
    Ok(made)
}

fn in_the_way(shown: &str) -> StoreError {
    StoreError::invalid(shown, "a file is where a directory should be")
}

/// Makes the names in a directory durable, where the file system can do that.
pub(super) fn sync(directory: &Path) -> io::Result<()> {
    match File::open(directory)?.sync_all() {
        // Some file systems have no sync for directories.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

/// Removes the empty directories below `root`. What cannot be read or removed stays. Links are
/// not followed.
pub(super) fn remove_empty_below(root: &Path) {
    let mut below = Vec::new();
    let mut pending = vec![root.to_owned()];
    while let Some(directory) = pending.pop() {
        let Ok(entries) = fs::read_dir(&directory) else {
            continue;
        };
        for entry in entries.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                below.push(entry.path());
                pending.push(entry.path());
            }
        }
    }
    // Each directory comes before those below it.
    for directory in below.iter().rev() {
        let _ = fs::remove_dir(directory);
    }
}
