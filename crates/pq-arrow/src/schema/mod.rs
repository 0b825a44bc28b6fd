//! From an Arrow schema to the schema of a file.

mod key_value;
mod types;

pub use key_value::{arrow_schema_key_value, check_appendable};
pub use pq_writer::HasNulls;
pub(crate) use types::data_type;

use crate::error::ArrowError;
use arrow_schema::Schema;

/// The metadata key of an Arrow field under which Parquet's field id stands.
const FIELD_ID_KEY: &str = "PARQUET:field_id";

/// The schema of a file that holds the columns of `schema`, in the same order.
///
/// A field id is taken from the field's metadata, where Arrow keeps it under `PARQUET:field_id`;
/// one that is no 32-bit integer is ignored.
///
/// # Errors
///
/// Types that are not carried, names that are empty or there twice, and a name in
/// [`HasNulls::Columns`] that is not in the schema.
///
/// ```
/// use arrow_schema::{DataType, Field, Schema};
/// use pq_arrow::HasNulls;
///
/// let arrow = Schema::new(vec![Field::new("id", DataType::Int64, true)]);
/// let schema = pq_arrow::schema(&arrow, &HasNulls::None)?;
/// assert_eq!(schema.fields()[0].data_type, pq_writer::DataType::Int64);
/// assert!(!schema.fields()[0].nullable);
/// # Ok::<(), pq_arrow::ArrowError>(())
/// ```
pub fn schema(schema: &Schema, has_nulls: &HasNulls) -> Result<pq_writer::Schema, ArrowError> {
    has_nulls.check(schema.fields().iter().map(|field| field.name().as_str()))?;
    let fields = schema
        .fields()
        .iter()
        .map(|field| {
            let data_type = data_type(field.name(), field.data_type())?;
            let mut found = pq_writer::Field::new(field.name(), data_type, field.is_nullable());
            found.nullable = has_nulls.nullable(&found, false);
            found.field_id = field
                .metadata()
                .get(FIELD_ID_KEY)
                .and_then(|id| id.parse().ok());
            Ok(found)
        })
        .collect::<Result<_, ArrowError>>()?;
    Ok(pq_writer::Schema::new(fields)?)
}

#[cfg(test)]
mod tests;
