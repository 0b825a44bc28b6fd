//! Many short values to one output.

use super::View;
use crate::error::{DecodeError, EncodeError};
use crate::output::Output;

/// Values up to this long are copied as if they were this long.
const SHORT: usize = 32;
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

    /// Appends a value behind its length.
    #[inline(always)]
    pub(crate) fn push_framed(&mut self, value: View<'_>) -> Result<(), EncodeError> {
        let len = (value.len as u32).to_le_bytes();
        if value.len <= SHORT
            && let Some(from) = value.tail.first_chunk::<SHORT>()
            && let Some(room) = self.bytes.get_mut(self.filled..)
            && let Some((frame, room)) = room.split_first_chunk_mut::<4>()
            && let Some(room) = room.first_chunk_mut::<SHORT>()
        {
            *frame = len;
            *room = *from;
            self.filled += 4 + value.len;
            return Ok(());
        }
        self.push_slice(&len)?;
        self.push_slice(value.bytes())
    }

    #[inline(never)]
    fn push_slice(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        if bytes.len() > SIZE - self.filled {
            self.flush()?;
        }
        match self.bytes.get_mut(self.filled..self.filled + bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.filled += bytes.len();
                Ok(())
            }
            // Longer than a block, which was emptied.
            None => self.out.put(bytes),
        }
    }

    fn flush(&mut self) -> Result<(), EncodeError> {
        let filled = core::mem::take(&mut self.filled);
        self.out.put(self.bytes.get(..filled).unwrap_or_default())
    }

    /// Appends what is left.
    pub(crate) fn finish(mut self) -> Result<(), EncodeError> {
        self.flush()
    }
}

/// Writes a value to `data` from `at` on; what is behind it there is left as anything.
///
/// # Errors
///
/// `data` ends before the value does.
#[inline(always)]
pub(crate) fn copy_to(value: View<'_>, data: &mut [u8], at: usize) -> Result<(), DecodeError> {
    if value.len <= SHORT
        && let Some(from) = value.tail.first_chunk::<SHORT>()
        && let Some(room) = data.get_mut(at..)
        && let Some(room) = room.first_chunk_mut::<SHORT>()
    {
        *room = *from;
        return Ok(());
    }
    copy_slice_to(value.bytes(), data, at)
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
