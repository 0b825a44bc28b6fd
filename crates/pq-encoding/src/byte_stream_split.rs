//! BYTE_STREAM_SPLIT: all first bytes of values, then all second bytes, and so on.
//!
//! ```text
//! values    A0 A1 A2 A3   B0 B1 B2 B3   C0 C1 C2 C3
//! encoded   A0 B0 C0   A1 B1 C1   A2 B2 C2   A3 B3 C3
//! ```
//!
//! It takes as many bytes as PLAIN and states nothing, so whoever decodes must know the count or
//! the length. What compresses better after it are values whose bytes have different entropy,
//! floating-point numbers above all. Encodings.md, "Byte Stream Split".
//!
//! ```
//! use pq_encoding::byte_stream_split as split;
//!
//! let mut page = Vec::new();
//! split::encode_i32(&[0x0403_0201, 0x1413_1211], &mut page)?;
//! assert_eq!(page, [1, 0x11, 2, 0x12, 3, 0x13, 4, 0x14]);
//!
//! let mut values = [0; 2];
//! assert_eq!(split::decode_i32(&page, &mut values)?, 8);
//! assert_eq!(values, [0x0403_0201, 0x1413_1211]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Values of any width are cut into lanes of 8, 4 or 2 bytes; the last lane of a value may
//! overlap the one before it. Blocks of lanes are transposed by halves, in steps that the
//! compiler makes vectors of.

use crate::error::{DecodeError, EncodeError};
use crate::output::Output;

/// Values that are transposed at a time.
const BLOCK: usize = 128;

/// The bytes that `count` values of `width` bytes take: exactly so many.
///
/// ```
/// assert_eq!(pq_encoding::byte_stream_split::max_encoded_len(3, 8), 24);
/// ```
pub const fn max_encoded_len(count: usize, width: usize) -> usize {
    count.saturating_mul(width)
}

macro_rules! numbers {
    ($($encode:ident $decode:ident $number:ty, $lane:ty, $to:expr, $from:expr, $what:literal;)*) => {
        $(
            #[doc = concat!("Appends ", $what, " values.")]
            ///
            /// # Errors
            ///
            /// The output is full; a `Vec` never is.
            pub fn $encode(values: &[$number], out: &mut impl Output) -> Result<(), EncodeError> {
                let count = values.len();
                let out = out.grow(max_encoded_len(count, size_of::<$number>()))?;
                let mut at = 0;
                for block in values.chunks(BLOCK) {
                    let mut lanes = [0; BLOCK];
                    for (lane, &value) in lanes.iter_mut().zip(block) {
                        *lane = $to(value);
                    }
                    scatter::<$lane>(&lanes, out, count, at, block.len());
                    at += block.len();
                }
                Ok(())
            }

            #[doc = concat!("Fills `out` with ", $what, " values, and returns the bytes used: all.")]
            ///
            /// # Errors
            ///
            /// The input is not the bytes of exactly `out.len()` values. `out` is as it was then.
            pub fn $decode(input: &[u8], out: &mut [$number]) -> Result<usize, DecodeError> {
                let count = out.len();
                check_len(input, max_encoded_len(count, size_of::<$number>()))?;
                let mut at = 0;
                for block in out.chunks_mut(BLOCK) {
                    let mut lanes = [0; BLOCK];
                    gather::<$lane>(input, count, at, block.len(), &mut lanes);
                    for (value, &lane) in block.iter_mut().zip(&lanes) {
                        *value = $from(lane);
                    }
                    at += block.len();
                }
                Ok(input.len())
            }
        )*
    };
}

numbers! {
    encode_i32 decode_i32 i32, u32, |value| value as u32, |lane| lane as i32, "INT32";
    encode_i64 decode_i64 i64, u64, |value| value as u64, |lane| lane as i64, "INT64";
    encode_f32 decode_f32 f32, u32, f32::to_bits, f32::from_bits, "FLOAT";
    encode_f64 decode_f64 f64, u64, f64::to_bits, f64::from_bits, "DOUBLE";
}

