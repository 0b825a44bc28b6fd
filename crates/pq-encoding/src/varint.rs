//! Unsigned LEB128: seven bits a byte, the least significant first, the top bit set in every
//! byte but the last.
//!
//! ```text
//! 300 = 0b10_0101100    1 0101100 │ 0 0000010
//!                       more        last
//! ```
//!
//! One byte for values below 128, two below 16,384, one for each seven bits: at most 5 for a `u32`
//! and 10 for a `u64`. Encodings.md, "Run Length Encoding / Bit-Packing Hybrid", has it as
//! `varint-encode()`.
//!
//! ```
//! use pq_encoding::varint;
//!
//! let mut out = Vec::new();
//! varint::encode_u64(300, &mut out)?;
//! assert_eq!(out, [0b1010_1100, 0b0000_0010]);
//! assert_eq!(varint::decode_u64(&out)?, (300, 2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::error::{DecodeError, EncodeError};
use crate::output::Output;

/// The most bytes that a `u64` takes.
pub const MAX_LEN_U64: usize = 10;

/// The most bytes that a `u32` takes.
pub const MAX_LEN_U32: usize = 5;

/// How many bytes `value` takes.
///
/// ```
/// assert_eq!(pq_encoding::varint::len_u64(300), 2);
/// ```
#[inline]
pub const fn len_u64(value: u64) -> usize {
    // Nine bits in 64 are a seventh, near enough that no width rounds wrong.
    ((u64::BITS - (value | 1).leading_zeros()) as usize * 9 + 64) / 64
}

/// Writes `value` to the front of `out` and returns how many bytes it takes.
#[inline]
pub const fn encode_u64_to_array(mut value: u64, out: &mut [u8; MAX_LEN_U64]) -> usize {
    let mut len = 0;
    while value >= 0x80 && len < MAX_LEN_U64 - 1 {
        out[len] = value as u8 | 0x80;
        value >>= 7;
        len += 1;
    }
    out[len] = value as u8;
    len + 1
}

/// Appends `value`.
///
/// # Errors
///
/// The output is full; a `Vec` never is.
#[inline]
pub fn encode_u64(value: u64, out: &mut impl Output) -> Result<(), EncodeError> {
    let mut bytes = [0; MAX_LEN_U64];
    let len = encode_u64_to_array(value, &mut bytes);
    out.put_first(&bytes, len)
}

/// Appends `value`.
///
/// # Errors
///
/// The output is full; a `Vec` never is.
#[inline]
pub fn encode_u32(value: u32, out: &mut impl Output) -> Result<(), EncodeError> {
    encode_u64(u64::from(value), out)
}

/// The integer that `input` starts with, and how many bytes it takes. Forms that are longer
/// than need be are read, as other readers do.
///
/// # Errors
///
/// The input ends within the integer, or it does not fit 64 bits.
///
/// ```
/// use pq_encoding::varint;
/// assert_eq!(varint::decode_u64(&[0x96, 0x01, 0xff]), Ok((150, 2)));
/// assert!(varint::decode_u64(&[0x80]).is_err());
/// ```
#[inline]
pub fn decode_u64(input: &[u8]) -> Result<(u64, usize), DecodeError> {
    if let Some(&word) = input.first_chunk()
        && let Some(decoded) = decode_word(u64::from_le_bytes(word))
    {
        return Ok(decoded);
    }
    let mut value = 0;
    for (index, &byte) in input.iter().take(MAX_LEN_U64).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            if index == MAX_LEN_U64 - 1 && byte > 1 {
                return Err(DecodeError::Overflow { offset: 0 });
            }
            return Ok((value, index + 1));
        }
    }
    if input.len() >= MAX_LEN_U64 {
        Err(DecodeError::Overflow { offset: 0 })
    } else {
        Err(DecodeError::UnexpectedEnd {
            offset: input.len(),
        })
    }
}

/// Encodes an integer into the lowest bytes of a little-endian word, without branching on its
/// length, which is returned too; `None` if it takes more than eight bytes.
///
/// ```
/// use pq_encoding::varint;
/// assert_eq!(varint::encode_word(150), Some((0x01_96, 2)));
/// assert_eq!(varint::encode_word(1 << 56), None);
/// ```
#[inline]
#[must_use]
pub const fn encode_word(value: u64) -> Option<(u64, usize)> {
    if value >> 56 != 0 {
        return None;
    }
    // The low seven bits to each byte: halves first, then quarters, then eighths.
    let low = 0x0fff_ffff;
    let halves = (value & low) | ((value & !low) << 4);
    let low = 0x0000_3fff_0000_3fff;
    let quarters = (halves & low) | ((halves & !low) << 2);
    let low = 0x007f_007f_007f_007f;
    let eighths = (quarters & low) | ((quarters & !low) << 1);
    let len = len_u64(value);
    // All bytes but the last say that there are more.
    let more = 0x8080_8080_8080_8080 & !(u64::MAX << (8 * (len - 1)));
    Some((eighths | more, len))
}

