use crate::file::{assert_round_trips, assert_stored_as, batch, primitive, write};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowTimestampType, Date32Type, Date64Type, DurationMicrosecondType, DurationMillisecondType,
    DurationNanosecondType, DurationSecondType, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{ArrayRef, Date64Array, TimestampSecondArray};
use pq_arrow::HasNulls;
use pq_writer::WriteError;
use std::sync::Arc;

const ZONES: [Option<&str>; 3] = [None, Some("UTC"), Some("+05:30")];

#[test]
fn dates() {
    assert_round_trips(primitive::<Date32Type>(|row| row as i32 * 1_000 - 9_000));
    assert_round_trips(primitive::<Date64Type>(|row| {
        (row as i64 * 1_000 - 9_000) * 86_400_000
    }));
}

#[test]
fn a_date_with_a_time_of_day_is_an_error() {
    let array: ArrayRef = Arc::new(Date64Array::from(vec![Some(0), None, Some(86_400_001)]));
    let row_groups = [vec![batch(&array)]];
    let error = write(&batch(&array).schema(), &row_groups, &HasNulls::AsDeclared).unwrap_err();
    assert!(
        matches!(&error, WriteError::InvalidValue { column, row: 2, .. } if column == "c"),
        "{error}"
    );
}

#[test]
fn times_of_day() {
    assert_round_trips(primitive::<Time32MillisecondType>(|row| {
        row as i32 * 2_000_003
    }));
    assert_round_trips(primitive::<Time64MicrosecondType>(|row| {
        row as i64 * 2_000_000_003
    }));
    assert_round_trips(primitive::<Time64NanosecondType>(|row| {
        row as i64 * 2_000_000_000_003
    }));
}

#[test]
fn times_in_seconds_become_milliseconds() {
    let array = primitive::<Time32SecondType>(|row| row as i32 * 2_003);
    assert_stored_as(Arc::new(array), |piece| {
        let seconds = piece.as_primitive::<Time32SecondType>();
        Arc::new(seconds.unary::<_, Time32MillisecondType>(|value| value * 1_000))
    });
}

fn timestamps<T: ArrowTimestampType>() {
    for zone in ZONES {
        let array = primitive::<T>(|row| row as i64 * 40_000_000_003 - 1_000_000_000_000);
        assert_round_trips(array.with_timezone_opt(zone));
    }
}

#[test]
fn timestamps_with_and_without_zones() {
    timestamps::<TimestampMillisecondType>();
    timestamps::<TimestampMicrosecondType>();
    timestamps::<TimestampNanosecondType>();
}

#[test]
fn timestamps_in_seconds_become_milliseconds() {
    // The reader restores a zone only where the unit is as written: instants come back in UTC.
    for (zone, read) in ZONES.into_iter().zip([None, Some("UTC"), Some("UTC")]) {
        let array = primitive::<TimestampSecondType>(|row| row as i64 * 40_000_003 - 9_000_000);
        assert_stored_as(Arc::new(array.with_timezone_opt(zone)), |piece| {
            let seconds = piece.as_primitive::<TimestampSecondType>();
            let millis = seconds.unary::<_, TimestampMillisecondType>(|value| value * 1_000);
            Arc::new(millis.with_timezone_opt(read))
        });
    }
}

#[test]
fn seconds_beyond_milliseconds_are_an_error_that_names_the_row() {
    let array: ArrayRef = Arc::new(TimestampSecondArray::from(vec![
        Some(1),
        None,
        Some(i64::MAX),
    ]));
    let row_groups = [vec![batch(&array.slice(0, 2)), batch(&array.slice(1, 2))]];
    let error = write(&batch(&array).schema(), &row_groups, &HasNulls::AsDeclared).unwrap_err();
    assert!(
        matches!(&error, WriteError::InvalidValue { column, row: 3, .. } if column == "c"),
        "{error}"
    );
}

#[test]
fn durations() {
    assert_round_trips(primitive::<DurationSecondType>(|row| row as i64 - 9));
    assert_round_trips(primitive::<DurationMillisecondType>(|row| row as i64 - 9));
    assert_round_trips(primitive::<DurationMicrosecondType>(|row| row as i64 - 9));
    assert_round_trips(primitive::<DurationNanosecondType>(|row| {
        i64::MIN + row as i64
    }));
}