/// Appends FIXED_LEN_BYTE_ARRAY values of `width` bytes each, which stand back to back.
///
/// # Errors
///
/// `values` is not a whole number of values, and nothing is appended then; or the output is
/// full.
///
/// ```
/// use pq_encoding::byte_stream_split as split;
///
/// let mut page = Vec::new();
/// split::encode_fixed(b"abcABC123", 3, &mut page)?;
/// assert_eq!(page, b"aA1bB2cC3");
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
pub fn encode_fixed(values: &[u8], width: usize, out: &mut impl Output) -> Result<(), EncodeError> {
    if values.is_empty() {
        return Ok(());
    }
    if values.len().checked_rem(width) != Some(0) {
        return Err(EncodeError::Ragged {
            len: values.len(),
            width,
        });
    }
    let out = out.grow(values.len())?;
    match width {
        1 => out.copy_from_slice(values),
        2..4 => encode_lanes::<u16>(values, width, out),
        4..8 => encode_lanes::<u32>(values, width, out),
        _ => encode_lanes::<u64>(values, width, out),
    }
    Ok(())
}

/// Fills `out` with FIXED_LEN_BYTE_ARRAY values of `width` bytes each, back to back, and returns
/// the bytes used: all.
///
/// # Errors
///
/// The input is not the bytes of exactly as many values as `out` holds; if `out` is no whole
/// number of values, then neither is the input. `out` is as it was then.
pub fn decode_fixed(input: &[u8], width: usize, out: &mut [u8]) -> Result<usize, DecodeError> {
    check_len(input, out.len())?;
    if input.is_empty() {
        return Ok(0);
    }
    let ragged = input.len().checked_rem(width).unwrap_or(input.len());
    if ragged != 0 {
        return Err(DecodeError::TrailingBytes {
            offset: input.len() - ragged,
        });
    }
    match width {
        1 => out.copy_from_slice(input),
        2..4 => decode_lanes::<u16>(input, width, out),
        4..8 => decode_lanes::<u32>(input, width, out),
        _ => decode_lanes::<u64>(input, width, out),
    }
    Ok(input.len())
}

/// Errors unless there are `len` bytes.
fn check_len(input: &[u8], len: usize) -> Result<(), DecodeError> {
    if input.len() < len {
        return Err(DecodeError::UnexpectedEnd {
            offset: input.len(),
        });
    }
    if input.len() > len {
        return Err(DecodeError::TrailingBytes { offset: len });
    }
    Ok(())
}

/// Where the lanes of a value of `width` bytes start.
fn lanes_of<L: Lane>(width: usize) -> impl Iterator<Item = usize> {
    let last = width.saturating_sub(L::BYTES);
    (0..last).step_by(L::BYTES).chain([last])
}

fn encode_lanes<L: Lane>(values: &[u8], width: usize, out: &mut [u8]) {
    let count = values.len() / width;
    for (index, block) in values.chunks(BLOCK * width).enumerate() {
        for start in lanes_of::<L>(width) {
            let mut lanes = [L::ZERO; BLOCK];
            for (lane, value) in lanes.iter_mut().zip(block.chunks_exact(width)) {
                *lane = L::read(value.get(start..).unwrap_or_default());
            }
            let streams = out.get_mut(start * count..).unwrap_or_default();
            scatter(&lanes, streams, count, index * BLOCK, block.len() / width);
        }
    }
}

fn decode_lanes<L: Lane>(input: &[u8], width: usize, out: &mut [u8]) {
    let count = out.len() / width;
    for (index, block) in out.chunks_mut(BLOCK * width).enumerate() {
        for start in lanes_of::<L>(width) {
            let mut lanes = [L::ZERO; BLOCK];
            let streams = input.get(start * count..).unwrap_or_default();
            gather(
                streams,
                count,
                index * BLOCK,
                block.len() / width,
                &mut lanes,
            );
            for (value, lane) in block.chunks_exact_mut(width).zip(lanes) {
                lane.write(value.get_mut(start..).unwrap_or_default());
            }
        }
    }
}

