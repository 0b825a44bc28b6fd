//! DELTA_BINARY_PACKED: the differences between INT32 or INT64 values, bit-packed.
//!
//! ```text
//! header     block size │ miniblocks a block │ count │ first value
//! block      smallest difference │ one width a miniblock │ miniblocks
//! miniblock  differences less the smallest, bit-packed at the width
//! ```
//!
//! Numbers are varints, those with a sign in zigzag form; a width is one byte. Differences wrap
//! around. The encoder writes blocks of 128 differences in four miniblocks of 32, which every
//! reader knows. The last miniblock is padded with zeros; miniblocks behind it have width 0 and
//! no bytes. The decoder reads every size that the specification allows.
//!
//! A block of 128 values takes 5 bytes, or a few more where the smallest difference is large,
//! and 4 bytes for each bit of each miniblock: values of which all differences are the same take
//! 0.04 bytes each, any values at all at most 4.1 (INT32) or 8.1 (INT64). Encodings.md, "Delta
//! Encoding".
//!
//! ```
//! use pq_encoding::delta_binary_packed as delta;
//!
//! let mut page = Vec::new();
//! delta::encode_i32(&[7, 5, 3, 1, 2, 3, 4, 5], &mut page)?;
//! // Blocks of 128 in 4 miniblocks, 8 values from 7 on; −2 and more, 2 bits: 0 0 0 3 3 3 3.
//! assert_eq!(page[..10], [0x80, 0x01, 4, 8, 14, 3, 2, 0, 0, 0]);
//! assert_eq!(page[10..], [0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0]);
//!
//! let mut values = [0; 8];
//! assert_eq!(delta::decode_i32(&page, &mut values)?, page.len());
//! assert_eq!(values, [7, 5, 3, 1, 2, 3, 4, 5]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decode;
mod encode;
#[cfg(all(test, feature = "alloc"))]
mod tests;

pub use decode::{Decoder, decode_i32, decode_i64};
pub use encode::{Encoder, encode_i32, encode_i64};

use crate::varint;
use sealed::Difference;

/// Differences in a block that is written.
const BLOCK: usize = 128;

/// Differences in a miniblock that is written.
const MINIBLOCK: usize = 32;

/// Miniblocks in a block that is written.
const MINIBLOCKS: usize = BLOCK / MINIBLOCK;

/// The most bytes that `count` INT32 values take: some do.
///
/// ```
/// use pq_encoding::delta_binary_packed as delta;
/// assert_eq!(delta::max_encoded_len_i32(1), 3 + 1 + 5);
/// assert_eq!(delta::max_encoded_len_i32(129), 3 + 2 + 5 + 521);
/// ```
pub const fn max_encoded_len_i32(count: usize) -> usize {
    max_encoded_len(count, size_of::<i32>(), varint::MAX_LEN_U32)
}

/// The most bytes that `count` INT64 values take: some do.
pub const fn max_encoded_len_i64(count: usize) -> usize {
    max_encoded_len(count, size_of::<i64>(), varint::MAX_LEN_U64)
}

const fn max_encoded_len(count: usize, size: usize, varint_len: usize) -> usize {
    if count == 0 {
        return 5;
    }
    // Block size and miniblocks, the count, the first value.
    let header = 3 + varint::len_u64(count as u64) + varint_len;
    let differences = count - 1;
    let blocks = differences.div_ceil(BLOCK);
    let mut miniblocks = differences.div_ceil(MINIBLOCK);
    if differences % BLOCK == 1 {
        // The one that is alone in the last block is the smallest there, and takes no bits.
        miniblocks -= 1;
    }
    blocks
        .saturating_mul(varint_len + MINIBLOCKS)
        .saturating_add(miniblocks.saturating_mul(MINIBLOCK * size))
        .saturating_add(header)
}

/// INT32 and INT64: `i32` and `i64`.
pub trait Integer: sealed::Integer {}

impl Integer for i32 {}
impl Integer for i64 {}

mod sealed {
    use super::BLOCK;
    use crate::bitpack::block::Word;
    use core::fmt::Debug;

    pub trait Integer: Copy + Default + Debug {
        /// The same bits without a sign, so that differences wrap around.
        type Difference: Difference;
        fn bits(self) -> Self::Difference;
        fn from_bits(bits: Self::Difference) -> Self;
        /// The differences of neighbours.
        fn differences(values: &[Self; BLOCK + 1], out: &mut [Self::Difference; BLOCK]);
    }

    /// A difference of two values.
    pub trait Difference: Word + Debug {
        /// `self + other`, wrapping around.
        fn plus(self, other: Self) -> Self;
        /// `self − other`, wrapping around.
        fn minus(self, other: Self) -> Self;
        /// The smallest one, as integers with a sign.
        fn smallest(differences: &[Self; BLOCK]) -> Self;
        /// The fewest bits that hold it.
        fn width(self) -> u8;
        /// The zigzag form.
        fn zigzag(self) -> u64;
        /// The difference of a zigzag form that is not too large.
        fn from_zigzag(zigzag: u64) -> Option<Self>;
    }
}

macro_rules! integer {
    ($signed:ident $unsigned:ident $zigzag:ident $unzigzag:ident $lanes:literal) => {
        impl sealed::Integer for $signed {
            type Difference = $unsigned;
            #[inline(always)]
            fn bits(self) -> $unsigned {
                self as $unsigned
            }
            #[inline(always)]
            fn from_bits(bits: $unsigned) -> Self {
                bits as $signed
            }
            #[inline(always)]
            fn differences(values: &[Self; BLOCK + 1], out: &mut [$unsigned; BLOCK]) {
                for (index, out) in out.iter_mut().enumerate() {
                    *out = values[index + 1].wrapping_sub(values[index]) as $unsigned;
                }
            }
        }

        impl Difference for $unsigned {
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            #[inline(always)]
            fn smallest(differences: &[Self; BLOCK]) -> Self {
                // Lanes that do not wait for each other.
                let mut lanes = [$signed::MAX; $lanes];
                for chunk in differences.as_chunks::<$lanes>().0 {
                    for (lane, &difference) in lanes.iter_mut().zip(chunk) {
                        *lane = (difference as $signed).min(*lane);
                    }
                }
                let smallest = |smallest: $signed, &lane| smallest.min(lane);
                lanes.iter().fold($signed::MAX, smallest) as $unsigned
            }
            #[inline(always)]
            fn width(self) -> u8 {
                ($unsigned::BITS - self.leading_zeros()) as u8
            }
            #[inline(always)]
            fn zigzag(self) -> u64 {
                crate::zigzag::$zigzag(self as $signed).into()
            }
            #[inline(always)]
            fn from_zigzag(zigzag: u64) -> Option<Self> {
                let zigzag = $unsigned::try_from(zigzag).ok()?;
                Some(crate::zigzag::$unzigzag(zigzag) as $unsigned)
            }
        }
    };
}

integer!(i32 u32 encode_i32 decode_i32 8);
integer!(i64 u64 encode_i64 decode_i64 8);
