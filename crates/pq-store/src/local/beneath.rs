//! Opening, renaming and removing files below the root, though somebody swaps a directory on the way for a
//! link between two system calls.

use super::root::Root;
use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::retry_on_intr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

/// Opens what is under a name. No link is followed: what was resolved before has none.
pub(super) fn open(root: &Root, place: &Path, flags: OFlags, mode: u32) -> io::Result<File> {
    let flags = flags | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let mode = Mode::from_raw_mode(mode as _);
    if let Some(opened) = open_beneath(root, place, flags, mode) {
        return Ok(opened?.into());
    }
    Ok(retry_on_intr(|| rustix::fs::open(place, flags, mode))?.into())
}

/// The directory of a file, which stays the same while names in it are changed.
pub(super) struct Parent(Option<OwnedFd>);

impl Parent {
    pub(super) fn of(root: &Root, place: &Path) -> io::Result<Self> {
        let flags = OFlags::CLOEXEC | OFlags::DIRECTORY | path_only();
        let directory = place.parent();
        let opened = directory.and_then(|it| open_beneath(root, it, flags, Mode::empty()));
        Ok(Self(opened.transpose()?))
    }

    /// What system calls take for a file in it.
    pub(super) fn at<'a>(&'a self, place: &'a Path) -> (BorrowedFd<'a>, &'a Path) {
        match (&self.0, place.file_name()) {
            (Some(directory), Some(name)) => (directory.as_fd(), Path::new(name)),
            _ => (CWD, place),
        }
    }
}

/// `None` where the system cannot do it: it is not Linux, or older than 5.6, or a filter of system
/// calls stands before it.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn open_beneath(
    root: &Root,
    place: &Path,
    flags: OFlags,
    mode: Mode,
) -> Option<io::Result<OwnedFd>> {
    use rustix::fs::{ResolveFlags, openat2};
    use rustix::io::Errno;
    let below = place.strip_prefix(root.real()).ok()?;
    let below = if below.as_os_str().is_empty() {
        Path::new(".")
    } else {
        below
    };
    let of_root = OFlags::CLOEXEC | OFlags::DIRECTORY | OFlags::NOFOLLOW | path_only();
    let directory = retry_on_intr(|| rustix::fs::open(root.real(), of_root, Mode::empty()));
    let directory = match directory {
        Ok(directory) => directory,
        Err(error) => return Some(Err(error.into())),
    };
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    match retry_on_intr(|| openat2(&directory, below, flags, mode, resolve)) {
        // A filter says that this is not permitted; who may not open a file is told so again.
        Err(Errno::NOSYS | Errno::PERM) => None,
        opened => Some(opened.map_err(io::Error::from)),
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn path_only() -> OFlags {
    OFlags::PATH
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn open_beneath(
    _root: &Root,
    _place: &Path,
    _flags: OFlags,
    _mode: Mode,
) -> Option<io::Result<OwnedFd>> {
    None
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn path_only() -> OFlags {
    OFlags::empty()
}
