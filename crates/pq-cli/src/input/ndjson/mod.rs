//! NDJSON: one JSON object a line. The first pass checks every line and finds the types, the
//! second one reads the values.

mod infer;

use super::{BATCH_ROWS, Batches, Source};
use crate::error::CliError;
use arrow_json::ReaderBuilder;
use arrow_schema::SchemaRef;
use infer::{Columns, Row};
use std::io::BufRead;
use std::sync::Arc;

/// Opens a file of JSON objects, one a line; blank lines are passed over.
///
/// A column that has numbers with and without a fraction is one of floats; one that mixes
/// numbers, truth values and text is text; one that has nothing but nulls is text too.
pub(super) fn open(source: Source) -> Result<(SchemaRef, u64, Batches), CliError> {
    let mut reader = source.buffered()?;
    let mut columns = Columns::default();
    let (mut line, mut rows, mut text) = (0, 0, Vec::new());
    loop {
        text.clear();
        let read = reader
            .read_until(b'\n', &mut text)
            .map_err(|error| source.failed(error))?;
        if read == 0 {
            break;
        }
        line += 1;
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let wrong = |reason: String| source.malformed(Some(line), reason);
        let row: Row = serde_json::from_slice(&text).map_err(|error| wrong(reason(&error)))?;
        columns.add(row).map_err(wrong)?;
        rows += 1;
    }
    let schema = Arc::new(columns.into_schema());
    let reader = ReaderBuilder::new(schema.clone())
        .with_batch_size(BATCH_ROWS)
        .with_coerce_primitive(true)
        .build(source.buffered()?)
        .map_err(|error| source.refused(error))?;
    let batches = reader.map(move |batch| batch.map_err(|error| source.refused(error)));
    Ok((schema, rows, Box::new(batches)))
}

/// The parser's message with the column of the line; its own line number is always 1.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(" at line 1 column ") {
        Some((what, column)) => format!("{what} at character {column}"),
        None => text,
    }
}
