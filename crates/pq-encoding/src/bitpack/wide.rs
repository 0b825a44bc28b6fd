//! 64-bit values to bits and back, least significant bit first.
//!
//! One kernel per width, 32 values at a time, every shift known to the compiler. The kernels
//! also take 32-bit values: DELTA_BINARY_PACKED packs both.

use super::pack::check;
use super::packed_len;
use crate::error::{DecodeError, EncodeError};

/// Values that a kernel takes at a time.
pub(crate) const BLOCK: usize = 32;

/// Packs `values` at `width` bits each to the front of `out` and returns the bytes written:
/// [`packed_len`], the last group of eight filled with zeros.
///
/// # Errors
///
/// A width above 64, a value that does not fit it, or too small an output. Nothing is written
/// then.
///
/// ```
/// use pq_encoding::bitpack;
///
/// let mut packed = [0; 40];
/// assert_eq!(bitpack::pack_u64(&[1, 2, 3, 1 << 39], 40, &mut packed)?, 40);
/// assert_eq!(packed[..6], [1, 0, 0, 0, 0, 2]);
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
pub fn pack_u64(values: &[u64], width: u8, out: &mut [u8]) -> Result<usize, EncodeError> {
    check(values, width, 64)?;
    let len = packed_len(values.len(), width);
    let available = out.len();
    let Some(out) = out.get_mut(..len) else {
        return Err(EncodeError::OutputFull {
            needed: len,
            available,
        });
    };
    with_wide!(width, pack_all::<u64>(values, out));
    Ok(len)
}

/// Unpacks `out.len()` values of `width` bits each from the front of `input` and returns the
/// bytes used: [`packed_len`].
///
/// # Errors
///
/// A width above 64, or too short an input. `out` is as it was then.
pub fn unpack_u64(input: &[u8], width: u8, out: &mut [u64]) -> Result<usize, DecodeError> {
    if width > 64 {
        return Err(DecodeError::Width { width, most: 64 });
    }
    let len = packed_len(out.len(), width);
    let Some(packed) = input.get(..len) else {
        return Err(DecodeError::UnexpectedEnd {
            offset: input.len(),
        });
    };
    with_wide!(width, unpack_all::<u64>(packed, out));
    Ok(len)
}

/// What the kernels take and give: the lowest bits of 64.
pub trait Word: Copy {
    /// Zero.
    const ZERO: Self;
    /// With zeros above.
    fn to_word(self) -> u64;
    /// Without the bits above.
    fn from_word(word: u64) -> Self;
}

impl Word for u32 {
    const ZERO: Self = 0;
    #[inline(always)]
    fn to_word(self) -> u64 {
        u64::from(self)
    }
    #[inline(always)]
    fn from_word(word: u64) -> Self {
        word as Self
    }
}

impl Word for u64 {
    const ZERO: Self = 0;
    #[inline(always)]
    fn to_word(self) -> u64 {
        self
    }
    #[inline(always)]
    fn from_word(word: u64) -> Self {
        word
    }
}

/// Calls a function whose const parameters are the width and the bytes of 32 such values.
macro_rules! with_wide {
    ($width:expr, $function:ident::<$word:ty>($($argument:expr),*)) => {
        $crate::bitpack::wide::with_wide!(
            @ $width, $function, $word, ($($argument),*),
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
            32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60
            61 62 63
        )
    };
    (@ $width:expr, $function:ident, $word:ty, $arguments:tt, $($known:literal)*) => {
        match $width {
            $($known => $function::<$word, { $known }, { $known * 4 }> $arguments,)*
            _ => $function::<$word, 64, 256> $arguments,
        }
    };
}
pub(crate) use with_wide;

/// Repeats a macro for each value of a block.
macro_rules! for_block {
    ($step:ident) => {
        $crate::bitpack::wide::for_block!(
            @ $step,
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
        )
    };
    (@ $step:ident, $($index:literal)*) => {
        $($step!($index);)*
    };
}
pub(crate) use for_block;

