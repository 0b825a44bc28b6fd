use super::{HasNulls, arrow_schema_key_value, check_appendable, schema};
use crate::ArrowError;
use arrow_schema::{
    DataType, Field, Fields, IntervalUnit, Schema, TimeUnit, UnionFields, UnionMode,
};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pq_writer::DataType as Stored;
use std::sync::Arc;

fn one(data_type: DataType) -> Schema {
    Schema::new(vec![Field::new("c", data_type, true)])
}

fn dictionary(key: DataType, value: DataType) -> DataType {
    DataType::Dictionary(Box::new(key), Box::new(value))
}

#[test]
fn types_keep_their_meaning() {
    let zone = Some("Europe/Berlin".into());
    for (arrow, stored) in [
        (DataType::Utf8View, Stored::String),
        (DataType::LargeBinary, Stored::Binary),
        (DataType::FixedSizeBinary(3), Stored::FixedBinary(3)),
        (DataType::Date64, Stored::DateMillis),
        (
            DataType::Time32(TimeUnit::Second),
            Stored::Time {
                unit: pq_writer::TimeUnit::Seconds,
            },
        ),
        (
            DataType::Timestamp(TimeUnit::Nanosecond, zone),
            Stored::Timestamp {
                unit: pq_writer::TimeUnit::Nanos,
                is_adjusted_to_utc: true,
            },
        ),
        (
            DataType::Timestamp(TimeUnit::Microsecond, None),
            Stored::Timestamp {
                unit: pq_writer::TimeUnit::Micros,
                is_adjusted_to_utc: false,
            },
        ),
        (
            DataType::Decimal256(40, 2),
            Stored::Decimal {
                precision: 40,
                scale: 2,
            },
        ),
        (
            dictionary(DataType::UInt8, DataType::LargeUtf8),
            Stored::String,
        ),
    ] {
        let found = schema(&one(arrow.clone()), &HasNulls::AsDeclared).unwrap();
        assert_eq!(found.fields()[0].data_type, stored, "{arrow}");
    }
}

#[test]
fn types_that_are_not_carried_are_named() {
    let item = || Arc::new(Field::new("item", DataType::Int32, true));
    let entries = Field::new(
        "entries",
        DataType::Struct(Fields::from(vec![
            Field::new("keys", DataType::Utf8, false),
            Field::new("values", DataType::Int32, true),
        ])),
        false,
    );
    for data_type in [
        DataType::List(item()),
        DataType::LargeListView(item()),
        DataType::FixedSizeList(item(), 2),
        DataType::Struct(Fields::from(vec![Field::new("a", DataType::Int32, true)])),
        DataType::Map(Arc::new(entries), false),
        DataType::Union(UnionFields::empty(), UnionMode::Sparse),
        DataType::Interval(IntervalUnit::DayTime),
        DataType::RunEndEncoded(
            Arc::new(Field::new("run_ends", DataType::Int32, false)),
            item(),
        ),
        DataType::FixedSizeBinary(0),
        DataType::Decimal128(5, -2),
        dictionary(DataType::Int8, dictionary(DataType::Int8, DataType::Utf8)),
        dictionary(DataType::Int8, DataType::List(item())),
    ] {
        let error = schema(&one(data_type.clone()), &HasNulls::AsDeclared).unwrap_err();
        match &error {
            ArrowError::UnsupportedType {
                column,
                data_type: named,
            } => {
                assert_eq!((column.as_str(), named), ("c", &data_type));
            }
            _ => panic!("{data_type}: {error}"),
        }
        let text = error.to_string();
        assert!(text.contains("\"c\"") && !text.contains('\n'), "{text}");
    }
}

