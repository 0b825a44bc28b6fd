//! How values lie in memory.

use super::{Bits, Column};

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
    /// Byte strings as Arrow's views: 16 bytes each, the length in the lowest four; up to twelve
    /// bytes stand behind it, of longer ones a prefix (4 bytes), the buffer and the offset in it.
    BytesView {
        /// One view a row, little-endian.
        views: &'a [u128],
        /// The bytes of values longer than twelve.
        buffers: Vec<&'a [u8]>,
    },
    /// Lists; row `i` is `values[offsets[i]..offsets[i + 1]]`. Also maps, the values then being
    /// structs of key and value.
    List32 {
        /// One more than there are rows; ascending.
        offsets: &'a [i32],
        /// The elements of all rows.
        values: Box<Column<'a>>,
    },
    /// Lists with 64-bit offsets.
    List64 {
        /// One more than there are rows; ascending.
        offsets: &'a [i64],
        /// The elements of all rows.
        values: Box<Column<'a>>,
    },
    /// Lists in any order; row `i` is the `sizes[i]` elements from `offsets[i]` on.
    ListView32 {
        /// One a row.
        offsets: &'a [i32],
        /// One a row.
        sizes: &'a [i32],
        /// What elements are taken from.
        values: Box<Column<'a>>,
    },
    /// Lists in any order, with 64-bit offsets.
    ListView64 {
        /// One a row.
        offsets: &'a [i64],
        /// One a row.
        sizes: &'a [i64],
        /// What elements are taken from.
        values: Box<Column<'a>>,
    },
    /// Lists of `size` elements each, null rows too.
    FixedList {
        /// Elements a row.
        size: usize,
        /// Rows.
        len: usize,
        /// `size` elements a row.
        values: Box<Column<'a>>,
    },
    /// Structs: a column for each field, found by name, all of the same length.
    Struct {
        /// Rows.
        len: usize,
        /// The fields; one may hold values where the struct is null.
        fields: Vec<Column<'a>>,
    },
    /// Runs: rows `ends[i - 1] .. ends[i]` all are `values[i]`, of which rows
    /// `offset .. offset + len` are meant.
    RunEnd {
        /// Where runs end; ascending.
        ends: Keys<'a>,
        /// The first row.
        offset: usize,
        /// Rows.
        len: usize,
        /// One value a run.
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
            Self::BytesView { .. } => "BytesView",
            Self::List32 { .. } => "List32",
            Self::List64 { .. } => "List64",
            Self::ListView32 { .. } => "ListView32",
            Self::ListView64 { .. } => "ListView64",
            Self::FixedList { .. } => "FixedList",
            Self::Struct { .. } => "Struct",
            Self::RunEnd { .. } => "RunEnd",
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
            Self::BytesView { views, .. } => views.len(),
            Self::List32 { offsets, .. } => offsets.len().saturating_sub(1),
            Self::List64 { offsets, .. } => offsets.len().saturating_sub(1),
            Self::ListView32 { offsets, .. } => offsets.len(),
            Self::ListView64 { offsets, .. } => offsets.len(),
            Self::FixedList { len, .. } | Self::Struct { len, .. } | Self::RunEnd { len, .. } => {
                *len
            }
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
