//! Footers as spans of bytes: found in one pass, never decoded as a whole.

mod edit;
mod places;
mod row_group;
mod shape;

pub use edit::FooterEdit;
pub use places::FilePlace;
pub use row_group::{RawRowGroup, with_file_path};

use crate::compact::{CompactReader, decode};
use crate::error::{FormatError, Malformed};
use crate::metadata::FileMetaData;
use crate::protocol::{Input, code};
use crate::schema::SchemaElement;
use crate::value::Value;
use shape::Shapes;
use std::ops::Range;

/// Ids of the fields of `FileMetaData` that editing knows.
mod id {
    pub(super) const VERSION: i16 = 1;
    pub(super) const SCHEMA: i16 = 2;
    pub(super) const NUM_ROWS: i16 = 3;
    pub(super) const ROW_GROUPS: i16 = 4;
    pub(super) const KEY_VALUES: i16 = 5;
    pub(super) const COLUMN_ORDERS: i16 = 7;
    pub(super) const ENCRYPTION_ALGORITHM: i16 = 8;
    pub(super) const SIGNING_KEY: i16 = 9;
}

/// The metadata of a file, in the bytes it came in.
///
/// Parsing walks the bytes once and keeps a few words for each row group,
/// key-value and column; [`RawFooter::edit`] splices without touching the rest.
#[derive(Debug, Clone)]
pub struct RawFooter<'a> {
    bytes: &'a [u8],
    fields: Vec<FieldSpan>,
    num_rows: i64,
    row_groups: Vec<RawRowGroup<'a>>,
    key_values: Vec<RawKeyValue<'a>>,
}

/// A key-value of a footer, in the bytes it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawKeyValue<'a> {
    bytes: &'a [u8],
    key: &'a [u8],
    value: Option<&'a [u8]>,
}

/// A field in the bytes of a struct: its header is `header..value`, its value
/// `value..end`.
#[derive(Debug, Clone, Copy)]
struct FieldSpan {
    id: i16,
    code: u8,
    /// The id that the header counts from; `None` if it states the id itself.
    counts_from: Option<i16>,
    header: usize,
    value: usize,
    end: usize,
}

impl FieldSpan {
    /// Copies header and value to another place, after field `*previous_id`.
    fn copy(&self, bytes: &[u8], previous_id: &mut i16, out: &mut Vec<u8>) {
        self.copy_header(bytes, previous_id, out);
        out.extend_from_slice(slice(bytes, self.value..self.end));
    }

    /// Copies the header: as it is where it still means the same.
    fn copy_header(&self, bytes: &[u8], previous_id: &mut i16, out: &mut Vec<u8>) {
        match self.counts_from {
            Some(id) if id != *previous_id => {
                crate::compact::field_header(out, *previous_id, self.id, self.code);
            }
            _ => out.extend_from_slice(slice(bytes, self.header..self.value)),
        }
        *previous_id = self.id;
    }
}

/// A range of bytes that parsing has found; empty if it were out of bounds.
fn slice(bytes: &[u8], range: Range<usize>) -> &[u8] {
    bytes.get(range).unwrap_or_default()
}

/// Reads the header of the field after field `previous_id`, calls `value` to read its value, and
/// returns where both are. `None` at the end of the struct.
fn walk_field<'a>(
    reader: &mut CompactReader<'a>,
    previous_id: i16,
    value: impl FnOnce(&mut CompactReader<'a>, i16, u8) -> Result<(), FormatError>,
) -> Result<Option<FieldSpan>, FormatError> {
    let Some(field) = reader.take_field(previous_id)? else {
        return Ok(None);
    };
    let start = reader.position();
    value(reader, field.id, field.code)?;
    Ok(Some(FieldSpan {
        id: field.id,
        code: field.code,
        counts_from: (!field.absolute).then_some(previous_id),
        header: field.offset,
        value: start,
        end: reader.position(),
    }))
}

/// Checks the code of a known field.
fn expect_code(expected: u8, got: u8) -> Result<(), FormatError> {
    if expected == got {
        return Ok(());
    }
    Err(FormatError::field_type(expected, got))
}