/// Decodes an integer at the lowest byte of a little-endian word, without branching on its length;
/// `None` if it does not end in the word.
///
/// ```
/// use pq_encoding::varint;
/// assert_eq!(varint::decode_word(0xff_01_96), Some((150, 2)));
/// assert_eq!(varint::decode_word(u64::MAX), None);
/// ```
#[inline(always)]
#[must_use]
pub const fn decode_word(word: u64) -> Option<(u64, usize)> {
    // The high bit of each byte that is the last of its integer.
    let ends = !word & 0x8080_8080_8080_8080;
    if ends == 0 {
        return None;
    }
    // Up to the lowest of them.
    let inside = ends ^ (ends - 1);
    Some((join(word & inside), ends.trailing_zeros() as usize / 8 + 1))
}

/// Moves the low seven bits of each byte together: by pairs of bytes, then pairs of those.
#[inline(always)]
const fn join(bytes: u64) -> u64 {
    let sevens = bytes & 0x7f7f_7f7f_7f7f_7f7f;
    let low = 0x007f_007f_007f_007f;
    let fourteens = (sevens & low) | ((sevens & !low) >> 1);
    let low = 0x0000_3fff_0000_3fff;
    let twenty_eights = (fourteens & low) | ((fourteens & !low) >> 2);
    let low = 0x0fff_ffff;
    (twenty_eights & low) | ((twenty_eights & !low) >> 4)
}

/// As [`decode_u64`], for integers of 32 bits.
///
/// # Errors
///
/// The input ends within the integer, or it does not fit 32 bits.
#[inline]
pub fn decode_u32(input: &[u8]) -> Result<(u32, usize), DecodeError> {
    let (value, len) = decode_u64(input)?;
    match u32::try_from(value) {
        Ok(value) => Ok((value, len)),
        Err(_) => Err(DecodeError::Overflow { offset: 0 }),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        MAX_LEN_U32, MAX_LEN_U64, decode_u32, decode_u64, decode_word, encode_u64_to_array,
        encode_word, len_u64,
    };
    use crate::error::DecodeError;
    use crate::naive;
    use proptest::prelude::*;

    fn encoded(value: u64) -> std::vec::Vec<u8> {
        let mut out = [0; MAX_LEN_U64];
        let len = encode_u64_to_array(value, &mut out);
        out[..len].to_vec()
    }

    #[test]
    fn every_width() {
        for bits in 0..64 {
            for value in [1 << bits, (1 << bits) - 1, u64::MAX >> bits] {
                let bytes = encoded(value);
                assert_eq!(bytes, naive::varint(value));
                assert_eq!(bytes.len(), len_u64(value));
                assert_eq!(decode_u64(&bytes), Ok((value, bytes.len())));
                let word = encode_word(value);
                assert_eq!(word.is_none(), bytes.len() > 8);
                if let Some((word, len)) = word {
                    assert_eq!(word.to_le_bytes()[..len], bytes);
                    assert_eq!(word >> (8 * len - 1), 0);
                    assert_eq!(
                        decode_word(word | u64::MAX << (8 * len - 1) << 1),
                        Some((value, len))
                    );
                }
            }
        }
    }

    #[test]
    fn the_largest_are_as_large_as_stated() {
        assert_eq!(encoded(u64::MAX).len(), MAX_LEN_U64);
        assert_eq!(encoded(u64::from(u32::MAX)).len(), MAX_LEN_U32);
    }

    #[test]
    fn bad_input() {
        assert_eq!(
            decode_u64(&[]),
            Err(DecodeError::UnexpectedEnd { offset: 0 })
        );
        assert_eq!(
            decode_u64(&[0xff; 9]),
            Err(DecodeError::UnexpectedEnd { offset: 9 })
        );
        let overflow = Err(DecodeError::Overflow { offset: 0 });
        assert_eq!(decode_u64(&[0xff; 10]), overflow);
        let mut tenth_too_large = [0x80; 10];
        tenth_too_large[9] = 2;
        assert_eq!(decode_u64(&tenth_too_large), overflow);
        assert_eq!(
            decode_u32(&encoded(1 << 32)),
            Err(DecodeError::Overflow { offset: 0 })
        );
        assert_eq!(decode_u32(&encoded(u64::from(u32::MAX))), Ok((u32::MAX, 5)));
    }

    proptest! {
        #[test]
        fn there_and_back(value in any::<u64>(), shift in 0_u32..64, rest in any::<[u8; 3]>()) {
            let value = value >> shift;
            let mut bytes = encoded(value);
            let len = bytes.len();
            bytes.extend(rest);
            prop_assert_eq!(decode_u64(&bytes), Ok((value, len)));
            prop_assert!(len <= MAX_LEN_U64);
            if let Ok(narrow) = u32::try_from(value) {
                prop_assert_eq!(decode_u32(&bytes), Ok((narrow, len)));
                prop_assert!(len <= MAX_LEN_U32);
            }
        }

        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            if let Ok((_, len)) = decode_u64(&bytes) {
                prop_assert!(len <= bytes.len());
            }
        }
    }
}
