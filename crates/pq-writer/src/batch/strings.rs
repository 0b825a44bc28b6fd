//! The forms of byte strings.

use super::Values;
use super::view::{INLINE, inline_bytes, long_bytes, view_len, view_place};

/// Bytes that are copied at once.
pub(crate) const BLOCK: usize = 64;

/// Byte strings in any form.
pub(crate) enum Strings<'a, 'v> {
    Offsets32(&'a [i32], &'a [u8]),
    Offsets64(&'a [i64], &'a [u8]),
    Views(&'a [u128], &'v [&'a [u8]]),
    Fixed(usize, &'a [u8]),
}

impl<'a, 'v> Strings<'a, 'v> {
    pub(crate) fn of(values: &'v Values<'a>) -> Option<Self> {
        match values {
            Values::Bytes32 { offsets, data } => Some(Self::Offsets32(offsets, data)),
            Values::Bytes64 { offsets, data } => Some(Self::Offsets64(offsets, data)),
            Values::BytesView { views, buffers } => Some(Self::Views(views, buffers)),
            Values::FixedBytes { width, data } => Some(Self::Fixed(*width, data)),
            _ => None,
        }
    }

    /// A value that is no longer than a block and lies elsewhere, with what is behind it, and its
    /// length: a block is copied quicker than some bytes. `None` where there is no such value, or
    /// less behind it.
    #[inline]
    pub(crate) fn block(&self, position: usize) -> Option<(&'a [u8; BLOCK], usize)> {
        let (data, start, len) = match self {
            Self::Offsets32(offsets, data) => {
                let (start, end) = ends(offsets, position)?;
                (*data, start, end.checked_sub(start)?)
            }
            Self::Offsets64(offsets, data) => {
                let (start, end) = ends(offsets, position)?;
                (*data, start, end.checked_sub(start)?)
            }
            Self::Views(views, buffers) => {
                let view = *views.get(position)?;
                if view_len(view) <= INLINE {
                    return None;
                }
                let (buffer, start) = view_place(view);
                (*buffers.get(buffer)?, start, view_len(view))
            }
            Self::Fixed(..) => return None,
        };
        let block = data.get(start..)?.first_chunk()?;
        (len <= BLOCK).then_some((block, len))
    }

    /// Value `position`; `None` if there is none or it lies beyond the data.
    #[inline]
    pub(crate) fn get(&self, position: usize) -> Option<ByteString<'a>> {
        match self {
            Self::Offsets32(offsets, data) => byte_string(offsets, data, position),
            Self::Offsets64(offsets, data) => byte_string(offsets, data, position),
            Self::Fixed(width, data) => {
                let start = position.checked_mul(*width)?;
                data.get(start..start.checked_add(*width)?)
            }
            Self::Views(views, buffers) => return view(*views.get(position)?, buffers),
        }
        .map(ByteString::Lent)
    }
}

/// A byte string of a column: lent, or copied out of a view that holds it.
#[derive(Debug, Clone, Copy)]
pub enum ByteString<'a> {
    /// The bytes.
    Lent(&'a [u8]),
    /// So many of these bytes.
    Short(u8, [u8; 12]),
}

impl ByteString<'_> {
    /// The bytes.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Lent(bytes) => bytes,
            Self::Short(len, bytes) => bytes.get(..usize::from(*len)).unwrap_or_default(),
        }
    }
}

#[inline]
fn view<'a>(view: u128, buffers: &[&'a [u8]]) -> Option<ByteString<'a>> {
    match view_len(view) {
        len @ ..=INLINE => Some(ByteString::Short(len as u8, inline_bytes(view))),
        _ => long_bytes(view, buffers).map(ByteString::Lent),
    }
}

/// Row `row` of byte strings, or `None` if there is no such row or the offsets are wrong.
#[inline]
fn byte_string<'a, O>(offsets: &[O], data: &'a [u8], row: usize) -> Option<&'a [u8]>
where
    O: Copy + TryInto<usize>,
{
    let (start, end) = ends(offsets, row)?;
    data.get(start..end)
}

/// Where value `row` starts and ends.
#[inline]
fn ends<O: Copy + TryInto<usize>>(offsets: &[O], row: usize) -> Option<(usize, usize)> {
    let start = (*offsets.get(row)?).try_into().ok()?;
    let end = (*offsets.get(row.checked_add(1)?)?).try_into().ok()?;
    Some((start, end))
}
