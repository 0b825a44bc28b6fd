//! The forms of byte strings.

use super::Values;
use super::view::{INLINE, inline_bytes, long_bytes, view_len};

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
    let start = (*offsets.get(row)?).try_into().ok()?;
    let end = (*offsets.get(row.checked_add(1)?)?).try_into().ok()?;
    data.get(start..end)
}
