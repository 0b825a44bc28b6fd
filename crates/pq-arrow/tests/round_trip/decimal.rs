use crate::file::{assert_round_trips, batch, primitive, write};
use arrow_array::types::{
    Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DecimalType,
};
use arrow_array::{ArrayRef, Decimal128Array};
use arrow_buffer::i256;
use pq_arrow::HasNulls;
use pq_writer::WriteError;
use std::sync::Arc;

/// Values up to the precision, of both signs, written with each precision given.
fn decimals<T: DecimalType>(digits: &[(u8, i8)], value: impl Fn(u8, usize) -> T::Native) {
    for &(precision, scale) in digits {
        let array = primitive::<T>(|row| value(precision, row));
        assert_round_trips(array.with_precision_and_scale(precision, scale).unwrap());
    }
}

#[test]
fn decimals_of_32_and_64_bits() {
    decimals::<Decimal32Type>(&[(3, 0), (9, 2), (9, 9)], |digits, row| {
        (10i32.pow(digits.into()) - 1 - row as i32) * [1, -1][row % 2]
    });
    decimals::<Decimal64Type>(&[(5, 2), (10, 3), (18, 18)], |digits, row| {
        (10i64.pow(digits.into()) - 1 - row as i64) * [1, -1][row % 2]
    });
}

#[test]
fn decimals_of_128_bits() {
    decimals::<Decimal128Type>(&[(4, 1), (18, 4), (19, 0), (38, 10)], |digits, row| {
        (10i128.pow(digits.into()) - 1 - row as i128) * [1, -1][row % 2]
    });
}

#[test]
fn decimals_of_256_bits() {
    decimals::<Decimal256Type>(
        &[(6, 2), (18, 0), (38, 2), (39, 5), (76, 38)],
        |digits, row| {
            let limit = i256::from_string(&"9".repeat(digits.into())).unwrap();
            let value = limit.wrapping_sub(i256::from_i128(row as i128));
            if row % 2 == 0 {
                value
            } else {
                value.wrapping_neg()
            }
        },
    );
}

#[test]
fn a_decimal_beyond_its_precision_is_an_error() {
    let array = Decimal128Array::from(vec![Some(999), None, Some(1_000)]);
    let array: ArrayRef = Arc::new(array.with_precision_and_scale(3, 1).unwrap());
    let row_groups = [vec![batch(&array)]];
    let error = write(&batch(&array).schema(), &row_groups, &HasNulls::AsDeclared).unwrap_err();
    assert!(
        matches!(&error, WriteError::InvalidValue { column, row: 2, .. } if column == "c"),
        "{error}"
    );
}
