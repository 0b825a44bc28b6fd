//! The Arrow schema, kept in the file's key-values.

use crate::error::ArrowError;
use arrow_ipc::writer::{DictionaryTracker, IpcDataGenerator, IpcWriteOptions};
use arrow_schema::{DataType, Field, Schema};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::sync::Arc;

/// Under this key Arrow's readers look for the schema.
const KEY: &str = "ARROW:schema";

/// What a message of the IPC format starts with.
const CONTINUATION: [u8; 4] = [0xFF; 4];

/// Decimals of so many digits are stored as integers, others as bytes of one length.
const INTEGER_DIGITS: u8 = 18;

/// The key-value from which Arrow's readers restore types that Parquet cannot tell apart: large
/// and view forms, dictionaries, durations, time zones, field metadata. Meant for
/// [`WriterOptions::key_values`](pq_writer::WriterOptions::key_values).
///
/// The key is `ARROW:schema`, the value the base64 of an encapsulated schema message of the IPC
/// format: continuation marker, length, message padded to 8 bytes. It should describe the columns
/// that the file has, not more.
///
/// Dictionaries of nulls, booleans, half floats and decimals above 18 digits are described as
/// plain columns, for parquet-rs fails to read them as dictionaries. Keys of 8 and 16 bits are
/// described as `Int32`: the dictionaries of several batches, or of several row groups, become one
/// that may have more values than such keys can tell apart, and no reader could read it then.
pub fn arrow_schema_key_value(schema: &Schema) -> (String, String) {
    let mut tracker = DictionaryTracker::new(true);
    let mut message = IpcDataGenerator::default()
        .schema_to_bytes_with_dictionary_tracker(
            &readable(schema),
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
/// durations and integers. Readers would take the ones for the others. A value that is no Arrow
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
        let types = [there, field.as_ref()].map(|field| match field.data_type() {
            DataType::Dictionary(_, value) => value.as_ref().clone(),
            plain => plain.clone(),
        });
        let [expected, got] = types;
        let is_duration = |data_type: &DataType| matches!(data_type, DataType::Duration(_));
        if expected != got && (is_duration(&expected) || is_duration(&got)) {
            return Err(ArrowError::TypeMismatch {
                column: field.name().clone(),
                expected,
                got,
            });
        }
    }
    Ok(())
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

/// The schema without the dictionaries that the arrow reader of parquet-rs 60 fails on: it reads
/// neither nulls nor booleans as a dictionary, and FIXED_LEN_BYTE_ARRAY only if it is bytes.
/// Such columns are described by what their codes stand for.
fn readable(schema: &Schema) -> Schema {
    let fields: Vec<Arc<Field>> = schema
        .fields()
        .iter()
        .map(|field| match field.data_type() {
            DataType::Dictionary(_, value) if !readable_when_coded(value) => {
                let plain = field.as_ref().clone();
                Arc::new(plain.with_data_type(value.as_ref().clone()))
            }
            DataType::Dictionary(key, value) if key.primitive_width().unwrap_or(0) < 4 => {
                let wide = DataType::Dictionary(Box::new(DataType::Int32), value.clone());
                Arc::new(field.as_ref().clone().with_data_type(wide))
            }
            _ => field.clone(),
        })
        .collect();
    Schema::new_with_metadata(fields, schema.metadata().clone())
}

fn readable_when_coded(value: &DataType) -> bool {
    match value {
        DataType::Null | DataType::Boolean | DataType::Float16 => false,
        DataType::Decimal32(precision, _)
        | DataType::Decimal64(precision, _)
        | DataType::Decimal128(precision, _)
        | DataType::Decimal256(precision, _) => *precision <= INTEGER_DIGITS,
        _ => true,
    }
}
