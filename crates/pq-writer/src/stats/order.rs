//! How the values of a column compare; `ColumnOrder` of parquet.thrift.

use crate::leaf::LeafValues;
use crate::schema::{Leaf, Order};
use pq_format::Type;
use std::cmp::Ordering;
use std::ops::Range;

/// What the order of a column and its physical type make together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float,
    Double,
    /// Half-precision floats.
    Half,
    /// Unsigned bytes.
    Bytes,
    /// Unsigned bytes that are UTF-8 text.
    Text,
    /// Big-endian two's complement integers.
    BigEndian,
    /// No order is defined.
    Undefined,
}

impl Kind {
    pub(super) fn of(leaf: &Leaf) -> Self {
        match (leaf.order, leaf.physical) {
            (Order::Undefined, _) | (_, Type::INT96) => Self::Undefined,
            (_, Type::BOOLEAN) => Self::Boolean,
            (Order::Unsigned, Type::INT32) => Self::UInt32,
            (_, Type::INT32) => Self::Int32,
            (Order::Unsigned, Type::INT64) => Self::UInt64,
            (_, Type::INT64) => Self::Int64,
            (_, Type::FLOAT) => Self::Float,
            (_, Type::DOUBLE) => Self::Double,
            (Order::Half, _) => Self::Half,
            (Order::BigEndian, _) => Self::BigEndian,
            (Order::Text, _) => Self::Text,
            _ => Self::Bytes,
        }
    }

    /// Whether there are values that are not a number.
    pub(super) fn has_nan(self) -> bool {
        matches!(self, Self::Float | Self::Double | Self::Half)
    }

    /// Whether the order is that of the deprecated fields `min` and `max`: by signed numbers.
    pub(super) fn is_signed(self) -> bool {
        matches!(
            self,
            Self::Boolean | Self::Int32 | Self::Int64 | Self::Float | Self::Double
        )
    }
}

/// The key of a value that is not a number.
pub(super) const NAN: u64 = u64::MAX;

/// A number that compares as the value does; of zeros the same.
pub(super) trait Key: Copy {
    fn key(self) -> u64;
}

impl Key for i32 {
    #[inline]
    fn key(self) -> u64 {
        u64::from(self.cast_unsigned() ^ 1 << 31)
    }
}

impl Key for i64 {
    #[inline]
    fn key(self) -> u64 {
        self.cast_unsigned() ^ 1 << 63
    }
}

impl Key for u32 {
    #[inline]
    fn key(self) -> u64 {
        u64::from(self)
    }
}

impl Key for u64 {
    #[inline]
    fn key(self) -> u64 {
        self
    }
}

impl Key for f32 {
    #[inline]
    fn key(self) -> u64 {
        let bits = (self + 0.0).to_bits();
        match (self.is_nan(), bits >> 31) {
            (true, _) => NAN,
            (_, 0) => u64::from(bits | 1 << 31),
            _ => u64::from(!bits),
        }
    }
}

impl Key for f64 {
    #[inline]
    fn key(self) -> u64 {
        let bits = (self + 0.0).to_bits();
        match (self.is_nan(), bits >> 63) {
            (true, _) => NAN,
            (_, 0) => bits | 1 << 63,
            _ => !bits,
        }
    }
}

/// The bits of a half-precision float as it is stored.
#[derive(Clone, Copy)]
pub(super) struct Half(pub(super) [u8; 2]);

impl Half {
    /// An integer that compares as the number does, of zeros 0; above 0x7C00 in magnitude if it
    /// is not a number.
    #[inline]
    pub(super) fn signed(self) -> i16 {
        let bits = u16::from_le_bytes(self.0).cast_signed();
        let magnitude = bits & 0x7FFF;
        if bits < 0 { -magnitude } else { magnitude }
    }

    /// The largest magnitude of [`signed`](Self::signed) of a number: infinity.
    pub(super) const INFINITY: i16 = 0x7C00;

    /// The key of the number of which this is the [`signed`](Self::signed) form.
    pub(super) fn key_of(signed: i16) -> u64 {
        u64::from(signed.cast_unsigned() ^ 1 << 15)
    }
}

impl Key for Half {
    #[inline]
    fn key(self) -> u64 {
        let signed = self.signed();
        match signed.unsigned_abs() > Self::INFINITY.unsigned_abs() {
            true => NAN,
            false => Self::key_of(signed),
        }
    }
}

