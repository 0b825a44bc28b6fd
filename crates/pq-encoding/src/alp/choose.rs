//! Which exponent and factor: a few pairs for the page, one of them for each vector.

use super::VECTOR;
use super::float::{Float, Pair};
use super::measure::{Fit, measure};

/// Vectors of a page for which all pairs are tried before the first one is written.
const VECTORS: usize = 8;

/// Values of a vector that stand for all of it.
const SAMPLE: usize = 256;

/// A prime above `SAMPLE`: its multiples come to each place of a sample once, in leaps.
const LEAP: usize = 421;

/// Pairs that are kept.
const PAIRS: usize = 5;

/// One exception in so many values is a reason to try all pairs.
const MANY: usize = 16;

/// The most vectors between two times that all pairs are tried in vain.
const MOST_WAIT: usize = 31;

/// Vectors whose bits differ by one in so many are of another kind.
const KIND: usize = 8;

/// The pairs that suited vectors so far, the last one first.
#[derive(Debug)]
pub(super) struct Choice {
    pairs: [Pair; PAIRS],
    len: usize,
    /// Vectors until all pairs are tried again, and how many there were the last time.
    left: usize,
    wait: usize,
    /// The bits of a whole vector when all pairs were tried.
    bits: usize,
}

impl Choice {
    /// The pairs that suit vectors from all over the page.
    pub(super) fn new<T: Float>(values: &[T]) -> Self {
        let mut choice = Self {
            pairs: [Pair::default(); PAIRS],
            len: 0,
            left: 0,
            wait: 0,
            bits: 0,
        };
        let step = values.len().div_ceil(VECTOR).div_ceil(VECTORS);
        for vector in values.chunks(VECTOR).step_by(step.max(1)) {
            let sample = Sample::of(vector);
            let sample = sample.values();
            let mut best = Fit::none(sample.len());
            for &pair in choice.known() {
                best = better(sample, pair, best);
            }
            let before = whole_bits(sample, best);
            if best.exceptions > 0 && choice.is_time(None) {
                best = all_pairs(sample, best);
                choice.has_tried(before, whole_bits(sample, best));
            } else {
                best = with_fewer_places(sample, best);
            }
            if best.exceptions < sample.len() {
                choice.use_first(best.pair);
            }
        }
        choice
    }

    /// The pair that suited the last vector.
    pub(super) fn first(&self) -> Pair {
        self.pairs.first().copied().unwrap_or_default()
    }

    /// The pair that suits the vector best, of which it is known what the first one makes of it.
    pub(super) fn choose<T: Float>(&mut self, vector: &[T], first: Fit<T>) -> Pair {
        let others = self.known().iter().skip(1);
        let mut best = first;
        if first.exceptions == 0 {
            // Those that need as many bits are found out early.
            for &pair in others {
                best = better(vector, pair, best);
            }
        } else {
            let sample = Sample::of(vector);
            let sample = sample.values();
            let mut suits = measure(sample, first.pair, usize::MAX).unwrap_or(first);
            for &pair in others {
                suits = better(sample, pair, suits);
            }
            if suits.pair != best.pair {
                best = better(vector, suits.pair, best);
            }
            let before = whole_bits(vector, best);
            if best.exceptions * MANY > vector.len() && self.is_time(Some(before)) {
                suits = all_pairs(sample, suits);
                if suits.pair != best.pair {
                    best = better(vector, suits.pair, best);
                }
                self.has_tried(before, whole_bits(vector, best));
            }
        }
        best = with_fewer_places(vector, best);
        self.use_first(best.pair);
        best.pair
    }

    fn known(&self) -> &[Pair] {
        self.pairs.get(..self.len).unwrap_or_default()
    }

    /// Whether it is time to try all pairs: it was worth it the last time, or that is some time
    /// ago, or a vector takes other bits than the one of that time.
    fn is_time(&mut self, bits: Option<usize>) -> bool {
        let other = bits.is_some_and(|bits| bits.abs_diff(self.bits) > self.bits / KIND);
        let time = self.left == 0 || other;
        self.left = self.left.saturating_sub(1);
        time
    }

    /// Sets the time at which all pairs are tried again: later each time that it was in vain.
    fn has_tried(&mut self, before: usize, after: usize) {
        let in_vain = before - after <= before / KIND;
        self.wait = if in_vain {
            (2 * self.wait + 1).min(MOST_WAIT)
        } else {
            0
        };
        self.left = self.wait;
        self.bits = after;
    }

    /// Puts a pair in front of the others; the last one is forgotten if there are too many.
    fn use_first(&mut self, pair: Pair) {
        let known = self.pairs.iter().take(self.len);
        let at = known.clone().position(|&known| known == pair);
        let at = at.unwrap_or_else(|| {
            self.len = (self.len + 1).min(PAIRS);
            self.len - 1
        });
        if let Some(before) = self.pairs.get_mut(..=at) {
            before.rotate_right(1);
        }
        if let Some(first) = self.pairs.first_mut() {
            *first = pair;
        }
    }
}

/// Values from all over a vector; so are those at the front.
struct Sample<T> {
    values: [T; SAMPLE],
    len: usize,
}

impl<T: Float> Sample<T> {
    fn of(vector: &[T]) -> Self {
        let len = vector.len().min(SAMPLE);
        let leap = LEAP % len.max(1);
        let mut values = [T::NAN; SAMPLE];
        let mut place = 0;
        for to in values.iter_mut().take(len) {
            let index = if vector.len() > SAMPLE {
                place * vector.len() / SAMPLE
            } else {
                place
            };
            if let Some(&value) = vector.get(index) {
                *to = value;
            }
            place += leap;
            if place >= len {
                place -= len;
            }
        }
        Self { values, len }
    }

    fn values(&self) -> &[T] {
        self.values.get(..self.len).unwrap_or_default()
    }
}

/// The bits of as many values as a whole vector has, if all are like these.
fn whole_bits<T: Float>(values: &[T], fit: Fit<T>) -> usize {
    fit.bits(values.len()) * VECTOR / values.len().max(1)
}

/// The best of all pairs and of those that are known.
fn all_pairs<T: Float>(values: &[T], known: Fit<T>) -> Fit<T> {
    // Large exponents first, as their powers are close to what they stand for, with many places
    // first: it is seen early then that few are worse, and the other way round.
    let mut best = known;
    for exponent in (0..=T::MOST_EXPONENT).rev() {
        for factor in 0..=exponent {
            best = better(values, Pair { exponent, factor }, best);
        }
    }
    best
}

/// What the pair makes of the values, if that is smaller than the best so far.
fn better<T: Float>(values: &[T], pair: Pair, best: Fit<T>) -> Fit<T> {
    measure(values, pair, best.bits(values.len())).unwrap_or(best)
}

/// Takes places away as long as that makes the values smaller.
fn with_fewer_places<T: Float>(values: &[T], mut best: Fit<T>) -> Fit<T> {
    while best.pair.factor < best.pair.exponent {
        let before = best.pair;
        let factor = before.factor + 1;
        best = better(values, Pair { factor, ..before }, best);
        if best.pair == before {
            break;
        }
    }
    best
}
