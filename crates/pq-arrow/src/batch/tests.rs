use super::ArrowBatch;
use super::values::Leaf;
use crate::ArrowError;
use arrow_array::builder::StringViewBuilder;
use arrow_array::types::{Decimal256Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Decimal256Array, DictionaryArray, FixedSizeBinaryArray,
    Int32Array, IntervalDayTimeArray, IntervalMonthDayNanoArray, IntervalYearMonthArray, NullArray,
    RecordBatch, RecordBatchOptions, StringArray, StructArray, UnionArray,
};
use arrow_buffer::{IntervalDayTime, IntervalMonthDayNano, i256};
use arrow_schema::{DataType, Field, Schema, UnionFields};
use pq_writer::{Keys, Values};
use std::sync::Arc;

fn batch(array: impl Array + 'static) -> RecordBatch {
    let array: ArrayRef = Arc::new(array);
    RecordBatch::try_from_iter([("c", array)]).unwrap()
}

#[test]
fn values_and_validity_are_borrowed_from_slices() {
    let array = Int32Array::from(vec![Some(0), None, Some(2), None, Some(4)]);
    let source = batch(array.slice(1, 3));
    let prepared = ArrowBatch::new(&source).unwrap();
    let lent = prepared.as_batch();
    let column = &lent.columns[0];
    assert_eq!((column.name, prepared.num_rows()), ("c", 3));
    let Values::Int32(values) = column.values else {
        panic!("{column:?}");
    };
    assert_eq!(values.as_ptr(), array.values()[1..].as_ptr());
    let bits = column.validity.unwrap();
    assert_eq!(
        bits.bytes().as_ptr(),
        array.nulls().unwrap().validity().as_ptr()
    );
    assert_eq!(bits.iter().collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn validity_of_a_slice_without_nulls_is_left_out() {
    let array = Int32Array::from(vec![None, Some(1), Some(2)]);
    let source = batch(array.slice(1, 2));
    assert_eq!(
        ArrowBatch::new(&source).unwrap().as_batch().columns[0].validity,
        None
    );
}

#[test]
fn bytes_are_borrowed_with_the_offsets_of_the_slice() {
    let array = StringArray::from(vec!["zero", "one", "", "three"]);
    let source = batch(array.slice(1, 2));
    let prepared = ArrowBatch::new(&source).unwrap();
    let expected = Values::Bytes32 {
        offsets: &[4, 7, 7],
        data: b"zeroonethree",
    };
    assert_eq!(prepared.as_batch().columns[0].values, expected);
}

#[test]
fn bits_start_where_the_slice_does() {
    let array = BooleanArray::from_iter((0..20).map(|row| Some(row % 3 == 0)));
    let source = batch(array.slice(9, 4));
    let prepared = ArrowBatch::new(&source).unwrap();
    let Values::Boolean(bits) = prepared.as_batch().columns[0].values else {
        panic!("{prepared:?}");
    };
    assert_eq!(bits.iter().collect::<Vec<_>>(), [true, false, false, true]);
}

#[test]
fn fixed_bytes_are_those_of_the_slice() {
    let array = FixedSizeBinaryArray::try_from_iter([b"ab", b"cd", b"ef"].into_iter()).unwrap();
    let source = batch(array.slice(1, 1));
    let prepared = ArrowBatch::new(&source).unwrap();
    let expected = Values::FixedBytes {
        width: 2,
        data: b"cd",
    };
    assert_eq!(prepared.as_batch().columns[0].values, expected);
}

#[test]
fn wide_decimals_are_little_endian() {
    let array = Decimal256Array::from(vec![i256::from_i128(-2), i256::from_i128(258)]);
    let source = batch(array.slice(0, 2));
    let prepared = ArrowBatch::new(&source).unwrap();
    let (mut first, mut second) = ([0xFF; 32], [0; 32]);
    first[0] = 0xFE;
    second[..2].copy_from_slice(&[2, 1]);
    let lent = prepared.as_batch();
    assert_eq!(lent.columns[0].values, Values::Int256(&[first, second]));
    #[cfg(target_endian = "little")]
    {
        use arrow_array::cast::AsArray;
        let Values::Int256(values) = lent.columns[0].values else {
            panic!("{lent:?}");
        };
        let source = source.column(0).as_primitive::<Decimal256Type>().values();
        assert_eq!(values.as_ptr().cast::<u8>(), source.inner().as_ptr());
    }
}

#[test]
fn views_are_lent_with_their_buffers() {
    let mut builder = StringViewBuilder::new().with_fixed_block_size(32);
    builder.append_value("sliced away");
    builder.append_value("short");
    builder.append_null();
    builder.append_value("longer than twelve bytes");
    builder.append_value("in another buffer than the one before");
    let array = builder.finish();
    let source = batch(array.slice(1, 4));
    let prepared = ArrowBatch::new(&source).unwrap();
    let lent = prepared.as_batch();
    let Values::BytesView { views, buffers } = &lent.columns[0].values else {
        panic!("{lent:?}");
    };
    assert_eq!(views.as_ptr(), array.views()[1..].as_ptr());
    assert_eq!((views.len(), buffers.len()), (4, 2));
    for (lent, buffer) in buffers.iter().zip(array.data_buffers().iter()) {
        assert_eq!(lent.as_ptr(), buffer.as_ptr());
    }
    assert_eq!(views[0].to_le_bytes()[..9], *b"\x05\0\0\0short");
    assert!(lent.columns[0].is_null(1));
}

#[test]
fn intervals_are_little_endian_bytes() {
    let months = IntervalYearMonthArray::from(vec![0, 14]);
    let source = batch(months.slice(1, 1));
    let prepared = ArrowBatch::new(&source).unwrap();
    assert_eq!(prepared.as_batch().columns[0].values, Values::Int32(&[14]));

    let days = IntervalDayTimeArray::from(vec![
        IntervalDayTime::new(0, 0),
        IntervalDayTime::new(1, 258),
    ]);
    let source = batch(days.slice(1, 1));
    let prepared = ArrowBatch::new(&source).unwrap();
    let expected = Values::FixedBytes {
        width: 8,
        data: &[1, 0, 0, 0, 2, 1, 0, 0],
    };
    assert_eq!(prepared.as_batch().columns[0].values, expected);

    let nanos = IntervalMonthDayNanoArray::from(vec![
        IntervalMonthDayNano::new(0, 0, 0),
        IntervalMonthDayNano::new(3, 2, 256),
    ]);
    let source = batch(nanos.slice(1, 1));
    let prepared = ArrowBatch::new(&source).unwrap();
    let expected = Values::FixedBytes {
        width: 16,
        data: &[3, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    };
    assert_eq!(prepared.as_batch().columns[0].values, expected);
}

#[test]
fn values_turned_around_are_lent_as_those_that_are_not() {
    let data = vec![7; 32];
    let wide = Leaf::Turned(32, data.clone());
    assert_eq!(wide.lend(), Values::Int256(&[[7; 32]]));
    let expected = Values::FixedBytes {
        width: 16,
        data: &data,
    };
    assert_eq!(Leaf::Turned(16, data.clone()).lend(), expected);
}

#[test]
fn dictionaries_keep_codes_and_values() {
    let array: DictionaryArray<Int32Type> = [Some("a"), Some("b"), None, Some("a")]
        .into_iter()
        .collect();
    let source = batch(array.slice(1, 3));
    let prepared = ArrowBatch::new(&source).unwrap();
    let lent = prepared.as_batch();
    let Values::Dictionary { keys, values } = &lent.columns[0].values else {
        panic!("{lent:?}");
    };
    let Keys::Int32(codes) = keys else {
        panic!("{keys:?}");
    };
    assert_eq!((codes[0], codes[2]), (1, 0));
    assert_eq!(
        values.values,
        Values::Bytes32 {
            offsets: &[0, 1, 2],
            data: b"ab"
        }
    );
    assert!(lent.columns[0].is_null(1));
}

#[test]
fn a_null_array_is_its_length() {
    let source = batch(NullArray::new(3));
    let prepared = ArrowBatch::new(&source).unwrap();
    assert_eq!(prepared.as_batch().columns[0].values, Values::Null(3));
}

#[test]
fn an_unsupported_column_is_named() {
    let fields = UnionFields::try_new([0], [Field::new("a", DataType::Int32, true)]).unwrap();
    let children: Vec<ArrayRef> = vec![Arc::new(Int32Array::from(vec![1]))];
    let union = UnionArray::try_new(fields, vec![0].into(), None, children).unwrap();
    let structs = StructArray::from(vec![(
        Arc::new(Field::new("u", union.data_type().clone(), true)),
        Arc::new(union) as ArrayRef,
    )]);
    let source = batch(structs);
    let error = ArrowBatch::new(&source).unwrap_err();
    assert!(
        matches!(&error, ArrowError::UnsupportedType { column, data_type: DataType::Union(..) } if column == "c.u"),
        "{error}"
    );
}

#[test]
fn rows_without_columns_are_an_error() {
    let options = RecordBatchOptions::new().with_row_count(Some(3));
    let source =
        RecordBatch::try_new_with_options(Arc::new(Schema::empty()), vec![], &options).unwrap();
    let error = ArrowBatch::new(&source).unwrap_err();
    assert!(
        matches!(error, ArrowError::NoColumns { rows: 3 }),
        "{error}"
    );
    assert!(ArrowBatch::new(&source.slice(0, 0)).is_ok());
}