/// The PLAIN form of the value of this key, in `room`. A lower bound that is zero is negative
/// zero, an upper bound that is zero is positive zero: readers may take the zeros for different.
pub(super) fn plain(kind: Kind, key: u64, is_lower: bool, room: &mut [u8; 8]) -> &[u8] {
    let len = match kind {
        Kind::Boolean => {
            room[0] = u8::from(key != 0);
            1
        }
        Kind::Int32 | Kind::UInt32 => {
            let flip = if kind == Kind::Int32 { 1 << 31 } else { 0 };
            room[..4].copy_from_slice(&(key as u32 ^ flip).to_le_bytes());
            4
        }
        Kind::Float => {
            let key = key as u32;
            let bits = match key {
                0x8000_0000 if is_lower => 1 << 31,
                _ if key >> 31 == 1 => key ^ 1 << 31,
                _ => !key,
            };
            room[..4].copy_from_slice(&bits.to_le_bytes());
            4
        }
        Kind::Double => {
            let bits = match key {
                0x8000_0000_0000_0000 if is_lower => 1 << 63,
                _ if key >> 63 == 1 => key ^ 1 << 63,
                _ => !key,
            };
            *room = bits.to_le_bytes();
            8
        }
        Kind::Half => {
            let signed = (key as u16 ^ 1 << 15).cast_signed();
            let sign = match signed < 0 || signed == 0 && is_lower {
                true => 1 << 15,
                false => 0,
            };
            room[..2].copy_from_slice(&(signed.unsigned_abs() | sign).to_le_bytes());
            2
        }
        _ => {
            let flip = if kind == Kind::Int64 { 1 << 63 } else { 0 };
            *room = (key ^ flip).to_le_bytes();
            8
        }
    };
    &room[..len]
}

/// Calls `take` with the keys of the values of `range`, in order. Nothing for byte strings, which
/// have none.
#[inline]
pub(super) fn each_key(
    kind: Kind,
    values: &LeafValues<'_>,
    range: Range<usize>,
    mut take: impl FnMut(u64),
) {
    match values {
        LeafValues::Boolean(values) => {
            for bits in values.slices(range) {
                bits.iter().for_each(|bit| take(u64::from(bit)));
            }
        }
        LeafValues::Int32(values) if kind == Kind::UInt32 => {
            values.for_each(range, |slice| {
                slice
                    .iter()
                    .for_each(|value| take(value.cast_unsigned().key()));
            });
        }
        LeafValues::Int32(values) => {
            values.for_each(range, |slice| {
                slice.iter().for_each(|value| take(value.key()));
            });
        }
        LeafValues::Int64(values) if kind == Kind::UInt64 => {
            values.for_each(range, |slice| {
                slice
                    .iter()
                    .for_each(|value| take(value.cast_unsigned().key()));
            });
        }
        LeafValues::Int64(values) => {
            values.for_each(range, |slice| {
                slice.iter().for_each(|value| take(value.key()));
            });
        }
        LeafValues::Float(values) => {
            values.for_each(range, |slice| {
                slice.iter().for_each(|value| take(value.key()));
            });
        }
        LeafValues::Double(values) => {
            values.for_each(range, |slice| {
                slice.iter().for_each(|value| take(value.key()));
            });
        }
        LeafValues::Fixed { data, .. } if kind == Kind::Half => {
            for slice in data.slices(range.start * 2..range.end * 2) {
                let halves = slice.as_chunks::<2>().0;
                halves.iter().for_each(|half| take(Half(*half).key()));
            }
        }
        LeafValues::Fixed { .. } | LeafValues::Bytes(_) | LeafValues::Coded(_) => {}
    }
}

/// How two values, as PLAIN has them but without lengths, compare in the order of the column.
/// What is not a number is above all numbers; where no order is defined, bytes compare.
pub(super) fn compare_kind(kind: Kind, a: &[u8], b: &[u8]) -> Ordering {
    match kind {
        Kind::Bytes | Kind::Text | Kind::Undefined => a.cmp(b),
        Kind::BigEndian => BigEndian(a).cmp(&BigEndian(b)),
        _ => key_of(kind, a).cmp(&key_of(kind, b)),
    }
}

/// The key of a value as PLAIN has it; of what is too short, `None`.
fn key_of(kind: Kind, value: &[u8]) -> Option<u64> {
    Some(match kind {
        Kind::Boolean => u64::from(*value.first()?),
        Kind::Int32 => i32::from_le_bytes(*value.first_chunk()?).key(),
        Kind::UInt32 => u32::from_le_bytes(*value.first_chunk()?).key(),
        Kind::Int64 => i64::from_le_bytes(*value.first_chunk()?).key(),
        Kind::UInt64 => u64::from_le_bytes(*value.first_chunk()?).key(),
        Kind::Float => f32::from_le_bytes(*value.first_chunk()?).key(),
        Kind::Double => f64::from_le_bytes(*value.first_chunk()?).key(),
        Kind::Half => Half(*value.first_chunk()?).key(),
        Kind::Bytes | Kind::Text | Kind::BigEndian | Kind::Undefined => return None,
    })
}

/// A big-endian two's complement integer; compares with those of the same length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct BigEndian<'a>(pub(super) &'a [u8]);

impl Ord for BigEndian<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // Negative numbers have the first bit set and come first.
        let is_positive = |value: &[u8]| value.first().is_none_or(|byte| byte & 0x80 == 0);
        is_positive(self.0)
            .cmp(&is_positive(other.0))
            .then_with(|| self.0.cmp(other.0))
    }
}

impl PartialOrd for BigEndian<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
