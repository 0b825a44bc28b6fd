//! Which columns go behind each other.

use super::{Bitmap, CollectedColumn, Data};
use crate::batch::{Column, Lists, Values};

impl CollectedColumn {
    /// An empty column for rows of this form, and of this name.
    pub fn like(column: &Column<'_>) -> Self {
        Self {
            name: column.name.into(),
            data: data(column),
            rows: 0,
            validity: None,
            is_checked: true,
        }
    }

    /// An empty column for rows of the same form, and of the same name.
    pub fn empty(&self) -> Self {
        Self {
            name: self.name.clone(),
            data: self.data.empty(),
            rows: 0,
            validity: None,
            is_checked: true,
        }
    }

    /// Whether rows of this column can be appended, as far as its form goes.
    pub fn takes(&self, column: &Column<'_>) -> bool {
        match (&self.data, &column.values) {
            (_, Values::Dictionary { values, .. } | Values::RunEnd { values, .. }) => {
                self.takes(values)
            }
            (Data::Null, Values::Null(_))
            | (Data::Boolean(_), Values::Boolean(_))
            | (Data::Int8(_), Values::Int8(_))
            | (Data::Int16(_), Values::Int16(_))
            | (Data::Int32(_), Values::Int32(_))
            | (Data::Int64(_), Values::Int64(_))
            | (Data::UInt8(_), Values::UInt8(_))
            | (Data::UInt16(_), Values::UInt16(_))
            | (Data::UInt32(_), Values::UInt32(_))
            | (Data::UInt64(_), Values::UInt64(_))
            | (Data::Float16(_), Values::Float16(_))
            | (Data::Float32(_), Values::Float32(_))
            | (Data::Float64(_), Values::Float64(_))
            | (Data::Narrowest(_) | Data::Narrow(_) | Data::Int128(_), Values::Int128(_))
            | (Data::Int256(_), Values::Int256(_)) => true,
            (
                Data::Bytes(..) | Data::LargeBytes(..),
                Values::Bytes32 { .. } | Values::Bytes64 { .. } | Values::BytesView { .. },
            ) => true,
            (Data::FixedBytes(ours, _), Values::FixedBytes { width, .. }) => ours == width,
            (Data::List(_, ours), _) => {
                Lists::of(column).is_some_and(|(_, elements)| ours.takes(elements))
            }
            (Data::Struct(ours), Values::Struct { fields, .. }) => {
                ours.len() == fields.len()
                    && ours.iter().all(|ours| {
                        let theirs = fields.iter().find(|field| *field.name == *ours.name);
                        theirs.is_some_and(|theirs| ours.takes(theirs))
                    })
            }
            _ => false,
        }
    }
}

/// Nothing, of the form of a column.
fn data(column: &Column<'_>) -> Data {
    match &column.values {
        Values::Dictionary { values, .. } | Values::RunEnd { values, .. } => data(values),
        Values::Null(_) => Data::Null,
        Values::Boolean(_) => Data::Boolean(Bitmap::default()),
        Values::Int8(_) => Data::Int8(Vec::new()),
        Values::Int16(_) => Data::Int16(Vec::new()),
        Values::Int32(_) => Data::Int32(Vec::new()),
        Values::Int64(_) => Data::Int64(Vec::new()),
        Values::UInt8(_) => Data::UInt8(Vec::new()),
        Values::UInt16(_) => Data::UInt16(Vec::new()),
        Values::UInt32(_) => Data::UInt32(Vec::new()),
        Values::UInt64(_) => Data::UInt64(Vec::new()),
        Values::Float16(_) => Data::Float16(Vec::new()),
        Values::Float32(_) => Data::Float32(Vec::new()),
        Values::Float64(_) => Data::Float64(Vec::new()),
        Values::Int128(_) => Data::Narrowest(Vec::new()),
        Values::Int256(_) => Data::Int256(Vec::new()),
        Values::Bytes32 { .. } | Values::Bytes64 { .. } | Values::BytesView { .. } => {
            Data::Bytes(Vec::new(), Vec::new())
        }
        Values::FixedBytes { width, .. } => Data::FixedBytes(*width, Vec::new()),
        Values::Struct { fields, .. } => {
            Data::Struct(fields.iter().map(CollectedColumn::like).collect())
        }
        Values::List32 { values, .. }
        | Values::List64 { values, .. }
        | Values::ListView32 { values, .. }
        | Values::ListView64 { values, .. }
        | Values::FixedList { values, .. } => {
            Data::List(Vec::new(), Box::new(CollectedColumn::like(values)))
        }
    }
}

impl Data {
    fn empty(&self) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Boolean(_) => Self::Boolean(Bitmap::default()),
            Self::Int8(_) => Self::Int8(Vec::new()),
            Self::Int16(_) => Self::Int16(Vec::new()),
            Self::Int32(_) => Self::Int32(Vec::new()),
            Self::Int64(_) => Self::Int64(Vec::new()),
            Self::UInt8(_) => Self::UInt8(Vec::new()),
            Self::UInt16(_) => Self::UInt16(Vec::new()),
            Self::UInt32(_) => Self::UInt32(Vec::new()),
            Self::UInt64(_) => Self::UInt64(Vec::new()),
            Self::Float16(_) => Self::Float16(Vec::new()),
            Self::Float32(_) => Self::Float32(Vec::new()),
            Self::Float64(_) => Self::Float64(Vec::new()),
            Self::Narrowest(_) | Self::Narrow(_) | Self::Int128(_) => Self::Narrowest(Vec::new()),
            Self::Int256(_) => Self::Int256(Vec::new()),
            Self::Bytes(..) | Self::LargeBytes(..) => Self::Bytes(Vec::new(), Vec::new()),
            Self::FixedBytes(width, _) => Self::FixedBytes(*width, Vec::new()),
            Self::List(_, values) => Self::List(Vec::new(), Box::new(values.empty())),
            Self::Struct(fields) => {
                Self::Struct(fields.iter().map(CollectedColumn::empty).collect())
            }
        }
    }
}
