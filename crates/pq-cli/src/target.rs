//! The path of a file or data set, as a store and a path in it.

use crate::error::CliError;
use pq_store::{LocalStore, StorePath};
use std::io;
use std::path::Path;

/// Opens the directory that holds `path`, and names `path` in it.
///
/// # Errors
///
/// A path without a name, a directory that is not there or cannot be read.
pub fn open(path: &Path) -> Result<(LocalStore, StorePath), CliError> {
    let unnamed = || CliError::Unnamed {
        path: path.to_owned(),
    };
    let name = path.file_name().ok_or_else(unnamed)?;
    let name = name.to_str().ok_or_else(unnamed)?;
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let wrong = |reason: String| CliError::Directory {
        path: parent.to_owned(),
        reason,
    };
    match parent.metadata() {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(wrong("not a directory".to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(wrong("no such directory".to_owned()));
        }
        Err(error) => return Err(wrong(error.to_string())),
    }
    Ok((LocalStore::open(parent)?, StorePath::new(name)?))
}
