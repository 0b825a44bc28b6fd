//! Many byte strings in a few parts, as they lie in memory.

use super::pieces::{Part, Parts};
use crate::batch::{INLINE, INLINE_AT, long_bytes, view_len};
use std::borrow::Cow;
use std::ops::Range;

/// A view of Arrow's columnar format in little-endian bytes, so that short strings can be lent.
pub(crate) type View = [u8; 16];

/// Byte strings of one form.
#[derive(Debug, Clone)]
pub(crate) enum BytePart<'a> {
    /// They lie one behind the other: value `i` is `data[offsets[i]..offsets[i + 1]]`.
    Offsets {
        /// One more than there are values; ascending, within the data.
        offsets: Cow<'a, [i32]>,
        data: Cow<'a, [u8]>,
    },
    /// They lie anywhere.
    Views {
        /// Those of long strings are within the buffers.
        views: Cow<'a, [View]>,
        buffers: Vec<&'a [u8]>,
    },
}

impl Part for BytePart<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Offsets { offsets, .. } => offsets.len().saturating_sub(1),
            Self::Views { views, .. } => views.len(),
        }
    }
}

impl BytePart<'_> {
    fn slice(&self, range: Range<usize>) -> ByteSlice<'_> {
        match self {
            Self::Offsets { offsets, data } => ByteSlice::Offsets(OffsetSlice {
                offsets: offsets.get(range.start..=range.end).unwrap_or_default(),
                data,
            }),
            Self::Views { views, buffers } => ByteSlice::Views(ViewSlice {
                views: views.get(range).unwrap_or_default(),
                buffers,
            }),
        }
    }
}

/// Byte strings, part by part.
pub(crate) type BytePieces<'a> = Parts<BytePart<'a>>;

impl<'a> BytePieces<'a> {
    /// Appends strings one behind the other; value `i` is `data[offsets[i]..offsets[i + 1]]`.
    pub(crate) fn push_offsets(
        &mut self,
        offsets: impl Into<Cow<'a, [i32]>>,
        data: impl Into<Cow<'a, [u8]>>,
    ) {
        self.push(BytePart::Offsets {
            offsets: offsets.into(),
            data: data.into(),
        });
    }

    /// Appends the strings of `other` without a copy.
    pub(crate) fn append_lent(&mut self, other: &'a BytePieces<'_>) {
        for part in other.parts() {
            self.push(match part {
                BytePart::Offsets { offsets, data } => BytePart::Offsets {
                    offsets: Cow::Borrowed(offsets),
                    data: Cow::Borrowed(data),
                },
                BytePart::Views { views, buffers } => BytePart::Views {
                    views: Cow::Borrowed(views),
                    buffers: buffers.clone(),
                },
            });
        }
    }

    /// The parts that have values of `range`, cut to these.
    pub(crate) fn slices(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = ByteSlice<'_>> + Clone {
        self.within(range).map(|(part, within)| part.slice(within))
    }

    /// The values of `range` one by one.
    pub(crate) fn iter(&self, range: Range<usize>) -> impl Iterator<Item = &[u8]> + Clone {
        self.slices(range).flat_map(ByteSlice::iter)
    }
}

/// Some values of a part.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ByteSlice<'s> {
    Offsets(OffsetSlice<'s>),
    Views(ViewSlice<'s>),
}

/// Values one behind the other, one offset more than there are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OffsetSlice<'s> {
    pub(crate) offsets: &'s [i32],
    pub(crate) data: &'s [u8],
}

/// Values anywhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ViewSlice<'s> {
    pub(crate) views: &'s [View],
    pub(crate) buffers: &'s [&'s [u8]],
}

impl<'s> ByteSlice<'s> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Offsets(slice) => slice.offsets.len().saturating_sub(1),
            Self::Views(slice) => slice.views.len(),
        }
    }

    /// The bytes of all values together.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Offsets(slice) => match slice.offsets {
                [first, .., last] => {
                    usize::try_from(i64::from(*last) - i64::from(*first)).unwrap_or(0)
                }
                _ => 0,
            },
            Self::Views(slice) => slice.views.iter().map(len_of).sum(),
        }
    }

    /// The bytes of value `index`; none if there is no such value.
    #[inline]
    pub(crate) fn get(self, index: usize) -> &'s [u8] {
        match self {
            Self::Offsets(slice) => slice.get(index),
            Self::Views(slice) => slice.get(index),
        }
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'s [u8]> + Clone {
        (0..self.len()).map(move |index| self.get(index))
    }

    /// How many values from the first on take no more than `limit` bytes with `frame` bytes each
    /// beside their own, and how many those are.
    pub(crate) fn fitting(&self, limit: usize, frame: usize) -> (usize, usize) {
        match self {
            Self::Offsets(slice) => slice.fitting(limit, frame),
            Self::Views(slice) => {
                let mut bytes = 0;
                for (index, view) in slice.views.iter().enumerate() {
                    let more = len_of(view) + frame;
                    if bytes + more > limit {
                        return (index, bytes);
                    }
                    bytes += more;
                }
                (slice.views.len(), bytes)
            }
        }
    }
}

impl<'s> OffsetSlice<'s> {
    #[inline]
    pub(crate) fn get(&self, index: usize) -> &'s [u8] {
        let bounds = self.offsets.get(index..).and_then(<[i32]>::first_chunk);
        bounds.map_or(&[], |&[start, end]| {
            self.data.get(start as usize..end as usize).unwrap_or(&[])
        })
    }

    fn fitting(&self, limit: usize, frame: usize) -> (usize, usize) {
        let Some((&start, ends)) = self.offsets.split_first() else {
            return (0, 0);
        };
        let bytes = |count: usize| match count.checked_sub(1).and_then(|last| ends.get(last)) {
            Some(end) => end.wrapping_sub(start).cast_unsigned() as usize + frame * count,
            None => 0,
        };
        let (mut low, mut high) = (0, ends.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match bytes(middle + 1) <= limit {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        (low, bytes(low))
    }
}

impl<'s> ViewSlice<'s> {
    #[inline]
    pub(crate) fn get(&self, index: usize) -> &'s [u8] {
        let Some(view) = self.views.get(index) else {
            return &[];
        };
        match len_of(view) {
            len @ ..=INLINE => view.get(INLINE_AT..INLINE_AT + len),
            _ => long_bytes(u128::from_le_bytes(*view), self.buffers),
        }
        .unwrap_or(&[])
    }
}

#[inline(always)]
fn len_of(view: &View) -> usize {
    view_len(u128::from_le_bytes(*view))
}
