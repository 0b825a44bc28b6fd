//! A row group as bytes, and the path of its column chunks.

use super::shape::Shapes;
use super::{FieldSpan, again, expect_code, slice, walk_field, walk_list};
use crate::compact::{CompactReader, check_length, decode, field_header, push_varint};
use crate::error::{FormatError, Malformed};
use crate::metadata::RowGroup;
use crate::protocol::code;
use pq_encoding::zigzag;

/// Id of `RowGroup.columns`.
const COLUMNS: i16 = 1;
/// Id of `RowGroup.num_rows`.
const NUM_ROWS: i16 = 3;
/// Id of `RowGroup.ordinal`.
const ORDINAL: i16 = 7;
/// Id of `ColumnChunk.file_path`.
pub(super) const FILE_PATH: i16 = 1;

/// A row group of a footer, in the bytes it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawRowGroup<'a> {
    bytes: &'a [u8],
    num_rows: i64,
    first_file_path: Option<&'a str>,
    is_in_one_file: bool,
}

impl<'a> RawRowGroup<'a> {
    /// Finds its way in a `RowGroup` in the compact protocol.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], also if bytes are left after it,
    /// [`FormatError::FieldType`] or [`FormatError::MissingField`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, FormatError> {
        // In a footer it stands in a list in a struct.
        let mut reader = CompactReader::new(bytes).inside(2);
        let row_group = Self::walk(bytes, &mut reader, &mut Shapes::default())?;
        let offset = reader.position();
        match bytes.len() - offset {
            0 => Ok(row_group),
            remaining => Err(Malformed::TrailingBytes { offset, remaining }.into()),
        }
    }

    pub(super) fn walk(
        bytes: &'a [u8],
        reader: &mut CompactReader<'a>,
        shapes: &mut Shapes,
    ) -> Result<Self, FormatError> {
        let start = reader.position();
        let (mut num_rows, mut columns) = (None, None);
        reader.open()?;
        let mut previous_id = 0;
        while let Some(field) = reader.take_field(previous_id)? {
            previous_id = field.id;
            match field.id {
                COLUMNS if columns.is_some() => return Err(again(field.offset, field.id)),
                NUM_ROWS if num_rows.is_some() => return Err(again(field.offset, field.id)),
                COLUMNS => {
                    let found = expect_code(code::LIST, field.code)
                        .and_then(|()| file_of_columns(bytes, reader, shapes))
                        .map_err(|error| error.in_field("columns"))?;
                    columns = Some(found);
                }
                NUM_ROWS => {
                    expect_code(code::I64, field.code)
                        .map_err(|error| error.in_field("num_rows"))?;
                    num_rows = Some(reader.take_i64()?);
                }
                _ => reader.skip_field(field.code)?,
            }
        }
        reader.close();
        let (first_file_path, is_in_one_file) =
            columns.ok_or_else(|| FormatError::missing_field("columns"))?;
        Ok(Self {
            bytes: slice(bytes, start..reader.position()),
            num_rows: num_rows.ok_or_else(|| FormatError::missing_field("num_rows"))?,
            first_file_path,
            is_in_one_file,
        })
    }

    /// The `RowGroup` in the compact protocol.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Number of rows.
    #[must_use]
    pub fn num_rows(&self) -> i64 {
        self.num_rows
    }

    /// The path of the first column chunk's file; `None` if that is the file
    /// of the footer, or if there are no columns.
    #[must_use]
    pub fn first_file_path(&self) -> Option<&'a str> {
        self.first_file_path
    }

    /// Whether all column chunks are in the file of [`first_file_path`](Self::first_file_path). What
    /// [`file_paths`](Self::file_paths) has an error for is not.
    #[must_use]
    pub fn is_in_one_file(&self) -> bool {
        self.is_in_one_file
    }

    /// The path of every column chunk's file, in the columns' order; `None` if it is the file of
    /// the footer.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`] or [`FormatError::FieldType`] if a path is no string.
    pub fn file_paths(&self) -> Result<Vec<Option<&'a str>>, FormatError> {
        let mut paths = Vec::new();
        walk_columns(self.bytes, |reader| {
            paths.push(walk_column_chunk(reader, |_| {})?);
            Ok(())
        })?;
        Ok(paths)
    }

    /// The `ColumnChunk`s in the compact protocol, in the columns' order.
    #[must_use]
    pub fn column_chunks(&self) -> Vec<&'a [u8]> {
        let mut chunks = Vec::new();
        // The bytes have been walked before, so this finds no error.
        let _ = walk_columns(self.bytes, |reader| {
            let start = reader.position();
            reader.skip_element(code::STRUCT)?;
            chunks.push(slice(self.bytes, start..reader.position()));
            Ok(())
        });
        chunks
    }

    /// Decodes the row group.
    ///
    /// # Errors
    ///
    /// As [`decode`].
    pub fn decode(&self) -> Result<RowGroup, FormatError> {
        decode(self.bytes).map(|(row_group, _)| row_group)
    }

    /// The row group with `path` as the file of every column chunk; all other
    /// bytes stay what they are.
    ///
    /// # Errors
    ///
    /// [`FormatError::TooLong`] if the path has more than 2³¹ − 1 bytes.
    pub fn with_file_path(&self, path: &str) -> Result<Vec<u8>, FormatError> {
        check_length(path.len()).map_err(|error| error.in_field("file_path"))?;
        let row_group = self.bytes;
        let mut out = Vec::with_capacity(row_group.len() + path.len().min(128) * 8);
        let mut fields = Vec::new();
        // Everything before this offset is in `out`.
        let mut copied = 0;
        walk_columns(row_group, |reader| {
            let start = reader.position();
            fields.clear();
            walk_column_chunk(reader, |span| fields.push(span))?;
            out.extend_from_slice(slice(row_group, copied..start));
            let mut previous_id = 0;
            if !fields.iter().any(|field| field.id == FILE_PATH) {
                field_header(&mut out, 0, FILE_PATH, code::BINARY);
                push_str(&mut out, path);
                previous_id = FILE_PATH;
            }
            for field in &fields {
                if field.id == FILE_PATH {
                    field.copy_header(row_group, &mut previous_id, &mut out);
                    push_str(&mut out, path);
                } else {
                    field.copy(row_group, &mut previous_id, &mut out);
                }
            }
            copied = fields.last().map_or(start, |field| field.end);
            Ok(())
        })?;
        out.extend_from_slice(slice(row_group, copied..row_group.len()));
        Ok(out)
    }

    /// The row group with this `ordinal`, or without one; all other bytes stay what they are.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`] if the bytes are no row group.
    pub fn with_ordinal(&self, ordinal: Option<i16>) -> Result<Vec<u8>, FormatError> {
        let bytes = self.bytes;
        let mut reader = CompactReader::new(bytes);
        reader.open()?;
        let mut out = Vec::with_capacity(bytes.len() + 4);
        let (mut read_id, mut written_id, mut end) = (0, 0, 0);
        let mut insert = ordinal;
        let push = |ordinal: i16, written_id: &mut i16, out: &mut Vec<u8>| {
            field_header(out, *written_id, ORDINAL, code::I16);
            push_varint(zigzag::encode_i64(ordinal.into()), out);
            *written_id = ORDINAL;
        };
        while let Some(field) = walk_field(&mut reader, read_id, |reader, _, code| {
            Ok(reader.skip_field(code)?)
        })? {
            read_id = field.id;
            end = field.end;
            if field.id >= ORDINAL
                && let Some(ordinal) = insert.take()
            {
                push(ordinal, &mut written_id, &mut out);
            }
            if field.id != ORDINAL {
                field.copy(bytes, &mut written_id, &mut out);
            }
        }
        if let Some(ordinal) = insert {
            push(ordinal, &mut written_id, &mut out);
        }
        out.extend_from_slice(slice(bytes, end..bytes.len()));
        Ok(out)
    }
}

