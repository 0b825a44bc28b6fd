//! From a stream of record batches to row groups.

use crate::batch::ArrowBatch;
use arrow_array::RecordBatch;
use pq_writer::{RowGroupCuts, Rows};

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
pub struct RowGroupAssembler(pq_writer::RowGroupAssembler<Records>);

/// A record batch, as rows that can be cut.
#[derive(Debug)]
struct Records(RecordBatch);

impl Rows for Records {
    fn num_rows(&self) -> usize {
        self.0.num_rows()
    }

    fn slice(&self, start: usize, len: usize) -> Self {
        Self(self.0.slice(start, len))
    }

    fn memory_bytes(&self) -> u64 {
        // A batch that cannot be lent is refused where it is written.
        ArrowBatch::new(&self.0).map_or(0, |lent| lent.as_batch().memory_bytes())
    }
}

impl RowGroupAssembler {
    /// An assembler of row groups that end where `cuts` says.
    pub fn new(cuts: RowGroupCuts) -> Self {
        Self(pq_writer::RowGroupAssembler::new(cuts))
    }

    /// Takes the next batch of the input. One without rows is dropped.
    pub fn push(&mut self, batch: RecordBatch) {
        self.0.push(Records(batch));
    }

    /// The next row group, as slices of the batches that came in; `None` if more batches are
    /// needed to complete it. One batch may complete several row groups.
    #[allow(
        clippy::should_implement_trait,
        reason = "`None` is not the end: another batch may follow"
    )]
    pub fn next(&mut self) -> Option<Vec<RecordBatch>> {
        self.0.next().map(record_batches)
    }

    /// The rows that [`next`](Self::next) has not given out, as one row group; `None` if there
    /// are none. Once `next` has returned `None` they are the last, incomplete row group.
    pub fn finish(self) -> Option<Vec<RecordBatch>> {
        self.0.finish().map(record_batches)
    }
}

fn record_batches(row_group: Vec<Records>) -> Vec<RecordBatch> {
    row_group.into_iter().map(|records| records.0).collect()
}

#[cfg(test)]
mod tests;
