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
//! Values are cut into lanes of four or eight bytes; the last lane of a value may overlap the one
//! before it. Blocks of 64 lanes are transposed in two or three steps, each of which parts even
//! bytes from odd ones, or puts them together: the compiler makes vectors of these. Numbers are put
//! together by kernels where the CPU has them.

mod decode;
mod encode;
mod lanes;
#[cfg(all(test, feature = "alloc"))]
mod tests;

pub use decode::{decode_f32, decode_f64, decode_fixed, decode_i32, decode_i64};
pub use encode::{encode_f32, encode_f64, encode_fixed, encode_i32, encode_i64};

/// The bytes that `count` values of `width` bytes take: exactly so many.
///
/// ```
/// assert_eq!(pq_encoding::byte_stream_split::max_encoded_len(3, 8), 24);
/// ```
pub const fn max_encoded_len(count: usize, width: usize) -> usize {
    count.saturating_mul(width)
}
