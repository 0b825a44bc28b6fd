use crate::file::{ROWS, assert_round_trips, is_null, primitive};
use arrow_array::types::{
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{BooleanArray, NullArray};
use half::f16;

#[test]
fn signed_integers() {
    assert_round_trips(primitive::<Int8Type>(|row| i8::MIN + row as i8));
    assert_round_trips(primitive::<Int16Type>(|row| i16::MIN + row as i16));
    assert_round_trips(primitive::<Int32Type>(|row| {
        i32::MIN + row as i32 * 1_000_003
    }));
    assert_round_trips(primitive::<Int64Type>(|row| {
        i64::MAX - row as i64 * 1_000_003
    }));
}

#[test]
fn unsigned_integers() {
    assert_round_trips(primitive::<UInt8Type>(|row| u8::MAX - row as u8));
    assert_round_trips(primitive::<UInt16Type>(|row| u16::MAX - row as u16));
    assert_round_trips(primitive::<UInt32Type>(|row| u32::MAX - row as u32));
    assert_round_trips(primitive::<UInt64Type>(|row| u64::MAX - row as u64));
}

#[test]
fn floats() {
    let special = [
        0.0,
        -0.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.5,
        -1.25,
        1e-4,
    ];
    let value = |row: usize| special[row % special.len()];
    assert_round_trips(primitive::<Float16Type>(|row| f16::from_f64(value(row))));
    assert_round_trips(primitive::<Float32Type>(|row| value(row) as f32));
    assert_round_trips(primitive::<Float64Type>(value));
}

#[test]
fn booleans() {
    let array: BooleanArray = (0..ROWS)
        .map(|row| (!is_null(row)).then_some(row % 3 == 0))
        .collect();
    assert_round_trips(array);
}

#[test]
fn nothing_but_nulls() {
    assert_round_trips(NullArray::new(ROWS));
}
