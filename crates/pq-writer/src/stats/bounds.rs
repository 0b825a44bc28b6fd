//! The smallest and the largest of many values, each looked at once.
//!
//! NaN is no bound; the order is that of the column.

use super::order::{Half, Key, Kind};
use crate::leaf::{BooleanPieces, LeafValues};
use pq_encoding::vectors::{Work, vectorized};
use std::ops::Range;

/// What was found among numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Numbers {
    /// The keys of the smallest and the largest; `None` if there is no number.
    pub(super) bounds: Option<(u64, u64)>,
    /// How many are not a number.
    pub(super) nans: usize,
}

impl Numbers {
    fn merge(&mut self, min: u64, max: u64) {
        let (low, high) = self.bounds.unwrap_or((min, max));
        self.bounds = Some((low.min(min), high.max(max)));
    }
}

/// The bounds of values that have keys; nothing is found among byte strings.
pub(super) fn numbers(kind: Kind, values: &LeafValues<'_>, range: Range<usize>) -> Numbers {
    let mut found = Numbers::default();
    match values {
        LeafValues::Boolean(values) => booleans(values, range, &mut found),
        LeafValues::Int32(values) => values.for_each(range, |slice| match kind {
            Kind::UInt32 => integers(slice, i32::cast_unsigned, &mut found),
            _ => integers(slice, |value| value, &mut found),
        }),
        LeafValues::Int64(values) => values.for_each(range, |slice| match kind {
            Kind::UInt64 => integers(slice, i64::cast_unsigned, &mut found),
            _ => integers(slice, |value| value, &mut found),
        }),
        LeafValues::Float(values) => values.for_each(range, |slice| floats(slice, &mut found)),
        LeafValues::Double(values) => values.for_each(range, |slice| floats(slice, &mut found)),
        LeafValues::Fixed { data, .. } if kind == Kind::Half => data
            .slices(range.start * 2..range.end * 2)
            .for_each(|slice| halves(slice, &mut found)),
        LeafValues::Fixed { .. } | LeafValues::Bytes(_) | LeafValues::Coded(_) => {}
    }
    found
}

fn booleans(values: &BooleanPieces<'_>, range: Range<usize>, found: &mut Numbers) {
    for bits in values.slices(range) {
        let ones = bits.count_ones();
        found.merge(u64::from(ones == bits.len()), u64::from(ones > 0));
    }
}

/// Independent minima and maxima, so that they go through vector registers.
const LANES: usize = 16;

fn integers<S: Copy, T: Copy + Ord + Key>(
    values: &[S],
    ordered: impl Fn(S) -> T,
    found: &mut Numbers,
) {
    let all = Integers { values, ordered };
    if let Some((min, max)) = vectorized(all) {
        found.merge(min.key(), max.key());
    }
}

/// Finds the smallest and the largest.
struct Integers<'v, S, F> {
    values: &'v [S],
    ordered: F,
}

impl<S: Copy, T: Copy + Ord, F: Fn(S) -> T> Work for Integers<'_, S, F> {
    type Done = Option<(T, T)>;

    #[inline(always)]
    fn run(self) -> Option<(T, T)> {
        let Self { values, ordered } = self;
        let &first = values.first()?;
        let (mut min, mut max) = ([ordered(first); LANES], [ordered(first); LANES]);
        let (chunks, rest) = values.as_chunks::<LANES>();
        for chunk in chunks {
            for lane in 0..LANES {
                let value = ordered(chunk[lane]);
                min[lane] = min[lane].min(value);
                max[lane] = max[lane].max(value);
            }
        }
        for &value in rest {
            min[0] = min[0].min(ordered(value));
            max[0] = max[0].max(ordered(value));
        }
        Some((min.into_iter().min()?, max.into_iter().max()?))
    }
}

trait Float: Key + PartialOrd {
    const INFINITY: Self;
    const NEGATIVE_INFINITY: Self;
    fn is_nan(self) -> bool;
}

impl Float for f32 {
    const INFINITY: Self = Self::INFINITY;
    const NEGATIVE_INFINITY: Self = Self::NEG_INFINITY;
    fn is_nan(self) -> bool {
        self.is_nan()
    }
}

impl Float for f64 {
    const INFINITY: Self = Self::INFINITY;
    const NEGATIVE_INFINITY: Self = Self::NEG_INFINITY;
    fn is_nan(self) -> bool {
        self.is_nan()
    }
}

/// Values that are looked at twice while they are in the nearest cache.
const BLOCK: usize = 1024;

fn floats<T: Float>(values: &[T], found: &mut Numbers) {
    let (min, max, nans) = vectorized(Floats { values });
    found.nans += nans;
    if nans < values.len() {
        found.merge(min.key(), max.key());
    }
}

/// Finds the smallest and the largest, and how many are not a number.
struct Floats<'v, T> {
    values: &'v [T],
}

impl<T: Float> Work for Floats<'_, T> {
    type Done = (T, T, usize);

    #[inline(always)]
    fn run(self) -> (T, T, usize) {
        let values = self.values;
        let (mut min, mut max) = ([T::INFINITY; LANES], [T::NEGATIVE_INFINITY; LANES]);
        let mut nans = 0;
        for block in values.chunks(BLOCK) {
            let (chunks, rest) = block.as_chunks::<LANES>();
            for chunk in chunks {
                for lane in 0..LANES {
                    // Comparisons with NaN are false and leave the bound as it is.
                    let value = chunk[lane];
                    min[lane] = if value < min[lane] { value } else { min[lane] };
                    max[lane] = if value > max[lane] { value } else { max[lane] };
                }
            }
            for &value in rest {
                min[0] = if value < min[0] { value } else { min[0] };
                max[0] = if value > max[0] { value } else { max[0] };
            }
            nans += block.iter().filter(|value| value.is_nan()).count();
        }
        let smaller = |a: T, b: T| if b < a { b } else { a };
        let larger = |a: T, b: T| if b > a { b } else { a };
        (
            min.into_iter().fold(T::INFINITY, smaller),
            max.into_iter().fold(T::NEGATIVE_INFINITY, larger),
            nans,
        )
    }
}

fn halves(values: &[u8], found: &mut Numbers) {
    let values = values.as_chunks::<2>().0;
    let (mut min, mut max) = (Half::INFINITY, -Half::INFINITY);
    let mut nans = 0;
    for block in values.chunks(BLOCK) {
        let mut nans_here = 0_u16;
        for &half in block {
            let signed = Half(half).signed();
            let is_nan = signed.unsigned_abs() > Half::INFINITY.unsigned_abs();
            min = min.min(if is_nan { Half::INFINITY } else { signed });
            max = max.max(if is_nan { -Half::INFINITY } else { signed });
            nans_here += u16::from(is_nan);
        }
        nans += usize::from(nans_here);
    }
    found.nans += nans;
    if nans < values.len() {
        found.merge(Half::key_of(min), Half::key_of(max));
    }
}
