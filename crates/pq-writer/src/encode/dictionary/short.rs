//! Dictionaries of byte strings that are so short that each, with its length, is one word.

use super::numbers::Words;
use super::table::Table;
use super::{Failure, Hints};
use crate::leaf::{BytePieces, ByteSlice, LeafValues, View};

/// The longest of them.
pub(super) const SHORT: usize = 7;

/// The different values of a column of BYTE_ARRAY, if all are short.
pub(super) fn of_lengths(
    values: &BytePieces<'_>,
    limit: usize,
    hints: Hints,
    table: &mut Table<u64>,
    mut codes: &mut [u32],
) -> Result<LeafValues<'static>, Failure> {
    const FRAME: usize = 4;
    let mut words = Words::new(table, limit / FRAME, hints);
    for slice in values.slices(0..values.len()) {
        let (here, rest) = codes.split_at_mut_checked(slice.len()).unwrap_or_default();
        codes = rest;
        // Whether all are short is known when all are looked up: quicker than to ask each.
        let mut longest = 0;
        let found = match slice {
            ByteSlice::Offsets(slice) => {
                let ends = slice.offsets.get(1..).unwrap_or_default();
                let bounds = slice.offsets.iter().zip(ends);
                let all = bounds.map(|(&start, &end)| {
                    let len = end.wrapping_sub(start).cast_unsigned();
                    longest = longest.max(len);
                    word(first_bytes(slice.data, start as usize), len)
                });
                words.look_up(all, here)
            }
            ByteSlice::Views(slice) => {
                let all = slice.views.iter().map(|view: &View| {
                    let [low, high] = halves(view);
                    longest = longest.max(low as u32);
                    word(low >> 32 | high << 32, low as u32)
                });
                words.look_up(all, here)
            }
        };
        if longest as usize > SHORT {
            return Err(Failure::OutOfRange);
        }
        found?;
    }
    let (mut offsets, mut data) = (vec![0], Vec::new());
    for &word in &words.entries {
        data.extend_from_slice(bytes(&word.to_le_bytes()));
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
pub(super) fn of_width<'s>(
    slices: impl Iterator<Item = &'s [u8]>,
    width: usize,
    limit: usize,
    hints: Hints,
    table: &mut Table<u64>,
    mut codes: &mut [u32],
) -> Result<LeafValues<'static>, Failure> {
    let width = width.max(1);
    let mut words = Words::new(table, limit / width, hints);
    for data in slices {
        let count = data.len() / width;
        let (here, rest) = codes.split_at_mut_checked(count).unwrap_or_default();
        codes = rest;
        let all = (0..count).map(|index| word(first_bytes(data, index * width), width as u32));
        words.look_up(all, here)?;
    }
    let mut data = Vec::with_capacity(words.entries.len() * width);
    for &word in &words.entries {
        data.extend_from_slice(bytes(&word.to_le_bytes()));
    }
    Ok(LeafValues::Fixed {
        width,
        data: data.into(),
    })
}

/// The bytes of a string of this length, of which these are the first ones and any behind them,
/// and in the highest byte the length; anything if it is not short.
#[inline(always)]
fn word(first: u64, len: u32) -> u64 {
    let mask = (1_u64 << ((8 * len) & 63)) - 1;
    first & mask | u64::from(len) << 56
}

/// The bytes of a word.
fn bytes(word: &[u8; 8]) -> &[u8] {
    word.get(..usize::from(word[SHORT])).unwrap_or_default()
}

#[inline(always)]
fn halves(view: &View) -> [u64; 2] {
    let word = u128::from_le_bytes(*view);
    [word as u64, (word >> 64) as u64]
}

/// The eight bytes from `at` on, zeros behind the end.
#[inline(always)]
pub(super) fn first_bytes(data: &[u8], at: usize) -> u64 {
    match data.get(at..).and_then(<[u8]>::first_chunk) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => last_bytes(data, at),
    }
}

#[cold]
fn last_bytes(data: &[u8], at: usize) -> u64 {
    let mut bytes = [0; 8];
    let rest = data.get(at..).unwrap_or_default();
    bytes
        .iter_mut()
        .zip(rest)
        .for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(bytes)
}
