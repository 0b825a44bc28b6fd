//! From paths of the store to paths of the disk, inside one directory.

use super::stat::{self, Kind};
use crate::error::StoreError;
use crate::path::{StorePath, printable};
use std::path::{self, Path, PathBuf};
use std::{fs, io};

/// The directory that a store stays in.
#[derive(Debug)]
pub(super) struct Root {
    /// Without symbolic links.
    real: PathBuf,
    /// As messages show it: absolute, on one line, without a trailing `/`.
    shown: String,
}

impl Root {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let given = printable(&path.to_string_lossy());
        let absolute =
            path::absolute(path).map_err(|source| StoreError::from_io(&given, "open", source))?;
        let mut shown = printable(&absolute.to_string_lossy());
        while shown.ends_with('/') {
            shown.pop();
        }
        let fail = |source| StoreError::from_io(&given, "open", source);
        let real = fs::canonicalize(path).map_err(fail)?;
        if !fs::metadata(&real).map_err(fail)?.is_dir() {
            return Err(StoreError::invalid(given, "it is not a directory"));
        }
        Ok(Self { real, shown })
    }

    pub(super) fn real(&self) -> &Path {
        &self.real
    }

    pub(super) fn describe(&self, path: &StorePath) -> String {
        if path.is_root() && !self.shown.is_empty() {
            return self.shown.clone();
        }
        format!("{}/{path}", self.shown)
    }

    /// As [`describe`](Self::describe), of a place on the disk.
    pub(super) fn show(&self, place: &Path) -> String {
        match place.strip_prefix(&self.real) {
            Ok(below) if below.as_os_str().is_empty() => self.describe(&StorePath::root()),
            Ok(below) => format!("{}/{}", self.shown, printable(&below.to_string_lossy())),
            Err(_) => printable(&place.to_string_lossy()),
        }
    }

    /// Where an object is or would be: all directories above it are real, the last segment is not
    /// looked at.
    pub(super) fn object(&self, path: &StorePath) -> Result<PathBuf, StoreError> {
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => Ok(self.real_path(&parent, path)?.join(name)),
            _ => Err(StoreError::invalid(
                self.describe(path),
                "the root is no object",
            )),
        }
    }

    /// Where a directory is or would be, with all links resolved.
    pub(super) fn directory(&self, path: &StorePath) -> Result<PathBuf, StoreError> {
        self.real_path(path, path)
    }

    /// What a symbolic link leads to, which must be inside.
    pub(super) fn follow(&self, link: &Path, path: &StorePath) -> Result<PathBuf, StoreError> {
        let invalid = |reason| Err(StoreError::invalid(self.describe(path), reason));
        match fs::canonicalize(link) {
            Ok(real) if real.starts_with(&self.real) => Ok(real),
            Ok(_) => invalid("a symbolic link leads out of the store"),
            Err(source) if source.kind() == io::ErrorKind::NotFound => {
                invalid("a symbolic link leads nowhere")
            }
            Err(source) => Err(self.fail(path, "resolve", source)),
        }
    }

    pub(super) fn fail(
        &self,
        path: &StorePath,
        operation: &'static str,
        source: io::Error,
    ) -> StoreError {
        StoreError::from_io(self.describe(path), operation, source)
    }

    fn real_path(&self, directory: &StorePath, path: &StorePath) -> Result<PathBuf, StoreError> {
        let mut real = self.real.clone();
        let mut there = true;
        for segment in directory.segments() {
            real.push(segment);
            if !there {
                continue;
            }
            match stat::kind(&real).map_err(|source| self.fail(path, "resolve", source))? {
                Kind::Link => real = self.follow(&real, path)?,
                Kind::Absent => there = false,
                _ => {}
            }
        }
        Ok(real)
    }
}
