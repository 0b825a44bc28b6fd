//! The hybrid of runs and bit-packing: levels, dictionary indices, booleans in RLE.
//!
//! ```text
//! run        varint: count × 2        │ the value in ⌈width / 8⌉ bytes
//! packed     varint: groups × 2 + 1   │ groups of eight values, `width` bytes each
//! ```
//!
//! Any number of both, one behind the other. A run takes 2 to 9 bytes, whatever its length;
//! packed values take `width / 8` bytes each. Encodings.md, "Run Length Encoding / Bit-Packing
//! Hybrid".
//!
//! The encoders take a run where it is shorter than the bits that it stands for, headers
//! included, so no input becomes larger than pure bit-packing by more than headers. They look at
//! 64 values at a time, and only where eight are alike at each run by itself.
//!
//! ```
//! use pq_encoding::rle;
//!
//! let mut out = Vec::new();
//! rle::encode_u32(&[5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7], 3, &mut out)?;
//! // Ten times 5; one group.
//! assert_eq!(out, [10 << 1, 5, 1 << 1 | 1, 0b1000_1000, 0b1100_0110, 0b1111_1010]);
//!
//! let mut values = [0; 18];
//! assert_eq!(rle::decode_u32(&out, 3, &mut values)?, 6);
//! assert_eq!(values[8..12], [5, 5, 0, 1]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bits;
pub mod booleans;
pub(crate) mod changes;
mod decode;
mod encode;
mod finder;
mod groups;
mod source;
#[cfg(all(test, feature = "alloc"))]
mod tests;

pub(crate) use bits::bits_at;
pub(crate) use changes::{Changes, Compared};
pub use decode::{Run, Runs, decode_bitmap, decode_u32};
pub(crate) use decode::{fill, for_runs};
pub(crate) use encode::encode;
pub use encode::{encode_bitmap, encode_run, encode_u8, encode_u16, encode_u32};

use crate::{bitpack, varint};

/// The most values or groups in one run: readers count in 32 bits with sign.
const LONGEST: u64 = i32::MAX as u64;

/// The most bytes that `count` values of `width` bits take: those of bit-packing in one run, and
/// one more for every 65,536 values. Whole groups of eight, fewer than that, take exactly so many
/// where no two neighbours are the same. Of one to three bits, two more and one for every 512
/// values.
///
/// ```
/// use pq_encoding::rle;
/// assert_eq!(rle::max_encoded_len(8, 5), 1 + 5);
/// assert_eq!(rle::max_encoded_len(1000, 5), 2 + 625);
/// ```
#[inline]
pub const fn max_encoded_len(count: usize, width: u8) -> usize {
    if width == 0 {
        return max_run_len(count, 0);
    }
    if count == 0 {
        return 0;
    }
    let groups = count.div_ceil(8) as u64;
    let most = if groups < LONGEST { groups } else { LONGEST };
    // A run that is taken in the midst of packed groups pays for its own header and for one of
    // two bytes behind it. From 65,536 values on that one has three, from 2²³ on four. A run of
    // narrow values pays for one byte only, which it has up to 504 values, and may end within a
    // group that is padded then.
    let headers = if width < 4 {
        2 + count / 512 + count / 65_536
    } else {
        count / 65_536
    };
    bitpack::packed_len(count, width)
        .saturating_add(varint::len_u64(most << 1 | 1))
        .saturating_add(headers)
}

/// The bytes that `count` times one value of `width` bits takes: exactly so many.
///
/// ```
/// assert_eq!(pq_encoding::rle::max_run_len(100, 3), 2 + 1);
/// ```
#[inline]
pub const fn max_run_len(count: usize, width: u8) -> usize {
    let count = count as u64;
    let value_len = width.div_ceil(8) as usize;
    let whole = varint::len_u64(LONGEST << 1) + value_len;
    let rest = match count % LONGEST {
        0 => 0,
        rest => varint::len_u64(rest << 1) + value_len,
    };
    ((count / LONGEST) as usize)
        .saturating_mul(whole)
        .saturating_add(rest)
}

/// The most bytes that a bitmap of `count` bits takes.
#[inline]
pub const fn max_bitmap_len(count: usize) -> usize {
    max_encoded_len(count, 1)
}
