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
