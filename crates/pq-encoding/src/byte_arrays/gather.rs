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
/// block.
pub(crate) struct Gather<'a, O> {
    out: &'a mut O,
    /// What is to be appended, and behind it the rest of short values.
    bytes: [u8; SIZE],
}

/// How many bytes of a [`Gather`] are to be appended. A value of its own that goes from call to
/// call, and so stays in a register.
#[derive(Debug, Clone, Copy, Default)]
#[must_use]
pub(crate) struct Filled(usize);

impl<'a, O: Output> Gather<'a, O> {
    #[inline]
    pub(crate) fn new(out: &'a mut O) -> Self {
        Self {
            out,
            bytes: [0; SIZE],
        }
    }

    /// Appends a value.
    #[inline(always)]
    pub(crate) fn push(&mut self, filled: Filled, value: View<'_>) -> Result<Filled, EncodeError> {
        if let Some(room) = self.bytes.get_mut(filled.0..)
            && let Some(room) = room.first_chunk_mut()
            && put_short(value, room)
        {
            return Ok(Filled(filled.0 + value.len));
        }
        self.push_slice(filled, value.bytes())
    }

    /// Appends a value behind its length.
    #[inline(always)]
    pub(crate) fn push_framed(
        &mut self,
        filled: Filled,
        value: View<'_>,
    ) -> Result<Filled, EncodeError> {
        let frame = (value.len as u32).to_le_bytes();
        if let Some(room) = self.bytes.get_mut(filled.0..)
            && let Some((to, room)) = room.split_first_chunk_mut()
            && let Some(room) = room.first_chunk_mut()
            && put_short(value, room)
        {
            *to = frame;
            return Ok(Filled(filled.0 + frame.len() + value.len));
        }
        let filled = self.push_slice(filled, &frame)?;
        self.push_slice(filled, value.bytes())
    }

    #[inline(never)]
    fn push_slice(&mut self, filled: Filled, bytes: &[u8]) -> Result<Filled, EncodeError> {
        let mut start = filled.0;
        // Where no room was left for a short value there is room again.
        if bytes.len() > LONG || bytes.len() > SIZE.saturating_sub(start + MEDIUM) {
            self.flush(filled)?;
            start = 0;
        }
        if bytes.len() > LONG {
            self.out.put(bytes)?;
            return Ok(Filled(0));
        }
        if let Some(room) = self.bytes.get_mut(start..start + bytes.len()) {
            room.copy_from_slice(bytes);
        }
        Ok(Filled(start + bytes.len()))
    }

    fn flush(&mut self, filled: Filled) -> Result<(), EncodeError> {
        self.out.put(self.bytes.get(..filled.0).unwrap_or_default())
    }

    /// What the output has so far.
    pub(crate) fn written(&mut self) -> &[u8] {
        self.out.written()
    }

    /// Appends what is left.
    pub(crate) fn finish(mut self, filled: Filled) -> Result<(), EncodeError> {
        self.flush(filled)
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
