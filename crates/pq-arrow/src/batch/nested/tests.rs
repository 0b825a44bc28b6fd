use crate::ArrowBatch;
use arrow_array::builder::{Int32Builder, ListBuilder, MapBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int16Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, FixedSizeListArray, Int8Array, Int16Array, Int32Array,
    LargeListArray, LargeListViewArray, ListArray, ListViewArray, RecordBatch, RunArray,
    StringArray, StructArray,
};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field};
use pq_writer::{Bits, Column, Keys, Values};
use std::sync::Arc;

/// Calls `look` with the column that rows `start .. start + len` of `array` are lent as.
fn lent(array: &dyn Array, start: usize, len: usize, look: impl FnOnce(&Column<'_>)) {
    let batch = RecordBatch::try_from_iter([("c", array.slice(start, len))]).unwrap();
    look(&ArrowBatch::new(&batch).unwrap().as_batch().columns[0]);
}

fn bits(bits: Option<Bits<'_>>) -> Vec<bool> {
    bits.unwrap().iter().collect()
}

fn item() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Int32, true))
}

#[test]
fn slices_of_lists_keep_their_elements_whole() {
    let rows = [
        Some(vec![Some(0), Some(1)]),
        None,
        Some(vec![]),
        Some(vec![None, Some(3)]),
    ];
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(rows.clone());
    let elements = lists.values().as_primitive::<Int32Type>().values();
    lent(&lists, 1, 3, |column| {
        let Values::List32 { offsets, values } = &column.values else {
            panic!("{column:?}");
        };
        assert_eq!(*offsets, [2, 2, 2, 4]);
        assert_eq!(offsets.as_ptr(), lists.value_offsets()[1..].as_ptr());
        assert_eq!(bits(column.validity), [false, true, true]);
        let Values::Int32(lent) = values.values else {
            panic!("{values:?}");
        };
        assert_eq!(lent.as_ptr(), elements.as_ptr());
        assert_eq!(bits(values.validity), [true, true, false, true]);
    });
    let large = LargeListArray::from_iter_primitive::<Int32Type, _, _>(rows);
    lent(&large, 3, 1, |column| {
        assert!(
            matches!(
                column.values,
                Values::List64 {
                    offsets: [2, 4],
                    ..
                }
            ),
            "{column:?}"
        );
    });
}

#[test]
fn views_of_lists_in_any_order() {
    let values: ArrayRef = Arc::new(Int32Array::from(vec![0, 1, 2]));
    let views = ListViewArray::new(
        item(),
        ScalarBuffer::from(vec![2, 0, 1]),
        ScalarBuffer::from(vec![1, 3, 0]),
        values.clone(),
        Some(NullBuffer::from(vec![true, true, false])),
    );
    lent(&views, 1, 2, |column| {
        let Values::ListView32 {
            offsets,
            sizes,
            values,
        } = &column.values
        else {
            panic!("{column:?}");
        };
        assert_eq!((*offsets, *sizes), (&[0, 1][..], &[3, 0][..]));
        assert_eq!(values.len(), 3);
        assert_eq!(bits(column.validity), [true, false]);
    });
    let offsets = ScalarBuffer::from(vec![0_i64, 1]);
    let large = LargeListViewArray::new(item(), offsets.clone(), offsets, values, None);
    lent(&large, 1, 1, |column| {
        let is_as_expected = matches!(
            column.values,
            Values::ListView64 {
                offsets: [1],
                sizes: [1],
                ..
            }
        );
        assert!(is_as_expected && column.validity.is_none(), "{column:?}");
    });
}

#[test]
fn lists_of_one_size_are_sliced_with_their_elements() {
    let values = Int32Array::from(vec![Some(0), None, Some(2), Some(3), Some(4), Some(5)]);
    let nulls = NullBuffer::from(vec![true, false, true]);
    let lists = FixedSizeListArray::new(item(), 2, Arc::new(values), Some(nulls));
    lent(&lists, 1, 2, |column| {
        let expected = Values::FixedList {
            size: 2,
            len: 2,
            values: Box::new(Column::new("c", Values::Int32(&[2, 3, 4, 5]))),
        };
        assert_eq!(column.values, expected);
        assert_eq!(bits(column.validity), [false, true]);
    });
    let nothing = FixedSizeListArray::try_new_with_length(
        item(),
        0,
        Arc::new(Int32Array::from(Vec::<i32>::new())),
        None,
        3,
    );
    lent(&nothing.unwrap(), 1, 2, |column| {
        assert_eq!(column.len(), 2)
    });
}

