//! How each type is stored: physical, logical and converted type, and the order of its values.

use super::{DataType, Edges, Field, TimeUnit, TimestampStorage};
use crate::error::WriteError;
use pq_format::{
    BsonType, ConvertedType, DateType, DecimalType, EdgeInterpolationAlgorithm, EnumType,
    FieldRepetitionType, Float16Type, GeographyType, GeometryType, IntType, JsonType, LogicalType,
    MicroSeconds, MilliSeconds, NanoSeconds, NullType, SchemaElement, StringType, TimeType,
    TimestampType, Type, UUIDType,
};

/// How the values of a column compare, which decides its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As signed integers or as floats, by the physical type.
    Signed,
    /// As unsigned integers.
    Unsigned,
    /// As unsigned bytes, whole.
    Bytes,
    /// As unsigned bytes that are UTF-8 text.
    Text,
    /// As big-endian two's complement integers.
    BigEndian,
    /// As half-precision floats.
    Half,
    /// No order is defined, so there are no bounds.
    Undefined,
}

/// How the values of one leaf are stored.
#[derive(Debug, Clone)]
pub(super) struct Storage {
    pub(super) element: SchemaElement,
    pub(super) physical: Type,
    pub(super) order: Order,
}

impl Storage {
    /// The storage of a field that is not nested, `column` its dotted path.
    pub(super) fn of(column: &str, field: &Field) -> Result<Self, WriteError> {
        let unsupported = |reason: String| WriteError::UnsupportedType {
            column: column.to_owned(),
            reason,
        };
        let int = |bit_width: i8, is_signed: bool| {
            let logical = LogicalType::Integer(IntType {
                bit_width,
                is_signed,
                ..IntType::default()
            });
            let converted = match (bit_width, is_signed) {
                (8, true) => ConvertedType::INT_8,
                (16, true) => ConvertedType::INT_16,
                (32, true) => ConvertedType::INT_32,
                (_, true) => ConvertedType::INT_64,
                (8, false) => ConvertedType::UINT_8,
                (16, false) => ConvertedType::UINT_16,
                (32, false) => ConvertedType::UINT_32,
                (_, false) => ConvertedType::UINT_64,
            };
            (Some(logical), Some(converted))
        };
        let order = match &field.data_type {
            DataType::Null => Order::Undefined,
            DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => {
                Order::Unsigned
            }
            DataType::Float16 => Order::Half,
            DataType::String | DataType::Enum | DataType::Json => Order::Text,
            DataType::Bson
            | DataType::Binary
            | DataType::FixedBinary(_)
            | DataType::FixedText(_)
            | DataType::Uuid => Order::Bytes,
            DataType::Decimal { precision, .. } if *precision > 18 => Order::BigEndian,
            DataType::Interval
            | DataType::Geometry { .. }
            | DataType::Geography { .. }
            | DataType::TimestampAs {
                storage: TimestampStorage::Int96,
                ..
            } => Order::Undefined,
            _ => Order::Signed,
        };
        let mut element = SchemaElement {
            name: field.name.clone(),
            repetition_type: Some(match field.nullable || field.data_type == DataType::Null {
                true => FieldRepetitionType::OPTIONAL,
                false => FieldRepetitionType::REQUIRED,
            }),
            field_id: field.field_id,
            ..SchemaElement::default()
        };
        let (physical, (logical, converted)) = match &field.data_type {
            DataType::Null => (
                Type::INT32,
                (Some(LogicalType::Unknown(NullType::default())), None),
            ),
            DataType::Boolean => (Type::BOOLEAN, (None, None)),
            DataType::Int8 => (Type::INT32, int(8, true)),
            DataType::Int16 => (Type::INT32, int(16, true)),
            DataType::Int32 => (Type::INT32, (None, None)),
            DataType::Int64 | DataType::Duration { .. } => (Type::INT64, (None, None)),
            DataType::UInt8 => (Type::INT32, int(8, false)),
            DataType::UInt16 => (Type::INT32, int(16, false)),
            DataType::UInt32 => (Type::INT32, int(32, false)),
            DataType::UInt64 => (Type::INT64, int(64, false)),
            DataType::Float16 => {
                element.type_length = Some(2);
                let logical = LogicalType::Float16(Float16Type::default());
                (Type::FIXED_LEN_BYTE_ARRAY, (Some(logical), None))
            }
            DataType::Float32 => (Type::FLOAT, (None, None)),
            DataType::Float64 => (Type::DOUBLE, (None, None)),
            DataType::String => {
                let logical = LogicalType::String(StringType::default());
                (Type::BYTE_ARRAY, (Some(logical), Some(ConvertedType::UTF8)))
            }
            DataType::Enum => {
                let logical = LogicalType::Enum(EnumType::default());
                (Type::BYTE_ARRAY, (Some(logical), Some(ConvertedType::ENUM)))
            }
            DataType::Json => {
                let logical = LogicalType::Json(JsonType::default());
                (Type::BYTE_ARRAY, (Some(logical), Some(ConvertedType::JSON)))
            }
            DataType::Bson => {
                let logical = LogicalType::Bson(BsonType::default());
                (Type::BYTE_ARRAY, (Some(logical), Some(ConvertedType::BSON)))
            }
            DataType::Uuid => {
                element.type_length = Some(16);
                let logical = LogicalType::Uuid(UUIDType::default());
                (Type::FIXED_LEN_BYTE_ARRAY, (Some(logical), None))
            }
            DataType::Interval => {
                element.type_length = Some(12);
                (
                    Type::FIXED_LEN_BYTE_ARRAY,
                    (None, Some(ConvertedType::INTERVAL)),
                )
            }
            DataType::Geometry { crs } => {
                let logical = LogicalType::Geometry(GeometryType {
                    crs: crs.clone(),
                    ..GeometryType::default()
                });
                (Type::BYTE_ARRAY, (Some(logical), None))
            }
            DataType::Geography { crs, edges } => {
                let logical = LogicalType::Geography(GeographyType {
                    crs: crs.clone(),
                    algorithm: edges.map(thrift_edges),
                    ..GeographyType::default()
                });
                (Type::BYTE_ARRAY, (Some(logical), None))
            }
            DataType::Binary => (Type::BYTE_ARRAY, (None, None)),
            DataType::FixedBinary(width) | DataType::FixedText(width) => {
                if *width < 1 {
                    return Err(unsupported(format!("fixed-size bytes of {width} bytes")));
                }
                element.type_length = Some(*width);
                (Type::FIXED_LEN_BYTE_ARRAY, (None, None))
            }
            DataType::Date | DataType::DateMillis => {
                let logical = LogicalType::Date(DateType::default());
                (Type::INT32, (Some(logical), Some(ConvertedType::DATE)))
            }
            DataType::Time { unit } => {
                // A time of day has no zone, so it is a local time. The converted types mean UTC
                // by name, but LogicalTypes.md has local times carry them too.
                let logical = LogicalType::Time(TimeType {
                    is_adjusted_to_utc: false,
                    unit: thrift_unit(*unit),
                    ..TimeType::default()
                });
                match unit {
                    TimeUnit::Seconds | TimeUnit::Millis => (
                        Type::INT32,
                        (Some(logical), Some(ConvertedType::TIME_MILLIS)),
                    ),
                    TimeUnit::Micros => (
                        Type::INT64,
                        (Some(logical), Some(ConvertedType::TIME_MICROS)),
                    ),
                    TimeUnit::Nanos => (Type::INT64, (Some(logical), None)),
                }
            }
            DataType::Timestamp {
                unit,
                is_adjusted_to_utc,
            } => timestamp(*unit, *is_adjusted_to_utc),
            DataType::TimestampAs {
                is_adjusted_to_utc,
                storage,
                ..
            } => match storage {
                TimestampStorage::Millis => timestamp(TimeUnit::Millis, *is_adjusted_to_utc),
                TimestampStorage::Micros => timestamp(TimeUnit::Micros, *is_adjusted_to_utc),
                TimestampStorage::Nanos => timestamp(TimeUnit::Nanos, *is_adjusted_to_utc),
                TimestampStorage::Int96 => (Type::INT96, (None, None)),
            },
            DataType::List(_)
            | DataType::Map { .. }
            | DataType::Struct(_)
            | DataType::Variant(_) => {
                return Err(unsupported("a nested type as a leaf".to_owned()));
            }
            &DataType::Decimal { precision, scale } => {
                if precision == 0 || precision > 76 || scale > precision {
                    return Err(unsupported(format!("decimal({precision}, {scale})")));
                }
                element.precision = Some(i32::from(precision));
                element.scale = Some(i32::from(scale));
                let logical = LogicalType::Decimal(DecimalType {
                    precision: i32::from(precision),
                    scale: i32::from(scale),
                    ..DecimalType::default()
                });
                let physical = match precision {
                    ..=9 => Type::INT32,
                    10..=18 => Type::INT64,
                    _ => {
                        element.type_length = Some(decimal_width(precision));
                        Type::FIXED_LEN_BYTE_ARRAY
                    }
                };
                (physical, (Some(logical), Some(ConvertedType::DECIMAL)))
            }
        };
        element.r#type = Some(physical);
        element.logical_type = logical;
        element.converted_type = converted;
        Ok(Self {
            element,
            physical,
            order,
        })
    }
}

