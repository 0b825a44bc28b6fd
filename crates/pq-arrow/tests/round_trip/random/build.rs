//! Arrays of any type, out of a row of random numbers.

use arrow_array::types::{Int16Type, Int32Type};
use arrow_array::{
    ArrayRef, BinaryArray, BinaryViewArray, BooleanArray, Date32Array, Decimal128Array,
    DictionaryArray, FixedSizeBinaryArray, FixedSizeListArray, Float32Array, Float64Array,
    Int8Array, Int16Array, Int32Array, Int64Array, LargeListArray, LargeStringArray, ListArray,
    ListViewArray, MapArray, NullArray, RunArray, StringArray, StringViewArray, StructArray,
    TimestampMicrosecondArray, UInt32Array, UInt64Array,
};
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, Fields, TimeUnit};
use std::sync::Arc;

/// A generator that repeats itself only after 2^64 numbers.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// A type of at most `depth` nested levels.
pub fn data_type(numbers: &mut Numbers, depth: usize) -> DataType {
    let nested = if depth == 0 { 0 } else { 7 };
    let element = |numbers: &mut Numbers| {
        let of = data_type(numbers, depth - 1);
        Arc::new(field(numbers, "element".to_owned(), of))
    };
    match numbers.below(22 + nested) {
        0 => DataType::Boolean,
        1 => DataType::Int8,
        2 => DataType::Int16,
        3 => DataType::Int32,
        4 => DataType::Int64,
        5 => DataType::UInt32,
        6 => DataType::UInt64,
        7 => DataType::Float32,
        8 => DataType::Float64,
        9 => DataType::Utf8,
        10 => DataType::LargeUtf8,
        11 => DataType::Utf8View,
        12 => DataType::Binary,
        13 => DataType::BinaryView,
        14 => DataType::FixedSizeBinary(3),
        15 => DataType::Date32,
        16 => DataType::Timestamp(TimeUnit::Microsecond, None),
        17 => DataType::Decimal128(9, 2),
        18 => DataType::Decimal128(38, 10),
        19 => DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Utf8)),
        20 => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Int64)),
        21 => DataType::Null,
        22 | 23 => DataType::List(element(numbers)),
        24 => DataType::LargeList(element(numbers)),
        25 => {
            // parquet-rs 60.1 fills null lists with null elements, and refuses these if required.
            let element = element(numbers).as_ref().clone().with_nullable(true);
            DataType::FixedSizeList(Arc::new(element), numbers.below(4) as i32)
        }
        26 | 27 => {
            let fields = (0..1 + numbers.below(3)).map(|name| {
                let of = data_type(numbers, depth - 1);
                field(numbers, format!("f{name}"), of)
            });
            DataType::Struct(fields.collect())
        }
        _ => {
            let value = element(numbers).as_ref().clone().with_name("value");
            let key = Field::new("key", DataType::Utf8, false);
            let pair = DataType::Struct(Fields::from(vec![key, value]));
            DataType::Map(Arc::new(Field::new("key_value", pair, false)), false)
        }
    }
}

/// A field that may be nullable, and is if it has nothing but nulls.
pub fn field(numbers: &mut Numbers, name: String, data_type: DataType) -> Field {
    let nullable = data_type.is_null() || numbers.below(3) > 0;
    Field::new(name, data_type, nullable)
}

/// How often values are null.
fn nulls(numbers: &mut Numbers, nullable: bool, len: usize) -> Option<NullBuffer> {
    let in_ten = match numbers.below(4) {
        0 => 0,
        1 => 1,
        2 => 5,
        _ => 10,
    };
    (nullable && in_ten > 0)
        .then(|| NullBuffer::from_iter((0..len).map(|_| numbers.below(10) >= in_ten)))
}

fn text(numbers: &mut Numbers, few: bool) -> String {
    let distinct = if few { 5 } else { 1_000_000 };
    match numbers.below(distinct) {
        0 => String::new(),
        1 => "längeres Wort, mehr als zwölf Bytes".to_owned(),
        number => format!("w{number}"),
    }
}

