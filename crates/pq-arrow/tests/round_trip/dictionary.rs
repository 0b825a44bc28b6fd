use crate::file::{ROWS, assert_round_trips, assert_stored_as, is_null};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, Time32MillisecondType, Time64NanosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BinaryArray, BinaryViewArray, BooleanArray,
    DictionaryArray, FixedSizeBinaryArray, LargeStringArray, NullArray, PrimitiveArray,
    RecordBatch, StringArray, StringViewArray,
};
use arrow_buffer::i256;
use arrow_select::take::take;
use half::f16;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pq_arrow::{ArrowBatch, HasNulls};
use pq_writer::{FileWriter, WriterOptions};
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
    assert_round_trips(coded::<Int32Type>(words()));
    assert_round_trips(coded::<Int64Type>(words()));
    assert_round_trips(coded::<UInt32Type>(words()));
    assert_round_trips(coded::<UInt64Type>(words()));
    // Narrow keys come back wide: the dictionaries of a file may become one that outgrows them.
    narrow_keys_come_back_wide::<Int8Type>();
    narrow_keys_come_back_wide::<Int16Type>();
    narrow_keys_come_back_wide::<UInt8Type>();
    narrow_keys_come_back_wide::<UInt16Type>();
}

fn narrow_keys_come_back_wide<K: ArrowDictionaryKeyType>()
where
    K::Native: TryFrom<usize>,
{
    assert_stored_as(Arc::new(coded::<K>(words())), |piece| {
        let plain = decoded::<K>(piece);
        let wide: DictionaryArray<Int32Type> = plain.as_string::<i32>().iter().collect();
        Arc::new(wide)
    });
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

fn coded_round_trips(values: impl Array + 'static) {
    assert_round_trips(coded::<Int32Type>(Arc::new(values)));
}

#[test]
fn values_that_are_numbers() {
    coded_round_trips(numbers::<Int8Type>(&[5, -5]));
    coded_round_trips(numbers::<Int16Type>(&[5, i16::MIN]));
    coded_round_trips(numbers::<Int32Type>(&[5, i32::MIN]));
    coded_round_trips(numbers::<Int64Type>(&[5, -5, i64::MAX, 5]));
    coded_round_trips(numbers::<UInt8Type>(&[5, u8::MAX]));
    coded_round_trips(numbers::<UInt16Type>(&[5, u16::MAX]));
    coded_round_trips(numbers::<UInt32Type>(&[5, u32::MAX]));
    coded_round_trips(numbers::<UInt64Type>(&[5, u64::MAX]));
    coded_round_trips(numbers::<Float32Type>(&[0.5, -0.0, 0.0]));
    coded_round_trips(numbers::<Float64Type>(&[0.5, -0.0, 0.0]));
}

#[test]
fn values_that_are_times() {
    coded_round_trips(numbers::<Date32Type>(&[0, 20_000]));
    coded_round_trips(numbers::<Date64Type>(&[0, -86_400_000]));
    coded_round_trips(numbers::<Time32MillisecondType>(&[1, 2]));
    coded_round_trips(numbers::<Time64NanosecondType>(&[1, 2]));
    coded_round_trips(numbers::<TimestampMillisecondType>(&[1, -2]));
    let zoned = numbers::<TimestampNanosecondType>(&[1, -2]);
    coded_round_trips(zoned.with_timezone("+05:30"));
    coded_round_trips(numbers::<DurationSecondType>(&[1, -2]));
}

#[test]
fn values_in_seconds_become_milliseconds() {
    let array = coded::<UInt8Type>(Arc::new(numbers::<TimestampSecondType>(&[1, -2])));
    assert_stored_as(Arc::new(array), |piece| {
        let plain = decoded::<UInt8Type>(piece);
        let seconds = plain.as_primitive::<TimestampSecondType>();
        Arc::new(seconds.unary::<_, TimestampMillisecondType>(|value| value * 1_000))
    });
}

#[test]
fn values_that_are_decimals() {
    for digits in [9, 18] {
        let decimals = numbers::<Decimal128Type>(&[1, -100]);
        coded_round_trips(decimals.with_precision_and_scale(digits, 2).unwrap());
        let decimals = numbers::<Decimal256Type>(&[i256::MINUS_ONE, i256::ONE]);
        coded_round_trips(decimals.with_precision_and_scale(digits, 2).unwrap());
    }
    coded_round_trips(numbers::<Decimal32Type>(&[1, -100]));
    coded_round_trips(numbers::<Decimal64Type>(&[1, -100]));
}

/// Readers make plain columns of these.
fn coded_comes_back_plain(values: impl Array + 'static) {
    let array = coded::<UInt8Type>(Arc::new(values));
    assert_stored_as(Arc::new(array), decoded::<UInt8Type>);
}

#[test]
fn values_that_readers_cannot_keep_coded() {
    coded_comes_back_plain(BooleanArray::from(vec![true, false]));
    coded_comes_back_plain(numbers::<Float16Type>(&[f16::ONE, f16::NEG_ZERO]));
    coded_comes_back_plain(numbers::<Decimal128Type>(&[1, -100]));
    coded_comes_back_plain(numbers::<Decimal256Type>(&[i256::MINUS_ONE, i256::ONE]));
}

#[test]
fn values_that_are_views_or_of_one_length() {
    let bytes = FixedSizeBinaryArray::try_from_iter([b"ab", b"cd"].into_iter()).unwrap();
    coded_round_trips(bytes);
    let words = ["x", "more than twelve bytes"];
    coded_round_trips(StringViewArray::from_iter_values(words));
    coded_round_trips(BinaryViewArray::from_iter_values(words));
}

#[test]
fn nulls_among_the_values() {
    let values: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("b")]));
    assert_stored_as(Arc::new(coded::<Int8Type>(values)), |piece| {
        let plain = decoded::<Int8Type>(piece);
        let expected: DictionaryArray<Int32Type> = plain.as_string::<i32>().iter().collect();
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

#[test]
fn dictionaries_of_two_batches_outgrow_their_keys() {
    let batch = |prefix: &str| {
        let words: StringArray = (0..100).map(|i| Some(format!("{prefix}{i}"))).collect();
        let keys = PrimitiveArray::<Int8Type>::from_iter_values(0..100);
        let array: ArrayRef = Arc::new(DictionaryArray::new(keys, Arc::new(words)));
        RecordBatch::try_from_iter([("c", array)]).unwrap()
    };
    let batches = [batch("a"), batch("b")];
    let schema = pq_arrow::schema(&batches[0].schema(), &HasNulls::AsDeclared).unwrap();
    let mut options = WriterOptions::default();
    let key_value = pq_arrow::arrow_schema_key_value(&batches[0].schema());
    options.key_values.push(key_value);
    let mut writer = FileWriter::new(Vec::new(), schema, options).unwrap();
    let lent = batches
        .each_ref()
        .map(|batch| ArrowBatch::new(batch).unwrap());
    writer
        .write_row_group(&lent.each_ref().map(ArrowBatch::as_batch))
        .unwrap();
    let file = bytes::Bytes::from(writer.finish().unwrap().0);
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let read: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    let words: Vec<String> = read
        .iter()
        .flat_map(|batch| {
            let plain = decoded::<Int32Type>(batch.column(0));
            let texts = plain.as_string::<i32>().iter().flatten();
            texts.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        (words.len(), words[0].as_str(), words[199].as_str()),
        (200, "a0", "b99")
    );
}
