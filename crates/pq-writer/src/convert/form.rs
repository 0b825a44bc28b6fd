//! The forms that each type may come in, and the one it is stored in.

use super::{Physical, decimal};
use crate::batch::{Column, Values};
use crate::error::WriteError;
use crate::schema::{DataType, Leaf, TimeUnit};
use std::borrow::Cow;

const MILLIS_A_DAY: i64 = 86_400_000;

/// Bytes of a value, so that a page with levels and lengths stays below 2 GiB.
const LONGEST_VALUE: usize = (i32::MAX as usize) - (1 << 20);

/// The values of a column that is no dictionary, in the shape of the physical type of `leaf`.
pub(super) fn physical<'a>(
    leaf: &Leaf,
    column: &'a Column<'a>,
    first_row: usize,
) -> Result<Physical<'a>, WriteError> {
    let data_type = leaf.data_type;
    Ok(match (data_type, &column.values) {
        (DataType::Boolean, Values::Boolean(bits)) => Physical::Boolean(*bits),
        (DataType::Int8, Values::Int8(values)) => widen(values),
        (DataType::Int16, Values::Int16(values)) => widen(values),
        (DataType::UInt8, Values::UInt8(values)) => widen(values),
        (DataType::UInt16, Values::UInt16(values)) => widen(values),
        (DataType::UInt32, Values::UInt32(values)) => Physical::Int32(Cow::Owned(
            values.iter().map(|&value| value.cast_signed()).collect(),
        )),
        (DataType::UInt64, Values::UInt64(values)) => Physical::Int64(Cow::Owned(
            values.iter().map(|&value| value.cast_signed()).collect(),
        )),
        (DataType::Int32 | DataType::Date, Values::Int32(values)) => {
            Physical::Int32(Cow::Borrowed(values))
        }
        (
            DataType::Time {
                unit: TimeUnit::Millis,
            },
            Values::Int32(values),
        ) => Physical::Int32(Cow::Borrowed(values)),
        (
            DataType::Time {
                unit: TimeUnit::Seconds,
            },
            Values::Int32(values),
        ) => Physical::Int32(Cow::Owned(each(column, first_row, values, |value| {
            value
                .checked_mul(1000)
                .ok_or("the time is out of range in milliseconds")
        })?)),
        (DataType::DateMillis, Values::Int64(values)) => {
            Physical::Int32(Cow::Owned(each(column, first_row, values, |value| {
                if value.rem_euclid(MILLIS_A_DAY) != 0 {
                    return Err("the date has a time of day");
                }
                i32::try_from(value.div_euclid(MILLIS_A_DAY))
                    .map_err(|_| "the date is out of range in days")
            })?))
        }
        (
            DataType::Timestamp {
                unit: TimeUnit::Seconds,
                ..
            },
            Values::Int64(values),
        ) => Physical::Int64(Cow::Owned(each(column, first_row, values, |value| {
            value
                .checked_mul(1000)
                .ok_or("the timestamp is out of range in milliseconds")
        })?)),
        (
            DataType::Int64
            | DataType::Time {
                unit: TimeUnit::Micros | TimeUnit::Nanos,
            }
            | DataType::Timestamp { .. }
            | DataType::Duration { .. },
            Values::Int64(values),
        ) => Physical::Int64(Cow::Borrowed(values)),
        (DataType::Float16, Values::Float16(values)) => Physical::Fixed {
            width: 2,
            data: Cow::Owned(
                values
                    .iter()
                    .flat_map(|value| value.to_le_bytes())
                    .collect(),
            ),
        },
        (DataType::Float32, Values::Float32(values)) => Physical::Float(Cow::Borrowed(values)),
        (DataType::Float64, Values::Float64(values)) => Physical::Double(Cow::Borrowed(values)),
        (DataType::String | DataType::Binary, Values::Bytes32 { offsets, data }) => {
            check_bytes(column, first_row, offsets, data, data_type)?;
            Physical::Bytes32 { offsets, data }
        }
        (DataType::String | DataType::Binary, Values::Bytes64 { offsets, data }) => {
            check_bytes(column, first_row, offsets, data, data_type)?;
            Physical::Bytes64 {
                offsets: Cow::Borrowed(offsets),
                data: Cow::Borrowed(data),
            }
        }
        (DataType::FixedBinary(_), Values::FixedBytes { width, data })
            if *width == leaf.fixed_width() && data.len() % width.max(&1) == 0 =>
        {
            Physical::Fixed {
                width: *width,
                data: Cow::Borrowed(data),
            }
        }
        (DataType::Decimal { precision, .. }, values) => {
            return decimal::physical(leaf, column, values, precision, first_row);
        }
        (_, values) => return Err(wrong_form(leaf, column, values)),
    })
}

