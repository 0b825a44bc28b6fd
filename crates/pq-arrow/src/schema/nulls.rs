//! Which columns may hold nulls.

use crate::error::ArrowError;
use arrow_schema::{DataType, Field, Schema};

/// Which columns may hold nulls: OPTIONAL in the file, the others REQUIRED. Of the fields within a
/// column it says nothing.
///
/// A null in a REQUIRED column is an error when it is written. A column of the type `Null` is
/// OPTIONAL whatever is chosen here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum HasNulls {
    /// The columns whose Arrow field is nullable.
    #[default]
    AsDeclared,
    /// Every column.
    All,
    /// No column.
    None,
    /// Text, bytes, dates, times of day, intervals, lists, maps and structs, and dictionaries and
    /// runs of them. Numbers (decimals too), booleans, timestamps and durations are REQUIRED.
    Infer,
    /// The columns named.
    Columns(Vec<String>),
}

impl HasNulls {
    /// Every column that is named exists.
    pub(super) fn check(&self, schema: &Schema) -> Result<(), ArrowError> {
        let Self::Columns(names) = self else {
            return Ok(());
        };
        match names
            .iter()
            .find(|name| schema.fields().iter().all(|field| field.name() != *name))
        {
            Some(name) => Err(ArrowError::UnknownColumn {
                column: name.clone(),
            }),
            None => Ok(()),
        }
    }

    pub(super) fn nullable(&self, field: &Field) -> bool {
        match self {
            Self::AsDeclared => field.is_nullable(),
            Self::All => true,
            Self::None => false,
            Self::Infer => is_object(field.data_type()),
            Self::Columns(names) => names.contains(field.name()),
        }
    }
}

/// Whether values are objects in dynamic languages, not numbers in a plain array.
fn is_object(data_type: &DataType) -> bool {
    match data_type {
        DataType::Null
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_)
        | DataType::Date32
        | DataType::Date64
        | DataType::Time32(_)
        | DataType::Time64(_)
        | DataType::Interval(_)
        | DataType::List(_)
        | DataType::LargeList(_)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::FixedSizeList(..)
        | DataType::Map(..)
        | DataType::Struct(_) => true,
        DataType::Dictionary(_, value) => is_object(value),
        DataType::RunEndEncoded(_, values) => is_object(values.data_type()),
        _ => false,
    }
}
