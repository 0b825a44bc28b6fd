//! What is at a place.

use crate::error::DatasetError;
use crate::footer::Footer;
use crate::marker::{KEY, Marker};
use crate::metadata_files::{COMMON_METADATA, METADATA, at};
use crate::part::is_within_root;
use crate::scheme::{Layout, Scheme};
use pq_store::{Entry, Store, StorePath};

/// What is at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// Nothing, or an empty directory.
    Absent,
    /// A file.
    File,
    /// A directory with `_metadata`.
    Dataset(Layout),
    /// A directory with other files.
    OtherDirectory,
}

/// The metadata of a file or a data set.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Metadata {
    /// The footer: a `FileMetaData` in thrift's compact protocol.
    pub bytes: Vec<u8>,
    /// How the files lie.
    pub layout: Layout,
    /// Where, as a person would name it.
    pub location: String,
}

/// Finds out what is at `path`.
///
/// # Errors
///
/// The store fails, or a `_metadata` is there that cannot be read.
pub async fn detect(store: &dyn Store, path: &StorePath) -> Result<Target, DatasetError> {
    Ok(match Found::at(store, path).await? {
        Found::Nothing => Target::Absent,
        Found::File => Target::File,
        Found::Dataset(found, _) => Target::Dataset(found.layout),
        Found::Other(_) => Target::OtherDirectory,
    })
}

/// Reads the footer of the file at `path`, or the `_metadata` of the data set there.
///
/// # Errors
///
/// Nothing is there, it is no Parquet, or a directory without `_metadata`.
pub async fn read_metadata(store: &dyn Store, path: &StorePath) -> Result<Metadata, DatasetError> {
    let location = store.describe(path);
    match Found::at(store, path).await? {
        Found::Nothing => Err(DatasetError::NotFound { location }),
        Found::File => {
            let footer = Footer::read(store, path).await?;
            Ok(Metadata {
                bytes: footer.into_bytes(),
                layout: Layout::new::<String>(Scheme::Simple, []),
                location,
            })
        }
        Found::Dataset(found, _) => Ok(Metadata {
            bytes: found.footer.into_bytes(),
            layout: found.layout,
            location,
        }),
        Found::Other(_) => Err(DatasetError::NotADataset {
            location,
            reason: "a directory without _metadata".to_owned(),
        }),
    }
}

/// The metadata that rows must fit which are appended: as [`read_metadata`], and for a directory
/// without `_metadata` that of its first file.
///
/// # Errors
///
/// As [`read_metadata`]; a directory without data.
pub async fn read_append_metadata(
    store: &dyn Store,
    path: &StorePath,
) -> Result<Metadata, DatasetError> {
    let Found::Other(entries) = Found::at(store, path).await? else {
        return read_metadata(store, path).await;
    };
    let found = Existing::unlisted(store, path, &entries).await?;
    Ok(Metadata {
        bytes: found.footer.into_bytes(),
        layout: found.layout,
        location: store.describe(path),
    })
}

/// What is at a place, with what was read to find out.
#[derive(Debug)]
pub(crate) enum Found {
    Nothing,
    File,
    /// And all files that are there.
    Dataset(Existing, Vec<Entry>),
    Other(Vec<Entry>),
}

/// A data set that is there.
#[derive(Debug, Clone)]
pub(crate) struct Existing {
    pub(crate) footer: Footer,
    pub(crate) layout: Layout,
    /// Its marker, where it has one.
    pub(crate) marker: Option<Marker>,
    /// Paths of its files, relative to it, as `_metadata` has them, without repetition.
    pub(crate) files: Vec<String>,
}

impl Found {
    pub(crate) async fn at(store: &dyn Store, path: &StorePath) -> Result<Self, DatasetError> {
        let entries = store.list(path).await?;
        if entries.is_empty() {
            return Ok(Self::Nothing);
        }
        if entries.iter().any(|entry| entry.path == *path) {
            return Ok(Self::File);
        }
        let metadata = path.join(METADATA)?;
        if entries.iter().any(|entry| entry.path == metadata) {
            let existing = Existing::reload(store, path).await?;
            return Ok(Self::Dataset(existing, entries));
        }
        Ok(Self::Other(entries))
    }
}

impl Existing {
    /// Reads `_metadata`.
    pub(crate) async fn reload(store: &dyn Store, path: &StorePath) -> Result<Self, DatasetError> {
        let footer = Footer::read(store, &path.join(METADATA)?).await?;
        Self::of(store, path, footer)
    }

