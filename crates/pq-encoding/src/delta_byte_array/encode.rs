//! Byte arrays to prefixes and suffixes.

use crate::byte_arrays::{
    Gather, Offset, View, check, check_lengths, of_fixed, of_offsets, of_slices, put_lengths,
    with_prefixes,
};
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
    put(count, of_offsets(offsets, data), out)
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
    put(count, of_fixed(data, width), out)
}

/// As [`encode`], for values that stand alone. The iterator is run through four times.
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
    put(count, of_slices(values), out)
}

/// To compare values three times costs less than to keep what came of it.
#[inline(always)]
fn put<'a>(
    count: usize,
    values: impl Iterator<Item = View<'a>> + Clone,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let prefixes = with_prefixes(values.clone()).map(|(prefix, _)| prefix);
    put_lengths(count, prefixes, out)?;
    let suffixes = with_prefixes(values.clone()).map(|(prefix, value)| value.len - prefix);
    put_lengths(count, suffixes, out)?;
    let mut gather = Gather::new(out);
    for (prefix, value) in with_prefixes(values) {
        gather.push(View {
            tail: value.tail.get(prefix..).unwrap_or_default(),
            len: value.len - prefix,
        })?;
    }
    gather.finish()
}
