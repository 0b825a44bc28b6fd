//! A table of every type that pq carries, with and without nulls, edges first.

use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, DurationMicrosecondType, Float16Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Decimal128Array, Decimal256Array, DictionaryArray,
    FixedSizeBinaryArray, Int64Array, LargeStringArray, PrimitiveArray, RecordBatch, StringArray,
};
use arrow_buffer::i256;
use arrow_schema::{DataType, Field, Fields, Schema};
use half::f16;
use std::sync::Arc;

/// The columns by which data sets of this table are partitioned.
pub const PARTITIONS: [&str; 2] = ["p_integer", "p_text"];

/// Numbers that look random and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// The columns so far; each is there with nulls, too, under its name with `_nulls`.
struct Columns {
    rows: usize,
    numbers: Numbers,
    columns: Vec<(String, ArrayRef, bool)>,
}

impl Columns {
    /// `make` gets a value for each row, `None` where it is null.
    fn add<T>(
        &mut self,
        name: &str,
        edges: Vec<T>,
        mut value: impl FnMut(&mut Numbers) -> T,
        make: impl Fn(Vec<Option<T>>) -> ArrayRef,
    ) where
        T: Clone,
    {
        for with_nulls in [false, true] {
            let mut values: Vec<Option<T>> = edges.iter().cloned().map(Some).collect();
            values.resize_with(self.rows.max(values.len()), || {
                let value = value(&mut self.numbers);
                (!with_nulls || self.numbers.below(5) != 0).then_some(value)
            });
            values.truncate(self.rows);
            let suffix = if with_nulls { "_nulls" } else { "" };
            let array = make(values);
            self.columns
                .push((format!("{name}{suffix}"), array, with_nulls));
        }
    }

    fn primitive<T: ArrowPrimitiveType>(
        &mut self,
        name: &str,
        edges: Vec<T::Native>,
        value: impl FnMut(&mut Numbers) -> T::Native,
    ) {
        self.add(name, edges, value, |values| {
            Arc::new(PrimitiveArray::<T>::from_iter(values)) as ArrayRef
        });
    }

    /// A timestamp, without and with a time zone, from 1700 to 2200.
    fn timestamp<T: arrow_array::types::ArrowTimestampType>(&mut self, name: &str, second: i64) {
        for zone in [None, Some("UTC")] {
            let name = match zone {
                None => format!("timestamp_{name}"),
                Some(_) => format!("timestamp_{name}_utc"),
            };
            let span = 7_200_000_000_u64.wrapping_mul(second as u64);
            let edges = vec![0, 1, -1, -86_400 * second];
            let value = |numbers: &mut Numbers| numbers.below(span) as i64 - (span / 2) as i64;
            self.add(&name, edges, value, |values| {
                let array = PrimitiveArray::<T>::from_iter(values);
                Arc::new(array.with_timezone_opt(zone)) as ArrayRef
            });
        }
    }
}

/// `rows` rows, numbered in `row_id`.
pub fn all_types(rows: usize) -> RecordBatch {
    let mut columns = Columns {
        rows,
        numbers: Numbers(0x9e37_79b9_7f4a_7c15),
        columns: Vec::new(),
    };
    let row_ids = (0..rows).map(|row| row as i64);
    let row_ids: ArrayRef = Arc::new(Int64Array::from_iter_values(row_ids));
    columns.columns.push(("row_id".to_owned(), row_ids, false));
    let integers = (0..rows).map(|row| (row % 3) as i64 - 1);
    let integers: ArrayRef = Arc::new(Int64Array::from_iter_values(integers));
    columns
        .columns
        .push(("p_integer".to_owned(), integers, false));
    let texts = (0..rows).map(|row| ["red", "green", "blue-green", "x.y"][row / 7 % 4]);
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values(texts));
    columns.columns.push(("p_text".to_owned(), texts, false));

    numbers(&mut columns);
    text_and_bytes(&mut columns);
    wide_bytes(&mut columns);
    times(&mut columns);
    decimals(&mut columns);

    RecordBatch::try_from_iter_with_nullable(columns.columns).unwrap()
}

fn numbers(columns: &mut Columns) {
    columns.add(
        "bool",
        vec![true, false],
        |n| n.below(2) == 0,
        |values| Arc::new(BooleanArray::from(values)) as ArrayRef,
    );
    macro_rules! integers {
        ($($name:literal $type:ident $native:ident),*) => {$(
            columns.primitive::<$type>($name, vec![$native::MIN, $native::MAX, 0, 1], |n| {
                let shift = n.below(u64::from($native::BITS)) as u32;
                (n.next() as $native) >> shift
            });
        )*};
    }
    integers!(
        "int8" Int8Type i8, "int16" Int16Type i16, "int32" Int32Type i32, "int64" Int64Type i64,
        "uint8" UInt8Type u8, "uint16" UInt16Type u16, "uint32" UInt32Type u32,
        "uint64" UInt64Type u64
    );
    // Few values, so that pages hold runs of dictionary indices.
    columns.primitive::<Int64Type>("few", vec![i64::MIN, 7], |n| n.below(9) as i64 * 1_000_003);
    let odd = [
        0.0,
        -0.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        f64::MIN_POSITIVE,
    ];
    let half = odd.map(f16::from_f64).to_vec();
    columns.primitive::<Float16Type>("float16", half, |n| {
        f16::from_f64(n.below(4000) as f64 / 16.0)
    });
    let single = odd.map(|value| value as f32).to_vec();
    columns.primitive::<Float32Type>("float32", single, |n| f32::from_bits(n.next() as u32));
    columns.primitive::<Float64Type>("float64", odd.to_vec(), |n| (n.next() as i64) as f64 * 1e-9);
}

