//! What comes in: a [`Batch`] of named columns, each a borrowed slice of values.
//!
//! The *type* of a column stands in the [`Schema`](crate::Schema); a [`Column`] only has a
//! *form*: how its values lie in memory. A string column may come as [`Values::Bytes32`] in one
//! batch and as [`Values::Dictionary`] in the next.

mod gather;

use crate::error::WriteError;
pub use gather::{OwnedBatch, OwnedColumn, OwnedValues};
pub(crate) use gather::{bad_code, byte_string, pack_bits};

/// A run of bits in a least-significant-bit-first bitmap, the layout of Arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bits<'a> {
    bytes: &'a [u8],
    offset: usize,
    len: usize,
}

impl<'a> Bits<'a> {
    /// `len` bits of `bytes` from bit `offset` on, or `None` if `bytes` is too short for them.
    pub fn new(bytes: &'a [u8], offset: usize, len: usize) -> Option<Self> {
        let end = offset.checked_add(len)?;
        (end.div_ceil(8) <= bytes.len()).then_some(Self { bytes, offset, len })
    }

    /// How many bits there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no bit.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes that hold the bits; the first bit is bit [`offset`](Self::offset) of them.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The position of the first bit in [`bytes`](Self::bytes).
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Bit `index`; false beyond the end.
    #[inline]
    pub fn get(&self, index: usize) -> bool {
        if index >= self.len {
            return false;
        }
        let position = self.offset + index;
        self.bytes
            .get(position / 8)
            .is_some_and(|byte| byte >> (position % 8) & 1 == 1)
    }

    /// Bits `start .. start + len`, clamped to what there is.
    pub fn slice(&self, start: usize, len: usize) -> Self {
        let start = start.min(self.len);
        Self {
            bytes: self.bytes,
            offset: self.offset + start,
            len: len.min(self.len - start),
        }
    }

    /// How many bits are set.
    pub fn count_ones(&self) -> usize {
        let (first, last) = (self.offset, self.offset + self.len);
        if self.len == 0 {
            return 0;
        }
        let bytes = &self.bytes[first / 8..last.div_ceil(8)];
        let whole: usize = bytes.iter().map(|byte| byte.count_ones() as usize).sum();
        let head = bytes[0] & ((1u16 << (first % 8)) - 1) as u8;
        let tail = match last % 8 {
            0 => 0,
            bits => bytes[bytes.len() - 1] & !(((1u16 << bits) - 1) as u8),
        };
        whole - head.count_ones() as usize - tail.count_ones() as usize
    }

    /// The first run of set bits within `start .. end`: where it begins and ends.
    pub(crate) fn next_run(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let end = end.min(self.len);
        let mut from = start;
        while from < end {
            let skipped = self.word(from).trailing_zeros() as usize;
            from += skipped;
            if skipped < 64 {
                break;
            }
        }
        if from >= end {
            return None;
        }
        let mut to = from;
        while to < end {
            let passed = self.word(to).trailing_ones() as usize;
            to += passed;
            if passed < 64 {
                break;
            }
        }
        Some((from, to.min(end)))
    }

    /// 64 bits from bit `index` on; zeros beyond the bytes.
    fn word(&self, index: usize) -> u64 {
        let position = self.offset + index;
        let tail = self.bytes.get(position / 8..).unwrap_or_default();
        let shift = position % 8;
        match tail.first_chunk() {
            Some(bytes) => {
                let ninth = u64::from(tail.get(8).copied().unwrap_or(0));
                let high = ninth.checked_shl(64 - shift as u32).unwrap_or(0);
                u64::from_le_bytes(*bytes) >> shift | high
            }
            None => {
                let mut bytes = [0; 8];
                for (to, from) in bytes.iter_mut().zip(tail) {
                    *to = *from;
                }
                u64::from_le_bytes(bytes) >> shift
            }
        }
    }

    /// The bits one by one.
    pub fn iter(&self) -> impl Iterator<Item = bool> + use<'a> {
        let bits = *self;
        (0..bits.len).map(move |index| bits.get(index))
    }
}

