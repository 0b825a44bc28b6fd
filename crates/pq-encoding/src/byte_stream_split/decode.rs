//! Streams to values.

use super::lanes::{BLOCK, join_4, join_8, lanes_of, unite};
use super::max_encoded_len;
use crate::error::DecodeError;
use crate::kernels;
use core::array;

macro_rules! numbers {
    ($($decode:ident $number:ident $put:ident $value:expr, $what:literal;)*) => {
        $(
            #[doc = concat!("Fills `out` with ", $what, " values, and returns the bytes used: all.")]
            ///
            /// # Errors
            ///
            /// The input is not the bytes of exactly `out.len()` values. `out` is as it was then.
            pub fn $decode(input: &[u8], out: &mut [$number]) -> Result<usize, DecodeError> {
                check_len(input, max_encoded_len(out.len(), size_of::<$number>()))?;
                $put(input, out, $value);
                Ok(input.len())
            }
        )*
    };
}

numbers! {
    decode_i32 i32 put_4 i32::from_le_bytes, "INT32";
    decode_i64 i64 put_8 i64::from_le_bytes, "INT64";
    decode_f32 f32 put_4 |bytes| f32::from_bits(u32::from_le_bytes(bytes)), "FLOAT";
    decode_f64 f64 put_8 f64::from_le_bytes, "DOUBLE";
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
        2 => {
            let (even, odd) = input.split_at(input.len() / 2);
            unite(even, odd, out);
        }
        // Of a fourth stream, which is not there, nothing is kept.
        3 => put_4(input, out.as_chunks_mut().0, |[a, b, c, _]| [a, b, c]),
        4 => put_4(input, out.as_chunks_mut().0, |value| value),
        8 => put_8(input, out.as_chunks_mut().0, |value| value),
        5..8 => put_any_4(input, width, out),
        _ => put_any_8(input, width, out),
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

/// The streams that the input starts with; empty ones where there are less.
#[inline(always)]
fn streams_of<const STREAMS: usize>(input: &[u8], count: usize) -> [&[u8]; STREAMS] {
    let mut streams = input.chunks_exact(count.max(1));
    array::from_fn(|_| streams.next().unwrap_or_default())
}

macro_rules! lane {
    ($put:ident $put_any:ident $gather:ident $join:ident $len:literal: $($stream:ident)*) => {
        /// Puts values of a lane together: most of them in a kernel, if there is one.
        #[inline(always)]
        fn $put<T>(input: &[u8], out: &mut [T], value: impl Fn([u8; $len]) -> T) {
            let streams = streams_of(input, out.len());
            let done = kernels::$join(streams, out, &value);
            let out = out.get_mut(done..).unwrap_or_default();
            if out.is_empty() {
                return;
            }
            let streams = streams.map(|stream| stream.get(done..).unwrap_or_default());
            let count = out.len();
            let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
            $gather(count, streams, |index, lanes| match blocks.get_mut(index) {
                Some(block) => *block = lanes.map(&value),
                None => {
                    for (to, lane) in rest.iter_mut().zip(lanes) {
                        *to = value(*lane);
                    }
                }
            });
        }

        /// Puts values of a lane and more together.
        #[inline(never)]
        fn $put_any(input: &[u8], width: usize, out: &mut [u8]) {
            let count = out.len() / width;
            for start in lanes_of(width, $len) {
                let streams = input.get(start * count..).unwrap_or_default();
                $gather(count, streams_of(streams, count), |index, lanes| {
                    let block = out.get_mut(index * BLOCK * width..).unwrap_or_default();
                    for (value, lane) in block.chunks_exact_mut(width).zip(lanes) {
                        if let Some(to) = value.get_mut(start..).and_then(<[u8]>::first_chunk_mut) {
                            *to = *lane;
                        }
                    }
                });
            }
        }

        /// Takes the bytes of `count` lanes, which `write` is given a block at a time, from their
        /// streams; zeros where a stream is empty.
        #[inline(always)]
        fn $gather(
            count: usize,
            [$($stream),*]: [&[u8]; $len],
            mut write: impl FnMut(usize, &[[u8; $len]; BLOCK]),
        ) {
            $(let $stream = $stream.as_chunks::<BLOCK>();)*
            for index in 0..count / BLOCK {
                $(let $stream = $stream.0.get(index).unwrap_or(&[0; BLOCK]);)*
                let mut lanes = [[0; $len]; BLOCK];
                $join([$($stream),*], &mut lanes);
                write(index, &lanes);
            }
            if !count.is_multiple_of(BLOCK) {
                let mut bytes = [[0; BLOCK]; $len];
                for (stream, bytes) in [$($stream.1),*].into_iter().zip(&mut bytes) {
                    for (to, from) in bytes.iter_mut().zip(stream) {
                        *to = *from;
                    }
                }
                let mut lanes = [[0; $len]; BLOCK];
                $join(bytes.each_ref(), &mut lanes);
                write(count / BLOCK, &lanes);
            }
        }
    };
}

lane!(put_4 put_any_4 gather_4 join_4 4: a b c d);
lane!(put_8 put_any_8 gather_8 join_8 8: a b c d e f g h);
