//! The step that makes a change seen: rename, link or unlink.

use super::lock::Lock;
use super::root::Root;
use super::stat::{self, Kind};
use super::temp::TempFile;
use super::{directory, read};
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::Version;
use rustix::io::Errno;
use std::path::Path;
use std::{fs, io};

/// What is known after a rename or link.
enum Outcome {
    Published,
    Taken,
    /// The file system does not know this kind of rename or link.
    Unknown,
}

/// Gives the file its name if nothing has it.
pub(super) fn create(temp: &TempFile, target: &Path, shown: &str) -> Result<(), StoreError> {
    let outcome = match rename_without_replacing(temp, target, shown)? {
        Outcome::Unknown => link(temp, target, shown)?,
        outcome => outcome,
    };
    match outcome {
        Outcome::Published => Ok(()),
        Outcome::Taken => Err(StoreError::AlreadyExists { path: shown.into() }),
        Outcome::Unknown => Err(StoreError::Unsupported {
            path: shown.into(),
            what: "the file system cannot create a file without replacing".into(),
        }),
    }
}

/// Gives the file its name, in the place of any other file.
pub(super) fn replace(temp: &TempFile, target: &Path, shown: &str) -> Result<(), StoreError> {
    let _lock = Lock::acquire(target, shown)?;
    check_target(target, shown)?;
    rename(temp, target, shown)
}

/// Gives the file its name, in the place of the file of this version.
pub(super) fn replace_version(
    temp: &TempFile,
    target: &Path,
    expected: &Version,
    shown: &str,
) -> Result<(), StoreError> {
    let Some(_lock) = Lock::acquire(target, shown)? else {
        return Err(StoreError::Unsupported {
            path: shown.into(),
            what: "the file system has no locks, so no write depends on a version".into(),
        });
    };
    let conflict = || StoreError::Conflict { path: shown.into() };
    let fail = |source| StoreError::from_io(shown, "compare", source);
    if check_target(target, shown)?.is_none() {
        return Err(conflict());
    }
    let (file, metadata) = match read::open_unfollowed(target) {
        Ok(opened) => opened,
        Err(error) if stat::is_absent(&error) => return Err(conflict()),
        Err(error) => return Err(fail(error)),
    };
    match stat::version(&file, &metadata) {
        Ok(current) if current == *expected => rename(temp, target, shown),
        Ok(_) => Err(conflict()),
        // Cut short by another program while it was read.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(conflict()),
        Err(error) => Err(fail(error)),
    }
}

/// Removes a file or a link, durably.
pub(super) fn delete(root: &Root, path: &StorePath) -> Result<(), StoreError> {
    if path.is_root() {
        return Ok(());
    }
    let target = root.object(path)?;
    let fail = |source| root.fail(path, "delete", source);
    if let Kind::Absent | Kind::Directory = stat::kind(&target).map_err(fail)? {
        return Ok(());
    }
    let lock = match Lock::acquire(&target, &root.describe(path)) {
        // A full disk must not keep anybody from deleting.
        Err(StoreError::NoSpace { .. }) => None,
        // The directory is gone.
        Err(StoreError::NotFound { .. }) => return Ok(()),
        lock => lock?,
    };
    match fs::remove_file(&target) {
        Ok(()) => {}
        Err(error) if stat::is_absent(&error) => return Ok(()),
        Err(error) => return Err(fail(error)),
    }
    drop(lock);
    sync_directory(&target, &root.describe(path))
}

/// Makes a name durable. The change is made already, so that an error leaves its fate unknown.
pub(super) fn sync_directory(target: &Path, shown: &str) -> Result<(), StoreError> {
    let Some(directory) = target.parent() else {
        return Ok(());
    };
    match directory::sync(directory) {
        Ok(()) => Ok(()),
        Err(source) => Err(StoreError::CommitUnknown {
            path: shown.into(),
            source,
        }),
    }
}

/// The metadata of the file that would be replaced, if there is one; an error where something
/// else is in its place.
pub(super) fn check_target(target: &Path, shown: &str) -> Result<Option<fs::Metadata>, StoreError> {
    let invalid = |reason| Err(StoreError::invalid(shown, reason));
    match stat::kind(target).map_err(|source| StoreError::from_io(shown, "look at", source))? {
        Kind::Absent => Ok(None),
        Kind::File(metadata) => Ok(Some(metadata)),
        Kind::Link => invalid("it is a symbolic link, which is not written through"),
        Kind::Directory => invalid("it is a directory"),
        Kind::Other => invalid("it is not a regular file"),
    }
}

fn rename(temp: &TempFile, target: &Path, shown: &str) -> Result<(), StoreError> {
    match fs::rename(&temp.path, target) {
        Ok(()) => Ok(()),
        Err(error) => after_error(temp, target, error, shown),
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_without_replacing(
    temp: &TempFile,
    target: &Path,
    shown: &str,
) -> Result<Outcome, StoreError> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, &temp.path, CWD, target, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(Outcome::Published),
        Err(Errno::EXIST) => Ok(Outcome::Taken),
        Err(error) if error == Errno::INVAL || is_unknown(error) => Ok(Outcome::Unknown),
        Err(error) => {
            after_error(temp, target, error.into(), shown)?;
            Ok(Outcome::Published)
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_without_replacing(
    _temp: &TempFile,
    _target: &Path,
    _shown: &str,
) -> Result<Outcome, StoreError> {
    Ok(Outcome::Unknown)
}

/// A hard link refuses to replace on every file system that has hard links.
fn link(temp: &TempFile, target: &Path, shown: &str) -> Result<Outcome, StoreError> {
    match rustix::fs::link(&temp.path, target) {
        Ok(()) => {}
        // A network file system may have sent the request twice.
        Err(Errno::EXIST) if is_named(temp, target).unwrap_or(false) => {}
        Err(Errno::EXIST) => return Ok(Outcome::Taken),
        Err(error) if is_unknown(error) => return Ok(Outcome::Unknown),
        Err(error) => after_error(temp, target, error.into(), shown)?,
    }
    let _ = fs::remove_file(&temp.path);
    Ok(Outcome::Published)
}

/// Whether the file system, or a filter of system calls, does not know the call.
fn is_unknown(error: Errno) -> bool {
    [Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP, Errno::PERM].contains(&error)
}

/// A rename or link failed: whether it happened all the same.
fn after_error(
    temp: &TempFile,
    target: &Path,
    error: io::Error,
    shown: &str,
) -> Result<(), StoreError> {
    match is_named(temp, target) {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreError::from_io(shown, "publish", error)),
        Err(_) => Err(StoreError::CommitUnknown {
            path: shown.into(),
            source: error,
        }),
    }
}

fn is_named(temp: &TempFile, target: &Path) -> io::Result<bool> {
    match stat::kind(target)? {
        Kind::File(named) => Ok(stat::same_file(&temp.file.metadata()?, &named)),
        _ => Ok(false),
    }
}
