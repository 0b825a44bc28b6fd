//! One writer at a time per file.

use super::{stat, temp};
use crate::error::StoreError;
use rustix::fs::OFlags;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
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
    pub(super) fn acquire(target: &Path, shown: &str) -> Result<Option<Self>, StoreError> {
        let path = temp::lock_path(target);
        let fail = |source| StoreError::from_io(shown, "lock", source);
        loop {
            let file = open(&path).map_err(fail)?;
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

fn open(path: &Path) -> io::Result<File> {
    let nofollow = OFlags::NOFOLLOW.bits() as i32;
    let opened = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .custom_flags(nofollow)
        .open(path);
    match opened {
        // A lock file that another user left: reading it is enough on most file systems.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => OpenOptions::new()
            .read(true)
            .custom_flags(nofollow)
            .open(path)
            .map_err(|_| error),
        opened => opened,
    }
}
