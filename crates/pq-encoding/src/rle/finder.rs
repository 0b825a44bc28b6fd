//! Runs that pay, found 64 values at a time.

use super::changes::WORD;
use super::source::Source;

/// Values of a group.
const GROUP: usize = 8;

/// The first comparison of each group.
const GROUPS: u64 = u64::from_ne_bytes([1; 8]);

/// Goes through values from one group of eight to the next.
pub(super) struct Finder<S> {
    source: S,
    /// The shortest run that it finds, but for one at the end: 8 to 64 values.
    least: usize,
    at: usize,
    /// Which of the next `known` values differ from the one behind them; zeros above.
    changes: u64,
    known: usize,
}

impl<S: Source> Finder<S> {
    #[inline(always)]
    pub(super) fn new(source: S, least: usize) -> Self {
        Self {
            source,
            least,
            at: 0,
            changes: 0,
            known: 0,
        }
    }

    /// What it goes through.
    #[inline(always)]
    pub(super) fn source(&self) -> &S {
        &self.source
    }

    /// Where it is.
    #[inline(always)]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// How many values there are from here on.
    #[inline(always)]
    pub(super) fn left(&self) -> usize {
        self.source.len() - self.at
    }

    /// Passes over groups, up to one with which a run of at least `least` values starts, or a
    /// shorter one of all that are left. Returns how long the run is; 0 behind the last value.
    #[inline(always)]
    pub(super) fn next_run(&mut self) -> usize {
        // Comparisons within a run.
        let within = self.least - 1;
        loop {
            if self.known < within {
                let restless = self.source.restless(self.at);
                if restless > 0 {
                    self.known = 0;
                    self.changes = 0;
                    self.at += restless;
                    continue;
                }
                if !self.look() {
                    return self.last_run();
                }
            }
            // A run often stands behind another.
            if self.changes & ((1 << within) - 1) != 0 {
                let unknown = u64::MAX.checked_shl(self.known as u32).unwrap_or(0);
                let mut alike = !(self.changes | unknown);
                let mut compared = 1;
                while compared < within {
                    // Bit `i` is whether so many from `i` on are alike.
                    let more = compared.min(within - compared);
                    alike &= alike >> more;
                    compared += more;
                }
                alike &= GROUPS;
                if alike == 0 {
                    self.pass(((self.known - within) / GROUP + 1) * GROUP);
                    continue;
                }
                self.pass(alike.trailing_zeros() as usize);
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
    pub(super) fn short_runs(
        &mut self,
        least: usize,
        most: usize,
        mut take: impl FnMut(u64, usize),
    ) {
        for _ in 0..most {
            if self.changes == 0 {
                self.look();
            }
            let run = if self.changes != 0 {
                self.changes.trailing_zeros() as usize + 1
            } else if self.left() <= WORD {
                self.source.run_at(self.at)
            } else {
                return;
            };
            if run < least || run >= WORD {
                return;
            }
            take(self.source.value(self.at), run);
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
        let Some(changes) = self.source.changes(self.at) else {
            return false;
        };
        self.changes = changes;
        self.known = WORD;
        true
    }

    /// The length of a run whose end is not known yet.
    #[inline(always)]
    fn long_run(&mut self) -> usize {
        let mut run = self.known;
        loop {
            match self.source.changes(self.at + run) {
                Some(0) => run += WORD,
                Some(changes) => return run + changes.trailing_zeros() as usize + 1,
                None => return run + self.source.run_at(self.at + run),
            }
        }
    }

    /// As `next_run`, of the last few values.
    #[inline(always)]
    fn last_run(&mut self) -> usize {
        self.changes = 0;
        self.known = 0;
        loop {
            let run = self.source.run_at(self.at);
            if run >= self.least || run == self.left() {
                return run;
            }
            self.at += GROUP.min(self.left());
        }
    }
}
