//! Byte arrays to lengths and bytes.

use crate::byte_arrays::{
    Offset, check, check_lengths, of_slices, put_all, put_lengths, put_lengths_of,
};
use crate::error::EncodeError;
use crate::output::Output;

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
    let bytes = check(offsets, data, i32::MAX as usize)?;
    out.reserve(offsets.len().saturating_add(bytes.len()));
    put_lengths_of(offsets, out)?;
    out.put(bytes)
}

/// As [`encode`], for values that stand alone. The iterator is run through three times.
///
/// # Errors
///
/// A value of 2 GiB and more, and nothing is appended then; or the output is full.
///
/// ```
/// use pq_encoding::delta_length_byte_array as delta;
///
/// let (mut one, mut other) = (Vec::new(), Vec::new());
/// delta::encode_iter(["ab", "c"].iter().map(|value| value.as_bytes()), &mut one)?;
/// delta::encode(&[0, 2, 3], b"abc", &mut other)?;
/// assert_eq!(one, other);
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
pub fn encode_iter<'a>(
    values: impl Iterator<Item = &'a [u8]> + Clone,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let (count, len) = check_lengths(values.clone(), i32::MAX as usize)?;
    out.reserve(count.saturating_add(len));
    put_lengths(count, values.clone().map(<[u8]>::len), out)?;
    put_all::<false>(of_slices(values), count, len, out)
}
