//! Values to an output.

use super::{View, copy_to};
use crate::error::EncodeError;
use crate::output::Output;

/// Values up to this long are copied as if they were this long: no loop, no call.
const SHORT: usize = 32;
/// The same, for those that are longer than that.
const MEDIUM: usize = 64;

/// Appends values of `len` bytes together. `IN_ROW` says whether there is more memory behind most of
/// them, as there is if they stand in a row.
#[inline(always)]
pub(crate) fn put_all<'a, const IN_ROW: bool>(
    values: impl Iterator<Item = View<'a>>,
    len: usize,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    if IN_ROW {
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
    len: usize,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    if IN_ROW {
        out.reserve(len);
        for value in values {
            out.put(&(value.len as u32).to_le_bytes())?;
            put(value, out)?;
        }
        return Ok(());
    }
    let room = out.grow(len)?;
    let mut at = 0_usize;
    for value in values {
        let full = EncodeError::OutputFull {
            needed: at.saturating_add(value.len + 4),
            available: len,
        };
        let frame = room.get_mut(at..).and_then(<[u8]>::first_chunk_mut);
        *frame.ok_or(full)? = (value.len as u32).to_le_bytes();
        copy_to(value, room, at + 4).ok_or(full)?;
        at += 4 + value.len;
    }
    Ok(())
}

/// Appends a value behind which more memory is known to be.
#[inline(always)]
fn put(value: View<'_>, out: &mut impl Output) -> Result<(), EncodeError> {
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
