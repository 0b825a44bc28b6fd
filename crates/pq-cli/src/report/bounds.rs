//! Bounds of column chunks, as text.

use super::time::{date, time_of_day, timestamp};
use pq_format::{Binary, ConvertedType, LogicalType, SchemaElement, Statistics, TimeUnit, Type};
use std::fmt::Write;

/// Bytes of a decimal that is shown as a number: more than any writer's.
const LONGEST_DECIMAL: usize = 64;

/// A bound of the values of a column chunk.
#[derive(Debug, PartialEq)]
pub struct Bound {
    /// The value as text, by the type of the column.
    pub text: String,
    /// The value as it is stored, in hexadecimal digits.
    pub hex: String,
    /// Whether it is a value of the chunk itself, where the writer says so.
    pub exact: Option<bool>,
    /// Whether it stands only in the field that the specification has given up.
    pub legacy: bool,
}

/// The lower and the upper bound, where there are any.
pub fn bounds(element: &SchemaElement, statistics: &Statistics) -> (Option<Bound>, Option<Bound>) {
    let bound = |value: Option<&Binary>, old: Option<&Binary>, exact: Option<bool>| {
        let bytes = value.or(old)?;
        Some(Bound {
            text: text(element, bytes),
            hex: hex(bytes),
            exact: exact.filter(|_| value.is_some()),
            legacy: value.is_none(),
        })
    };
    let Statistics {
        min_value,
        max_value,
        min,
        max,
        is_min_value_exact,
        is_max_value_exact,
        ..
    } = statistics;
    (
        bound(min_value.as_ref(), min.as_ref(), *is_min_value_exact),
        bound(max_value.as_ref(), max.as_ref(), *is_max_value_exact),
    )
}

/// A value, encoded plain and without a length, as text. What has no text form, or not the bytes
/// that its type asks for, is shown as `0x…`.
fn text(element: &SchemaElement, bytes: &[u8]) -> String {
    let shown = match element.r#type {
        Some(Type::BOOLEAN) => match bytes {
            [0] => Some("false".to_owned()),
            [1] => Some("true".to_owned()),
            _ => None,
        },
        Some(Type::INT32) => array(bytes).map(|bytes| {
            let value = i32::from_le_bytes(bytes);
            integer(element, value.into(), u64::from(value as u32))
        }),
        Some(Type::INT64) => array(bytes).map(|bytes| {
            let value = i64::from_le_bytes(bytes);
            integer(element, value, value as u64)
        }),
        Some(Type::FLOAT) => array(bytes).map(|bytes| format!("{:?}", f32::from_le_bytes(bytes))),
        Some(Type::DOUBLE) => array(bytes).map(|bytes| format!("{:?}", f64::from_le_bytes(bytes))),
        Some(Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY) => byte_string(element, bytes),
        _ => None,
    };
    shown.unwrap_or_else(|| format!("0x{}", hex(bytes)))
}

fn array<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn integer(element: &SchemaElement, value: i64, unsigned: u64) -> String {
    use ConvertedType as C;
    let scale = match decimal_scale(element) {
        Some(scale) => return decimal(&value.to_be_bytes(), scale),
        None => element.logical_type.as_ref(),
    };
    match (scale, element.converted_type) {
        (Some(LogicalType::Date(_)), _) | (None, Some(C::DATE)) => date(value),
        (Some(LogicalType::Time(time)), _) => match per_second(&time.unit) {
            Some(unit) => time_of_day(value, unit),
            None => value.to_string(),
        },
        (Some(LogicalType::Timestamp(stamp)), _) => match per_second(&stamp.unit) {
            Some(unit) if stamp.is_adjusted_to_utc => format!("{}Z", timestamp(value, unit)),
            Some(unit) => timestamp(value, unit),
            None => value.to_string(),
        },
        (Some(LogicalType::Integer(int)), _) if !int.is_signed => unsigned.to_string(),
        (None, Some(C::TIME_MILLIS)) => time_of_day(value, 1_000),
        (None, Some(C::TIME_MICROS)) => time_of_day(value, 1_000_000),
        (None, Some(C::TIMESTAMP_MILLIS)) => format!("{}Z", timestamp(value, 1_000)),
        (None, Some(C::TIMESTAMP_MICROS)) => format!("{}Z", timestamp(value, 1_000_000)),
        (None, Some(C::UINT_8 | C::UINT_16 | C::UINT_32 | C::UINT_64)) => unsigned.to_string(),
        _ => value.to_string(),
    }
}

