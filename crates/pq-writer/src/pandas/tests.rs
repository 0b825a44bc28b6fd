use super::{PandasColumn, PandasDetails, PandasIndex, PandasMetadata, raise_categories};
use crate::batch::{Column, Keys, Values};
use crate::pandas::PandasCategories;
use crate::schema::{DataType, Field, TimeUnit, TimestampStorage};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn of(data_type: DataType) -> (String, String, PandasDetails) {
    let column = PandasColumn::of(&Field::new("x", data_type, true));
    (column.pandas_type, column.numpy_type, column.details)
}

#[test]
fn types_are_those_of_pandas() {
    let timestamp = |unit, is_adjusted_to_utc| DataType::Timestamp {
        unit,
        is_adjusted_to_utc,
    };
    let list = |data_type| DataType::List(Box::new(Field::new("element", data_type, true)));
    for (data_type, pandas_type, numpy_type) in [
        (DataType::Boolean, "bool", "bool"),
        (DataType::UInt16, "uint16", "uint16"),
        (DataType::Float16, "float16", "float16"),
        (DataType::String, "unicode", "object"),
        (DataType::FixedText(3), "bytes", "object"),
        (DataType::Date, "date", "object"),
        (DataType::Null, "empty", "object"),
        (
            timestamp(TimeUnit::Nanos, false),
            "datetime",
            "datetime64[ns]",
        ),
        (
            timestamp(TimeUnit::Seconds, false),
            "datetime",
            "datetime64[ms]",
        ),
        (
            DataType::Duration {
                unit: TimeUnit::Seconds,
            },
            "timedelta64",
            "timedelta64[s]",
        ),
        (list(list(DataType::Int8)), "list[list[int8]]", "object"),
        (
            DataType::Struct(vec![Field::new("a", DataType::Int8, true)]),
            "object",
            "object",
        ),
    ] {
        let shown = format!("{data_type:?}");
        let expected = (
            pandas_type.to_owned(),
            numpy_type.to_owned(),
            PandasDetails::None,
        );
        assert_eq!(of(data_type), expected, "{shown}");
    }
    assert_eq!(
        of(timestamp(TimeUnit::Micros, true)),
        (
            "datetimetz".to_owned(),
            "datetime64[us]".to_owned(),
            PandasDetails::Timezone("UTC".to_owned())
        )
    );
    let int96 = DataType::TimestampAs {
        unit: TimeUnit::Seconds,
        is_adjusted_to_utc: false,
        storage: TimestampStorage::Int96,
        truncate: false,
    };
    assert_eq!(of(int96).1, "datetime64[ns]");
    assert_eq!(
        of(DataType::Json).2,
        PandasDetails::Encoding("json".to_owned())
    );
    assert_eq!(
        of(DataType::Decimal {
            precision: 7,
            scale: 2
        })
        .2,
        PandasDetails::Decimal {
            precision: 7,
            scale: 2
        }
    );
}

