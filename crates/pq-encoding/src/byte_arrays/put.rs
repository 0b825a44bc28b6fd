//! Values to an output.

use super::copy::{MEDIUM, SHORT};
use super::{View, copy_to};
use crate::error::EncodeError;
use crate::output::Output;

/// The bytes of a length.
const FRAME: usize = 4;

/// Appends `count` values of `len` bytes together. `IN_ROW` says whether there is more memory behind
/// most of them, as there is if they stand in a row.
#[inline(always)]
pub(crate) fn put_all<'a, const IN_ROW: bool>(
    values: impl Iterator<Item = View<'a>>,
    count: usize,
    len: usize,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    if IN_ROW || is_long(count, len) {
        out.reserve(len);
        for value in values {
            put(value, out)?;
        }
        return Ok(());
    }
    let room = out.grow(len)?;
    let mut at = 0_usize;
    for value in values {
        copy_to(value, room, at).ok_or_else(|| EncodeError::OutputFull {
            needed: at.saturating_add(value.len),
            available: len,
        })?;
        at += value.len;
    }
    Ok(())
}

/// As [`put_all`], each value behind its length.
#[inline(always)]
pub(crate) fn put_framed<'a, const IN_ROW: bool>(
    values: impl Iterator<Item = View<'a>>,
    count: usize,
    len: usize,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let frames = count.saturating_mul(FRAME);
    if IN_ROW || is_long(count, len) {
        out.reserve(len.saturating_add(frames));
        for value in values {
            out.put(&(value.len as u32).to_le_bytes())?;
            put(value, out)?;
        }
        return Ok(());
    }
    let available = len.saturating_add(frames);
    let room = out.grow(available)?;
    let mut at = 0_usize;
    for value in values {
        let full = EncodeError::OutputFull {
            needed: at.saturating_add(FRAME + value.len),
            available,
        };
        let frame = room.get_mut(at..).and_then(<[u8]>::first_chunk_mut);
        *frame.ok_or(full)? = (value.len as u32).to_le_bytes();
        copy_to(value, room, at + FRAME).ok_or(full)?;
        at += FRAME + value.len;
    }
    Ok(())
}

/// Whether to copy each value by itself: not what is short, where nothing is behind it.
fn is_long(count: usize, len: usize) -> bool {
    len > count.saturating_mul(MEDIUM)
}

/// Appends a value behind which more memory is known to be.
#[inline(always)]
pub(crate) fn put(value: View<'_>, out: &mut impl Output) -> Result<(), EncodeError> {
    if value.len <= SHORT
        && let Some(bytes) = value.tail.first_chunk::<SHORT>()
    {
        return out.put_first(bytes, value.len);
    }
    if value.len <= MEDIUM
        && let Some(bytes) = value.tail.first_chunk::<MEDIUM>()
    {
        return out.put_first(bytes, value.len);
    }
    if value.len == 0 {
        return Ok(());
    }
    out.put(value.bytes())
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::{put_all, put_framed};
    use crate::byte_arrays::samples::sample;
    use crate::byte_arrays::{of_offsets, of_slices};
    use crate::error::EncodeError;
    use crate::output::SliceOutput;
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    proptest! {
        #[test]
        fn one_behind_the_other(sample in sample(), count in prop_oneof![Just(1), 0_usize..400]) {
            let values = sample.values();
            let bytes = sample.bytes();
            let framed: Vec<u8> = values
                .iter()
                .flat_map(|value| [&(value.len() as u32).to_le_bytes(), *value].concat())
                .collect();
            let in_row = of_offsets(&sample.offsets, &sample.data);
            let alone = of_slices(values.iter().copied());
            // Of one value the bytes are many, of 400 they are few.
            let mut out = Vec::new();
            put_all::<true>(in_row.clone(), count, bytes.len(), &mut out).unwrap();
            prop_assert_eq!(&out, bytes);
            out.clear();
            put_all::<false>(alone.clone(), count, bytes.len(), &mut out).unwrap();
            prop_assert_eq!(&out, bytes);
            out.clear();
            put_framed::<true>(in_row, values.len(), bytes.len(), &mut out).unwrap();
            prop_assert_eq!(&out, &framed);
            out.clear();
            put_framed::<false>(alone.clone(), values.len(), bytes.len(), &mut out).unwrap();
            prop_assert_eq!(&out, &framed);

            let mut room = vec![0; bytes.len()];
            let mut out = SliceOutput::new(&mut room);
            put_all::<false>(alone.clone(), count, bytes.len(), &mut out).unwrap();
            if let Some(less) = bytes.len().checked_sub(1) {
                let mut out = SliceOutput::new(&mut room[..less]);
                let full = put_all::<false>(alone.clone(), count, bytes.len(), &mut out);
                let is_full = matches!(full, Err(EncodeError::OutputFull { .. }));
                prop_assert!(is_full);
                // An iterator whose values are others each time.
                let full = put_all::<false>(alone, 400, less, &mut Vec::new());
                prop_assert!(full.is_err() || less > 400 * 64);
            }
            prop_assert_eq!(&room, bytes);
        }
    }
}
