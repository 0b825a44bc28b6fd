//! The types of values.

use arrow_schema::{DataType, TimeUnit};
use pq_writer::DataType as Stored;

/// The type of a field that is neither nested nor a dictionary nor runs; `None` if Parquet has none
/// for it.
pub(super) fn leaf(data_type: &DataType) -> Option<Stored> {
    Some(match data_type {
        DataType::Null => Stored::Null,
        DataType::Boolean => Stored::Boolean,
        DataType::Int8 => Stored::Int8,
        DataType::Int16 => Stored::Int16,
        DataType::Int32 => Stored::Int32,
        DataType::Int64 => Stored::Int64,
        DataType::UInt8 => Stored::UInt8,
        DataType::UInt16 => Stored::UInt16,
        DataType::UInt32 => Stored::UInt32,
        DataType::UInt64 => Stored::UInt64,
        DataType::Float16 => Stored::Float16,
        DataType::Float32 => Stored::Float32,
        DataType::Float64 => Stored::Float64,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Stored::String,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Stored::Binary,
        DataType::FixedSizeBinary(width) if *width > 0 => Stored::FixedBinary(*width),
        DataType::Date32 => Stored::Date,
        DataType::Date64 => Stored::DateMillis,
        DataType::Time32(unit @ (TimeUnit::Second | TimeUnit::Millisecond))
        | DataType::Time64(unit @ (TimeUnit::Microsecond | TimeUnit::Nanosecond)) => Stored::Time {
            unit: stored_unit(*unit),
        },
        DataType::Timestamp(unit, zone) => Stored::Timestamp {
            unit: stored_unit(*unit),
            is_adjusted_to_utc: zone.is_some(),
        },
        DataType::Duration(unit) => Stored::Duration {
            unit: stored_unit(*unit),
        },
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => Stored::Decimal {
            precision: *precision,
            scale: u8::try_from(*scale).ok()?,
        },
        DataType::Interval(_) => Stored::Interval,
        _ => return None,
    })
}

fn stored_unit(unit: TimeUnit) -> pq_writer::TimeUnit {
    match unit {
        TimeUnit::Second => pq_writer::TimeUnit::Seconds,
        TimeUnit::Millisecond => pq_writer::TimeUnit::Millis,
        TimeUnit::Microsecond => pq_writer::TimeUnit::Micros,
        TimeUnit::Nanosecond => pq_writer::TimeUnit::Nanos,
    }
}
