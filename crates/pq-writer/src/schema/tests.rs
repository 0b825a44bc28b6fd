use super::{DataType, Field, HasNulls, Schema, SchemaOptions, TimeUnit, Times, TimestampStorage};
use crate::batch::{Batch, Bits, Column, Keys, OwnedColumn, Values};
use crate::objects::{Object, ObjectEncoding};

fn timestamp(unit: TimeUnit) -> DataType {
    DataType::Timestamp {
        unit,
        is_adjusted_to_utc: true,
    }
}

fn list(data_type: DataType) -> DataType {
    DataType::List(Box::new(Field::new("item", data_type, true)))
}

/// Each type there is, as a column of its own name.
fn all_types() -> Vec<Field> {
    let unit = TimeUnit::Micros;
    let key = Box::new(Field::new("key", DataType::String, false));
    let value = Box::new(Field::new("value", DataType::Int8, true));
    [
        ("null", DataType::Null),
        ("bool", DataType::Boolean),
        ("int", DataType::Int16),
        ("uint", DataType::UInt64),
        ("half", DataType::Float16),
        ("double", DataType::Float64),
        ("text", DataType::String),
        ("json", DataType::Json),
        ("bytes", DataType::FixedBinary(3)),
        ("day", DataType::Date),
        ("time", DataType::Time { unit }),
        ("at", timestamp(unit)),
        ("span", DataType::Duration { unit }),
        (
            "decimal",
            DataType::Decimal {
                precision: 5,
                scale: 2,
            },
        ),
        ("list", list(DataType::Int8)),
        ("map", DataType::Map { key, value }),
        (
            "struct",
            DataType::Struct(vec![Field::new("a", DataType::Int8, false)]),
        ),
    ]
    .map(|(name, data_type)| Field::new(name, data_type, name == "int"))
    .into()
}

fn nullable(has_nulls: HasNulls) -> Vec<String> {
    let options = SchemaOptions {
        has_nulls,
        ..SchemaOptions::default()
    };
    let fields = options.apply(all_types()).unwrap();
    let nullable = fields.into_iter().filter(|field| field.nullable);
    nullable.map(|field| field.name).collect()
}

#[test]
fn nulls_are_where_they_are_chosen() {
    assert_eq!(nullable(HasNulls::AsDeclared), ["int"]);
    assert_eq!(nullable(HasNulls::All).len(), all_types().len());
    assert_eq!(nullable(HasNulls::None), [""; 0]);
    assert_eq!(
        nullable(HasNulls::Infer),
        [
            "null", "text", "json", "bytes", "day", "time", "list", "map", "struct"
        ]
    );
    let named = HasNulls::Columns(vec!["struct".to_owned(), "half".to_owned()]);
    assert_eq!(nullable(named), ["half", "struct"]);
}

#[test]
fn fields_within_columns_stay_as_they_are_declared() {
    let options = SchemaOptions {
        has_nulls: HasNulls::All,
        ..SchemaOptions::default()
    };
    let fields = options.apply(all_types()).unwrap();
    let DataType::Struct(within) = &fields.last().unwrap().data_type else {
        panic!();
    };
    assert!(!within[0].nullable);
}

#[test]
fn columns_of_objects_hold_nulls_unless_it_is_chosen_otherwise() {
    for (has_nulls, expected) in [
        (HasNulls::AsDeclared, true),
        (HasNulls::All, true),
        (HasNulls::Infer, true),
        (HasNulls::None, false),
        (HasNulls::Columns(vec!["n".to_owned()]), true),
        (HasNulls::Columns(vec![]), false),
    ] {
        let options = SchemaOptions {
            has_nulls,
            ..SchemaOptions::default()
        };
        let (field, _) = options.object_column("n", &[Object::from(1)]).unwrap();
        assert_eq!(
            (&field.data_type, field.nullable),
            (&DataType::Int64, expected),
            "{options:?}"
        );
        let null = options.object_column("n", &[Object::Null]).map(drop);
        assert_eq!(null.is_ok(), expected, "{options:?}");
    }
}

#[test]
fn encodings_of_objects_are_chosen_by_column() {
    let mut options = SchemaOptions {
        object_encoding: ObjectEncoding::Float,
        ..SchemaOptions::default()
    };
    options
        .column_object_encoding
        .insert("a".to_owned(), ObjectEncoding::Int32);
    options.fixed_text.insert("b".to_owned(), 3);
    let data_type = |name: &str| {
        let column: (Field, OwnedColumn) = options.object_column(name, &[1.into()]).unwrap();
        column.0.data_type
    };
    assert_eq!(data_type("a"), DataType::Int32);
    assert_eq!(data_type("c"), DataType::Float64);
    options
        .column_object_encoding
        .insert("b".to_owned(), ObjectEncoding::Utf8);
    let (field, _) = options.object_column("b", &["x".into()]).unwrap();
    assert_eq!(field.data_type, DataType::FixedText(3));
}