    /// A directory of files without `_metadata`: the first of them stands for all.
    pub(crate) async fn unlisted(
        store: &dyn Store,
        root: &StorePath,
        entries: &[Entry],
    ) -> Result<Self, DatasetError> {
        let location = store.describe(root);
        let wrong = |reason: &str| DatasetError::NotADataset {
            location: location.clone(),
            reason: reason.to_owned(),
        };
        // Readers pass over such names, too.
        let is_hidden = |file: &str| file.split('/').any(|name| name.starts_with(['_', '.']));
        let files = entries.iter().filter_map(|e| e.path.strip_prefix(root));
        let files: Vec<String> = files
            .filter(|file| !is_hidden(file))
            .map(str::to_owned)
            .collect();
        let Some(first) = files.first() else {
            return Err(wrong("a directory without data"));
        };
        let path = root.join(first)?;
        let footer = Footer::read(store, &path).await?;
        let marker = footer.raw().key_value(KEY).and_then(Marker::parse);
        let layout = marker
            .as_ref()
            .and_then(Marker::layout)
            .or_else(|| infer(&files))
            .ok_or_else(|| wrong("its files lie in folders of different depths or names"))?;
        Ok(Self {
            footer,
            layout,
            marker,
            files,
        })
    }

    fn of(store: &dyn Store, path: &StorePath, footer: Footer) -> Result<Self, DatasetError> {
        let location = store.describe(&path.join(METADATA)?);
        let raw = footer.raw();
        let marker = raw.key_value(KEY).and_then(Marker::parse);
        let layout = marker.as_ref().and_then(Marker::layout);
        let scheme = layout.as_ref().map(|layout| layout.scheme);
        let wrong = |reason: &str| DatasetError::NotADataset {
            location: location.clone(),
            reason: reason.to_owned(),
        };
        let mut files: Vec<String> = Vec::new();
        for row_group in raw.row_groups() {
            let Some(path) = row_group.first_file_path() else {
                return Err(wrong("a row group names no file"));
            };
            if !row_group.is_in_one_file() {
                at(&location, row_group.file_paths())?;
                return Err(wrong("a row group is not in one file"));
            }
            // Those of a file mostly stand together.
            if files.last().is_some_and(|last| last == path) {
                continue;
            }
            if !is_within_root(path, scheme) || [METADATA, COMMON_METADATA].contains(&path) {
                return Err(DatasetError::HostilePath {
                    location: location.clone(),
                    path: path.to_owned(),
                });
            }
            files.push(path.to_owned());
        }
        files.sort_unstable();
        files.dedup();
        let layout = match layout {
            Some(layout) => layout,
            None => infer(&files)
                .ok_or_else(|| wrong("its files lie in folders of different depths or names"))?,
        };
        Ok(Self {
            footer,
            layout,
            marker,
            files,
        })
    }
}

/// The layout of a data set that does not say: from the folders of its files.
pub(crate) fn infer(files: &[String]) -> Option<Layout> {
    let mut layout: Option<Layout> = None;
    for file in files {
        let mut folders: Vec<&str> = file.split('/').collect();
        folders.pop();
        let of_file = if folders.is_empty() {
            Layout::new::<String>(Scheme::Flat, [])
        } else if folders.iter().all(|folder| folder.contains('=')) {
            let keys = folders.iter().filter_map(|folder| folder.split_once('='));
            Layout::new(
                Scheme::Hive,
                keys.map(|(key, _)| crate::partition::decode(key)),
            )
        } else {
            // Folders of drill have no names; readers call them so.
            Layout::new(Scheme::Drill, (0..folders.len()).map(|i| format!("dir{i}")))
        };
        match &layout {
            Some(layout) if *layout != of_file => return None,
            _ => layout = Some(of_file),
        }
    }
    Some(layout.unwrap_or_else(|| Layout::new::<String>(Scheme::Flat, [])))
}

#[cfg(test)]
mod tests {
    use super::infer;
    use crate::scheme::{Layout, Scheme};

    fn inferred(files: &[&str]) -> Option<Layout> {
        infer(
            &files
                .iter()
                .map(|file| (*file).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn layouts_of_other_writers() {
        let flat = Layout::new::<String>(Scheme::Flat, []);
        assert_eq!(inferred(&[]), Some(flat.clone()));
        assert_eq!(inferred(&["a.parquet", "b.parquet"]), Some(flat));
        assert_eq!(
            inferred(&["a=1/b%20=x/p.parquet", "a=2/b%20=y/p.parquet"]),
            Some(Layout::new(Scheme::Hive, ["a", "b "]))
        );
        assert_eq!(
            inferred(&["x/y/p.parquet", "x/z/p.parquet"]),
            Some(Layout::new(Scheme::Drill, ["dir0", "dir1"]))
        );
        assert_eq!(inferred(&["a=1/p.parquet", "b=1/p.parquet"]), None);
        assert_eq!(inferred(&["a=1/p.parquet", "p.parquet"]), None);
    }
}