#[test]
fn structs_and_their_fields_have_nulls_of_their_own() {
    let a: ArrayRef = Arc::new(Int32Array::from(vec![Some(0), None, Some(2), Some(3)]));
    let b: ArrayRef = Arc::new(StringArray::from(vec!["w", "x", "y", "z"]));
    let structs = StructArray::new(
        vec![
            Field::new("a", DataType::Int32, true),
            Field::new("b", DataType::Utf8, false),
        ]
        .into(),
        vec![a, b],
        Some(NullBuffer::from(vec![true, true, false, true])),
    );
    lent(&structs, 1, 3, |column| {
        let Values::Struct { len: 3, fields } = &column.values else {
            panic!("{column:?}");
        };
        assert_eq!(bits(column.validity), [true, false, true]);
        assert_eq!((fields[0].name, fields[1].name), ("a", "b"));
        assert_eq!(bits(fields[0].validity), [false, true, true]);
        assert_eq!(fields[1].validity, None);
        assert_eq!(fields[1].len(), 3);
    });
    // A slice of a slice, within a list.
    let outer = ListArray::new(
        Arc::new(Field::new("s", structs.data_type().clone(), true)),
        arrow_buffer::OffsetBuffer::from_lengths([1, 0, 2]),
        Arc::new(structs.slice(1, 3)),
        None,
    );
    lent(&outer, 2, 1, |column| {
        let Values::List32 {
            offsets: [1, 3],
            values,
        } = &column.values
        else {
            panic!("{column:?}");
        };
        let Values::Struct { len: 3, fields } = &values.values else {
            panic!("{values:?}");
        };
        let Values::Int32(lent) = fields[0].values else {
            panic!("{fields:?}");
        };
        assert_eq!(lent[1..], [2, 3]);
    });
}

#[test]
fn maps_are_lists_of_pairs() {
    let mut builder = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    for pairs in [&[("a", 1), ("b", 2)][..], &[], &[("c", 3)]] {
        for (key, value) in pairs {
            builder.keys().append_value(key);
            builder.values().append_value(*value);
        }
        builder.append(!pairs.is_empty()).unwrap();
    }
    lent(&builder.finish(), 1, 2, |column| {
        let Values::List32 { offsets, values } = &column.values else {
            panic!("{column:?}");
        };
        assert_eq!(*offsets, [2, 2, 3]);
        assert_eq!(bits(column.validity), [false, true]);
        let Values::Struct { len: 3, fields } = &values.values else {
            panic!("{values:?}");
        };
        assert_eq!(fields[1].values, Values::Int32(&[1, 2, 3]));
    });
}

#[test]
fn runs_are_lent_with_the_rows_meant() {
    let runs = RunArray::<Int16Type>::try_new(
        &Int16Array::from(vec![2, 3, 7]),
        &StringArray::from(vec![Some("a"), None, Some("c")]),
    )
    .unwrap();
    for (start, len) in [(0, 7), (2, 3), (5, 0)] {
        lent(&runs, start, len, |column| {
            let Values::RunEnd {
                ends,
                offset,
                len: rows,
                values,
            } = &column.values
            else {
                panic!("{column:?}");
            };
            assert_eq!(*ends, Keys::Int16(&[2, 3, 7]));
            assert_eq!((*offset, *rows, values.len()), (start, len, 3));
            assert_eq!(bits(values.validity), [true, false, true]);
        });
    }
    lent(&runs, 2, 3, |column| {
        assert!(column.is_null(0) && !column.is_null(1));
    });
}

#[test]
fn codes_of_lists_and_of_codes() {
    let mut lists = ListBuilder::new(Int32Builder::new());
    lists.append_value([Some(1), None]);
    lists.append_null();
    let keys = Int8Array::from(vec![Some(1), Some(0), None]);
    let coded = DictionaryArray::new(keys.clone(), Arc::new(lists.finish()));
    lent(&coded, 1, 2, |column| {
        let Values::Dictionary {
            keys: Keys::Int8(codes),
            values,
        } = &column.values
        else {
            panic!("{column:?}");
        };
        assert_eq!(codes[0], 0);
        assert!(matches!(
            values.values,
            Values::List32 {
                offsets: [0, 2, 2],
                ..
            }
        ));
        assert_eq!(bits(values.validity), [true, false]);
        assert_eq!(bits(column.validity), [true, false]);
    });
    let twice = DictionaryArray::new(Int8Array::from(vec![1, 0]), Arc::new(coded));
    lent(&twice, 0, 2, |column| {
        assert!(!column.is_null(0) && column.is_null(1), "{column:?}");
    });
}
