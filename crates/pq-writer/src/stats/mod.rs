//! Bounds of a column chunk: the smallest and largest value in the order of its type.
//!
//! NaN never is a bound, a zero minimum is −0.0 and a zero maximum +0.0. Long text and bytes are
//! cut; a cut maximum is rounded up and both are marked as not exact. `Statistics` in
//! parquet.thrift has the rules.

mod truncate;

use crate::convert::Physical;
use crate::schema::{Leaf, Order};
use std::cmp::Ordering;

/// A smallest and a largest value, as the footer stores them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) min: Vec<u8>,
    pub(crate) max: Vec<u8>,
    pub(crate) min_is_exact: bool,
    pub(crate) max_is_exact: bool,
}

/// Rows `start .. end` of some values, none of them null.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) values: &'a Physical<'a>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// How many times longer than bounds may be a value that cannot be cut.
const LONGEST_WHOLE: usize = 4;

/// The bounds of all values in `runs`, or `None` if there are none or no order is defined.
pub(crate) fn bounds<'a>(
    leaf: &Leaf,
    runs: impl Iterator<Item = Run<'a>>,
    longest: usize,
) -> Option<Bounds> {
    // A part of a fixed-length value is no value of its type.
    let is_fixed = leaf.physical == pq_format::Type::FIXED_LEN_BYTE_ARRAY;
    if is_fixed && leaf.fixed_width() > LONGEST_WHOLE * longest {
        return None;
    }
    let longest = if is_fixed { usize::MAX } else { longest };
    let mut state = State::Empty;
    for run in runs {
        state.take(leaf.order, run);
    }
    state.finish(leaf.order, longest)
}

/// How many values in `runs` are NaN, or `None` for types that have none.
pub(crate) fn nan_count<'a>(leaf: &Leaf, runs: impl Iterator<Item = Run<'a>>) -> Option<i64> {
    let mut count = 0;
    for run in runs {
        count += (run.start..run.end)
            .filter(|&row| is_nan(leaf, run.values, row))
            .count();
    }
    has_nan(leaf).then(|| i64::try_from(count).unwrap_or(i64::MAX))
}

/// Whether the type of the column has NaN values.
pub(crate) fn has_nan(leaf: &Leaf) -> bool {
    leaf.order == Order::Half
        || matches!(
            leaf.physical,
            pq_format::Type::FLOAT | pq_format::Type::DOUBLE
        )
}

/// Whether row `row` is NaN.
pub(crate) fn is_nan(leaf: &Leaf, values: &Physical<'_>, row: usize) -> bool {
    match values {
        Physical::Float(values) => values.get(row).is_some_and(|value| value.is_nan()),
        Physical::Double(values) => values.get(row).is_some_and(|value| value.is_nan()),
        Physical::Fixed { .. } if leaf.order == Order::Half => {
            half_key(values.bytes(row)).is_none()
        }
        _ => false,
    }
}

#[derive(Debug)]
enum State<'a> {
    Empty,
    Boolean(bool, bool),
    Int32(i32, i32),
    UInt32(u32, u32),
    Int64(i64, i64),
    UInt64(u64, u64),
    Float(f32, f32),
    Double(f64, f64),
    Bytes(&'a [u8], &'a [u8]),
}

/// Merges the smallest and largest of `values` into the state.
macro_rules! merge {
    ($state:ident, $variant:ident, $values:expr, $less:expr) => {{
        let less = $less;
        let mut values = $values;
        let first = match *$state {
            State::$variant(min, max) => Some((min, max)),
            _ => values.next().map(|value| (value, value)),
        };
        if let Some(first) = first {
            let (min, max) = values.fold(first, |(min, max), value| {
                (
                    if less(&value, &min) { value } else { min },
                    if less(&max, &value) { value } else { max },
                )
            });
            *$state = State::$variant(min, max);
        }
    }};
}

