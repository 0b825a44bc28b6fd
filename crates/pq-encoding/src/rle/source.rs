//! What there is to encode: integers, or bits.

use super::bits::{bits_at, word_at};
use super::changes::{Changes, Compared, WORD, changes, same_as_first};
use crate::bitpack;
use crate::bitpack::block::Word;
use crate::error::EncodeError;
use crate::output::Output;

/// Values that can be compared many at a time.
pub(super) trait Source {
    /// What there is of them.
    type Value: Word;

    /// How many there are.
    fn len(&self) -> usize;

    /// The one at `at`.
    fn value(&self, at: usize) -> u64;

    /// Bit `i` is whether the value at `at + i` differs from the one behind it, of 64 values and
    /// one more. Never asked for values before the last ones.
    fn changes(&mut self, at: usize) -> Option<u64>;

    /// Of how many values from `at` on it is known that they change within each group of eight.
    fn restless(&mut self, at: usize) -> usize;

    /// How many of the last few values, from `at` on, are alike before another follows.
    fn run_at(&self, at: usize) -> usize;

    /// The values from `from` to `to` in whole groups of eight, if they stand side by side.
    fn groups(&self, from: usize, to: usize) -> &[[Self::Value; 8]];

    /// Appends the values `from .. to` bit-packed.
    fn pack(
        &self,
        from: usize,
        to: usize,
        width: u8,
        out: &mut impl Output,
    ) -> Result<(), EncodeError>;
}

/// Integers. The comparisons ahead do not wait for what becomes of the values before; they are
/// the caller's, so that the rest stays in registers.
pub(super) struct Integers<'a, T> {
    pub(super) values: &'a [T],
    ahead: &'a mut Changes,
    ahead_from: usize,
    ahead_to: usize,
}

impl<'a, T: Word> Integers<'a, T> {
    pub(super) fn new(values: &'a [T], ahead: &'a mut Changes) -> Self {
        Self {
            values,
            ahead,
            ahead_from: 0,
            ahead_to: 0,
        }
    }

    #[inline(always)]
    fn look(&mut self, at: usize) -> Compared {
        let compared = changes(self.values.get(at..).unwrap_or_default(), self.ahead);
        self.ahead_from = at;
        self.ahead_to = at + compared.count;
        compared
    }
}

impl<T: Word> Source for Integers<'_, T> {
    type Value = T;

    #[inline(always)]
    fn len(&self) -> usize {
        self.values.len()
    }

    #[inline(always)]
    fn value(&self, at: usize) -> u64 {
        self.values.get(at).map_or(0, |value| value.to_word())
    }

    #[inline(always)]
    fn changes(&mut self, at: usize) -> Option<u64> {
        if at + WORD > self.ahead_to && self.look(at).count == 0 {
            return None;
        }
        Some(word_at(self.ahead, at - self.ahead_from))
    }

    #[inline(always)]
    fn restless(&mut self, at: usize) -> usize {
        if at + WORD <= self.ahead_to {
            return 0;
        }
        let compared = self.look(at);
        if compared.is_restless {
            compared.count
        } else {
            0
        }
    }

    fn run_at(&self, at: usize) -> usize {
        same_as_first(self.values.get(at..).unwrap_or_default())
    }

    #[inline(always)]
    fn groups(&self, from: usize, to: usize) -> &[[T; 8]] {
        let values = self.values.get(from..to).unwrap_or_default();
        values.as_chunks().0
    }

    fn pack(
        &self,
        from: usize,
        to: usize,
        width: u8,
        out: &mut impl Output,
    ) -> Result<(), EncodeError> {
        let values = self.values.get(from..to).unwrap_or_default();
        let room = out.grow(bitpack::packed_len(values.len(), width))?;
        bitpack::pack(values, width, room).map_err(|error| error.behind(from))?;
        Ok(())
    }
}

/// The bits from `offset` on; those beyond the end are zeros.
pub(super) struct Bits<'a> {
    pub(super) bits: &'a [u8],
    pub(super) offset: usize,
    pub(super) len: usize,
}

impl Source for Bits<'_> {
    type Value = bool;

    #[inline(always)]
    fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    fn value(&self, at: usize) -> u64 {
        bits_at(self.bits, self.offset + at, 1)
    }

    #[inline(always)]
    fn changes(&mut self, at: usize) -> Option<u64> {
        if self.len - at <= WORD {
            return None;
        }
        let word = bits_at(self.bits, self.offset + at, 64);
        let last = bits_at(self.bits, self.offset + at + WORD, 1);
        Some(word ^ (word >> 1 | last << 63))
    }

    #[inline(always)]
    fn restless(&mut self, _at: usize) -> usize {
        0
    }

    fn run_at(&self, at: usize) -> usize {
        let count = (self.len - at).min(WORD);
        let word = bits_at(self.bits, self.offset + at, count as u32);
        let same = if word & 1 == 1 {
            word.trailing_ones()
        } else {
            word.trailing_zeros()
        };
        count.min(same as usize)
    }

    fn groups(&self, _from: usize, _to: usize) -> &[[bool; 8]] {
        &[]
    }

    fn pack(
        &self,
        from: usize,
        to: usize,
        _width: u8,
        out: &mut impl Output,
    ) -> Result<(), EncodeError> {
        let count = to - from;
        let room = out.grow(count.div_ceil(8))?;
        let (words, rest) = room.as_chunks_mut::<8>();
        let start = self.offset + from;
        let rest_at = words.len() * WORD;
        for (index, word) in words.iter_mut().enumerate() {
            let left = (count - index * WORD).min(WORD);
            *word = bits_at(self.bits, start + index * WORD, left as u32).to_le_bytes();
        }
        let last = bits_at(
            self.bits,
            start + rest_at,
            count.saturating_sub(rest_at) as u32,
        );
        for (to, from) in rest.iter_mut().zip(last.to_le_bytes()) {
            *to = from;
        }
        Ok(())
    }
}
