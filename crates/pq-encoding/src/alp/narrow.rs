//! A range without the few integers that are far from all others.

use super::float::Float;
use super::measure::{Fit, Lanes, exception_bits, width_between};
use core::cmp::Ordering;

/// Integers that are looked at first.
const SAMPLE: usize = 32;

/// How many of these are left out, in turn.
const LEFT_OUT: [usize; 5] = [0, 1, 2, 4, 8];

/// The most ranges that are tried.
const TRIES: usize = 3;

/// At least one in so many bits has to be saved.
const WORTH: usize = 64;

/// The range that takes the fewest bits when all integers outside are exceptions too, as far as
/// a sample can tell.
pub(super) fn narrow<T: Float>(integers: &[T], whole: Fit<T>) -> Fit<T> {
    let count = integers.len();
    let Some((width, lowest, highest)) = shortest(integers, &whole) else {
        return whole;
    };
    let mut best = whole;
    for width in (width..whole.width()).take(TRIES) {
        let (lowest, highest) = widened(lowest, highest, width, &whole);
        let mut lanes = Lanes::new();
        lanes.add_within(integers, lowest, highest);
        let fit = lanes.fit(whole.pair);
        if fit.bits(count) < best.bits(count) {
            best = fit;
        } else if best.exceptions > whole.exceptions {
            break;
        }
    }
    let saved = whole.bits(count) - best.bits(count);
    if saved * WORTH < whole.bits(count) {
        return whole;
    }
    best
}

/// The range of a sample, some of it left out, that seems to take the fewest bits; and the width
/// of it. None if all of the integers seem to take no more.
fn shortest<T: Float>(integers: &[T], whole: &Fit<T>) -> Option<(u8, T, T)> {
    let stride = integers.len() / SAMPLE;
    if stride == 0 || whole.width() == 0 {
        return None;
    }
    let mut sample = [T::INFINITY; SAMPLE];
    let spread = integers.iter().step_by(stride);
    let numbers = spread.filter(|integer| integer.partial_cmp(integer).is_some());
    let mut len = 0;
    for (to, &integer) in sample.iter_mut().zip(numbers) {
        *to = integer;
        len += 1;
    }
    let sample = sample.get_mut(..len).filter(|_| len > SAMPLE / 2)?;
    sample.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));

    let mut best = None;
    let mut least = usize::from(whole.width()) * len;
    for left_out in LEFT_OUT {
        for range in sample.windows(len - left_out) {
            let (Some(&lowest), Some(&highest)) = (range.first(), range.last()) else {
                continue;
            };
            let width = width_between(lowest, highest);
            let bits = usize::from(width) * len + left_out * exception_bits::<T>();
            if bits < least {
                least = bits;
                best = Some((width, lowest, highest));
            }
        }
    }
    best
}

/// The range made as wide as the bits allow: to an end of the whole range, or to both sides.
fn widened<T: Float>(lowest: T, highest: T, width: u8, whole: &Fit<T>) -> (T, T) {
    let (low, high) = (lowest.to_integer(), highest.to_integer());
    let most = 1_i64
        .checked_shl(width.into())
        .map_or(i64::MAX, |above| above.wrapping_sub(1));
    let from_bottom = whole.lowest.to_integer().saturating_add(most);
    let from_top = whole.highest.to_integer().saturating_sub(most);
    if from_bottom >= high {
        (whole.lowest, T::from_integer(from_bottom))
    } else if from_top <= low {
        (T::from_integer(from_top), whole.highest)
    } else {
        let room = most.saturating_sub(high.saturating_sub(low)) / 2;
        let low = low.saturating_sub(room);
        (
            T::from_integer(low),
            T::from_integer(low.saturating_add(most)),
        )
    }
}