fn per_second(unit: &TimeUnit) -> Option<i64> {
    match unit {
        TimeUnit::Millis(_) => Some(1_000),
        TimeUnit::Micros(_) => Some(1_000_000),
        TimeUnit::Nanos(_) => Some(1_000_000_000),
        TimeUnit::Other(_) => None,
    }
}

fn byte_string(element: &SchemaElement, bytes: &[u8]) -> Option<String> {
    use ConvertedType as C;
    if let Some(scale) = decimal_scale(element) {
        return (bytes.len() <= LONGEST_DECIMAL).then(|| decimal(bytes, scale));
    }
    match (&element.logical_type, element.converted_type) {
        (Some(LogicalType::String(_) | LogicalType::Enum(_) | LogicalType::Json(_)), _)
        | (None, Some(C::UTF8 | C::ENUM | C::JSON)) => {
            std::str::from_utf8(bytes).ok().map(str::to_owned)
        }
        (Some(LogicalType::Uuid(_)), _) if bytes.len() == 16 => {
            let digits = hex(bytes);
            let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
            Some(groups.map(|range| digits[range].to_owned()).join("-"))
        }
        (Some(LogicalType::Float16(_)), _) => {
            array(bytes).map(|bytes| format!("{:?}", half(u16::from_le_bytes(bytes))))
        }
        _ => None,
    }
}

fn decimal_scale(element: &SchemaElement) -> Option<usize> {
    let scale = match (&element.logical_type, element.converted_type) {
        (Some(LogicalType::Decimal(decimal)), _) => decimal.scale,
        (None, Some(ConvertedType::DECIMAL)) => element.scale.unwrap_or(0),
        _ => return None,
    };
    // A scale beyond all digits there can be is a fault of the file; the integer is shown then.
    Some(usize::try_from(scale).unwrap_or(0)).map(|scale| if scale > 1_000 { 0 } else { scale })
}