fn text_and_bytes(columns: &mut Columns) {
    let text = |n: &mut Numbers| match n.below(4) {
        0 => String::new(),
        1 => format!("größer {} 🦀", n.below(100)),
        _ => "x".repeat(n.below(40) as usize) + &n.next().to_string(),
    };
    let edges = vec![String::new(), "\u{10ffff}\u{0}\n\t\"'\\,".to_owned()];
    columns.add("text", edges.clone(), text, |values| {
        Arc::new(StringArray::from(values)) as ArrayRef
    });
    columns.add("large_text", edges, text, |values| {
        Arc::new(LargeStringArray::from(values)) as ArrayRef
    });
    let few = |n: &mut Numbers| ["", "red", "green", "blue", "ultramarine"][n.below(5) as usize];
    columns.add("categorical", vec!["red"], few, |values| {
        Arc::new(values.into_iter().collect::<DictionaryArray<Int16Type>>()) as ArrayRef
    });
    let bytes = |n: &mut Numbers| n.next().to_le_bytes()[..n.below(9) as usize].to_vec();
    columns.add("bytes", vec![vec![], vec![0, 255, 128]], bytes, |values| {
        Arc::new(BinaryArray::from_iter(values)) as ArrayRef
    });
    let fixed = |n: &mut Numbers| [n.next().to_le_bytes(), n.next().to_be_bytes()].concat();
    columns.add(
        "fixed_bytes",
        vec![vec![0; 16], vec![255; 16]],
        fixed,
        |values| {
            let values = values.into_iter();
            Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(values, 16).unwrap())
                as ArrayRef
        },
    );
}

/// Wider than bounds usually are.
fn wide_bytes(columns: &mut Columns) {
    let wide = |n: &mut Numbers| n.next().to_le_bytes().repeat(12);
    columns.add("wide_bytes", vec![vec![0xff; 96]], wide, |values| {
        let values = values.into_iter();
        Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(values, 96).unwrap())
    });
}

fn times(columns: &mut Columns) {
    columns.primitive::<Date32Type>("date", vec![0, -1, 19_782, -100_000], |n| {
        n.below(40_000) as i32
    });
    columns.primitive::<Time32SecondType>("time_s", vec![0, 86_399], |n| n.below(86_400) as i32);
    columns.primitive::<Time32MillisecondType>("time_ms", vec![0, 86_399_999], |n| {
        n.below(86_400_000) as i32
    });
    columns.primitive::<Time64MicrosecondType>("time_us", vec![0, 86_399_999_999], |n| {
        n.below(86_400_000_000) as i64
    });
    columns.primitive::<Time64NanosecondType>("time_ns", vec![0, 86_399_999_999_999], |n| {
        n.below(86_400_000_000_000) as i64
    });
    columns.timestamp::<TimestampSecondType>("s", 1);
    columns.timestamp::<TimestampMillisecondType>("ms", 1_000);
    columns.timestamp::<TimestampMicrosecondType>("us", 1_000_000);
    columns.timestamp::<TimestampNanosecondType>("ns", 1_000_000_000);
    columns.primitive::<DurationMicrosecondType>(
        "duration_us",
        vec![0, -1, 108_000_000_000],
        |n| n.below(1 << 50) as i64 - (1 << 49),
    );
}

fn decimals(columns: &mut Columns) {
    for (precision, scale) in [(9, 2), (18, 4), (38, 10)] {
        let most = 10_i128.pow(u32::from(precision)) - 1;
        let value =
            |n: &mut Numbers| (i128::from(n.next()) << 60 | i128::from(n.next() >> 4)) % most;
        let name = format!("decimal_{precision}_{scale}");
        columns.add(&name, vec![most, -most, 0, -1], value, |values| {
            let array = Decimal128Array::from_iter(values);
            Arc::new(array.with_precision_and_scale(precision, scale).unwrap()) as ArrayRef
        });
    }
}

