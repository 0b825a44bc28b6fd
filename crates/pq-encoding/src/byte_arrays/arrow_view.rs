//! Views of Arrow's columnar format.

use super::View;
use crate::error::EncodeError;

/// The longest value that is in its view.
const INLINE: usize = 12;

#[inline(always)]
pub(crate) fn view_len(view: &[u8; 16]) -> usize {
    u128::from_le_bytes(*view) as u32 as usize
}

/// Where the bytes of a long value are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LongView {
    buffer: usize,
    start: usize,
    len: usize,
}

/// Where the bytes of a value are if they are not in its view.
#[inline(always)]
pub(crate) fn long_view(view: &[u8; 16]) -> Option<LongView> {
    let word = u128::from_le_bytes(*view);
    let len = word as u32 as usize;
    (len > INLINE).then_some(LongView {
        buffer: (word >> 64) as u32 as usize,
        start: (word >> 96) as usize,
        len,
    })
}

impl LongView {
    /// The value, which was checked to be there.
    #[inline(always)]
    pub(crate) fn of<'a>(self, buffers: &[&'a [u8]]) -> View<'a> {
        let buffer = buffers.get(self.buffer).copied().unwrap_or_default();
        View {
            tail: buffer.get(self.start..).unwrap_or_default(),
            len: self.len,
        }
    }
}

/// Errors if a view is not within its buffer. Returns the bytes of all.
pub(crate) fn check_views(views: &[[u8; 16]], buffers: &[&[u8]]) -> Result<usize, EncodeError> {
    let mut total = 0_usize;
    for (index, view) in views.iter().enumerate() {
        total = total.saturating_add(view_len(view));
        let Some(long) = long_view(view) else {
            continue;
        };
        let room = buffers.get(long.buffer).map_or(0, |buffer| buffer.len());
        if room
            .checked_sub(long.start)
            .is_none_or(|room| long.len > room)
        {
            return Err(EncodeError::Offset { index });
        }
    }
    Ok(total)
}
