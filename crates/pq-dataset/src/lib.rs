//! Parquet data sets in a [`Store`](pq_store::Store): a single file, or a directory of part files
//! with `_metadata` and `_common_metadata`, partitioned by folders or not.
//!
//! ```
//! use pq_dataset::{DatasetOptions, Layout, Scheme, blocking};
//! use pq_store::{MemoryStore, StorePath};
//! use pq_writer::{Batch, Column, DataType, Field, Schema, Values};
//!
//! let store = MemoryStore::default();
//! let schema = Schema::new(vec![
//!     Field::new("year", DataType::Int32, false),
//!     Field::new("amount", DataType::Float64, false),
//! ])?;
//! let layout = Layout::new(Scheme::Hive, ["year"]);
//! let path = StorePath::new("sales")?;
//! let mut writer =
//!     blocking::DatasetWriter::open(&store, path, schema, layout, DatasetOptions::default())?;
//! writer.write_row_group(&[Batch::new(vec![
//!     Column::new("year", Values::Int32(&[2025, 2026, 2026])),
//!     Column::new("amount", Values::Float64(&[9.5, 1.25, 3.0])),
//! ])])?;
//! let summary = writer.commit()?;
//! // sales/year=2025/part.0.parquet and sales/year=2026/part.0.parquet
//! assert_eq!((summary.rows, summary.row_groups, summary.files), (3, 2, 2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing that was written is visible before [`DatasetWriter::commit`], which is one
//! compare-and-swap: of the file itself, or of `_metadata` when all parts are there. An error or a
//! crash before it leaves the old state. Writers that append to a directory at once all get in; of
//! those that append to one file, the second is told that it changed.
//! docs/architecture.md of the project has the protocol.
//!
//! What cannot be promised: readers that list directories instead of reading `_metadata` see
//! parts as they come.

pub mod blocking;
mod compare;
mod dataset;
mod detect;
mod error;
mod footer;
mod key_values;
mod marker;
mod metadata_files;
mod options;
mod part;
mod partition;
mod plan;
mod receipt;
mod recover;
mod scheme;
mod writer;

pub use compare::joint::SchemaDifference;
pub use dataset::{Dataset, set_file_metadata};
pub use detect::{Metadata, Target, detect, read_append_metadata, read_metadata};
pub use error::DatasetError;
pub use options::{Collecting, DatasetOptions, Existing, MetadataFile, Summary};
pub use part::{next_part_number, part_name};
pub use partition::{PartitionEscaping, PartitionNulls};
pub use plan::Plan;
pub use plan::compact::CompactOptions;
pub use plan::merge::{MergeOptions, data_files};
pub use plan::select::Selection;
pub use plan::sort::SortBy;
pub use plan::write::WritePlan;
pub use receipt::PartReceipt;
pub use recover::{MetadataState, Rebuild, RecoverOptions, Recovery, Remnant};
pub use scheme::{Layout, Scheme};
pub use writer::{DatasetWriter, PartWriter};
