use super::*;
use crate::batch::Column;
use crate::objects::{RecordColumns, from_serialize};
use crate::schema::{HasNulls, Schema, SchemaOptions};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
enum Kind {
    Unit,
    Newtype(u8),
    Tuple(i8, char),
    Struct { a: f32 },
}

#[derive(Serialize)]
struct Newtype(Option<Box<Newtype>>);

fn map(entries: &[(&'static str, Object<'static>)]) -> Object<'static> {
    let entries = entries.iter().cloned();
    Object::Map(entries.map(|(key, object)| (key.into(), object)).collect())
}

#[test]
fn values_of_serde_become_objects() {
    for (object, expected) in [
        (from_serialize(&Some(1_i16)), Object::Int(1)),
        (from_serialize(&None::<u8>), Object::Null),
        (from_serialize(&()), Object::Null),
        (from_serialize(&i128::MIN), decimal(i128::MIN, 0)),
        (from_serialize(&5_u128), decimal(5, 0)),
        (from_serialize(&'ß'), Object::from("ß")),
        (
            from_serialize(&(1_u8, "a")),
            Object::List(vec![1_u8.into(), "a".into()]),
        ),
        (from_serialize(&Kind::Unit), Object::from("Unit")),
        (
            from_serialize(&Kind::Newtype(3)),
            map(&[("Newtype", 3_u8.into())]),
        ),
        (
            from_serialize(&Kind::Tuple(-3, 'x')),
            map(&[("Tuple", Object::List(vec![Object::from(-3), "x".into()]))]),
        ),
        (
            from_serialize(&Kind::Struct { a: 0.5 }),
            map(&[("Struct", map(&[("a", 0.5.into())]))]),
        ),
        (
            from_serialize(&BTreeMap::from([(1_u8, true)])),
            map(&[("1", true.into())]),
        ),
        (
            from_serialize(&BTreeMap::from([((true), 'c')])),
            map(&[("true", "c".into())]),
        ),
    ] {
        assert_eq!(object, Ok(expected));
    }
}

#[test]
fn values_that_are_no_objects_are_errors() {
    let error = |result: Result<_, crate::SerializeError>| -> String {
        let result: Result<Object<'static>, _> = result;
        result.unwrap_err().to_string()
    };
    assert_eq!(
        error(from_serialize(&u128::MAX)),
        format!("the integer {} is out of range", u128::MAX)
    );
    assert_eq!(
        error(from_serialize(&BTreeMap::from([((1, 2), 3)]))),
        "a list as the key of a map"
    );
    let chain = |depth| (1..depth).fold(Newtype(None), |inner, _| Newtype(Some(Box::new(inner))));
    assert_eq!(
        error(from_serialize(&chain(1000))),
        "lists and maps more than 100 deep"
    );
    assert_eq!(from_serialize(&chain(50)), Ok(Object::Null));
}

