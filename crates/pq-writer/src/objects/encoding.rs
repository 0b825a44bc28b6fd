//! What the objects of a column become.

use super::Object;
use crate::error::WriteError;
use crate::schema::DataType;

/// What the objects of a column become.
///
/// A kind of object that does not fit is an error that names the row; nothing is rounded, cut or
/// turned into text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ObjectEncoding {
    /// Chosen by the first 10 objects that are not null: all text, all bytes, all lists and maps
    /// (JSON), all booleans, all integers (UInt if all are [`Object::UInt`], Int otherwise), all
    /// floats, all decimals. Text if all rows are null; an error if kinds are mixed.
    #[default]
    Infer,
    /// Text, from text.
    Utf8,
    /// Bytes, from bytes.
    Bytes,
    /// JSON, from any object but bytes and floats that are not finite; feature `json`. Integers
    /// and decimals keep every digit.
    Json,
    /// BSON, from maps; feature `bson`. Integers are stored in 32 bits where they fit, in 64
    /// otherwise.
    Bson,
    /// Booleans, from booleans.
    Bool,
    /// 64-bit signed integers, from integers.
    Int,
    /// 32-bit signed integers, from integers.
    Int32,
    /// 64-bit unsigned integers, from integers.
    UInt,
    /// Double-precision floats, from floats, and from integers that are exactly representable.
    Float,
    /// Decimals of one scale, from decimals and integers that it holds exactly.
    Decimal {
        /// Decimal digits, at least 1 and at most 76.
        precision: u8,
        /// Digits after the point, at most `precision`.
        scale: u8,
    },
}

impl ObjectEncoding {
    /// The encoding that gives columns of this type, so that later objects become what earlier ones
    /// did; `None` if there is none.
    pub fn of(data_type: &DataType) -> Option<Self> {
        Some(match *data_type {
            DataType::String => Self::Utf8,
            DataType::Binary => Self::Bytes,
            DataType::Json => Self::Json,
            DataType::Bson => Self::Bson,
            DataType::Boolean => Self::Bool,
            DataType::Int32 => Self::Int32,
            DataType::Int64 => Self::Int,
            DataType::UInt64 => Self::UInt,
            DataType::Float64 => Self::Float,
            DataType::Decimal { precision, scale } => Self::Decimal { precision, scale },
            // Text or bytes: the objects say which.
            DataType::FixedText(_) => Self::Infer,
            _ => return None,
        })
    }
}

/// How many objects [`ObjectEncoding::Infer`] looks at.
const HEAD: usize = 10;

/// The encoding that the first objects of a column call for. That of decimals has the fewest
/// digits that hold all of the column.
pub(super) fn infer(name: &str, objects: &[Object<'_>]) -> Result<ObjectEncoding, WriteError> {
    let mut head = objects
        .iter()
        .enumerate()
        .filter(|(_, object)| !object.is_null())
        .take(HEAD);
    let Some((_, first)) = head.next() else {
        return Ok(ObjectEncoding::Utf8);
    };
    let mut found = calls_for(first);
    for (row, object) in head {
        found = match (found, calls_for(object)) {
            (was, is) if was == is => was,
            (ObjectEncoding::Int, ObjectEncoding::UInt)
            | (ObjectEncoding::UInt, ObjectEncoding::Int) => ObjectEncoding::Int,
            _ => {
                return Err(WriteError::InvalidValue {
                    column: name.to_owned(),
                    row,
                    reason: format!(
                        "{} in a column that begins with {}; an object encoding must be chosen",
                        object.kind(),
                        first.kind()
                    ),
                });
            }
        };
    }
    match found {
        ObjectEncoding::Decimal { .. } => super::decimal::widest(name, objects),
        found => Ok(found),
    }
}

fn calls_for(object: &Object<'_>) -> ObjectEncoding {
    match object {
        Object::Null | Object::Text(_) => ObjectEncoding::Utf8,
        Object::Bytes(_) => ObjectEncoding::Bytes,
        Object::List(_) | Object::Map(_) => ObjectEncoding::Json,
        Object::Bool(_) => ObjectEncoding::Bool,
        Object::Int(_) => ObjectEncoding::Int,
        Object::UInt(_) => ObjectEncoding::UInt,
        Object::Float(_) => ObjectEncoding::Float,
        // The digits are found later, in the whole column.
        Object::Decimal { .. } => ObjectEncoding::Decimal {
            precision: 0,
            scale: 0,
        },
    }
}
