//! Runs of at least eight values, found 64 values at a time.

use super::bits::word_at;
use super::changes::{Changes, changes, same_as_first};
use crate::bitpack::block::Word;

/// Values of a group.
const GROUP: usize = 8;

/// The comparisons within a group: if no value differs there, eight are alike.
const WITHIN_GROUP: u64 = 0x7f;

/// Those of eight groups.
const WITHIN_GROUPS: u64 = u64::from_ne_bytes([0x7f; 8]);

/// Bits of a word.
const WORD: usize = 64;

/// Goes through values from one group of eight to the next.
pub(super) struct Finder<'a, T> {
    values: &'a [T],
    at: usize,
    /// Which of the next `known` values differ from the one behind them; zeros above.
    changes: u64,
    known: usize,
    /// The same of many values from `ahead_from` on, up to `ahead_to`: it does not wait for what
    /// becomes of those before.
    ahead: &'a mut Changes,
    ahead_from: usize,
    ahead_to: usize,
}

impl<'a, T: Word> Finder<'a, T> {
    /// A finder at the first value. The comparisons are the caller's, so that the rest of this
    /// stays in registers.
    pub(super) fn new(values: &'a [T], ahead: &'a mut Changes) -> Self {
        Self {
            values,
            at: 0,
            changes: 0,
            known: 0,
            ahead,
            ahead_from: 0,
            ahead_to: 0,
        }
    }

    /// Where it is.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The values between `from` and here.
    pub(super) fn passed(&self, from: usize) -> &'a [T] {
        self.values.get(from..self.at).unwrap_or_default()
    }

    /// How many values there are from here on.
    pub(super) fn left(&self) -> usize {
        self.values.len() - self.at
    }

    /// Passes over groups in which values change, up to one of like values, or to a shorter run
    /// at the end of all. Returns how long the run is; 0 behind the last value.
    #[inline(always)]
    pub(super) fn next_run(&mut self) -> usize {
        loop {
            if self.known < GROUP && !self.look() {
                let (passed, run) = last_run(self.values.get(self.at..).unwrap_or_default());
                self.at += passed;
                return run;
            }
            // A run often stands behind another.
            if self.changes & WITHIN_GROUP != 0 {
                let unknown = u64::MAX.checked_shl(self.known as u32).unwrap_or(0);
                let within = (self.changes | unknown) & WITHIN_GROUPS;
                let alike = !(within + WITHIN_GROUPS) & !WITHIN_GROUPS;
                if alike == 0 {
                    // The last comparison of a group is with the next one.
                    self.pass((self.known + 1) / GROUP * GROUP);
                    continue;
                }
                self.pass(alike.trailing_zeros() as usize / GROUP * GROUP);
            }
            if self.changes != 0 {
                return self.changes.trailing_zeros() as usize + 1;
            }
            if self.known == WORD || !self.look() {
                return self.long_run();
            }
        }
    }

    /// Goes through runs of `least` to 63 values that follow each other right here, and calls
    /// `take` with the value of each and the length, at most `most` times.
    #[inline(always)]
    pub(super) fn short_runs(&mut self, least: usize, most: usize, mut take: impl FnMut(T, usize)) {
        for _ in 0..most {
            if self.changes == 0 {
                self.look();
            }
            if self.changes == 0 {
                return;
            }
            let run = self.changes.trailing_zeros() as usize + 1;
            let Some(&value) = self.values.get(self.at) else {
                return;
            };
            if run < least || run >= WORD {
                return;
            }
            take(value, run);
            self.pass(run);
        }
    }

    /// Goes on behind `count` values, of which there are as many.
    #[inline(always)]
    pub(super) fn pass(&mut self, count: usize) {
        self.at += count;
        if count < self.known {
            self.changes >>= count;
            self.known -= count;
        } else {
            self.changes = 0;
            self.known = 0;
        }
    }

    /// Gets the comparisons of the next values, if there are enough.
    #[inline(always)]
    fn look(&mut self) -> bool {
        let Some(changes) = self.word(self.at) else {
            return false;
        };
        self.changes = changes;
        self.known = WORD;
        true
    }

    /// The comparisons of 64 values at `at`, not before the last ones asked for.
    #[inline(always)]
    fn word(&mut self, at: usize) -> Option<u64> {
        if at + WORD > self.ahead_to {
            let next = self.values.get(at..).unwrap_or_default();
            self.ahead_from = at;
            self.ahead_to = at + changes(next, self.ahead);
            if at == self.ahead_to {
                return None;
            }
        }
        Some(word_at(self.ahead, at - self.ahead_from))
    }

    /// The length of a run whose end is not known yet.
    #[inline(always)]
    fn long_run(&mut self) -> usize {
        let mut run = self.known;
        loop {
            match self.word(self.at + run) {
                Some(0) => run += WORD,
                Some(changes) => return run + changes.trailing_zeros() as usize + 1,
                None => {
                    let rest = self.values.get(self.at + run..);
                    return run + same_as_first(rest.unwrap_or_default());
                }
            }
        }
    }
}

/// How many of the last few values are in groups in which values change, and how long the run
/// behind them is.
#[inline(never)]
fn last_run<T: Word>(values: &[T]) -> (usize, usize) {
    let mut passed = 0;
    loop {
        let rest = values.get(passed..).unwrap_or_default();
        let run = same_as_first(rest);
        if run >= GROUP || run == rest.len() {
            return (passed, run);
        }
        passed += GROUP.min(rest.len());
    }
}
