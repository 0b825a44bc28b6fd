//! Byte arrays to prefixes and suffixes.

use super::again::Again;
use crate::byte_arrays::{
    BLOCK, Filled, Gather, Offset, Prefixes, View, check, check_lengths, of_fixed, of_offsets,
    of_slices,
};
use crate::delta_binary_packed::{Decoder, Encoder};
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

#[inline(always)]
fn put<'a>(
    count: usize,
    values: impl Iterator<Item = View<'a>> + Clone,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let start = out.written().len();
    put_lengths::<false, _>(count, values.clone(), out)?;
    put_lengths::<true, _>(count, values.clone(), out)?;
    put_suffixes(values, start, out)
}

/// Appends the lengths of the suffixes or of the prefixes.
#[inline(always)]
fn put_lengths<'a, const SUFFIX: bool, O: Output>(
    count: usize,
    mut values: impl Iterator<Item = View<'a>>,
    out: &mut O,
) -> Result<(), EncodeError> {
    let mut encoder = Encoder::new(count, out);
    let Some(first) = values.next() else {
        return encoder.finish();
    };
    // It stands in the header; whole blocks of the others are not copied.
    encoder.push(&[if SUFFIX { first.len as i32 } else { 0 }])?;
    let mut prefixes = Prefixes::new(first);
    let mut block = [0; BLOCK];
    loop {
        let mut filled = 0;
        while filled < BLOCK {
            let Some(value) = values.next() else { break };
            let prefix = prefixes.of(value);
            block[filled] = if SUFFIX { value.len - prefix } else { prefix } as i32;
            filled += 1;
        }
        encoder.push(block.get(..filled).unwrap_or_default())?;
        if filled < BLOCK {
            return encoder.finish();
        }
    }
}

/// Appends the suffixes of values whose prefixes were appended at `start`.
#[inline(always)]
fn put_suffixes<'a>(
    mut values: impl Iterator<Item = View<'a>>,
    start: usize,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let header = out.written().get(start..).unwrap_or_default();
    let header_len = Decoder::<i32>::new(header).map_or(0, |decoder| decoder.position());
    let mut prefixes = Again::new(start.saturating_add(header_len));
    let mut block = [0; BLOCK];
    let mut gather = Gather::new(out);
    let Some(first) = values.next() else {
        return Ok(());
    };
    let mut filled = gather.push(Filled::default(), first)?;
    let mut used = BLOCK;
    for value in values {
        if used == BLOCK {
            let written = gather.written();
            let available = written.len();
            // It is there, unless the output does not keep what it takes.
            prefixes
                .block(written, &mut block)
                .ok_or(EncodeError::OutputFull {
                    needed: available.saturating_add(1),
                    available,
                })?;
            used = 0;
        }
        let prefix = block[used] as usize;
        used += 1;
        filled = gather.push(
            filled,
            View {
                tail: value.tail.get(prefix..).unwrap_or_default(),
                len: value.len.saturating_sub(prefix),
            },
        )?;
    }
    gather.finish(filled)
}
