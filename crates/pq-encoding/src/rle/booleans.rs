//! BOOLEAN values in RLE, in data pages of both versions.
//!
//! ```text
//! len: 4 bytes │ runs of values one bit wide
//! ```
//!
//! Next to nothing where values repeat; a few bytes more than PLAIN where they do not:
//! [`max_encoded_len`].
//! Encodings.md, "Run Length Encoding / Bit-Packing Hybrid".
//!
//! ```
//! use pq_encoding::rle::booleans;
//!
//! let mut page = Vec::new();
//! booleans::encode(&[true; 100], &mut page)?;
//! assert_eq!(page, [3, 0, 0, 0, 0xc8, 0x01, 1]);
//!
//! let mut values = [false; 100];
//! assert_eq!(booleans::decode(&page, &mut values)?, 7);
//! assert_eq!(values, [true; 100]);
//!
//! let mut bitmap = [0; 13];
//! assert_eq!(booleans::decode_bitmap(&page, 100, &mut bitmap)?, 7);
//! assert_eq!(bitmap[11..], [0xff, 0x0f]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::{Run, for_runs};
use crate::error::{DecodeError, EncodeError};
use crate::levels::{v1_frame, v1_unframe};
use crate::output::Output;
use crate::plain;

/// The most bytes that `count` values take.
///
/// ```
/// assert_eq!(pq_encoding::rle::booleans::max_encoded_len(100), 4 + 1 + 13 + 2);
/// ```
#[inline]
pub const fn max_encoded_len(count: usize) -> usize {
    super::max_bitmap_len(count).saturating_add(4)
}

/// Appends values.
///
/// # Errors
///
/// 4 GiB and more, and nothing is appended then; or the output is full.
pub fn encode(values: &[bool], out: &mut impl Output) -> Result<(), EncodeError> {
    v1_frame(out, |out| super::encode(values, 1, out))
}

/// Appends the bits `offset .. offset + len` of a bitmap, least significant bit first. Bits
/// beyond its end count as zeros.
///
/// # Errors
///
/// `offset + len` is more than a `usize` holds, or 4 GiB and more, and nothing is appended then; or
/// the output is full.
pub fn encode_bitmap(
    bits: &[u8],
    offset: usize,
    len: usize,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    v1_frame(out, |out| super::encode_bitmap(bits, offset, len, out))
}

/// Fills `out` with the values that `input` starts with, and returns the bytes used: those of
/// the length and as many as it states.
///
/// # Errors
///
/// An empty run, a repeated value or count that is too large, or too short an input, also within
/// the stated length; `out` then holds the values before it.
pub fn decode(input: &[u8], out: &mut [bool]) -> Result<usize, DecodeError> {
    decode_framed(input, |runs| {
        for_runs(runs, 1, out.len(), |place, run| {
            let rest = out.get_mut(place.index..).unwrap_or_default();
            match run {
                Run::Repeated { value, count } => {
                    rest.get_mut(..count).unwrap_or_default().fill(value != 0);
                }
                Run::Packed { bytes, count } => {
                    plain::decode_booleans(bytes, rest.get_mut(..count).unwrap_or_default())?;
                }
            }
            Ok(())
        })
    })
}

/// Writes the first `len` values of `input` to the front of `out` as a bitmap, least significant
/// bit first, and returns the bytes used: those of the length and as many as it states. The bits
/// behind the last value are zeros.
///
/// # Errors
///
/// As [`decode`]; or an output of less than ⌈`len` / 8⌉ bytes.
pub fn decode_bitmap(input: &[u8], len: usize, out: &mut [u8]) -> Result<usize, DecodeError> {
    decode_framed(input, |runs| super::decode_bitmap(runs, len, out))
}

fn decode_framed(
    input: &[u8],
    decode: impl FnOnce(&[u8]) -> Result<usize, DecodeError>,
) -> Result<usize, DecodeError> {
    let runs = v1_unframe(input)?;
    decode(runs).map_err(|error| error.behind(4))?;
    Ok(4 + runs.len())
}