/// Rows whose partition values are odd, null among them.
pub fn odd_partitions() -> RecordBatch {
    let texts = [
        Some("plain"),
        Some("a b"),
        Some("x%2Fy"),
        Some("50%"),
        Some("k=v"),
        Some("ü/ö"),
        Some(".."),
        Some("01"),
        Some("1e5"),
        Some("true"),
        Some("_x"),
        Some("a\\b\n"),
        Some("*?#:"),
        None,
    ];
    let row_ids = Int64Array::from_iter_values(0..texts.len() as i64);
    let columns: [(_, ArrayRef, _); 2] = [
        ("row_id", Arc::new(row_ids), false),
        ("p_odd", Arc::new(StringArray::from_iter(texts)), true),
    ];
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

/// Decimals so wide that some readers cannot open their file at all.
pub fn wide_decimals(rows: usize) -> RecordBatch {
    let mut columns = Columns {
        rows,
        numbers: Numbers(1),
        columns: Vec::new(),
    };
    let value =
        |n: &mut Numbers| i256::from_i128(i128::from(n.next() as i64)) * i256::from_i128(1 << 100);
    let most = i256::from_i128(10_i128.pow(38)) * i256::from_i128(10_i128.pow(37)) - i256::ONE;
    columns.add(
        "decimal_76_20",
        vec![most, -most, i256::ZERO],
        value,
        |values| {
            let array = Decimal256Array::from_iter(values);
            Arc::new(array.with_precision_and_scale(76, 20).unwrap()) as ArrayRef
        },
    );
    RecordBatch::try_from_iter_with_nullable(columns.columns).unwrap()
}

/// Columns with fields of their own, nulls and empty lists at every level.
pub fn nested(rows: usize) -> RecordBatch {
    let mut options = Vec::new();
    let mut numbers = Numbers(7);
    let mut json = String::new();
    for row in 0..rows {
        let mut value = |end: u64| match numbers.below(5) {
            0 => "null".to_owned(),
            _ => numbers.below(end).to_string(),
        };
        let text = |value: String| match value.as_str() {
            "null" => value,
            number => format!("\"text {number}\""),
        };
        let list = |of: Vec<String>| format!("[{}]", of.join(","));
        let numbers = list((0..row % 4).map(|_| value(100)).collect());
        let texts = list((0..row % 3).map(|_| text(value(9))).collect());
        let lists = list(vec![numbers.clone(), "null".to_owned(), "[]".to_owned()]);
        let person = format!("{{\"age\":{},\"name\":{}}}", value(90), text(value(20)));
        let people = list((0..row % 3).map(|_| person.clone()).collect());
        let fields = [
            ("row_id", row.to_string()),
            (
                "ints",
                if row % 7 == 0 {
                    "null".to_owned()
                } else {
                    numbers
                },
            ),
            ("texts", texts.clone()),
            (
                "lists",
                if row % 5 == 0 {
                    "null".to_owned()
                } else {
                    lists
                },
            ),
            (
                "person",
                if row % 6 == 0 {
                    "null".to_owned()
                } else {
                    person
                },
            ),
            ("people", people),
            ("deep", format!("{{\"a\":{{\"b\":{texts}}}}}")),
            ("map", format!("{{\"k{}\":{},\"x\":1}}", row % 9, value(50))),
        ];
        options.clear();
        options.extend(fields.map(|(name, value)| format!("\"{name}\":{value}")));
        json.push_str(&format!("{{{}}}\n", options.join(",")));
    }
    let element = |of: DataType| Arc::new(Field::new("element", of, true));
    let person = DataType::Struct(Fields::from(vec![
        Field::new("age", DataType::Int32, true),
        Field::new("name", DataType::Utf8, true),
    ]));
    let texts = DataType::List(element(DataType::Utf8));
    let inner = DataType::Struct(Fields::from(vec![Field::new("b", texts.clone(), true)]));
    let pair = DataType::Struct(Fields::from(vec![
        Field::new("key", DataType::Utf8, false),
        Field::new("value", DataType::Int64, true),
    ]));
    let ints = DataType::List(element(DataType::Int64));
    let schema = Arc::new(Schema::new(vec![
        Field::new("row_id", DataType::Int64, false),
        Field::new("ints", ints.clone(), true),
        Field::new("texts", texts, false),
        Field::new("lists", DataType::List(element(ints)), true),
        Field::new("person", person.clone(), true),
        Field::new("people", DataType::LargeList(element(person)), true),
        Field::new(
            "deep",
            DataType::Struct(Fields::from(vec![Field::new("a", inner, true)])),
            true,
        ),
        Field::new(
            "map",
            DataType::Map(Arc::new(Field::new("key_value", pair, false)), false),
            true,
        ),
    ]));
    let mut decoder = arrow_json::ReaderBuilder::new(schema)
        .with_batch_size(rows)
        .build(json.as_bytes())
        .unwrap();
    decoder.next().unwrap().unwrap()
}

/// The same rows in pieces, so that nothing depends on how they come.
pub fn in_pieces(batch: &RecordBatch, rows: usize) -> Vec<RecordBatch> {
    let starts = (0..batch.num_rows()).step_by(rows);
    let pieces: Vec<_> = starts
        .map(|start| batch.slice(start, rows.min(batch.num_rows() - start)))
        .collect();
    assert!(pieces.iter().all(|piece| !piece.column(0).is_empty()));
    pieces
}