impl<'a> State<'a> {
    fn take(&mut self, order: Order, run: Run<'a>) {
        let Run { values, start, end } = run;
        match (order, values) {
            (Order::Undefined, _) => {}
            (_, Physical::Boolean(bits)) => {
                merge!(
                    self,
                    Boolean,
                    bits.slice(start, end - start).iter(),
                    |a: &bool, b: &bool| !a & b
                );
            }
            (Order::Unsigned, Physical::Int32(values)) => {
                let values = values
                    .get(start..end)
                    .unwrap_or_default()
                    .iter()
                    .map(|value| value.cast_unsigned());
                merge!(self, UInt32, values, |a: &u32, b: &u32| a < b);
            }
            (_, Physical::Int32(values)) => {
                let values = values.get(start..end).unwrap_or_default().iter().copied();
                merge!(self, Int32, values, |a: &i32, b: &i32| a < b);
            }
            (Order::Unsigned, Physical::Int64(values)) => {
                let values = values
                    .get(start..end)
                    .unwrap_or_default()
                    .iter()
                    .map(|value| value.cast_unsigned());
                merge!(self, UInt64, values, |a: &u64, b: &u64| a < b);
            }
            (_, Physical::Int64(values)) => {
                let values = values.get(start..end).unwrap_or_default().iter().copied();
                merge!(self, Int64, values, |a: &i64, b: &i64| a < b);
            }
            (_, Physical::Float(values)) => {
                let values = values.get(start..end).unwrap_or_default().iter().copied();
                merge!(
                    self,
                    Float,
                    values.filter(|value| !value.is_nan()),
                    |a: &f32, b: &f32| a < b
                );
            }
            (_, Physical::Double(values)) => {
                let values = values.get(start..end).unwrap_or_default().iter().copied();
                merge!(
                    self,
                    Double,
                    values.filter(|value| !value.is_nan()),
                    |a: &f64, b: &f64| a < b
                );
            }
            (_, values) => {
                let values = (start..end)
                    .map(|row| values.bytes(row))
                    .filter(|value| order != Order::Half || half_key(value).is_some());
                let less = |a: &&[u8], b: &&[u8]| compare(order, a, b) == Ordering::Less;
                merge!(self, Bytes, values, less);
            }
        }
    }

    fn finish(self, order: Order, longest: usize) -> Option<Bounds> {
        let (min, max) = match self {
            Self::Empty => return None,
            Self::Boolean(min, max) => (vec![u8::from(min)], vec![u8::from(max)]),
            Self::Int32(min, max) => (min.to_le_bytes().into(), max.to_le_bytes().into()),
            Self::UInt32(min, max) => (min.to_le_bytes().into(), max.to_le_bytes().into()),
            Self::Int64(min, max) => (min.to_le_bytes().into(), max.to_le_bytes().into()),
            Self::UInt64(min, max) => (min.to_le_bytes().into(), max.to_le_bytes().into()),
            Self::Float(min, max) => {
                let min = if min == 0.0 { -0.0 } else { min };
                let max = if max == 0.0 { 0.0 } else { max };
                (min.to_le_bytes().into(), max.to_le_bytes().into())
            }
            Self::Double(min, max) => {
                let min = if min == 0.0 { -0.0 } else { min };
                let max = if max == 0.0 { 0.0 } else { max };
                (min.to_le_bytes().into(), max.to_le_bytes().into())
            }
            Self::Bytes(min, max) => match order {
                Order::Half => {
                    let zero = |value: &[u8]| {
                        value.iter().rev().skip(1).all(|&byte| byte == 0)
                            && value.last().is_some_and(|byte| byte & 0x7F == 0)
                    };
                    let min = if zero(min) {
                        vec![0, 0x80]
                    } else {
                        min.to_vec()
                    };
                    let max = if zero(max) { vec![0, 0] } else { max.to_vec() };
                    (min, max)
                }
                Order::Bytes | Order::Text => {
                    let text = order == Order::Text;
                    let low = truncate::lower(min, longest, text);
                    let high = match truncate::upper(max, longest, text) {
                        Some(high) => high,
                        // Without anything above it within the length.
                        None if max.len() / LONGEST_WHOLE <= longest => max.to_vec(),
                        None => return None,
                    };
                    return Some(Bounds {
                        min_is_exact: low.len() == min.len(),
                        max_is_exact: high == max,
                        min: low.to_vec(),
                        max: high,
                    });
                }
                _ => (min.to_vec(), max.to_vec()),
            },
        };
        Some(Bounds {
            min,
            max,
            min_is_exact: true,
            max_is_exact: true,
        })
    }
}

fn compare(order: Order, a: &[u8], b: &[u8]) -> Ordering {
    match order {
        Order::BigEndian => {
            // Negative numbers have the first bit set and come first.
            let sign = |value: &[u8]| value.first().is_some_and(|byte| byte & 0x80 == 0);
            sign(a).cmp(&sign(b)).then_with(|| a.cmp(b))
        }
        Order::Half => half_key(a).cmp(&half_key(b)),
        _ => a.cmp(b),
    }
}

/// An integer that compares as the half-precision float does; `None` for NaN.
fn half_key(value: &[u8]) -> Option<i32> {
    let bits = i32::from(u16::from_le_bytes([*value.first()?, *value.get(1)?]));
    let magnitude = bits & 0x7FFF;
    (magnitude <= 0x7C00).then_some(if bits & 0x8000 == 0 {
        magnitude
    } else {
        -magnitude
    })
}

#[cfg(test)]
mod tests;
