//! From a stream of record batches to row groups.

use arrow_array::RecordBatch;
use pq_writer::RowGroupCuts;
use std::collections::VecDeque;

/// Record batches of any size in, row groups of the sizes wanted out. Batches are sliced, their
/// values are not copied.
///
/// ```
/// use arrow_array::{ArrayRef, Int32Array, RecordBatch};
/// use pq_arrow::RowGroupAssembler;
/// use pq_writer::RowGroupCuts;
/// use std::sync::Arc;
///
/// let mut assembler = RowGroupAssembler::new(RowGroupCuts::rows(4));
/// let mut sizes = Vec::new();
/// for _ in 0..3 {
///     let column: ArrayRef = Arc::new(Int32Array::from(vec![1, 2, 3]));
///     assembler.push(RecordBatch::try_from_iter([("n", column)])?);
///     while let Some(row_group) = assembler.next() {
///         sizes.push(row_group.iter().map(RecordBatch::num_rows).sum::<usize>());
///     }
/// }
/// let last = assembler.finish().unwrap_or_default();
/// sizes.push(last.iter().map(RecordBatch::num_rows).sum());
/// assert_eq!(sizes, [4, 4, 1]);
/// # Ok::<(), arrow_schema::ArrowError>(())
/// ```
#[derive(Debug)]
pub struct RowGroupAssembler {
    cuts: RowGroupCuts,
    /// The first waiting row, counted from the start of the input.
    start: u64,
    waiting: VecDeque<RecordBatch>,
    waiting_rows: u64,
}

impl RowGroupAssembler {
    /// An assembler of row groups that end where `cuts` says.
    pub fn new(cuts: RowGroupCuts) -> Self {
        Self {
            cuts,
            start: 0,
            waiting: VecDeque::new(),
            waiting_rows: 0,
        }
    }

    /// Takes the next batch of the input. One without rows is dropped.
    pub fn push(&mut self, batch: RecordBatch) {
        if batch.num_rows() > 0 {
            self.waiting_rows += batch.num_rows() as u64;
            self.waiting.push_back(batch);
        }
    }

    /// The next row group, as slices of the batches that came in; `None` if more batches are
    /// needed to complete it. One batch may complete several row groups.
    #[allow(
        clippy::should_implement_trait,
        reason = "`None` is not the end: another batch may follow"
    )]
    pub fn next(&mut self) -> Option<Vec<RecordBatch>> {
        let rows = self.cuts.end_of(self.start)?.checked_sub(self.start)?;
        if rows == 0 || rows > self.waiting_rows {
            return None;
        }
        let mut row_group = Vec::new();
        let mut missing = rows;
        while missing > 0 {
            let batch = self.waiting.pop_front()?;
            let has = batch.num_rows() as u64;
            match usize::try_from(missing) {
                Ok(cut) if missing < has => {
                    row_group.push(batch.slice(0, cut));
                    self.waiting
                        .push_front(batch.slice(cut, batch.num_rows() - cut));
                    missing = 0;
                }
                _ => {
                    row_group.push(batch);
                    missing -= has;
                }
            }
        }
        self.start += rows;
        self.waiting_rows -= rows;
        Some(row_group)
    }

    /// The rows that [`next`](Self::next) has not given out, as one row group; `None` if there
    /// are none. Once `next` has returned `None` they are the last, incomplete row group.
    pub fn finish(self) -> Option<Vec<RecordBatch>> {
        (!self.waiting.is_empty()).then(|| self.waiting.into())
    }
}

#[cfg(test)]
mod tests;
