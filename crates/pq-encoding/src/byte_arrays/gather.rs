//! Many short values to one output.

use super::View;
use super::view::short_word;
use crate::error::{DecodeError, EncodeError};
use crate::output::Output;

/// Values up to this long are copied as if they were this long: no loop, no call.
const SHORT: usize = 32;
/// The same, for those that are longer than that.
const MEDIUM: usize = 64;
/// Values up to this long are gathered; longer ones go to the output straight.
const LONG: usize = 512;
/// Bytes that go to the output at once.
const SIZE: usize = 4096;

/// Collects bytes on the stack, which costs no call for a short value, and appends them by the
/// block. Nothing is complete before [`Gather::finish`].
pub(crate) struct Gather<'a, O> {
    out: &'a mut O,
    bytes: [u8; SIZE],
    /// The bytes to be appended; what is behind is the rest of short values.
    filled: usize,
}

impl<'a, O: Output> Gather<'a, O> {
    #[inline]
    pub(crate) fn new(out: &'a mut O) -> Self {
        Self {
            out,
            bytes: [0; SIZE],
            filled: 0,
        }
    }

    /// Appends a value.
    #[inline(always)]
    pub(crate) fn push(&mut self, value: View<'_>) -> Result<(), EncodeError> {
        if self.filled > SIZE - MEDIUM {
            self.flush()?;
        }
        if let Some(room) = self.bytes.get_mut(self.filled..)
            && let Some(room) = room.first_chunk_mut()
            && put_short(value, room)
        {
            self.filled += value.len;
            return Ok(());
        }
        self.push_slice(value.bytes())
    }

    /// Appends a value behind its length.
    #[inline(always)]
    pub(crate) fn push_framed(&mut self, value: View<'_>) -> Result<(), EncodeError> {
        if self.filled > SIZE - 4 - MEDIUM {
            self.flush()?;
        }
        if let Some(room) = self.bytes.get_mut(self.filled..)
            && let Some((frame, room)) = room.split_first_chunk_mut::<4>()
        {
            *frame = (value.len as u32).to_le_bytes();
            self.filled += 4;
            if let Some(room) = room.first_chunk_mut::<MEDIUM>()
                && put_short(value, room)
            {
                self.filled += value.len;
                return Ok(());
            }
        }
        self.push_slice(value.bytes())
    }

    #[inline(never)]
    fn push_slice(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        if bytes.len() > LONG || bytes.len() > SIZE - self.filled {
            self.flush()?;
        }
        if bytes.len() <= LONG
            && let Some(room) = self.bytes.get_mut(self.filled..self.filled + bytes.len())
        {
            room.copy_from_slice(bytes);
            self.filled += bytes.len();
            return Ok(());
        }
        self.out.put(bytes)
    }

    #[inline(never)]
    fn flush(&mut self) -> Result<(), EncodeError> {
        let filled = core::mem::take(&mut self.filled);
        self.out.put(self.bytes.get(..filled).unwrap_or_default())
    }

    /// Appends what is left.
    pub(crate) fn finish(mut self) -> Result<(), EncodeError> {
        self.flush()
    }
}

/// Writes a value to the front of `room`, and anything behind it there; or nothing, if it is no
/// short one.
#[inline(always)]
fn put_short(value: View<'_>, room: &mut [u8; MEDIUM]) -> bool {
    if value.len <= SHORT {
        let Some(to) = room.first_chunk_mut::<SHORT>() else {
            return false;
        };
        match value.tail.first_chunk::<SHORT>() {
            Some(from) => *to = *from,
            None => put_alone(value.bytes(), to),
        }
        return true;
    }
    if value.len > MEDIUM {
        return false;
    }
    match value.tail.first_chunk::<MEDIUM>() {
        Some(from) => *room = *from,
        None => put_overlapping::<SHORT>(value.bytes(), room),
    }
    true
}

/// A value of `HALF` to twice as many bytes: its first and its last `HALF`.
#[inline(always)]
fn put_overlapping<const HALF: usize>(value: &[u8], room: &mut [u8]) {
    if let (Some(from), Some(to)) = (value.first_chunk::<HALF>(), room.first_chunk_mut()) {
        *to = *from;
    }
    if let Some(from) = value.last_chunk::<HALF>()
        && let Some(room) = room.get_mut(value.len() - HALF..)
        && let Some(to) = room.first_chunk_mut()
    {
        *to = *from;
    }
}

/// As [`put_short`], where nothing is known to be behind the value.
#[inline(always)]
fn put_alone(value: &[u8], room: &mut [u8; SHORT]) {
    if value.len() >= 16 {
        put_overlapping::<16>(value, room);
    } else if let Some(to) = room.first_chunk_mut() {
        *to = short_word(value).to_le_bytes();
    }
}

/// Writes a value to `data` from `at` on; what is behind it there is left as anything.
///
/// # Errors
///
/// `data` ends before the value does.
#[inline(always)]
pub(crate) fn copy_to(value: View<'_>, data: &mut [u8], at: usize) -> Result<(), DecodeError> {
    if let Some(room) = data.get_mut(at..)
        && let Some(room) = room.first_chunk_mut::<MEDIUM>()
        && put_short(value, room)
    {
        return Ok(());
    }
    copy_slice_to(value.bytes(), data, at)
}

/// Writes the `len` bytes from `from` on again from `at` on, which is behind them; what is behind
/// it there is left as anything.
///
/// # Errors
///
/// `data` ends before the bytes do.
#[inline(always)]
pub(crate) fn copy_within(
    data: &mut [u8],
    from: usize,
    len: usize,
    at: usize,
) -> Result<(), DecodeError> {
    if len <= SHORT
        && let Some(bytes) = data.get(from..).and_then(<[u8]>::first_chunk::<SHORT>)
    {
        let bytes = *bytes;
        if let Some(room) = data.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *room = bytes;
            return Ok(());
        }
    }
    copy_slice_within(data, from, len, at)
}

#[inline(never)]
fn copy_slice_within(
    data: &mut [u8],
    from: usize,
    len: usize,
    at: usize,
) -> Result<(), DecodeError> {
    let available = data.len();
    let full = DecodeError::OutputFull {
        needed: at.saturating_add(len),
        available,
    };
    let (before, room) = data.split_at_mut_checked(at).ok_or(full)?;
    let room = room.get_mut(..len).ok_or(full)?;
    let bytes = before.get(from..).and_then(|bytes| bytes.get(..len));
    room.copy_from_slice(bytes.ok_or(full)?);
    Ok(())
}

#[inline(never)]
fn copy_slice_to(bytes: &[u8], data: &mut [u8], at: usize) -> Result<(), DecodeError> {
    let available = data.len();
    let end = at.saturating_add(bytes.len());
    match data.get_mut(at..end) {
        Some(room) => {
            room.copy_from_slice(bytes);
            Ok(())
        }
        None => Err(DecodeError::OutputFull {
            needed: end,
            available,
        }),
    }
}
