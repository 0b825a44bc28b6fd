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
//! overlap the one before it. Blocks of 64 lanes are transposed in two or three steps, each of
//! which parts even bytes from odd ones, or puts them together: the compiler makes vectors of
//! these.

use crate::error::{DecodeError, EncodeError};
use crate::output::Output;

/// Values that are transposed at a time.
const BLOCK: usize = 64;

/// The bytes that `count` values of `width` bytes take: exactly so many.
///
/// ```
/// assert_eq!(pq_encoding::byte_stream_split::max_encoded_len(3, 8), 24);
/// ```
pub const fn max_encoded_len(count: usize, width: usize) -> usize {
    count.saturating_mul(width)
}

macro_rules! numbers {
    ($($encode:ident $decode:ident $number:ident $scatter:ident $gather:ident $what:literal;)*) => {
        $(
            #[doc = concat!("Appends ", $what, " values.")]
            ///
            /// # Errors
            ///
            /// The output is full; a `Vec` never is.
            pub fn $encode(values: &[$number], out: &mut impl Output) -> Result<(), EncodeError> {
                let out = out.grow(max_encoded_len(values.len(), size_of::<$number>()))?;
                let (blocks, rest) = values.as_chunks::<BLOCK>();
                $scatter(values.len(), out, |index, lanes| match blocks.get(index) {
                    Some(block) => *lanes = block.map($number::to_le_bytes),
                    None => {
                        for (lane, value) in lanes.iter_mut().zip(rest) {
                            *lane = value.to_le_bytes();
                        }
                    }
                });
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
                let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
                $gather(count, input, |index, lanes| match blocks.get_mut(index) {
                    Some(block) => *block = lanes.map($number::from_le_bytes),
                    None => {
                        for (value, lane) in rest.iter_mut().zip(lanes) {
                            *value = $number::from_le_bytes(*lane);
                        }
                    }
                });
                Ok(input.len())
            }
        )*
    };
}

numbers! {
    encode_i32 decode_i32 i32 scatter_4 gather_4 "INT32";
    encode_i64 decode_i64 i64 scatter_8 gather_8 "INT64";
    encode_f32 decode_f32 f32 scatter_4 gather_4 "FLOAT";
    encode_f64 decode_f64 f64 scatter_8 gather_8 "DOUBLE";
}

/// Splits values of `$width` bytes, lane by lane.
macro_rules! encode_lanes {
    ($scatter:ident, $lane:literal, $values:ident, $width:ident, $out:ident) => {
        for start in lanes_of($width, $lane) {
            let count = $values.len() / $width;
            let streams = $out.get_mut(start * count..).unwrap_or_default();
            $scatter(count, streams, |index, lanes| {
                let block = $values.get(index * BLOCK * $width..).unwrap_or_default();
                for (lane, value) in lanes.iter_mut().zip(block.chunks_exact($width)) {
                    if let Some(bytes) = value.get(start..).and_then(<[u8]>::first_chunk) {
                        *lane = *bytes;
                    }
                }
            });
        }
    };
}

