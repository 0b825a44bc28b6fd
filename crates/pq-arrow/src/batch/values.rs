//! Where the values of each type of array lie.

use super::column::{PreparedValues, bits};
use super::view;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType,
    Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, OffsetSizeTrait};
use arrow_schema::{DataType, TimeUnit};
use half::slice::HalfFloatSliceExt;
use pq_writer::{Keys, Values};

/// The values of an array that is no dictionary; `None` if its type is not carried.
pub(super) fn plain(array: &dyn Array) -> Option<PreparedValues<'_>> {
    let values = match array.data_type() {
        DataType::Null => Values::Null(array.len()),
        DataType::Boolean => Values::Boolean(bits(array.as_boolean_opt()?.values())?),
        DataType::Int8 => Values::Int8(slice::<Int8Type>(array)?),
        DataType::Int16 => Values::Int16(slice::<Int16Type>(array)?),
        DataType::Int32 => Values::Int32(slice::<Int32Type>(array)?),
        DataType::Int64 => Values::Int64(slice::<Int64Type>(array)?),
        DataType::UInt8 => Values::UInt8(slice::<UInt8Type>(array)?),
        DataType::UInt16 => Values::UInt16(slice::<UInt16Type>(array)?),
        DataType::UInt32 => Values::UInt32(slice::<UInt32Type>(array)?),
        DataType::UInt64 => Values::UInt64(slice::<UInt64Type>(array)?),
        DataType::Float16 => Values::Float16(slice::<Float16Type>(array)?.reinterpret_cast()),
        DataType::Float32 => Values::Float32(slice::<Float32Type>(array)?),
        DataType::Float64 => Values::Float64(slice::<Float64Type>(array)?),
        DataType::Date32 => Values::Int32(slice::<Date32Type>(array)?),
        DataType::Date64 => Values::Int64(slice::<Date64Type>(array)?),
        DataType::Time32(_) | DataType::Time64(_) => time(array)?,
        DataType::Timestamp(unit, _) => Values::Int64(timestamps(array, *unit)?),
        DataType::Duration(unit) => Values::Int64(durations(array, *unit)?),
        DataType::Decimal32(..) => Values::Int32(slice::<Decimal32Type>(array)?),
        DataType::Decimal64(..) => Values::Int64(slice::<Decimal64Type>(array)?),
        DataType::Decimal128(..) => Values::Int128(slice::<Decimal128Type>(array)?),
        DataType::Decimal256(..) => return wide(array),
        DataType::Utf8 | DataType::Binary => {
            let (offsets, data) = byte_strings::<i32>(array)?;
            Values::Bytes32 { offsets, data }
        }
        DataType::LargeUtf8 | DataType::LargeBinary => {
            let (offsets, data) = byte_strings::<i64>(array)?;
            Values::Bytes64 { offsets, data }
        }
        DataType::Utf8View => return Some(view::copied(array.as_string_view_opt()?)),
        DataType::BinaryView => return Some(view::copied(array.as_binary_view_opt()?)),
        DataType::FixedSizeBinary(width) => {
            let width = usize::try_from(*width).ok()?;
            let data = array.as_fixed_size_binary_opt()?.value_data();
            Values::FixedBytes {
                width,
                data: data.get(..array.len().checked_mul(width)?)?,
            }
        }
        _ => return None,
    };
    Some(PreparedValues::Lent(values))
}

/// The codes of a dictionary array and what they stand for; `None` if it is none.
pub(super) fn dictionary(array: &dyn Array) -> Option<(Keys<'_>, &dyn Array)> {
    let dictionary = array.as_any_dictionary_opt()?;
    let codes = dictionary.keys();
    let keys = match codes.data_type() {
        DataType::Int8 => Keys::Int8(slice::<Int8Type>(codes)?),
        DataType::Int16 => Keys::Int16(slice::<Int16Type>(codes)?),
        DataType::Int32 => Keys::Int32(slice::<Int32Type>(codes)?),
        DataType::Int64 => Keys::Int64(slice::<Int64Type>(codes)?),
        DataType::UInt8 => Keys::UInt8(slice::<UInt8Type>(codes)?),
        DataType::UInt16 => Keys::UInt16(slice::<UInt16Type>(codes)?),
        DataType::UInt32 => Keys::UInt32(slice::<UInt32Type>(codes)?),
        DataType::UInt64 => Keys::UInt64(slice::<UInt64Type>(codes)?),
        _ => return None,
    };
    Some((keys, dictionary.values().as_ref()))
}

fn slice<T: ArrowPrimitiveType>(array: &dyn Array) -> Option<&[T::Native]> {
    Some(array.as_primitive_opt::<T>()?.values())
}

fn time(array: &dyn Array) -> Option<Values<'_>> {
    Some(match array.data_type() {
        DataType::Time32(TimeUnit::Second) => Values::Int32(slice::<Time32SecondType>(array)?),
        DataType::Time32(TimeUnit::Millisecond) => {
            Values::Int32(slice::<Time32MillisecondType>(array)?)
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            Values::Int64(slice::<Time64MicrosecondType>(array)?)
        }
        DataType::Time64(TimeUnit::Nanosecond) => {
            Values::Int64(slice::<Time64NanosecondType>(array)?)
        }
        _ => return None,
    })
}

fn timestamps(array: &dyn Array, unit: TimeUnit) -> Option<&[i64]> {
    match unit {
        TimeUnit::Second => slice::<TimestampSecondType>(array),
        TimeUnit::Millisecond => slice::<TimestampMillisecondType>(array),
        TimeUnit::Microsecond => slice::<TimestampMicrosecondType>(array),
        TimeUnit::Nanosecond => slice::<TimestampNanosecondType>(array),
    }
}

fn durations(array: &dyn Array, unit: TimeUnit) -> Option<&[i64]> {
    match unit {
        TimeUnit::Second => slice::<DurationSecondType>(array),
        TimeUnit::Millisecond => slice::<DurationMillisecondType>(array),
        TimeUnit::Microsecond => slice::<DurationMicrosecondType>(array),
        TimeUnit::Nanosecond => slice::<DurationNanosecondType>(array),
    }
}

/// 256-bit integers lie in memory as the machine orders bytes; the writer wants little-endian.
fn wide(array: &dyn Array) -> Option<PreparedValues<'_>> {
    let values = array.as_primitive_opt::<Decimal256Type>()?.values();
    Some(match values.inner().as_slice().as_chunks::<32>() {
        (chunks, []) if cfg!(target_endian = "little") => {
            PreparedValues::Lent(Values::Int256(chunks))
        }
        _ => PreparedValues::Wide(values.iter().map(|value| value.to_le_bytes()).collect()),
    })
}

/// Offsets of the rows of a possibly sliced array, and the bytes that they point into.
fn byte_strings<O: OffsetSizeTrait>(array: &dyn Array) -> Option<(&[O], &[u8])> {
    if let Some(text) = array.as_string_opt::<O>() {
        return Some((text.value_offsets(), text.value_data()));
    }
    let bytes = array.as_binary_opt::<O>()?;
    Some((bytes.value_offsets(), bytes.value_data()))
}
