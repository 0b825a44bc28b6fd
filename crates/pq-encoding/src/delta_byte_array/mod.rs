//! DELTA_BYTE_ARRAY: what each value has in common with the one before it is not stored again.
//! For BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY; short where values are sorted.
//!
//! ```text
//! prefix lengths in DELTA_BINARY_PACKED │ suffixes in DELTA_LENGTH_BYTE_ARRAY
//! ```
//!
//! A value takes the bytes of its suffix and about 0.5 to 1.3 for the two lengths, at most 8.2
//! more than its own. Encodings.md, "Delta Strings".
//!
//! The encoder keeps four bytes a value meanwhile (feature `alloc`; without it, it compares values
//! again). A value is not there in one piece, so the decoder writes them to memory of the caller's;
//! [`parts`] has the pieces where they stand.
//!
//! ```
//! use pq_encoding::delta_byte_array as delta;
//!
//! let mut page = Vec::new();
//! delta::encode(&[0, 4, 8, 14, 22], b"axisaxlebabblebabyhood", &mut page)?;
//! assert!(page.ends_with(b"axislebabbleyhood"));
//!
//! let mut data = vec![0; delta::decoded_len(&page, 4)?];
//! let mut offsets = [0_i32; 5];
//! assert_eq!(delta::decode(&page, &mut offsets, &mut data)?, page.len());
//! assert_eq!((offsets, &data[..]), ([0, 4, 8, 14, 22], &b"axisaxlebabblebabyhood"[..]));
//!
//! let mut parts = delta::parts(&page, 4)?;
//! assert_eq!(parts.nth(3), Some(Ok(delta::Part { prefix: 3, suffix: b"yhood" })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decode;
mod encode;
mod parts;
#[cfg(all(test, feature = "alloc"))]
mod tests;

pub use decode::{decode, decode_fixed, decoded_len};
pub use encode::{encode, encode_fixed, encode_iter};
pub use parts::{Part, Parts, count, parts};

use crate::delta_binary_packed;

/// The most bytes that `count` byte arrays of `data_len` bytes together take.
///
/// ```
/// use pq_encoding::delta_byte_array as delta;
/// assert_eq!(delta::max_encoded_len(1, 100), 9 + 9 + 100);
/// ```
#[inline]
pub const fn max_encoded_len(count: usize, data_len: usize) -> usize {
    delta_binary_packed::max_encoded_len_i32(count)
        .saturating_mul(2)
        .saturating_add(data_len)
}
