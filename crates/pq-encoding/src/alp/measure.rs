//! What a pair makes of values: the range of the integers, and how many exceptions.

use super::POSITION;
use super::float::{Float, Pair, Scale};
use crate::bit_width;

/// Integers that are measured side by side, so that none waits for another.
const LANES: usize = 8;

/// Values of which integers are made, then measured: two loops, of which the compiler makes
/// vectors.
const BLOCK: usize = 64;

/// After so many values it is asked for the first time whether a pair can still be the best.
const FIRST: usize = 16;

/// Values at a pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit<T> {
    pub(super) pair: Pair,
    /// The range of the integers, if there are any; above is below otherwise.
    pub(super) lowest: T,
    pub(super) highest: T,
    pub(super) exceptions: usize,
}

impl<T: Float> Fit<T> {
    /// All values are exceptions.
    pub(super) fn none(exceptions: usize) -> Self {
        Self {
            pair: Pair::default(),
            lowest: T::INFINITY,
            highest: T::NEG_INFINITY,
            exceptions,
        }
    }

    /// The bits of each packed integer.
    pub(super) fn width(&self) -> u8 {
        if self.lowest > self.highest {
            return 0;
        }
        width_between(self.lowest, self.highest)
    }

    /// The bits of `count` packed integers and the exceptions, or of exceptions alone where these
    /// take fewer.
    pub(super) fn bits(&self, count: usize) -> usize {
        let exception = exception_bits::<T>();
        let bits = count * usize::from(self.width()) + self.exceptions * exception;
        bits.min(count * exception)
    }
}

/// The bits that integers of a range need, less the lowest of them.
pub(super) fn width_between<T: Float>(lowest: T, highest: T) -> u8 {
    let range = highest.to_integer().wrapping_sub(lowest.to_integer());
    bit_width::of_u64(range.cast_unsigned())
}

/// The bits of an exception and its position.
pub(super) fn exception_bits<T: Float>() -> usize {
    8 * (POSITION + size_of::<T>())
}

/// Ranges and exceptions of integers, lane by lane.
#[derive(Debug)]
pub(super) struct Lanes<T: Float> {
    lowest: [T; LANES],
    highest: [T; LANES],
    exceptions: [T::Bits; LANES],
}

impl<T: Float> Lanes<T> {
    pub(super) fn new() -> Self {
        Self {
            lowest: [T::INFINITY; LANES],
            highest: [T::NEG_INFINITY; LANES],
            exceptions: [T::Bits::default(); LANES],
        }
    }

    /// Makes integers of values and adds them.
    #[inline(never)]
    pub(super) fn measure(&mut self, values: &[T], scale: &Scale<T>, integers: &mut [T]) {
        let scale = *scale;
        for (values, integers) in values.chunks(BLOCK).zip(integers.chunks_mut(BLOCK)) {
            for (integer, &value) in integers.iter_mut().zip(values) {
                *integer = scale.integer(value);
            }
            self.add(integers);
        }
    }

    /// Adds those integers of a range; the others are exceptions.
    #[inline(never)]
    pub(super) fn add_within(&mut self, integers: &[T], lowest: T, highest: T) {
        let mut block = [T::NAN; BLOCK];
        for integers in integers.chunks(BLOCK) {
            for (to, &integer) in block.iter_mut().zip(integers) {
                let inside = (integer >= lowest) & (integer <= highest);
                *to = if inside { integer } else { T::NAN };
            }
            self.add(block.get(..integers.len()).unwrap_or_default());
        }
    }

    /// Adds integers.
    #[inline(always)]
    fn add(&mut self, integers: &[T]) {
        let (chunks, rest) = integers.as_chunks::<LANES>();
        for chunk in chunks {
            self.add_chunk(chunk);
        }
        self.add_chunk(rest);
    }

    /// Adds integers, each to a lane of its own.
    #[inline(always)]
    fn add_chunk(&mut self, integers: &[T]) {
        let lanes = self.lowest.iter_mut().zip(&mut self.highest);
        let lanes = lanes.zip(&mut self.exceptions).zip(integers);
        for (((lowest, highest), exceptions), &integer) in lanes {
            // What is no number has no order, not even to itself.
            *exceptions += T::Bits::from(integer.partial_cmp(&integer).is_none());
            *lowest = lower(integer, *lowest);
            *highest = higher(integer, *highest);
        }
    }

    /// What was added, at a pair.
    pub(super) fn fit(&self, pair: Pair) -> Fit<T> {
        let mut fit = Fit {
            pair,
            ..Fit::none(0)
        };
        for (&lowest, &highest) in self.lowest.iter().zip(&self.highest) {
            fit.lowest = lower(lowest, fit.lowest);
            fit.highest = higher(highest, fit.highest);
        }
        let exceptions: u64 = self.exceptions.iter().map(|&lane| lane.into()).sum();
        fit.exceptions = exceptions as usize;
        fit
    }
}

/// The lower one, and the second one if the first is no number: one instruction.
#[inline(always)]
fn lower<T: Float>(one: T, other: T) -> T {
    if one < other { one } else { other }
}

/// The higher one, and the second one if the first is no number.
#[inline(always)]
fn higher<T: Float>(one: T, other: T) -> T {
    if one > other { one } else { other }
}

/// What a pair makes of the values, if these take fewer bits than `most`. It stops where it sees
/// that they do not.
pub(super) fn measure<T: Float>(values: &[T], pair: Pair, most: usize) -> Option<Fit<T>> {
    let scale = Scale::of(pair);
    let mut lanes = Lanes::new();
    let mut integers = [T::NAN; BLOCK];
    let (mut done, mut next) = (0, FIRST);
    while let Some(part) = values.get(done..next.min(values.len())) {
        for part in part.chunks(BLOCK) {
            let integers = integers.get_mut(..part.len()).unwrap_or_default();
            lanes.measure(part, &scale, integers);
        }
        let fit = lanes.fit(pair);
        if fit.bits(values.len()) >= most {
            return None;
        }
        if next >= values.len() {
            return Some(fit);
        }
        (done, next) = (next, 2 * next);
    }
    None
}
