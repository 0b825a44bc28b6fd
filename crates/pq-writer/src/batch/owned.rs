//! Batches that own their memory.

use super::{Batch, Bits, Column, Keys, Values};

/// Values that own their memory; [`OwnedColumn::as_column`] lends them.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnedValues {
    /// This many rows, all null.
    Null(usize),
    /// A least-significant-bit-first bitmap and how many bits it has.
    Boolean(Vec<u8>, usize),
    /// 8-bit signed integers.
    Int8(Vec<i8>),
    /// 16-bit signed integers.
    Int16(Vec<i16>),
    /// 32-bit signed integers.
    Int32(Vec<i32>),
    /// 64-bit signed integers.
    Int64(Vec<i64>),
    /// 8-bit unsigned integers.
    UInt8(Vec<u8>),
    /// 16-bit unsigned integers.
    UInt16(Vec<u16>),
    /// 32-bit unsigned integers.
    UInt32(Vec<u32>),
    /// 64-bit unsigned integers.
    UInt64(Vec<u64>),
    /// Half-precision floats, as their bits.
    Float16(Vec<u16>),
    /// Single-precision floats.
    Float32(Vec<f32>),
    /// Double-precision floats.
    Float64(Vec<f64>),
    /// 128-bit integers.
    Int128(Vec<i128>),
    /// 256-bit integers, little-endian.
    Int256(Vec<[u8; 32]>),
    /// Byte strings: offsets, one more than rows, and bytes.
    Bytes(Vec<i64>, Vec<u8>),
    /// Byte strings of one width.
    FixedBytes(usize, Vec<u8>),
    /// Codes and what they stand for.
    Dictionary(Vec<i64>, Box<OwnedColumn>),
    /// Lists: offsets, one more than rows, and elements.
    List(Vec<i64>, Box<OwnedColumn>),
    /// Structs: how many rows, and a column for each field.
    Struct(usize, Vec<OwnedColumn>),
}

/// A column that owns its memory.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnedColumn {
    name: String,
    values: OwnedValues,
    validity: Option<Vec<u8>>,
}

/// A batch that owns its memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnedBatch {
    columns: Vec<OwnedColumn>,
}

impl OwnedBatch {
    /// A batch of these columns.
    pub fn new(columns: Vec<OwnedColumn>) -> Self {
        Self { columns }
    }

    /// The batch, lent.
    pub fn as_batch(&self) -> Batch<'_> {
        Batch::new(self.columns.iter().map(OwnedColumn::as_column).collect())
    }
}

impl OwnedColumn {
    /// A column of these values; `validity` has one bit a row, least significant first, set where
    /// there is a value, and `None` says that there is one in every row.
    pub fn new(name: impl Into<String>, values: OwnedValues, validity: Option<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            values,
            validity,
        }
    }

    /// The column, lent.
    pub fn as_column(&self) -> Column<'_> {
        let values = match &self.values {
            OwnedValues::Null(rows) => Values::Null(*rows),
            OwnedValues::Boolean(bytes, len) => Values::Boolean(whole_bits(bytes, *len)),
            OwnedValues::Int8(values) => Values::Int8(values),
            OwnedValues::Int16(values) => Values::Int16(values),
            OwnedValues::Int32(values) => Values::Int32(values),
            OwnedValues::Int64(values) => Values::Int64(values),
            OwnedValues::UInt8(values) => Values::UInt8(values),
            OwnedValues::UInt16(values) => Values::UInt16(values),
            OwnedValues::UInt32(values) => Values::UInt32(values),
            OwnedValues::UInt64(values) => Values::UInt64(values),
            OwnedValues::Float16(values) => Values::Float16(values),
            OwnedValues::Float32(values) => Values::Float32(values),
            OwnedValues::Float64(values) => Values::Float64(values),
            OwnedValues::Int128(values) => Values::Int128(values),
            OwnedValues::Int256(values) => Values::Int256(values),
            OwnedValues::Bytes(offsets, data) => Values::Bytes64 { offsets, data },
            OwnedValues::FixedBytes(width, data) => Values::FixedBytes {
                width: *width,
                data,
            },
            OwnedValues::Dictionary(keys, values) => Values::Dictionary {
                keys: Keys::Int64(keys),
                values: Box::new(values.as_column()),
            },
            OwnedValues::List(offsets, values) => Values::List64 {
                offsets,
                values: Box::new(values.as_column()),
            },
            OwnedValues::Struct(len, fields) => Values::Struct {
                len: *len,
                fields: fields.iter().map(Self::as_column).collect(),
            },
        };
        let rows = values.len();
        Column {
            name: &self.name,
            values,
            validity: self
                .validity
                .as_deref()
                .map(|bytes| whole_bits(bytes, rows)),
            is_checked: false,
        }
    }
}

/// The first `len` bits of a bitmap that was packed with so many.
fn whole_bits(bytes: &[u8], len: usize) -> Bits<'_> {
    Bits::new(bytes, 0, len.min(bytes.len() * 8)).unwrap_or(Bits::EMPTY)
}

/// A bitmap of these bits, least significant first.
pub(crate) fn pack_bits(bits: impl Iterator<Item = bool>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(bits.size_hint().0.div_ceil(8));
    for (position, bit) in bits.enumerate() {
        if position % 8 == 0 {
            bytes.push(0);
        }
        if let Some(last) = bytes.last_mut() {
            *last |= u8::from(bit) << (position % 8);
        }
    }
    bytes
}
