//! A footer there and back: untouched, typed, and edited.

use crate::modules::{self, explain, same, there_and_back};
use crate::report::Report;
use crate::wire::{self, form};
use pq_format::{
    FileCryptoMetaData, FileMetaData, FormatError, MAGIC_ENCRYPTED, RawFooter, RowGroup, TAIL_LEN,
    decode, encode, footer_range,
};

const KEY: &str = "pq.lossless";
const PATH: &str = "some/where/part.0.parquet";

/// Checks a file; an error says what is wrong and where.
pub fn check(file: &[u8], report: &mut Report) -> Result<(), String> {
    let tail = file.get(file.len().saturating_sub(TAIL_LEN)..);
    let tail = tail.unwrap_or_default();
    let range = match footer_range(tail, file.len() as u64) {
        Ok(range) => range.start as usize..range.end as usize,
        Err(FormatError::Encrypted) => return encrypted(file, tail, report),
        Err(error) => return Err(error.to_string()),
    };
    let start = range.start;
    let place = |error: FormatError| format!("footer at byte {start}: {error}");
    let bytes = file.get(range).unwrap_or_default();
    let footer = RawFooter::parse(bytes).map_err(place)?;
    let mut same_bytes = Vec::new();
    footer.edit().encode(&mut same_bytes).map_err(place)?;
    report.tally("footers, edited but not changed", same_bytes == bytes);
    if same_bytes != bytes {
        return Err("an edit without changes changes the footer".to_owned());
    }

    let (metadata, used) = there_and_back::<FileMetaData>(file, start, "footers", report)?;
    agree(&footer, &metadata)?;
    if footer.is_signed() {
        report.signed += 1;
        let mut edit = footer.edit();
        edit.set_key_value(KEY, Some("x"));
        if edit.encode(&mut Vec::new()).is_ok() {
            return Err("an edit of a signed footer is not refused".to_owned());
        }
    } else {
        if used != bytes.len() {
            report.habit(wire::SIGNED);
        }
        key_value(&footer, &metadata, report).map_err(|error| format!("key-value: {error}"))?;
        row_groups(&footer, &metadata, report).map_err(|error| format!("row group: {error}"))?;
    }
    paths(&footer, report)?;
    modules::check(file, &metadata, report)
}

/// The one part of a file with an encrypted footer that can be read.
fn encrypted(file: &[u8], tail: &[u8], report: &mut Report) -> Result<(), String> {
    report.encrypted += 1;
    if !file.starts_with(&MAGIC_ENCRYPTED) {
        return Err("ends with PARE, but does not begin with it".to_owned());
    }
    let length = tail
        .first_chunk()
        .map_or(0, |length| u32::from_le_bytes(*length));
    let start = file.len().checked_sub(TAIL_LEN + length as usize);
    let start = start.ok_or("the encrypted footer is longer than the file")?;
    there_and_back::<FileCryptoMetaData>(file, start, "encrypted footers' heads", report)?;
    Ok(())
}

/// What the walk without decoding found is what is in the structs.
fn agree(footer: &RawFooter<'_>, metadata: &FileMetaData) -> Result<(), String> {
    let groups = footer.row_groups();
    let pairs = footer.key_values();
    let known = metadata.key_value_metadata.as_deref().unwrap_or_default();
    let equal = footer.num_rows() == metadata.num_rows
        && groups.len() == metadata.row_groups.len()
        && pairs.len() == known.len()
        && pairs.iter().zip(known).all(|(raw, typed)| {
            raw.key() == Some(typed.key.as_str()) && raw.value() == typed.value.as_deref()
        })
        && footer
            .schema()
            .is_ok_and(|schema| schema == metadata.schema)
        && groups.iter().zip(&metadata.row_groups).all(|(raw, typed)| {
            let paths = typed
                .columns
                .iter()
                .map(|column| column.file_path.as_deref());
            raw.num_rows() == typed.num_rows
                && raw.file_paths().is_ok_and(|raw| paths.eq(raw))
                && raw.decode().is_ok_and(|decoded| same(&decoded, typed))
        });
    match equal {
        true => Ok(()),
        false => Err("raw and typed footer differ".to_owned()),
    }
}

