//! A row group whose bytes lie elsewhere in a file, or whose columns stand in another order.

use super::row_group::RawRowGroup;
use super::{FieldSpan, expect_code, open_list, slice, walk_field};
use crate::compact::{CompactReader, push_varint};
use crate::error::{FormatError, Malformed};
use crate::protocol::code;
use pq_encoding::zigzag;

/// An integer of a row group that says where bytes are in the file, and for column chunks of
/// which column, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FilePlace {
    /// `RowGroup.file_offset`.
    RowGroup,
    /// `ColumnChunk.file_offset`.
    Chunk(usize),
    /// `ColumnMetaData.data_page_offset`.
    DataPage(usize),
    /// `ColumnMetaData.index_page_offset`.
    IndexPage(usize),
    /// `ColumnMetaData.dictionary_page_offset`.
    DictionaryPage(usize),
    /// `ColumnMetaData.bloom_filter_offset`.
    BloomFilter(usize),
    /// `ColumnChunk.offset_index_offset`.
    OffsetIndex(usize),
    /// `ColumnChunk.offset_index_length`: an offset index that is moved may get longer, for it
    /// has offsets in it.
    OffsetIndexLength(usize),
    /// `ColumnChunk.column_index_offset`.
    ColumnIndex(usize),
}

/// Ids of the fields of `RowGroup`.
mod group {
    pub(super) const COLUMNS: i16 = 1;
    pub(super) const SORTING_COLUMNS: i16 = 4;
    pub(super) const FILE_OFFSET: i16 = 5;
}

/// Id of `ColumnChunk.meta_data`.
const META_DATA: i16 = 3;

/// Id of `SortingColumn.column_idx`.
const COLUMN_INDEX: i16 = 1;

/// The place that a field of `ColumnChunk` states.
fn of_chunk(id: i16, column: usize) -> Option<FilePlace> {
    Some(match id {
        2 => FilePlace::Chunk(column),
        4 => FilePlace::OffsetIndex(column),
        5 => FilePlace::OffsetIndexLength(column),
        6 => FilePlace::ColumnIndex(column),
        _ => return None,
    })
}

/// The place that a field of `ColumnMetaData` states.
fn of_meta_data(id: i16, column: usize) -> Option<FilePlace> {
    Some(match id {
        9 => FilePlace::DataPage(column),
        10 => FilePlace::IndexPage(column),
        11 => FilePlace::DictionaryPage(column),
        14 => FilePlace::BloomFilter(column),
        _ => return None,
    })
}

impl RawRowGroup<'_> {
    /// The row group with other places: each that it states goes through `place`, which gives the
    /// new one, or `None` to take the field away. All other bytes stay what they are, those of
    /// fields that nobody knows among them.
    ///
    /// # Errors
    ///
    /// [`FormatError::FieldType`] if a place is no integer; [`FormatError::Malformed`] for a length
    /// beyond 2³¹ − 1.
    pub fn with_places(
        &self,
        mut place: impl FnMut(FilePlace, i64) -> Option<i64>,
    ) -> Result<Vec<u8>, FormatError> {
        let bytes = self.bytes();
        let mut out = Vec::with_capacity(bytes.len() + 64);
        copy_struct(
            bytes,
            &mut out,
            &mut |span, previous_id, out| match span.id {
                group::COLUMNS => {
                    span.copy_header(bytes, previous_id, out);
                    let mut column = 0;
                    copy_list(slice(bytes, span.value..span.end), out, |chunk, out| {
                        copy_chunk(chunk, column, out, &mut place)?;
                        column += 1;
                        Ok(())
                    })
                    .map_err(|error| error.in_field("columns"))
                }
                group::FILE_OFFSET => put(bytes, span, previous_id, out, |offset| {
                    place(FilePlace::RowGroup, offset)
                })
                .map_err(|error| error.in_field("file_offset")),
                _ => {
                    span.copy(bytes, previous_id, out);
                    Ok(())
                }
            },
        )?;
        Ok(out)
    }

    /// The row group with its column chunks in another order: `order` has, for each position, the
    /// one where the chunk stood. The columns by which it is sorted are the same ones as before.
    /// All other bytes stay what they are.
    ///
    /// # Errors
    ///
    /// [`FormatError::Inconsistent`] unless `order` has every position once.
    pub fn with_column_order(&self, order: &[usize]) -> Result<Vec<u8>, FormatError> {
        let bytes = self.bytes();
        let chunks = self.column_chunks();
        let mut new_positions = vec![None; chunks.len()];
        for (new, old) in order.iter().enumerate() {
            if let Some(position) = new_positions.get_mut(*old) {
                *position = Some(new);
            }
        }
        if order.len() != chunks.len() || new_positions.contains(&None) {
            let rule = "an order of columns has each position once";
            return Err(FormatError::inconsistent("columns", rule));
        }
        let mut out = Vec::with_capacity(bytes.len());
        copy_struct(bytes, &mut out, &mut |span, previous_id, out| {
            let value = slice(bytes, span.value..span.end);
            match span.id {
                group::COLUMNS => {
                    span.copy_header(bytes, previous_id, out);
                    let mut order = order.iter();
                    copy_list(value, out, |_, out| {
                        let chunk = order.next().and_then(|old| chunks.get(*old));
                        out.extend_from_slice(chunk.copied().unwrap_or_default());
                        Ok(())
                    })
                    .map_err(|error| error.in_field("columns"))
                }
                group::SORTING_COLUMNS => {
                    span.copy_header(bytes, previous_id, out);
                    copy_list(value, out, |sorting, out| {
                        copy_struct(sorting, out, &mut |span, previous_id, out| {
                            if span.id != COLUMN_INDEX {
                                span.copy(sorting, previous_id, out);
                                return Ok(());
                            }
                            put(sorting, span, previous_id, out, |old| {
                                let new = new_positions.get(usize::try_from(old).ok()?)?;
                                (*new).and_then(|new| i64::try_from(new).ok())
                            })
                        })
                    })
                    .map_err(|error| error.in_field("sorting_columns"))
                }
                _ => {
                    span.copy(bytes, previous_id, out);
                    Ok(())
                }
            }
        })?;
        Ok(out)
    }
}