/// Walks a list of column chunks; returns the path of the first, and whether it is that of all.
fn file_of_columns<'a>(
    bytes: &'a [u8],
    reader: &mut CompactReader<'a>,
    shapes: &mut Shapes,
) -> Result<(Option<&'a str>, bool), FormatError> {
    let (mut path, mut is_in_one_file) = (None, true);
    let mut column = 0;
    walk_list(reader, |reader| {
        if column == 0 {
            path = walk_column_chunk(reader, |_| {})?;
        } else {
            is_in_one_file &= shapes.skip(column - 1, bytes, reader, path)?;
        }
        column += 1;
        Ok(())
    })?;
    Ok((path, is_in_one_file))
}

/// Walks a column chunk; returns its path and shows each field's span.
pub(super) fn walk_column_chunk<'a>(
    reader: &mut CompactReader<'a>,
    mut show: impl FnMut(FieldSpan),
) -> Result<Option<&'a str>, FormatError> {
    let (mut path, mut paths) = (None, 0);
    reader.open()?;
    let mut previous_id = 0;
    while let Some(span) = walk_field(reader, previous_id, |reader, id, code| {
        if id == FILE_PATH {
            expect_code(code::BINARY, code)
                .and_then(|()| Ok(reader.take_str()?))
                .map(|found| path = Some(found))
                .map_err(|error| error.in_field("file_path"))
        } else {
            Ok(reader.skip_field(code)?)
        }
    })? {
        previous_id = span.id;
        // Which of two a reader follows is not ours to guess.
        paths += usize::from(span.id == FILE_PATH);
        if paths > 1 && span.id == FILE_PATH {
            return Err(again(span.header, span.id));
        }
        show(span);
    }
    reader.close();
    Ok(path)
}

/// Walks a row group; `column` reads each column chunk.
fn walk_columns<'a>(
    row_group: &'a [u8],
    mut column: impl FnMut(&mut CompactReader<'a>) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let mut reader = CompactReader::new(row_group);
    reader.open()?;
    let mut previous_id = 0;
    while let Some(field) = reader.take_field(previous_id)? {
        previous_id = field.id;
        if field.id == COLUMNS {
            expect_code(code::LIST, field.code)
                .and_then(|()| walk_list(&mut reader, &mut column))
                .map_err(|error| error.in_field("columns"))?;
        } else {
            reader.skip_field(field.code)?;
        }
    }
    let (offset, length) = (reader.position(), row_group.len());
    match length - offset {
        0 => Ok(()),
        remaining => Err(Malformed::TrailingBytes { offset, remaining }.into()),
    }
}

/// A `RowGroup` in the compact protocol with `path` as the file of every
/// column chunk (its `file_path`); all other bytes stay what they are.
///
/// # Errors
///
/// [`FormatError::Malformed`] or [`FormatError::FieldType`] if the bytes are
/// no row group, [`FormatError::TooLong`] if the path has more than 2³¹ − 1
/// bytes.
pub fn with_file_path(row_group: &[u8], path: &str) -> Result<Vec<u8>, FormatError> {
    RawRowGroup::parse(row_group)?.with_file_path(path)
}

/// Appends a string with its length.
pub(super) fn push_str(out: &mut Vec<u8>, text: &str) {
    push_varint(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}
