//! What a column's values mean, as far as checks differ by it.

use pq_format::{ConvertedType, LogicalType, SchemaElement, TimeUnit, Type};

/// What values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whatever the physical type says.
    Plain,
    /// UTF-8.
    Text,
    Decimal {
        precision: i32,
    },
    Integer {
        bits: u8,
        signed: bool,
    },
    /// A time of day, of so many units a day.
    Time {
        units: i64,
    },
    Half,
    /// A type of which values have no order.
    Unordered,
    /// A type that this version does not know.
    Unknown,
}

impl Kind {
    /// By the logical type, and by the converted type where there is no logical one.
    pub(crate) fn of(element: &SchemaElement) -> Self {
        match &element.logical_type {
            Some(logical) => Self::of_logical(logical),
            None => element.converted_type.map_or(Self::Plain, |converted| {
                Self::of_converted(element, converted)
            }),
        }
    }

    fn of_logical(logical: &LogicalType) -> Self {
        match logical {
            LogicalType::String(_) | LogicalType::Enum(_) | LogicalType::Json(_) => Self::Text,
            LogicalType::Decimal(decimal) => Self::Decimal {
                precision: decimal.precision,
            },
            LogicalType::Integer(integer) => Self::Integer {
                bits: integer.bit_width.unsigned_abs(),
                signed: integer.is_signed,
            },
            LogicalType::Time(time) => Self::Time {
                units: match time.unit {
                    TimeUnit::Millis(_) => 86_400_000,
                    TimeUnit::Micros(_) => 86_400_000_000,
                    _ => 86_400_000_000_000,
                },
            },
            LogicalType::Float16(_) => Self::Half,
            LogicalType::Variant(_)
            | LogicalType::Geometry(_)
            | LogicalType::Geography(_)
            | LogicalType::File(_)
            | LogicalType::List(_)
            | LogicalType::Map(_) => Self::Unordered,
            LogicalType::Date(_)
            | LogicalType::Timestamp(_)
            | LogicalType::Uuid(_)
            | LogicalType::Bson(_)
            | LogicalType::Unknown(_) => Self::Plain,
            _ => Self::Unknown,
        }
    }

    fn of_converted(element: &SchemaElement, converted: ConvertedType) -> Self {
        if let Some((bits, signed)) = integer(converted) {
            return Self::Integer { bits, signed };
        }
        match converted {
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Self::Text,
            ConvertedType::DECIMAL => Self::Decimal {
                precision: element.precision.unwrap_or(0),
            },
            ConvertedType::TIME_MILLIS => Self::Time { units: 86_400_000 },
            ConvertedType::TIME_MICROS => Self::Time {
                units: 86_400_000_000,
            },
            ConvertedType::INTERVAL => Self::Unordered,
            _ if converted.name().is_none() => Self::Unknown,
            _ => Self::Plain,
        }
    }
}

/// The width and sign of a converted type that is an integer.
pub(crate) fn integer(converted: ConvertedType) -> Option<(u8, bool)> {
    Some(match converted {
        ConvertedType::INT_8 => (8, true),
        ConvertedType::INT_16 => (16, true),
        ConvertedType::INT_32 => (32, true),
        ConvertedType::INT_64 => (64, true),
        ConvertedType::UINT_8 => (8, false),
        ConvertedType::UINT_16 => (16, false),
        ConvertedType::UINT_32 => (32, false),
        ConvertedType::UINT_64 => (64, false),
        _ => return None,
    })
}

/// The physical types that a logical type may annotate, and the length it asks of a fixed one.
pub(crate) fn may_annotate(logical: &LogicalType, physical: Type, length: i32) -> bool {
    match logical {
        LogicalType::String(_)
        | LogicalType::Enum(_)
        | LogicalType::Json(_)
        | LogicalType::Bson(_)
        | LogicalType::Geometry(_)
        | LogicalType::Geography(_) => physical == Type::BYTE_ARRAY,
        LogicalType::Decimal(_) => matches!(
            physical,
            Type::INT32 | Type::INT64 | Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY
        ),
        LogicalType::Date(_) => physical == Type::INT32,
        LogicalType::Time(time) => match time.unit {
            TimeUnit::Millis(_) => physical == Type::INT32,
            _ => physical == Type::INT64,
        },
        LogicalType::Timestamp(_) => physical == Type::INT64,
        LogicalType::Integer(integer) => match integer.bit_width {
            64 => physical == Type::INT64,
            8 | 16 | 32 => physical == Type::INT32,
            _ => false,
        },
        LogicalType::Uuid(_) => physical == Type::FIXED_LEN_BYTE_ARRAY && length == 16,
        LogicalType::Float16(_) => physical == Type::FIXED_LEN_BYTE_ARRAY && length == 2,
        LogicalType::Map(_)
        | LogicalType::List(_)
        | LogicalType::Variant(_)
        | LogicalType::File(_) => false,
        _ => true,
    }
}

/// The same of converted types.
pub(crate) fn converted_may_annotate(
    converted: ConvertedType,
    physical: Type,
    length: i32,
) -> bool {
    if let Some((bits, _)) = integer(converted) {
        let expected = if bits == 64 { Type::INT64 } else { Type::INT32 };
        return physical == expected;
    }
    match converted {
        ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON | ConvertedType::BSON => {
            physical == Type::BYTE_ARRAY
        }
        ConvertedType::DECIMAL => matches!(
            physical,
            Type::INT32 | Type::INT64 | Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY
        ),
        ConvertedType::DATE | ConvertedType::TIME_MILLIS => physical == Type::INT32,
        ConvertedType::TIME_MICROS
        | ConvertedType::TIMESTAMP_MILLIS
        | ConvertedType::TIMESTAMP_MICROS => physical == Type::INT64,
        ConvertedType::INTERVAL => physical == Type::FIXED_LEN_BYTE_ARRAY && length == 12,
        ConvertedType::MAP | ConvertedType::LIST | ConvertedType::MAP_KEY_VALUE => false,
        _ => true,
    }
}

/// The converted type that says the same as a logical type, if there is one.
pub(crate) fn converted_of(logical: &LogicalType) -> Option<ConvertedType> {
    Some(match logical {
        LogicalType::String(_) => ConvertedType::UTF8,
        LogicalType::Map(_) => ConvertedType::MAP,
        LogicalType::List(_) => ConvertedType::LIST,
        LogicalType::Enum(_) => ConvertedType::ENUM,
        LogicalType::Decimal(_) => ConvertedType::DECIMAL,
        LogicalType::Date(_) => ConvertedType::DATE,
        LogicalType::Time(time) => match time.unit {
            TimeUnit::Millis(_) => ConvertedType::TIME_MILLIS,
            TimeUnit::Micros(_) => ConvertedType::TIME_MICROS,
            _ => return None,
        },
        LogicalType::Timestamp(timestamp) => match timestamp.unit {
            TimeUnit::Millis(_) => ConvertedType::TIMESTAMP_MILLIS,
            TimeUnit::Micros(_) => ConvertedType::TIMESTAMP_MICROS,
            _ => return None,
        },
        LogicalType::Integer(stated) => {
            let (bits, signed) = (stated.bit_width.unsigned_abs(), stated.is_signed);
            return ConvertedType::ALL
                .iter()
                .copied()
                .find(|&converted| integer(converted) == Some((bits, signed)));
        }
        LogicalType::Json(_) => ConvertedType::JSON,
        LogicalType::Bson(_) => ConvertedType::BSON,
        _ => return None,
    })
}
