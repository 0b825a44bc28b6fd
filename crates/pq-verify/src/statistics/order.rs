//! The order of a column's values.

use crate::schema::{Kind, Leaf};
use pq_format::{ColumnOrder, Type};
use std::cmp::Ordering;
use std::fmt;

/// How values of a column compare (`ColumnOrder` in parquet.thrift).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The specification gives the type none.
    Undefined,
    /// One that this version does not know.
    Unknown,
    Boolean,
    Int32,
    Int64,
    UInt32,
    UInt64,
    /// Floats by value, or by IEEE 754's total order.
    Float {
        total: bool,
    },
    Double {
        total: bool,
    },
    Half {
        total: bool,
    },
    /// Bytes as unsigned, the shorter first.
    Bytes,
    /// Signed integers, big endian, of any length.
    BigEndian,
    /// Days, then nanoseconds.
    Int96,
}

/// A value as it compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    Number(i128),
    Bytes(Vec<u8>),
}

impl Order {
    /// The order of a leaf, the column order being `stated`.
    pub(crate) fn of(leaf: &Leaf, stated: Option<&ColumnOrder>) -> Self {
        let total = match stated {
            None | Some(ColumnOrder::TypeOrder(_)) => false,
            Some(ColumnOrder::Ieee754TotalOrder(_)) => true,
            Some(ColumnOrder::Int96TimestampOrder(_)) if leaf.physical == Type::INT96 => {
                return Self::Int96;
            }
            Some(_) => return Self::Unknown,
        };
        match (leaf.kind, leaf.physical) {
            (Kind::Unordered, _) | (_, Type::INT96) => Self::Undefined,
            (Kind::Unknown, _) => Self::Unknown,
            (Kind::Integer { signed: false, .. }, Type::INT32) => Self::UInt32,
            (Kind::Integer { signed: false, .. }, Type::INT64) => Self::UInt64,
            (Kind::Half, _) => Self::Half { total },
            (_, Type::BOOLEAN) => Self::Boolean,
            (_, Type::INT32) => Self::Int32,
            (_, Type::INT64) => Self::Int64,
            (_, Type::FLOAT) => Self::Float { total },
            (_, Type::DOUBLE) => Self::Double { total },
            (Kind::Decimal { .. }, _) => Self::BigEndian,
            (_, Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY) => Self::Bytes,
            _ => Self::Unknown,
        }
    }

    pub(crate) fn is_float(self) -> bool {
        matches!(
            self,
            Self::Float { .. } | Self::Double { .. } | Self::Half { .. }
        )
    }

    /// Whether NaN has a place in the order.
    pub(crate) fn is_total(self) -> bool {
        matches!(
            self,
            Self::Float { total: true } | Self::Double { total: true } | Self::Half { total: true }
        )
    }

    /// Whether comparing as signed numbers gives the order.
    pub(crate) fn is_signed(self) -> bool {
        matches!(
            self,
            Self::Boolean | Self::Int32 | Self::Int64 | Self::BigEndian
        ) || self.is_float()
    }

    /// The key of a PLAIN value; `None` if it is no value of the type, or a NaN that has no place.
    pub(crate) fn key(self, value: &[u8]) -> Option<Key> {
        let number = match self {
            Self::Undefined | Self::Unknown => return None,
            Self::Bytes => return Some(Key::Bytes(value.to_vec())),
            Self::BigEndian => return Some(big_endian(value)),
            Self::Boolean => match value {
                [value @ (0 | 1)] => i128::from(*value),
                _ => return None,
            },
            Self::Int32 => i32::from_le_bytes(value.try_into().ok()?).into(),
            Self::Int64 => i64::from_le_bytes(value.try_into().ok()?).into(),
            Self::UInt32 => u32::from_le_bytes(value.try_into().ok()?).into(),
            Self::UInt64 => u64::from_le_bytes(value.try_into().ok()?).into(),
            Self::Float { total } => {
                float_key(f32::from_le_bytes(value.try_into().ok()?), total)?.into()
            }
            Self::Double { total } => {
                double_key(f64::from_le_bytes(value.try_into().ok()?), total)?.into()
            }
            Self::Half { total } => {
                half_key(u16::from_le_bytes(value.try_into().ok()?), total)?.into()
            }
            Self::Int96 => {
                let (nanoseconds, days) = value.split_first_chunk::<8>()?;
                let days = i32::from_le_bytes(days.try_into().ok()?);
                (i128::from(days) << 64) + i128::from(i64::from_le_bytes(*nanoseconds))
            }
        };
        Some(Key::Number(number))
    }

    /// Compares keys of this order.
    pub(crate) fn compare(self, a: &Key, b: &Key) -> Ordering {
        match (a, b) {
            (Key::Number(a), Key::Number(b)) => a.cmp(b),
            (Key::Bytes(a), Key::Bytes(b)) => self.compare_bytes(a, b),
            _ => Ordering::Equal,
        }
    }

    /// Compares byte strings of an order that has them for keys.
    pub(crate) fn compare_bytes(self, a: &[u8], b: &[u8]) -> Ordering {
        if self == Self::BigEndian {
            compare_big_endian(a, b)
        } else {
            a.cmp(b)
        }
    }

