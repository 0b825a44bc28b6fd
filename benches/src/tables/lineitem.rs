//! TPC-H lineitem.

use super::{BATCH, Table};
use tpchgen::generators::LineItemGenerator;
use tpchgen_arrow::LineItemArrow;

/// Lineitem at a scale factor of TPC-H: six million rows at 1.
pub fn lineitem(scale: f64) -> Table {
    let generator = LineItemGenerator::new(scale, 1, 1);
    let batches = LineItemArrow::new(generator).with_batch_size(BATCH);
    Table {
        schema: LineItemArrow::schema_ref(),
        batches: Box::new(batches.map(|batch| batch.expect("lineitem has one schema"))),
    }
}