/// A big-endian two's complement integer of any length with a decimal point.
fn decimal(bytes: &[u8], scale: usize) -> String {
    let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    let mut magnitude = bytes.to_vec();
    if negative {
        let mut carry = true;
        for byte in magnitude.iter_mut().rev() {
            (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
        }
    }
    let mut digits = Vec::new();
    let mut count = 0;
    while magnitude.iter().any(|&byte| byte != 0) || count <= scale {
        let mut rest = 0_u16;
        for byte in &mut magnitude {
            let value = rest << 8 | u16::from(*byte);
            *byte = (value / 10) as u8;
            rest = value % 10;
        }
        digits.push(char::from(b'0' + rest as u8));
        count += 1;
        if count == scale {
            digits.push('.');
        }
    }
    if negative {
        digits.push('-');
    }
    digits.iter().rev().collect()
}

/// A half-precision float, from its bits.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f32::from(bits & 0x3ff) / 1024.0;
    match exponent {
        0 => sign * fraction * 2_f32.powi(-14),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        _ => sign * (1.0 + fraction) * 2_f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pq_format::{
        DateType, DecimalType, Float16Type, IntType, MicroSeconds, StringType, TimestampType,
        UUIDType,
    };

    fn of(physical: Type, logical: Option<LogicalType>, bytes: &[u8]) -> String {
        let element = SchemaElement {
            r#type: Some(physical),
            logical_type: logical,
            ..SchemaElement::default()
        };
        text(&element, bytes)
    }

    #[test]
    fn values_are_shown_by_their_type() {
        let decimal = |scale| {
            let precision = 9;
            Some(LogicalType::Decimal(DecimalType {
                scale,
                precision,
                ..DecimalType::default()
            }))
        };
        let unsigned = Some(LogicalType::Integer(IntType {
            bit_width: 32,
            is_signed: false,
            ..IntType::default()
        }));
        let micros = Some(LogicalType::Timestamp(TimestampType {
            is_adjusted_to_utc: true,
            unit: TimeUnit::Micros(MicroSeconds::default()),
            ..TimestampType::default()
        }));
        let day = Some(LogicalType::Date(DateType::default()));
        let string = Some(LogicalType::String(StringType::default()));
        let float16 = Some(LogicalType::Float16(Float16Type::default()));
        let uuid = Some(LogicalType::Uuid(UUIDType::default()));
        let bytes = Type::FIXED_LEN_BYTE_ARRAY;
        assert_eq!(of(Type::BOOLEAN, None, &[1]), "true");
        assert_eq!(of(Type::INT32, None, &(-5_i32).to_le_bytes()), "-5");
        assert_eq!(of(Type::INT32, unsigned, &[0xff; 4]), "4294967295");
        assert_eq!(
            of(Type::INT32, day, &19_782_i32.to_le_bytes()),
            "2024-02-29"
        );
        let value = 1_500_000_i64.to_le_bytes();
        assert_eq!(
            of(Type::INT64, micros, &value),
            "1970-01-01T00:00:01.500000Z"
        );
        assert_eq!(
            of(Type::INT64, decimal(2), &(-7_i64).to_le_bytes()),
            "-0.07"
        );
        assert_eq!(of(Type::FLOAT, None, &1.5_f32.to_le_bytes()), "1.5");
        assert_eq!(of(Type::DOUBLE, None, &f64::INFINITY.to_le_bytes()), "inf");
        assert_eq!(
            of(Type::BYTE_ARRAY, string.clone(), "naïve".as_bytes()),
            "naïve"
        );
        assert_eq!(of(Type::BYTE_ARRAY, string, &[0xff]), "0xff");
        assert_eq!(of(Type::BYTE_ARRAY, None, b"ab"), "0x6162");
        assert_eq!(of(bytes, float16.clone(), &[0x00, 0x3e]), "1.5");
        assert_eq!(of(bytes, float16, &[0x01, 0x80]), "-5.9604645e-8");
        assert_eq!(of(bytes, decimal(3), &[0x01, 0x00, 0x00]), "65.536");
        assert_eq!(of(bytes, decimal(0), &[0xff, 0x00]), "-256");
        assert_eq!(of(bytes, decimal(0), &[]), "0");
        let shown = of(bytes, uuid, &[0x12; 16]);
        assert_eq!(shown, "12121212-1212-1212-1212-121212121212");
    }

    #[test]
    fn wrong_lengths_are_shown_as_they_are() {
        assert_eq!(of(Type::INT32, None, &[1, 2]), "0x0102");
        assert_eq!(of(Type::INT64, None, &[]), "0x");
        assert_eq!(
            of(Type::INT96, None, &[0; 12]),
            "0x000000000000000000000000"
        );
    }

    #[test]
    fn the_present_fields_come_first() {
        let element = SchemaElement {
            r#type: Some(Type::INT32),
            ..SchemaElement::default()
        };
        let statistics = Statistics {
            min: Some([9; 4].into()),
            min_value: Some([1, 0, 0, 0].into()),
            is_min_value_exact: Some(true),
            max: Some([2, 0, 0, 0].into()),
            ..Statistics::default()
        };
        let (min, max) = bounds(&element, &statistics);
        let (min, max) = (min.unwrap(), max.unwrap());
        assert_eq!((min.text.as_str(), min.hex.as_str()), ("1", "01000000"));
        assert_eq!((min.exact, min.legacy), (Some(true), false));
        assert_eq!((max.text.as_str(), max.exact), ("2", None));
        assert!(max.legacy);
    }
}