/// The codes of a dictionary column: positions in its values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Keys<'a> {
    /// 8-bit signed codes.
    Int8(&'a [i8]),
    /// 16-bit signed codes.
    Int16(&'a [i16]),
    /// 32-bit signed codes.
    Int32(&'a [i32]),
    /// 64-bit signed codes.
    Int64(&'a [i64]),
    /// 8-bit unsigned codes.
    UInt8(&'a [u8]),
    /// 16-bit unsigned codes.
    UInt16(&'a [u16]),
    /// 32-bit unsigned codes.
    UInt32(&'a [u32]),
    /// 64-bit unsigned codes.
    UInt64(&'a [u64]),
}

macro_rules! with_keys {
    ($keys:expr, $slice:ident => $body:expr) => {
        match $keys {
            Keys::Int8($slice) => $body,
            Keys::Int16($slice) => $body,
            Keys::Int32($slice) => $body,
            Keys::Int64($slice) => $body,
            Keys::UInt8($slice) => $body,
            Keys::UInt16($slice) => $body,
            Keys::UInt32($slice) => $body,
            Keys::UInt64($slice) => $body,
        }
    };
}

impl Keys<'_> {
    /// How many codes there are.
    pub fn len(&self) -> usize {
        with_keys!(self, slice => slice.len())
    }

    /// Whether there is no code.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Code `index` as a position, or `None` if it is negative or there is no such code.
    #[inline]
    #[allow(
        clippy::unnecessary_fallible_conversions,
        reason = "one body for all widths"
    )]
    pub fn get(&self, index: usize) -> Option<usize> {
        with_keys!(self, slice => slice.get(index).and_then(|&code| usize::try_from(code).ok()))
    }
}

/// The values of one column, in the form in which they lie in memory. What they mean (a date, a
/// decimal, text) is the schema's to say. At null rows any value may stand.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Values<'a> {
    /// This many rows, all null.
    Null(usize),
    /// One bit a row.
    Boolean(Bits<'a>),
    /// 8-bit signed integers.
    Int8(&'a [i8]),
    /// 16-bit signed integers.
    Int16(&'a [i16]),
    /// 32-bit signed integers; also dates, times, timestamps and decimals of 32 bits.
    Int32(&'a [i32]),
    /// 64-bit signed integers; also times, timestamps, durations and decimals of 64 bits.
    Int64(&'a [i64]),
    /// 8-bit unsigned integers.
    UInt8(&'a [u8]),
    /// 16-bit unsigned integers.
    UInt16(&'a [u16]),
    /// 32-bit unsigned integers.
    UInt32(&'a [u32]),
    /// 64-bit unsigned integers.
    UInt64(&'a [u64]),
    /// IEEE 754 half-precision floats, as their bits.
    Float16(&'a [u16]),
    /// Single-precision floats.
    Float32(&'a [f32]),
    /// Double-precision floats.
    Float64(&'a [f64]),
    /// 128-bit integers: unscaled decimals.
    Int128(&'a [i128]),
    /// 256-bit integers, two's complement, little-endian: unscaled decimals.
    Int256(&'a [[u8; 32]]),
    /// Byte strings; row `i` is `data[offsets[i]..offsets[i + 1]]`.
    Bytes32 {
        /// One more than there are rows; ascending.
        offsets: &'a [i32],
        /// The bytes of all rows.
        data: &'a [u8],
    },
    /// Byte strings with 64-bit offsets.
    Bytes64 {
        /// One more than there are rows; ascending.
        offsets: &'a [i64],
        /// The bytes of all rows.
        data: &'a [u8],
    },
    /// Byte strings of `width` bytes each, one after the other.
    FixedBytes {
        /// Bytes a value.
        width: usize,
        /// `width` bytes a row.
        data: &'a [u8],
    },
    /// Codes into a list of values, not themselves a dictionary. A row is null where the column
    /// says so or where its value is null.
    Dictionary {
        /// One code a row.
        keys: Keys<'a>,
        /// What the codes stand for; may hold nulls, and values that no code names but that are
        /// valid all the same.
        values: Box<Column<'a>>,
    },
}

impl Values<'_> {
    /// The name of the form, for errors.
    pub(crate) fn form(&self) -> &'static str {
        match self {
            Self::Null(_) => "Null",
            Self::Boolean(_) => "Boolean",
            Self::Int8(_) => "Int8",
            Self::Int16(_) => "Int16",
            Self::Int32(_) => "Int32",
            Self::Int64(_) => "Int64",
            Self::UInt8(_) => "UInt8",
            Self::UInt16(_) => "UInt16",
            Self::UInt32(_) => "UInt32",
            Self::UInt64(_) => "UInt64",
            Self::Float16(_) => "Float16",
            Self::Float32(_) => "Float32",
            Self::Float64(_) => "Float64",
            Self::Int128(_) => "Int128",
            Self::Int256(_) => "Int256",
            Self::Bytes32 { .. } => "Bytes32",
            Self::Bytes64 { .. } => "Bytes64",
            Self::FixedBytes { .. } => "FixedBytes",
            Self::Dictionary { .. } => "Dictionary",
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Null(rows) => *rows,
            Self::Boolean(bits) => bits.len(),
            Self::Int8(slice) => slice.len(),
            Self::Int16(slice) => slice.len(),
            Self::Int32(slice) => slice.len(),
            Self::Int64(slice) => slice.len(),
            Self::UInt8(slice) => slice.len(),
            Self::UInt16(slice) => slice.len(),
            Self::UInt32(slice) => slice.len(),
            Self::UInt64(slice) => slice.len(),
            Self::Float16(slice) => slice.len(),
            Self::Float32(slice) => slice.len(),
            Self::Float64(slice) => slice.len(),
            Self::Int128(slice) => slice.len(),
            Self::Int256(slice) => slice.len(),
            Self::Bytes32 { offsets, .. } => offsets.len().saturating_sub(1),
            Self::Bytes64 { offsets, .. } => offsets.len().saturating_sub(1),
            Self::FixedBytes { width, data } => data.len().checked_div(*width).unwrap_or(0),
            Self::Dictionary { keys, .. } => keys.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One column of a batch: a name, values and which of them are there.
#[derive(Debug, Clone, PartialEq)]
pub struct Column<'a> {
    /// The name, as in the schema.
    pub name: &'a str,
    /// The values.
    pub values: Values<'a>,
    /// One bit a row, set where there is a value; `None` where there is one in every row.
    pub validity: Option<Bits<'a>>,
}

impl<'a> Column<'a> {
    /// A column with a value in every row.
    pub fn new(name: &'a str, values: Values<'a>) -> Self {
        Self {
            name,
            values,
            validity: None,
        }
    }

    /// The column with nulls where `validity` has a bit that is not set.
    pub fn with_validity(mut self, validity: Bits<'a>) -> Self {
        self.validity = Some(validity);
        self
    }

    /// Errors unless the validity, and that of a dictionary's values, has a bit for each value.
    pub(crate) fn check_validity(&self) -> Result<(), WriteError> {
        if let Some(bits) = self.validity
            && bits.len() != self.len()
        {
            return Err(WriteError::RaggedColumn {
                column: self.name.to_owned(),
                expected: self.len(),
                got: bits.len(),
            });
        }
        match &self.values {
            Values::Dictionary { values, .. } => values.check_validity(),
            _ => Ok(()),
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether row `index` is null.
    pub fn is_null(&self, index: usize) -> bool {
        if self.validity.is_some_and(|bits| !bits.get(index)) {
            return true;
        }
        match &self.values {
            Values::Null(_) => true,
            Values::Dictionary { keys, values } => {
                keys.get(index).is_some_and(|code| values.is_null(code))
            }
            _ => false,
        }
    }
}

/// A table in memory: columns of the same number of rows, borrowed from wherever they lie.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch<'a> {
    /// The columns, in any order; they are found by name.
    pub columns: Vec<Column<'a>>,
}

impl<'a> Batch<'a> {
    /// A batch of these columns.
    pub fn new(columns: Vec<Column<'a>>) -> Self {
        Self { columns }
    }

    /// How many rows the first column has; 0 without columns.
    pub fn num_rows(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column<'a>> {
        self.columns.iter().find(|column| column.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_are_those_of_the_bits_one_by_one(
            bytes in proptest::collection::vec(prop_oneof![Just(0), Just(0xff), any::<u8>()], 1..40),
            offset in 0_usize..8,
            start in 0_usize..320,
            end in 0_usize..320,
        ) {
            let bits = Bits::new(&bytes, offset, bytes.len() * 8 - offset).unwrap();
            let end = end.min(bits.len());
            let from = (start..end).find(|&index| bits.get(index));
            let run = from.map(|from| {
                (from, (from..end).find(|&index| !bits.get(index)).unwrap_or(end))
            });
            prop_assert_eq!(bits.next_run(start, end), run);
        }
    }
}