/// Puts the bytes of the first `len` lanes into their streams, of `count` bytes each, from `at`
/// on.
#[inline(always)]
fn scatter<L: Lane>(lanes: &[L; BLOCK], streams: &mut [u8], count: usize, at: usize, len: usize) {
    let mut bytes = [[0; BLOCK]; 8];
    L::split(lanes, &mut bytes);
    for (index, bytes) in bytes.iter().take(L::BYTES).enumerate() {
        let stream = streams.get_mut(index * count + at..).unwrap_or_default();
        match stream.first_chunk_mut() {
            Some(to) if len == BLOCK => *to = *bytes,
            _ => {
                for (to, from) in stream.iter_mut().zip(bytes).take(len) {
                    *to = *from;
                }
            }
        }
    }
}

/// Takes the bytes of `len` lanes from their streams, of `count` bytes each, from `at` on.
#[inline(always)]
fn gather<L: Lane>(streams: &[u8], count: usize, at: usize, len: usize, lanes: &mut [L; BLOCK]) {
    let mut bytes = [[0; BLOCK]; 8];
    for (index, bytes) in bytes.iter_mut().take(L::BYTES).enumerate() {
        let stream = streams.get(index * count + at..).unwrap_or_default();
        match stream.first_chunk() {
            Some(from) if len == BLOCK => *bytes = *from,
            _ => {
                for (to, from) in bytes.iter_mut().zip(stream).take(len) {
                    *to = *from;
                }
            }
        }
    }
    L::join(&bytes, lanes);
}

/// Bytes of a value that are transposed together, the first one lowest.
trait Lane: Copy {
    const ZERO: Self;
    const BYTES: usize;
    /// The lane that `bytes` starts with.
    fn read(bytes: &[u8]) -> Self;
    /// Writes it to the front of `bytes`.
    fn write(self, bytes: &mut [u8]);
    /// The first bytes, the second bytes and so on.
    fn split(lanes: &[Self; BLOCK], bytes: &mut [[u8; BLOCK]]);
    /// What was split.
    fn join(bytes: &[[u8; BLOCK]], lanes: &mut [Self; BLOCK]);
}

macro_rules! lane {
    ($lane:ident, $split:expr, $join:expr) => {
        impl Lane for $lane {
            const ZERO: Self = 0;
            const BYTES: usize = size_of::<$lane>();
            #[inline(always)]
            fn read(bytes: &[u8]) -> Self {
                bytes
                    .first_chunk()
                    .map_or(0, |bytes| Self::from_le_bytes(*bytes))
            }
            #[inline(always)]
            fn write(self, bytes: &mut [u8]) {
                if let Some(bytes) = bytes.first_chunk_mut() {
                    *bytes = self.to_le_bytes();
                }
            }
            #[inline(always)]
            fn split(lanes: &[Self; BLOCK], bytes: &mut [[u8; BLOCK]]) {
                $split(lanes, bytes)
            }
            #[inline(always)]
            fn join(bytes: &[[u8; BLOCK]], lanes: &mut [Self; BLOCK]) {
                $join(bytes, lanes)
            }
        }
    };
}

lane!(u16, split_u16, join_u16);
lane!(u32, split_u32, join_u32);
lane!(u64, split_u64, join_u64);

macro_rules! halves {
    ($halves:ident $whole:ident $lane:ident $half:ident) => {
        /// The lower and the upper halves.
        #[inline(always)]
        fn $halves(lanes: &[$lane; BLOCK], lower: &mut [$half; BLOCK], upper: &mut [$half; BLOCK]) {
            for index in 0..BLOCK {
                lower[index] = lanes[index] as $half;
                upper[index] = (lanes[index] >> $half::BITS) as $half;
            }
        }

        /// Lower and upper halves put together.
        #[inline(always)]
        fn $whole(lower: &[$half; BLOCK], upper: &[$half; BLOCK], lanes: &mut [$lane; BLOCK]) {
            for index in 0..BLOCK {
                lanes[index] = $lane::from(lower[index]) | $lane::from(upper[index]) << $half::BITS;
            }
        }
    };
}

halves!(halves_u16 whole_u16 u16 u8);
halves!(halves_u32 whole_u32 u32 u16);
halves!(halves_u64 whole_u64 u64 u32);

