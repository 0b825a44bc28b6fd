//! The portable kernels: 32 values at a time, every shift known to the compiler, one kernel per
//! width.

use core::ops::BitOr;

/// Values that a kernel takes at a time.
pub(crate) const BLOCK: usize = 32;

/// What the kernels take and give: the lowest bits of 64.
pub trait Word: Copy + PartialEq + BitOr<Output = Self> {
    /// Zero.
    const ZERO: Self;
    /// The bits that there are.
    const BITS: u8;
    /// With zeros above.
    fn to_word(self) -> u64;
    /// Without the bits above.
    fn from_word(word: u64) -> Self;
}

macro_rules! words {
    ($($word:ty)*) => {$(
        impl Word for $word {
            const ZERO: Self = 0;
            const BITS: u8 = Self::BITS as u8;
            #[inline(always)]
            fn to_word(self) -> u64 {
                self.into()
            }
            #[inline(always)]
            fn from_word(word: u64) -> Self {
                word as Self
            }
        }
    )*};
}
words!(u8 u16 u32 u64);

impl Word for bool {
    const ZERO: Self = false;
    const BITS: u8 = 1;
    #[inline(always)]
    fn to_word(self) -> u64 {
        self.into()
    }
    #[inline(always)]
    fn from_word(word: u64) -> Self {
        word & 1 == 1
    }
}

/// Calls a function whose const parameters are the width and the bytes of 32 such values.
macro_rules! with_block {
    ($width:expr, $function:ident::<$word:ty>($($argument:expr),*)) => {
        $crate::bitpack::block::with_block!(
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
pub(crate) use with_block;

/// Repeats a macro for each value of a block.
macro_rules! for_each_value {
    ($step:ident) => {
        $crate::bitpack::block::for_each_value!(
            @ $step,
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
        )
    };
    (@ $step:ident, $($index:literal)*) => {
        $($step!($index);)*
    };
}
pub(crate) use for_each_value;

pub(crate) fn pack_all<T: Word, const WIDTH: usize, const LEN: usize>(
    values: &[T],
    out: &mut [u8],
) {
    if WIDTH == 0 || WIDTH > T::BITS.into() {
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

pub(super) fn unpack_all<T: Word, const WIDTH: usize, const LEN: usize>(
    input: &[u8],
    out: &mut [T],
) {
    if WIDTH == 0 || WIDTH > T::BITS.into() {
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
    // Whole integers need no shifts.
    match WIDTH {
        8 => {
            for (byte, value) in out.iter_mut().zip(values) {
                *byte = value.to_word() as u8;
            }
            return;
        }
        16 => {
            for (bytes, value) in out.as_chunks_mut().0.iter_mut().zip(values) {
                *bytes = (value.to_word() as u16).to_le_bytes();
            }
            return;
        }
        32 => {
            for (bytes, value) in out.as_chunks_mut().0.iter_mut().zip(values) {
                *bytes = (value.to_word() as u32).to_le_bytes();
            }
            return;
        }
        _ => {}
    }
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
    for_each_value!(step);
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
    match WIDTH {
        8 => {
            for (value, byte) in out.iter_mut().zip(input) {
                *value = T::from_word(u64::from(*byte));
            }
            return;
        }
        16 => {
            for (value, bytes) in out.iter_mut().zip(input.as_chunks().0) {
                *value = T::from_word(u64::from(u16::from_le_bytes(*bytes)));
            }
            return;
        }
        32 => {
            for (value, bytes) in out.iter_mut().zip(input.as_chunks().0) {
                *value = T::from_word(u64::from(u32::from_le_bytes(*bytes)));
            }
            return;
        }
        _ => {}
    }
    macro_rules! step {
        ($index:literal) => {
            out[$index] = T::from_word(value_at::<WIDTH, LEN>(input, $index));
        };
    }
    for_each_value!(step);
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
