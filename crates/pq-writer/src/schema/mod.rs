//! The Parquet type of each column.

mod physical;

pub use physical::Leaf;
pub(crate) use physical::Order;

use crate::error::WriteError;
use pq_format::SchemaElement;
use std::collections::HashMap;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// Seconds. Parquet has no such unit: stored as milliseconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
    /// Nanoseconds.
    Nanos,
}

/// What the values of a column mean; LogicalTypes.md of the specification has the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DataType {
    /// Always null; stored as an optional INT32.
    Null,
    /// True or false.
    Boolean,
    /// 8-bit signed integer.
    Int8,
    /// 16-bit signed integer.
    Int16,
    /// 32-bit signed integer.
    Int32,
    /// 64-bit signed integer.
    Int64,
    /// 8-bit unsigned integer.
    UInt8,
    /// 16-bit unsigned integer.
    UInt16,
    /// 32-bit unsigned integer.
    UInt32,
    /// 64-bit unsigned integer.
    UInt64,
    /// Half-precision float.
    Float16,
    /// Single-precision float.
    Float32,
    /// Double-precision float.
    Float64,
    /// Text in UTF-8.
    String,
    /// Bytes of any length.
    Binary,
    /// Bytes of one length.
    FixedBinary(i32),
    /// Days since 1970-01-01, as [`Values::Int32`](crate::Values::Int32).
    Date,
    /// Milliseconds since 1970-01-01 of a date, as [`Values::Int64`](crate::Values::Int64); a
    /// value that is not midnight is an error. Stored as days.
    DateMillis,
    /// Time of day: [`Values::Int32`](crate::Values::Int32) for seconds and milliseconds,
    /// [`Values::Int64`](crate::Values::Int64) for the finer units.
    Time {
        /// The unit of the values.
        unit: TimeUnit,
    },
    /// A point in time since 1970-01-01T00:00:00, as [`Values::Int64`](crate::Values::Int64).
    Timestamp {
        /// The unit of the values.
        unit: TimeUnit,
        /// Whether the values are instants (they had a time zone), not wall-clock times.
        is_adjusted_to_utc: bool,
    },
    /// A span of time, as [`Values::Int64`](crate::Values::Int64). Parquet has no such type:
    /// stored as a plain INT64.
    Duration {
        /// The unit of the values.
        unit: TimeUnit,
    },
    /// An exact decimal: unscaled integers of 32, 64, 128 or 256 bits.
    Decimal {
        /// Decimal digits, at least 1 and at most 76.
        precision: u8,
        /// Digits after the point, at most `precision`.
        scale: u8,
    },
}

/// One column of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name of the column, unique in its schema.
    pub name: String,
    /// What the values mean.
    pub data_type: DataType,
    /// Whether rows may be null (OPTIONAL) or not (REQUIRED).
    pub nullable: bool,
    /// The field id, for formats that name columns by number.
    pub field_id: Option<i32>,
}

impl Field {
    /// A column of this name and type.
    pub fn new(name: impl Into<String>, data_type: DataType, nullable: bool) -> Self {
        Self {
            name: name.into(),
            data_type,
            nullable,
            field_id: None,
        }
    }
}

/// The columns of a file, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    fields: Vec<Field>,
    leaves: Vec<Leaf>,
    positions: HashMap<String, usize>,
}

impl Schema {
    /// A schema of these columns.
    ///
    /// # Errors
    ///
    /// Names that are there twice or empty, and types that Parquet cannot carry (a decimal of
    /// scale above its precision), naming the column.
    pub fn new(fields: Vec<Field>) -> Result<Self, WriteError> {
        let mut positions = HashMap::with_capacity(fields.len());
        let mut leaves = Vec::with_capacity(fields.len());
        for (position, field) in fields.iter().enumerate() {
            if field.name.is_empty() {
                return Err(WriteError::EmptyColumnName);
            }
            if positions.insert(field.name.clone(), position).is_some() {
                return Err(WriteError::DuplicateColumn {
                    column: field.name.clone(),
                });
            }
            leaves.push(Leaf::of(field)?);
        }
        Ok(Self {
            fields,
            leaves,
            positions,
        })
    }

    /// The position of the column of this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// The columns in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// What is stored of each column, in order.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The schema without the columns named, as the files of a partitioned data set have it.
    ///
    /// # Errors
    ///
    /// A name that is not in the schema.
    pub fn without(&self, names: &[String]) -> Result<Self, WriteError> {
        if let Some(name) = names.iter().find(|name| self.position(name).is_none()) {
            return Err(WriteError::UnknownColumn {
                column: name.clone(),
            });
        }
        Self::new(
            self.fields
                .iter()
                .filter(|field| !names.contains(&field.name))
                .cloned()
                .collect(),
        )
    }

    /// The schema as a footer has it: the root, then the columns.
    pub fn elements(&self) -> Vec<SchemaElement> {
        let root = SchemaElement {
            name: "schema".to_owned(),
            num_children: Some(i32::try_from(self.leaves.len()).unwrap_or(i32::MAX)),
            ..SchemaElement::default()
        };
        std::iter::once(root)
            .chain(self.leaves.iter().map(|leaf| leaf.element.clone()))
            .collect()
    }
}
