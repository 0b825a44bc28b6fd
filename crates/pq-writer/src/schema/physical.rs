//! How each type is stored: physical, logical and converted type, and the order of its values.

use super::{DataType, Field, TimeUnit};
use crate::error::WriteError;
use pq_format::{
    ConvertedType, DateType, DecimalType, FieldRepetitionType, Float16Type, IntType, LogicalType,
    MicroSeconds, MilliSeconds, NanoSeconds, NullType, SchemaElement, StringType, TimeType,
    TimestampType, Type,
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

/// What is stored of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    pub(crate) element: SchemaElement,
    pub(crate) physical: Type,
    pub(crate) data_type: DataType,
    pub(crate) order: Order,
}

impl Leaf {
    /// The column as a footer has it.
    pub fn element(&self) -> &SchemaElement {
        &self.element
    }

    /// The name of the column.
    pub fn name(&self) -> &str {
        &self.element.name
    }

    /// What the values mean.
    pub fn data_type(&self) -> DataType {
        self.data_type
    }

    /// Whether rows may be null.
    pub fn is_optional(&self) -> bool {
        self.element.repetition_type == Some(FieldRepetitionType::OPTIONAL)
    }

    /// Bytes a value of FIXED_LEN_BYTE_ARRAY.
    pub(crate) fn fixed_width(&self) -> usize {
        self.element
            .type_length
            .and_then(|width| usize::try_from(width).ok())
            .unwrap_or(0)
    }

    pub(crate) fn of(field: &Field) -> Result<Self, WriteError> {
        let unsupported = |reason: String| WriteError::UnsupportedType {
            column: field.name.clone(),
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
        let order = match field.data_type {
            DataType::Null => Order::Undefined,
            DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => {
                Order::Unsigned
            }
            DataType::Float16 => Order::Half,
            DataType::String => Order::Text,
            DataType::Binary | DataType::FixedBinary(_) => Order::Bytes,
            DataType::Decimal { precision, .. } if precision > 18 => Order::BigEndian,
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
        let (physical, (logical, converted)) = match field.data_type {
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
            DataType::Binary => (Type::BYTE_ARRAY, (None, None)),
            DataType::FixedBinary(width) => {
                if width < 1 {
                    return Err(unsupported(format!("fixed-size bytes of {width} bytes")));
                }
                element.type_length = Some(width);
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
                    unit: thrift_unit(unit),
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
            } => {
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
            DataType::Decimal { precision, scale } => {
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
            data_type: field.data_type,
            order,
        })
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
