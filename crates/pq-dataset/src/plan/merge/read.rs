//! Which files are meant, and their footers.

use super::Input;
use crate::error::DatasetError;
use crate::footer::Footer;
use crate::metadata_files::at;
use pq_store::{Store, StorePath};
use std::cmp::Ordering;
use std::collections::HashSet;

/// The files that [`Dataset::merge`](crate::Dataset::merge) takes of these paths, each once: as they
/// are given, and those in directories by name, numbers in names by their value. Of a directory,
/// what begins with a dot or an underscore is left out, and what is not called `.parquet` or the
/// like.
///
/// # Errors
///
/// A path where no file is, nor below; what the store says.
pub async fn data_files(
    store: &dyn Store,
    paths: &[StorePath],
) -> Result<Vec<StorePath>, DatasetError> {
    let mut files = Vec::new();
    let mut known = HashSet::new();
    for path in paths {
        let entries = store.list(path).await?;
        let is_file = entries.iter().any(|entry| entry.path == *path);
        let mut found: Vec<StorePath> = entries.into_iter().map(|entry| entry.path).collect();
        if !is_file {
            found.retain(|file| is_data(file.strip_prefix(path).unwrap_or_default()));
            found.sort_by(by_name);
        }
        if found.is_empty() {
            return Err(DatasetError::NotFound {
                location: store.describe(path),
            });
        }
        files.extend(found.into_iter().filter(|file| known.insert(file.clone())));
    }
    Ok(files)
}

/// Whether a file of a directory, by its path in it, is one of rows: readers pass over what
/// begins with a dot or an underscore.
pub(crate) fn is_data(relative: &str) -> bool {
    let hidden =
        |name: &str| name.starts_with('.') || (name.starts_with('_') && !name.contains('='));
    let name = relative.rsplit('/').next().unwrap_or_default();
    !relative.split('/').any(hidden) && name.contains(".parq")
}

/// By folder and name, numbers in them by their value.
pub(crate) fn by_name(one: &StorePath, other: &StorePath) -> Ordering {
    natural(one.as_str(), other.as_str())
}

fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let (Some(a), Some(b)) = (left.chars().next(), right.chars().next()) else {
            // Equal but for zeros in front of numbers: any order that is always the same.
            return left.len().cmp(&right.len()).then_with(|| one.cmp(other));
        };
        if a.is_ascii_digit() && b.is_ascii_digit() {
            let (x, after) = number(left);
            let (y, behind) = number(right);
            let order = x.len().cmp(&y.len()).then_with(|| x.cmp(y));
            if order != Ordering::Equal {
                return order;
            }
            (left, right) = (after, behind);
            continue;
        }
        if a != b {
            return a.cmp(&b);
        }
        left = left.get(a.len_utf8()..).unwrap_or_default();
        right = right.get(b.len_utf8()..).unwrap_or_default();
    }
}

/// The digits at the start, without zeros in front, and what follows.
fn number(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.trim_start_matches('0'), rest)
}

/// Reads the footers.
pub(super) async fn footers(
    store: &dyn Store,
    files: Vec<StorePath>,
) -> Result<Vec<Input>, DatasetError> {
    let mut inputs = Vec::with_capacity(files.len());
    for path in files {
        inputs.push(input(store, path).await?);
    }
    Ok(inputs)
}

/// Reads the footer of a file of rows.
pub(crate) async fn input(store: &dyn Store, path: StorePath) -> Result<Input, DatasetError> {
    let footer = Footer::read(store, &path).await?;
    let location = store.describe(&path);
    for group in footer.raw().row_groups() {
        if group.first_file_path().is_some() || !group.is_in_one_file() {
            at(&location, group.file_paths())?;
            return Err(DatasetError::NotADataset {
                location,
                reason: "the metadata of other files, not a file of rows".to_owned(),
            });
        }
    }
    Ok(Input { path, footer })
}

#[cfg(test)]
mod tests {
    use super::{is_data, natural};

    #[test]
    fn names_in_the_order_of_their_numbers() {
        let mut names = ["p10", "p9", "p", "p09", "q1", "p9b", "p9a10", "p9a9", "ü2"];
        names.sort_by(|one, other| natural(one, other));
        assert_eq!(
            names,
            ["p", "p09", "p9", "p9a9", "p9a10", "p9b", "p10", "q1", "ü2"]
        );
    }

    #[test]
    fn what_readers_pass_over() {
        for (path, is) in [
            ("a.parquet", true),
            ("k=1/b.parq", true),
            ("_k=1/b.parquet", true),
            ("part-0.snappy.parquet", true),
            ("_metadata", false),
            (".a.parquet.crc", false),
            ("_tmp/a.parquet", false),
            (".tmp/a.parquet", false),
            ("readme.txt", false),
        ] {
            assert_eq!(is_data(path), is, "{path}");
        }
    }
}