fn copy_chunk(
    chunk: &[u8],
    column: usize,
    out: &mut Vec<u8>,
    place: &mut impl FnMut(FilePlace, i64) -> Option<i64>,
) -> Result<(), FormatError> {
    copy_struct(chunk, out, &mut |span, previous_id, out| {
        if span.id == META_DATA {
            expect_code(code::STRUCT, span.code).map_err(|error| error.in_field("meta_data"))?;
            span.copy_header(chunk, previous_id, out);
            let meta_data = slice(chunk, span.value..span.end);
            return copy_struct(
                meta_data,
                out,
                &mut |span, previous_id, out| match of_meta_data(span.id, column) {
                    Some(of) => put(meta_data, span, previous_id, out, |at| place(of, at)),
                    None => {
                        span.copy(meta_data, previous_id, out);
                        Ok(())
                    }
                },
            )
            .map_err(|error| error.in_field("meta_data"));
        }
        match of_chunk(span.id, column) {
            Some(of) => put(chunk, span, previous_id, out, |at| place(of, at)),
            None => {
                span.copy(chunk, previous_id, out);
                Ok(())
            }
        }
    })
}

/// Copies a field behind the one of this id, or what takes its place.
type CopyField<'f> =
    &'f mut dyn FnMut(&FieldSpan, &mut i16, &mut Vec<u8>) -> Result<(), FormatError>;

/// Copies a struct; `field` copies each of its fields, or what takes its place.
fn copy_struct(bytes: &[u8], out: &mut Vec<u8>, field: CopyField<'_>) -> Result<(), FormatError> {
    let mut reader = CompactReader::new(bytes);
    reader.open()?;
    let (mut previous_id, mut written_id, mut end) = (0, 0, 0);
    while let Some(span) = walk_field(&mut reader, previous_id, |reader, _, code| {
        Ok(reader.skip_field(code)?)
    })? {
        previous_id = span.id;
        end = span.end;
        field(&span, &mut written_id, out)?;
    }
    // What ends it.
    out.extend_from_slice(slice(bytes, end..reader.position()));
    Ok(())
}

/// Copies a list of structs; `element` copies each, or what takes its place.
fn copy_list(
    bytes: &[u8],
    out: &mut Vec<u8>,
    mut element: impl FnMut(&[u8], &mut Vec<u8>) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let mut reader = CompactReader::new(bytes);
    let count = open_list(&mut reader)?;
    out.extend_from_slice(slice(bytes, 0..reader.position()));
    for index in 0..count {
        let start = reader.position();
        reader.skip_element(code::STRUCT)?;
        let bytes = slice(bytes, start..reader.position());
        element(bytes, out).map_err(|error| error.in_element(index))?;
    }
    Ok(())
}

/// Copies a field that is an integer, with the value that `new` gives; without one, not at all.
fn put(
    bytes: &[u8],
    span: &FieldSpan,
    previous_id: &mut i16,
    out: &mut Vec<u8>,
    new: impl FnOnce(i64) -> Option<i64>,
) -> Result<(), FormatError> {
    if span.code != code::I32 && span.code != code::I64 {
        return Err(FormatError::field_type(code::I64, span.code));
    }
    let old = CompactReader::new(slice(bytes, span.value..span.end)).take_i64()?;
    match new(old) {
        None => {}
        Some(new) if new == old => span.copy(bytes, previous_id, out),
        Some(new) => {
            if span.code == code::I32 && i32::try_from(new).is_err() {
                return Err(Malformed::Integer { offset: span.value }.into());
            }
            span.copy_header(bytes, previous_id, out);
            push_varint(zigzag::encode_i64(new), out);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
