//! Making, syncing and removing directories.

use crate::error::StoreError;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// How often a directory that others remove at the same time is made.
pub(super) const ATTEMPTS: usize = 64;

/// Directories that were made, the outermost first. Dropping removes them again as far as they
/// are empty.
#[derive(Debug, Default)]
pub(super) struct Made(Vec<PathBuf>);

impl Made {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

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

/// Makes a directory and those above it.
pub(super) fn make(directory: &Path, shown: &str) -> Result<Made, StoreError> {
    let mut attempts = 1;
    loop {
        match try_make(directory, shown) {
            // Somebody removed an empty directory that was there a moment ago.
            Err(StoreError::NotFound { .. }) if attempts < ATTEMPTS => attempts += 1,
            made => return made,
        }
    }
}

fn try_make(directory: &Path, shown: &str) -> Result<Made, StoreError> {
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
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Another writer was faster, or made a file, or its directory is gone again.
                match fs::metadata(directory) {
                    Ok(metadata) if metadata.is_dir() => {}
                    Ok(_) => return Err(in_the_way(shown)),
                    Err(source) => {
                        return Err(StoreError::from_io(shown, "make a directory", source));
                    }
                }
            }
            Err(source) => return Err(StoreError::from_io(shown, "make a directory", source)),
        }
    }
    Ok(made)
}

fn in_the_way(shown: &str) -> StoreError {
    StoreError::invalid(shown, "a file is where a directory should be")
}

/// Makes the names in a directory durable, where the file system can do that.
pub(super) fn sync(directory: &Path) -> io::Result<()> {
    sync_open(&open(directory)?)
}

pub(super) fn open(directory: &Path) -> io::Result<File> {
    File::open(directory)
}

/// As [`sync`], of a directory that is open.
pub(super) fn sync_open(directory: &File) -> io::Result<()> {
    match directory.sync_all() {
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

/// Makes the names in a directory durable, and its own name, and those of the directories above,
/// up to `root`: another writer may have made them and not synced them yet.
pub(super) fn sync_up_to(root: &Path, directory: &Path) -> io::Result<()> {
    sync(directory)?;
    let above = directory.ancestors().skip(1);
    for ancestor in above.take_while(|ancestor| ancestor.starts_with(root)) {
        match sync(ancestor) {
            // One may make files below a directory that one may not read.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            synced => synced?,
        }
    }
    Ok(())
}
