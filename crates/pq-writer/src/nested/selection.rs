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

    /// The values at all positions; `None` if one is beyond them.
    pub(crate) fn gather<T: Copy + Default>(&self, values: &[T]) -> Option<Vec<T>> {
        let mut taken = Vec::with_capacity(self.count());
        match self {
            Self::All(len) => taken.extend_from_slice(values.get(..*len)?),
            Self::Bits { bytes, offset, len } => {
                let bits = Bits::new(bytes, *offset, *len)?;
                let (blocks, rest) = values.get(..*len)?.as_chunks::<WORD>();
                let mut index = 0;
                for block in blocks {
                    gather_block(bits.word(index), block, &mut taken);
                    index += WORD;
                }
                let there = (index..*len).filter(|&index| bits.get(index));
                taken.extend(there.filter_map(|at| rest.get(at - index)));
            }
            Self::Runs(runs) => {
                for run in runs {
                    taken.extend_from_slice(values.get(run.clone())?);
                }
            }
        }
        Some(taken)
    }

    /// From the first position, or before it, to the last, or behind it.
    pub(crate) fn extent(&self) -> Range<usize> {
        match self {
            Self::All(len) | Self::Bits { len, .. } => 0..*len,
            Self::Runs(runs) => {
                let start = runs.iter().map(|run| run.start).min().unwrap_or(0);
                start..runs.iter().map(|run| run.end).max().unwrap_or(0)
            }
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

/// Bits of a word.
const WORD: usize = 64;

/// Appends those values whose bits are set. Each is put where the next one belongs, whether it
/// belongs there or not: jumps that nobody can foresee would take longer.
#[inline]
fn gather_block<T: Copy + Default>(bits: u64, values: &[T; WORD], to: &mut Vec<T>) {
    match bits {
        0 => {}
        u64::MAX => to.extend_from_slice(values),
        _ => {
            let mut room = [T::default(); WORD];
            let mut next = 0;
            for (bit, value) in values.iter().enumerate() {
                room[next & (WORD - 1)] = *value;
                next += (bits >> bit & 1) as usize;
            }
            to.extend_from_slice(room.get(..next).unwrap_or_default());
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
