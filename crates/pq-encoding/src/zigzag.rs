//! Signed integers as unsigned ones, small where the magnitude is small: 0, −1, 1, −2 … become
//! 0, 1, 2, 3 …
//!
//! ```text
//! value      0 −1  1 −2  2        zigzag = value × 2         from 0 on
//! zigzag     0  1  2  3  4                 −value × 2 − 1    below
//! ```
//!
//! As many bits as before; in a [`varint`](crate::varint) one byte for −64 to 63. Encodings.md,
//! "Delta Encoding", has it as zigzag ULEB128.

/// The zigzag form of `value`.
#[inline]
pub const fn encode_i32(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

/// The value of which this is the zigzag form.
#[inline]
pub const fn decode_i32(value: u32) -> i32 {
    (value >> 1) as i32 ^ -((value & 1) as i32)
}

/// The zigzag form of `value`.
///
/// ```
/// assert_eq!(pq_encoding::zigzag::encode_i64(-3), 5);
/// ```
#[inline]
pub const fn encode_i64(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// The value of which this is the zigzag form.
#[inline]
pub const fn decode_i64(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::{decode_i32, decode_i64, encode_i32, encode_i64};
    use proptest::prelude::*;

    #[test]
    fn extremes() {
        assert_eq!(encode_i32(i32::MIN), u32::MAX);
        assert_eq!(encode_i32(i32::MAX), u32::MAX - 1);
        assert_eq!(encode_i64(i64::MIN), u64::MAX);
        assert_eq!(encode_i64(i64::MAX), u64::MAX - 1);
    }

    proptest! {
        #[test]
        fn there_and_back(narrow in any::<i32>(), wide in any::<i64>()) {
            prop_assert_eq!(decode_i32(encode_i32(narrow)), narrow);
            prop_assert_eq!(decode_i64(encode_i64(wide)), wide);
            // Twice the magnitude, one less for negative values.
            let expected = 2 * i128::from(wide).abs() - i128::from(wide < 0);
            prop_assert_eq!(i128::from(encode_i64(wide)), expected);
        }
    }
}
