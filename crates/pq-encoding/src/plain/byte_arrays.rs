//! Byte arrays: each behind its length.

use crate::byte_arrays::{
    Offset, View, check, check_lengths, copy_to, long_view, of_offsets, of_slices, put, put_framed,
    view_len,
};
use crate::error::{DecodeError, EncodeError};
use crate::output::Output;

const MOST: usize = u32::MAX as usize;

/// The bytes that `count` byte arrays of `data_len` bytes together take: exactly so many.
#[inline]
pub const fn max_byte_arrays_len(count: usize, data_len: usize) -> usize {
    count.saturating_mul(4).saturating_add(data_len)
}

/// Appends one BYTE_ARRAY.
///
/// # Errors
///
/// 4 GiB and more, or the output is full.
#[inline]
pub fn encode_byte_array(value: &[u8], out: &mut impl Output) -> Result<(), EncodeError> {
    let len = u32::try_from(value.len()).map_err(|_| EncodeError::TooLong {
        len: value.len(),
        most: MOST,
    })?;
    out.put(&len.to_le_bytes())?;
    out.put(value)
}

/// Appends many BYTE_ARRAY values: value `i` is `data[offsets[i] .. offsets[i + 1]]`. Rows
/// `start .. end` are `&offsets[start..=end]`.
///
/// # Errors
///
/// Offsets that fall or are outside `data`, or a value of 4 GiB and more, and nothing is
/// appended then; or the output is full.
pub fn encode_byte_arrays<T: Offset>(
    offsets: &[T],
    data: &[u8],
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let bytes = check(offsets, data, MOST)?;
    let count = offsets.len().saturating_sub(1);
    put_framed::<true>(of_offsets(offsets, data), count, bytes.len(), out)
}

/// As [`encode_byte_arrays`], for values that stand alone. The iterator is run through twice.
///
/// # Errors
///
/// A value of 4 GiB and more, and nothing is appended then; or the output is full.
///
/// ```
/// use pq_encoding::plain;
///
/// let mut page = Vec::new();
/// plain::encode_byte_array_iter(["a", "bc"].iter().map(|value| value.as_bytes()), &mut page)?;
/// assert_eq!(page, b"\x01\0\0\0a\x02\0\0\0bc");
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
pub fn encode_byte_array_iter<'a>(
    values: impl Iterator<Item = &'a [u8]> + Clone,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let (count, len) = check_lengths(values.clone(), MOST)?;
    put_framed::<false>(of_slices(values), count, len, out)
}

/// As [`encode_byte_arrays`], for values that are views of Arrow's columnar format, all of it
/// little-endian: the length in four bytes; then up to 12 bytes themselves, or of more the first
/// four, the number of one of the `buffers` and where in it they start. What is behind short ones
/// does not matter.
///
/// # Errors
///
/// A view that is not within its buffer, and nothing is appended then; or the output is full.
///
/// ```
/// use pq_encoding::plain;
///
/// let mut page = Vec::new();
/// let views = [*b"\x02\0\0\0ab\0\0\0\0\0\0\0\0\0\0", *b"\x0d\0\0\0long\0\0\0\0\x01\0\0\0"];
/// plain::encode_byte_views(&views, &[b"-long enough..."], &mut page)?;
/// assert_eq!(page, b"\x02\0\0\0ab\x0d\0\0\0long enough..");
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
pub fn encode_byte_views(
    views: &[[u8; 16]],
    buffers: &[&[u8]],
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let start = out.written().len();
    out.reserve(max_byte_arrays_len(views.len(), 0));
    for (index, view) in views.iter().enumerate() {
        match long_view(view) {
            // A short view is what PLAIN has, and what is behind that.
            None => out.put_first(view, 4 + view_len(view))?,
            Some(long) => match long.of(buffers) {
                Some(value) => {
                    out.put_first(view, 4)?;
                    put(value, out)?;
                }
                None => {
                    out.truncate(start);
                    return Err(EncodeError::Offset { index });
                }
            },
        }
    }
    Ok(())
}

/// The BYTE_ARRAY values of `input`, to its end.
#[inline]
pub fn byte_arrays(input: &[u8]) -> ByteArrays<'_> {
    ByteArrays {
        len: input.len(),
        rest: input,
    }
}

/// BYTE_ARRAY values where they stand, one after the other, to the end of the input. The first
/// error is the last item. From [`byte_arrays`].
#[derive(Debug, Clone)]
pub struct ByteArrays<'a> {
    /// The bytes of the input.
    len: usize,
    /// What is not used of it.
    rest: &'a [u8],
}

impl<'a> ByteArrays<'a> {
    /// The bytes used so far: where the next value's length stands.
    #[inline]
    pub fn position(&self) -> usize {
        self.len - self.rest.len()
    }
}

impl<'a> Iterator for ByteArrays<'a> {
    type Item = Result<&'a [u8], DecodeError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if let Some((len, rest)) = self.rest.split_first_chunk::<4>()
            && let Some((value, rest)) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)
        {
            self.rest = rest;
            return Some(Ok(value));
        }
        if self.rest.is_empty() {
            return None;
        }
        self.rest = &[];
        Some(Err(DecodeError::UnexpectedEnd { offset: self.len }))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let rest = self.rest.len();
        (usize::from(rest > 0), Some(rest.div_ceil(4)))
    }
}

impl core::iter::FusedIterator for ByteArrays<'_> {}

/// Decodes the `offsets.len() - 1` BYTE_ARRAY values that `input` starts with: their bytes to
/// the front of `data`, back to back, and the offset of each there, the first one 0. Returns the
/// bytes used. What is behind the last value in `data` is left as anything.
///
/// `data` needs as many bytes as the values have; four bytes a value less than `input` has are
/// always enough.
///
/// # Errors
///
/// Too short an input, too little room in `data`, or an offset that does not fit its type.
///
/// ```
/// let (mut offsets, mut data) = ([0; 3], [0; 8]);
/// let page = b"\x01\0\0\0a\x02\0\0\0bc";
/// assert_eq!(pq_encoding::plain::decode_byte_arrays(page, &mut offsets, &mut data)?, 11);
/// assert_eq!(offsets, [0, 1, 3]);
/// assert_eq!(&data[..3], b"abc");
/// # Ok::<(), pq_encoding::DecodeError>(())
/// ```
pub fn decode_byte_arrays<T: Offset>(
    input: &[u8],
    offsets: &mut [T],
    data: &mut [u8],
) -> Result<usize, DecodeError> {
    let Some((first, offsets)) = offsets.split_first_mut() else {
        return Ok(0);
    };
    *first = T::default();
    let available = data.len();
    let mut filled = 0_usize;
    let mut rest = input;
    for offset in offsets {
        let Some((len, tail)) = rest.split_first_chunk::<4>() else {
            return Err(DecodeError::UnexpectedEnd {
                offset: input.len(),
            });
        };
        let len = u32::from_le_bytes(*len) as usize;
        let Some(others) = tail.get(len..) else {
            return Err(DecodeError::UnexpectedEnd {
                offset: input.len(),
            });
        };
        copy_to(View { tail, len }, data, filled).ok_or_else(|| DecodeError::OutputFull {
            needed: filled.saturating_add(len),
            available,
        })?;
        filled += len;
        *offset = T::from_usize(filled).ok_or_else(|| DecodeError::Overflow {
            offset: input.len() - rest.len(),
        })?;
        rest = others;
    }
    Ok(input.len() - rest.len())
}
