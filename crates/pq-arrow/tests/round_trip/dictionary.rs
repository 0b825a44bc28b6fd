use crate::file::{ROWS, assert_round_trips, assert_stored_as, is_null};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Date32Type, Decimal128Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BinaryArray, BooleanArray, DictionaryArray,
    FixedSizeBinaryArray, LargeStringArray, NullArray, PrimitiveArray, StringArray,
    StringViewArray,
};
use arrow_select::take::take;
use std::sync::Arc;

/// A dictionary array whose codes do not name every value, with null rows.
fn coded<K: ArrowDictionaryKeyType>(values: ArrayRef) -> DictionaryArray<K>
where
    K::Native: TryFrom<usize>,
{
    let codes: PrimitiveArray<K> = (0..ROWS)
        .map(|row| {
            let code = (row * 7 + row / 3) % values.len().min(5);
            (!is_null(row)).then(|| K::Native::try_from(code).ok().unwrap())
        })
        .collect();
    DictionaryArray::new(codes, values)
}

fn words() -> ArrayRef {
    Arc::new(StringArray::from(vec![
        "one", "", "three", "vierzig", "☃", "unused",
    ]))
}

/// The values that the codes stand for.
fn decoded<K: ArrowDictionaryKeyType>(array: &ArrayRef) -> ArrayRef {
    let dictionary = array.as_dictionary::<K>();
    take(dictionary.values(), dictionary.keys(), None).unwrap()
}

#[test]
fn keys_of_all_widths() {
    assert_round_trips(coded::<Int8Type>(words()));
    assert_round_trips(coded::<Int16Type>(words()));
    assert_round_trips(coded::<Int32Type>(words()));
    assert_round_trips(coded::<Int64Type>(words()));
    assert_round_trips(coded::<UInt8Type>(words()));
    assert_round_trips(coded::<UInt16Type>(words()));
    assert_round_trips(coded::<UInt32Type>(words()));
    assert_round_trips(coded::<UInt64Type>(words()));
}

#[test]
fn values_of_bytes_and_large_text() {
    let large: LargeStringArray = ["a", "b"].into_iter().map(Some).collect();
    assert_round_trips(coded::<Int32Type>(Arc::new(large)));
    let bytes: BinaryArray = [b"\xFF", b"\x00"].into_iter().map(Some).collect();
    assert_round_trips(coded::<Int32Type>(Arc::new(bytes)));
}

fn numbers<T: ArrowPrimitiveType>(values: &[T::Native]) -> PrimitiveArray<T> {
    PrimitiveArray::from_iter_values(values.iter().copied())
}

#[test]
fn values_of_other_types() {
    assert_round_trips(coded::<UInt8Type>(Arc::new(numbers::<Int64Type>(&[
        5,
        -5,
        i64::MAX,
        5,
    ]))));
    assert_round_trips(coded::<UInt8Type>(Arc::new(numbers::<Float64Type>(&[
        0.5, -0.0, 0.0,
    ]))));
    assert_round_trips(coded::<UInt8Type>(Arc::new(numbers::<Date32Type>(&[
        0, 20_000,
    ]))));
    let decimals = numbers::<Decimal128Type>(&[1, -100]);
    assert_round_trips(coded::<UInt8Type>(Arc::new(
        decimals.with_precision_and_scale(20, 2).unwrap(),
    )));
    assert_round_trips(coded::<UInt8Type>(Arc::new(BooleanArray::from(vec![
        true, false,
    ]))));
    assert_round_trips(coded::<UInt8Type>(Arc::new(StringViewArray::from(vec![
        "x",
        "more than twelve bytes",
    ]))));
    let fixed = FixedSizeBinaryArray::try_from_iter([b"ab", b"cd"].into_iter()).unwrap();
    assert_round_trips(coded::<UInt8Type>(Arc::new(fixed)));
}

#[test]
fn nulls_among_the_values() {
    let values: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("b")]));
    assert_stored_as(Arc::new(coded::<Int8Type>(values)), |piece| {
        let plain = decoded::<Int8Type>(piece);
        let expected: DictionaryArray<Int8Type> = plain.as_string::<i32>().iter().collect();
        Arc::new(expected)
    });
}

#[test]
fn nothing_but_nulls() {
    let array = coded::<Int8Type>(Arc::new(NullArray::new(2)));
    assert_stored_as(Arc::new(array), |piece| {
        Arc::new(NullArray::new(piece.len()))
    });
}

#[test]
fn dictionaries_that_differ_from_batch_to_batch() {
    use crate::file::{batch, read, write};
    let first: DictionaryArray<Int32Type> = [Some("b"), None, Some("a")].into_iter().collect();
    let second: DictionaryArray<Int32Type> = [Some("a"), Some("c")].into_iter().collect();
    let all: DictionaryArray<Int32Type> = [Some("b"), None, Some("a"), Some("a"), Some("c")]
        .into_iter()
        .collect();
    let (first, second): (ArrayRef, ArrayRef) = (Arc::new(first), Arc::new(second));
    let row_groups = [vec![batch(&first), batch(&second)]];
    let file = write(
        &batch(&first).schema(),
        &row_groups,
        &pq_arrow::HasNulls::All,
    )
    .unwrap();
    assert_eq!(read(&file, 0).column(0).as_ref(), &all as &dyn Array);
}
