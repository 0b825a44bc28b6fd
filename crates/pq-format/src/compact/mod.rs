//! Thrift's compact protocol over slices, and its type codes.

mod input;
mod read;
mod write;

pub use read::{CompactReader, MAX_DEPTH};
pub use write::CompactWriter;
pub(crate) use write::{field_header, list_header, push_varint};

use crate::error::FormatError;
use crate::value::ThriftStruct;
use thrift::protocol::TType;

/// Appends a struct to `out` in thrift's compact protocol.
///
/// # Errors
///
/// [`FormatError::TooLong`] if a list or string has more than 2³¹ − 1 elements
/// or bytes; `out` then ends with a part of the struct.
pub fn encode<T: ThriftStruct>(value: &T, out: &mut Vec<u8>) -> Result<(), FormatError> {
    value.write(&mut CompactWriter::new(out))
}

/// Reads a struct from the start of `bytes`; returns it with the number of
/// bytes it took. Bytes after the struct are not looked at.
///
/// Memory stays in proportion to the bytes: no count is believed before the
/// bytes behind it are there.
///
/// # Errors
///
/// [`FormatError::Malformed`], [`FormatError::MissingField`],
/// [`FormatError::FieldType`] or [`FormatError::UnionMembers`], each with the
/// path of the field.
pub fn decode<T: ThriftStruct>(bytes: &[u8]) -> Result<(T, usize), FormatError> {
    let mut reader = CompactReader::new(bytes);
    let value = T::read(&mut reader)?;
    Ok((value, reader.position()))
}

/// Codes of types in the compact protocol.
pub(crate) mod code {
    pub(crate) const STOP: u8 = 0;
    pub(crate) const TRUE: u8 = 1;
    pub(crate) const FALSE: u8 = 2;
    pub(crate) const I8: u8 = 3;
    pub(crate) const I16: u8 = 4;
    pub(crate) const I32: u8 = 5;
    pub(crate) const I64: u8 = 6;
    pub(crate) const DOUBLE: u8 = 7;
    pub(crate) const BINARY: u8 = 8;
    pub(crate) const LIST: u8 = 9;
    pub(crate) const SET: u8 = 10;
    pub(crate) const MAP: u8 = 11;
    pub(crate) const STRUCT: u8 = 12;
    pub(crate) const UUID: u8 = 13;
}

/// The thrift type of a code; `None` for codes that do not exist.
pub(crate) fn type_of_code(code: u8) -> Option<TType> {
    Some(match code {
        code::STOP => TType::Stop,
        code::TRUE | code::FALSE => TType::Bool,
        code::I8 => TType::I08,
        code::I16 => TType::I16,
        code::I32 => TType::I32,
        code::I64 => TType::I64,
        code::DOUBLE => TType::Double,
        code::BINARY => TType::String,
        code::LIST => TType::List,
        code::SET => TType::Set,
        code::MAP => TType::Map,
        code::STRUCT => TType::Struct,
        code::UUID => TType::Uuid,
        _ => return None,
    })
}

/// The code of a thrift type; `None` for types the protocol does not have.
/// Booleans get the code of `true`.
pub(crate) fn code_of_type(field_type: TType) -> Option<u8> {
    Some(match field_type {
        TType::Stop => code::STOP,
        TType::Bool => code::TRUE,
        TType::I08 => code::I8,
        TType::I16 => code::I16,
        TType::I32 => code::I32,
        TType::I64 => code::I64,
        TType::Double => code::DOUBLE,
        TType::String => code::BINARY,
        TType::List => code::LIST,
        TType::Set => code::SET,
        TType::Map => code::MAP,
        TType::Struct => code::STRUCT,
        TType::Uuid => code::UUID,
        TType::Void | TType::Utf7 => return None,
    })
}

/// The name of a thrift type, as the IDL spells it.
pub(crate) fn type_name(field_type: TType) -> &'static str {
    match field_type {
        TType::Stop => "stop",
        TType::Void => "void",
        TType::Bool => "bool",
        TType::I08 => "i8",
        TType::I16 => "i16",
        TType::I32 => "i32",
        TType::I64 => "i64",
        TType::Double => "double",
        TType::String => "binary",
        TType::Utf7 => "utf7",
        TType::List => "list",
        TType::Set => "set",
        TType::Map => "map",
        TType::Struct => "struct",
        TType::Uuid => "uuid",
    }
}

#[cfg(test)]
pub(crate) mod tests;
