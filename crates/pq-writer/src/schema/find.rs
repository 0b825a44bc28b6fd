//! The schema of a batch whose columns nobody described.

use super::tree::DEEPEST;
use super::{DataType, Field, Schema, SchemaOptions};
use crate::batch::{Batch, Column, Values};
use crate::error::WriteError;

impl Schema {
    /// The schema that the forms of the values of a batch call for, as the options have it.
    ///
    /// Integers, floats and booleans are what they are; byte strings are
    /// [`Binary`](DataType::Binary) (that they are text cannot be seen), those of one width
    /// [`FixedBinary`](DataType::FixedBinary); integers of 128 and 256 bits are decimals of 38
    /// and 76 digits without a scale; dictionaries and runs are what their values are; lists and
    /// structs are of what is in them. Columns are nullable that have a validity or are made of
    /// values that have one.
    ///
    /// ```
    /// use pq_writer::{Batch, Bits, Column, DataType, Schema, SchemaOptions, Values};
    ///
    /// let present = Bits::new(&[0b01], 0, 2).unwrap();
    /// let batch = Batch::new(vec![
    ///     Column::new("id", Values::Int8(&[1, 2])),
    ///     Column::new("level", Values::Float32(&[0.5, 0.0])).with_validity(present),
    /// ]);
    /// let schema = Schema::of(&batch, &SchemaOptions::default())?;
    /// assert_eq!(schema.fields()[0].data_type, DataType::Int8);
    /// assert!(schema.fields()[1].nullable);
    /// # Ok::<(), pq_writer::WriteError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`SchemaOptions::apply`] and [`Schema::new`]; byte strings of a width that the format
    /// cannot state.
    pub fn of(batch: &Batch<'_>, options: &SchemaOptions) -> Result<Self, WriteError> {
        let fields = batch
            .columns
            .iter()
            .map(|column| field(column, 1))
            .collect::<Result<_, _>>()?;
        Self::new(options.apply(fields)?)
    }
}

fn field(column: &Column<'_>, depth: usize) -> Result<Field, WriteError> {
    if depth > DEEPEST {
        return Err(WriteError::UnsupportedType {
            column: column.name.to_owned(),
            reason: format!("values more than {DEEPEST} deep"),
        });
    }
    let list = |values: &Column<'_>| {
        let element = field(values, depth + 1)?;
        Ok::<_, WriteError>(DataType::List(Box::new(element)))
    };
    let data_type = match &column.values {
        Values::Null(_) => DataType::Null,
        Values::Boolean(_) => DataType::Boolean,
        Values::Int8(_) => DataType::Int8,
        Values::Int16(_) => DataType::Int16,
        Values::Int32(_) => DataType::Int32,
        Values::Int64(_) => DataType::Int64,
        Values::UInt8(_) => DataType::UInt8,
        Values::UInt16(_) => DataType::UInt16,
        Values::UInt32(_) => DataType::UInt32,
        Values::UInt64(_) => DataType::UInt64,
        Values::Float16(_) => DataType::Float16,
        Values::Float32(_) => DataType::Float32,
        Values::Float64(_) => DataType::Float64,
        Values::Int128(_) => DataType::Decimal {
            precision: 38,
            scale: 0,
        },
        Values::Int256(_) => DataType::Decimal {
            precision: 76,
            scale: 0,
        },
        Values::Bytes32 { .. } | Values::Bytes64 { .. } | Values::BytesView { .. } => {
            DataType::Binary
        }
        Values::FixedBytes { width, .. } => {
            DataType::FixedBinary(i32::try_from(*width).map_err(|_| WriteError::TooLarge {
                what: format!("the width of column {:?}", column.name),
                size: *width as u64,
            })?)
        }
        Values::Dictionary { values, .. } | Values::RunEnd { values, .. } => {
            let of = field(values, depth + 1)?;
            let nullable = column.validity.is_some() || of.nullable;
            return Ok(Field::new(column.name, of.data_type, nullable));
        }
        Values::List32 { values, .. }
        | Values::List64 { values, .. }
        | Values::ListView32 { values, .. }
        | Values::ListView64 { values, .. }
        | Values::FixedList { values, .. } => list(values)?,
        Values::Struct { fields, .. } => DataType::Struct(
            fields
                .iter()
                .map(|of| field(of, depth + 1))
                .collect::<Result<_, _>>()?,
        ),
    };
    let nullable = column.validity.is_some() || data_type == DataType::Null;
    Ok(Field::new(column.name, data_type, nullable))
}
