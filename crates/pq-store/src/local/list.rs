//! Listing files.

use super::root::Root;
use super::stat::{self, Kind};
use super::temp;
use crate::error::StoreError;
use crate::path::{StorePath, printable};
use crate::store::Entry;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

pub(super) fn list(root: &Root, prefix: &StorePath) -> Result<Vec<Entry>, StoreError> {
    let mut entries = Vec::new();
    let mut pending: Vec<(PathBuf, StorePath)> = Vec::new();
    let place = root.directory(prefix)?;
    match stat::kind(&place).map_err(|source| root.fail(prefix, "list", source))? {
        Kind::File(metadata) => entries.push(Entry {
            path: prefix.clone(),
            size: metadata.len(),
        }),
        Kind::Directory => pending.push((place, prefix.clone())),
        _ => {}
    }
    while let Some((place, path)) = pending.pop() {
        let names = match names(&place) {
            Ok(names) => names,
            // Removed since it was seen.
            Err(error) if stat::is_absent(&error) => continue,
            Err(error) => return Err(root.fail(&path, "list", error)),
        };
        for name in names {
            let place = place.join(&name);
            let kind = stat::kind(&place).map_err(|source| root.fail(&path, "list", source))?;
            match kind {
                Kind::File(metadata) => entries.push(Entry {
                    path: join(root, &path, &name)?,
                    size: metadata.len(),
                }),
                Kind::Directory => pending.push((place, join(root, &path, &name)?)),
                Kind::Link => {
                    let path = join(root, &path, &name)?;
                    if let Some(size) = size_of_linked_file(root, &place, &path) {
                        entries.push(Entry { path, size });
                    }
                }
                Kind::Absent | Kind::Other => {}
            }
        }
    }
    entries.sort_unstable_by(|left, right| left.path.cmp(&right.path));
    Ok(entries)
}

fn names(directory: &Path) -> io::Result<Vec<std::ffi::OsString>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        if !temp::is_hidden(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

fn join(root: &Root, directory: &StorePath, name: &OsStr) -> Result<StorePath, StoreError> {
    let (text, reason) = match name.to_str() {
        None => (name.to_string_lossy(), "the name is not UTF-8".to_owned()),
        Some(text) => match directory.join(text) {
            Ok(path) => return Ok(path),
            Err(StoreError::InvalidPath { reason, .. }) => (text.into(), reason),
            Err(error) => return Err(error),
        },
    };
    let shown = format!("{}/{}", root.describe(directory), printable(&text));
    Err(StoreError::invalid(shown, reason))
}

/// The size of the file that a link leads to, if it can be read through the link.
fn size_of_linked_file(root: &Root, link: &Path, path: &StorePath) -> Option<u64> {
    let place = root.follow(link, path).ok()?;
    match stat::kind(&place) {
        Ok(Kind::File(metadata)) => Some(metadata.len()),
        _ => None,
    }
}
