//! What `pq write` reads: files of rows in five formats, all as Arrow record batches.
//!
//! Every input is read twice or knows its size, so that the number of rows is known before the
//! first row is written; what cannot be read twice (a pipe) is first copied to a temporary file.

mod arrow_ipc;
mod csv;
mod ndjson;
mod parquet;
mod source;
mod stored;

pub use source::Source;
pub use stored::StoredFile;

use crate::error::CliError;
use crate::panics;
use ::parquet::file::reader::Length;
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use clap::ValueEnum;
use std::collections::HashSet;
use std::fmt;
use std::path::Path;

/// Rows that are decoded at a time.
const BATCH_ROWS: usize = 32_768;

/// The format of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values with a header
    Csv,
    /// Tab-separated values with a header
    Tsv,
    /// One JSON object a line
    Ndjson,
    /// An Arrow IPC file (Feather 2)
    Arrow,
    /// An Arrow IPC stream
    ArrowStream,
    /// A Parquet file
    Parquet,
}

impl Format {
    /// The format that a file's extension stands for.
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "ndjson" | "jsonl" => Self::Ndjson,
            "arrow" | "feather" | "ipc" => Self::Arrow,
            "arrows" => Self::ArrowStream,
            "parquet" | "parq" => Self::Parquet,
            _ => return None,
        })
    }
}

/// Record batches, one after the other.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch, CliError>>>;

/// An input that is ready to be read.
pub struct Input {
    /// The columns.
    pub schema: SchemaRef,
    /// How many rows there are.
    pub rows: u64,
    /// How many bytes the input has.
    pub bytes: u64,
    /// The rows.
    pub batches: Batches,
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("schema", &self.schema)
            .field("rows", &self.rows)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl Input {
    /// Opens an input: finds its columns and counts its rows. `null_values` are the texts that
    /// mean null in CSV, beside the empty cell.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, is not of its format, or has two columns of one name.
    pub fn open(
        path: &Path,
        format: Option<Format>,
        null_values: &[String],
    ) -> Result<Self, CliError> {
        let source = Source::open(path, format)?;
        let (name, bytes) = (source.name().to_owned(), source.bytes());
        let opened = panics::caught(|| match source.format() {
            Format::Csv => csv::open(source, b',', null_values),
            Format::Tsv => csv::open(source, b'\t', null_values),
            Format::Ndjson => ndjson::open(source),
            Format::Arrow => arrow_ipc::open_file(source),
            Format::ArrowStream => arrow_ipc::open_stream(source),
            Format::Parquet => parquet::open(source),
        });
        let opened = opened.map_err(|panic| decoder_failed(&name, &panic))??;
        Self::checked(name, bytes, opened)
    }

    /// The rows of a Parquet file, of which `name` tells the user.
    ///
    /// # Errors
    ///
    /// It is none, or has two columns of one name.
    pub fn of_parquet(name: String, file: StoredFile) -> Result<Self, CliError> {
        let bytes = file.len();
        let opened = panics::caught(|| parquet::rows(name.clone(), file));
        let opened = opened.map_err(|panic| decoder_failed(&name, &panic))??;
        Self::checked(name, bytes, opened)
    }

    fn checked(
        name: String,
        bytes: u64,
        (schema, rows, batches): (SchemaRef, u64, Batches),
    ) -> Result<Self, CliError> {
        if schema.fields().is_empty() {
            return Err(CliError::Malformed {
                path: name,
                line: None,
                reason: "there are no columns".to_owned(),
            });
        }
        let mut names = HashSet::new();
        if let Some(field) = schema
            .fields()
            .iter()
            .find(|field| !names.insert(field.name().as_str()))
        {
            return Err(CliError::DuplicateColumn {
                path: name,
                column: field.name().clone(),
            });
        }
        Ok(Self {
            schema,
            rows,
            bytes,
            batches: Box::new(Guarded {
                name,
                batches: Some(batches),
            }),
        })
    }
}

/// Batches of a decoder that may panic; after that there are no more.
struct Guarded {
    name: String,
    batches: Option<Batches>,
}

impl Iterator for Guarded {
    type Item = Result<RecordBatch, CliError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut batches = self.batches.take()?;
        match panics::caught(|| batches.next()) {
            Ok(next) => {
                self.batches = Some(batches);
                next
            }
            Err(panic) => Some(Err(decoder_failed(&self.name, &panic))),
        }
    }
}

fn decoder_failed(name: &str, panic: &str) -> CliError {
    CliError::Malformed {
        path: name.to_owned(),
        line: None,
        reason: format!("its decoder failed: {panic}"),
    }
}

/// The schema with columns that have no value at all as text: the next file may have one.
fn untyped_as_text(schema: &Schema) -> SchemaRef {
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .map(|field| match field.data_type() {
            DataType::Null => text_instead_of(field),
            _ => field.as_ref().clone(),
        })
        .collect();
    Schema::new(fields).into()
}

fn text_instead_of(field: &Field) -> Field {
    Field::new(field.name(), DataType::Utf8, true)
}

#[cfg(test)]
mod tests;
