//! Values where they stand.

use super::Offset;

/// One value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    /// Starts with the value. What stands behind it is known memory, so short values can be
    /// read in steps of one size.
    pub(crate) tail: &'a [u8],
    /// The bytes of `tail` that are the value; no more than there are.
    pub(crate) len: usize,
}

impl<'a> View<'a> {
    #[inline(always)]
    pub(crate) fn bytes(self) -> &'a [u8] {
        self.tail.get(..self.len).unwrap_or_default()
    }
}

/// The values of offsets that were checked.
#[inline]
pub(crate) fn of_offsets<'a, T: Offset>(
    offsets: &'a [T],
    data: &'a [u8],
) -> impl Iterator<Item = View<'a>> + Clone {
    let next = offsets.get(1..).unwrap_or_default();
    offsets.iter().zip(next).map(|(from, to)| {
        let (from, to) = (from.to_usize(), to.to_usize());
        View {
            tail: data.get(from..).unwrap_or_default(),
            len: to.wrapping_sub(from),
        }
    })
}

/// Values that stand alone.
#[inline]
pub(crate) fn of_slices<'a>(
    values: impl Iterator<Item = &'a [u8]> + Clone,
) -> impl Iterator<Item = View<'a>> + Clone {
    values.map(|tail| View {
        tail,
        len: tail.len(),
    })
}
