//! Byte arrays to prefixes and suffixes.

#[cfg(any(test, not(feature = "alloc")))]
use crate::byte_arrays::put_lengths;
use crate::byte_arrays::{
    Offset, Prefixes, View, check, check_lengths, of_fixed, of_offsets, of_slices, put_all,
};
#[cfg(feature = "alloc")]
use crate::delta_binary_packed::encode_i32;
use crate::error::EncodeError;
use crate::output::Output;
use crate::plain::check_fixed;

const MOST: usize = i32::MAX as usize;

/// Appends values: value `i` is `data[offsets[i] .. offsets[i + 1]]`. Rows `start .. end` of a
/// column are `&offsets[start..=end]`.
///
/// # Errors
///
/// Offsets that fall or are outside `data`, or a value of 2 GiB and more, and nothing is
/// appended then; or the output is full.
pub fn encode<T: Offset>(
    offsets: &[T],
    data: &[u8],
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    check(offsets, data, MOST)?;
    let count = offsets.len().saturating_sub(1);
    put::<true>(count, of_offsets(offsets, data), out)
}

/// Appends fixed-length byte arrays of `width` bytes each, which stand in `data` back to back.
///
/// # Errors
///
/// `data` is no whole number of values, or a value has 2 GiB and more, and nothing is appended
/// then; or the output is full.
pub fn encode_fixed(data: &[u8], width: usize, out: &mut impl Output) -> Result<(), EncodeError> {
    check_fixed(data, width)?;
    if width > MOST && !data.is_empty() {
        return Err(EncodeError::TooLong {
            len: width,
            most: MOST,
        });
    }
    let count = data.len().checked_div(width).unwrap_or(0);
    put::<true>(count, of_fixed(data, width), out)
}

/// As [`encode`], for values that stand alone. The iterator is run through several times.
///
/// # Errors
///
/// A value of 2 GiB and more, and nothing is appended then; or the output is full.
///
/// ```
/// use pq_encoding::delta_byte_array as delta;
///
/// let (mut one, mut other) = (Vec::new(), Vec::new());
/// delta::encode_iter(["axis", "axle"].iter().map(|value| value.as_bytes()), &mut one)?;
/// delta::encode(&[0, 4, 8], b"axisaxle", &mut other)?;
/// assert_eq!(one, other);
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
pub fn encode_iter<'a>(
    values: impl Iterator<Item = &'a [u8]> + Clone,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let (count, _) = check_lengths(values.clone(), MOST)?;
    put::<false>(count, of_slices(values), out)
}

/// Appends the parts of `count` values. Keeps a length of each, so that prefixes are found once.
#[cfg(feature = "alloc")]
#[inline(always)]
fn put<'a, const IN_ROW: bool>(
    count: usize,
    values: impl Iterator<Item = View<'a>> + Clone,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let mut lengths = alloc::vec::Vec::with_capacity(count);
    lengths.extend(with_prefixes(values.clone()).map(|(_, prefix)| prefix as i32));
    encode_i32(&lengths, out)?;
    let mut total = 0_usize;
    for (len, value) in lengths.iter_mut().zip(values.clone()) {
        *len = (value.len as i32).wrapping_sub(*len);
        total = total.wrapping_add(*len as u32 as usize);
    }
    encode_i32(&lengths, out)?;
    let parts = lengths.iter().zip(values);
    let suffixes = parts.map(|(&len, value)| value.last(len as u32 as usize));
    put_all::<IN_ROW>(suffixes, count, total, out)
}

#[cfg(not(feature = "alloc"))]
use put_again as put;

/// Appends the parts of `count` values. Finds prefixes each time they are needed.
#[cfg(any(test, not(feature = "alloc")))]
pub(super) fn put_again<'a, const IN_ROW: bool>(
    count: usize,
    values: impl Iterator<Item = View<'a>> + Clone,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let prefixes = with_prefixes(values.clone()).map(|(_, prefix)| prefix);
    put_lengths(count, prefixes, out)?;
    let suffixes = with_prefixes(values).map(|(value, prefix)| value.last(value.len - prefix));
    put_lengths(count, suffixes.clone().map(|suffix| suffix.len), out)?;
    let total = suffixes.clone().map(|suffix| suffix.len).sum();
    put_all::<IN_ROW>(suffixes, count, total, out)
}

/// The values and how many bytes each has in common with the one before it.
#[inline(always)]
fn with_prefixes<'a>(
    values: impl Iterator<Item = View<'a>> + Clone,
) -> impl Iterator<Item = (View<'a>, usize)> + Clone {
    let mut prefixes = Prefixes::new();
    values.map(move |value| (value, prefixes.of(value)))
}