pub(super) fn wrong_form(leaf: &Leaf, column: &Column<'_>, values: &Values<'_>) -> WriteError {
    WriteError::WrongForm {
        column: column.name.to_owned(),
        expected: format!("{:?}", leaf.data_type),
        got: values.form().to_owned(),
    }
}

fn widen<T: Copy + Into<i32>>(values: &[T]) -> Physical<'static> {
    Physical::Int32(Cow::Owned(
        values.iter().map(|&value| value.into()).collect(),
    ))
}

/// Each value converted; at null rows, where any value may stand, one that does not convert
/// becomes zero.
pub(super) fn each<T: Copy, U: Default, E: ToString>(
    column: &Column<'_>,
    first_row: usize,
    values: &[T],
    convert: impl Fn(T) -> Result<U, E>,
) -> Result<Vec<U>, WriteError> {
    values
        .iter()
        .enumerate()
        .map(|(row, &value)| match convert(value) {
            Ok(converted) => Ok(converted),
            Err(_) if column.validity.is_some_and(|bits| !bits.get(row)) => Ok(U::default()),
            Err(reason) => Err(WriteError::InvalidValue {
                column: column.name.to_owned(),
                row: first_row + row,
                reason: reason.to_string(),
            }),
        })
        .collect()
}

/// Offsets ascend within the data, values are short enough for a page, and text is UTF-8.
fn check_bytes<O: Copy + TryInto<usize>>(
    column: &Column<'_>,
    first_row: usize,
    offsets: &[O],
    data: &[u8],
    data_type: DataType,
) -> Result<(), WriteError> {
    let invalid = |row: usize, reason: &str| WriteError::InvalidValue {
        column: column.name.to_owned(),
        row: first_row + row,
        reason: reason.to_owned(),
    };
    let position = |offset: O| offset.try_into().unwrap_or(usize::MAX);
    let Some((&first, &last)) = offsets.first().zip(offsets.last()) else {
        return Ok(());
    };
    // Text is checked whole; only if that fails, value by value, since null rows may hold anything.
    let text = match data_type {
        DataType::String => data
            .get(position(first)..position(last))
            .and_then(|region| std::str::from_utf8(region).ok()),
        _ => None,
    };
    let base = position(first);
    for (row, pair) in offsets.windows(2).enumerate() {
        let (start, end) = (position(pair[0]), position(pair[1]));
        let Some(value) = data.get(start..end) else {
            return Err(invalid(row, "the offsets do not ascend within the data"));
        };
        let is_there = || column.validity.is_none_or(|bits| bits.get(row));
        if value.len() > LONGEST_VALUE && is_there() {
            return Err(invalid(row, "the value is too long for a page of 2 GiB"));
        }
        if data_type != DataType::String {
            continue;
        }
        let is_whole = text.is_some_and(|text| {
            text.is_char_boundary(start - base) && text.is_char_boundary(end - base)
        });
        if !is_whole && std::str::from_utf8(value).is_err() && is_there() {
            return Err(invalid(row, "the text is not UTF-8"));
        }
    }
    Ok(())
}
