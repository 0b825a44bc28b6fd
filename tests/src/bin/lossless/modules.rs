//! A struct of any kind there and back, and the structs that a footer names by their offsets.

use crate::report::Report;
use crate::wire::{self, form};
use pq_format::{
    BloomFilterHeader, ColumnChunk, ColumnIndex, ColumnMetaData, FileMetaData, FormatError,
    OffsetIndex, PageHeader, ThriftStruct, decode, encode,
};
use std::fmt::Debug;

/// Equal, or not a number in the same places.
pub fn same<T: PartialEq + Debug>(a: &T, b: &T) -> bool {
    a == b || format!("{a:?}") == format!("{b:?}")
}

/// Reads the struct at `offset`, writes it and reads it again. Returns it with the bytes it took.
pub fn there_and_back<T: ThriftStruct + PartialEq + Debug>(
    file: &[u8],
    offset: usize,
    what: &'static str,
    report: &mut Report,
) -> Result<(T, usize), String> {
    let place = |text: String| format!("{what}, byte {offset}: {text}");
    let bytes = file
        .get(offset..)
        .ok_or_else(|| place("not in the file".to_owned()))?;
    let (value, used) = decode::<T>(bytes).map_err(|error| place(error.to_string()))?;
    let mut written = Vec::new();
    match encode(&value, &mut written) {
        // What is wrong with others' structs is read, but not written.
        Err(FormatError::Inconsistent { rule, .. }) => {
            report.tally(what, false);
            report.habit(rule);
            return Ok((value, used));
        }
        written => written.map_err(|error| place(error.to_string()))?,
    }
    let (again, length) = decode::<T>(&written).map_err(|error| place(error.to_string()))?;
    if length != written.len() || !same(&value, &again) {
        return Err(place("is another struct when read again".to_owned()));
    }
    let bytes = bytes.get(..used).unwrap_or_default();
    report.tally(what, written == bytes);
    explain(bytes, &written, report).map_err(place)?;
    Ok((value, used))
}

/// Says why two encodings differ; an error if they differ in what they say.
pub fn explain(before: &[u8], after: &[u8], report: &mut Report) -> Result<(), String> {
    if before == after {
        return Ok(());
    }
    let (Some(old), Some(new)) = (form(before), form(after)) else {
        return Err("is no struct".to_owned());
    };
    let at = before.iter().zip(after).position(|(a, b)| a != b);
    let at = at.unwrap_or(before.len().min(after.len()));
    if old.content != new.content {
        return Err(format!("its content changes, first at byte {at} of it"));
    }
    match old.habits.difference(&new.habits).next() {
        Some(_) => old.habits.iter().for_each(|habit| report.habit(habit)),
        None => report.habit(wire::EMPTY_LIST),
    }
    Ok(())
}

/// Reads everything that the footer says is in the file.
pub fn check(file: &[u8], metadata: &FileMetaData, report: &mut Report) -> Result<(), String> {
    for (index, group) in metadata.row_groups.iter().enumerate() {
        for (column, chunk) in group.columns.iter().enumerate() {
            column_chunk(file, chunk, report)
                .map_err(|error| format!("row group {index}, column {column}: {error}"))?;
        }
    }
    Ok(())
}

fn column_chunk(file: &[u8], chunk: &ColumnChunk, report: &mut Report) -> Result<(), String> {
    if chunk.file_path.is_some() {
        report.note("in another file, not looked at");
        return Ok(());
    }
    if chunk.crypto_metadata.is_some() {
        report.note("encrypted, not looked at");
        return Ok(());
    }
    let Some(metadata) = &chunk.meta_data else {
        return Err("has no metadata".to_owned());
    };
    pages(file, metadata, report)?;
    if let Some(at) = chunk.column_index_offset {
        let length = chunk.column_index_length;
        index::<ColumnIndex>(file, at, length, "column indexes", report)?;
    }
    if let Some(at) = chunk.offset_index_offset {
        let length = chunk.offset_index_length;
        index::<OffsetIndex>(file, at, length, "offset indexes", report)?;
    }
    if let Some(at) = metadata.bloom_filter_offset {
        let what = "Bloom filter headers";
        let (header, used) = there_and_back::<BloomFilterHeader>(file, place(at)?, what, report)?;
        let length = used as i64 + i64::from(header.num_bytes);
        if let Some(stated) = metadata.bloom_filter_length
            && length != i64::from(stated)
        {
            return Err(format!("Bloom filter of {length} bytes, {stated} stated"));
        }
    }
    Ok(())
}

fn pages(file: &[u8], metadata: &ColumnMetaData, report: &mut Report) -> Result<(), String> {
    // Some writers say 0 where there is no dictionary, or nothing but a dictionary.
    let dictionary = metadata.dictionary_page_offset.unwrap_or(0);
    let first = [dictionary, metadata.data_page_offset]
        .into_iter()
        .filter(|offset| *offset > 0)
        .min();
    let Some(first) = first else {
        report.note("without pages");
        return Ok(());
    };
    let mut at = place(first)?;
    let end = at
        .checked_add(place(metadata.total_compressed_size)?)
        .ok_or("pages without end")?;
    while at < end {
        let (header, used) = there_and_back::<PageHeader>(file, at, "page headers", report)?;
        at = usize::try_from(header.compressed_page_size)
            .ok()
            .and_then(|length| at.checked_add(used)?.checked_add(length))
            .filter(|end| *end <= file.len())
            .ok_or_else(|| format!("the page at byte {at} is longer than the file"))?;
    }
    if at != end {
        report.note("whose pages end behind where the footer says");
    }
    Ok(())
}

fn index<T: ThriftStruct + PartialEq + Debug>(
    file: &[u8],
    offset: i64,
    length: Option<i32>,
    what: &'static str,
    report: &mut Report,
) -> Result<(), String> {
    let (_, used) = there_and_back::<T>(file, place(offset)?, what, report)?;
    match length.map(i64::from) {
        Some(length) if length != used as i64 => Err(format!(
            "{what}, byte {offset}: {used} bytes, {length} stated"
        )),
        _ => Ok(()),
    }
}

fn place(offset: i64) -> Result<usize, String> {
    usize::try_from(offset).map_err(|_| format!("an offset or length of {offset}"))
}
