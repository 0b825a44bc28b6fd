//! One writer at a time per file.

use super::root::Root;
use super::{beneath, stat, temp};
use crate::error::StoreError;
use rustix::fs::OFlags;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A lock that is held. Dropping removes its file and then lets go, in that order: who waited on
/// the removed file sees that the name no longer leads to it, and starts over.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Waits for the lock of `target`. `None` where the file system has no locks.
    pub(super) fn acquire(
        root: &Root,
        target: &Path,
        shown: &str,
    ) -> Result<Option<Self>, StoreError> {
        let path = temp::lock_path(target);
        let fail = |source| StoreError::from_io(shown, "lock", source);
        loop {
            let file = open(root, &path).map_err(fail)?;
            match file.lock() {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    let _ = fs::remove_file(&path);
                    if error.kind() == io::ErrorKind::Unsupported {
                        return Ok(None);
                    }
                    return Err(fail(error));
                }
            }
            let held = file.metadata().map_err(fail)?;
            match fs::symlink_metadata(&path) {
                Ok(named) if stat::same_file(&held, &named) => {
                    return Ok(Some(Self { path, _file: file }));
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(fail(error)),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn open(root: &Root, path: &Path) -> io::Result<File> {
    match beneath::open(root, path, OFlags::WRONLY | OFlags::CREATE, 0o666) {
        // A lock file that another user left: reading it is enough on most file systems.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            beneath::open(root, path, OFlags::RDONLY, 0).map_err(|_| error)
        }
        opened => opened,
    }
}
