//! What the arrow reader of parquet-rs 60 fails on, or does not restore, is described by what is
//! stored: it reads no runs, no dictionaries of nested values, nulls or booleans, and
//! FIXED_LEN_BYTE_ARRAY as a dictionary only if it is bytes.

use arrow_schema::{DataType, Field, FieldRef, Fields, Schema};
use std::sync::Arc;

/// Decimals of so many digits are stored as integers, others as bytes of one length.
const INTEGER_DIGITS: u8 = 18;

/// The schema as readers can restore it.
pub(super) fn schema(schema: &Schema) -> Schema {
    Schema::new_with_metadata(fields(schema.fields()), schema.metadata().clone())
}

fn fields(fields: &Fields) -> Fields {
    fields.iter().map(field).collect()
}

fn field(field: &FieldRef) -> FieldRef {
    let mut described: Field = field.as_ref().clone();
    // The extension type of runs may stand at their values.
    if let DataType::RunEndEncoded(_, values) = field.data_type()
        && field.extension_type_name().is_none()
    {
        let mut metadata = values.metadata().clone();
        metadata.extend(field.metadata().clone());
        described.set_metadata(metadata);
    }
    Arc::new(described.with_data_type(data_type(field.data_type())))
}

fn data_type(stated: &DataType) -> DataType {
    match stated {
        DataType::RunEndEncoded(_, values) => data_type(values.data_type()),
        DataType::Dictionary(key, value) => match data_type(value) {
            DataType::Dictionary(inner, value) => DataType::Dictionary(inner, value),
            value if !is_readable_when_coded(&value) => value,
            value => {
                let is_wide = key.primitive_width().is_some_and(|width| width >= 4);
                let key = if is_wide {
                    key.as_ref()
                } else {
                    &DataType::Int32
                };
                DataType::Dictionary(Box::new(key.clone()), Box::new(value))
            }
        },
        DataType::List(element) => DataType::List(field(element)),
        DataType::LargeList(element) => DataType::LargeList(field(element)),
        DataType::ListView(element) => DataType::ListView(field(element)),
        DataType::LargeListView(element) => DataType::LargeListView(field(element)),
        DataType::FixedSizeList(element, size) => DataType::FixedSizeList(field(element), *size),
        DataType::Map(entries, is_sorted) => DataType::Map(field(entries), *is_sorted),
        DataType::Struct(within) => DataType::Struct(fields(within)),
        other => other.clone(),
    }
}

fn is_readable_when_coded(value: &DataType) -> bool {
    match value {
        DataType::Null | DataType::Boolean | DataType::Float16 | DataType::Interval(_) => false,
        DataType::Decimal32(precision, _)
        | DataType::Decimal64(precision, _)
        | DataType::Decimal128(precision, _)
        | DataType::Decimal256(precision, _) => *precision <= INTEGER_DIGITS,
        nested => !nested.is_nested(),
    }
}
