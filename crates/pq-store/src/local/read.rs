//! Reading files.

use super::beneath;
use super::root::Root;
use super::stat::{self, Kind};
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{Content, ReadRange};
use rustix::buffer::spare_capacity;
use rustix::fs::OFlags;
use rustix::io::Errno;
use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

pub(super) fn read(
    root: &Root,
    path: &StorePath,
    range: &ReadRange,
) -> Result<Content, StoreError> {
    let (file, metadata) = open(root, path)?;
    let fail = |source| root.fail(path, "read", source);
    let version = stat::version(&file, &metadata).map_err(fail)?;
    let size = metadata.len();
    let range = range.check(size, &root.describe(path))?;
    let bytes = bytes(&file, range.start, range.end - range.start).map_err(fail)?;
    Ok(Content {
        bytes,
        version,
        size,
    })
}

/// Opens a regular file that is or leads to a place inside the root.
pub(super) fn open(root: &Root, path: &StorePath) -> Result<(File, Metadata), StoreError> {
    let absent = || StoreError::NotFound {
        path: root.describe(path),
    };
    if path.is_root() {
        return Err(absent());
    }
    let mut place = root.object(path)?;
    if let Kind::Link = stat::kind(&place).map_err(|source| root.fail(path, "open", source))? {
        place = root.follow(&place, path)?;
    }
    let (file, metadata) = match open_unfollowed(root, &place) {
        Ok(opened) => opened,
        Err(source) if stat::is_absent(&source) => return Err(absent()),
        Err(source) => return Err(root.fail(path, "open", source)),
    };
    match stat::of(metadata) {
        Kind::File(metadata) => Ok((file, metadata)),
        Kind::Directory => Err(absent()),
        _ => Err(StoreError::invalid(
            root.describe(path),
            "it is not a regular file",
        )),
    }
}

/// Opens for reading what is under the name, but not what a link there leads to, and does not
/// wait for the other end of a pipe.
pub(super) fn open_unfollowed(root: &Root, place: &Path) -> io::Result<(File, Metadata)> {
    let file = beneath::open(root, place, OFlags::RDONLY | OFlags::NONBLOCK, 0)?;
    let metadata = file.metadata()?;
    Ok((file, metadata))
}

fn bytes(file: &File, start: u64, length: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(length).map_err(|_| io::ErrorKind::OutOfMemory)?;
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(length)
        .map_err(|_| io::ErrorKind::OutOfMemory)?;
    // Memory that is zeroed first is touched twice.
    while bytes.len() < length {
        let place = start + bytes.len() as u64;
        match rustix::io::pread(file, spare_capacity(&mut bytes), place) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    bytes.truncate(length);
    Ok(bytes)
}
