//! Many values in a few parts, borrowed from batches wherever memory already has their shape, and
//! converted a block at a time where it has not.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Values part by part.
#[derive(Debug, Clone)]
pub(crate) struct Parts<P> {
    parts: Vec<P>,
    len: usize,
}

/// Some values, or bytes of values.
pub(crate) trait Part {
    /// How many there are.
    fn len(&self) -> usize;
}

impl<P> Default for Parts<P> {
    fn default() -> Self {
        Self {
            parts: Vec::new(),
            len: 0,
        }
    }
}

impl<P: Part> Parts<P> {
    pub(crate) fn push(&mut self, part: P) {
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

    pub(crate) fn parts(&self) -> &[P] {
        &self.parts
    }

    /// The parts that have something of `range`, and what of theirs.
    pub(crate) fn within(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = (&P, Range<usize>)> + Clone {
        let mut start = 0;
        self.parts.iter().filter_map(move |part| {
            let from = range.start.saturating_sub(start).min(part.len());
            let to = range.end.saturating_sub(start).min(part.len());
            start += part.len();
            (from < to).then_some((part, from..to))
        })
    }
}

/// The bytes of values of one width, part by part. Each part holds whole values.
pub(crate) type FixedPieces<'a> = Parts<Cow<'a, [u8]>>;

impl Part for Cow<'_, [u8]> {
    fn len(&self) -> usize {
        self.as_ref().len()
    }
}

impl FixedPieces<'_> {
    /// The slices that hold the bytes of `range`, in order.
    pub(crate) fn slices(&self, range: Range<usize>) -> impl Iterator<Item = &[u8]> + Clone {
        self.within(range)
            .filter_map(|(part, within)| part.get(within))
    }

    /// The bytes of `range` in one slice: the one they lie in, or `scratch`, into which they are
    /// copied.
    pub(crate) fn contiguous<'s>(
        &'s self,
        range: Range<usize>,
        scratch: &'s mut Vec<u8>,
    ) -> &'s [u8] {
        let mut slices = self.slices(range.clone());
        match (slices.next(), slices.next()) {
            (None, _) => &[],
            (Some(only), None) => only,
            _ => {
                scratch.clear();
                self.slices(range)
                    .for_each(|slice| scratch.extend_from_slice(slice));
                scratch
            }
        }
    }
}

impl From<Vec<u8>> for FixedPieces<'static> {
    fn from(values: Vec<u8>) -> Self {
        let mut pieces = Self::default();
        pieces.push(Cow::Owned(values));
        pieces
    }
}

/// Numbers part by part.
pub(crate) type Pieces<'a, T> = Parts<NumberPart<'a, T>>;

/// Numbers of a part.
#[derive(Clone)]
pub(crate) enum NumberPart<'a, T: Clone> {
    Slice(Cow<'a, [T]>),
    Converted(Arc<dyn Convert<T> + 'a>),
}

/// Values that are made of others whenever they are looked at: quicker than to write them down for
/// a whole chunk and to read them again, and no memory is taken.
pub(crate) trait Convert<T>: Send + Sync {
    /// How many there are.
    fn len(&self) -> usize;

    /// Puts those from `start` on into `to`.
    fn fill(&self, start: usize, to: &mut [T]);
}

/// Values that are converted at once: they stay in the nearest cache.
const BLOCK: usize = 1024;

impl<T: Clone> Part for NumberPart<'_, T> {
    fn len(&self) -> usize {
        match self {
            Self::Slice(slice) => slice.len(),
            Self::Converted(converted) => converted.len(),
        }
    }
}

impl<T: Clone> fmt::Debug for NumberPart<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Slice(Cow::Borrowed(_)) => "lent",
            Self::Slice(Cow::Owned(_)) => "owned",
            Self::Converted(_) => "converted",
        };
        write!(f, "{kind}: {}", self.len())
    }
}

impl<'a, T: Copy + Default> Pieces<'a, T> {
    /// Numbers that lie in memory as they are.
    pub(crate) fn of(slice: impl Into<Cow<'a, [T]>>) -> Self {
        let mut pieces = Self::default();
        pieces.push(NumberPart::Slice(slice.into()));
        pieces
    }

    /// Numbers that are made when they are looked at.
    pub(crate) fn converted(part: impl Convert<T> + 'a) -> Self {
        let mut pieces = Self::default();
        pieces.push(NumberPart::Converted(Arc::new(part)));
        pieces
    }

    /// Appends the values of `other` without a copy.
    pub(crate) fn append_lent(&mut self, other: &'a Pieces<'_, T>) {
        for part in other.parts() {
            self.push(match part {
                NumberPart::Slice(slice) => NumberPart::Slice(Cow::Borrowed(slice)),
                NumberPart::Converted(converted) => {
                    NumberPart::Converted(Arc::clone(converted) as _)
                }
            });
        }
    }

    /// All values, if they lie in one slice.
    pub(crate) fn only_slice(&self) -> Option<&[T]> {
        match self.parts() {
            [NumberPart::Slice(only)] => Some(only),
            _ => None,
        }
    }

    /// Calls `take` with slices that hold the values of `range`, in order, until one fails.
    #[inline]
    pub(crate) fn try_for_each<E>(
        &self,
        range: Range<usize>,
        mut take: impl FnMut(&[T]) -> Result<(), E>,
    ) -> Result<(), E> {
        for (part, within) in self.within(range) {
            match part {
                NumberPart::Slice(slice) => take(slice.get(within).unwrap_or_default())?,
                NumberPart::Converted(converted) => {
                    let mut room = [T::default(); BLOCK];
                    let mut start = within.start;
                    while start < within.end {
                        let (block, _) = room.split_at_mut((within.end - start).min(BLOCK));
                        converted.fill(start, block);
                        take(block)?;
                        start += block.len();
                    }
                }
            }
        }
        Ok(())
    }

    /// Calls `take` with slices that hold the values of `range`, in order.
    #[inline]
    pub(crate) fn for_each(&self, range: Range<usize>, mut take: impl FnMut(&[T])) {
        let Ok(()) = self.try_for_each(range, |slice| {
            take(slice);
            Ok::<(), std::convert::Infallible>(())
        });
    }

    /// Calls `take` with the values at some places, which ascend.
    pub(crate) fn at(&self, places: impl Iterator<Item = usize>, mut take: impl FnMut(T)) {
        let mut places = places.peekable();
        let mut start = 0;
        for part in &self.parts {
            let end = start + part.len();
            while let Some(place) = places.next_if(|&place| place < end) {
                match part {
                    NumberPart::Slice(slice) => {
                        if let Some(value) = slice.get(place - start) {
                            take(*value);
                        }
                    }
                    NumberPart::Converted(converted) => {
                        let mut room = [T::default()];
                        converted.fill(place - start, &mut room);
                        take(room[0]);
                    }
                }
            }
            start = end;
        }
    }

    /// The values of `range` in one slice: the one they lie in, or `scratch`, into which they are
    /// copied.
    pub(crate) fn contiguous<'s>(
        &'s self,
        range: Range<usize>,
        scratch: &'s mut Vec<T>,
    ) -> &'s [T] {
        let mut parts = self.within(range.clone());
        match (parts.next(), parts.next()) {
            (None, _) => &[],
            (Some((NumberPart::Slice(only), within)), None) => only.get(within).unwrap_or_default(),
            _ => {
                scratch.clear();
                self.for_each(range, |slice| scratch.extend_from_slice(slice));
                scratch
            }
        }
    }
}
