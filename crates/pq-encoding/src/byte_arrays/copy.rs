//! Values to memory of the caller's.

use super::View;
use super::view::short_word;

/// Values up to this long are copied as if they were this long: no loop, no call.
pub(super) const SHORT: usize = 32;
/// The same, for those that are longer than that.
pub(super) const MEDIUM: usize = 64;

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

/// Writes a value to `data` from `at` on; what is behind it there is left as anything. `None` if
/// `data` ends before the value does.
#[inline(always)]
pub(crate) fn copy_to(value: View<'_>, data: &mut [u8], at: usize) -> Option<()> {
    if let Some(room) = data.get_mut(at..)
        && let Some(room) = room.first_chunk_mut::<MEDIUM>()
        && put_short(value, room)
    {
        return Some(());
    }
    if value.len == 0 {
        return Some(());
    }
    copy_slice_to(value.bytes(), data, at)
}

/// Writes the `len` bytes from `from` on again from `at` on, which is behind them; what is behind
/// it there is left as anything. `None` if `data` ends before the bytes do.
#[inline(always)]
pub(crate) fn copy_within(data: &mut [u8], from: usize, len: usize, at: usize) -> Option<()> {
    if len <= SHORT
        && let Some(bytes) = data.get(from..).and_then(<[u8]>::first_chunk::<SHORT>)
    {
        let bytes = *bytes;
        if let Some(room) = data.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *room = bytes;
            return Some(());
        }
    }
    if len == 0 {
        return Some(());
    }
    copy_slice_within(data, from, len, at)
}

#[inline(never)]
fn copy_slice_within(data: &mut [u8], from: usize, len: usize, at: usize) -> Option<()> {
    let (before, room) = data.split_at_mut_checked(at)?;
    let bytes = before.get(from..)?.get(..len)?;
    room.get_mut(..len)?.copy_from_slice(bytes);
    Some(())
}

#[inline(never)]
fn copy_slice_to(bytes: &[u8], data: &mut [u8], at: usize) -> Option<()> {
    let room = data.get_mut(at..)?.get_mut(..bytes.len())?;
    room.copy_from_slice(bytes);
    Some(())
}
