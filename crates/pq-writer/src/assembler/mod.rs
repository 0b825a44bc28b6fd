//! From batches of any size to row groups.

mod size;

use crate::batch::Batch;
use crate::cuts::RowGroupCuts;
use std::collections::VecDeque;

/// Rows that can be cut without copying them: [`Batch`], or a batch of one's own.
pub trait Rows: Sized {
    /// How many rows there are.
    fn num_rows(&self) -> usize;

    /// Rows `start .. start + len`, which are there.
    fn slice(&self, start: usize, len: usize) -> Self;

    /// What the rows take in memory, about.
    fn memory_bytes(&self) -> u64;
}

impl Rows for Batch<'_> {
    fn num_rows(&self) -> usize {
        self.num_rows()
    }

    fn slice(&self, start: usize, len: usize) -> Self {
        self.slice(start, len)
    }

    fn memory_bytes(&self) -> u64 {
        self.memory_bytes()
    }
}

impl Batch<'_> {
    /// Bytes of the rows in memory, at least one a row. Of lists and byte strings what the rows
    /// hold counts, not what else is in the buffers that they share; a dictionary counts whole,
    /// unless it has more values than there are rows, and then as if each row had one of its own.
    pub fn memory_bytes(&self) -> u64 {
        size::of(self)
    }
}

/// Batches of any size in, row groups of the sizes wanted out. Batches are sliced, their values are
/// not copied.
///
/// ```
/// use pq_writer::{Batch, Column, RowGroupAssembler, RowGroupCuts, Values};
///
/// let mut assembler = RowGroupAssembler::new(RowGroupCuts::rows(4));
/// let mut sizes = Vec::new();
/// for _ in 0..3 {
///     assembler.push(Batch::new(vec![Column::new("n", Values::Int32(&[1, 2, 3]))]));
///     while let Some(row_group) = assembler.next() {
///         sizes.push(row_group.iter().map(Batch::num_rows).sum::<usize>());
///     }
/// }
/// let last = assembler.finish().unwrap_or_default();
/// sizes.push(last.iter().map(Batch::num_rows).sum());
/// assert_eq!(sizes, [4, 4, 1]);
/// ```
///
/// With [`RowGroupCuts::bytes`] a row group has as many rows as take at most so many bytes, and at
/// least one. What a batch takes is estimated from its values (for lists and text, those that its
/// rows hold; for dictionaries, all of them), and each of its rows counts as an equal share, of one
/// byte or more. So the sum of the shares is bounded, not what uneven rows of a batch take; the
/// same batches give the same row groups.
///
/// If [`next`](Self::next) is called after each push until it returns `None`, no more waits here
/// than one incomplete row group and one batch. A slice keeps all of its batch in memory.
#[derive(Debug)]
pub struct RowGroupAssembler<R> {
    cuts: RowGroupCuts,
    /// The first waiting row, counted from the start of the input.
    start: u64,
    waiting: VecDeque<Piece<R>>,
    waiting_rows: u64,
    /// Of the batches that wait, those at the front that are known to fit into the row group.
    fitting: Fitting,
}

/// Rows that wait, and what all rows of the batch that they came in take.
#[derive(Debug)]
struct Piece<R> {
    batch: R,
    bytes: u64,
    of_rows: u64,
}

#[derive(Debug, Default)]
struct Fitting {
    pieces: usize,
    rows: u64,
    bytes: u64,
}

impl<R: Rows> RowGroupAssembler<R> {
    /// An assembler of row groups that end where `cuts` says.
    pub fn new(cuts: RowGroupCuts) -> Self {
        Self {
            cuts,
            start: 0,
            waiting: VecDeque::new(),
            waiting_rows: 0,
            fitting: Fitting::default(),
        }
    }

    /// Takes the next batch of the input. One without rows is dropped.
    pub fn push(&mut self, batch: R) {
        let rows = batch.num_rows() as u64;
        if rows == 0 {
            return;
        }
        let bytes = match self.cuts.target_bytes() {
            Some(_) => batch.memory_bytes().max(rows),
            None => rows,
        };
        self.waiting_rows += rows;
        self.waiting.push_back(Piece {
            batch,
            bytes,
            of_rows: rows,
        });
    }

    /// The next row group, as slices of the batches that came in; `None` if more batches are
    /// needed to complete it. One batch may complete several row groups.
    #[allow(
        clippy::should_implement_trait,
        reason = "`None` is not the end: another batch may follow"
    )]
    pub fn next(&mut self) -> Option<Vec<R>> {
        let rows = match self.cuts.target_bytes() {
            Some(target) => self.rows_within(target)?,
            None => self.cuts.end_of(self.start)?.checked_sub(self.start)?,
        };
        if rows == 0 || rows > self.waiting_rows {
            return None;
        }
        let mut row_group = Vec::new();
        let mut missing = rows;
        while missing > 0 {
            let piece = self.waiting.pop_front()?;
            let has = piece.rows();
            match usize::try_from(missing) {
                Ok(cut) if missing < has => {
                    row_group.push(piece.batch.slice(0, cut));
                    let rest = piece.batch.num_rows() - cut;
                    self.waiting.push_front(Piece {
                        batch: piece.batch.slice(cut, rest),
                        ..piece
                    });
                    missing = 0;
                }
                _ => {
                    row_group.push(piece.batch);
                    missing -= has;
                }
            }
        }
        self.start += rows;
        self.waiting_rows -= rows;
        self.fitting = Fitting::default();
        Some(row_group)
    }

    /// How many rows take at most `target` bytes; `None` if all that wait may.
    fn rows_within(&mut self, target: u64) -> Option<u64> {
        let fitting = &mut self.fitting;
        while let Some(piece) = self.waiting.get(fitting.pieces) {
            let fit = piece.rows_within(target.saturating_sub(fitting.bytes));
            if fit < piece.rows() {
                return Some((fitting.rows + fit).max(1));
            }
            fitting.pieces += 1;
            fitting.rows += fit;
            fitting.bytes = fitting.bytes.saturating_add(piece.bytes_of(fit));
        }
        None
    }

    /// The rows that [`next`](Self::next) has not given out, as one row group; `None` if there
    /// are none. Once `next` has returned `None` they are the last, incomplete row group.
    pub fn finish(self) -> Option<Vec<R>> {
        let batches = self.waiting.into_iter().map(|piece| piece.batch);
        Some(batches.collect()).filter(|batches: &Vec<_>| !batches.is_empty())
    }
}

impl<R: Rows> Piece<R> {
    fn rows(&self) -> u64 {
        self.batch.num_rows() as u64
    }

    /// What so many rows take, rounded up.
    fn bytes_of(&self, rows: u64) -> u64 {
        let bytes = u128::from(self.bytes) * u128::from(rows);
        u64::try_from(bytes.div_ceil(u128::from(self.of_rows.max(1)))).unwrap_or(u64::MAX)
    }

    /// How many of the rows take at most so many bytes.
    fn rows_within(&self, bytes: u64) -> u64 {
        let rows = u128::from(bytes) * u128::from(self.of_rows) / u128::from(self.bytes.max(1));
        u64::try_from(rows).map_or(self.rows(), |rows| rows.min(self.rows()))
    }
}
