//! The smallest and the largest of byte strings: by a few bytes as one number, and by the rest only
//! where those are equal.

use super::order::Kind;
use crate::batch::{first_bytes, view_len};
use crate::leaf::{ByteSlice, LeafValues, View, ViewSlice};
use std::ops::Range;

/// The smallest and the largest of the byte strings of `range`; `None` if there are none.
pub(super) fn bounds<'v>(
    kind: Kind,
    values: &'v LeafValues<'_>,
    range: Range<usize>,
) -> Option<(&'v [u8], &'v [u8])> {
    match values {
        LeafValues::Bytes(values) => {
            values
                .slices(range)
                .filter_map(bounds_of_slice)
                .reduce(|(min, max), (low, high)| {
                    (
                        if is_less(low, min) { low } else { min },
                        if is_less(max, high) { high } else { max },
                    )
                })
        }
        LeafValues::Fixed { width, data } if kind != Kind::Half => {
            let slices = data.slices(range.start * width..range.end * width);
            let values = slices.flat_map(|slice| slice.chunks_exact((*width).max(1)));
            let flip = sign_bit(kind);
            match width {
                9..=16 => extremes(None, values.map(|value| (wide_prefix(value, flip), value))),
                _ => extremes(
                    (*width > 8).then_some(8),
                    values.map(|value| (prefix(value) ^ flip, value)),
                ),
            }
        }
        _ => None,
    }
}

fn bounds_of_slice(slice: ByteSlice<'_>) -> Option<(&[u8], &[u8])> {
    match slice {
        ByteSlice::Views(views) if views_differ(views) => {
            let first = view_prefix(views.views.first()?);
            let (mut min, mut max) = ((first, 0), (first, 0));
            for (index, view) in views.views.iter().enumerate() {
                let prefix = view_prefix(view);
                if prefix < min.0 || prefix == min.0 && is_less(views.get(index), views.get(min.1))
                {
                    min = (prefix, index);
                }
                if prefix > max.0 || prefix == max.0 && is_less(views.get(max.1), views.get(index))
                {
                    max = (prefix, index);
                }
            }
            Some((views.get(min.1), views.get(max.1)))
        }
        ByteSlice::Views(views) => bounds_of_iter((0..slice.len()).map(move |at| views.get(at))),
        ByteSlice::Offsets(strings) => {
            bounds_of_iter((0..slice.len()).map(move |at| strings.get(at)))
        }
    }
}

/// Whether some of the first views differ in the bytes that each has at hand.
fn views_differ(views: ViewSlice<'_>) -> bool {
    let mut few = views.views.iter().take(16).map(view_prefix);
    let first = few.next();
    few.any(|prefix| Some(prefix) != first)
}

/// The first four bytes as a big-endian number, with zeros for those that are not there.
#[inline(always)]
fn view_prefix(view: &View) -> u32 {
    let view = u128::from_le_bytes(*view);
    let mask = match view_len(view) {
        len @ 0..4 => !(u32::MAX >> (8 * len)),
        _ => u32::MAX,
    };
    u32::from_be_bytes(first_bytes(view)) & mask
}

#[inline(always)]
fn bounds_of_iter<'v>(
    values: impl Iterator<Item = &'v [u8]> + Clone,
) -> Option<(&'v [u8], &'v [u8])> {
    let shared = shared_bytes(values.clone());
    let rest = |value: &'v [u8]| value.get(shared..).unwrap_or_default();
    extremes(
        Some(shared + 8),
        values.map(|value| (prefix(rest(value)), value)),
    )
}

/// More bytes at the start are not compared with each other.
const MOST_SHARED: usize = 64;

/// How many bytes, by eights, all values start with: they decide nothing.
pub(super) fn shared_bytes<'v>(values: impl Iterator<Item = &'v [u8]> + Clone) -> usize {
    let word =
        |value: &'v [u8], at: usize| value.get(at..).and_then(|rest| rest.first_chunk::<8>());
    let Some(first) = values.clone().next() else {
        return 0;
    };
    let mut shared = 0;
    while shared < MOST_SHARED
        && let Some(bytes) = word(first, shared)
        && values
            .clone()
            .all(|value| word(value, shared) == Some(bytes))
    {
        shared += 8;
    }
    shared
}

/// What to flip of the first bytes so that negative numbers come first.
pub(super) fn sign_bit(kind: Kind) -> u64 {
    match kind {
        Kind::BigEndian => 1 << 63,
        _ => 0,
    }
}

