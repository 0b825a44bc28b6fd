//! Smallest, largest and not-a-number values of a page, and of a chunk page by page.

use super::order::{self, Key, Order};
use crate::page::Values;
use std::cmp::Ordering;
use std::collections::HashSet;
use twox_hash::XxHash64;

/// What values are, as far as statistics state it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Summary {
    /// Values that are not null.
    pub(crate) count: u64,
    /// The smallest and the largest value, NaN left out.
    pub(crate) min: Option<Key>,
    pub(crate) max: Option<Key>,
    pub(crate) nans: u64,
    /// The smallest and the largest NaN in total order.
    pub(crate) nan_bounds: Option<(Key, Key)>,
    /// Bytes of all values of a type that has bytes.
    pub(crate) bytes: u64,
}

impl Summary {
    pub(crate) fn of(values: &Values<'_>, order: Order) -> Self {
        let mut summary = Self {
            count: values.len() as u64,
            bytes: values.bytes().map(|value| value.len() as u64).sum(),
            ..Self::default()
        };
        let bounds = match (values, order) {
            (_, Order::Undefined | Order::Unknown) => None,
            (Values::Boolean(values), _) => extremes(values.iter().map(|&x| i64::from(x))),
            (Values::Int32(values), Order::UInt32) => {
                extremes(values.iter().map(|x| x.cast_unsigned()))
            }
            (Values::Int32(values), _) => extremes(values.iter().copied()),
            (Values::Int64(values), Order::UInt64) => {
                extremes(values.iter().map(|x| x.cast_unsigned()))
            }
            (Values::Int64(values), _) => extremes(values.iter().copied()),
            (Values::Float(values), _) => {
                let total = order.is_total();
                summary.count_nans(
                    values
                        .iter()
                        .filter(|x| x.is_nan())
                        .filter_map(|&x| order::float_key(x, true)),
                );
                let numbers = values.iter().filter(|x| !x.is_nan());
                extremes(numbers.filter_map(|&x| order::float_key(x, total)))
            }
            (Values::Double(values), _) => {
                let total = order.is_total();
                summary.count_nans(
                    values
                        .iter()
                        .filter(|x| x.is_nan())
                        .filter_map(|&x| order::double_key(x, true)),
                );
                let numbers = values.iter().filter(|x| !x.is_nan());
                extremes(numbers.filter_map(|&x| order::double_key(x, total)))
            }
            (Values::Bytes { .. }, Order::Half { total }) => {
                let bits = values
                    .bytes()
                    .filter_map(|value| Some(u16::from_le_bytes(value.try_into().ok()?)));
                let is_nan = |bits: &u16| order::is_half_nan(*bits);
                summary.count_nans(
                    bits.clone()
                        .filter(is_nan)
                        .filter_map(|bits| order::half_key(bits, true)),
                );
                extremes(
                    bits.filter(|bits| !is_nan(bits))
                        .filter_map(|bits| order::half_key(bits, total)),
                )
            }
            (Values::Bytes { .. }, Order::Int96) => {
                let numbers = values.bytes().filter_map(|value| match order.key(value) {
                    Some(Key::Number(number)) => Some(number),
                    _ => None,
                });
                extremes(numbers)
            }
            (Values::Bytes { .. }, _) => {
                let mut all = values.bytes();
                if let Some(first) = all.next() {
                    let (min, max) = all.fold((first, first), |(min, max), value| {
                        if order.compare_bytes(value, min) == Ordering::Less {
                            (value, max)
                        } else if order.compare_bytes(value, max) == Ordering::Greater {
                            (min, value)
                        } else {
                            (min, max)
                        }
                    });
                    summary.min = Some(Key::Bytes(min.to_vec()));
                    summary.max = Some(Key::Bytes(max.to_vec()));
                }
                return summary;
            }
        };
        summary.with(bounds)
    }

    fn with(mut self, bounds: Option<(i128, i128)>) -> Self {
        if let Some((min, max)) = bounds {
            self.min = Some(Key::Number(min));
            self.max = Some(Key::Number(max));
        }
        self
    }

    fn count_nans<T: Ord + Copy + Into<i128>>(&mut self, nans: impl Iterator<Item = T>) {
        let mut count = 0;
        let bounds = extremes(nans.inspect(|_| count += 1));
        self.nans = count;
        self.nan_bounds = bounds.map(|(min, max)| (Key::Number(min), Key::Number(max)));
    }

    /// Adds what another page has.
    pub(crate) fn merge(&mut self, other: &Self, order: Order) {
        self.count = self.count.saturating_add(other.count);
        self.nans = self.nans.saturating_add(other.nans);
        self.bytes = self.bytes.saturating_add(other.bytes);
        lower(&mut self.min, other.min.as_ref(), order);
        higher(&mut self.max, other.max.as_ref(), order);
        if let Some((min, max)) = &other.nan_bounds {
            let (mut low, mut high) = self.nan_bounds.take().unzip();
            lower(&mut low, Some(min), order);
            higher(&mut high, Some(max), order);
            self.nan_bounds = low.zip(high);
        }
    }
}

fn lower(min: &mut Option<Key>, other: Option<&Key>, order: Order) {
    if let Some(other) = other
        && min
            .as_ref()
            .is_none_or(|min| order.compare(other, min) == Ordering::Less)
    {
        *min = Some(other.clone());
    }
}

fn higher(max: &mut Option<Key>, other: Option<&Key>, order: Order) {
    if let Some(other) = other
        && max
            .as_ref()
            .is_none_or(|max| order.compare(other, max) == Ordering::Greater)
    {
        *max = Some(other.clone());
    }
}

/// The smallest and the largest one.
fn extremes<T: Ord + Copy + Into<i128>>(
    mut values: impl Iterator<Item = T>,
) -> Option<(i128, i128)> {
    let first = values.next()?;
    let (min, max) = values.fold((first, first), |(min, max), value| {
        (min.min(value), max.max(value))
    });
    Some((min.into(), max.into()))
}

/// Counts distinct values by their hashes, up to a limit.
#[derive(Debug)]
pub(crate) struct Distinct {
    hashes: HashSet<u64>,
    most: usize,
}

impl Distinct {
    pub(crate) fn new(most: usize) -> Self {
        let hashes = HashSet::new();
        Self { hashes, most }
    }

    pub(crate) fn add(&mut self, values: &Values<'_>) {
        values.for_each_plain(|value| {
            if self.hashes.len() <= self.most {
                self.hashes.insert(XxHash64::oneshot(0, value));
            }
        });
    }

    /// How many there are, if not too many.
    pub(crate) fn count(&self) -> Option<u64> {
        (self.hashes.len() <= self.most).then_some(self.hashes.len() as u64)
    }
}
