//! Hidden files next to a target: the temporary file that becomes it, and their names.

use super::beneath;
use super::directory::{self, Made};
use super::root::Root;
use crate::error::StoreError;
use crate::hidden::{self, LONGEST_NAME, cut, is_hidden_temporary, temp_name};
use rustix::fs::OFlags;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

const LOCK_SUFFIX: &str = ".pq-lock";

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
    pub(super) fn create(
        root: &Root,
        target: &Path,
        mode: u32,
        shown: &str,
    ) -> Result<Self, StoreError> {
        let fail = |source| StoreError::from_io(shown, "create a temporary file", source);
        let (Some(parent), Some(name)) = (target.parent(), file_name(target)) else {
            return Err(StoreError::invalid(shown, "it has no file name"));
        };
        let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
        for _ in 0..directory::ATTEMPTS {
            let made = directory::make(parent, shown)?;
            let path = parent.join(temp_name(name));
            let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
            match beneath::open(root, &path, flags, mode) {
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

/// Whether a file of this name is a temporary one, of this crate.
pub(super) fn is_temporary(name: &OsStr) -> bool {
    name.to_str().is_some_and(hidden::is_temporary)
}

/// Whether a file of this name belongs to a store and is not to be seen.
pub(super) fn is_hidden(name: &OsStr) -> bool {
    // Names of ours are UTF-8.
    name.to_str().is_some_and(|name| {
        is_hidden_temporary(name) || name.starts_with('.') && name.ends_with(LOCK_SUFFIX)
    })
}

/// The file on which writers of `target` lock. Very long names that start alike share one.
pub(super) fn lock_path(target: &Path) -> PathBuf {
    let name = file_name(target).unwrap_or_default();
    let kept = cut(name, LONGEST_NAME - LOCK_SUFFIX.len() - 1);
    target.with_file_name(format!(".{kept}{LOCK_SUFFIX}"))
}

/// Names come from store paths, so they are UTF-8.
fn file_name(target: &Path) -> Option<&str> {
    target.file_name().and_then(OsStr::to_str)
}

#[cfg(test)]
mod tests {
    use super::{is_hidden, lock_path};
    use std::ffi::OsStr;
    use std::path::Path;

    #[test]
    fn names_of_locks_are_hidden_and_fit() {
        for name in ["x".repeat(255), "é".repeat(127), "a.parquet".into()] {
            let lock = lock_path(&Path::new("/d").join(&name));
            let lock = lock.file_name().unwrap();
            assert!(lock.len() <= 255 && is_hidden(lock));
            assert!(!is_hidden(OsStr::new(&name)));
        }
        assert!(!is_hidden(OsStr::new("a.pq-lock")));
    }
}
