//! Arrow IPC files and streams.

use super::{Batches, Source};
use crate::error::CliError;
use arrow_array::RecordBatchReader;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, SchemaRef};
use std::fs::File;
use std::io::BufReader;

type Reader = Box<dyn RecordBatchReader>;

type OpenReader = fn(BufReader<File>) -> Result<Reader, ArrowError>;

/// Opens an Arrow IPC file.
pub(super) fn open_file(source: Source) -> Result<(SchemaRef, u64, Batches), CliError> {
    open(source, |file| {
        Ok(Box::new(FileReader::try_new(file, None)?))
    })
}

/// Opens an Arrow IPC stream.
pub(super) fn open_stream(source: Source) -> Result<(SchemaRef, u64, Batches), CliError> {
    open(source, |file| {
        Ok(Box::new(StreamReader::try_new(file, None)?))
    })
}

/// Decodes everything once, which counts the rows and finds what is broken before a target is
/// touched, then starts over.
fn open(source: Source, reader: OpenReader) -> Result<(SchemaRef, u64, Batches), CliError> {
    let refused = |error| source.refused(error);
    let mut rows = 0;
    for batch in reader(source.buffered()?).map_err(refused)? {
        rows += batch.map_err(refused)?.num_rows() as u64;
    }
    let reader = reader(source.buffered()?).map_err(refused)?;
    let schema = reader.schema();
    let batches = reader.map(move |batch| batch.map_err(|error| source.refused(error)));
    Ok((schema, rows, Box::new(batches)))
}
