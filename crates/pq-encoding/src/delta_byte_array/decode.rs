//! Prefixes and suffixes to byte arrays.

use super::parts::parts;
use crate::byte_arrays::{Offset, View, copy_to, copy_within};
use crate::error::DecodeError;

/// How many bytes the `count` values that `input` starts with have together.
///
/// # Errors
///
/// The input does not state so many values, has lengths that are not valid, or ends too early; or
/// they have more bytes than can be addressed.
pub fn decoded_len(input: &[u8], count: usize) -> Result<usize, DecodeError> {
    let mut parts = parts(input, count)?;
    let mut total = 0_usize;
    while let Some(block) = parts.next_block()? {
        let lengths = block.prefixes.iter().chain(block.suffixes);
        let len: u64 = lengths.map(|&len| u64::from(len as u32)).sum();
        total = usize::try_from(len)
            .ok()
            .and_then(|len| total.checked_add(len))
            .ok_or(DecodeError::Overflow { offset: 0 })?;
    }
    Ok(total)
}

/// Decodes the `offsets.len() - 1` values that `input` starts with: their bytes to the front of
/// `data`, back to back, and the offset of each there, the first one 0. Returns the bytes used.
/// What is behind the last value in `data` is left as anything.
///
/// `data` needs [`decoded_len`] bytes. A few bytes of input can stand for very many.
///
/// # Errors
///
/// The input does not state so many values, has lengths that are not valid, or ends too early;
/// too little room in `data`, or an offset that does not fit its type.
pub fn decode<T: Offset>(
    input: &[u8],
    offsets: &mut [T],
    data: &mut [u8],
) -> Result<usize, DecodeError> {
    let Some((first, offsets)) = offsets.split_first_mut() else {
        return Ok(0);
    };
    *first = T::default();
    let mut offsets_left = offsets.iter_mut();
    decode_all(input, offsets_left.len(), data, |end| {
        if let Some(offset) = offsets_left.next() {
            *offset = T::from_usize(end).ok_or(DecodeError::Overflow { offset: 0 })?;
        }
        Ok(())
    })
}

/// Decodes the `count` fixed-length byte arrays of `width` bytes each that `input` starts with,
/// back to back to the front of `data`. Returns the bytes used. What is behind the last value in
/// `data` is left as anything.
///
/// # Errors
///
/// The input does not state so many values, has lengths that are not valid or values of another
/// length, or ends too early; or too little room in `data`.
pub fn decode_fixed(
    input: &[u8],
    width: usize,
    count: usize,
    data: &mut [u8],
) -> Result<usize, DecodeError> {
    let mut before = 0;
    let mut index = 0;
    decode_all(input, count, data, |end| {
        if end - before != width {
            return Err(DecodeError::Length { offset: 0, index });
        }
        before = end;
        index += 1;
        Ok(())
    })
}

/// Calls `place` with the end of each value.
#[inline(always)]
fn decode_all(
    input: &[u8],
    count: usize,
    data: &mut [u8],
    mut place: impl FnMut(usize) -> Result<(), DecodeError>,
) -> Result<usize, DecodeError> {
    let mut parts = parts(input, count)?;
    let available = data.len();
    let (mut before, mut start) = (0, 0);
    while let Some(block) = parts.next_block()? {
        let mut position = block.position;
        for (&prefix, &len) in block.prefixes.iter().zip(block.suffixes) {
            let (prefix, len) = (prefix as usize, len as usize);
            let tail = input.get(position..).unwrap_or_default();
            copy_within(data, before, prefix, start)
                .and_then(|()| copy_to(View { tail, len }, data, start + prefix))
                .ok_or_else(|| DecodeError::OutputFull {
                    needed: start.saturating_add(prefix).saturating_add(len),
                    available,
                })?;
            let end = start + prefix + len;
            place(end)?;
            (before, start) = (start, end);
            position += len;
        }
    }
    Ok(parts.position())
}