fn infer(
    records: &[Object<'static>],
    options: &SchemaOptions,
) -> Result<(Schema, RecordColumns), String> {
    let records: Vec<Row> = records.iter().cloned().map(Row).collect();
    let columns = RecordColumns::from_rows(&records).map_err(|error| error.to_string())?;
    let (schema, batch) = columns.infer(options).map_err(|error| error.to_string())?;
    assert_eq!(columns.for_schema(&schema).unwrap(), batch);
    Ok((schema, columns))
}

/// A record that serialises as the object that it is.
struct Row(Object<'static>);

impl Serialize for Row {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::{SerializeMap, SerializeSeq};
        match &self.0 {
            Object::Null => serializer.serialize_none(),
            Object::Int(value) => serializer.serialize_i64(*value),
            Object::Float(value) => serializer.serialize_f64(*value),
            Object::Text(value) => serializer.serialize_str(value),
            Object::List(objects) => {
                let mut list = serializer.serialize_seq(None)?;
                for object in objects {
                    list.serialize_element(&Self(object.clone()))?;
                }
                list.end()
            }
            Object::Map(entries) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, object) in entries {
                    map.serialize_entry(key, &Self(object.clone()))?;
                }
                map.end()
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn fields_become_columns_in_the_order_in_which_they_come() {
    let records = [
        map(&[("b", 1.into())]),
        map(&[("a", "x".into())]),
        map(&[]),
        map(&[("a", "y".into()), ("b", 2.into())]),
    ];
    let (schema, columns) = infer(&records, &SchemaOptions::default()).unwrap();
    assert_eq!(
        schema.fields(),
        [
            Field::new("b", DataType::Int64, true),
            Field::new("a", DataType::String, true)
        ]
    );
    assert_eq!(columns.num_rows(), 4);
    let batch = columns.for_schema(&schema).unwrap();
    let lent = batch.as_batch();
    let nulls = |column: &Column<'_>| (0..4).map(|row| column.is_null(row)).collect();
    let nulls: Vec<Vec<bool>> = lent.columns.iter().map(nulls).collect();
    assert_eq!(
        nulls,
        [[false, true, true, false], [true, false, true, false]]
    );
}

#[test]
fn later_records_take_the_schema_of_earlier_ones() {
    let first = [map(&[("a", 0.5.into()), ("b", "x".into())])];
    let (schema, _) = infer(&first, &SchemaOptions::default()).unwrap();
    let later = |record| {
        let columns = RecordColumns::from_rows([Row(record)]).unwrap();
        columns
            .for_schema(&schema)
            .map_err(|error| error.to_string())
    };
    let batch = later(map(&[("a", 1.into())])).unwrap();
    let lent = batch.as_batch();
    assert_eq!(lent.columns[0].values, Values::Float64(&[1.0]));
    assert!(lent.columns[1].is_null(0));
    assert_eq!(
        later(map(&[("b", 1.into())])).unwrap_err(),
        "column \"b\", row 0: an integer in a column of text"
    );
    assert_eq!(
        later(map(&[("c", 1.into())])).unwrap_err(),
        "there is no column \"c\""
    );
    let dated = Schema::new(vec![Field::new("a", DataType::Date, true)]).unwrap();
    let columns = RecordColumns::from_rows([Row(map(&[]))]).unwrap();
    assert_eq!(
        columns.for_schema(&dated).unwrap_err().to_string(),
        "column \"a\": no object becomes Date"
    );
}

#[test]
fn options_reach_the_columns() {
    let records = [map(&[("a", "x".into()), ("b", 1.into())])];
    let mut options = SchemaOptions {
        has_nulls: HasNulls::None,
        ..SchemaOptions::default()
    };
    options.fixed_text.insert("a".to_owned(), 4);
    let (schema, _) = infer(&records, &options).unwrap();
    assert_eq!(
        schema.fields(),
        [
            Field::new("a", DataType::FixedText(4), false),
            Field::new("b", DataType::Int64, false)
        ]
    );
    options.fixed_text.insert("gone".to_owned(), 4);
    assert_eq!(
        infer(&records, &options).unwrap_err(),
        "there is no column \"gone\""
    );
}

#[test]
fn records_that_are_no_rows_are_errors_that_name_them() {
    let whole = map(&[("a", 1.into())]);
    for (record, reason) in [
        (
            Object::from(1),
            "an integer where a struct or a map is a record",
        ),
        (
            map(&[("a", 1.into()), ("a", 2.into())]),
            "the field \"a\" twice in a record",
        ),
        (
            map(&[("a", nested_list(102))]),
            "lists and maps more than 100 deep",
        ),
    ] {
        let records = [whole.clone(), record];
        assert_eq!(
            infer(&records, &SchemaOptions::default()).unwrap_err(),
            format!("record 1: {reason}")
        );
    }
}

fn nested_list(depth: usize) -> Object<'static> {
    (1..depth).fold(Object::List(vec![]), |inner, _| Object::List(vec![inner]))
}