fn frame() -> PandasMetadata {
    let mut pandas = PandasMetadata::new(&[
        Field::new("c", DataType::String, true),
        Field::new("__index_level_0__", DataType::Int64, false),
    ]);
    let labels = Column::new(
        "labels",
        Values::Bytes32 {
            offsets: &[0, 1, 2, 3],
            data: b"xyz",
        },
    );
    let column = Column::new(
        "c",
        Values::Dictionary {
            keys: Keys::Int16(&[2, 0]),
            values: Box::new(labels),
        },
    );
    let field = Field::new("c", DataType::String, true);
    let categories = PandasCategories::of(&column, &field, true).unwrap();
    assert_eq!(
        categories.chunk_key_values(),
        [
            ("num_categories", "3"),
            ("numpy_dtype", "int16"),
            ("label_dtype", "object")
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
    assert_eq!(
        PandasCategories::of(&Column::new("c", Values::Int8(&[1])), &field, false),
        None
    );
    pandas.columns[0] = pandas.columns[0].clone().with_categories(&categories);
    pandas.index_by("__index_level_0__").unwrap();
    pandas.creator = ("pq".to_owned(), "1".to_owned());
    pandas
}

#[test]
fn the_json_is_whole_and_its_keys_are_sorted() {
    let mut pandas = frame();
    pandas.pandas_version = Some("3.1.1".to_owned());
    let year = Field::new("year", DataType::Int32, false);
    pandas.partition_columns.push(PandasColumn::of(&year));
    let expected = concat!(
        r#"{"column_indexes":[{"field_name":null,"metadata":{"encoding":"UTF-8"},"name":null,"#,
        r#""numpy_type":"object","pandas_type":"unicode"}],"#,
        r#""columns":[{"field_name":"c","metadata":{"num_categories":3,"ordered":true},"#,
        r#""name":"c","numpy_type":"int16","pandas_type":"categorical"},"#,
        r#"{"field_name":"__index_level_0__","metadata":null,"name":null,"#,
        r#""numpy_type":"int64","pandas_type":"int64"}],"#,
        r#""creator":{"library":"pq","version":"1"},"#,
        r#""index_columns":["__index_level_0__"],"#,
        r#""pandas_version":"3.1.1","#,
        r#""partition_columns":[{"field_name":"year","metadata":null,"name":"year","#,
        r#""numpy_type":"int32","pandas_type":"int32"}]}"#,
    );
    assert_eq!(
        pandas.key_value(),
        ("pandas".to_owned(), expected.to_owned())
    );
}

#[test]
fn a_range_index_is_told_by_its_numbers() {
    let mut pandas = PandasMetadata::new(&[]);
    pandas.index.push(PandasIndex::Range {
        name: Some("n".to_owned()),
        start: 4,
        stop: 10,
        step: 2,
    });
    let json: Value = serde_json::from_str(&pandas.to_json()).unwrap();
    assert_eq!(
        json["index_columns"],
        json!([{"kind": "range", "name": "n", "start": 4, "stop": 10, "step": 2}])
    );
    assert_eq!(json["pandas_version"], Value::Null);
}

#[test]
fn a_column_can_be_told_otherwise() {
    let mut pandas = frame();
    let level = pandas.column_mut("__index_level_0__").unwrap();
    *level = level.clone().with_numpy_type("Int64");
    assert_eq!(pandas.columns[1].numpy_type, "Int64");
    let zoned = PandasColumn::labels().with_timezone("Europe/Berlin");
    assert_eq!(
        (&*zoned.pandas_type, zoned.details),
        (
            "datetimetz",
            PandasDetails::Timezone("Europe/Berlin".to_owned())
        )
    );
    assert_eq!(
        pandas.index_by("nowhere").unwrap_err().to_string(),
        r#"there is no column "nowhere""#
    );
    // A column that only looks like a level without a name keeps its own.
    let mut named = PandasMetadata::new(&[Field::new("__index_level_x__", DataType::Int8, true)]);
    named.index_by("__index_level_x__").unwrap();
    assert_eq!(named.columns[0].name.as_deref(), Some("__index_level_x__"));
}

#[test]
fn more_categories_are_told_and_fewer_are_not() {
    let before = frame().to_json();
    let raise = |count| {
        let counts = BTreeMap::from([("c".to_owned(), count), ("other".to_owned(), 99)]);
        raise_categories(&before, &counts).unwrap()
    };
    assert_eq!(raise(3), before);
    assert_eq!(raise(2), before);
    let more = raise(7);
    assert_eq!(
        more,
        before.replace(r#""num_categories":3"#, r#""num_categories":7"#)
    );
    assert_ne!(more, before);
    for wrong in ["", "[]", "{}", r#"{"columns":3}"#] {
        assert_eq!(raise_categories(wrong, &BTreeMap::new()), None, "{wrong:?}");
    }
    let odd = r#"{"columns":[1,{"field_name":"c","metadata":null}]}"#;
    let counts = BTreeMap::from([("c".to_owned(), 4)]);
    assert_eq!(raise_categories(odd, &counts).as_deref(), Some(odd));
}
