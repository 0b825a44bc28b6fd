//! Bit-packing: values of `width` bits each, without gaps.
//!
//! ```text
//! values      a  b  c  d  e  f  g  h          3 bits each
//! byte 0      c1 c0 b2 b1 b0 a2 a1 a0         most significant bit to the left
//! byte 1      f0 e2 e1 e0 d2 d1 d0 c2
//! byte 2      h2 h1 h0 g2 g1 g0 f2 f1
//! ```
//!
//! [`pack_u32`], [`unpack_u32`] and their like for other integers are least significant bit
//! first, as in the RLE/bit-packing hybrid and in DELTA_BINARY_PACKED: a value takes `width / 8`
//! bytes, eight values fill exactly `width` bytes. [`pack_legacy_u32`] and [`unpack_legacy_u32`]
//! are the deprecated BIT_PACKED, most significant bit first, which only levels of old files use.
//! Encodings.md, "Run Length Encoding / Bit-Packing Hybrid" and "Bit-packed (Deprecated)".

pub(crate) mod block;
pub(crate) mod eight;
mod legacy;
mod pack;
#[cfg(test)]
mod tests;
mod unpack;

pub use legacy::{legacy_packed_len, pack_legacy_u32, unpack_legacy_u32};
pub(crate) use pack::{check, fits, pack};
pub use pack::{pack_u8, pack_u16, pack_u32, pack_u64};
pub use unpack::{unpack_u8, unpack_u16, unpack_u32, unpack_u64};

/// The bytes that `count` values of `width` bits take: whole groups of eight values.
///
/// ```
/// assert_eq!(pq_encoding::bitpack::packed_len(9, 3), 6);
/// ```
#[inline]
pub const fn packed_len(count: usize, width: u8) -> usize {
    count.div_ceil(8).saturating_mul(width as usize)
}
