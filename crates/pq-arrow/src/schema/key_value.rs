//! The Arrow schema, kept in the file's key-values.

use arrow_ipc::writer::{DictionaryTracker, IpcDataGenerator, IpcWriteOptions};
use arrow_schema::{DataType, Field, Schema};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::sync::Arc;

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
/// that the file has, not more. A dictionary of nulls is described as `Null`.
pub fn arrow_schema_key_value(schema: &Schema) -> (String, String) {
    let mut tracker = DictionaryTracker::new(true);
    let mut message = IpcDataGenerator::default()
        .schema_to_bytes_with_dictionary_tracker(
            &without_null_dictionaries(schema),
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

/// The schema with `Null` in the place of dictionaries of nulls: parquet-rs 60 panics when it
/// reads a column of nulls that is said to be a dictionary.
fn without_null_dictionaries(schema: &Schema) -> Schema {
    let fields: Vec<Arc<Field>> = schema
        .fields()
        .iter()
        .map(|field| match field.data_type() {
            DataType::Dictionary(_, value) if **value == DataType::Null => {
                Arc::new(field.as_ref().clone().with_data_type(DataType::Null))
            }
            _ => field.clone(),
        })
        .collect();
    Schema::new_with_metadata(fields, schema.metadata().clone())
}
