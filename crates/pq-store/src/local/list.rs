//! Listing files.

use super::root::Root;
use super::stat::{self, Kind};
use super::temp;
use crate::error::StoreError;
use crate::path::{StorePath, printable};
use crate::store::{Entry, Leftover};
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

pub(super) fn list(root: &Root, prefix: &StorePath) -> Result<Vec<Entry>, StoreError> {
    let mut entries = Vec::new();
    walk(
        root,
        prefix,
        |name| !temp::is_hidden(name),
        |path, found| {
            let size = match found {
                Found::File(metadata) => Some(metadata.len()),
                Found::Link(place) => size_of_linked_file(root, &place, &path),
            };
            entries.extend(size.map(|size| Entry { path, size }));
        },
    )?;
    entries.sort_unstable_by(|left, right| left.path.cmp(&right.path));
    Ok(entries)
}

/// Temporary files. Lock files are none: they are removed by whoever locks next.
pub(super) fn leftovers(root: &Root, prefix: &StorePath) -> Result<Vec<Leftover>, StoreError> {
    let mut leftovers = Vec::new();
    walk(root, prefix, temp::is_temporary, |path, found| {
        if let Found::File(metadata) = found {
            let size = metadata.len();
            let age = since(&metadata);
            let entry = Entry { path, size };
            leftovers.push(Leftover { entry, age });
        }
    })?;
    leftovers.sort_unstable_by(|left, right| left.entry.path.cmp(&right.entry.path));
    Ok(leftovers)
}

/// How long ago a file was written; of a link, how long ago the link was made.
pub(super) fn age(root: &Root, path: &StorePath) -> Result<Option<Duration>, StoreError> {
    let place = root.object(path)?;
    match fs::symlink_metadata(&place) {
        Ok(metadata) if metadata.is_dir() => Ok(None),
        Ok(metadata) => Ok(since(&metadata)),
        Err(error) if stat::is_absent(&error) => Ok(None),
        Err(error) => Err(root.fail(path, "look at", error)),
    }
}

/// How long ago a file was written to. A time that is still to come is now, as far as anybody
/// knows.
fn since(metadata: &Metadata) -> Option<Duration> {
    let time = metadata.modified().ok()?;
    Some(time.elapsed().unwrap_or_default())
}

/// What a walk finds that is no directory.
enum Found {
    File(Metadata),
    /// At this place.
    Link(PathBuf),
}

/// Visits the files and links of wanted names at and below `prefix`, in no order.
fn walk(
    root: &Root,
    prefix: &StorePath,
    is_wanted: fn(&OsStr) -> bool,
    mut visit: impl FnMut(StorePath, Found),
) -> Result<(), StoreError> {
    let mut pending: Vec<(PathBuf, StorePath)> = Vec::new();
    let place = root.directory(prefix)?;
    match stat::kind(&place).map_err(|source| root.fail(prefix, "list", source))? {
        Kind::File(metadata) if place.file_name().is_some_and(is_wanted) => {
            visit(prefix.clone(), Found::File(metadata));
        }
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
                Kind::File(metadata) if is_wanted(&name) => {
                    visit(join(root, &path, &name)?, Found::File(metadata));
                }
                Kind::Link if is_wanted(&name) => {
                    visit(join(root, &path, &name)?, Found::Link(place));
                }
                Kind::Directory if !temp::is_hidden(&name) => {
                    pending.push((place, join(root, &path, &name)?));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn names(directory: &Path) -> io::Result<Vec<OsString>> {
    fs::read_dir(directory)?
        .map(|entry| Ok(entry?.file_name()))
        .collect()
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
