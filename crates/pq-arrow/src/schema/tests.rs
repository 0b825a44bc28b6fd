use super::{HasNulls, arrow_schema_key_value, check_appendable, schema};
use crate::ArrowError;
use arrow_schema::{
    DataType, Field, Fields, IntervalUnit, Schema, TimeUnit, UnionFields, UnionMode,
};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pq_format::FieldRepetitionType;
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
        (
            dictionary(
                DataType::Int8,
                runs(dictionary(DataType::Int8, DataType::Utf8View)),
            ),
            Stored::String,
        ),
        (
            DataType::Interval(IntervalUnit::YearMonth),
            Stored::Interval,
        ),
        (DataType::Interval(IntervalUnit::DayTime), Stored::Interval),
        (
            DataType::Interval(IntervalUnit::MonthDayNano),
            Stored::Interval,
        ),
    ] {
        let found = schema(&one(arrow.clone()), &HasNulls::AsDeclared).unwrap();
        assert_eq!(found.fields()[0].data_type, stored, "{arrow}");
    }
}

fn within(name: &str, data_type: DataType, nullable: bool) -> Arc<Field> {
    Arc::new(Field::new(name, data_type, nullable))
}

fn map(key: DataType, value: DataType) -> DataType {
    let pair = vec![within("k", key, false), within("v", value, true)];
    DataType::Map(
        within("entries", DataType::Struct(pair.into()), false),
        false,
    )
}

fn runs(values: DataType) -> DataType {
    DataType::RunEndEncoded(
        within("run_ends", DataType::Int16, false),
        within("values", values, true),
    )
}

#[test]
fn lists_of_all_forms_are_lists() {
    let item = || within("item", DataType::Int32, false);
    let element = pq_writer::Field::new("element", Stored::Int32, false);
    for arrow in [
        DataType::List(item()),
        DataType::LargeList(item()),
        DataType::ListView(item()),
        DataType::LargeListView(item()),
        DataType::FixedSizeList(item(), 0),
        runs(DataType::List(item())),
        dictionary(DataType::UInt64, DataType::FixedSizeList(item(), 2)),
    ] {
        let found = schema(&one(arrow.clone()), &HasNulls::AsDeclared).unwrap();
        let expected = Stored::List(Box::new(element.clone()));
        assert_eq!(found.fields()[0].data_type, expected, "{arrow}");
    }
}

#[test]
fn each_level_is_nullable_as_it_says() {
    let street = within("street", runs(DataType::Utf8), false);
    let address = DataType::Struct(vec![street, within("zip", DataType::UInt16, true)].into());
    let arrow = one(map(
        DataType::Utf8,
        DataType::LargeList(within("x", address, false)),
    ));
    let found = schema(&arrow, &HasNulls::None).unwrap();
    let leaves: Vec<&str> = found.leaves().iter().map(|leaf| leaf.name()).collect();
    assert_eq!(
        leaves,
        [
            "c.key_value.key",
            "c.key_value.value.list.element.street",
            "c.key_value.value.list.element.zip"
        ]
    );
    let optional: Vec<String> = found
        .elements()
        .into_iter()
        .filter(|element| element.repetition_type == Some(FieldRepetitionType::OPTIONAL))
        .map(|element| element.name)
        .collect();
    assert_eq!(optional, ["value", "zip"]);
}

