//! `_metadata` and `_common_metadata`: files of a footer and nothing else.

use crate::error::DatasetError;
use crate::marker;
use crate::partition::PANDAS;
use pq_format::{FileMetaData, FooterEdit, FormatError, RawFooter, RawRowGroup, RowGroup};

/// Schema, key-values and the row groups of all parts.
pub(crate) const METADATA: &str = "_metadata";

/// Schema and key-values.
pub(crate) const COMMON_METADATA: &str = "_common_metadata";

/// The key-value that describes the rows of a file to readers of Arrow. It stays on append: what
/// it says of the rows that are there must not change.
pub(crate) const ARROW_SCHEMA: &str = "ARROW:schema";

/// The key-value that counts the commits that were more than an append; absent before the first.
/// Who does not find his parts, and the number as it was, knows that they never were there: nobody
/// has taken them away.
pub(crate) const REVISION: &str = "pq.revision";

/// The number of commits that were more than an append.
pub(crate) fn revision(footer: &RawFooter<'_>) -> u64 {
    let stated = footer.key_value(REVISION);
    stated.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Whether an append leaves this key-value as the data set has it, or without it.
pub(crate) fn is_kept(key: &str) -> bool {
    [ARROW_SCHEMA, PANDAS, marker::KEY, REVISION].contains(&key)
}

/// The key-values that parts have which are appended to a data set of this metadata: those that
/// it has, and those given. Readers that look into the parts then find the same in each.
pub(crate) fn joined_key_values(
    existing: &RawFooter<'_>,
    given: &[(String, String)],
) -> Vec<(String, String)> {
    let given: Vec<_> = given.iter().filter(|(key, _)| !is_kept(key)).collect();
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    existing
        .key_values()
        .iter()
        .filter_map(|key_value| Some(pair(key_value.key()?, key_value.value()?)))
        .filter(|(key, _)| key != REVISION && given.iter().all(|(other, _)| other != key))
        .chain(given.iter().map(|(key, value)| pair(key, value)))
        .collect()
}

/// The footer of this metadata.
pub(crate) fn new_footer(metadata: &FileMetaData) -> Result<Vec<u8>, FormatError> {
    let mut encoded = Vec::new();
    pq_format::encode(metadata, &mut encoded)?;
    Ok(encoded)
}

/// The footer `existing` with more row groups and key-values; what it has stays as the bytes
/// that it is.
pub(crate) fn extended_footer(
    existing: &RawFooter<'_>,
    row_groups: &[RowGroup],
    key_values: &[(String, String)],
) -> Result<Vec<u8>, FormatError> {
    let mut edit = existing.edit();
    let encoded = row_groups.iter().map(|row_group| {
        let mut encoded = Vec::new();
        pq_format::encode(row_group, &mut encoded)?;
        Ok(encoded)
    });
    append_row_groups(existing, encoded, &mut edit)?;
    for (key, value) in key_values {
        if !is_kept(key) && existing.key_value(key) != Some(value) {
            edit.set_key_value(key, Some(value));
        }
    }
    let mut out = Vec::new();
    edit.encode(&mut out)?;
    Ok(out)
}

/// Adds encoded row groups. Where those of the footer are numbered the new ones are, too: some
/// readers refuse files of which only some are.
pub(crate) fn append_row_groups(
    footer: &RawFooter<'_>,
    row_groups: impl Iterator<Item = Result<Vec<u8>, FormatError>>,
    edit: &mut FooterEdit<'_>,
) -> Result<(), FormatError> {
    let is_numbered = match footer.row_groups().first() {
        Some(row_group) => row_group.decode()?.ordinal.is_some(),
        None => false,
    };
    for row_group in row_groups {
        let row_group = row_group?;
        if is_numbered {
            let ordinal = i16::try_from(edit.num_row_groups()).ok();
            edit.append_row_group(RawRowGroup::parse(&row_group)?.with_ordinal(ordinal)?)?;
        } else {
            edit.append_row_group(row_group)?;
        }
    }
    Ok(())
}

/// Errors of making metadata, with the file they belong to.
pub(crate) fn at<T>(location: &str, result: Result<T, FormatError>) -> Result<T, DatasetError> {
    result.map_err(|source| DatasetError::Format {
        location: location.to_owned(),
        source,
    })
}
