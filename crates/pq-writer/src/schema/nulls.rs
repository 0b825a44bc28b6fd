//! Which columns may hold nulls.

use super::{DataType, Field};
use crate::error::WriteError;

/// Which columns may hold nulls: OPTIONAL in the file, the others REQUIRED.
///
/// A null in a REQUIRED column is an error when it is written. A column of the type
/// [`DataType::Null`] is OPTIONAL whatever is chosen here, and the fields within a nested column
/// stay as they are declared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum HasNulls {
    /// The columns that are declared nullable. Columns of objects all are.
    #[default]
    AsDeclared,
    /// Every column.
    All,
    /// No column.
    None,
    /// Columns of objects, and those that dynamic languages have as objects: text, bytes, dates,
    /// times of day, lists, maps and structs. Numbers (decimals too), booleans, timestamps and
    /// durations are REQUIRED.
    Infer,
    /// The columns named.
    Columns(Vec<String>),
}

impl HasNulls {
    /// Errors if a column is named that is not one of `names`.
    ///
    /// # Errors
    ///
    /// The first such column.
    pub fn check<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<(), WriteError> {
        let Self::Columns(named) = self else {
            return Ok(());
        };
        let names: Vec<&str> = names.into_iter().collect();
        match named.iter().find(|name| !names.contains(&name.as_str())) {
            Some(name) => Err(WriteError::UnknownColumn {
                column: name.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Whether the column may hold nulls; `is_object` says that it comes from objects, whatever
    /// its type.
    pub fn nullable(&self, field: &Field, is_object: bool) -> bool {
        match self {
            Self::AsDeclared => field.nullable,
            Self::All => true,
            Self::None => false,
            Self::Infer => is_object || objects_elsewhere(&field.data_type),
            Self::Columns(names) => names.contains(&field.name),
        }
    }
}

/// Whether values are objects in dynamic languages, not numbers in a plain array.
fn objects_elsewhere(data_type: &DataType) -> bool {
    match data_type {
        DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float16
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal { .. }
        | DataType::Timestamp { .. }
        | DataType::TimestampAs { .. }
        | DataType::Duration { .. } => false,
        DataType::Null
        | DataType::String
        | DataType::Enum
        | DataType::Json
        | DataType::Bson
        | DataType::Binary
        | DataType::FixedBinary(_)
        | DataType::FixedText(_)
        | DataType::Uuid
        | DataType::Date
        | DataType::DateMillis
        | DataType::Time { .. }
        | DataType::Interval
        | DataType::Geometry { .. }
        | DataType::Geography { .. }
        | DataType::List(_)
        | DataType::Map { .. }
        | DataType::Struct(_)
        | DataType::Variant(_) => true,
    }
}
