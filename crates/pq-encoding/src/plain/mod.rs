//! PLAIN: values back to back. Encodings.md, "Plain".
//!
//! ```text
//! BOOLEAN               |7 6 5 4 3 2 1 0|          eight values a byte, the first lowest
//! INT32, FLOAT          |b0 b1 b2 b3|              4 bytes, little-endian
//! INT64, DOUBLE         |b0 … b7|                  8 bytes, little-endian
//! INT96                 |b0 … b11|                 12 bytes, little-endian
//! BYTE_ARRAY            |len: 4 bytes|bytes|       4 bytes and its own
//! FIXED_LEN_BYTE_ARRAY  |bytes|                    its own
//! ```
//!
//! Numbers are decoded to slices, booleans to slices or bitmaps, byte arrays where they stand.
//!
//! ```
//! use pq_encoding::plain;
//!
//! let mut page = Vec::new();
//! plain::encode_byte_arrays(&[0, 4, 4, 7], b"axisand", &mut page)?;
//! assert_eq!(page, b"\x04\0\0\0axis\0\0\0\0\x03\0\0\0and");
//!
//! let values: Result<Vec<_>, _> = plain::byte_arrays(&page).collect();
//! assert_eq!(values?, [&b"axis"[..], b"", b"and"]);
//!
//! let mut page = Vec::new();
//! plain::encode_f64(&[0.5, -2.0], &mut page)?;
//! let mut values = [0.0; 2];
//! assert_eq!(plain::decode_f64(&page, &mut values)?, 16);
//! assert_eq!(values, [0.5, -2.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod booleans;
mod byte_arrays;
mod decode;
mod encode;
#[cfg(all(test, feature = "alloc"))]
mod tests;

pub use booleans::{
    BitAppender, decode_bitmap, decode_booleans, encode_bitmap, encode_booleans, max_booleans_len,
};
pub use byte_arrays::{
    ByteArrays, byte_arrays, decode_byte_arrays, encode_byte_array, encode_byte_array_iter,
    encode_byte_arrays, encode_byte_views, max_byte_arrays_len,
};
pub use decode::{decode_f32, decode_f64, decode_fixed, decode_i32, decode_i64, decode_int96};
pub(crate) use encode::check_fixed;
pub use encode::{
    encode_f32, encode_f64, encode_fixed, encode_i32, encode_i64, encode_int96, max_encoded_len,
};
