//! The forms that each type may come in, and the one it is stored in.

use super::each::{each, lend, lend_tested, map};
use super::{Fault, Pass, bytes, decimal, fixed, time};
use crate::batch::{Column, Values};
use crate::leaf::{BooleanPart, BooleanPieces, LeafValues};
use crate::nested::Selection;
use crate::schema::{DataType, Leaf, TimeUnit};
use pq_encoding::plain::BitAppender;

/// Appends values to others of the same leaf.
pub(super) fn append<'a>(all: &mut LeafValues<'a>, more: LeafValues<'a>) {
    match (all, more) {
        (LeafValues::Boolean(all), LeafValues::Boolean(more)) => all.append(more),
        (LeafValues::Int32(all), LeafValues::Int32(more)) => all.append(more),
        (LeafValues::Int64(all), LeafValues::Int64(more)) => all.append(more),
        (LeafValues::Float(all), LeafValues::Float(more)) => all.append(more),
        (LeafValues::Double(all), LeafValues::Double(more)) => all.append(more),
        (LeafValues::Bytes(all), LeafValues::Bytes(more)) => all.append(more),
        (LeafValues::Fixed { data: all, .. }, LeafValues::Fixed { data: more, .. }) => {
            all.append(more);
        }
        _ => debug_assert!(false, "one leaf has one physical type"),
    }
}

/// The values of a column that is neither nested nor a dictionary.
pub(super) fn values<'a>(
    leaf: &Leaf,
    column: &'a Column<'a>,
    selection: &Selection<'_>,
    pass: Pass,
) -> Result<LeafValues<'a>, Fault> {
    Ok(match (&leaf.data_type, &column.values) {
        (DataType::Boolean, Values::Boolean(bits)) => booleans(bits, selection, pass)?,
        (DataType::Int8, Values::Int8(values)) => {
            LeafValues::Int32(map(values, selection, pass, i32::from)?)
        }
        (DataType::Int16, Values::Int16(values)) => {
            LeafValues::Int32(map(values, selection, pass, i32::from)?)
        }
        (DataType::UInt8, Values::UInt8(values)) => {
            LeafValues::Int32(map(values, selection, pass, i32::from)?)
        }
        (DataType::UInt16, Values::UInt16(values)) => {
            LeafValues::Int32(map(values, selection, pass, i32::from)?)
        }
        (DataType::UInt32, Values::UInt32(values)) => {
            LeafValues::Int32(map(values, selection, pass, u32::cast_signed)?)
        }
        (DataType::UInt64, Values::UInt64(values)) => {
            LeafValues::Int64(map(values, selection, pass, u64::cast_signed)?)
        }
        (DataType::Int32 | DataType::Date, Values::Int32(values)) => {
            LeafValues::Int32(lend(values, selection, pass)?)
        }
        (DataType::Int64 | DataType::Duration { .. }, Values::Int64(values)) => {
            LeafValues::Int64(lend(values, selection, pass)?)
        }
        (DataType::Float16, Values::Float16(values)) => LeafValues::Fixed {
            width: 2,
            data: fixed::bytes_of(values, selection, pass, |value| value.to_le_bytes())?,
        },
        (DataType::Float32, Values::Float32(values)) => {
            LeafValues::Float(lend(values, selection, pass)?)
        }
        (DataType::Float64, Values::Float64(values)) => {
            LeafValues::Double(lend(values, selection, pass)?)
        }
        (DataType::DateMillis, Values::Int64(values)) => {
            LeafValues::Int32(each(values, selection, pass, time::days)?)
        }
        (
            DataType::Time {
                unit: TimeUnit::Millis,
            },
            Values::Int32(values),
        ) => LeafValues::Int32(lend_tested(values, selection, pass, |value| {
            time::within_a_day(value.into(), TimeUnit::Millis)
        })?),
        (
            DataType::Time {
                unit: TimeUnit::Seconds,
            },
            Values::Int32(values),
        ) => LeafValues::Int32(each(values, selection, pass, time::time_to_millis)?),
        (
            DataType::Time {
                unit: unit @ (TimeUnit::Micros | TimeUnit::Nanos),
            },
            Values::Int64(values),
        ) => LeafValues::Int64(lend_tested(values, selection, pass, |value| {
            time::within_a_day(value, *unit)
        })?),
        (
            DataType::Timestamp {
                unit: TimeUnit::Seconds,
                ..
            },
            Values::Int64(values),
        ) => LeafValues::Int64(each(values, selection, pass, time::seconds_to_millis)?),
        (DataType::Timestamp { .. }, Values::Int64(values)) => {
            LeafValues::Int64(lend(values, selection, pass)?)
        }
        (
            DataType::TimestampAs {
                unit,
                storage,
                truncate,
                ..
            },
            Values::Int64(values),
        ) => time::timestamps(values, selection, pass, *unit, *storage, *truncate)?,
        (
            DataType::String
            | DataType::Enum
            | DataType::Json
            | DataType::Bson
            | DataType::Binary
            | DataType::Geometry { .. }
            | DataType::Geography { .. },
            _,
        ) => {
            let is_text = matches!(
                leaf.data_type,
                DataType::String | DataType::Enum | DataType::Json
            );
            LeafValues::Bytes(bytes::byte_strings(column, selection, pass, is_text)?)
        }
        (DataType::FixedText(_), values) => fixed::padded(leaf, values, selection, pass)?,
        (DataType::FixedBinary(_) | DataType::Uuid, Values::FixedBytes { width, data }) => {
            fixed::whole(leaf, *width, data, selection, pass)?
        }
        (DataType::Interval, values) => fixed::intervals(values, selection, pass)?,
        (DataType::Decimal { precision, .. }, values) => {
            decimal::values(leaf, values, *precision, selection, pass)?
        }
        _ => return Err(Fault::Form),
    })
}

fn booleans<'a>(
    bits: &crate::batch::Bits<'a>,
    selection: &Selection<'_>,
    pass: Pass,
) -> Result<LeafValues<'a>, Fault> {
    if let Some(run) = selection.single_run() {
        let bits = bits.slice(run.start, run.len());
        if bits.len() < run.len() {
            return Err(super::each::beyond(bits.len()));
        }
        let mut pieces = BooleanPieces::default();
        pieces.push(bits.into());
        return Ok(LeafValues::Boolean(pieces));
    }
    let mut bytes = Vec::new();
    let mut len = 0;
    if pass == Pass::Take {
        let mut appender = BitAppender::new(&mut bytes);
        selection.for_each(|run| {
            len += run.len();
            appender
                .append_bits(bits.bytes(), bits.offset() + run.start, run.len())
                .map_err(|error| Fault::at(run.start, error.to_string()))
        })?;
        appender
            .finish()
            .map_err(|error| Fault::at(0, error.to_string()))?;
    }
    let mut pieces = BooleanPieces::default();
    pieces.push(BooleanPart::owned(bytes, len));
    Ok(LeafValues::Boolean(pieces))
}