/// Puts values of `$width` bytes together, lane by lane.
macro_rules! decode_lanes {
    ($gather:ident, $lane:literal, $input:ident, $width:ident, $out:ident) => {
        for start in lanes_of($width, $lane) {
            let count = $out.len() / $width;
            let streams = $input.get(start * count..).unwrap_or_default();
            $gather(count, streams, |index, lanes| {
                let block = $out.get_mut(index * BLOCK * $width..).unwrap_or_default();
                for (value, lane) in block.chunks_exact_mut($width).zip(lanes) {
                    if let Some(bytes) = value.get_mut(start..).and_then(<[u8]>::first_chunk_mut) {
                        *bytes = *lane;
                    }
                }
            });
        }
    };
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
        2..4 => encode_lanes!(scatter_2, 2, values, width, out),
        4..8 => encode_lanes!(scatter_4, 4, values, width, out),
        _ => encode_lanes!(scatter_8, 8, values, width, out),
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
        2..4 => decode_lanes!(gather_2, 2, input, width, out),
        4..8 => decode_lanes!(gather_4, 4, input, width, out),
        _ => decode_lanes!(gather_8, 8, input, width, out),
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

/// Where the lanes of `lane` bytes of a value of `width` bytes start.
fn lanes_of(width: usize, lane: usize) -> impl Iterator<Item = usize> {
    let last = width.saturating_sub(lane);
    (0..last).step_by(lane).chain([last])
}

macro_rules! lane {
    ($scatter:ident $gather:ident $split:ident $join:ident $len:literal: $($stream:ident)*) => {
        /// Puts the bytes of `count` lanes, which `read` gives a block at a time, into their
        /// streams.
        #[inline(always)]
        fn $scatter(
            count: usize,
            streams: &mut [u8],
            mut read: impl FnMut(usize, &mut [[u8; $len]; BLOCK]),
        ) {
            let mut streams = streams.chunks_exact_mut(count.max(1));
            $(let $stream = streams.next().unwrap_or_default().as_chunks_mut::<BLOCK>();)*
            for index in 0..count / BLOCK {
                let mut lanes = [[0; $len]; BLOCK];
                read(index, &mut lanes);
                if let ($(Some($stream),)*) = ($($stream.0.get_mut(index),)*) {
                    $split(&lanes, [$($stream),*]);
                }
            }
            if count % BLOCK > 0 {
                let mut lanes = [[0; $len]; BLOCK];
                read(count / BLOCK, &mut lanes);
                let mut bytes = [[0; BLOCK]; $len];
                $split(&lanes, bytes.each_mut());
                for (stream, bytes) in [$($stream.1),*].into_iter().zip(bytes) {
                    for (to, from) in stream.iter_mut().zip(bytes) {
                        *to = from;
                    }
                }
            }
        }

        /// Takes the bytes of `count` lanes, which `write` is given a block at a time, from their
        /// streams.
        #[inline(always)]
        fn $gather(
            count: usize,
            streams: &[u8],
            mut write: impl FnMut(usize, &[[u8; $len]; BLOCK]),
        ) {
            let mut streams = streams.chunks_exact(count.max(1));
            $(let $stream = streams.next().unwrap_or_default().as_chunks::<BLOCK>();)*
            for index in 0..count / BLOCK {
                if let ($(Some($stream),)*) = ($($stream.0.get(index),)*) {
                    let mut lanes = [[0; $len]; BLOCK];
                    $join([$($stream),*], &mut lanes);
                    write(index, &lanes);
                }
            }
            if count % BLOCK > 0 {
                let mut lanes = [[0; $len]; BLOCK];
                let mut bytes = [[0; BLOCK]; $len];
                for (stream, bytes) in [$($stream.1),*].into_iter().zip(&mut bytes) {
                    for (to, from) in bytes.iter_mut().zip(stream) {
                        *to = *from;
                    }
                }
                $join(bytes.each_ref(), &mut lanes);
                write(count / BLOCK, &lanes);
            }
        }
    };
}

lane!(scatter_2 gather_2 split_2 join_2 2: a b);
lane!(scatter_4 gather_4 split_4 join_4 4: a b c d);
lane!(scatter_8 gather_8 split_8 join_8 8: a b c d e f g h);

/// Parts even bytes from odd ones.
#[inline(always)]
fn part(bytes: &[u8], even: &mut [u8], odd: &mut [u8]) {
    let pairs = bytes.as_chunks().0;
    for ((pair, even), odd) in pairs.iter().zip(even).zip(odd) {
        let pair = u16::from_le_bytes(*pair);
        *even = pair as u8;
        *odd = (pair >> 8) as u8;
    }
}

/// Puts even bytes and odd ones together.
#[inline(always)]
fn unite(even: &[u8], odd: &[u8], bytes: &mut [u8]) {
    let pairs = bytes.as_chunks_mut().0;
    for ((pair, even), odd) in pairs.iter_mut().zip(even).zip(odd) {
        *pair = (u16::from(*even) | u16::from(*odd) << 8).to_le_bytes();
    }
}

#[inline(always)]
fn split_2(lanes: &[[u8; 2]; BLOCK], [a, b]: [&mut [u8; BLOCK]; 2]) {
    part(lanes.as_flattened(), a, b);
}

#[inline(always)]
fn join_2([a, b]: [&[u8; BLOCK]; 2], lanes: &mut [[u8; 2]; BLOCK]) {
    unite(a, b, lanes.as_flattened_mut());
}

#[inline(always)]
fn split_4(lanes: &[[u8; 4]; BLOCK], [a, b, c, d]: [&mut [u8; BLOCK]; 4]) {
    let (mut ac, mut bd) = ([0; 2 * BLOCK], [0; 2 * BLOCK]);
    part(lanes.as_flattened(), &mut ac, &mut bd);
    part(&ac, a, c);
    part(&bd, b, d);
}

#[inline(always)]
fn join_4([a, b, c, d]: [&[u8; BLOCK]; 4], lanes: &mut [[u8; 4]; BLOCK]) {
    let (mut ac, mut bd) = ([0; 2 * BLOCK], [0; 2 * BLOCK]);
    unite(a, c, &mut ac);
    unite(b, d, &mut bd);
    unite(&ac, &bd, lanes.as_flattened_mut());
}

#[inline(always)]
fn split_8(lanes: &[[u8; 8]; BLOCK], [a, b, c, d, e, f, g, h]: [&mut [u8; BLOCK]; 8]) {
    let (mut even, mut odd) = ([0; 4 * BLOCK], [0; 4 * BLOCK]);
    part(lanes.as_flattened(), &mut even, &mut odd);
    let [mut ae, mut cg, mut bf, mut dh] = [[0; 2 * BLOCK]; 4];
    part(&even, &mut ae, &mut cg);
    part(&odd, &mut bf, &mut dh);
    part(&ae, a, e);
    part(&cg, c, g);
    part(&bf, b, f);
    part(&dh, d, h);
}

#[inline(always)]
fn join_8([a, b, c, d, e, f, g, h]: [&[u8; BLOCK]; 8], lanes: &mut [[u8; 8]; BLOCK]) {
    let [mut ae, mut cg, mut bf, mut dh] = [[0; 2 * BLOCK]; 4];
    unite(a, e, &mut ae);
    unite(c, g, &mut cg);
    unite(b, f, &mut bf);
    unite(d, h, &mut dh);
    let (mut even, mut odd) = ([0; 4 * BLOCK], [0; 4 * BLOCK]);
    unite(&ae, &cg, &mut even);
    unite(&bf, &dh, &mut odd);
    unite(&even, &odd, lanes.as_flattened_mut());
}

#[cfg(all(test, feature = "alloc"))]
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
        let mut decoded = [0.0; 3];
        assert_eq!(decode_f32(&out, &mut decoded), Ok(12));
        assert_eq!(decoded.map(f32::to_bits), values);
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
