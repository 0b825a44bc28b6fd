//! What is under a name, and which version of it.

use crate::store::Version;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

/// Bytes at the end of a file that are hashed for its version.
const TAIL: u64 = 1 << 20;

/// What is under a name, links not followed.
#[derive(Debug)]
pub(super) enum Kind {
    /// Nothing, or a file where a directory should be.
    Absent,
    File(Metadata),
    Directory,
    Link,
    /// A device, a socket, a pipe.
    Other,
}

pub(super) fn kind(path: &Path) -> io::Result<Kind> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(of(metadata)),
        Err(error) if is_absent(&error) => Ok(Kind::Absent),
        Err(error) => Err(error),
    }
}

pub(super) fn of(metadata: Metadata) -> Kind {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        Kind::Link
    } else if kind.is_dir() {
        Kind::Directory
    } else if kind.is_file() {
        Kind::File(metadata)
    } else {
        Kind::Other
    }
}

pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

pub(super) fn same_file(left: &Metadata, right: &Metadata) -> bool {
    left.dev() == right.dev() && left.ino() == right.ino()
}

/// The version of an open file. The metadata must be older than the bytes, so that a change in
/// between makes a version that no file has.
pub(super) fn version(file: &File, metadata: &Metadata) -> io::Result<Version> {
    let size = metadata.size();
    let length = size.min(TAIL);
    let mut tail = vec![0; length as usize];
    file.read_exact_at(&mut tail, size - length)?;
    Ok(Version::new(format!(
        "{:x}-{:x}-{size:x}-{:x}.{:09}-{:016x}",
        metadata.dev(),
        metadata.ino(),
        metadata.mtime(),
        metadata.mtime_nsec(),
        xxh3_64(&tail),
    )))
}
