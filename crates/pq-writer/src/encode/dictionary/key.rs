//! What byte strings are compared by. Up to 24 bytes, a string is three words, which overlap where
//! it is shorter, and its length: nothing else is compared.

use super::table::{MULTIPLIER, fold};

/// The longest string that its three words hold.
pub(super) const WORDS: usize = 24;

/// The first eight bytes, the eight behind them, and the last eight: the same ones again where
/// there are no others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    first: u64,
    middle: u64,
    last: u64,
    pub(super) len: usize,
}

/// Masks of the first 0 to 8 bytes of a word.
const MASKS: [u64; 9] = {
    let mut masks = [0; 9];
    let mut len = 1;
    while len <= 8 {
        masks[len] = u64::MAX >> (64 - 8 * len);
        len += 1;
    }
    masks
};

impl Key {
    /// The key of the string of `len` bytes from `start` on.
    #[inline(always)]
    pub(super) fn of(data: &[u8], start: usize, len: usize) -> Self {
        let mask = MASKS.get(len).copied().unwrap_or(u64::MAX);
        let last = start + len.max(8) - 8;
        let middle = last.min(start + 8);
        Self {
            first: word(data, start) & mask,
            middle: word(data, middle) & mask,
            last: word(data, last) & mask,
            len,
        }
    }

    /// Word by word: an array would be compared in memory, where it has just been written.
    #[inline(always)]
    pub(super) fn is(&self, other: &Self) -> bool {
        let differs = (self.first ^ other.first)
            | (self.middle ^ other.middle)
            | (self.last ^ other.last)
            | (self.len ^ other.len) as u64;
        differs == 0
    }

    #[inline(always)]
    pub(super) fn hash(&self, data: &[u8], start: usize) -> u64 {
        let first = fold(
            self.first ^ 0x2D35_8DCC_AA6C_78A5,
            MULTIPLIER ^ self.len as u64,
        );
        let hash = first
            ^ fold(
                self.middle ^ 0x8BB8_4B93_962E_ACC9,
                self.last ^ 0xA076_1D64_78BD_642F,
            );
        match self.len <= WORDS {
            true => hash,
            false => long(hash, data.get(start..start + self.len).unwrap_or_default()),
        }
    }
}

/// The hash of a string of which `hash` knows the first and the last words.
fn long(hash: u64, bytes: &[u8]) -> u64 {
    let (words, _) = bytes.as_chunks::<8>();
    words.iter().skip(2).fold(hash, |hash, word| {
        fold(hash ^ u64::from_le_bytes(*word), MULTIPLIER)
    })
}

/// The eight bytes from `at` on, zeros behind the end.
#[inline(always)]
fn word(data: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes_at(data, at))
}

/// The bytes from `at` on, zeros behind the end.
#[inline(always)]
pub(super) fn bytes_at<const N: usize>(data: &[u8], at: usize) -> [u8; N] {
    match data.get(at..).and_then(<[u8]>::first_chunk) {
        Some(bytes) => *bytes,
        None => last_bytes(data, at),
    }
}

#[cold]
fn last_bytes<const N: usize>(data: &[u8], at: usize) -> [u8; N] {
    let mut bytes = [0; N];
    let rest = data.get(at..).unwrap_or_default();
    bytes
        .iter_mut()
        .zip(rest)
        .for_each(|(to, from)| *to = *from);
    bytes
}
