//! [Arrow](https://arrow.apache.org) record batches to Parquet, on [`pq_writer`], without copying
//! values.
//!
//! ```
//! use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
//! use pq_arrow::{ArrowBatch, HasNulls, arrow_schema_key_value};
//! use pq_writer::{FileWriter, WriterOptions};
//! use std::sync::Arc;
//!
//! let ids: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
//! let names: ArrayRef = Arc::new(StringArray::from(vec![Some("one"), None, Some("three")]));
//! let batch = RecordBatch::try_from_iter([("id", ids), ("name", names)])?;
//!
//! let schema = pq_arrow::schema(&batch.schema(), &HasNulls::AsDeclared)?;
//! let mut options = WriterOptions::default();
//! options.key_values.push(arrow_schema_key_value(&batch.schema()));
//!
//! let mut writer = FileWriter::new(Vec::new(), schema, options)?;
//! writer.write(&ArrowBatch::new(&batch)?.as_batch())?;
//! let (file, metadata) = writer.finish()?;
//! assert_eq!(metadata.num_rows, 3);
//! assert!(file.ends_with(b"PAR1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`schema`] finds the Parquet type of each column, and [`HasNulls`] says which columns are
//! OPTIONAL. [`ArrowBatch`] lends the buffers of a record batch to the writer; only views are
//! copied here; the writer converts what Parquet stores in another form, such as decimals.
//! [`arrow_schema_key_value`] keeps the Arrow types that Parquet has no name for.
//! [`RowGroupAssembler`] turns a stream of record batches into row groups of the sizes wanted.
//!
//! | Arrow | Parquet |
//! |---|---|
//! | booleans, integers, floats, `Utf8`, `Binary`, `FixedSizeBinary` and their large and view forms | the same |
//! | `Date32`, `Date64` (whole days only) | DATE |
//! | `Time32`, `Time64`, `Timestamp` | TIME, TIMESTAMP in the same unit; seconds become milliseconds |
//! | `Duration` | INT64 |
//! | `Decimal32` to `Decimal256` of a scale from 0 to the precision | DECIMAL |
//! | `Dictionary` of any of these | its values, dictionary-encoded |
//! | `Null` | UNKNOWN, always OPTIONAL |
//!
//! Lists, structs, maps, unions, intervals and run-end encoded columns are errors.

mod assembler;
mod batch;
mod error;
mod schema;

pub use assembler::RowGroupAssembler;
pub use batch::ArrowBatch;
pub use error::ArrowError;
pub use schema::{HasNulls, arrow_schema_key_value, check_appendable, schema};
