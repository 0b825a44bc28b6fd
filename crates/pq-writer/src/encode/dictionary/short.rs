//! Dictionaries of byte strings that are so short that each, with its length, is a key itself.

use super::key::bytes_at;
use super::numbers::Words;
use super::table::{Key, MULTIPLIER, Table, fold};
use super::{Failure, Hints};
use crate::batch::{INLINE, INLINE_AT, view_len};
use crate::leaf::{BytePieces, ByteSlice, LeafValues, View};

/// A string and its length.
pub(super) trait Short: Key {
    /// The longest string.
    const LONGEST: usize;

    /// The first bytes and what is behind them, of a string of this length; anything if that is
    /// longer.
    fn of(first: u128, len: usize) -> Self;

    /// The bytes of the string, zeros behind, and its length.
    fn bytes(self) -> (u128, usize);
}

/// The length is the highest byte.
impl Short for u64 {
    const LONGEST: usize = 7;

    #[inline(always)]
    fn of(first: u128, len: usize) -> Self {
        let mask = (1_u64 << ((8 * len) & 63)) - 1;
        first as u64 & mask | (len as u64) << 56
    }

    fn bytes(self) -> (u128, usize) {
        (u128::from(self & (u64::MAX >> 8)), (self >> 56) as usize)
    }
}

/// A string of up to 16 bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Medium {
    low: u64,
    high: u64,
    len: u32,
}

/// Without a jump for each word.
impl PartialEq for Medium {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        let words = (self.low ^ other.low) | (self.high ^ other.high);
        words | u64::from(self.len ^ other.len) == 0
    }
}

impl Eq for Medium {}

impl Key for Medium {
    #[inline(always)]
    fn hash(self) -> u64 {
        let len = u64::from(self.len).wrapping_mul(MULTIPLIER);
        fold(
            self.low ^ 0x2D35_8DCC_AA6C_78A5,
            self.high ^ len ^ 0xA076_1D64_78BD_642F,
        )
    }
}

/// Masks of the first 0 to 16 bytes.
const MASKS: [u128; 17] = {
    let mut masks = [0; 17];
    let mut len = 1;
    while len <= 16 {
        masks[len] = u128::MAX >> (128 - 8 * len);
        len += 1;
    }
    masks
};

impl Short for Medium {
    const LONGEST: usize = 16;

    #[inline(always)]
    fn of(first: u128, len: usize) -> Self {
        let first = first & MASKS.get(len).copied().unwrap_or(u128::MAX);
        Self {
            low: first as u64,
            high: (first >> 64) as u64,
            len: len as u32,
        }
    }

    fn bytes(self) -> (u128, usize) {
        let bytes = u128::from(self.high) << 64 | u128::from(self.low);
        (bytes, self.len as usize)
    }
}

/// The different values of a column of BYTE_ARRAY, if all are short.
pub(super) fn of_lengths<K: Short>(
    values: &BytePieces<'_>,
    limit: usize,
    hints: Hints,
    table: &mut Table<K>,
    mut codes: &mut [u32],
) -> Result<LeafValues<'static>, Failure> {
    const FRAME: usize = 4;
    let mut words = Words::new(table, limit / FRAME, hints);
    for slice in values.slices(0..values.len()) {
        let (here, rest) = codes.split_at_mut_checked(slice.len()).unwrap_or_default();
        codes = rest;
        // Whether all are short is known when all are looked up: quicker than to ask each.
        let (mut longest, mut most) = (0, K::LONGEST);
        let found = match slice {
            ByteSlice::Offsets(slice) => {
                let ends = slice.offsets.get(1..).unwrap_or_default();
                let bounds = slice.offsets.iter().zip(ends);
                let all = bounds.map(|(&start, &end)| {
                    let len = end.wrapping_sub(start).cast_unsigned() as usize;
                    longest = longest.max(len);
                    K::of(
                        u128::from_le_bytes(bytes_at(slice.data, start as usize)),
                        len,
                    )
                });
                words.look_up(all, here)
            }
            // Longer ones are somewhere else.
            ByteSlice::Views(_) if hints.longest > INLINE => return Err(Failure::OutOfRange),
            ByteSlice::Views(slice) => {
                most = most.min(INLINE);
                let all = slice.views.iter().map(|view: &View| {
                    let view = u128::from_le_bytes(*view);
                    let len = view_len(view);
                    longest = longest.max(len);
                    K::of(view >> (8 * INLINE_AT), len)
                });
                words.look_up(all, here)
            }
        };
        if longest > most {
            return Err(Failure::OutOfRange);
        }
        found?;
    }
    let (mut offsets, mut data) = (vec![0], Vec::new());
    for &word in &words.entries {
        let (bytes, len) = word.bytes();
        data.extend(bytes.to_le_bytes().iter().take(len));
        offsets.push(data.len() as i32);
    }
    if data.len() + words.entries.len() * FRAME > limit {
        return Err(Failure::TooLarge);
    }
    let mut pieces = BytePieces::default();
    pieces.push_offsets(offsets, data);
    Ok(LeafValues::Bytes(pieces))
}

/// The different values of a column of `width` bytes a value, which are few.
pub(super) fn of_width<'s, K: Short>(
    slices: impl Iterator<Item = &'s [u8]>,
    width: usize,
    limit: usize,
    hints: Hints,
    table: &mut Table<K>,
    mut codes: &mut [u32],
) -> Result<LeafValues<'static>, Failure> {
    let width = width.max(1);
    let mut words = Words::new(table, limit / width, hints);
    for data in slices {
        let count = data.len() / width;
        let (here, rest) = codes.split_at_mut_checked(count).unwrap_or_default();
        codes = rest;
        let all = (0..count)
            .map(|index| K::of(u128::from_le_bytes(bytes_at(data, index * width)), width));
        words.look_up(all, here)?;
    }
    let mut data = Vec::with_capacity(words.entries.len() * width);
    for &word in &words.entries {
        data.extend(word.bytes().0.to_le_bytes().iter().take(width));
    }
    Ok(LeafValues::Fixed {
        width,
        data: data.into(),
    })
}
