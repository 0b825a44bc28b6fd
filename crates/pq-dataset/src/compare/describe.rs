//! A column as it is compared, and as an error states it.

use pq_format::{
    ConvertedType, DecimalType, FieldRepetitionType, IntType, LogicalType, MicroSeconds,
    MilliSeconds, SchemaElement, TimeType, TimeUnit, TimestampType, Type,
};

pub(super) fn same_type(left: &SchemaElement, right: &SchemaElement) -> bool {
    let fixed = left.r#type == Some(Type::FIXED_LEN_BYTE_ARRAY);
    left.r#type == right.r#type
        && (!fixed || left.type_length == right.type_length)
        && meaning(left) == meaning(right)
}

/// The logical type, from the converted type where a file of an older writer has only that;
/// `None` where it adds nothing to the physical type.
pub(super) fn meaning(element: &SchemaElement) -> Option<LogicalType> {
    let logical = element
        .logical_type
        .clone()
        .or_else(|| from_converted(element))?;
    let LogicalType::Integer(int) = &logical else {
        return Some(logical);
    };
    let whole = match element.r#type {
        Some(Type::INT32) => 32,
        Some(Type::INT64) => 64,
        _ => 0,
    };
    (!int.is_signed || int.bit_width != whole).then_some(logical)
}

fn from_converted(element: &SchemaElement) -> Option<LogicalType> {
    let int = |bit_width, is_signed| {
        LogicalType::Integer(IntType {
            bit_width,
            is_signed,
            ..IntType::default()
        })
    };
    let millis = || TimeUnit::Millis(MilliSeconds::default());
    let micros = || TimeUnit::Micros(MicroSeconds::default());
    let time = |unit| {
        LogicalType::Time(TimeType {
            is_adjusted_to_utc: true,
            unit,
            ..TimeType::default()
        })
    };
    let timestamp = |unit| {
        LogicalType::Timestamp(TimestampType {
            is_adjusted_to_utc: true,
            unit,
            ..TimestampType::default()
        })
    };
    Some(match element.converted_type? {
        ConvertedType::LIST => LogicalType::List(Default::default()),
        ConvertedType::MAP => LogicalType::Map(Default::default()),
        // In the place of MAP, or on the pairs within, where it says nothing.
        ConvertedType::MAP_KEY_VALUE
            if element.repetition_type != Some(FieldRepetitionType::REPEATED) =>
        {
            LogicalType::Map(Default::default())
        }
        ConvertedType::UTF8 => LogicalType::String(Default::default()),
        ConvertedType::ENUM => LogicalType::Enum(Default::default()),
        ConvertedType::JSON => LogicalType::Json(Default::default()),
        ConvertedType::BSON => LogicalType::Bson(Default::default()),
        ConvertedType::DATE => LogicalType::Date(Default::default()),
        ConvertedType::TIME_MILLIS => time(millis()),
        ConvertedType::TIME_MICROS => time(micros()),
        ConvertedType::TIMESTAMP_MILLIS => timestamp(millis()),
        ConvertedType::TIMESTAMP_MICROS => timestamp(micros()),
        ConvertedType::DECIMAL => LogicalType::Decimal(DecimalType {
            precision: element.precision.unwrap_or(0),
            scale: element.scale.unwrap_or(0),
            ..DecimalType::default()
        }),
        ConvertedType::INT_8 => int(8, true),
        ConvertedType::INT_16 => int(16, true),
        ConvertedType::INT_32 => int(32, true),
        ConvertedType::INT_64 => int(64, true),
        ConvertedType::UINT_8 => int(8, false),
        ConvertedType::UINT_16 => int(16, false),
        ConvertedType::UINT_32 => int(32, false),
        ConvertedType::UINT_64 => int(64, false),
        _ => return None,
    })
}

