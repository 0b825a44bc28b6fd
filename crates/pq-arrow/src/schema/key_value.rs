//! The Arrow schema, kept in the file's key-values.

use super::readable;
use crate::error::ArrowError;
use arrow_ipc::writer::{DictionaryTracker, IpcDataGenerator, IpcWriteOptions};
use arrow_schema::{DataType, Field, Schema};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// Under this key Arrow's readers look for the schema.
const KEY: &str = "ARROW:schema";

/// What a message of the IPC format starts with.
const CONTINUATION: [u8; 4] = [0xFF; 4];

/// The key-value from which Arrow's readers restore types that Parquet cannot tell apart: large
/// and view forms, dictionaries, durations, time zones, field metadata. Meant for
/// [`WriterOptions::key_values`](pq_writer::WriterOptions::key_values).
///
/// The key is `ARROW:schema`, the value the base64 of an encapsulated schema message of the IPC
/// format: continuation marker, length, message padded to 8 bytes. It should describe the columns
/// that the file has, not more.
///
/// What readers could not make sense of is described by what it stands for, at any depth: runs,
/// and dictionaries of nested values, nulls, booleans, half floats, intervals and decimals above
/// 18 digits. Dictionary keys of 8 and 16 bits are described as `Int32`: the dictionaries of
/// several batches, or of several row groups, become one that may have more values than such keys
/// can tell apart, and no reader could read it then.
pub fn arrow_schema_key_value(schema: &Schema) -> (String, String) {
    let mut tracker = DictionaryTracker::new(true);
    let mut message = IpcDataGenerator::default()
        .schema_to_bytes_with_dictionary_tracker(
            &readable::schema(schema),
            &mut tracker,
            &IpcWriteOptions::default(),
        )
        .ipc_message;
    message.resize(message.len().next_multiple_of(8), 0);
    // A flatbuffer is smaller than 2 GiB, so its length fits.
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let encapsulated = [&CONTINUATION[..], &length.to_le_bytes(), &message].concat();
    (KEY.to_owned(), BASE64_STANDARD.encode(encapsulated))
}

/// Errors if rows of `schema` cannot stand in a file behind rows of the Arrow schema that the
/// file's key-value states, though Parquet stores both alike: durations of another unit, or
/// durations and integers, at any depth. Readers would take the ones for the others. A value that is no Arrow
/// schema says nothing.
///
/// # Errors
///
/// [`ArrowError::TypeMismatch`], with the column.
pub fn check_appendable(key_value: &str, schema: &Schema) -> Result<(), ArrowError> {
    let Some(existing) = decode(key_value) else {
        return Ok(());
    };
    for field in schema.fields() {
        let Ok(there) = existing.field_with_name(field.name()) else {
            continue;
        };
        if let Some((path, expected, got)) = mismatch(there, field) {
            return Err(ArrowError::TypeMismatch {
                column: [vec![field.name().as_str()], path].concat().join("."),
                expected,
                got,
            });
        }
    }
    Ok(())
}

/// Where durations of the two fields differ, at the field itself or below it: the path from it,
/// and both types.
fn mismatch<'a>(there: &Field, here: &'a Field) -> Option<(Vec<&'a str>, DataType, DataType)> {
    let (expected, got) = (decoded(there.data_type()), decoded(here.data_type()));
    let is_duration = |data_type: &DataType| matches!(data_type, DataType::Duration(_));
    if expected != got && (is_duration(expected) || is_duration(got)) {
        return Some((Vec::new(), expected.clone(), got.clone()));
    }
    let below = |names: &[&'a str], there: &Field, here: &'a Field| {
        let (path, expected, got) = mismatch(there, here)?;
        Some(([names, &path].concat(), expected, got))
    };
    if let (Some(there), Some(here)) = (element(expected), element(got)) {
        return below(&["list", "element"], there, here);
    }
    match (expected, got) {
        (DataType::Map(there, _), DataType::Map(here, _)) => {
            let (DataType::Struct(there), DataType::Struct(here)) =
                (there.data_type(), here.data_type())
            else {
                return None;
            };
            let mut pairs = ["key", "value"].into_iter().zip(there.iter().zip(here));
            pairs.find_map(|(name, (there, here))| below(&["key_value", name], there, here))
        }
        (DataType::Struct(there), DataType::Struct(here)) => here.iter().find_map(|here| {
            let (_, there) = there.find(here.name())?;
            below(&[here.name()], there, here)
        }),
        _ => None,
    }
}

/// The type of what codes and runs stand for.
fn decoded(data_type: &DataType) -> &DataType {
    match data_type {
        DataType::Dictionary(_, value) => decoded(value),
        DataType::RunEndEncoded(_, values) => decoded(values.data_type()),
        plain => plain,
    }
}

fn element(data_type: &DataType) -> Option<&Field> {
    match data_type {
        DataType::List(element)
        | DataType::LargeList(element)
        | DataType::ListView(element)
        | DataType::LargeListView(element)
        | DataType::FixedSizeList(element, _) => Some(element),
        _ => None,
    }
}

fn decode(key_value: &str) -> Option<Schema> {
    let bytes = BASE64_STANDARD.decode(key_value).ok()?;
    // Old files have the length without the marker before it.
    let message = match bytes.strip_prefix(&CONTINUATION) {
        Some(rest) => rest.get(4..)?,
        None => bytes.get(4..)?,
    };
    let message = arrow_ipc::root_as_message(message).ok()?;
    arrow_ipc::convert::try_fb_to_schema(message.header_as_schema()?).ok()
}
