//! Many booleans in a few bitmaps.

use super::pieces::{Part, Parts};
use crate::batch::Bits;
use std::borrow::Cow;
use std::ops::Range;

/// Booleans part by part.
pub(crate) type BooleanPieces<'a> = Parts<BooleanPart<'a>>;

/// Bits, least significant first.
#[derive(Debug, Clone)]
pub(crate) struct BooleanPart<'a> {
    bytes: Cow<'a, [u8]>,
    /// The position of the first value in `bytes`, which has all of them.
    offset: usize,
    len: usize,
}

impl Part for BooleanPart<'_> {
    fn len(&self) -> usize {
        self.len
    }
}

impl<'a> From<Bits<'a>> for BooleanPart<'a> {
    fn from(bits: Bits<'a>) -> Self {
        Self {
            bytes: Cow::Borrowed(bits.bytes()),
            offset: bits.offset(),
            len: bits.len(),
        }
    }
}

impl BooleanPart<'static> {
    /// The first `len` bits; no more than there are.
    pub(crate) fn owned(bytes: Vec<u8>, len: usize) -> Self {
        Self {
            len: len.min(bytes.len().saturating_mul(8)),
            bytes: Cow::Owned(bytes),
            offset: 0,
        }
    }
}

impl BooleanPieces<'_> {
    /// The bits of `range`, part by part.
    pub(crate) fn slices(&self, range: Range<usize>) -> impl Iterator<Item = Bits<'_>> + Clone {
        self.within(range).filter_map(|(part, within)| {
            let bits = Bits::new(&part.bytes, part.offset, part.len)?;
            Some(bits.slice(within.start, within.len()))
        })
    }

    /// All one by one.
    pub(crate) fn iter(&self) -> impl Iterator<Item = bool> {
        self.slices(0..self.len()).flat_map(|bits| bits.iter())
    }
}