#[inline(always)]
fn split_u16(lanes: &[u16; BLOCK], bytes: &mut [[u8; BLOCK]]) {
    if let [a, b, ..] = bytes {
        halves_u16(lanes, a, b);
    }
}

#[inline(always)]
fn join_u16(bytes: &[[u8; BLOCK]], lanes: &mut [u16; BLOCK]) {
    if let [a, b, ..] = bytes {
        whole_u16(a, b, lanes);
    }
}

#[inline(always)]
fn split_u32(lanes: &[u32; BLOCK], bytes: &mut [[u8; BLOCK]]) {
    let (mut lower, mut upper) = ([0; BLOCK], [0; BLOCK]);
    halves_u32(lanes, &mut lower, &mut upper);
    if let [first, second, others @ ..] = bytes {
        halves_u16(&lower, first, second);
        split_u16(&upper, others);
    }
}

#[inline(always)]
fn join_u32(bytes: &[[u8; BLOCK]], lanes: &mut [u32; BLOCK]) {
    let (mut lower, mut upper) = ([0; BLOCK], [0; BLOCK]);
    if let [first, second, others @ ..] = bytes {
        whole_u16(first, second, &mut lower);
        join_u16(others, &mut upper);
    }
    whole_u32(&lower, &upper, lanes);
}

#[inline(always)]
fn split_u64(lanes: &[u64; BLOCK], bytes: &mut [[u8; BLOCK]]) {
    let (mut lower, mut upper) = ([0; BLOCK], [0; BLOCK]);
    halves_u64(lanes, &mut lower, &mut upper);
    split_u32(&lower, bytes);
    split_u32(&upper, bytes.get_mut(4..).unwrap_or_default());
}

#[inline(always)]
fn join_u64(bytes: &[[u8; BLOCK]], lanes: &mut [u64; BLOCK]) {
    let (mut lower, mut upper) = ([0; BLOCK], [0; BLOCK]);
    join_u32(bytes, &mut lower);
    join_u32(bytes.get(4..).unwrap_or_default(), &mut upper);
    whole_u64(&lower, &upper, lanes);
}