fn pack_all<T: Word, const WIDTH: usize, const LEN: usize>(values: &[T], out: &mut [u8]) {
    if WIDTH == 0 {
        return;
    }
    let (blocks, rest) = values.as_chunks::<BLOCK>();
    let mut chunks = out.as_chunks_mut::<LEN>();
    // Groups behind the last whole block may fill a whole block too.
    let mut whole = chunks.0.iter_mut();
    for (block, out) in blocks.iter().zip(&mut whole) {
        pack_block::<T, WIDTH, LEN>(block, out);
    }
    if !rest.is_empty() {
        let mut block = [T::ZERO; BLOCK];
        for (to, from) in block.iter_mut().zip(rest) {
            *to = *from;
        }
        let mut bytes = [0; LEN];
        pack_block::<T, WIDTH, LEN>(&block, &mut bytes);
        let last = match whole.next() {
            Some(last) => last.as_mut_slice(),
            None => &mut chunks.1,
        };
        for (to, from) in last.iter_mut().zip(bytes) {
            *to = from;
        }
    }
}

fn unpack_all<T: Word, const WIDTH: usize, const LEN: usize>(input: &[u8], out: &mut [T]) {
    if WIDTH == 0 {
        out.fill(T::ZERO);
        return;
    }
    let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
    let (chunks, tail) = input.as_chunks::<LEN>();
    let mut chunks = chunks.iter();
    for (block, input) in blocks.iter_mut().zip(&mut chunks) {
        unpack_block::<T, WIDTH, LEN>(input, block);
    }
    if !rest.is_empty() {
        let last = match chunks.next() {
            Some(last) => last.as_slice(),
            None => tail,
        };
        let mut bytes = [0; LEN];
        for (to, from) in bytes.iter_mut().zip(last) {
            *to = *from;
        }
        let mut block = [T::ZERO; BLOCK];
        unpack_block::<T, WIDTH, LEN>(&bytes, &mut block);
        for (to, from) in rest.iter_mut().zip(block) {
            *to = from;
        }
    }
}

/// Packs 32 values that fit `WIDTH` bits into `LEN = 4 × WIDTH` bytes.
#[inline(always)]
pub(crate) fn pack_block<T: Word, const WIDTH: usize, const LEN: usize>(
    values: &[T; BLOCK],
    out: &mut [u8; LEN],
) {
    const { assert!(LEN == BLOCK / 8 * WIDTH && WIDTH <= 64) };
    let (words, half) = out.as_chunks_mut::<8>();
    let mut bits = 0_u64;
    macro_rules! step {
        ($index:literal) => {
            let value = values[$index].to_word();
            let filled = $index * WIDTH % 64;
            bits |= value << filled;
            if filled + WIDTH >= 64 {
                if let Some(word) = words.get_mut($index * WIDTH / 64) {
                    *word = bits.to_le_bytes();
                }
                // What did not fit; nothing if the word was filled exactly.
                bits = value.checked_shr(64 - filled as u32).unwrap_or(0);
                if filled + WIDTH == 64 {
                    bits = 0;
                }
            }
        };
    }
    for_block!(step);
    if let Some(half) = half.first_chunk_mut::<4>() {
        *half = (bits as u32).to_le_bytes();
    }
}

/// Unpacks 32 values of `WIDTH` bits from `LEN = 4 × WIDTH` bytes.
#[inline(always)]
pub(crate) fn unpack_block<T: Word, const WIDTH: usize, const LEN: usize>(
    input: &[u8; LEN],
    out: &mut [T; BLOCK],
) {
    macro_rules! step {
        ($index:literal) => {
            out[$index] = T::from_word(value_at::<WIDTH, LEN>(input, $index));
        };
    }
    for_block!(step);
}