fn edited(
    bytes: &[u8],
    change: impl FnOnce(&mut pq_format::FooterEdit<'_>) -> Result<(), FormatError>,
) -> Result<Vec<u8>, String> {
    let edit = || {
        let mut edit = RawFooter::parse(bytes)?.edit();
        change(&mut edit)?;
        let mut out = Vec::new();
        edit.encode(&mut out)?;
        Ok(out)
    };
    edit().map_err(|error: FormatError| error.to_string())
}

/// A key-value comes and goes.
fn key_value(
    footer: &RawFooter<'_>,
    before: &FileMetaData,
    report: &mut Report,
) -> Result<(), String> {
    let added = edited(footer.bytes(), |edit| {
        edit.set_key_value(KEY, Some("x"));
        Ok(())
    })?;
    let (mut metadata, _) = decode::<FileMetaData>(&added).map_err(|error| error.to_string())?;
    let pairs = metadata.key_value_metadata.get_or_insert_default();
    let new = pairs.pop().ok_or("is not there")?;
    if new.key != KEY || new.value.as_deref() != Some("x") {
        return Err("is not the last".to_owned());
    }
    if before.key_value_metadata.is_none() && pairs.is_empty() {
        metadata.key_value_metadata = None;
    }
    if !same(&metadata, before) {
        return Err("its coming changes something else".to_owned());
    }
    let removed = edited(&added, |edit| {
        edit.set_key_value(KEY, None);
        Ok(())
    })?;
    // A list of none goes with its last key-value; nothing is lost by that.
    let none = before
        .key_value_metadata
        .as_ref()
        .is_some_and(Vec::is_empty);
    report.tally(
        "footers, a key-value added and removed",
        removed == footer.bytes(),
    );
    if none {
        report.habit("an empty list of key-values");
        return Ok(());
    }
    back(footer.bytes(), &removed, report)
}

/// A row group comes and goes, in one edit and in two.
fn row_groups(
    footer: &RawFooter<'_>,
    before: &FileMetaData,
    report: &mut Report,
) -> Result<(), String> {
    let count = footer.row_groups().len();
    let group = match footer.row_groups().first() {
        Some(group) => group.bytes().to_vec(),
        None => {
            let mut bytes = Vec::new();
            encode(&RowGroup::default(), &mut bytes).map_err(|error| error.to_string())?;
            bytes
        }
    };
    let added = edited(footer.bytes(), |edit| {
        edit.append_row_group(group.clone()).map(drop)
    })?;
    let (mut metadata, _) = decode::<FileMetaData>(&added).map_err(|error| error.to_string())?;
    let new = metadata.row_groups.pop().ok_or("is not there")?;
    let (expected, _) = decode::<RowGroup>(&group).map_err(|error| error.to_string())?;
    let sum: i64 = before.row_groups.iter().map(|group| group.num_rows).sum();
    if metadata.num_rows != sum + new.num_rows || !same(&new, &expected) {
        return Err("is not what was added".to_owned());
    }
    metadata.num_rows = before.num_rows;
    if !same(&metadata, before) {
        return Err("its coming changes something else".to_owned());
    }
    let in_two = edited(&added, |edit| {
        edit.retain_row_groups(|index| index < count);
        Ok(())
    })?;
    let in_one = edited(footer.bytes(), |edit| {
        edit.append_row_group(group)?;
        edit.retain_row_groups(|index| index < count);
        Ok(())
    })?;
    for removed in [in_one, in_two] {
        report.tally(
            "footers, a row group added and dropped",
            removed == footer.bytes(),
        );
        if sum == before.num_rows {
            back(footer.bytes(), &removed, report)?;
        } else {
            report.habit("a number of rows that is not the sum of the row groups'");
        }
    }
    Ok(())
}

/// The footer is what it was: in its bytes if their form is the plainest, else in its content.
fn back(before: &[u8], after: &[u8], report: &mut Report) -> Result<(), String> {
    let plain = form(before).is_some_and(|form| form.habits.is_empty());
    if plain && before != after {
        return Err("a footer in the plainest form is not what it was".to_owned());
    }
    explain(before, after, report)
}

/// Another file path changes the path and nothing else.
fn paths(footer: &RawFooter<'_>, report: &mut Report) -> Result<(), String> {
    for (index, group) in footer.row_groups().iter().enumerate() {
        let move_group = || {
            let moved = group.with_file_path(PATH)?;
            let mut expected = group.decode()?;
            for column in &mut expected.columns {
                column.file_path = Some(PATH.to_owned());
            }
            let mut bytes = Vec::new();
            let written = encode(&expected, &mut bytes);
            let (got, _) = decode::<RowGroup>(&moved)?;
            Ok((same(&got, &expected), written.map(|()| bytes == moved)))
        };
        let (equal, written) = move_group()
            .map_err(|error: FormatError| format!("path of row group {index}: {error}"))?;
        let identical = match written {
            Err(FormatError::Inconsistent { rule, .. }) => {
                report.habit(rule);
                false
            }
            written => written.map_err(|error| error.to_string())?,
        };
        report.tally("row groups, given a path", identical);
        if !equal {
            return Err(format!("a path changes row group {index}"));
        }
    }
    Ok(())
}
