//! Thrift's compact protocol over slices.

mod read;
mod skip;
mod write;

pub use read::{CompactReader, MAX_DEPTH};
pub use write::CompactWriter;
pub(crate) use write::{check_length, field_header, list_header, push_varint};

use crate::error::FormatError;
use crate::value::ThriftStruct;

/// Appends a struct to `out` in thrift's compact protocol.
///
/// # Errors
///
/// [`FormatError::Inconsistent`] if a struct in it breaks a rule of the specification, with the
/// path of the field; [`FormatError::TooLong`] if a list or string has more than 2³¹ − 1
/// elements or bytes. `out` is then what it was.
pub fn encode<T: ThriftStruct>(value: &T, out: &mut Vec<u8>) -> Result<(), FormatError> {
    let start = out.len();
    let written = value.write(&mut CompactWriter::new(out));
    if written.is_err() {
        out.truncate(start);
    }
    written
}

/// Reads a struct from the start of `bytes`; returns it with the number of
/// bytes it took. Bytes after the struct are not looked at.
///
/// Memory stays below 16 times the bytes and 64 MiB.
///
/// # Errors
///
/// [`FormatError::Malformed`], [`FormatError::MissingField`],
/// [`FormatError::FieldType`] or [`FormatError::UnionMembers`], each with the
/// path of the field.
pub fn decode<T: ThriftStruct>(bytes: &[u8]) -> Result<(T, usize), FormatError> {
    let mut reader = CompactReader::new(bytes);
    let mut value = T::default();
    value.read(&mut reader)?;
    Ok((value, reader.position()))
}

#[cfg(test)]
pub(crate) mod tests;
