//! Views of Arrow's columnar format.

use super::View;

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
    /// The value; `None` if it is not within its buffer.
    #[inline(always)]
    pub(crate) fn of<'a>(self, buffers: &[&'a [u8]]) -> Option<View<'a>> {
        let tail = buffers.get(self.buffer)?.get(self.start..)?;
        let len = self.len;
        (len <= tail.len()).then_some(View { tail, len })
    }
}
