//! Where the values of each type of array lie.

use super::column::bits;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType,
    Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::types::{
    ByteViewType, IntervalDayTimeType, IntervalMonthDayNanoType, IntervalYearMonthType,
};
use arrow_array::{Array, GenericByteViewArray, OffsetSizeTrait};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};
use half::slice::HalfFloatSliceExt;
use pq_writer::Values;

/// The values of an array that is not made of others.
#[derive(Debug, Clone)]
pub(super) enum Leaf<'a> {
    /// As they lie in the array.
    Lent(Values<'a>),
    /// So many bytes a value, little-endian, copied because the machine orders them otherwise.
    Turned(usize, Vec<u8>),
}

impl Leaf<'_> {
    pub(super) fn lend(&self) -> Values<'_> {
        match self {
            Self::Lent(values) => values.clone(),
            Self::Turned(32, data) => Values::Int256(data.as_chunks().0),
            Self::Turned(width, data) => Values::FixedBytes {
                width: *width,
                data,
            },
        }
    }
}

/// Whether an array is of text, which is UTF-8 then, with offsets and views that are right.
pub(super) fn is_text(array: &dyn Array) -> bool {
    matches!(
        array.data_type(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
    )
}

/// The values of an array that is not made of others; `None` if its type is not carried.
pub(super) fn leaf(array: &dyn Array) -> Option<Leaf<'_>> {
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
        DataType::Decimal256(..) => return decimals(array),
        DataType::Utf8 | DataType::Binary => {
            let (offsets, data) = byte_strings::<i32>(array)?;
            Values::Bytes32 { offsets, data }
        }
        DataType::LargeUtf8 | DataType::LargeBinary => {
            let (offsets, data) = byte_strings::<i64>(array)?;
            Values::Bytes64 { offsets, data }
        }
        DataType::Utf8View => views(array.as_string_view_opt()?),
        DataType::BinaryView => views(array.as_binary_view_opt()?),
        DataType::Interval(unit) => return intervals(array, *unit),
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
    Some(Leaf::Lent(values))
}

/// The values of a primitive array.
pub(super) fn slice<T: ArrowPrimitiveType>(array: &dyn Array) -> Option<&[T::Native]> {
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

fn decimals(array: &dyn Array) -> Option<Leaf<'_>> {
    let lent = little_endian::<Decimal256Type, 32>(array, |value| value.to_le_bytes())?;
    Some(match lent {
        Ok(bytes) => Leaf::Lent(Values::Int256(bytes.as_chunks().0)),
        Err(turned) => Leaf::Turned(32, turned),
    })
}

fn intervals(array: &dyn Array, unit: IntervalUnit) -> Option<Leaf<'_>> {
    let (width, lent) = match unit {
        IntervalUnit::YearMonth => {
            let months = slice::<IntervalYearMonthType>(array)?;
            return Some(Leaf::Lent(Values::Int32(months)));
        }
        IntervalUnit::DayTime => {
            let lent = little_endian::<IntervalDayTimeType, 8>(array, |value| {
                let words = [value.days, value.milliseconds].map(i32::to_le_bytes);
                concat([&words[0], &words[1]])
            });
            (8, lent?)
        }
        IntervalUnit::MonthDayNano => {
            let lent = little_endian::<IntervalMonthDayNanoType, 16>(array, |value| {
                let words = [value.months, value.days].map(i32::to_le_bytes);
                concat([&words[0], &words[1], &value.nanoseconds.to_le_bytes()])
            });
            (16, lent?)
        }
    };
    Some(match lent {
        Ok(data) => Leaf::Lent(Values::FixedBytes { width, data }),
        Err(turned) => Leaf::Turned(width, turned),
    })
}

fn concat<const PARTS: usize, const N: usize>(parts: [&[u8]; PARTS]) -> [u8; N] {
    let mut bytes = [0; N];
    for (to, from) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
        *to = *from;
    }
    bytes
}

/// The `N` bytes of each value, little-endian: as they lie in memory, or `Err` with a copy if the
/// machine orders bytes otherwise.
fn little_endian<T: ArrowPrimitiveType, const N: usize>(
    array: &dyn Array,
    to_bytes: impl Fn(T::Native) -> [u8; N],
) -> Option<Result<&[u8], Vec<u8>>> {
    let values = array.as_primitive_opt::<T>()?.values();
    Some(if cfg!(target_endian = "little") {
        Ok(values.inner().as_slice())
    } else {
        Err(values.iter().flat_map(|&value| to_bytes(value)).collect())
    })
}

fn views<T: ByteViewType>(array: &GenericByteViewArray<T>) -> Values<'_> {
    Values::BytesView {
        views: array.views(),
        buffers: array
            .data_buffers()
            .iter()
            .map(|buffer| buffer.as_slice())
            .collect(),
    }
}

/// Offsets of the rows of a possibly sliced array, and the bytes that they point into.
fn byte_strings<O: OffsetSizeTrait>(array: &dyn Array) -> Option<(&[O], &[u8])> {
    if let Some(text) = array.as_string_opt::<O>() {
        return Some((text.value_offsets(), text.value_data()));
    }
    let bytes = array.as_binary_opt::<O>()?;
    Some((bytes.value_offsets(), bytes.value_data()))
}
