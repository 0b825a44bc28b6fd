//! Which row groups are meant.

use crate::detect::Existing;
use crate::error::DatasetError;
use crate::partition::{HIVE_NULL, decode};
use crate::scheme::{Layout, Scheme};
use std::collections::{BTreeMap, BTreeSet};

/// Which row groups are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Selection {
    /// Those of these positions in `_metadata`, from 0.
    RowGroups(Vec<usize>),
    /// Those in these files, by their paths below the data set.
    Files(Vec<String>),
    /// Those of the partitions where these columns have these values, as folders show them before
    /// they are escaped; `None` is null. Columns that are not named may have any value.
    Partition(Vec<(String, Option<String>)>),
}

impl Selection {
    /// The files of which all row groups are meant.
    ///
    /// # Errors
    ///
    /// Nothing of that kind is there; a file is meant in part.
    pub(crate) fn files(
        &self,
        location: &str,
        existing: &Existing,
    ) -> Result<BTreeSet<String>, DatasetError> {
        let wrong = |reason: String| DatasetError::Selection {
            location: location.to_owned(),
            reason,
        };
        match self {
            Self::Files(files) => {
                let is_there = |file: &&String| existing.files.binary_search(file).is_ok();
                match files.iter().find(|file| !is_there(file)) {
                    Some(file) => Err(wrong(format!("no row group is in {file:?}"))),
                    None => Ok(files.iter().cloned().collect()),
                }
            }
            Self::Partition(wanted) => {
                let columns = &existing.layout.partition_on;
                if let Some((column, _)) = wanted.iter().find(|(name, _)| !columns.contains(name)) {
                    return Err(DatasetError::UnknownPartitionColumn {
                        column: column.clone(),
                    });
                }
                let fits = |file: &&String| {
                    let values = partition_values(&existing.layout, file);
                    let found: BTreeMap<&String, Option<String>> =
                        columns.iter().zip(values).collect();
                    let mut wanted = wanted.iter();
                    wanted.all(|(column, value)| found.get(column) == Some(value))
                };
                let files: BTreeSet<String> = existing.files.iter().filter(fits).cloned().collect();
                if files.is_empty() {
                    return Err(wrong("no row group is in such a partition".to_owned()));
                }
                Ok(files)
            }
            Self::RowGroups(positions) => row_groups(location, existing, positions),
        }
    }
}

fn row_groups(
    location: &str,
    existing: &Existing,
    positions: &[usize],
) -> Result<BTreeSet<String>, DatasetError> {
    let wrong = |reason: String| DatasetError::Selection {
        location: location.to_owned(),
        reason,
    };
    let groups = existing.footer.raw().row_groups();
    let chosen: BTreeSet<usize> = positions.iter().copied().collect();
    let mut files = BTreeSet::new();
    for position in &chosen {
        let file = groups.get(*position).and_then(|g| g.first_file_path());
        match file {
            Some(file) => files.insert(file.to_owned()),
            None => {
                let count = groups.len();
                return Err(wrong(format!(
                    "there is no row group {position}; there are {count}"
                )));
            }
        };
    }
    for (position, group) in groups.iter().enumerate() {
        let file = group.first_file_path().unwrap_or_default();
        if files.contains(file) && !chosen.contains(&position) {
            return Err(wrong(format!(
                "Not possible to remove row groups: {file} holds row group {position} as well"
            )));
        }
    }
    Ok(files)
}

/// The values of the partition columns of a file, outermost first, as they were before they were
/// escaped; `None` is null.
pub(crate) fn partition_values(layout: &Layout, file: &str) -> Vec<Option<String>> {
    let mut folders: Vec<&str> = file.split('/').collect();
    folders.pop();
    let value = |folder: &str| match (layout.scheme, folder.split_once('=')) {
        (Scheme::Hive, Some((_, HIVE_NULL))) => None,
        (Scheme::Hive, Some((_, value))) => Some(decode(value)),
        _ => Some(decode(folder)),
    };
    folders.into_iter().map(value).collect()
}