/// The smallest and the largest of `values`, each behind a number that compares as its first
/// bytes, or those behind what all values start with, do. Where the numbers are equal, what is
/// behind `compared` bytes decides; `None` if nothing is.
#[inline]
fn extremes<'v, P: Copy + Ord>(
    compared: Option<usize>,
    mut values: impl Iterator<Item = (P, &'v [u8])>,
) -> Option<(&'v [u8], &'v [u8])> {
    let first = values.next()?;
    let (mut min, mut max) = (first, first);
    values.for_each(|(prefix, value)| {
        if prefix < min.0 || prefix == min.0 && is_less_behind(compared, value, min.1) {
            min = (prefix, value);
        }
        if prefix > max.0 || prefix == max.0 && is_less_behind(compared, max.1, value) {
            max = (prefix, value);
        }
    });
    Some((min.1, max.1))
}

/// Whether `a` is less than `b`, where the first `compared` bytes are equal if zeros are put
/// behind what is shorter. Nothing is less where nothing is left to compare.
#[inline]
pub(super) fn is_less_behind(compared: Option<usize>, a: &[u8], b: &[u8]) -> bool {
    let Some(compared) = compared else {
        return false;
    };
    match (a.get(compared..), b.get(compared..)) {
        (Some(a @ [_, ..]), Some(b @ [_, ..])) => is_less(a, b),
        _ => a.len() < b.len(),
    }
}

/// Whether `a` is less than `b`, word by word: quicker for short strings than the comparison of
/// slices, which is made for long ones. Rarely called, so kept out of loops.
#[inline(never)]
fn is_less(a: &[u8], b: &[u8]) -> bool {
    let word = |bytes: &[u8; 8]| u64::from_be_bytes(*bytes);
    let (a_words, b_words) = (a.as_chunks().0, b.as_chunks().0);
    for (a, b) in a_words.iter().zip(b_words) {
        if a != b {
            return word(a) < word(b);
        }
    }
    if a.len() == b.len()
        && let (Some(a), Some(b)) = (a.last_chunk(), b.last_chunk())
    {
        // These overlap what is equal.
        return word(a) < word(b);
    }
    let equal = a_words.len().min(b_words.len()) * 8;
    let rest = |bytes: &[u8]| (prefix(bytes.get(equal..).unwrap_or_default()), bytes.len());
    rest(a) < rest(b)
}

/// The first eight bytes as a big-endian number; zeros for those that a shorter value lacks.
#[inline]
pub(super) fn prefix(value: &[u8]) -> u64 {
    if let Some(bytes) = value.first_chunk() {
        return u64::from_be_bytes(*bytes);
    }
    // Two loads or three, which overlap, are quicker than a copy of any length.
    let shift = |end: usize| 64 - 8 * end;
    if let (Some(first), Some(last)) = (value.first_chunk(), value.last_chunk()) {
        let word = |bytes: &[u8; 4]| u64::from(u32::from_be_bytes(*bytes));
        return word(first) << 32 | word(last) << shift(value.len());
    }
    let byte = |at: usize| u64::from(value.get(at).copied().unwrap_or(0)) << shift(at + 1);
    byte(0) | byte(1) | byte(2)
}

/// A number that compares as values of one length of 9 to 16 bytes do: the first eight bytes, of
/// which `flip` flips bits, then the last eight. That they overlap changes no order.
#[inline]
pub(super) fn wide_prefix(value: &[u8], flip: u64) -> u128 {
    let last = value
        .last_chunk()
        .map_or(0, |bytes| u64::from_be_bytes(*bytes));
    u128::from(prefix(value) ^ flip) << 64 | u128::from(last)
}

#[cfg(test)]
mod tests {
    use super::{is_less, prefix};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_prefix_is_filled_up_with_zeros(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            let mut filled = bytes.clone();
            filled.extend([0; 8]);
            prop_assert_eq!(prefix(&bytes), u64::from_be_bytes(*filled.first_chunk().unwrap()));
        }

        #[test]
        fn words_compare_as_bytes_do(
            start in proptest::collection::vec(any::<u8>(), 0..20),
            a in proptest::collection::vec(0..2_u8, 0..10),
            b in proptest::collection::vec(0..2_u8, 0..10),
        ) {
            let (a, b) = ([start.clone(), a].concat(), [start, b].concat());
            prop_assert_eq!(is_less(&a, &b), a < b);
        }
    }
}
