//! Arrays that are made of other arrays.

use super::values::slice;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, RunEndIndexType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Fields};
use pq_writer::{Column, Keys, Values};

/// How the rows of an array lie in those of another one. Slicing an array of lists, codes or runs
/// leaves the other one whole; only that of fixed-size lists is sliced with it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape<'a> {
    Codes(Keys<'a>),
    Lists32(&'a [i32]),
    Lists64(&'a [i64]),
    Views32(&'a [i32], &'a [i32]),
    Views64(&'a [i64], &'a [i64]),
    Fixed {
        size: usize,
        len: usize,
    },
    Runs {
        ends: Keys<'a>,
        offset: usize,
        len: usize,
    },
}

impl<'a> Shape<'a> {
    /// The rows, `values` being those of the other array.
    pub(super) fn lend<'s>(&self, values: Box<Column<'s>>) -> Values<'s>
    where
        'a: 's,
    {
        match *self {
            Self::Codes(keys) => Values::Dictionary { keys, values },
            Self::Lists32(offsets) => Values::List32 { offsets, values },
            Self::Lists64(offsets) => Values::List64 { offsets, values },
            Self::Views32(offsets, sizes) => Values::ListView32 {
                offsets,
                sizes,
                values,
            },
            Self::Views64(offsets, sizes) => Values::ListView64 {
                offsets,
                sizes,
                values,
            },
            Self::Fixed { size, len } => Values::FixedList { size, len, values },
            Self::Runs { ends, offset, len } => Values::RunEnd {
                ends,
                offset,
                len,
                values,
            },
        }
    }
}

/// The fields of an array of structs, sliced as it is.
pub(super) fn fields(array: &dyn Array) -> Option<(&Fields, &[ArrayRef])> {
    let structs = array.as_struct_opt()?;
    Some((structs.fields(), structs.columns()))
}

/// How an array of codes, lists or runs lies in its values, and these.
pub(super) fn shape(array: &dyn Array) -> Option<(Shape<'_>, &dyn Array)> {
    Some(match array.data_type() {
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary_opt()?;
            let codes = Shape::Codes(codes(dictionary.keys())?);
            (codes, dictionary.values().as_ref())
        }
        DataType::List(_) => {
            let lists = array.as_list_opt::<i32>()?;
            let shape = Shape::Lists32(lists.value_offsets());
            (shape, lists.values().as_ref())
        }
        DataType::LargeList(_) => {
            let lists = array.as_list_opt::<i64>()?;
            let shape = Shape::Lists64(lists.value_offsets());
            (shape, lists.values().as_ref())
        }
        DataType::ListView(_) => {
            let lists = array.as_list_view_opt::<i32>()?;
            let shape = Shape::Views32(lists.value_offsets(), lists.value_sizes());
            (shape, lists.values().as_ref())
        }
        DataType::LargeListView(_) => {
            let lists = array.as_list_view_opt::<i64>()?;
            let shape = Shape::Views64(lists.value_offsets(), lists.value_sizes());
            (shape, lists.values().as_ref())
        }
        DataType::FixedSizeList(_, size) => {
            let lists = array.as_fixed_size_list_opt()?;
            let shape = Shape::Fixed {
                size: usize::try_from(*size).ok()?,
                len: lists.len(),
            };
            (shape, lists.values().as_ref())
        }
        DataType::Map(..) => {
            let maps = array.as_map_opt()?;
            (Shape::Lists32(maps.value_offsets()), maps.entries())
        }
        DataType::RunEndEncoded(ends, _) => match ends.data_type() {
            DataType::Int16 => runs::<Int16Type>(array, Keys::Int16)?,
            DataType::Int32 => runs::<Int32Type>(array, Keys::Int32)?,
            DataType::Int64 => runs::<Int64Type>(array, Keys::Int64)?,
            _ => return None,
        },
        _ => return None,
    })
}

fn runs<'a, R: RunEndIndexType>(
    array: &'a dyn Array,
    keys: impl Fn(&'a [R::Native]) -> Keys<'a>,
) -> Option<(Shape<'a>, &'a dyn Array)> {
    let runs = array.as_run_opt::<R>()?;
    let ends = runs.run_ends();
    let shape = Shape::Runs {
        ends: keys(ends.values()),
        offset: ends.offset(),
        len: ends.len(),
    };
    Some((shape, runs.values().as_ref()))
}

fn codes(codes: &dyn Array) -> Option<Keys<'_>> {
    Some(match codes.data_type() {
        DataType::Int8 => Keys::Int8(slice::<Int8Type>(codes)?),
        DataType::Int16 => Keys::Int16(slice::<Int16Type>(codes)?),
        DataType::Int32 => Keys::Int32(slice::<Int32Type>(codes)?),
        DataType::Int64 => Keys::Int64(slice::<Int64Type>(codes)?),
        DataType::UInt8 => Keys::UInt8(slice::<UInt8Type>(codes)?),
        DataType::UInt16 => Keys::UInt16(slice::<UInt16Type>(codes)?),
        DataType::UInt32 => Keys::UInt32(slice::<UInt32Type>(codes)?),
        DataType::UInt64 => Keys::UInt64(slice::<UInt64Type>(codes)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