#[test]
fn nulls_are_where_they_are_said_to_be() {
    let arrow = Schema::new(vec![
        Field::new("required", DataType::Int32, false),
        Field::new("number", DataType::Float64, true),
        Field::new("text", DataType::Utf8, false),
        Field::new("coded", dictionary(DataType::Int8, DataType::Utf8), false),
        Field::new("when", DataType::Timestamp(TimeUnit::Second, None), true),
        Field::new("decimal", DataType::Decimal128(9, 2), true),
        Field::new("day", DataType::Date32, true),
    ]);
    let nullable = |has_nulls: HasNulls| -> Vec<String> {
        schema(&arrow, &has_nulls)
            .unwrap()
            .fields()
            .iter()
            .filter(|field| field.nullable)
            .map(|field| field.name.clone())
            .collect()
    };
    assert_eq!(
        nullable(HasNulls::default()),
        ["number", "when", "decimal", "day"]
    );
    assert_eq!(nullable(HasNulls::All).len(), 7);
    assert!(nullable(HasNulls::None).is_empty());
    assert_eq!(nullable(HasNulls::Infer), ["text", "coded", "day"]);
    let named = HasNulls::Columns(vec!["text".to_owned(), "required".to_owned()]);
    assert_eq!(nullable(named), ["required", "text"]);
}

#[test]
fn names_must_exist_and_be_there_once() {
    let arrow = Schema::new(vec![
        Field::new("a", DataType::Int32, true),
        Field::new("a", DataType::Int64, true),
    ]);
    let unknown = schema(&arrow, &HasNulls::Columns(vec!["b".to_owned()])).unwrap_err();
    assert!(matches!(&unknown, ArrowError::UnknownColumn { column } if column == "b"));
    let twice = schema(&arrow, &HasNulls::All).unwrap_err();
    assert!(matches!(&twice, ArrowError::DuplicateColumn { column } if column == "a"));
    let unnamed = Schema::new(vec![Field::new("", DataType::Int32, true)]);
    assert!(matches!(
        schema(&unnamed, &HasNulls::All),
        Err(ArrowError::Write(_))
    ));
}

#[test]
fn field_ids_are_kept() {
    let with_id = |id: &str| {
        Field::new("c", DataType::Int32, true)
            .with_metadata([("PARQUET:field_id".to_owned(), id.to_owned())])
    };
    for (id, expected) in [("7", Some(7)), ("x", None)] {
        let found = schema(&Schema::new(vec![with_id(id)]), &HasNulls::All).unwrap();
        assert_eq!(found.fields()[0].field_id, expected);
    }
}

#[test]
fn the_arrow_schema_is_an_encapsulated_message() {
    let arrow = one(dictionary(DataType::Int32, DataType::Utf8));
    let (key, value) = arrow_schema_key_value(&arrow);
    assert_eq!(key, "ARROW:schema");
    let bytes = BASE64_STANDARD.decode(value).unwrap();
    let (frame, message) = bytes.split_at(8);
    assert_eq!(frame[..4], [0xFF; 4]);
    assert_eq!(
        frame[4..],
        u32::try_from(message.len()).unwrap().to_le_bytes()
    );
    assert_eq!(message.len() % 8, 0);
    let message = arrow_ipc::root_as_message(message).unwrap();
    let restored =
        arrow_ipc::convert::try_fb_to_schema(message.header_as_schema().unwrap()).unwrap();
    assert_eq!(restored, arrow);
}

#[test]
fn durations_of_one_unit_do_not_go_behind_those_of_another() {
    let seconds = DataType::Duration(TimeUnit::Second);
    let millis = DataType::Duration(TimeUnit::Millisecond);
    let (_, there) = arrow_schema_key_value(&one(seconds.clone()));
    assert!(check_appendable(&there, &one(seconds.clone())).is_ok());
    for other in [millis, DataType::Int64] {
        let error = check_appendable(&there, &one(other))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("column \"c\": expected Duration"),
            "{error}"
        );
    }
    let (_, integers) = arrow_schema_key_value(&one(DataType::Int64));
    assert!(check_appendable(&integers, &one(seconds.clone())).is_err());
    assert!(check_appendable(&integers, &one(DataType::Int32)).is_ok());
    for nonsense in ["", "%", "AAAA", "/////w=="] {
        assert!(check_appendable(nonsense, &one(seconds.clone())).is_ok());
    }
}
