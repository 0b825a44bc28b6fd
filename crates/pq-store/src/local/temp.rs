//! Hidden files next to a target: the temporary file that becomes it, and their names.

use super::directory::{self, Made};
use crate::error::StoreError;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::{io, process};

const TEMP_SUFFIX: &str = ".pq-tmp";
const LOCK_SUFFIX: &str = ".pq-lock";
/// Hexadecimal digits in the name of a temporary file.
const RANDOM_LENGTH: usize = 16;
/// Bytes that a file name may have.
const LONGEST_NAME: usize = 255;

/// A file that exists under a hidden name until it is published. Dropping removes it, and the
/// directories that were made for it.
#[derive(Debug)]
pub(super) struct TempFile {
    pub(super) file: File,
    pub(super) path: PathBuf,
    published: bool,
    // Dropped after the file is removed.
    made: Made,
}

impl TempFile {
    /// A new file in the directory of `target`, with `mode` less the umask.
    pub(super) fn create(target: &Path, mode: u32, shown: &str) -> Result<Self, StoreError> {
        let fail = |source| StoreError::from_io(shown, "create a temporary file", source);
        let (Some(parent), Some(name)) = (target.parent(), file_name(target)) else {
            return Err(StoreError::invalid(shown, "it has no file name"));
        };
        let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
        for _ in 0..directory::ATTEMPTS {
            let made = directory::make(parent, shown)?;
            let path = parent.join(temp_name(name));
            let opened = OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(true)
                .mode(mode)
                .open(&path);
            match opened {
                Ok(file) => {
                    return Ok(Self {
                        file,
                        path,
                        published: false,
                        made,
                    });
                }
                // The name is taken, or somebody removed the empty directory.
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound
                    ) =>
                {
                    last = error;
                }
                Err(error) => return Err(fail(error)),
            }
        }
        Err(fail(last))
    }

    /// The file has its name: it stays.
    pub(super) fn set_published(&mut self) {
        self.published = true;
        self.made.keep();
    }

    /// Removes the file and tells whether that went well.
    pub(super) fn remove(mut self) -> io::Result<()> {
        // Not tried a second time.
        self.published = true;
        fs::remove_file(&self.path)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        if !self.published {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether a file of this name belongs to a store and is not to be seen.
pub(super) fn is_hidden(name: &OsStr) -> bool {
    let name = name.as_bytes();
    name.starts_with(b".")
        && (name.ends_with(TEMP_SUFFIX.as_bytes()) || name.ends_with(LOCK_SUFFIX.as_bytes()))
}

/// Whether a file of this name is a temporary one, as [`TempFile`] names them.
pub(super) fn is_temporary(name: &OsStr) -> bool {
    let name = name.as_bytes();
    let Some(rest) = name.strip_suffix(TEMP_SUFFIX.as_bytes()) else {
        return false;
    };
    let Some((kept, random)) = rest.split_last_chunk::<RANDOM_LENGTH>() else {
        return false;
    };
    kept.starts_with(b".")
        && kept.len() > 2
        && kept.ends_with(b".")
        && random
            .iter()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// The file on which writers of `target` lock. Very long names that start alike share one.
pub(super) fn lock_path(target: &Path) -> PathBuf {
    let name = file_name(target).unwrap_or_default();
    let kept = cut(name, LONGEST_NAME - LOCK_SUFFIX.len() - 1);
    target.with_file_name(format!(".{kept}{LOCK_SUFFIX}"))
}

fn temp_name(name: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // The standard library seeds this from the system's random numbers.
    let random = RandomState::new().hash_one((process::id(), count));
    let kept = cut(name, LONGEST_NAME - TEMP_SUFFIX.len() - RANDOM_LENGTH - 2);
    format!(".{kept}.{random:0RANDOM_LENGTH$x}{TEMP_SUFFIX}")
}

/// The start of a name, at most `length` bytes.
fn cut(name: &str, length: usize) -> &str {
    let end = name
        .char_indices()
        .map(|(start, character)| start + character.len_utf8())
        .take_while(|end| *end <= length)
        .last();
    &name[..end.unwrap_or(0)]
}

/// Names come from store paths, so they are UTF-8.
fn file_name(target: &Path) -> Option<&str> {
    target.file_name().and_then(OsStr::to_str)
}

#[cfg(test)]
mod tests {
    use super::{is_hidden, is_temporary, lock_path, temp_name};
    use std::ffi::OsStr;
    use std::path::Path;

    #[test]
    fn names_are_hidden_and_fit() {
        for name in ["x".repeat(255), "é".repeat(127), "a.parquet".into()] {
            let temp = temp_name(&name);
            assert!(temp.len() <= 255 && is_hidden(OsStr::new(&temp)), "{temp}");
            assert!(is_temporary(OsStr::new(&temp)), "{temp}");
            let lock = lock_path(&Path::new("/d").join(&name));
            let lock = lock.file_name().unwrap();
            assert!(lock.len() <= 255 && is_hidden(lock));
            assert!(!is_hidden(OsStr::new(&name)));
        }
        assert_ne!(temp_name("a"), temp_name("a"));
        for name in [
            ".0123456789abcdef.pq-tmp",
            "..0123456789abcdef.pq-tmp",
            ".a.0123456789ABCDEF.pq-tmp",
            ".a.123456789abcdef.pq-tmp",
            ".a.0123456789abcdef.pq-lock",
            "a.0123456789abcdef.pq-tmp",
            ".a.pq-tmp",
        ] {
            assert!(!is_temporary(OsStr::new(name)), "{name}");
        }
        assert!(!is_hidden(OsStr::new("a.pq-tmp")));
        assert!(!is_hidden(OsStr::new(".crc")));
    }
}