#[cfg(test)]
mod tests {
    use super::{
        decode_f32, decode_f64, decode_fixed, decode_i32, decode_i64, encode_f32, encode_f64,
        encode_fixed, encode_i32, encode_i64, max_encoded_len,
    };
    use crate::error::{DecodeError, EncodeError};
    use crate::naive;
    use crate::output::SliceOutput;
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    fn bytes(count: usize, width: usize) -> Vec<u8> {
        let mixed = |index: usize| (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
        (0..count * width).map(|index| mixed(index) as u8).collect()
    }

    fn check(values: &[u8], width: usize) {
        let mut out = vec![9];
        encode_fixed(values, width, &mut out).unwrap();
        assert_eq!(
            out[1..],
            naive::byte_stream_split(values, width),
            "width {width}"
        );
        let mut decoded = vec![1; values.len()];
        assert_eq!(
            decode_fixed(&out[1..], width, &mut decoded),
            Ok(values.len())
        );
        assert_eq!(decoded, values, "width {width}");
    }

    #[test]
    fn every_width() {
        for width in 1..=40 {
            for count in [0, 1, 2, 15, 127, 128, 129, 256, 300] {
                check(&bytes(count, width), width);
            }
        }
        check(&bytes(130, 1000), 1000);
    }

    #[test]
    fn every_number_of_numbers() {
        for count in (0..300).chain([1000]) {
            let eight = bytes(count, 8);
            let wide: Vec<u64> = eight
                .as_chunks()
                .0
                .iter()
                .map(|&b| u64::from_le_bytes(b))
                .collect();
            let split = naive::byte_stream_split(&eight, 8);
            let integers: Vec<i64> = wide.iter().map(|&value| value as i64).collect();
            let floats: Vec<f64> = wide.iter().map(|&value| f64::from_bits(value)).collect();
            let (mut out, mut decoded) = (Vec::new(), vec![0; count]);
            encode_i64(&integers, &mut out).unwrap();
            assert_eq!(out, split);
            assert_eq!(
                decode_i64(&out, &mut decoded),
                Ok(max_encoded_len(count, 8))
            );
            assert_eq!(decoded, integers);
            let mut decoded = vec![0.0; count];
            out.clear();
            encode_f64(&floats, &mut out).unwrap();
            assert_eq!(out, split);
            decode_f64(&out, &mut decoded).unwrap();
            assert!(decoded.iter().map(|value| value.to_bits()).eq(wide));

            let four = bytes(count, 4);
            let narrow: Vec<u32> = four
                .as_chunks()
                .0
                .iter()
                .map(|&b| u32::from_le_bytes(b))
                .collect();
            let split = naive::byte_stream_split(&four, 4);
            let integers: Vec<i32> = narrow.iter().map(|&value| value as i32).collect();
            let floats: Vec<f32> = narrow.iter().map(|&value| f32::from_bits(value)).collect();
            let (mut out, mut decoded) = (Vec::new(), vec![0; count]);
            encode_i32(&integers, &mut out).unwrap();
            assert_eq!(out, split);
            assert_eq!(
                decode_i32(&out, &mut decoded),
                Ok(max_encoded_len(count, 4))
            );
            assert_eq!(decoded, integers);
            let mut decoded = vec![0.0; count];
            out.clear();
            encode_f32(&floats, &mut out).unwrap();
            assert_eq!(out, split);
            decode_f32(&out, &mut decoded).unwrap();
            assert!(decoded.iter().map(|value| value.to_bits()).eq(narrow));
        }
    }

    proptest! {
        #[test]
        fn any_values(width in 1_usize..70, bytes in proptest::collection::vec(any::<u8>(), 0..5000)) {
            check(&bytes[..bytes.len() / width * width], width);
        }

        #[test]
        fn any_lengths(len in 0_usize..40, width in 0_usize..10, room in 0_usize..40) {
            let input = vec![7; len];
            let whole = len == 0 || width > 0 && len % width == 0;
            let decoded = decode_fixed(&input, width, &mut vec![0; room]);
            prop_assert_eq!(decoded.is_ok(), whole && len == room);
            let mut buffer = vec![0; room];
            let mut out = SliceOutput::new(&mut buffer);
            let encoded = encode_fixed(&input, width, &mut out);
            prop_assert_eq!(encoded.is_ok(), whole && len <= room);
            prop_assert_eq!(out.len(), if encoded.is_ok() { len } else { 0 });
            prop_assert_eq!(decode_f64(&input, &mut vec![0.0; room]).is_ok(), len == room * 8);
        }
    }

    #[test]
    fn the_example_of_the_specification() {
        let values = [0xaa_bb_cc_dd_u32, 0x00_11_22_33, 0xa3_b4_c5_d6].map(u32::swap_bytes);
        let mut out = Vec::new();
        encode_f32(&values.map(f32::from_bits), &mut out).unwrap();
        assert_eq!(
            out,
            [
                0xaa, 0x00, 0xa3, 0xbb, 0x11, 0xb4, 0xcc, 0x22, 0xc5, 0xdd, 0x33, 0xd6
            ]
        );
    }

    #[test]
    fn bad_input() {
        let mut out = Vec::new();
        let ragged = |width| EncodeError::Ragged { len: 10, width };
        assert_eq!(encode_fixed(&[0; 10], 3, &mut out), Err(ragged(3)));
        assert_eq!(encode_fixed(&[0; 10], 0, &mut out), Err(ragged(0)));
        assert!(out.is_empty());
        let mut values = [0; 3];
        assert_eq!(
            decode_i32(&[0; 11], &mut values),
            Err(DecodeError::UnexpectedEnd { offset: 11 })
        );
        let trailing = |offset| Err(DecodeError::TrailingBytes { offset });
        assert_eq!(decode_i32(&[0; 13], &mut values), trailing(12));
        assert_eq!(decode_fixed(&[0; 10], 3, &mut [0; 10]), trailing(9));
        assert_eq!(decode_fixed(&[0; 10], 0, &mut [0; 10]), trailing(0));
    }
}