/// The value at `index` of a block: one load, one shift and one mask, as the compiler knows the
/// index.
#[inline(always)]
pub(crate) fn value_at<const WIDTH: usize, const LEN: usize>(
    input: &[u8; LEN],
    index: usize,
) -> u64 {
    const { assert!(LEN == BLOCK / 8 * WIDTH && WIDTH <= 64) };
    if WIDTH == 0 {
        return 0;
    }
    let mask = u64::MAX >> (64 - WIDTH);
    let bit = index * WIDTH;
    if let Some(half) = input.first_chunk::<4>()
        && LEN < 8
    {
        return u64::from(u32::from_le_bytes(*half) >> bit) & mask;
    }
    // The word that starts at the byte of the first bit, or the last word of the block.
    let start = (bit / 8).min(LEN - 8);
    let shift = bit - start * 8;
    let word = match input.get(start..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => 0,
    };
    let mut value = word >> shift;
    if shift + WIDTH > 64
        && let Some(&ninth) = input.get(start + 8)
    {
        value |= u64::from(ninth) << (64 - shift);
    }
    value & mask
}

#[cfg(test)]
mod tests {
    use super::{pack_u64, unpack_u64};
    use crate::bitpack::packed_len;
    use crate::error::{DecodeError, EncodeError};
    use crate::naive;
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    fn agree(values: &[u64], width: u8) {
        let mut packed = vec![0xaa; packed_len(values.len(), width) + 3];
        let len = pack_u64(values, width, &mut packed).unwrap();
        assert_eq!(packed[len..], [0xaa; 3]);
        packed.truncate(len);
        assert_eq!(packed, naive::pack(values, width), "width {width}");
        let mut unpacked = vec![1; values.len()];
        // Bytes behind the values are not read.
        packed.extend([0xff; 9]);
        assert_eq!(unpack_u64(&packed, width, &mut unpacked), Ok(len));
        assert_eq!(unpacked, values, "width {width}");
    }

    #[test]
    fn every_width_and_many_lengths() {
        for width in 0..=64_u8 {
            let most = u64::MAX.checked_shr(64 - u32::from(width)).unwrap_or(0);
            for count in (0..=72).chain([127, 128, 129]) {
                let mixed = (1..=count).map(|i| (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
                agree(&mixed.map(|value| value & most).collect::<Vec<_>>(), width);
            }
            agree(&vec![most; 64], width);
        }
    }

    proptest! {
        #[test]
        fn any_values(
            width in 0_u8..=64,
            values in proptest::collection::vec(any::<u64>(), 0..200),
        ) {
            let most = u64::MAX.checked_shr(64 - u32::from(width)).unwrap_or(0);
            agree(&values.iter().map(|value| value & most).collect::<Vec<_>>(), width);
        }

        #[test]
        fn any_bytes(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            width in 0_u8..=64,
            count in 0_usize..100,
        ) {
            let mut out = vec![0; count];
            match unpack_u64(&bytes, width, &mut out) {
                Ok(used) => {
                    prop_assert_eq!(used, packed_len(count, width));
                    prop_assert_eq!(out, naive::unpack(&bytes, width, count));
                }
                Err(_) => prop_assert!(packed_len(count, width) > bytes.len()),
            }
        }
    }

    #[test]
    fn bad_input() {
        let mut out = [7; 8];
        let too_wide = EncodeError::TooWide {
            index: 1,
            value: 1 << 40,
            width: 40,
        };
        assert_eq!(pack_u64(&[7, 1 << 40], 40, &mut out), Err(too_wide));
        let full = EncodeError::OutputFull {
            needed: 9,
            available: 8,
        };
        assert_eq!(pack_u64(&[1; 8], 9, &mut out), Err(full));
        let width = EncodeError::Width {
            width: 65,
            most: 64,
        };
        assert_eq!(pack_u64(&[], 65, &mut out), Err(width));
        assert_eq!(out, [7; 8], "nothing was written");
        assert_eq!(
            unpack_u64(&[0; 8], 9, &mut [0; 8]),
            Err(DecodeError::UnexpectedEnd { offset: 8 })
        );
        let width = DecodeError::Width {
            width: 65,
            most: 64,
        };
        assert_eq!(unpack_u64(&[0; 80], 65, &mut [0; 8]), Err(width));
    }
}