/// Walks a list of structs that become `T`s in memory, each beside `more` bytes of others;
/// `element` reads one.
fn read_list<'a, T>(
    reader: &mut CompactReader<'a>,
    more: usize,
    mut element: impl FnMut(&mut CompactReader<'a>) -> Result<T, FormatError>,
) -> Result<Vec<T>, FormatError> {
    let count = open_list(reader)?;
    let mut elements = Vec::new();
    elements.reserve_exact(reader.charge(count, size_of::<T>() + more)?);
    walk_elements(reader, count, |reader| {
        elements.push(element(reader)?);
        Ok(())
    })?;
    Ok(elements)
}

/// Walks a list of structs; `element` reads one.
fn walk_list<'a>(
    reader: &mut CompactReader<'a>,
    element: impl FnMut(&mut CompactReader<'a>) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let count = open_list(reader)?;
    walk_elements(reader, count, element)
}

/// Begins a list of structs; returns their number.
fn open_list(reader: &mut CompactReader<'_>) -> Result<usize, FormatError> {
    let (element_code, count) = reader.open_list()?;
    if count > 0 {
        expect_code(code::STRUCT, element_code)?;
    }
    Ok(count)
}

/// Walks so many structs of a list, and ends it.
fn walk_elements<'a>(
    reader: &mut CompactReader<'a>,
    count: usize,
    mut element: impl FnMut(&mut CompactReader<'a>) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    for index in 0..count {
        element(reader).map_err(|error| error.in_element(index))?;
    }
    reader.close();
    Ok(())
}

/// The error for a field that was there before.
#[cold]
fn again(offset: usize, id: i16) -> FormatError {
    Malformed::DuplicateField { offset, id }.into()
}

impl<'a> RawFooter<'a> {
    /// Finds fields, row groups and key-values in a `FileMetaData` in the
    /// compact protocol. Bytes after it, such as the signature of a signed
    /// footer, are kept.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], also for a field that appears twice where
    /// that matters to an edit, [`FormatError::FieldType`] or
    /// [`FormatError::MissingField`]; values that editing does not need are
    /// walked but not checked.
    pub fn parse(metadata_thrift: &'a [u8]) -> Result<Self, FormatError> {
        let mut footer = Self {
            bytes: metadata_thrift,
            fields: Vec::with_capacity(9),
            num_rows: 0,
            row_groups: Vec::new(),
            key_values: Vec::new(),
        };
        let mut reader = CompactReader::new(metadata_thrift);
        reader.open()?;
        let mut previous_id = 0;
        while let Some(span) = walk_field(&mut reader, previous_id, |reader, id, code| {
            footer.walk_value(reader, id, code)
        })? {
            previous_id = span.id;
            if footer.field(span.id).is_some() {
                return Err(again(span.header, span.id));
            }
            footer.fields.push(span);
        }
        for (id, name) in [
            (id::VERSION, "version"),
            (id::SCHEMA, "schema"),
            (id::NUM_ROWS, "num_rows"),
            (id::ROW_GROUPS, "row_groups"),
        ] {
            footer
                .field(id)
                .ok_or_else(|| FormatError::missing_field(name))?;
        }
        Ok(footer)
    }

    fn walk_value(
        &mut self,
        reader: &mut CompactReader<'a>,
        id: i16,
        code: u8,
    ) -> Result<(), FormatError> {
        match id {
            id::NUM_ROWS => {
                expect_code(code::I64, code).map_err(|error| error.in_field("num_rows"))?;
                self.num_rows = reader.take_i64()?;
            }
            id::ROW_GROUPS => {
                expect_code(code::LIST, code)
                    .and_then(|()| {
                        let mut shapes = Shapes::default();
                        // The edit keeps an index.
                        self.row_groups = read_list(reader, size_of::<usize>(), |reader| {
                            RawRowGroup::walk(self.bytes, reader, &mut shapes)
                        })?;
                        Ok(())
                    })
                    .map_err(|error| error.in_field("row_groups"))?;
            }
            id::KEY_VALUES => {
                expect_code(code::LIST, code)
                    .and_then(|()| {
                        // The edit keeps one that may be new.
                        let more = 2 * size_of::<RawKeyValue<'_>>();
                        self.key_values = read_list(reader, more, |reader| {
                            RawKeyValue::walk(self.bytes, reader)
                        })?;
                        Ok(())
                    })
                    .map_err(|error| error.in_field("key_value_metadata"))?;
            }
            id::SCHEMA => {
                expect_code(code::LIST, code).map_err(|error| error.in_field("schema"))?;
                reader.skip_field(code)?;
            }
            id::VERSION => {
                expect_code(code::I32, code).map_err(|error| error.in_field("version"))?;
                reader.skip_field(code)?;
            }
            _ => reader.skip_field(code)?,
        }
        Ok(())
    }