/// A column as an error states it, such as `optional INT64 timestamp[us, UTC]`.
pub(super) fn described(element: &SchemaElement) -> String {
    let mut text = match element.repetition_type {
        Some(FieldRepetitionType::REQUIRED) => "required ".to_owned(),
        Some(FieldRepetitionType::OPTIONAL) => "optional ".to_owned(),
        Some(FieldRepetitionType::REPEATED) => "repeated ".to_owned(),
        _ => String::new(),
    };
    match element.r#type {
        Some(physical) => text.push_str(&format!("{physical}")),
        None => text.push_str("group"),
    }
    if element.r#type == Some(Type::FIXED_LEN_BYTE_ARRAY)
        && let Some(length) = element.type_length
    {
        text.push_str(&format!("({length})"));
    }
    if let Some(meaning) = meaning(element) {
        text.push(' ');
        text.push_str(&meaning_text(&meaning));
    }
    text
}

/// A coordinate reference system; long ones begin so.
fn crs(text: Option<&str>) -> String {
    let text = text.unwrap_or("OGC:CRS84");
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn meaning_text(meaning: &LogicalType) -> String {
    let unit = |unit: &TimeUnit| match unit {
        TimeUnit::Millis(_) => "ms",
        TimeUnit::Micros(_) => "us",
        TimeUnit::Nanos(_) => "ns",
        _ => "unit of a later version",
    };
    let utc = |is_adjusted_to_utc| if is_adjusted_to_utc { ", UTC" } else { "" };
    match meaning {
        LogicalType::String(_) => "string".to_owned(),
        LogicalType::Date(_) => "date".to_owned(),
        LogicalType::Float16(_) => "float16".to_owned(),
        LogicalType::Uuid(_) => "uuid".to_owned(),
        LogicalType::Enum(_) => "enum".to_owned(),
        LogicalType::Json(_) => "json".to_owned(),
        LogicalType::Bson(_) => "bson".to_owned(),
        LogicalType::Unknown(_) => "null".to_owned(),
        LogicalType::List(_) => "list".to_owned(),
        LogicalType::Map(_) => "map".to_owned(),
        LogicalType::Variant(_) => "variant".to_owned(),
        LogicalType::Geometry(of) => format!("geometry[{}]", crs(of.crs.as_deref())),
        LogicalType::Geography(of) => format!("geography[{}]", crs(of.crs.as_deref())),
        LogicalType::Decimal(of) => format!("decimal[{}, {}]", of.precision, of.scale),
        LogicalType::Integer(of) => {
            format!("{}int{}", if of.is_signed { "" } else { "u" }, of.bit_width)
        }
        LogicalType::Time(of) => {
            format!("time[{}{}]", unit(&of.unit), utc(of.is_adjusted_to_utc))
        }
        LogicalType::Timestamp(of) => {
            format!(
                "timestamp[{}{}]",
                unit(&of.unit),
                utc(of.is_adjusted_to_utc)
            )
        }
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{described, same_type};
    use pq_format::{ConvertedType, FieldRepetitionType, LogicalType, SchemaElement};

    fn group(
        repetition: FieldRepetitionType,
        converted: Option<ConvertedType>,
        logical: Option<LogicalType>,
    ) -> SchemaElement {
        SchemaElement {
            repetition_type: Some(repetition),
            converted_type: converted,
            logical_type: logical,
            ..SchemaElement::default()
        }
    }

    #[test]
    fn groups_of_older_writers_mean_the_same() {
        let (optional, repeated) = (FieldRepetitionType::OPTIONAL, FieldRepetitionType::REPEATED);
        let list = group(optional, None, Some(LogicalType::List(Default::default())));
        let map = group(optional, None, Some(LogicalType::Map(Default::default())));
        let old = |converted| group(optional, Some(converted), None);
        assert!(same_type(&list, &old(ConvertedType::LIST)));
        assert!(same_type(&map, &old(ConvertedType::MAP)));
        assert!(same_type(&map, &old(ConvertedType::MAP_KEY_VALUE)));
        assert!(!same_type(&list, &map));
        let pairs = group(repeated, Some(ConvertedType::MAP_KEY_VALUE), None);
        assert!(same_type(&pairs, &group(repeated, None, None)));
        assert_eq!(described(&old(ConvertedType::LIST)), "optional group list");
    }
}
