//! [Arrow](https://arrow.apache.org) record batches to Parquet, on [`pq_writer`], without copying
//! values.
//!
//! ```
//! use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
//! use pq_arrow::ArrowWriter;
//! use pq_writer::WriterOptions;
//! use std::sync::Arc;
//!
//! let ids: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
//! let names: ArrayRef = Arc::new(StringArray::from(vec![Some("one"), None, Some("three")]));
//! let batch = RecordBatch::try_from_iter([("id", ids), ("name", names)])?;
//!
//! let mut writer = ArrowWriter::new(Vec::new(), &batch.schema(), WriterOptions::default())?;
//! writer.write(&batch)?;
//! let (file, metadata) = writer.finish()?;
//! assert_eq!(metadata.num_rows, 3);
//! assert!(file.ends_with(b"PAR1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`ArrowWriter`] is made of parts that also stand alone. [`schema`] finds the Parquet type of
//! each column, and [`HasNulls`] says which columns are OPTIONAL. [`ArrowBatch`] lends the buffers
//! of a record batch to the writer, which converts what Parquet stores in another form, such as
//! decimals. [`arrow_schema_key_value`] keeps the Arrow types that Parquet has no name for.
//! [`RowGroupAssembler`] turns a stream of record batches into row groups of the sizes wanted.
//!
//! | Arrow | Parquet |
//! |---|---|
//! | booleans, integers, floats, `Utf8`, `Binary`, `FixedSizeBinary` and their large and view forms | the same |
//! | `Date32`, `Date64` (whole days only) | DATE |
//! | `Time32`, `Time64`, `Timestamp` | TIME, TIMESTAMP in the same unit; seconds become milliseconds |
//! | `Duration` | INT64 |
//! | `Interval` of any unit (not negative, whole milliseconds only) | INTERVAL |
//! | `Decimal32` to `Decimal256` of a scale from 0 to the precision | DECIMAL |
//! | `List`, `LargeList`, `ListView`, `LargeListView`, `FixedSizeList` | LIST |
//! | `Map` | MAP |
//! | `Struct` of one field or more | a group |
//! | `Dictionary`, `RunEndEncoded` of any of these | the values, dictionary-encoded |
//! | `Null` | UNKNOWN, always OPTIONAL |
//! | `arrow.uuid` over `FixedSizeBinary(16)` | UUID |
//! | `arrow.json` over text | JSON |
//! | `arrow.parquet.variant` over a struct | VARIANT |
//! | `geoarrow.wkb` over bytes | GEOMETRY; GEOGRAPHY if its edges are not planar |
//! | other extension types | what they are made of |
//!
//! Unions, decimals of a negative scale and bytes of width 0 are errors that name the column.

mod assembler;
mod batch;
mod error;
mod schema;
mod writer;

pub use assembler::RowGroupAssembler;
pub use batch::ArrowBatch;
pub use error::ArrowError;
pub use schema::{HasNulls, arrow_schema_key_value, check_appendable, schema};
pub use writer::{ArrowWriter, ArrowWriterOptions};
