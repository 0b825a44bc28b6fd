//! Chosen rows of a batch, copied: what partitioning needs.

use super::{Batch, Bits, Column, Keys, Values};
use crate::error::WriteError;
use std::collections::HashMap;

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

    /// The columns `names` of `batch`, in that order, at the rows given, in that order; a row
    /// may be named more than once.
    ///
    /// # Errors
    ///
    /// A column that is not in the batch, or a row or an offset beyond its values.
    pub fn gather(batch: &Batch<'_>, names: &[&str], rows: &[usize]) -> Result<Self, WriteError> {
        let columns = names
            .iter()
            .map(|name| {
                let column = batch
                    .column(name)
                    .ok_or_else(|| WriteError::MissingColumn {
                        column: (*name).to_owned(),
                    })?;
                OwnedColumn::gather(column, rows)
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { columns })
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

    /// The column at the rows given. A dictionary stays one, with all its values or, where that
    /// is less, those of the rows.
    ///
    /// # Errors
    ///
    /// A row or an offset beyond the values.
    pub fn gather(column: &Column<'_>, rows: &[usize]) -> Result<Self, WriteError> {
        column.check_validity()?;
        let values = gather_values(&column.values, rows).ok_or_else(|| beyond(column))?;
        let validity = column
            .validity
            .map(|bits| pack_bits(rows.iter().map(|&row| bits.get(row))));
        Ok(Self {
            name: column.name.to_owned(),
            values,
            validity,
        })
    }

    /// A dictionary column with the values themselves in the place of the codes; null where the
    /// column is null or the code names a null.
    ///
    /// # Errors
    ///
    /// A code beyond the dictionary at a row that is not null.
    pub fn decode(column: &Column<'_>) -> Result<Self, WriteError> {
        let Values::Dictionary { keys, values } = &column.values else {
            return Self::gather(column, &(0..column.len()).collect::<Vec<_>>());
        };
        if values.is_empty() {
            return Ok(Self {
                name: column.name.to_owned(),
                values: OwnedValues::Null(column.len()),
                validity: None,
            });
        }
        let mut codes = Vec::with_capacity(keys.len());
        for row in 0..keys.len() {
            let valid = column.validity.is_none_or(|bits| bits.get(row));
            codes.push(match keys.get(row) {
                Some(code) if code < values.len() => code,
                _ if !valid => 0,
                _ => return Err(bad_code(column, row)),
            });
        }
        let mut decoded = Self::gather(values, &codes)?;
        decoded.name = column.name.to_owned();
        decoded.validity = Some(pack_bits((0..column.len()).map(|row| !column.is_null(row))));
        Ok(decoded)
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
        };
        let rows = values.len();
        Column {
            name: &self.name,
            values,
            validity: self
                .validity
                .as_deref()
                .map(|bytes| whole_bits(bytes, rows)),
        }
    }
}

/// The first `len` bits of a bitmap that was packed with at least so many.
fn whole_bits(bytes: &[u8], len: usize) -> Bits<'_> {
    Bits {
        bytes,
        offset: 0,
        len: len.min(bytes.len() * 8),
    }
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

pub(crate) fn bad_code(column: &Column<'_>, row: usize) -> WriteError {
    WriteError::InvalidValue {
        column: column.name.to_owned(),
        row,
        reason: "the code is not in the dictionary".to_owned(),
    }
}

fn beyond(column: &Column<'_>) -> WriteError {
    WriteError::InvalidValue {
        column: column.name.to_owned(),
        row: column.len(),
        reason: "a row or an offset lies beyond the values".to_owned(),
    }
}

fn pick<T: Copy>(values: &[T], rows: &[usize]) -> Option<Vec<T>> {
    rows.iter().map(|&row| values.get(row).copied()).collect()
}

fn pick_bytes<'a>(
    rows: &[usize],
    value: impl Fn(usize) -> Option<&'a [u8]>,
) -> Option<OwnedValues> {
    let mut offsets = Vec::with_capacity(rows.len() + 1);
    let mut data = Vec::new();
    offsets.push(0);
    for &row in rows {
        data.extend_from_slice(value(row)?);
        offsets.push(i64::try_from(data.len()).ok()?);
    }
    Some(OwnedValues::Bytes(offsets, data))
}