/// An array of `len` values.
pub fn array(numbers: &mut Numbers, of: &DataType, nullable: bool, len: usize) -> ArrayRef {
    let nulls = nulls(numbers, nullable, len);
    let few = numbers.below(2) == 0;
    let mut integers = |most: u64| -> Vec<i64> {
        let sorted = numbers.below(3) == 0;
        let mut values: Vec<i64> = (0..len)
            .map(|_| (numbers.next() % if few { 7 } else { most }) as i64 - 3)
            .collect();
        if sorted {
            values.sort_unstable();
        }
        values
    };
    match of {
        DataType::Null => Arc::new(NullArray::new(len)),
        DataType::Boolean => {
            let values = (0..len).map(|_| Some(numbers.below(3) == 0));
            let values: BooleanArray = values.collect();
            Arc::new(BooleanArray::new(values.values().clone(), nulls))
        }
        DataType::Int8 => Arc::new(Int8Array::new(
            integers(120).into_iter().map(|v| v as i8).collect(),
            nulls,
        )),
        DataType::Int16 => Arc::new(Int16Array::new(
            integers(30_000).into_iter().map(|v| v as i16).collect(),
            nulls,
        )),
        DataType::Int32 => Arc::new(Int32Array::new(
            integers(1 << 33).into_iter().map(|v| v as i32).collect(),
            nulls,
        )),
        DataType::Int64 => Arc::new(Int64Array::new(integers(u64::MAX).into(), nulls)),
        DataType::UInt32 => Arc::new(UInt32Array::new(
            integers(1 << 33).into_iter().map(|v| v as u32).collect(),
            nulls,
        )),
        DataType::UInt64 => Arc::new(UInt64Array::new(
            integers(u64::MAX).into_iter().map(|v| v as u64).collect(),
            nulls,
        )),
        DataType::Float32 => Arc::new(Float32Array::new(
            integers(1000).into_iter().map(|v| v as f32 / 8.0).collect(),
            nulls,
        )),
        DataType::Float64 => Arc::new(Float64Array::new(
            integers(1 << 40)
                .into_iter()
                .map(|v| v as f64 / 100.0)
                .collect(),
            nulls,
        )),
        DataType::Date32 => Arc::new(Date32Array::new(
            integers(40_000).into_iter().map(|v| v as i32).collect(),
            nulls,
        )),
        DataType::Timestamp(..) => Arc::new(TimestampMicrosecondArray::new(
            integers(1 << 50).into(),
            nulls,
        )),
        DataType::Decimal128(precision, scale) => {
            let values = integers(1_000_000_000 - 10);
            let wide = |v: i64| {
                if *precision > 18 {
                    i128::from(v) << 60
                } else {
                    v.into()
                }
            };
            let array = Decimal128Array::new(values.into_iter().map(wide).collect(), nulls);
            Arc::new(array.with_precision_and_scale(*precision, *scale).unwrap())
        }
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::BinaryView => {
            let values: Vec<Option<String>> = (0..len)
                .map(|row| {
                    let text = text(numbers, few);
                    nulls
                        .as_ref()
                        .is_none_or(|nulls| nulls.is_valid(row))
                        .then_some(text)
                })
                .collect();
            let bytes = || {
                values
                    .iter()
                    .map(|value| value.as_ref().map(String::as_bytes))
            };
            match of {
                DataType::Utf8 => Arc::new(StringArray::from(values)),
                DataType::LargeUtf8 => Arc::new(LargeStringArray::from(values)),
                DataType::Utf8View => Arc::new(StringViewArray::from_iter(values)),
                DataType::Binary => Arc::new(BinaryArray::from_iter(bytes())),
                _ => Arc::new(BinaryViewArray::from_iter(bytes())),
            }
        }
        DataType::FixedSizeBinary(width) => {
            let bytes: Vec<u8> = (0..len * *width as usize)
                .map(|_| numbers.next() as u8 % 4)
                .collect();
            Arc::new(FixedSizeBinaryArray::new(*width, bytes.into(), nulls))
        }
        DataType::Dictionary(key, value) => {
            let values = array(numbers, value, nullable, 9);
            match key.as_ref() {
                DataType::Int16 => {
                    let keys = (0..len).map(|_| numbers.below(9) as i16).collect();
                    let keys = Int16Array::new(keys, nulls);
                    Arc::new(DictionaryArray::<Int16Type>::new(keys, values))
                }
                _ => {
                    let keys = (0..len).map(|_| numbers.below(9) as i32).collect();
                    let keys = Int32Array::new(keys, nulls);
                    Arc::new(DictionaryArray::<Int32Type>::new(keys, values))
                }
            }
        }
        DataType::List(element) => {
            let lengths: Vec<usize> = (0..len).map(|_| numbers.below(4)).collect();
            let values = array_of(numbers, element, lengths.iter().sum());
            let offsets = OffsetBuffer::from_lengths(lengths);
            Arc::new(ListArray::new(element.clone(), offsets, values, nulls))
        }
        DataType::LargeList(element) => {
            let lengths: Vec<usize> = (0..len).map(|_| numbers.below(4)).collect();
            let values = array_of(numbers, element, lengths.iter().sum());
            let offsets = OffsetBuffer::from_lengths(lengths);
            Arc::new(LargeListArray::new(element.clone(), offsets, values, nulls))
        }
        DataType::FixedSizeList(element, size) => {
            let values = array_of(numbers, element, len * *size as usize);
            let list =
                FixedSizeListArray::try_new_with_length(element.clone(), *size, values, nulls, len);
            Arc::new(list.unwrap())
        }
        DataType::Struct(fields) => {
            let columns = fields
                .iter()
                .map(|field| array_of(numbers, field, len))
                .collect();
            let array = StructArray::try_new_with_length(fields.clone(), columns, nulls, len);
            Arc::new(array.unwrap())
        }
        DataType::Map(pair, sorted) => {
            let DataType::Struct(fields) = pair.data_type() else {
                panic!("a map is of pairs")
            };
            let lengths: Vec<usize> = (0..len).map(|_| numbers.below(3)).collect();
            let count: usize = lengths.iter().sum();
            let keys: StringArray = (0..count).map(|key| Some(format!("k{key}"))).collect();
            let values = array_of(numbers, &fields[1], count);
            let pairs = StructArray::new(fields.clone(), vec![Arc::new(keys), values], None);
            let offsets = OffsetBuffer::from_lengths(lengths);
            Arc::new(MapArray::new(pair.clone(), offsets, pairs, nulls, *sorted))
        }
        other => panic!("no values of {other}"),
    }
}