    /// Whether a value is NaN.
    pub(crate) fn is_nan(self, value: &[u8]) -> bool {
        match self {
            Self::Float { .. } => value
                .try_into()
                .is_ok_and(|value| f32::from_le_bytes(value).is_nan()),
            Self::Double { .. } => value
                .try_into()
                .is_ok_and(|value| f64::from_le_bytes(value).is_nan()),
            Self::Half { .. } => value
                .try_into()
                .is_ok_and(|value| is_half_nan(u16::from_le_bytes(value))),
            _ => false,
        }
    }
}

pub(crate) fn is_half_nan(bits: u16) -> bool {
    bits & 0x7fff > 0x7c00
}

/// An integer that compares as the float does, both zeros being 0 unless the order is total.
pub(crate) fn float_key(value: f32, total: bool) -> Option<i32> {
    if !total {
        if value.is_nan() {
            return None;
        }
        if value == 0.0 {
            return Some(0);
        }
    }
    let bits = value.to_bits().cast_signed();
    Some(bits ^ ((bits >> 31).cast_unsigned() >> 1).cast_signed())
}

pub(crate) fn double_key(value: f64, total: bool) -> Option<i64> {
    if !total {
        if value.is_nan() {
            return None;
        }
        if value == 0.0 {
            return Some(0);
        }
    }
    let bits = value.to_bits().cast_signed();
    Some(bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed())
}

pub(crate) fn half_key(bits: u16, total: bool) -> Option<i16> {
    if !total {
        if is_half_nan(bits) {
            return None;
        }
        if bits & 0x7fff == 0 {
            return Some(0);
        }
    }
    let bits = bits.cast_signed();
    Some(bits ^ ((bits >> 15).cast_unsigned() >> 1).cast_signed())
}

fn big_endian(value: &[u8]) -> Key {
    Key::Bytes(value.to_vec())
}

/// Compares two's complement numbers of any lengths; no bytes are 0.
fn compare_big_endian(a: &[u8], b: &[u8]) -> Ordering {
    let is_negative = |value: &[u8]| value.first().is_some_and(|byte| byte & 0x80 != 0);
    let negative = is_negative(a);
    if negative != is_negative(b) {
        return is_negative(b).cmp(&negative);
    }
    let sign = if negative { 0xff } else { 0 };
    let len = a.len().max(b.len());
    fn extended(value: &[u8], len: usize, sign: u8) -> impl Iterator<Item = u8> + '_ {
        std::iter::repeat_n(sign, len - value.len()).chain(value.iter().copied())
    }
    if a.len() == b.len() {
        return a.cmp(b);
    }
    extended(a, len, sign).cmp(extended(b, len, sign))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Bytes(bytes) => {
                let short = bytes.get(..40).unwrap_or(bytes);
                write!(f, "\"{}\"", short.escape_ascii())?;
                if short.len() < bytes.len() {
                    write!(f, "… of {} bytes", bytes.len())?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_in_order() {
        let values = [
            -f32::NAN,
            f32::NEG_INFINITY,
            -1.0,
            -f32::MIN_POSITIVE,
            -0.0,
            0.0,
            1e-40,
            1.0,
            f32::INFINITY,
            f32::NAN,
        ];
        let total = |value: f32| float_key(value, true).unwrap();
        assert!(
            values
                .windows(2)
                .all(|pair| total(pair[0]) < total(pair[1]))
        );
        let wide = |value: f32| double_key(value.into(), true).unwrap();
        assert!(values.windows(2).all(|pair| wide(pair[0]) < wide(pair[1])));
        assert_eq!(float_key(-0.0, false), float_key(0.0, false));
        assert_eq!(double_key(-0.0, false), double_key(0.0, false));
        assert_eq!(float_key(f32::NAN, false), None);
        let halves = [
            0xfc01, 0xfc00, 0xbc00, 0x8001, 0x8000, 0, 1, 0x3c00, 0x7c00, 0x7c01,
        ];
        let half = |bits| half_key(bits, true).unwrap();
        assert!(halves.windows(2).all(|pair| half(pair[0]) < half(pair[1])));
        assert_eq!(
            (half_key(0x8000, false), half_key(0, false)),
            (Some(0), Some(0))
        );
    }

    #[test]
    fn big_endian_numbers_of_any_length() {
        let values: [&[u8]; 7] = [
            &[0x80, 0],
            &[0x80],
            &[0xff, 0x81],
            &[0xff],
            &[],
            &[0, 0, 5],
            &[0x7f],
        ];
        for (index, a) in values.iter().enumerate() {
            for (other, b) in values.iter().enumerate() {
                assert_eq!(compare_big_endian(a, b), index.cmp(&other), "{a:?} {b:?}");
            }
        }
        assert_eq!(compare_big_endian(&[5], &[0, 5]), Ordering::Equal);
        assert_eq!(compare_big_endian(&[0xff, 0xff], &[0xff]), Ordering::Equal);
    }
}
