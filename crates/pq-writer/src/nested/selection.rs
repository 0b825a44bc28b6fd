//! Which of the values of a column are there.

use crate::batch::Bits;
use std::borrow::Cow;
use std::ops::Range;

/// Positions in a column, in order.
#[derive(Debug, Clone)]
pub(crate) enum Selection<'a> {
    /// The first so many.
    All(usize),
    /// Those whose bit is set, of the first `len` from bit `offset` on.
    Bits {
        bytes: Cow<'a, [u8]>,
        offset: usize,
        len: usize,
    },
    /// These; a position may be there more than once.
    Runs(Vec<Range<usize>>),
}

impl Selection<'_> {
    pub(crate) const NONE: Selection<'static> = Selection::All(0);

    /// Hands each run of positions to `take`, in order.
    pub(crate) fn for_each<E>(
        &self,
        mut take: impl FnMut(Range<usize>) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::All(0) => Ok(()),
            Self::All(len) => take(0..*len),
            Self::Bits { bytes, offset, len } => {
                let Some(bits) = Bits::new(bytes, *offset, *len) else {
                    return Ok(());
                };
                let mut next = 0;
                while let Some((start, end)) = bits.next_run(next, *len) {
                    take(start..end)?;
                    next = end;
                }
                Ok(())
            }
            Self::Runs(runs) => runs.iter().cloned().try_for_each(take),
        }
    }

    /// The positions, if they are one run.
    pub(crate) fn single_run(&self) -> Option<Range<usize>> {
        match self {
            Self::All(len) => Some(0..*len),
            Self::Bits { .. } => None,
            Self::Runs(runs) => match runs.as_slice() {
                [] => Some(0..0),
                [run] => Some(run.clone()),
                _ => None,
            },
        }
    }

    /// How many positions there are.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::All(len) => *len,
            Self::Bits { bytes, offset, len } => {
                Bits::new(bytes, *offset, *len).map_or(0, |bits| bits.count_ones())
            }
            Self::Runs(runs) => runs.iter().map(ExactSizeIterator::len).sum(),
        }
    }
}

/// Adds `position` to runs, to the last one if it goes on there.
#[inline]
pub(crate) fn push_position(runs: &mut Vec<Range<usize>>, position: usize) {
    match runs.last_mut() {
        Some(run) if run.end == position => run.end += 1,
        _ => runs.push(position..position + 1),
    }
}
