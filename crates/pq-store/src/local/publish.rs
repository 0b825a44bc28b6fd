//! The step that makes a change seen: rename, link or unlink.

use super::beneath::Parent;
use super::lock::Lock;
use super::root::Root;
use super::stat::{self, Kind};
use super::temp::TempFile;
use super::{directory, read};
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::Version;
use rustix::fs::{AtFlags, linkat, renameat, unlinkat};
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
pub(super) fn create(
    root: &Root,
    temp: &TempFile,
    target: &Path,
    shown: &str,
) -> Result<(), StoreError> {
    let parent = parent(root, target, shown)?;
    let outcome = match rename_without_replacing(&parent, temp, target, shown)? {
        Outcome::Unknown => link(&parent, temp, target, shown)?,
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
pub(super) fn replace(
    root: &Root,
    temp: &TempFile,
    target: &Path,
    shown: &str,
) -> Result<(), StoreError> {
    let _lock = Lock::acquire(root, target, shown)?;
    check_target(target, shown)?;
    rename(root, temp, target, shown)
}

/// Gives the file its name, in the place of the file of this version.
pub(super) fn replace_version(
    root: &Root,
    temp: &TempFile,
    target: &Path,
    expected: &Version,
    shown: &str,
) -> Result<(), StoreError> {
    let Some(_lock) = Lock::acquire(root, target, shown)? else {
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
    let (file, metadata) = match read::open_unfollowed(root, target) {
        Ok(opened) => opened,
        Err(error) if stat::is_absent(&error) => return Err(conflict()),
        Err(error) => return Err(fail(error)),
    };
    match stat::version(&file, &metadata) {
        Ok(current) if current == *expected => rename(root, temp, target, shown),
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
    let lock = match Lock::acquire(root, &target, &root.describe(path)) {
        // A full disk must not keep anybody from deleting.
        Err(StoreError::NoSpace { .. }) => None,
        // The directory is gone.
        Err(StoreError::NotFound { .. }) => return Ok(()),
        lock => lock?,
    };
    let removed = Parent::of(root, &target).and_then(|parent| {
        let (parent, name) = parent.at(&target);
        Ok(unlinkat(parent, name, AtFlags::empty())?)
    });
    match removed {
        Ok(()) => {}
        Err(error) if stat::is_absent(&error) => return Ok(()),
        Err(error) => return Err(fail(error)),
    }
    drop(lock);
    make_durable(root, &target, &root.describe(path))
}

/// Makes a name durable. The change is made already, so that an error leaves its fate unknown.
pub(super) fn make_durable(root: &Root, target: &Path, shown: &str) -> Result<(), StoreError> {
    let Some(directory) = target.parent() else {
        return Ok(());
    };
    directory::sync_up_to(root.real(), directory).map_err(|source| StoreError::CommitUnknown {
        path: shown.into(),
        source,
    })
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

fn parent(root: &Root, target: &Path, shown: &str) -> Result<Parent, StoreError> {
    Parent::of(root, target).map_err(|source| StoreError::from_io(shown, "publish", source))
}

fn rename(root: &Root, temp: &TempFile, target: &Path, shown: &str) -> Result<(), StoreError> {
    let parent = parent(root, target, shown)?;
    let (from, to) = (parent.at(&temp.path), parent.at(target));
    match renameat(from.0, from.1, to.0, to.1) {
        Ok(()) => Ok(()),
        Err(error) => after_error(temp, target, error.into(), shown),
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_without_replacing(
    parent: &Parent,
    temp: &TempFile,
    target: &Path,
    shown: &str,
) -> Result<Outcome, StoreError> {
    use rustix::fs::{RenameFlags, renameat_with};
    let (from, to) = (parent.at(&temp.path), parent.at(target));
    match renameat_with(from.0, from.1, to.0, to.1, RenameFlags::NOREPLACE) {
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
    _parent: &Parent,
    _temp: &TempFile,
    _target: &Path,
    _shown: &str,
) -> Result<Outcome, StoreError> {
    Ok(Outcome::Unknown)
}

/// A hard link refuses to replace on every file system that has hard links.
fn link(
    parent: &Parent,
    temp: &TempFile,
    target: &Path,
    shown: &str,
) -> Result<Outcome, StoreError> {
    let (from, to) = (parent.at(&temp.path), parent.at(target));
    match linkat(from.0, from.1, to.0, to.1, AtFlags::empty()) {
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

#[cfg(test)]
mod tests {
    use super::{Outcome, Parent, Root, TempFile, after_error, create, link};
    use crate::error::StoreError;
    use std::fs;
    use std::io::{self, Write};

    #[test]
    fn links_create_and_never_replace() {
        let directory = tempfile::tempdir().unwrap();
        let root = Root::open(directory.path()).unwrap();
        let target = root.real().join("x");
        let parent = Parent::of(&root, &target).unwrap();
        let mut first = TempFile::create(&root, &target, 0o666, "x").unwrap();
        first.file.write_all(b"first").unwrap();
        assert!(matches!(
            link(&parent, &first, &target, "x"),
            Ok(Outcome::Published)
        ));
        first.set_published();

        let second = TempFile::create(&root, &target, 0o666, "x").unwrap();
        assert!(matches!(
            link(&parent, &second, &target, "x"),
            Ok(Outcome::Taken)
        ));
        let refused = create(&root, &second, &target, "x");
        assert!(matches!(refused, Err(StoreError::AlreadyExists { .. })));
        drop(second);
        assert_eq!(fs::read(&target).unwrap(), b"first");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_error_after_the_fact_is_no_failure() {
        let directory = tempfile::tempdir().unwrap();
        let root = Root::open(directory.path()).unwrap();
        let target = root.real().join("x");
        let parent = Parent::of(&root, &target).unwrap();
        let temp = TempFile::create(&root, &target, 0o666, "x").unwrap();
        let error = || io::Error::other("timed out");
        let failed = after_error(&temp, &target, error(), "x");
        assert!(matches!(failed, Err(StoreError::Io { .. })));
        fs::hard_link(&temp.path, &target).unwrap();
        after_error(&temp, &target, error(), "x").unwrap();
        // Sent twice by a network file system.
        assert!(matches!(
            link(&parent, &temp, &target, "x"),
            Ok(Outcome::Published)
        ));
    }
}