/// Row `row` of byte strings, or `None` if there is no such row or the offsets are wrong.
pub(crate) fn byte_string<'a, O>(offsets: &[O], data: &'a [u8], row: usize) -> Option<&'a [u8]>
where
    O: Copy + TryInto<usize>,
{
    let start = (*offsets.get(row)?).try_into().ok()?;
    let end = (*offsets.get(row + 1)?).try_into().ok()?;
    data.get(start..end)
}

fn gather_values(values: &Values<'_>, rows: &[usize]) -> Option<OwnedValues> {
    Some(match values {
        Values::Null(len) => {
            if rows.iter().any(|row| row >= len) {
                return None;
            }
            OwnedValues::Null(rows.len())
        }
        Values::Boolean(bits) => {
            if rows.iter().any(|&row| row >= bits.len()) {
                return None;
            }
            OwnedValues::Boolean(pack_bits(rows.iter().map(|&row| bits.get(row))), rows.len())
        }
        Values::Int8(slice) => OwnedValues::Int8(pick(slice, rows)?),
        Values::Int16(slice) => OwnedValues::Int16(pick(slice, rows)?),
        Values::Int32(slice) => OwnedValues::Int32(pick(slice, rows)?),
        Values::Int64(slice) => OwnedValues::Int64(pick(slice, rows)?),
        Values::UInt8(slice) => OwnedValues::UInt8(pick(slice, rows)?),
        Values::UInt16(slice) => OwnedValues::UInt16(pick(slice, rows)?),
        Values::UInt32(slice) => OwnedValues::UInt32(pick(slice, rows)?),
        Values::UInt64(slice) => OwnedValues::UInt64(pick(slice, rows)?),
        Values::Float16(slice) => OwnedValues::Float16(pick(slice, rows)?),
        Values::Float32(slice) => OwnedValues::Float32(pick(slice, rows)?),
        Values::Float64(slice) => OwnedValues::Float64(pick(slice, rows)?),
        Values::Int128(slice) => OwnedValues::Int128(pick(slice, rows)?),
        Values::Int256(slice) => OwnedValues::Int256(pick(slice, rows)?),
        Values::Bytes32 { offsets, data } => {
            pick_bytes(rows, |row| byte_string(offsets, data, row))?
        }
        Values::Bytes64 { offsets, data } => {
            pick_bytes(rows, |row| byte_string(offsets, data, row))?
        }
        Values::FixedBytes { width, data } => {
            let mut picked = Vec::with_capacity(rows.len() * width);
            for row in rows {
                let start = row.checked_mul(*width)?;
                picked.extend_from_slice(data.get(start..start.checked_add(*width)?)?);
            }
            OwnedValues::FixedBytes(*width, picked)
        }
        Values::Dictionary { keys, values } => {
            let mut codes = rows
                .iter()
                .map(|&row| {
                    (row < keys.len()).then(|| {
                        keys.get(row)
                            .and_then(|code| i64::try_from(code).ok())
                            .unwrap_or(-1)
                    })
                })
                .collect::<Option<Vec<_>>>()?;
            let used = if rows.len() < values.len() {
                renumber(&mut codes, values.len())
            } else {
                (0..values.len()).collect()
            };
            OwnedValues::Dictionary(codes, Box::new(OwnedColumn::gather(values, &used).ok()?))
        }
    })
}

/// Numbers the values that `codes` name from 0 on and returns which they are; codes of no value
/// stay wrong.
fn renumber(codes: &mut [i64], values: usize) -> Vec<usize> {
    let mut numbers: HashMap<i64, i64> = HashMap::new();
    let mut used = Vec::new();
    for code in codes {
        let Some(position) = usize::try_from(*code).ok().filter(|&code| code < values) else {
            *code = -1;
            continue;
        };
        *code = *numbers.entry(*code).or_insert_with(|| {
            used.push(position);
            used.len() as i64 - 1
        });
    }
    used
}
