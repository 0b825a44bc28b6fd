//! Columns by what their values look like.

use crate::numbers::Numbers;
use arrow_array::builder::StringBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, StringArray,
    StringViewArray, TimestampMicrosecondArray,
};
use std::sync::Arc;

/// The next so many values.
pub type Column = Box<dyn FnMut(usize) -> ArrayRef>;

/// INT64 of all 64 bits.
pub fn any_integers(seed: u64) -> Column {
    let mut numbers = Numbers::seeded(seed);
    Box::new(move |rows| {
        Arc::new(Int64Array::from_iter_values(
            (0..rows).map(|_| numbers.next().cast_signed()),
        ))
    })
}

/// INT64 from 0 to below a limit.
pub fn integers(seed: u64, limit: u64) -> Column {
    let mut numbers = Numbers::seeded(seed);
    Box::new(move |rows| {
        Arc::new(Int64Array::from_iter_values(
            (0..rows).map(|_| (numbers.next() % limit).cast_signed()),
        ))
    })
}

/// INT32 from 0 to below a limit; one of `nulls` values is null, none if that is 0.
pub fn small_integers(seed: u64, limit: usize, nulls: usize) -> Column {
    let mut numbers = Numbers::seeded(seed);
    Box::new(move |rows| {
        let values = (0..rows).map(|_| {
            let is_null = nulls != 0 && numbers.below(nulls) == 0;
            (!is_null).then(|| numbers.below(limit) as i32)
        });
        Arc::new(Int32Array::from_iter(values))
    })
}

/// INT64 that ascend by 0 to 2.
pub fn sorted_integers(seed: u64) -> Column {
    let mut numbers = Numbers::seeded(seed);
    let mut value = 0;
    Box::new(move |rows| {
        Arc::new(Int64Array::from_iter_values((0..rows).map(|_| {
            value += numbers.below(3) as i64;
            value
        })))
    })
}

/// INT64 of all 64 bits, half of them null.
pub fn half_null(seed: u64) -> Column {
    let mut numbers = Numbers::seeded(seed);
    Box::new(move |rows| {
        let values = (0..rows).map(|_| {
            let value = numbers.next().cast_signed();
            (numbers.below(2) == 0).then_some(value)
        });
        Arc::new(Int64Array::from_iter(values))
    })
}

/// DOUBLE from 0 to below 1.
pub fn floats(seed: u64) -> Column {
    let mut numbers = Numbers::seeded(seed);
    Box::new(move |rows| {
        Arc::new(Float64Array::from_iter_values(
            (0..rows).map(|_| numbers.fraction()),
        ))
    })
}

/// DOUBLE of two decimals, from 0 to 999.99.
pub fn prices(seed: u64) -> Column {
    let mut numbers = Numbers::seeded(seed);
    Box::new(move |rows| {
        Arc::new(Float64Array::from_iter_values(
            (0..rows).map(|_| numbers.below(100_000) as f64 / 100.0),
        ))
    })
}

/// BOOLEAN.
pub fn booleans(seed: u64) -> Column {
    let mut numbers = Numbers::seeded(seed);
    Box::new(move |rows| {
        let values = (0..rows).map(|_| Some(numbers.below(2) == 0));
        Arc::new(BooleanArray::from_iter(values))
    })
}

/// TIMESTAMP in microseconds: 0 to 2 seconds after the one before, off by up to half a second.
pub fn times(seed: u64) -> Column {
    let mut numbers = Numbers::seeded(seed);
    let mut time = 1_700_000_000_000_000;
    Box::new(move |rows| {
        let values = (0..rows).map(|_| {
            time += numbers.below(2_000_001) as i64;
            time + numbers.below(1_000_001) as i64 - 500_000
        });
        Arc::new(TimestampMicrosecondArray::from_iter_values(values))
    })
}

/// Text, each value one of `texts`; one of `nulls` values is null, none if that is 0.
pub fn texts(seed: u64, texts: Vec<String>, nulls: usize) -> Column {
    let mut numbers = Numbers::seeded(seed);
    Box::new(move |rows| {
        let mut values = StringBuilder::new();
        for _ in 0..rows {
            if nulls != 0 && numbers.below(nulls) == 0 {
                values.append_null();
            } else {
                values.append_value(&texts[numbers.below(texts.len())]);
            }
        }
        Arc::new(values.finish())
    })
}

/// Text as views, each value one of `texts`.
pub fn views(seed: u64, texts: Vec<String>) -> Column {
    let mut numbers = Numbers::seeded(seed);
    Box::new(move |rows| {
        let values = (0..rows).map(|_| &texts[numbers.below(texts.len())]);
        Arc::new(StringViewArray::from_iter_values(values))
    })
}

/// Text by index into a dictionary, the same one in all batches.
pub fn categories(seed: u64, texts: Vec<String>) -> Column {
    let mut numbers = Numbers::seeded(seed);
    let entries: ArrayRef = Arc::new(StringArray::from_iter_values(&texts));
    Box::new(move |rows| {
        let indices = (0..rows).map(|_| numbers.below(texts.len()) as i32);
        let indices = Int32Array::from_iter_values(indices);
        let array = DictionaryArray::<Int32Type>::try_new(indices, entries.clone());
        Arc::new(array.expect("indices are below the number of entries"))
    })
}

/// Random UUIDs in hexadecimal digits, 36 bytes each.
pub fn uuids(seed: u64) -> Column {
    let mut numbers = Numbers::seeded(seed);
    Box::new(move |rows| {
        let mut values = StringBuilder::with_capacity(rows, rows * 36);
        for _ in 0..rows {
            values.append_value(uuid(numbers.next(), numbers.next()));
        }
        Arc::new(values.finish())
    })
}

/// The text of a UUID of these bits.
pub fn uuid(high: u64, low: u64) -> String {
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}
