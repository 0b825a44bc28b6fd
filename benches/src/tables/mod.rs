//! Tables that files are written from, made batch by batch, the same in every run.

pub mod columns;
mod events;
mod lineitem;
mod single;
mod wide;

pub use events::events;
pub use lineitem::lineitem;
pub use single::{SINGLE_COLUMNS, four_columns, plain, single, texts_as_views};
pub use wide::{many, wide};

use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema, SchemaRef};
use columns::Column;
use std::sync::Arc;

/// Rows of a batch: enough that what a batch costs is not seen.
pub const BATCH: usize = 1 << 16;

/// A schema, and batches of it.
pub struct Table {
    pub schema: SchemaRef,
    pub batches: Box<dyn Iterator<Item = RecordBatch>>,
}

impl Table {
    /// So many rows of columns: name, whether the field is nullable, values.
    fn new(rows: usize, columns: Vec<(String, bool, Column)>) -> Self {
        let (mut fields, mut makers) = (Vec::new(), Vec::new());
        for (name, nullable, mut column) in columns {
            fields.push(Field::new(name, column(0).data_type().clone(), nullable));
            makers.push(column);
        }
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        let of = schema.clone();
        let lengths = (0..rows)
            .step_by(BATCH)
            .map(move |start| BATCH.min(rows - start));
        let batches = lengths.map(move |length| {
            let arrays = makers.iter_mut().map(|column| column(length)).collect();
            RecordBatch::try_new(of.clone(), arrays).expect("columns have the types of the schema")
        });
        Self {
            schema,
            batches: Box::new(batches),
        }
    }
}