    fn field(&self, id: i16) -> Option<&FieldSpan> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The bytes of the metadata, as given.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Number of rows that the footer states.
    #[must_use]
    pub fn num_rows(&self) -> i64 {
        self.num_rows
    }

    /// The row groups, in the footer's order.
    #[must_use]
    pub fn row_groups(&self) -> &[RawRowGroup<'a>] {
        &self.row_groups
    }

    /// The bytes of the schema: a list of `SchemaElement` in the compact
    /// protocol. Equal bytes are equal schemas.
    #[must_use]
    pub fn schema_bytes(&self) -> &'a [u8] {
        self.field(id::SCHEMA)
            .map_or(&[], |field| slice(self.bytes, field.value..field.end))
    }

    /// Decodes the schema.
    ///
    /// # Errors
    ///
    /// As [`decode`].
    pub fn schema(&self) -> Result<Vec<SchemaElement>, FormatError> {
        let mut reader = CompactReader::new(self.schema_bytes());
        let mut elements = Vec::new();
        Value::read(&mut elements, &mut reader).map_err(|error| error.in_field("schema"))?;
        Ok(elements)
    }

    /// The value of the first key-value with this key; `None` if there is
    /// none, it has no value, or its value is not UTF-8.
    #[must_use]
    pub fn key_value(&self, key: &str) -> Option<&'a str> {
        self.key_values
            .iter()
            .find(|entry| entry.key == key.as_bytes())?
            .value()
    }

    /// The key-values, in the footer's order.
    #[must_use]
    pub fn key_values(&self) -> &[RawKeyValue<'a>] {
        &self.key_values
    }

    /// Decodes the whole footer.
    ///
    /// # Errors
    ///
    /// As [`decode`].
    pub fn decode(&self) -> Result<FileMetaData, FormatError> {
        decode(self.bytes).map(|(metadata, _)| metadata)
    }

    /// Whether the footer is signed or its file has encrypted columns; such
    /// footers cannot be edited.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.field(id::ENCRYPTION_ALGORITHM).is_some() || self.field(id::SIGNING_KEY).is_some()
    }

    /// Begins an edit that so far changes nothing.
    #[must_use]
    pub fn edit(&self) -> FooterEdit<'a> {
        FooterEdit::new(self.clone())
    }
}

impl<'a> RawKeyValue<'a> {
    fn walk(bytes: &'a [u8], reader: &mut CompactReader<'a>) -> Result<Self, FormatError> {
        let start = reader.position();
        let (mut key, mut value) = (None, None);
        reader.open()?;
        let mut previous_id = 0;
        while let Some(field) = reader.take_field(previous_id)? {
            previous_id = field.id;
            let slot = match field.id {
                1 => &mut key,
                2 => &mut value,
                _ => {
                    reader.skip_field(field.code)?;
                    continue;
                }
            };
            if slot.is_some() {
                return Err(again(field.offset, field.id));
            }
            let name = if field.id == 1 { "key" } else { "value" };
            expect_code(code::BINARY, field.code).map_err(|error| error.in_field(name))?;
            *slot = Some(reader.take_binary()?);
        }
        reader.close();
        Ok(Self {
            bytes: slice(bytes, start..reader.position()),
            key: key.ok_or_else(|| FormatError::missing_field("key"))?,
            value,
        })
    }

    /// The `KeyValue` in the compact protocol.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The key; `None` if it is not UTF-8.
    #[must_use]
    pub fn key(&self) -> Option<&'a str> {
        std::str::from_utf8(self.key).ok()
    }

    /// The value; `None` if there is none or it is not UTF-8.
    #[must_use]
    pub fn value(&self) -> Option<&'a str> {
        std::str::from_utf8(self.value?).ok()
    }

    /// The bytes of the key.
    #[must_use]
    pub fn key_bytes(&self) -> &'a [u8] {
        self.key
    }

    /// The bytes of the value, if there is one.
    #[must_use]
    pub fn value_bytes(&self) -> Option<&'a [u8]> {
        self.value
    }
}

#[cfg(test)]
mod tests;
