//! `_metadata` and `_common_metadata`: files of a footer and nothing else.

use crate::error::DatasetError;
use crate::marker;
use pq_format::{FileMetaData, FormatError, MAGIC, RawFooter, append_footer};

/// Schema, key-values and the row groups of all parts.
pub(crate) const METADATA: &str = "_metadata";

/// Schema and key-values.
pub(crate) const COMMON_METADATA: &str = "_common_metadata";

/// The key-value that describes the rows of a file to readers of Arrow. It stays on append: what
/// it says of the rows that are there must not change.
const ARROW_SCHEMA: &str = "ARROW:schema";

/// A footer of `metadata` with these row groups, encoded, behind those that it has.
pub(crate) fn new_footer(
    metadata: &FileMetaData,
    row_groups: &[Vec<u8>],
) -> Result<Vec<u8>, FormatError> {
    let mut encoded = Vec::new();
    pq_format::encode(metadata, &mut encoded)?;
    let mut edit = RawFooter::parse(&encoded)?.edit();
    for row_group in row_groups {
        edit.append_row_group(row_group.clone())?;
    }
    let mut out = Vec::new();
    edit.encode(&mut out)?;
    Ok(out)
}

/// The footer `existing` with more row groups and key-values; what it has stays as the bytes
/// that it is.
pub(crate) fn extended_footer(
    existing: &[u8],
    row_groups: &[Vec<u8>],
    key_values: &[(String, String)],
) -> Result<Vec<u8>, FormatError> {
    let footer = RawFooter::parse(existing)?;
    let mut edit = footer.edit();
    for row_group in row_groups {
        edit.append_row_group(row_group.clone())?;
    }
    for (key, value) in key_values {
        if key != ARROW_SCHEMA && key != marker::KEY && footer.key_value(key) != Some(value) {
            edit.set_key_value(key, Some(value));
        }
    }
    let mut out = Vec::new();
    edit.encode(&mut out)?;
    Ok(out)
}

/// The same footer without row groups.
pub(crate) fn without_row_groups(footer: &[u8]) -> Result<Vec<u8>, FormatError> {
    let raw = RawFooter::parse(footer)?;
    let mut edit = raw.edit();
    edit.retain_row_groups(|_| false);
    let mut out = Vec::new();
    edit.encode(&mut out)?;
    Ok(out)
}

/// A file of nothing but this footer.
pub(crate) fn metadata_file(footer: &[u8]) -> Result<Vec<u8>, FormatError> {
    let mut file = MAGIC.to_vec();
    append_footer(footer, &mut file)?;
    Ok(file)
}

/// Errors of making metadata, with the file they belong to.
pub(crate) fn at<T>(location: &str, result: Result<T, FormatError>) -> Result<T, DatasetError> {
    result.map_err(|source| DatasetError::Format {
        location: location.to_owned(),
        source,
    })
}
