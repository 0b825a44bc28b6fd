//! Writes [Apache Parquet](https://parquet.apache.org): typed columns in memory to pages, column
//! chunks, row groups and files, for any [`std::io::Write`].
//!
//! ```
//! use pq_writer::{
//!     Batch, Bits, Column, Compression, DataType, Field, FileWriter, Schema, Values, WriterOptions,
//! };
//!
//! let schema = Schema::new(vec![
//!     Field::new("id", DataType::Int64, false),
//!     Field::new("name", DataType::String, true),
//! ])?;
//! let mut options = WriterOptions::default();
//! # #[cfg(feature = "snappy")] {
//! options.compression = Compression::Snappy;
//! # }
//!
//! let names = Values::Bytes32 { offsets: &[0, 3, 3, 6], data: b"onetwo" };
//! let present = Bits::new(&[0b101], 0, 3).unwrap();
//! let batch = Batch::new(vec![
//!     Column::new("id", Values::Int64(&[1, 2, 3])),
//!     Column::new("name", names).with_validity(present),
//! ]);
//!
//! let mut writer = FileWriter::new(Vec::new(), schema, options)?;
//! writer.write(&batch)?;
//! let (file, metadata) = writer.finish()?;
//! assert_eq!(metadata.num_rows, 3);
//! assert!(file.ends_with(b"PAR1"));
//! # Ok::<(), pq_writer::WriteError>(())
//! ```
//!
//! A [`Batch`] borrows its columns; a [`Schema`] says what they mean; [`WriterOptions`] say how
//! they are stored. [`FileEncoder`] is the same without a sink: it appends to a buffer of the
//! caller's, which may be shipped after each row group.
//!
//! Whether a column chunk gets a dictionary, and how it is encoded, is decided before its first
//! page is written, from what its values show. Columns without nulls spend one run per page on
//! their levels. All values of a row group are checked before its first byte is written. Equal
//! input and options give equal bytes, with any number of threads.

mod assembler;
mod batch;
mod compress;
mod convert;
mod cuts;
mod encode;
mod error;
mod file;
mod leaf;
mod nested;
mod objects;
mod options;
#[cfg(feature = "json")]
mod pandas;
mod row_group;
mod schema;
mod settings;
mod stats;

pub use assembler::{RowGroupAssembler, Rows};
pub use batch::{
    Batch, Bits, ByteString, CollectedColumn, Column, Keys, OwnedBatch, OwnedColumn, OwnedValues,
    Values,
};
pub use cuts::RowGroupCuts;
pub use error::WriteError;
pub use file::{FileEncoder, FileWriter};
pub use objects::{Object, ObjectEncoding, object_column};
#[cfg(feature = "serde")]
pub use objects::{RecordColumns, SerializeError, from_serialize};
pub use options::{
    BloomFilter, ColumnEncoding, Compression, PageVersion, Profile, SortingColumn, Statistics,
    WriterOptions,
};
#[cfg(feature = "json")]
pub use pandas::{
    PandasCategories, PandasColumn, PandasDetails, PandasIndex, PandasMetadata, raise_categories,
};
pub use schema::{
    DataType, Edges, Field, HasNulls, Leaf, Schema, SchemaOptions, TimeUnit, Times,
    TimestampStorage,
};
