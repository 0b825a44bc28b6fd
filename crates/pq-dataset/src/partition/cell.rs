//! One value of a partition column, and its text.

use crate::error::DatasetError;
use crate::marker::type_name;
use pq_writer::{ByteString, Column, DataType, Field, TimeUnit, Values};

/// A value as it can be compared and hashed; two floats are the same where their bits are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Cell<'a> {
    Null,
    Boolean(bool),
    Integer(i128),
    Float32(u32),
    Float64(u64),
    Bytes(&'a [u8]),
    /// At most twelve bytes, and how many: in every form of short text, so that they compare.
    Short(u8, [u8; 12]),
}

impl<'a> Cell<'a> {
    /// The value, unless it is bytes that lie elsewhere.
    pub(super) fn short(self) -> Result<Cell<'static>, &'a [u8]> {
        Ok(match self {
            Self::Null => Cell::Null,
            Self::Boolean(value) => Cell::Boolean(value),
            Self::Integer(value) => Cell::Integer(value),
            Self::Float32(bits) => Cell::Float32(bits),
            Self::Float64(bits) => Cell::Float64(bits),
            Self::Short(len, bytes) => Cell::Short(len, bytes),
            Self::Bytes(bytes) => return Err(bytes),
        })
    }

    /// A number that is rarely the same for two values.
    pub(super) fn mixed(&self) -> u64 {
        let number = match self {
            Self::Null | Self::Bytes(_) => 0,
            Self::Boolean(value) => u64::from(*value),
            Self::Integer(value) => *value as u64,
            Self::Float32(bits) => u64::from(*bits),
            Self::Float64(bits) => *bits,
            Self::Short(len, bytes) => {
                let low = bytes
                    .first_chunk()
                    .map_or(0, |low| u64::from_le_bytes(*low));
                let high = bytes
                    .last_chunk()
                    .map_or(0, |high| u32::from_le_bytes(*high));
                low ^ u64::from(high).rotate_left(40) ^ u64::from(*len)
            }
        };
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
    }
}

/// Errors if the values of `field` cannot name folders.
pub(crate) fn check_type(field: &Field) -> Result<(), DatasetError> {
    let has_no_text = field.data_type.is_nested()
        || matches!(field.data_type, DataType::Decimal { precision, .. } if precision > 38);
    if has_no_text
        || matches!(
            field.data_type,
            DataType::Binary
                | DataType::FixedBinary(_)
                | DataType::FixedText(_)
                | DataType::Uuid
                | DataType::Bson
                | DataType::Interval
                | DataType::Geometry { .. }
                | DataType::Geography { .. }
                | DataType::Duration { .. }
        )
    {
        return Err(DatasetError::PartitionType {
            column: field.name.clone(),
            data_type: type_name(&field.data_type),
        });
    }
    Ok(())
}

/// The value of one row; `None` if the column has no such row or no such form of values.
pub(super) fn cell<'a>(column: &Column<'a>, row: usize) -> Option<Cell<'a>> {
    if column.is_null(row) {
        return Some(Cell::Null);
    }
    let (column, row) = column.resolve(row)?;
    Some(match &column.values {
        Values::Null(_) => Cell::Null,
        Values::Boolean(bits) => Cell::Boolean(bits.get(row)),
        Values::Int8(values) => Cell::Integer((*values.get(row)?).into()),
        Values::Int16(values) => Cell::Integer((*values.get(row)?).into()),
        Values::Int32(values) => Cell::Integer((*values.get(row)?).into()),
        Values::Int64(values) => Cell::Integer((*values.get(row)?).into()),
        Values::UInt8(values) => Cell::Integer((*values.get(row)?).into()),
        Values::UInt16(values) => Cell::Integer((*values.get(row)?).into()),
        Values::UInt32(values) => Cell::Integer((*values.get(row)?).into()),
        Values::UInt64(values) => Cell::Integer((*values.get(row)?).into()),
        Values::Int128(values) => Cell::Integer(*values.get(row)?),
        Values::Float16(values) => Cell::Float32(half_to_single(*values.get(row)?).to_bits()),
        Values::Float32(values) => Cell::Float32(values.get(row)?.to_bits()),
        Values::Float64(values) => Cell::Float64(values.get(row)?.to_bits()),
        _ => return column.byte_string(row).map(short_or_long),
    })
}

