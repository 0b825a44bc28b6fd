//! DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
//!
//! ```text
//! lengths in DELTA_BINARY_PACKED │ the bytes of all values, back to back
//! ```
//!
//! A value takes its bytes and those of its length: next to none where all lengths are the same,
//! about 0.6 for lengths below 32, at most 4.1. Encodings.md, "Delta-length byte array".
//!
//! The bytes are decoded where they stand: offsets into them are all there is to write.
//!
//! ```
//! use pq_encoding::delta_length_byte_array as delta;
//!
//! let mut page = Vec::new();
//! delta::encode(&[0, 5, 10, 16, 22], b"HelloWorldFoobarABCDEF", &mut page)?;
//! assert!(page.ends_with(b"HelloWorldFoobarABCDEF"));
//!
//! let mut offsets = [0_i32; 5];
//! let (data, used) = delta::decode(&page, &mut offsets)?;
//! assert_eq!((offsets, data), ([0, 5, 10, 16, 22], &b"HelloWorldFoobarABCDEF"[..]));
//! assert_eq!(used, page.len());
//!
//! let values: Result<Vec<_>, _> = delta::byte_arrays(&page, 4)?.collect();
//! assert_eq!(values?, [&b"Hello"[..], b"World", b"Foobar", b"ABCDEF"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decode;
mod encode;
#[cfg(all(test, feature = "alloc"))]
mod tests;

pub use decode::{ByteArrays, byte_arrays, count, decode};
pub use encode::{encode, encode_iter};

use crate::delta_binary_packed;

/// The most bytes that `count` byte arrays of `data_len` bytes together take.
///
/// ```
/// use pq_encoding::delta_length_byte_array as delta;
/// assert_eq!(delta::max_encoded_len(1, 100), 9 + 100);
/// ```
#[inline]
pub const fn max_encoded_len(count: usize, data_len: usize) -> usize {
    delta_binary_packed::max_encoded_len_i32(count).saturating_add(data_len)
}
