//! Names of types, as the specification writes them.

use pq_format::{ConvertedType, FieldRepetitionType, LogicalType, SchemaElement, TimeUnit, Type};

/// The physical type, with its length if it has one; empty for groups.
pub fn physical(element: &SchemaElement) -> String {
    match (element.r#type, element.type_length) {
        (Some(Type::FIXED_LEN_BYTE_ARRAY), Some(length)) => {
            format!("FIXED_LEN_BYTE_ARRAY({length})")
        }
        (Some(physical), _) => physical.to_string(),
        (None, _) => String::new(),
    }
}

/// How often a field occurs; empty for the root.
pub fn repetition(element: &SchemaElement) -> String {
    element
        .repetition_type
        .map(|repetition: FieldRepetitionType| repetition.to_string())
        .unwrap_or_default()
}

/// What values mean: the logical type, else the converted type, else nothing.
pub fn logical(element: &SchemaElement) -> String {
    match (&element.logical_type, element.converted_type) {
        (Some(logical), _) => logical_name(logical),
        (None, Some(ConvertedType::DECIMAL)) => format!(
            "DECIMAL({},{})",
            element.precision.unwrap_or_default(),
            element.scale.unwrap_or_default()
        ),
        (None, Some(converted)) => converted.to_string(),
        (None, None) => String::new(),
    }
}

fn logical_name(logical: &LogicalType) -> String {
    match logical {
        LogicalType::String(_) => "STRING".to_owned(),
        LogicalType::Map(_) => "MAP".to_owned(),
        LogicalType::List(_) => "LIST".to_owned(),
        LogicalType::Enum(_) => "ENUM".to_owned(),
        LogicalType::Decimal(decimal) => {
            format!("DECIMAL({},{})", decimal.precision, decimal.scale)
        }
        LogicalType::Date(_) => "DATE".to_owned(),
        LogicalType::Time(time) => {
            format!("TIME({}{})", unit(&time.unit), utc(time.is_adjusted_to_utc))
        }
        LogicalType::Timestamp(timestamp) => format!(
            "TIMESTAMP({}{})",
            unit(&timestamp.unit),
            utc(timestamp.is_adjusted_to_utc)
        ),
        LogicalType::Integer(int) => format!(
            "{}INT({})",
            if int.is_signed { "" } else { "U" },
            int.bit_width
        ),
        LogicalType::Unknown(_) => "UNKNOWN".to_owned(),
        LogicalType::Json(_) => "JSON".to_owned(),
        LogicalType::Bson(_) => "BSON".to_owned(),
        LogicalType::Uuid(_) => "UUID".to_owned(),
        LogicalType::Float16(_) => "FLOAT16".to_owned(),
        LogicalType::Variant(_) => "VARIANT".to_owned(),
        LogicalType::Geometry(_) => "GEOMETRY".to_owned(),
        LogicalType::Geography(_) => "GEOGRAPHY".to_owned(),
        LogicalType::File(_) => "FILE".to_owned(),
        LogicalType::Other(_) => "of a later specification".to_owned(),
    }
}

fn unit(unit: &TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Millis(_) => "MILLIS",
        TimeUnit::Micros(_) => "MICROS",
        TimeUnit::Nanos(_) => "NANOS",
        TimeUnit::Other(_) => "?",
    }
}

fn utc(is_adjusted: bool) -> &'static str {
    if is_adjusted { ",UTC" } else { ",local" }
}
