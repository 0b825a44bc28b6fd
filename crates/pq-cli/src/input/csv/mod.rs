//! Comma-separated values with a header. The first pass checks every row's length and finds the
//! types from all rows, the second one reads the values.

mod zones;

use super::{BATCH_ROWS, Batches, Source, untyped_as_text};
use crate::error::CliError;
use arrow_csv::ReaderBuilder;
use arrow_csv::reader::Format;
use arrow_schema::{ArrowError, SchemaRef};
use regex::Regex;
use std::io::{Read, Seek, SeekFrom};
use zones::Zones;

/// Opens a CSV file; `null_values` mean null beside the empty cell.
///
/// A column whose values look like more than one type is text; one without any value is text
/// too. Timestamps that end with an offset are instants.
pub(super) fn open(
    source: Source,
    delimiter: u8,
    null_values: &[String],
) -> Result<(SchemaRef, u64, Batches), CliError> {
    let zones = check_rows(&source, delimiter, null_values)?;
    let mut format = Format::default()
        .with_header(true)
        .with_delimiter(delimiter);
    if !null_values.is_empty() {
        format = format.with_null_regex(null_regex(null_values)?);
    }
    let (schema, rows) = format
        .infer_schema(source.buffered()?, None)
        .map_err(|error| source.refused(error))?;
    let schema = untyped_as_text(&zones.apply(&schema));
    let reader = ReaderBuilder::new(schema.clone())
        .with_format(format)
        .with_batch_size(BATCH_ROWS)
        .build_buffered(source.buffered()?)
        .map_err(|error| source.refused(error))?;
    let columns = schema.clone();
    let batches = reader
        .map(move |batch| batch.map_err(|error| bad_value(&source, delimiter, &columns, error)));
    Ok((schema, rows as u64, Box::new(batches)))
}

/// The texts that mean null, and the empty one.
fn null_regex(texts: &[String]) -> Result<Regex, CliError> {
    let choices: Vec<String> = texts.iter().map(|text| regex::escape(text)).collect();
    Regex::new(&format!("^(?:{})?$", choices.join("|"))).map_err(|error| CliError::Argument {
        option: "--null-value",
        reason: error.to_string(),
    })
}

fn records(source: &Source, delimiter: u8) -> Result<csv::Reader<std::fs::File>, CliError> {
    Ok(csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 18)
        .from_reader(source.rewound()?))
}

/// Checks that every row is as long as the header and that the text is UTF-8. Tells which
/// columns have offsets from UTC.
fn check_rows(source: &Source, delimiter: u8, null_values: &[String]) -> Result<Zones, CliError> {
    let is_null =
        |cell: &[u8]| cell.is_empty() || null_values.iter().any(|text| text.as_bytes() == cell);
    let mut zones = Zones::default();
    let mut reader = records(source, delimiter)?;
    let mut record = csv::ByteRecord::new();
    let mut columns = None;
    while reader
        .read_byte_record(&mut record)
        .map_err(|error| broken(source, error))?
    {
        let line = || start_of(source, record.position());
        let is_header = columns.is_none();
        let expected = *columns.get_or_insert(record.len());
        if record.len() != expected {
            let got = record.len();
            let fields = if got == 1 { "field" } else { "fields" };
            return Err(source.malformed(
                line(),
                format!("{got} {fields}, but the header has {expected}"),
            ));
        }
        if let Some(field) = record
            .iter()
            .position(|field| std::str::from_utf8(field).is_err())
        {
            return Err(source.malformed(line(), format!("field {} is not UTF-8", field + 1)));
        }
        if !is_header {
            zones.note(record.iter(), is_null);
        }
    }
    match columns {
        Some(_) => Ok(zones),
        None => Err(source.malformed(None, "there is no header")),
    }
}

/// The line at which a record begins. Its position is that of the end of the record before, with
/// blank lines between them.
fn start_of(source: &Source, position: Option<&csv::Position>) -> Option<u64> {
    let position = position?;
    let mut reader = source.buffered().ok()?;
    reader.seek(SeekFrom::Start(position.byte())).ok()?;
    let mut line = position.line();
    for byte in reader.bytes() {
        match byte.ok()? {
            b'\n' => line += 1,
            b'\r' => {}
            _ => break,
        }
    }
    Some(line)
}

fn broken(source: &Source, error: csv::Error) -> CliError {
    let line = error.position().map(csv::Position::line);
    let text = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => source.failed(error),
        _ => source.malformed(line, text),
    }
}

/// An error of the second pass: the reader counts records, so the line is looked up.
fn bad_value(source: &Source, delimiter: u8, schema: &SchemaRef, error: ArrowError) -> CliError {
    let text = match &error {
        ArrowError::ParseError(text) | ArrowError::CsvError(text) => text,
        _ => return source.refused(error),
    };
    let Some(found) = BadValue::find(text) else {
        return source.refused(error);
    };
    let line = line_of(source, delimiter, found.record);
    let column = schema.fields().get(found.column).map(|field| field.name());
    let reason = match column {
        Some(name) => format!("column {name:?}: {}", found.reason),
        None => found.reason,
    };
    source.malformed(line, reason)
}

/// What the reader says about a value: `… column 3 at line 7 …`.
struct BadValue {
    column: usize,
    record: usize,
    reason: String,
}

impl BadValue {
    fn find(text: &str) -> Option<Self> {
        let (before, after) = text.split_once(" at line ")?;
        let (what, column) = before.rsplit_once("column ")?;
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (record, detail) = after.split_at(digits);
        let reason = match what.strip_prefix("Error while parsing value ") {
            Some(value) => {
                value
                    .trim_end_matches(" for ")
                    .replacen(" as type ", " is not of type ", 1)
            }
            None => detail.trim_start_matches([':', ' ']).to_owned(),
        };
        Some(Self {
            column: column.parse().ok()?,
            record: record.parse().ok()?,
            reason,
        })
    }
}

/// The line at which a record begins; the header is record 0.
fn line_of(source: &Source, delimiter: u8, record: usize) -> Option<u64> {
    let mut reader = records(source, delimiter).ok()?;
    let mut current = csv::ByteRecord::new();
    for _ in 0..=record {
        if !reader.read_byte_record(&mut current).ok()? {
            return None;
        }
    }
    start_of(source, current.position())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_texts_match_whole_cells_only() {
        let regex = null_regex(&["NA".to_owned(), "N.A".to_owned()]).unwrap();
        for (cell, null) in [
            ("", true),
            ("NA", true),
            ("N.A", true),
            ("NxA", false),
            ("NAN", false),
        ] {
            assert_eq!(regex.is_match(cell), null, "{cell:?}");
        }
    }

    #[test]
    fn reader_messages_are_understood() {
        let text = "Error while parsing value 'a at line 3' as type 'Int64' for column 2 at line 9. Row data: '[]'";
        assert!(BadValue::find(text).is_none_or(|found| found.record != 9 || found.column == 2));
        let text = "Error while parsing value '2020-13-45' as type 'Date32' for column 1 at line 3. Row data: '[1,2020-13-45]'";
        let found = BadValue::find(text).unwrap();
        assert_eq!((found.column, found.record), (1, 3));
        assert_eq!(found.reason, "'2020-13-45' is not of type 'Date32'");
        let text = "Error parsing column 0 at line 4: out of range";
        let found = BadValue::find(text).unwrap();
        assert_eq!((found.column, found.record), (0, 4));
        assert_eq!(found.reason, "out of range");
    }
}
