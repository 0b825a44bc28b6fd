//! Parquet files, with the types that `ARROW:schema` tells.

use super::{BATCH_ROWS, Batches, Source};
use crate::error::CliError;
use arrow_schema::SchemaRef;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// Opens a Parquet file.
pub(super) fn open(source: Source) -> Result<(SchemaRef, u64, Batches), CliError> {
    let refused = |error| CliError::ParquetInput {
        path: source.name().to_owned(),
        source: error,
    };
    let builder = ParquetRecordBatchReaderBuilder::try_new(source.rewound()?).map_err(refused)?;
    let rows = u64::try_from(builder.metadata().file_metadata().num_rows())
        .map_err(|_| source.malformed(None, "the number of rows is negative"))?;
    let schema = builder.schema().clone();
    let reader = builder
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(refused)?;
    let batches = reader.map(move |batch| batch.map_err(|error| source.refused(error)));
    Ok((schema, rows, Box::new(batches)))
}