fn array_of(numbers: &mut Numbers, field: &Field, len: usize) -> ArrayRef {
    array(numbers, field.data_type(), field.is_nullable(), len)
}

/// Lists in the order of views, some of them overlapping, and the same as a list.
pub fn list_view(numbers: &mut Numbers, len: usize) -> (ListViewArray, ListArray) {
    let element = Arc::new(Field::new("element", DataType::Int32, true));
    let values = array(numbers, &DataType::Int32, true, 50);
    let offsets: Vec<i32> = (0..len).map(|_| numbers.below(40) as i32).collect();
    let sizes: Vec<i32> = (0..len).map(|_| numbers.below(10) as i32).collect();
    let nulls = nulls(numbers, true, len);
    let taken: Vec<ArrayRef> = offsets
        .iter()
        .zip(&sizes)
        .map(|(offset, size)| values.slice(*offset as usize, *size as usize))
        .collect();
    let lent: Vec<&dyn arrow_array::Array> = taken.iter().map(AsRef::as_ref).collect();
    let list = ListArray::new(
        element.clone(),
        OffsetBuffer::from_lengths(sizes.iter().map(|&size| size as usize)),
        arrow_select::concat::concat(&lent).unwrap(),
        nulls.clone(),
    );
    let view = ListViewArray::new(
        element,
        ScalarBuffer::from(offsets),
        ScalarBuffer::from(sizes),
        values,
        nulls,
    );
    (view, list)
}

/// Runs of texts, and the same as texts.
pub fn runs(numbers: &mut Numbers, count: usize) -> (RunArray<Int32Type>, StringArray) {
    let (mut ends, mut values, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..count {
        let value = (numbers.below(4) > 0).then(|| text(numbers, true));
        all.extend(std::iter::repeat_n(value.clone(), 1 + numbers.below(9)));
        ends.push(all.len() as i32);
        values.push(value);
    }
    let runs = RunArray::try_new(&Int32Array::from(ends), &StringArray::from(values)).unwrap();
    (runs, StringArray::from(all))
}
