//! Views of Arrow's columnar format, each as a number of which the lowest byte is the first: the
//! length in four bytes, and behind it the bytes of a string of up to [`INLINE`]; of a longer one the
//! first four, the number of a buffer, and where in it the string starts.

/// The longest string that is in a view itself.
pub(crate) const INLINE: usize = 12;

/// Where the bytes of a short string start in its view.
pub(crate) const INLINE_AT: usize = 4;

/// The length of the string.
#[inline(always)]
pub(crate) fn view_len(view: u128) -> usize {
    view as u32 as usize
}

/// The bytes of a short string, and anything behind them.
#[inline(always)]
pub(crate) fn inline_bytes(view: u128) -> [u8; INLINE] {
    let [_, _, _, _, bytes @ ..] = view.to_le_bytes();
    bytes
}

/// The first bytes of a long string, or of a short one and anything behind it.
#[inline(always)]
pub(crate) fn first_bytes(view: u128) -> [u8; 4] {
    ((view >> 32) as u32).to_le_bytes()
}

/// The number of the buffer that a long string is in, and where it starts.
#[inline(always)]
pub(crate) fn view_place(view: u128) -> (usize, usize) {
    ((view >> 64) as u32 as usize, (view >> 96) as u32 as usize)
}

/// The bytes of a long string; `None` if it is not within its buffer.
#[inline]
pub(crate) fn long_bytes<'a>(view: u128, buffers: &[&'a [u8]]) -> Option<&'a [u8]> {
    let (buffer, start) = view_place(view);
    let end = start.checked_add(view_len(view))?;
    buffers.get(buffer)?.get(start..end)
}
