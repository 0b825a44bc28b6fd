//! Repetition and definition levels: the hybrid of runs and bit-packing, in the frame of either
//! version of data pages.
//!
//! ```text
//! data page v1  len: 4 bytes │ runs     repetition levels, definition levels, values
//! data page v2  runs                    the same; the page header states both lengths
//! ```
//!
//! A level takes as many bits as the largest one needs, next to none where levels repeat. Where
//! the largest level is 0, a page has no levels, not even a length: nothing is appended and
//! nothing read. Encodings.md, "Run Length Encoding / Bit-Packing Hybrid"; README.md of the
//! specification, "Nested Encoding" and "Data Pages".
//!
//! Definition levels of a flat column are a bitmap: [`rle::encode_bitmap`] and
//! [`rle::decode_bitmap`], in a [`v1_frame`].
//!
//! ```
//! use pq_encoding::levels;
//!
//! // A list of lists: [[1, null], []], null.
//! let (repetition, definition) = ([0, 2, 1, 0], [5, 4, 2, 0]);
//! let mut page = Vec::new();
//! levels::encode_v1(&repetition, 2, &mut page)?;
//! levels::encode_v1(&definition, 5, &mut page)?;
//! assert_eq!(page, [3, 0, 0, 0, 3, 0b0001_1000, 0, 4, 0, 0, 0, 3, 0b1010_0101, 0, 0]);
//!
//! let mut levels = [0; 4];
//! let used = levels::decode_v1(&page, 2, &mut levels)?;
//! assert_eq!((used, levels), (7, repetition));
//! let used = levels::decode_v1(&page[used..], 5, &mut levels)?;
//! assert_eq!((used, levels), (8, definition));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decode;
mod encode;
mod frame;
#[cfg(all(test, feature = "alloc"))]
mod tests;

pub use decode::{decode_v1, decode_v2};
pub use encode::{encode_v1, encode_v2};
pub use frame::{v1_frame, v1_unframe};

use crate::rle;

/// The bits of a level of which the largest is `max_level`.
///
/// ```
/// assert_eq!(pq_encoding::levels::bit_width(5), 3);
/// ```
#[inline]
pub const fn bit_width(max_level: u16) -> u8 {
    crate::bit_width::of_u32(max_level as u32)
}

/// The most bytes that `count` levels of at most `max_level` take in a data page v1.
///
/// ```
/// assert_eq!(pq_encoding::levels::max_v1_len(8, 9), 4 + 1 + 4);
/// ```
#[inline]
pub const fn max_v1_len(count: usize, max_level: u16) -> usize {
    if max_level == 0 {
        return 0;
    }
    max_v2_len(count, max_level).saturating_add(4)
}

/// The most bytes that `count` levels of at most `max_level` take in a data page v2.
#[inline]
pub const fn max_v2_len(count: usize, max_level: u16) -> usize {
    if max_level == 0 {
        return 0;
    }
    rle::max_encoded_len(count, bit_width(max_level))
}
