//! From an Arrow schema to the schema of a file.

mod extension;
mod field;
mod key_value;
mod readable;
mod types;

pub(crate) use field::stored;
pub use key_value::{arrow_schema_key_value, check_appendable};
pub use pq_writer::HasNulls;

use crate::error::ArrowError;
use arrow_schema::Schema;

/// The schema of a file that holds the columns of `schema`, in the same order.
///
/// `has_nulls` is about columns; the fields within them are OPTIONAL where Arrow's are nullable.
///
/// A field id is taken from the metadata of a field, at any depth, where Arrow keeps it under
/// `PARQUET:field_id`; one that is no 32-bit integer is ignored. Extension types for which Parquet
/// has an annotation get it: `arrow.uuid`, `arrow.json`, `arrow.parquet.variant` and
/// `geoarrow.wkb`. Others are stored as what they are made of.
///
/// # Errors
///
/// Types that are not carried, names that are empty or there twice, extension metadata that
/// cannot be read, and a name in [`HasNulls::Columns`] that is not in the schema. Fields within
/// columns are named by dotted paths.
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
            let mut found = stored(field)?;
            found.nullable = has_nulls.nullable(&found, false);
            Ok(found)
        })
        .collect::<Result<_, ArrowError>>()?;
    Ok(pq_writer::Schema::new(fields)?)
}

#[cfg(test)]
mod tests;
