//! Many values in a few slices, borrowed from batches wherever memory already has their shape.

use std::borrow::Cow;
use std::ops::Range;

/// Values of one type, part by part.
#[derive(Debug, Clone)]
pub(crate) struct Pieces<'a, T: Clone> {
    parts: Vec<Cow<'a, [T]>>,
    len: usize,
}

impl<T: Clone> Default for Pieces<'_, T> {
    fn default() -> Self {
        Self {
            parts: Vec::new(),
            len: 0,
        }
    }
}

impl<'a, T: Copy> Pieces<'a, T> {
    pub(crate) fn push(&mut self, part: Cow<'a, [T]>) {
        self.len += part.len();
        if !part.is_empty() {
            self.parts.push(part);
        }
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.len += other.len;
        self.parts.extend(other.parts);
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The slices that hold the values of `range`, in order.
    pub(crate) fn slices(&self, range: Range<usize>) -> impl Iterator<Item = &[T]> + Clone {
        let mut start = 0;
        self.parts.iter().filter_map(move |part| {
            let from = range.start.saturating_sub(start).min(part.len());
            let to = range.end.saturating_sub(start).min(part.len());
            start += part.len();
            part.get(from..to).filter(|slice| !slice.is_empty())
        })
    }

    /// The values of `range` in one slice: the one they lie in, or `scratch`, into which they are
    /// copied.
    pub(crate) fn contiguous<'s>(
        &'s self,
        range: Range<usize>,
        scratch: &'s mut Vec<T>,
    ) -> &'s [T] {
        let mut slices = self.slices(range);
        match (slices.next(), slices.next()) {
            (None, _) => &[],
            (Some(only), None) => only,
            (Some(first), Some(second)) => {
                scratch.clear();
                scratch.extend_from_slice(first);
                scratch.extend_from_slice(second);
                for slice in slices {
                    scratch.extend_from_slice(slice);
                }
                scratch
            }
        }
    }
}

impl<T: Copy> From<Vec<T>> for Pieces<'static, T> {
    fn from(values: Vec<T>) -> Self {
        let mut pieces = Self::default();
        pieces.push(Cow::Owned(values));
        pieces
    }
}

/// Byte strings that lie one behind the other: value `i` is `data[offsets[i]..offsets[i + 1]]`.
#[derive(Debug, Clone)]
pub(crate) struct BytePart<'a> {
    /// One more than there are values; ascending, within the data.
    pub(crate) offsets: Cow<'a, [i32]>,
    pub(crate) data: Cow<'a, [u8]>,
}

impl BytePart<'_> {
    pub(crate) fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }
}

/// Byte strings, part by part.
#[derive(Debug, Clone, Default)]
pub(crate) struct BytePieces<'a> {
    pub(crate) parts: Vec<BytePart<'a>>,
    len: usize,
}

impl<'a> BytePieces<'a> {
    pub(crate) fn push(&mut self, part: BytePart<'a>) {
        self.len += part.len();
        if part.len() > 0 {
            self.parts.push(part);
        }
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.len += other.len;
        self.parts.extend(other.parts);
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The offsets and the data that hold the values of `range`, part by part: one offset more
    /// than there are values.
    pub(crate) fn slices(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = (&[i32], &[u8])> + Clone {
        let mut start = 0;
        self.parts.iter().filter_map(move |part| {
            let len = part.len();
            let from = range.start.saturating_sub(start).min(len);
            let to = range.end.saturating_sub(start).min(len);
            start += len;
            let offsets = part.offsets.get(from..=to)?;
            (from < to).then_some((offsets, part.data.as_ref()))
        })
    }

    /// The values of `range` one by one.
    pub(crate) fn iter(&self, range: Range<usize>) -> impl Iterator<Item = &[u8]> + Clone {
        self.slices(range).flat_map(|(offsets, data)| {
            offsets.windows(2).map(move |pair| {
                let (start, end) = (pair[0] as usize, pair[1] as usize);
                data.get(start..end).unwrap_or_default()
            })
        })
    }
}
