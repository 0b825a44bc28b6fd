//! Where values change, 64 at a time.

use crate::bitpack::block::Word;
use crate::kernels;

/// Comparisons in a word.
pub(crate) const WORD: usize = 64;

/// Bit `i` is whether value `i` differs from the one behind it.
pub(crate) type Changes = [u64; 16];

/// The comparisons within groups of eight values.
const WITHIN_GROUPS: u64 = u64::from_ne_bytes([0x7f; 8]);

/// What was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Compared {
    /// How many values: a multiple of 64.
    pub(crate) count: usize,
    /// Whether values change within each group of eight.
    pub(crate) is_restless: bool,
}

/// Compares values with those behind them, 64 at a time.
pub(super) fn changes<T: Word>(values: &[T], out: &mut Changes) -> Compared {
    kernels::changes(values, out).unwrap_or_else(|| portable(values, out))
}

/// Fills words with the comparisons of 64 values each and the one behind.
#[inline(always)]
pub(crate) fn each_word<T>(
    values: &[T],
    out: &mut Changes,
    compare: impl Fn(&[T; WORD + 1]) -> u64,
) -> Compared {
    let (mut count, mut restless) = (0, !WITHIN_GROUPS);
    for word in out {
        let Some(values) = values.get(count..).and_then(<[T]>::first_chunk) else {
            break;
        };
        *word = compare(values);
        // The highest bit of each byte is whether one below it is set.
        restless &= (*word & WITHIN_GROUPS) + WITHIN_GROUPS;
        count += WORD;
    }
    Compared {
        count,
        is_restless: restless == !WITHIN_GROUPS,
    }
}

fn portable<T: Word>(values: &[T], out: &mut Changes) -> Compared {
    each_word(values, out, |values| {
        let mut changes = 0;
        for group in (0..WORD).step_by(8) {
            let mut bytes = [0; 8];
            for (index, byte) in bytes.iter_mut().enumerate() {
                *byte = u8::from(values[group + index] != values[group + index + 1]);
            }
            // Each byte's lowest bit moves to a place of its own in the highest byte.
            let bits = u64::from_le_bytes(bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            changes |= bits << group;
        }
        changes
    })
}

/// How many of a few values are like the first one before another follows; 0 of none.
pub(super) fn same_as_first<T: Word>(values: &[T]) -> usize {
    let first = values.first();
    values
        .iter()
        .take_while(|&value| Some(value) == first)
        .count()
}

#[cfg(test)]
mod tests {
    use super::{Changes, changes, portable, same_as_first};
    use crate::bitpack::block::Word;
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    fn agree<T: Word>(values: &[T]) {
        let expected = |index: usize| values[index] != values[index + 1];
        for compare in [changes, portable] {
            let mut words = Changes::default();
            let compared = compare(values, &mut words);
            let is_restless = (0..compared.count)
                .step_by(8)
                .all(|group| (group..group + 7).any(expected));
            assert_eq!(compared.is_restless, is_restless);
            let compared = compared.count;
            assert_eq!(compared, values.len().saturating_sub(1).min(1024) / 64 * 64);
            for index in 0..compared {
                assert_eq!(words[index / 64] >> (index % 64) & 1 == 1, expected(index));
            }
        }
    }

    proptest! {
        #[test]
        fn bits_are_comparisons(bytes in proptest::collection::vec(0_u8..3, 0..1200)) {
            agree(&bytes);
            agree(&bytes.iter().map(|&byte| u16::from(byte) << 14).collect::<Vec<_>>());
            agree(&bytes.iter().map(|&byte| u32::from(byte) << 30).collect::<Vec<_>>());
        }
    }

    #[test]
    fn runs_of_every_length() {
        assert_eq!(same_as_first::<u32>(&[]), 0);
        for length in 1..300 {
            let mut values = vec![7_u32; length];
            assert_eq!(same_as_first(&values), length);
            values.extend([8, 7, 7]);
            assert_eq!(same_as_first(&values), length);
        }
    }
}
