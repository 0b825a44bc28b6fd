//! The forms of byte strings.

use super::Values;

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

    /// Value `position`, `None` if there is none or it lies beyond the data. A short view is
    /// written to `inline` and lent from there.
    #[inline]
    pub(crate) fn get<'s>(&self, position: usize, inline: &'s mut [u8; 12]) -> Option<&'s [u8]>
    where
        'a: 's,
    {
        match self {
            Self::Offsets32(offsets, data) => byte_string(offsets, data, position),
            Self::Offsets64(offsets, data) => byte_string(offsets, data, position),
            Self::Fixed(width, data) => {
                let start = position.checked_mul(*width)?;
                data.get(start..start.checked_add(*width)?)
            }
            Self::Views(views, buffers) => {
                let view = *views.get(position)?;
                let len = view as u32 as usize;
                if len <= inline.len() {
                    let [_, _, _, _, rest @ ..] = view.to_le_bytes();
                    *inline = rest;
                    return inline.get(..len);
                }
                let buffer = buffers.get((view >> 64) as u32 as usize)?;
                let start = (view >> 96) as u32 as usize;
                buffer.get(start..start.checked_add(len)?)
            }
        }
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