#[test]
fn types_that_are_not_carried_are_named_by_their_path() {
    let union = || DataType::Union(UnionFields::empty(), UnionMode::Sparse);
    let list = |of: DataType| DataType::List(within("item", of, true));
    let group = |of: DataType| DataType::Struct(vec![within("a", of, true)].into());
    for (data_type, path, named) in [
        (union(), "c", union()),
        (
            DataType::FixedSizeBinary(0),
            "c",
            DataType::FixedSizeBinary(0),
        ),
        (
            DataType::Decimal128(5, -2),
            "c",
            DataType::Decimal128(5, -2),
        ),
        (list(group(union())), "c.list.element.a", union()),
        (map(union(), DataType::Int8), "c.key_value.key", union()),
        (
            map(DataType::Int8, DataType::Decimal32(3, -1)),
            "c.key_value.value",
            DataType::Decimal32(3, -1),
        ),
        (group(dictionary(DataType::Int8, union())), "c.a", union()),
        (runs(union()), "c", union()),
        (
            dictionary(DataType::Utf8, DataType::Utf8),
            "c",
            dictionary(DataType::Utf8, DataType::Utf8),
        ),
    ] {
        let error = schema(&one(data_type.clone()), &HasNulls::AsDeclared).unwrap_err();
        let ArrowError::UnsupportedType { column, data_type } = &error else {
            panic!("{data_type}: {error}");
        };
        assert_eq!((column.as_str(), data_type), (path, &named));
        let text = error.to_string();
        assert!(text.contains(path) && !text.contains('\n'), "{text}");
    }
    // What the writer refuses is named too.
    let empty = group(DataType::Struct(Fields::empty()));
    let error = schema(&one(empty), &HasNulls::AsDeclared).unwrap_err();
    assert!(error.to_string().contains("\"c.a\""), "{error}");
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
        Field::new("pairs", map(DataType::Utf8, DataType::Int8), false),
        Field::new("runs", runs(DataType::Int8), false),
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
    assert_eq!(nullable(HasNulls::All).len(), 9);
    assert!(nullable(HasNulls::None).is_empty());
    assert_eq!(nullable(HasNulls::Infer), ["text", "coded", "day", "pairs"]);
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
fn field_ids_are_kept_at_every_level() {
    let numbered = |name: &str, id: &str, data_type: DataType| {
        Field::new(name, data_type, true)
            .with_metadata([("PARQUET:field_id".to_owned(), id.to_owned())])
    };
    let key = numbered("k", "2", DataType::Utf8);
    let item = numbered("item", "5", runs(DataType::Int8));
    let list = numbered("l", "4", DataType::List(Arc::new(item)));
    let value = numbered("v", "3", DataType::Struct(vec![list].into()));
    let pair = DataType::Struct(vec![key, value].into());
    let entries = Field::new("entries", pair, false);
    let arrow = Schema::new(vec![
        numbered("c", "1", DataType::Map(Arc::new(entries), false)),
        numbered("none", "x", DataType::Int8),
    ]);
    let elements = schema(&arrow, &HasNulls::All).unwrap().elements();
    let ids: Vec<(&str, Option<i32>)> = elements
        .iter()
        .map(|element| (element.name.as_str(), element.field_id))
        .collect();
    assert_eq!(
        ids,
        [
            ("schema", None),
            ("c", Some(1)),
            ("key_value", None),
            ("key", Some(2)),
            ("value", Some(3)),
            ("l", Some(4)),
            ("list", None),
            ("element", Some(5)),
            ("none", None),
        ]
    );
}

#[test]
fn what_readers_do_not_restore_is_described_by_what_it_stands_for() {
    let list = |of: DataType| DataType::List(within("item", of, true));
    let int32 = || DataType::Int32;
    for (stated, described) in [
        (runs(DataType::LargeUtf8), DataType::LargeUtf8),
        (
            dictionary(DataType::Int8, DataType::Utf8),
            dictionary(int32(), DataType::Utf8),
        ),
        (
            list(dictionary(
                DataType::Int8,
                runs(list(runs(DataType::Date64))),
            )),
            list(list(DataType::Date64)),
        ),
        (
            map(dictionary(DataType::Int64, DataType::Boolean), int32()),
            map(DataType::Boolean, int32()),
        ),
        (
            DataType::Struct(
                vec![within(
                    "a",
                    runs(dictionary(int32(), DataType::Utf8)),
                    false,
                )]
                .into(),
            ),
            DataType::Struct(vec![within("a", dictionary(int32(), DataType::Utf8), false)].into()),
        ),
        (
            dictionary(DataType::Int8, dictionary(DataType::Int8, DataType::Utf8)),
            dictionary(int32(), DataType::Utf8),
        ),
        (
            dictionary(int32(), DataType::Interval(IntervalUnit::DayTime)),
            DataType::Interval(IntervalUnit::DayTime),
        ),
        (
            DataType::LargeListView(within("item", DataType::Utf8View, true)),
            DataType::LargeListView(within("item", DataType::Utf8View, true)),
        ),
    ] {
        assert_eq!(super::readable::schema(&one(stated)), one(described));
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
    // The same, within a column.
    let nested = |of: DataType| {
        one(map(
            DataType::Utf8,
            DataType::List(within("item", of, true)),
        ))
    };
    let (_, deep) = arrow_schema_key_value(&nested(seconds.clone()));
    assert!(check_appendable(&deep, &nested(runs(seconds.clone()))).is_ok());
    let error = check_appendable(&deep, &nested(DataType::Int64)).unwrap_err();
    let path = "column \"c.key_value.value.list.element\"";
    assert!(error.to_string().starts_with(path), "{error}");
    let (_, integers) = arrow_schema_key_value(&one(DataType::Int64));
    assert!(check_appendable(&integers, &one(seconds.clone())).is_err());
    assert!(check_appendable(&integers, &one(DataType::Int32)).is_ok());
    for nonsense in ["", "%", "AAAA", "/////w=="] {
        assert!(check_appendable(nonsense, &one(seconds.clone())).is_ok());
    }
}