fn timestamp(
    unit: TimeUnit,
    is_adjusted_to_utc: bool,
) -> (Type, (Option<LogicalType>, Option<ConvertedType>)) {
    let logical = LogicalType::Timestamp(TimestampType {
        is_adjusted_to_utc,
        unit: thrift_unit(unit),
        ..TimestampType::default()
    });
    let converted = match unit {
        TimeUnit::Seconds | TimeUnit::Millis => Some(ConvertedType::TIMESTAMP_MILLIS),
        TimeUnit::Micros => Some(ConvertedType::TIMESTAMP_MICROS),
        TimeUnit::Nanos => None,
    };
    (Type::INT64, (Some(logical), converted))
}

fn thrift_edges(edges: Edges) -> EdgeInterpolationAlgorithm {
    match edges {
        Edges::Spherical => EdgeInterpolationAlgorithm::SPHERICAL,
        Edges::Vincenty => EdgeInterpolationAlgorithm::VINCENTY,
        Edges::Thomas => EdgeInterpolationAlgorithm::THOMAS,
        Edges::Andoyer => EdgeInterpolationAlgorithm::ANDOYER,
        Edges::Karney => EdgeInterpolationAlgorithm::KARNEY,
    }
}

fn thrift_unit(unit: TimeUnit) -> pq_format::TimeUnit {
    match unit {
        TimeUnit::Seconds | TimeUnit::Millis => {
            pq_format::TimeUnit::Millis(MilliSeconds::default())
        }
        TimeUnit::Micros => pq_format::TimeUnit::Micros(MicroSeconds::default()),
        TimeUnit::Nanos => pq_format::TimeUnit::Nanos(NanoSeconds::default()),
    }
}

/// The fewest bytes whose two's complement integers reach `10^precision − 1`: a digit is
/// log2(10) ≈ 3.3219281 bits, and one more bit is the sign.
fn decimal_width(precision: u8) -> i32 {
    let bits = i64::from(precision) * 33_219_281 / 10_000_000 + 2;
    i32::try_from((bits + 7) / 8).unwrap_or(32)
}

#[cfg(test)]
mod tests {
    use super::decimal_width;

    #[test]
    fn decimals_take_the_fewest_bytes_that_hold_them() {
        // LogicalTypes.md: n bytes hold floor(log10(2^(8n − 1) − 1)) digits.
        for (digits, bytes) in [
            (19, 9),
            (21, 9),
            (22, 10),
            (28, 12),
            (38, 16),
            (39, 17),
            (76, 32),
        ] {
            assert_eq!(decimal_width(digits), bytes, "{digits} digits");
        }
    }
}
