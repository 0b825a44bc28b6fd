//! Chosen rows of a batch, copied: what partitioning needs.

use super::{Batch, Bits, Column, Keys, Lists, Strings, Values};
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
        let values = match &column.values {
            Values::Struct { len, fields } => {
                if rows.iter().any(|row| row >= len) {
                    return Err(beyond(column));
                }
                let fields = fields.iter().map(|field| Self::gather(field, rows));
                OwnedValues::Struct(rows.len(), fields.collect::<Result<_, _>>()?)
            }
            _ => match Lists::of(column) {
                Some((lists, elements)) => gather_lists(column, &lists, elements, rows)?,
                None => gather_values(column, rows).ok_or_else(|| beyond(column))?,
            },
        };
        let validity = column
            .validity
            .map(|bits| pack_bits(rows.iter().map(|&row| bits.get(row))));
        Ok(Self {
            name: column.name.to_owned(),
            values,
            validity,
        })
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

fn pick_bytes(strings: &Strings<'_, '_>, rows: &[usize]) -> Option<OwnedValues> {
    let mut offsets = Vec::with_capacity(rows.len() + 1);
    let mut data = Vec::new();
    offsets.push(0);
    for &row in rows {
        data.extend_from_slice(strings.get(row)?.as_bytes());
        offsets.push(i64::try_from(data.len()).ok()?);
    }
    Some(OwnedValues::Bytes(offsets, data))
}

/// The lists of `rows`, empty where they are null.
fn gather_lists(
    column: &Column<'_>,
    lists: &Lists<'_>,
    elements: &Column<'_>,
    rows: &[usize],
) -> Result<OwnedValues, WriteError> {
    let mut offsets = Vec::with_capacity(rows.len() + 1);
    let mut picked = Vec::new();
    offsets.push(0);
    for &row in rows {
        if !column.is_null(row) {
            picked.extend(lists.elements(row).ok_or_else(|| beyond(column))?);
        }
        offsets.push(i64::try_from(picked.len()).map_err(|_| beyond(column))?);
    }
    let elements = OwnedColumn::gather(elements, &picked)?;
    Ok(OwnedValues::List(offsets, Box::new(elements)))
}

fn gather_values(column: &Column<'_>, rows: &[usize]) -> Option<OwnedValues> {
    Some(match &column.values {
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
        values @ (Values::Bytes32 { .. } | Values::Bytes64 { .. } | Values::BytesView { .. }) => {
            pick_bytes(&Strings::of(values)?, rows)?
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
            if rows.iter().any(|&row| row >= keys.len()) {
                return None;
            }
            gather_codes(rows.iter().map(|&row| keys.get(row)), values)?
        }
        Values::RunEnd { len, values, .. } => {
            if rows.iter().any(|row| row >= len) {
                return None;
            }
            gather_codes(rows.iter().map(|&row| column.run_of(row)), values)?
        }
        // Lists and structs have been looked at before.
        Values::List32 { .. }
        | Values::List64 { .. }
        | Values::ListView32 { .. }
        | Values::ListView64 { .. }
        | Values::FixedList { .. }
        | Values::Struct { .. } => return None,
    })
}

/// A dictionary of all values or, where that is less, of those that codes name.
fn gather_codes(
    codes: impl ExactSizeIterator<Item = Option<usize>>,
    values: &Column<'_>,
) -> Option<OwnedValues> {
    let mut codes: Vec<i64> = codes
        .map(|code| code.and_then(|code| i64::try_from(code).ok()).unwrap_or(-1))
        .collect();
    let used = if codes.len() < values.len() {
        renumber(&mut codes, values.len())
    } else {
        (0..values.len()).collect()
    };
    let values = OwnedColumn::gather(values, &used).ok()?;
    Some(OwnedValues::Dictionary(codes, Box::new(values)))
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