#[test]
fn timestamps_take_the_unit_that_is_chosen_wherever_they_are() {
    let within = |unit| {
        let key = Box::new(Field::new("key", timestamp(unit), false));
        let value = Box::new(Field::new("value", list(timestamp(unit)), false));
        DataType::Struct(vec![
            Field::new("at", timestamp(unit), true),
            Field::new("by", DataType::Map { key, value }, true),
        ])
    };
    let stored = |storage, unit| DataType::TimestampAs {
        unit,
        is_adjusted_to_utc: true,
        storage,
        truncate: true,
    };
    for (times, unit, expected) in [
        (Times::Preserve, TimeUnit::Seconds, None),
        (Times::Preserve, TimeUnit::Nanos, None),
        (Times::Millis, TimeUnit::Seconds, None),
        (Times::Millis, TimeUnit::Millis, None),
        (Times::Micros, TimeUnit::Micros, None),
        (Times::Nanos, TimeUnit::Nanos, None),
        (
            Times::Millis,
            TimeUnit::Nanos,
            Some(TimestampStorage::Millis),
        ),
        (
            Times::Micros,
            TimeUnit::Seconds,
            Some(TimestampStorage::Micros),
        ),
        (
            Times::Nanos,
            TimeUnit::Micros,
            Some(TimestampStorage::Nanos),
        ),
        (Times::Int96, TimeUnit::Nanos, Some(TimestampStorage::Int96)),
    ] {
        let options = SchemaOptions {
            times,
            truncate_times: true,
            ..SchemaOptions::default()
        };
        let of = |data_type| {
            let field = options.field(Field::new("c", data_type, true)).unwrap();
            field.data_type
        };
        let expected = expected.map_or(timestamp(unit), |storage| stored(storage, unit));
        assert_eq!(of(timestamp(unit)), expected, "{times:?} {unit:?}");
        let nested = format!("{:?}", of(within(unit)));
        let shown = format!("{expected:?}");
        assert_eq!(nested.matches(&shown).count(), 3, "{nested}");
        // What says itself how it is stored keeps it.
        let own = stored(TimestampStorage::Int96, unit);
        assert_eq!(of(own.clone()), own);
    }
}

fn fixed(paths: &[(&str, i32)], fields: Vec<Field>) -> Result<Vec<Field>, String> {
    let mut options = SchemaOptions::default();
    for (path, width) in paths {
        options.fixed_text.insert((*path).to_owned(), *width);
    }
    options.apply(fields).map_err(|error| error.to_string())
}

#[test]
fn fixed_text_is_found_by_its_path() {
    let column = || {
        let within = vec![
            Field::new("code", DataType::Binary, true),
            Field::new("tags", list(DataType::String), true),
            Field::new("count", DataType::Int8, true),
        ];
        vec![
            Field::new("a", DataType::Struct(within), true),
            Field::new("ab", DataType::String, true),
        ]
    };
    let widths = |paths: &[(&str, i32)]| -> Vec<String> {
        let elements = Schema::new(fixed(paths, column()).unwrap()).unwrap();
        let leaves = elements.leaves().iter();
        leaves
            .filter_map(|leaf| match leaf.data_type() {
                DataType::FixedText(width) => Some(format!("{} {width}", leaf.name())),
                _ => None,
            })
            .collect()
    };
    assert_eq!(widths(&[("ab", 2)]), ["ab 2"]);
    assert_eq!(widths(&[("a", 2)]), ["a.code 2", "a.tags.list.element 2"]);
    assert_eq!(
        widths(&[("a", 2), ("a.tags", 5), ("a.code", 3)]),
        ["a.code 3", "a.tags.list.element 5"]
    );
    for (path, expected) in [
        ("nowhere", "there is no column \"nowhere\""),
        (
            "a.count",
            "column \"a.count\": there is no text to store in a fixed width",
        ),
        (
            "a.nowhere",
            "column \"a.nowhere\": there is no text to store in a fixed width",
        ),
    ] {
        assert_eq!(fixed(&[(path, 1)], column()).unwrap_err(), expected);
    }
}

#[test]
fn options_that_name_no_column_are_errors() {
    let mut encoding = SchemaOptions::default();
    encoding
        .column_object_encoding
        .insert("gone".to_owned(), ObjectEncoding::Json);
    let nulls = SchemaOptions {
        has_nulls: HasNulls::Columns(vec!["int".to_owned(), "gone".to_owned()]),
        ..SchemaOptions::default()
    };
    for options in [encoding, nulls] {
        assert_eq!(
            options.apply(all_types()).unwrap_err().to_string(),
            "there is no column \"gone\""
        );
    }
}

