//! Chosen rows of many batches, copied behind each other: what partitioning needs.

mod append;
mod bitmap;
mod form;
#[cfg(test)]
mod tests;

use super::{Bits, Column, Values};
use bitmap::Bitmap;
use std::sync::Arc;

/// A column that owns its memory, and to which rows of columns of the same form are appended.
///
/// Dictionaries and runs are taken apart. Decimals of 128 bits are kept in 32 or 64 as long as all
/// fit.
///
/// ```
/// use pq_writer::{CollectedColumn, Column, Values};
///
/// let column = Column::new("x", Values::Int64(&[10, 11, 12, 13]));
/// let mut collected = CollectedColumn::like(&column);
/// collected.append(&column, &[3, 0])?;
/// assert_eq!(collected.as_column().values, Values::Int64(&[13, 10]));
/// # Ok::<(), pq_writer::WriteError>(())
/// ```
#[derive(Debug, Clone)]
pub struct CollectedColumn {
    name: Arc<str>,
    data: Data,
    rows: usize,
    /// Which rows have a value; all, as long as there is none.
    validity: Option<Bitmap>,
    /// Whether all byte strings were known to be right.
    is_checked: bool,
}

#[derive(Debug, Clone)]
enum Data {
    Null,
    Boolean(Bitmap),
    Int8(Vec<i8>),
    Int16(Vec<i16>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    UInt8(Vec<u8>),
    UInt16(Vec<u16>),
    UInt32(Vec<u32>),
    UInt64(Vec<u64>),
    Float16(Vec<u16>),
    Float32(Vec<f32>),
    Float64(Vec<f64>),
    /// Integers of 128 bits that all fit.
    Narrowest(Vec<i32>),
    Narrow(Vec<i64>),
    Int128(Vec<i128>),
    Int256(Vec<[u8; 32]>),
    /// Where each byte string ends.
    Bytes(Vec<i32>, Vec<u8>),
    LargeBytes(Vec<i64>, Vec<u8>),
    FixedBytes(usize, Vec<u8>),
    /// Offsets, one more than rows.
    List(Vec<i64>, Box<CollectedColumn>),
    Struct(Vec<CollectedColumn>),
}

impl CollectedColumn {
    /// The column, lent.
    pub fn as_column(&self) -> Column<'_> {
        let values = match &self.data {
            Data::Null => Values::Null(self.rows),
            Data::Boolean(bits) => Values::Boolean(bits.lend()),
            Data::Int8(values) => Values::Int8(values),
            Data::Int16(values) => Values::Int16(values),
            Data::Int32(values) | Data::Narrowest(values) => Values::Int32(values),
            Data::Int64(values) | Data::Narrow(values) => Values::Int64(values),
            Data::UInt8(values) => Values::UInt8(values),
            Data::UInt16(values) => Values::UInt16(values),
            Data::UInt32(values) => Values::UInt32(values),
            Data::UInt64(values) => Values::UInt64(values),
            Data::Float16(values) => Values::Float16(values),
            Data::Float32(values) => Values::Float32(values),
            Data::Float64(values) => Values::Float64(values),
            Data::Int128(values) => Values::Int128(values),
            Data::Int256(values) => Values::Int256(values),
            Data::Bytes(offsets, data) => Values::Bytes32 { offsets, data },
            Data::LargeBytes(offsets, data) => Values::Bytes64 { offsets, data },
            Data::FixedBytes(width, data) => Values::FixedBytes {
                width: *width,
                data,
            },
            Data::List(offsets, values) => Values::List64 {
                offsets,
                values: Box::new(values.as_column()),
            },
            Data::Struct(fields) => Values::Struct {
                len: self.rows,
                fields: fields.iter().map(Self::as_column).collect(),
            },
        };
        Column {
            name: &self.name,
            values,
            validity: self.validity.as_ref().map(Bitmap::lend),
            is_checked: self.is_checked,
        }
    }

    /// How many rows were appended.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Bytes that it has on the heap, those among them that wait for further rows.
    pub fn memory_bytes(&self) -> usize {
        fn bytes<T>(values: &Vec<T>) -> usize {
            values.capacity() * size_of::<T>()
        }
        let data = match &self.data {
            Data::Null => 0,
            Data::Boolean(bits) => bits.memory_bytes(),
            Data::Int8(values) => bytes(values),
            Data::Int16(values) => bytes(values),
            Data::Int32(values) | Data::Narrowest(values) => bytes(values),
            Data::Int64(values) | Data::Narrow(values) => bytes(values),
            Data::UInt8(values) => bytes(values),
            Data::UInt16(values) | Data::Float16(values) => bytes(values),
            Data::UInt32(values) => bytes(values),
            Data::UInt64(values) => bytes(values),
            Data::Float32(values) => bytes(values),
            Data::Float64(values) => bytes(values),
            Data::Int128(values) => bytes(values),
            Data::Int256(values) => bytes(values),
            Data::Bytes(offsets, data) => bytes(offsets) + bytes(data),
            Data::LargeBytes(offsets, data) => bytes(offsets) + bytes(data),
            Data::FixedBytes(_, data) => bytes(data),
            Data::List(offsets, values) => {
                bytes(offsets) + size_of::<Self>() + values.memory_bytes()
            }
            Data::Struct(fields) => {
                let below = fields.iter().map(Self::memory_bytes);
                bytes(fields) + below.sum::<usize>()
            }
        };
        data + self.validity.as_ref().map_or(0, Bitmap::memory_bytes)
    }
}
