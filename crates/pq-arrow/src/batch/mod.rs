//! From a record batch to a batch of the writer.

mod column;
mod nested;
mod values;

use crate::error::ArrowError;
use crate::schema::stored;
use arrow_array::RecordBatch;
use column::PreparedColumn;
use pq_writer::Batch;

/// A record batch, ready to be written: its buffers are borrowed, sliced or not, with their
/// offsets and validity as they lie in memory, at any depth.
///
/// On big-endian machines 256-bit decimals and intervals of more than months are copied; nothing
/// else ever is.
///
/// ```
/// use arrow_array::{ArrayRef, Int32Array, RecordBatch};
/// use pq_arrow::ArrowBatch;
/// use std::sync::Arc;
///
/// let column: ArrayRef = Arc::new(Int32Array::from(vec![1, 2, 3]));
/// let record_batch = RecordBatch::try_from_iter([("n", column)])?;
/// let batch = ArrowBatch::new(&record_batch)?;
/// assert_eq!(batch.as_batch().columns[0].values, pq_writer::Values::Int32(&[1, 2, 3]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ArrowBatch<'a> {
    columns: Vec<PreparedColumn<'a>>,
    rows: usize,
}

impl<'a> ArrowBatch<'a> {
    /// The columns of `batch`, their names borrowed from its schema.
    ///
    /// # Errors
    ///
    /// A column of a type that is not carried, or rows without columns. Values are not looked at:
    /// one that cannot be stored is the writer's error.
    pub fn new(batch: &'a RecordBatch) -> Result<Self, ArrowError> {
        let rows = batch.num_rows();
        if batch.num_columns() == 0 && rows > 0 {
            return Err(ArrowError::NoColumns { rows });
        }
        let fields = batch.schema_ref().fields();
        for field in fields {
            // What the schema refuses is refused here, with the same words.
            stored(field)?;
        }
        let columns = PreparedColumn::all(fields, batch.columns())?;
        Ok(Self { columns, rows })
    }

    /// How many rows there are.
    pub fn num_rows(&self) -> usize {
        self.rows
    }

    /// The batch, lent to a writer.
    pub fn as_batch(&self) -> Batch<'_> {
        Batch::new(self.columns.iter().map(PreparedColumn::lend).collect())
    }
}

#[cfg(test)]
mod tests;
