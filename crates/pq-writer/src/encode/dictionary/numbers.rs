//! Dictionaries of numbers, and of what fits a word, by their bits.

use super::table::{EMPTY, Key, TOGETHER, Table};
use super::{Failure, Hints};
use crate::leaf::Pieces;

/// A number of a physical type.
pub(super) trait Number: Copy + Default {
    type Bits: Key;
    fn bits(self) -> Self::Bits;
    fn of(bits: Self::Bits) -> Self;
}

macro_rules! number {
    ($($number:ident $bits:ident $to:ident $from:path;)*) => {$(
        impl Number for $number {
            type Bits = $bits;

            #[inline(always)]
            fn bits(self) -> $bits {
                self.$to()
            }

            #[inline(always)]
            fn of(bits: $bits) -> Self {
                $from(bits)
            }
        }
    )*};
}

number! {
    i32 u32 cast_unsigned u32::cast_signed;
    i64 u64 cast_unsigned u64::cast_signed;
    f32 u32 to_bits f32::from_bits;
    f64 u64 to_bits f64::from_bits;
}

/// The different numbers, of `limit` bytes at most; their codes go to `codes`, one each.
pub(super) fn build<T: Number>(
    values: &Pieces<'_, T>,
    limit: usize,
    hints: Hints,
    table: &mut Table<T::Bits>,
    mut codes: &mut [u32],
) -> Result<Vec<T>, Failure> {
    let mut words = Words::new(table, limit / size_of::<T>(), hints);
    values.try_for_each(0..values.len(), |slice| {
        let (here, rest) = std::mem::take(&mut codes)
            .split_at_mut_checked(slice.len())
            .unwrap_or_default();
        codes = rest;
        words.look_up(slice.iter().map(|value| value.bits()), here)
    })?;
    Ok(words.entries.into_iter().map(T::of).collect())
}

/// The different words so far.
pub(super) struct Words<'t, K> {
    table: &'t mut Table<K>,
    pub(super) entries: Vec<K>,
    most: usize,
    has_runs: bool,
    previous: (K, u32),
}

impl<'t, K: Key> Words<'t, K> {
    /// None yet, and `most` at the end.
    pub(super) fn new(table: &'t mut Table<K>, most: usize, hints: Hints) -> Self {
        let most = most.min(i32::MAX as usize);
        table.reset(hints.distinct.min(most));
        Self {
            table,
            entries: Vec::new(),
            most,
            has_runs: hints.has_runs,
            previous: (K::default(), EMPTY),
        }
    }

    /// Looks up words; their codes go to `codes`, one each.
    #[inline(always)]
    pub(super) fn look_up(
        &mut self,
        words: impl Iterator<Item = K>,
        codes: &mut [u32],
    ) -> Result<(), Failure> {
        match self.has_runs {
            true => self.look_up_all::<true>(words, codes),
            false if self.table.is_large() => self.look_up_together(words, codes),
            false => self.look_up_all::<false>(words, codes),
        }
    }

    #[inline(always)]
    fn look_up_together(
        &mut self,
        mut words: impl Iterator<Item = K>,
        codes: &mut [u32],
    ) -> Result<(), Failure> {
        let mut some = [K::default(); TOGETHER];
        let mut slots = [(K::default(), EMPTY); TOGETHER];
        for codes in codes.chunks_mut(TOGETHER) {
            let (some, slots) = (&mut some[..codes.len()], &mut slots[..codes.len()]);
            for (to, word) in some.iter_mut().zip(words.by_ref()) {
                *to = word;
            }
            self.table.fetch(some, slots);
            for ((to, &word), &(key, code)) in codes.iter_mut().zip(&*some).zip(&*slots) {
                *to = match key == word && code != EMPTY {
                    true => code,
                    false => self.code(word)?,
                };
            }
        }
        Ok(())
    }

    /// The code of a word, a new one if it is new.
    #[inline(always)]
    fn code(&mut self, word: K) -> Result<u32, Failure> {
        match self.table.find(word) {
            Ok(code) => Ok(code),
            Err(vacant) => {
                if self.entries.len() == self.most {
                    return Err(Failure::TooLarge);
                }
                let code = self.entries.len() as u32;
                self.table.insert(vacant, word, code)?;
                self.entries.push(word);
                Ok(code)
            }
        }
    }

    #[inline(always)]
    fn look_up_all<const RUNS: bool>(
        &mut self,
        words: impl Iterator<Item = K>,
        codes: &mut [u32],
    ) -> Result<(), Failure> {
        let mut previous = self.previous;
        for (to, word) in codes.iter_mut().zip(words) {
            if RUNS && word == previous.0 && previous.1 != EMPTY {
                *to = previous.1;
                continue;
            }
            let code = self.code(word)?;
            if RUNS {
                previous = (word, code);
            }
            *to = code;
        }
        self.previous = previous;
        Ok(())
    }
}
