//! Parquet files, with the types that `ARROW:schema` tells.

use super::{BATCH_ROWS, Batches, Source};
use crate::error::CliError;
use arrow_schema::SchemaRef;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;

/// Opens a Parquet file.
pub(super) fn open(source: Source) -> Result<(SchemaRef, u64, Batches), CliError> {
    rows(source.name().to_owned(), source.rewound()?)
}

/// The rows of a Parquet file, of which `name` tells the user.
pub(super) fn rows(
    name: String,
    file: impl ChunkReader + 'static,
) -> Result<(SchemaRef, u64, Batches), CliError> {
    let refused = |path: &str, error| CliError::ParquetInput {
        path: path.to_owned(),
        source: error,
    };
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| refused(&name, error))?;
    let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).map_err(|_| {
        CliError::Malformed {
            path: name.clone(),
            line: None,
            reason: "the number of rows is negative".to_owned(),
        }
    })?;
    let schema = builder.schema().clone();
    let reader = builder
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(|error| refused(&name, error))?;
    let batches = reader.map(move |batch| {
        batch.map_err(|error| CliError::ArrowInput {
            path: name.clone(),
            source: error,
        })
    });
    Ok((schema, rows, Box::new(batches)))
}
