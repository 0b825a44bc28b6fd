//! Bitmaps, least significant bit first, a word at a time.

/// The `count` (at most 64) bits from bit `offset` on; bits beyond the end are zeros.
#[inline]
pub(crate) fn bits_at(bits: &[u8], offset: usize, count: u32) -> u64 {
    let (first, shift) = (offset / 8, offset % 8);
    let tail = bits.get(first..).unwrap_or_default();
    let word = match tail.first_chunk::<8>() {
        Some(bytes) => {
            let low = u64::from_le_bytes(*bytes) >> shift;
            let ninth = u64::from(tail.get(8).copied().unwrap_or(0));
            // A shift by 64 is none at all.
            low | ninth.checked_shl(64 - shift as u32).unwrap_or(0)
        }
        None => {
            let mut bytes = [0; 8];
            for (to, from) in bytes.iter_mut().zip(tail) {
                *to = *from;
            }
            u64::from_le_bytes(bytes) >> shift
        }
    };
    if count >= 64 {
        word
    } else {
        word & ((1 << count) - 1)
    }
}

/// The 64 bits from bit `offset` on, of words of which there are enough.
#[inline(always)]
pub(super) fn word_at(words: &[u64], offset: usize) -> u64 {
    let (first, shift) = (offset / 64, offset % 64);
    let word = |index: usize| words.get(index).copied().unwrap_or(0);
    // A shift by 64, in two steps.
    word(first) >> shift | word(first + 1) << 1 << (63 - shift)
}

/// Sets the bits `at .. at + count` of a bitmap, which has them.
pub(super) fn set(bits: &mut [u8], at: usize, count: usize) {
    let end = at + count;
    let (first, last) = (at / 8, end / 8);
    let from_at = 0xff << (at % 8);
    let to_end = !(0xff << (end % 8));
    let Some(bits) = bits.get_mut(first..) else {
        return;
    };
    match (bits, last - first) {
        ([byte, ..], 0) => *byte |= from_at & to_end,
        ([byte, rest @ ..], len) => {
            *byte |= from_at;
            if let Some((whole, rest)) = rest.split_at_mut_checked(len - 1) {
                whole.fill(0xff);
                if let Some(byte) = rest.first_mut() {
                    *byte |= to_end;
                }
            }
        }
        ([], _) => {}
    }
}

/// Writes the first `count` bits of `from` to the bits `at .. at + count` of a bitmap, which has
/// them, all zeros, and zeros behind them.
pub(super) fn copy(bits: &mut [u8], at: usize, from: &[u8], count: usize) {
    // To the next whole byte, then words.
    let head = ((8 - at % 8) % 8).min(count);
    if let Some(byte) = bits.get_mut(at / 8)
        && head > 0
    {
        *byte |= (bits_at(from, 0, head as u32) as u8) << (at % 8);
    }
    let rest = bits.get_mut((at + head) / 8..).unwrap_or_default();
    let rest = rest.get_mut(..(count - head).div_ceil(8));
    let mut done = head;
    for bytes in rest.unwrap_or_default().chunks_mut(8) {
        let word = bits_at(from, done, (count - done).min(64) as u32).to_le_bytes();
        for (to, from) in bytes.iter_mut().zip(word) {
            *to = from;
        }
        done += 64;
    }
}