#[test]
fn a_batch_has_the_types_of_its_forms() {
    let present = Bits::new(&[1], 0, 1).unwrap();
    let boxed = |name, values| Box::new(Column::new(name, values));
    let strings = Values::Bytes32 {
        offsets: &[0, 0],
        data: b"",
    };
    let halves = Column::new("h", Values::Float16(&[0]));
    let pair = Values::Struct {
        len: 1,
        fields: vec![
            Column::new("text", strings.clone()),
            halves.clone().with_validity(present),
        ],
    };
    let decimal = |precision| DataType::Decimal {
        precision,
        scale: 0,
    };
    let forms = [
        (Values::Null(1), DataType::Null),
        (Values::Boolean(present), DataType::Boolean),
        (Values::Int8(&[0]), DataType::Int8),
        (Values::Int16(&[0]), DataType::Int16),
        (Values::Int32(&[0]), DataType::Int32),
        (Values::Int64(&[0]), DataType::Int64),
        (Values::UInt8(&[0]), DataType::UInt8),
        (Values::UInt16(&[0]), DataType::UInt16),
        (Values::UInt32(&[0]), DataType::UInt32),
        (Values::UInt64(&[0]), DataType::UInt64),
        (Values::Float16(&[0]), DataType::Float16),
        (Values::Float32(&[0.0]), DataType::Float32),
        (Values::Float64(&[0.0]), DataType::Float64),
        (Values::Int128(&[0]), decimal(38)),
        (Values::Int256(&[[0; 32]]), decimal(76)),
        (strings.clone(), DataType::Binary),
        (
            Values::FixedBytes {
                width: 2,
                data: b"ab",
            },
            DataType::FixedBinary(2),
        ),
        (
            Values::List64 {
                offsets: &[0, 1],
                values: boxed("item", pair),
            },
            DataType::List(Box::new(Field::new(
                "item",
                DataType::Struct(vec![
                    Field::new("text", DataType::Binary, false),
                    Field::new("h", DataType::Float16, true),
                ]),
                false,
            ))),
        ),
    ];
    for (values, expected) in forms {
        let plain = Column::new("c", values.clone());
        let named = Values::Dictionary {
            keys: Keys::Int8(&[0]),
            values: Box::new(plain.clone()),
        };
        for column in [plain, Column::new("c", named)] {
            let batch = Batch::new(vec![column]);
            let schema = Schema::of(&batch, &SchemaOptions::default()).unwrap();
            let is_null = expected == DataType::Null;
            assert_eq!(
                schema.fields(),
                [Field::new("c", expected.clone(), is_null)]
            );
        }
    }
    let coded = Values::Dictionary {
        keys: Keys::Int8(&[0]),
        values: Box::new(halves.with_validity(present)),
    };
    let batch = Batch::new(vec![Column::new("c", coded)]);
    let schema = Schema::of(&batch, &SchemaOptions::default()).unwrap();
    assert!(schema.fields()[0].nullable);
}

#[test]
fn batches_that_are_too_deep_or_have_no_schema_are_errors() {
    let of = |column: Column<'_>| {
        let batch = Batch::new(vec![column]);
        let error = Schema::of(&batch, &SchemaOptions::default()).unwrap_err();
        error.to_string()
    };
    let deep = (0..64).fold(Column::new("c", Values::Null(1)), |inner, _| {
        let values = Box::new(inner);
        Column::new(
            "c",
            Values::FixedList {
                size: 1,
                len: 1,
                values,
            },
        )
    });
    assert_eq!(of(deep), "column \"c\": values more than 64 deep");
    let wide = Values::FixedBytes {
        width: 1 << 31,
        data: b"",
    };
    assert_eq!(
        of(Column::new("c", wide)),
        "the width of column \"c\" is too large for the format (2147483648)"
    );
    assert_eq!(
        of(Column::new("", Values::Null(1))),
        "a column has an empty name"
    );
}

#[cfg(feature = "json")]
#[test]
fn schemas_and_options_are_sent_as_text() {
    use crate::{Compression, WriterOptions};
    let timestamp = DataType::TimestampAs {
        unit: TimeUnit::Nanos,
        is_adjusted_to_utc: true,
        storage: TimestampStorage::Int96,
        truncate: false,
    };
    let list = DataType::List(Box::new(Field::new("item", timestamp, true)));
    let schema = Schema::new(vec![
        Field::new("a", DataType::FixedText(3), false),
        Field::new("b", list, true),
    ])
    .unwrap();
    let text = serde_json::to_string(&schema).unwrap();
    assert_eq!(serde_json::from_str::<Schema>(&text).unwrap(), schema);
    let twice = text.replace("\"b\"", "\"a\"");
    let error = serde_json::from_str::<Schema>(&twice).unwrap_err();
    assert!(error.to_string().contains("duplicate"), "{error}");

    let mut options = WriterOptions {
        compression: Compression::Zstd(Some(3)),
        ..WriterOptions::default()
    };
    options.sorting_columns.push(crate::SortingColumn {
        column: "a".to_owned(),
        descending: true,
        nulls_first: false,
    });
    let text = serde_json::to_string(&options).unwrap();
    let back: WriterOptions = serde_json::from_str(&text).unwrap();
    assert_eq!(back, options);
    assert!(serde_json::from_str::<WriterOptions>(r#"{"compresion":"Snappy"}"#).is_err());
}
