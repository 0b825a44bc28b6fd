//! ALP: FLOAT and DOUBLE values as decimals, their integers bit-packed.
//!
//! ```text
//! page        mode, 0 │ integer encoding, 0 │ log₂ vector size │ count (4) │ offsets │ vectors
//! offsets     of each vector, from the first of them on (4 each)
//! vector      exponent │ factor │ exceptions (2) │ reference (4 or 8) │ bit width
//!             integers │ positions of exceptions (2 each) │ exceptions (4 or 8 each)
//! value       (integer + reference) × 10^factor × 10^−exponent, unless it is an exception
//! ```
//!
//! What is not said to take more is one byte; all is little endian. The encoder writes vectors
//! of 1024 values, the last one shorter. It chooses exponent and factor for each vector. Values
//! that these do not give back bit by bit, NaN, infinity and −0.0 among them, are exceptions;
//! so are a few values far from all others, if the others then take that many bits less. The
//! decoder reads every vector size that the specification allows, and any one vector of a page.
//!
//! A vector takes 13 (FLOAT) or 17 bytes (DOUBLE), its offset included, and 6 or 10 bytes for
//! each exception. Prices of two places below 1000 take 17 bits each; values that are no decimals
//! of few places take at most 6 or 10 bytes, more than PLAIN. AlpEncoding.md.
//!
//! **The specification has ALP in preview:** many readers cannot read it yet. Write it only if
//! yours can.
//!
//! ```
//! use pq_encoding::alp;
//!
//! let values = [21.5, 21.75, 22.0, 22.25, f64::NAN];
//! let mut page = Vec::new();
//! alp::encode_f64(&values, &mut page)?;
//! // Vectors of 2¹⁰ values; 5 values; the one vector starts behind its offset.
//! assert_eq!(page[..11], [0, 0, 10, 5, 0, 0, 0, 4, 0, 0, 0]);
//! // One exception; 2150 and more; 7 bits for each of 5; NaN stands at 4.
//! assert_eq!(page[13..24], [1, 0, 0x66, 8, 0, 0, 0, 0, 0, 0, 7]);
//! assert_eq!(page.len(), 24 + 5 + 2 + 8);
//!
//! let mut decoded = [0.0; 5];
//! assert_eq!(alp::decode_f64(&page, &mut decoded)?, page.len());
//! assert_eq!(decoded.map(f64::to_bits), values.map(f64::to_bits));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod choose;
mod decode;
mod encode;
mod float;
mod measure;
#[cfg(all(test, feature = "alloc"))]
mod naive;
mod narrow;
#[cfg(all(test, feature = "alloc"))]
mod tests;

pub use decode::{Decoder, decode_f32, decode_f64};
pub use encode::{encode_f32, encode_f64};
pub use float::Float;

/// Log₂ of the values in a vector that is written.
const LOG_VECTOR: u8 = 10;

/// Values in a vector that is written.
const VECTOR: usize = 1 << LOG_VECTOR;

/// Log₂ of the values in the smallest and the largest vector that there are.
const LOG_VECTORS: core::ops::RangeInclusive<u8> = 3..=15;

/// The bytes of the header of a page.
const HEADER: usize = 7;

/// The bytes of an offset.
const OFFSET: usize = 4;

/// The bytes of the position of an exception.
const POSITION: usize = 2;

/// The most bytes that `count` FLOAT values take: all of them exceptions.
///
/// ```
/// assert_eq!(pq_encoding::alp::max_encoded_len_f32(1025), 7 + 2 * 13 + 1025 * 6);
/// ```
pub const fn max_encoded_len_f32(count: usize) -> usize {
    max_encoded_len(count, size_of::<f32>())
}

/// The most bytes that `count` DOUBLE values take: all of them exceptions.
pub const fn max_encoded_len_f64(count: usize) -> usize {
    max_encoded_len(count, size_of::<f64>())
}

const fn max_encoded_len(count: usize, size: usize) -> usize {
    let vectors = count.div_ceil(VECTOR);
    vectors
        .saturating_mul(OFFSET + vector_header(size))
        .saturating_add(count.saturating_mul(POSITION + size))
        .saturating_add(HEADER)
}

/// The bytes of the header of a vector of values of `size` bytes: exponent, factor, exceptions,
/// reference and bit width.
const fn vector_header(size: usize) -> usize {
    2 + 2 + size + 1
}