fn short_or_long(value: ByteString<'_>) -> Cell<'_> {
    match value {
        ByteString::Lent(bytes) if bytes.len() > 12 => Cell::Bytes(bytes),
        _ => {
            let mut short = [0; 12];
            let bytes = value.as_bytes();
            for (to, from) in short.iter_mut().zip(bytes) {
                *to = *from;
            }
            Cell::Short(bytes.len().min(12) as u8, short)
        }
    }
}

fn half_to_single(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1024.0 + fraction) * 2_f32.powi(exponent - 25),
    }
}

/// The text of a value that is not null.
pub(super) fn text(cell: Cell<'_>, data_type: &DataType) -> Result<String, String> {
    Ok(match (cell, data_type) {
        (Cell::Boolean(value), _) => value.to_string(),
        // The form with an exponent where the plain one would be long.
        (Cell::Float32(bits), _) => format!("{:?}", f32::from_bits(bits)),
        (Cell::Float64(bits), _) => format!("{:?}", f64::from_bits(bits)),
        (Cell::Bytes(bytes), _) => utf8(bytes)?,
        (Cell::Short(len, bytes), _) => utf8(bytes.get(..usize::from(len)).unwrap_or_default())?,
        (Cell::Integer(days), DataType::Date) => date(days),
        (Cell::Integer(millis), DataType::DateMillis) => date(millis.div_euclid(86_400_000)),
        (Cell::Integer(value), DataType::Time { unit }) => {
            if !(0..86_400 * per_second(*unit)).contains(&value) {
                return Err("the time is not within a day".to_owned());
            }
            time(value, *unit)
        }
        (
            Cell::Integer(value),
            DataType::Timestamp { unit, .. } | DataType::TimestampAs { unit, .. },
        ) => {
            let day = 86_400 * per_second(*unit);
            let (days, rest) = (value.div_euclid(day), value.rem_euclid(day));
            format!("{} {}", date(days), time(rest, *unit))
        }
        (Cell::Integer(value), DataType::Decimal { scale, .. }) => decimal(value, *scale),
        (Cell::Integer(value), _) => value.to_string(),
        (Cell::Null, _) => return Err("null has no text".to_owned()),
    })
}

fn utf8(bytes: &[u8]) -> Result<String, String> {
    std::str::from_utf8(bytes)
        .map(str::to_owned)
        .map_err(|_| "the text is not UTF-8".to_owned())
}

fn per_second(unit: TimeUnit) -> i128 {
    match unit {
        TimeUnit::Seconds => 1,
        TimeUnit::Millis => 1_000,
        TimeUnit::Micros => 1_000_000,
        TimeUnit::Nanos => 1_000_000_000,
    }
}

/// The proleptic Gregorian date so many days after 1970-01-01, counted in years that begin in
/// March, so that the leap day is the last.
fn date(days: i128) -> String {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let leaps = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leaps) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i128::from(month <= 2);
    if year < 0 {
        format!("-{:04}-{month:02}-{day:02}", -year)
    } else {
        format!("{year:04}-{month:02}-{day:02}")
    }
}

/// Hours, minutes, seconds and, where there is one, the fraction at the unit's width.
fn time(value: i128, unit: TimeUnit) -> String {
    let (seconds, fraction) = (value / per_second(unit), value % per_second(unit));
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let whole = format!("{hours:02}:{minutes:02}:{:02}", seconds % 60);
    match (fraction, unit) {
        (0, _) | (_, TimeUnit::Seconds) => whole,
        (_, TimeUnit::Millis) => format!("{whole}.{fraction:03}"),
        (_, TimeUnit::Micros) => format!("{whole}.{fraction:06}"),
        (_, TimeUnit::Nanos) => format!("{whole}.{fraction:09}"),
    }
}

fn decimal(value: i128, scale: u8) -> String {
    let scale = usize::from(scale);
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}
