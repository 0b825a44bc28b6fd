use super::{Object, ObjectEncoding, object_column};
use crate::batch::{OwnedColumn, Values};
use crate::schema::{DataType, Field};
use proptest::prelude::*;

fn column(
    objects: &[Object<'_>],
    encoding: ObjectEncoding,
) -> Result<(Field, OwnedColumn), String> {
    object_column("c", objects, encoding, true).map_err(|error| error.to_string())
}

fn inferred(objects: &[Object<'_>]) -> Result<DataType, String> {
    Ok(column(objects, ObjectEncoding::Infer)?.0.data_type)
}

/// Byte string `row` of a column.
fn bytes(column: &OwnedColumn, row: usize) -> Vec<u8> {
    let lent = column.as_column();
    let Values::Bytes64 { offsets, data } = lent.values else {
        panic!("not byte strings: {lent:?}");
    };
    data[offsets[row] as usize..offsets[row + 1] as usize].to_vec()
}

fn decimal(unscaled: i128, scale: u8) -> Object<'static> {
    Object::Decimal { unscaled, scale }
}

#[test]
fn each_kind_calls_for_its_type() {
    for (object, expected) in [
        (Object::from("a"), DataType::String),
        (Object::from(b"a".as_slice()), DataType::Binary),
        (Object::from(true), DataType::Boolean),
        (Object::from(-1), DataType::Int64),
        (Object::from(1_u64), DataType::UInt64),
        (Object::from(0.5), DataType::Float64),
        (
            decimal(125, 2),
            DataType::Decimal {
                precision: 3,
                scale: 2,
            },
        ),
    ] {
        let shown = format!("{object:?}");
        assert_eq!(
            inferred(&[Object::Null, object.clone(), object]),
            Ok(expected),
            "{shown}"
        );
    }
    assert_eq!(
        inferred(&[Object::Null, Object::Null]),
        Ok(DataType::String)
    );
    assert_eq!(inferred(&[]), Ok(DataType::String));
    assert_eq!(
        inferred(&[1_u64.into(), Object::from(-1)]),
        Ok(DataType::Int64)
    );
    assert_eq!(
        inferred(&[Object::from(-1), 1_u64.into()]),
        Ok(DataType::Int64)
    );
}

#[cfg(feature = "json")]
#[test]
fn lists_and_maps_call_for_json() {
    let objects = [Object::List(vec![]), Object::Map(vec![])];
    assert_eq!(inferred(&objects), Ok(DataType::Json));
}

#[test]
fn only_the_first_ten_that_are_not_null_are_looked_at_but_all_are_checked() {
    let mut objects = vec![Object::Null; 5];
    objects.extend(vec![Object::from(0.5); 10]);
    objects.push(Object::from(3));
    // An integer among floats that is one exactly is one of them.
    let (_, floats) = column(&objects, ObjectEncoding::Infer).unwrap();
    let Values::Float64(values) = floats.as_column().values else {
        panic!();
    };
    assert_eq!(values[15], 3.0);
    objects.push(Object::from("late"));
    assert_eq!(
        inferred(&objects).unwrap_err(),
        r#"column "c", row 16: text in a column of floats"#
    );
    // Within the first ten it is mixed, whatever it is.
    objects.swap(6, 15);
    assert_eq!(
        inferred(&objects).unwrap_err(),
        "column \"c\", row 6: an integer in a column that begins with a float; \
         an object encoding must be chosen"
    );
}

#[test]
fn an_object_of_another_kind_is_an_error_that_names_row_and_kind() {
    let kinds = [
        Object::from(true),
        Object::from(1),
        Object::from(0.5),
        decimal(15, 1),
        Object::from("a"),
        Object::from(b"a".as_slice()),
        Object::List(vec![]),
        Object::Map(vec![]),
    ];
    let names = [
        "a boolean",
        "an integer",
        "a float",
        "a decimal",
        "text",
        "bytes",
        "a list",
        "a map",
    ];
    let two_digits = ObjectEncoding::Decimal {
        precision: 2,
        scale: 1,
    };
    for (encoding, what, takes) in [
        (ObjectEncoding::Utf8, "text", vec![4]),
        (ObjectEncoding::Bytes, "bytes", vec![5]),
        (ObjectEncoding::Bool, "booleans", vec![0]),
        (ObjectEncoding::Int, "64-bit integers", vec![1]),
        (ObjectEncoding::Int32, "32-bit integers", vec![1]),
        (ObjectEncoding::UInt, "unsigned 64-bit integers", vec![1]),
        (ObjectEncoding::Float, "floats", vec![1, 2]),
        (two_digits, "decimal(2, 1)", vec![1, 3]),
    ] {
        for (kind, object) in kinds.iter().enumerate() {
            let got = column(&[Object::Null, object.clone()], encoding).map(drop);
            let expected = match takes.contains(&kind) {
                true => Ok(()),
                false => Err(format!(
                    "column \"c\", row 1: {} in a column of {what}",
                    names[kind]
                )),
            };
            assert_eq!(got, expected, "{encoding:?}, {object:?}");
        }
    }
}

#[test]
fn integers_are_never_narrowed() {
    let error = |object: Object<'static>, encoding| {
        column(&[Object::from(1), object], encoding).unwrap_err()
    };
    for (object, encoding, expected) in [
        (
            Object::from(1_i64 << 31),
            ObjectEncoding::Int32,
            "2147483648 is out of range in a column of 32-bit integers",
        ),
        (
            Object::from(u64::MAX),
            ObjectEncoding::Int,
            "18446744073709551615 is out of range in a column of 64-bit integers",
        ),
        (
            Object::from(-1),
            ObjectEncoding::UInt,
            "-1 is out of range in a column of unsigned 64-bit integers",
        ),
        (
            Object::from((1_i64 << 53) + 1),
            ObjectEncoding::Float,
            "the integer 9007199254740993 is not exact as a float",
        ),
        (
            Object::from(u64::MAX),
            ObjectEncoding::Float,
            "the integer 18446744073709551615 is not exact as a float",
        ),
    ] {
        assert_eq!(
            error(object, encoding),
            format!("column \"c\", row 1: {expected}")
        );
    }
}

#[test]
fn decimals_take_the_digits_that_hold_all_of_them() {
    let mut objects = vec![decimal(5, 3), Object::Null, decimal(-1200, 1)];
    objects.extend(vec![decimal(0, 0); 8]);
    // An integer that comes later counts as a decimal.
    objects.push(7.into());
    let (field, column) = column(&objects, ObjectEncoding::Infer).unwrap();
    assert_eq!(
        field.data_type,
        DataType::Decimal {
            precision: 6,
            scale: 3
        }
    );
    let mut expected = vec![0; 12];
    (expected[0], expected[2], expected[11]) = (5, -120_000, 7000);
    assert_eq!(column.as_column().values, Values::Int128(&expected));
}

#[test]
fn decimals_that_are_not_exact_are_errors() {
    let encoding = ObjectEncoding::Decimal {
        precision: 4,
        scale: 2,
    };
    let rows = [decimal(9_999, 2), decimal(15_000, 3)];
    assert!(column(&rows, encoding).is_ok());
    for (object, shown) in [
        (decimal(10_000, 2), "100.00"),
        (decimal(1, 3), "0.001"),
        (Object::from(-100), "-100"),
        (
            decimal(i128::MAX, 0),
            "170141183460469231731687303715884105727",
        ),
    ] {
        assert_eq!(
            column(&[object], encoding).unwrap_err(),
            format!("column \"c\", row 0: {shown} is not exact as decimal(4, 2)")
        );
    }
    let error = inferred(&[decimal(1, 30), decimal(1_000_000_000, 0)]).unwrap_err();
    assert_eq!(
        error,
        "column \"c\", row 1: with 1000000000 the column takes decimals of more than 38 digits"
    );
}

#[test]
fn null_in_a_required_column_is_an_error() {
    for encoding in [
        ObjectEncoding::Infer,
        ObjectEncoding::Int,
        ObjectEncoding::Bytes,
    ] {
        let objects = [Object::Null];
        assert_eq!(
            object_column("c", &objects, encoding, false)
                .unwrap_err()
                .to_string(),
            r#"column "c", row 0: null in a required column"#
        );
        let (field, column) = object_column("c", &objects, encoding, true).unwrap();
        assert!(field.nullable && column.as_column().is_null(0));
    }
    let (field, column) = object_column("c", &["a".into()], ObjectEncoding::Utf8, false).unwrap();
    assert!(!field.nullable);
    assert_eq!(column.as_column().validity, None);
}

#[cfg(not(feature = "json"))]
#[test]
fn json_without_its_feature_is_an_error_that_names_it() {
    assert_eq!(
        inferred(&[Object::List(vec![])]).unwrap_err(),
        r#"column "c": lists and maps take the feature `json`, which is off"#
    );
}

#[cfg(not(feature = "bson"))]
#[test]
fn bson_without_its_feature_is_an_error_that_names_it() {
    assert_eq!(
        column(&[Object::Map(vec![])], ObjectEncoding::Bson).unwrap_err(),
        r#"column "c": lists and maps take the feature `bson`, which is off"#
    );
}

/// A list in a list, `depth` of them.
#[cfg(any(feature = "bson", feature = "json"))]
fn nested(depth: usize) -> Object<'static> {
    (1..depth).fold(Object::List(vec![]), |inner, _| Object::List(vec![inner]))
}

/// Objects that JSON and BSON can hold alike.
#[cfg(any(feature = "bson", feature = "json"))]
fn documents() -> impl Strategy<Value = Object<'static>> {
    let leaf = prop_oneof![
        Just(Object::Null),
        any::<bool>().prop_map(Object::Bool),
        any::<i64>().prop_map(Object::Int),
        (-1e300_f64..1e300).prop_map(Object::Float),
        any::<String>().prop_map(Object::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Object::List),
            proptest::collection::btree_map("[^\0]{0,8}", inner, 0..6).prop_map(|map| {
                Object::Map(
                    map.into_iter()
                        .map(|(key, object)| (key.into(), object))
                        .collect(),
                )
            }),
        ]
    })
}

#[cfg(feature = "json")]
mod json {
    use super::*;
    use serde_json::Value;

    fn value(object: &Object<'_>) -> Value {
        match object {
            Object::Null => Value::Null,
            Object::Bool(value) => (*value).into(),
            Object::Int(value) => (*value).into(),
            Object::Float(value) => (*value).into(),
            Object::Text(value) => value.as_ref().into(),
            Object::List(objects) => objects.iter().map(value).collect(),
            Object::Map(entries) => entries
                .iter()
                .map(|(key, object)| (key.to_string(), value(object)))
                .collect(),
            other => panic!("{other:?}"),
        }
    }

    fn text(object: Object<'_>) -> Result<String, String> {
        let (_, column) = column(&[object], ObjectEncoding::Json)?;
        Ok(String::from_utf8(bytes(&column, 0)).unwrap())
    }

    proptest! {
        #[test]
        fn documents_come_back(objects in proptest::collection::vec(documents(), 0..8)) {
            let (field, column) = column(&objects, ObjectEncoding::Json).unwrap();
            prop_assert_eq!(field.data_type, DataType::Json);
            for (row, object) in objects.iter().enumerate() {
                if object.is_null() {
                    prop_assert!(column.as_column().is_null(row));
                } else {
                    let back: Value = serde_json::from_slice(&bytes(&column, row)).unwrap();
                    prop_assert_eq!(back, value(object));
                }
            }
        }
    }

    #[test]
    fn integers_and_decimals_keep_every_digit_and_keys_their_order() {
        let object = Object::Map(vec![
            ("b".into(), u64::MAX.into()),
            ("a".into(), decimal(-1_234_567_890_123_456_789_012, 3)),
        ]);
        assert_eq!(
            text(object).unwrap(),
            r#"{"b":18446744073709551615,"a":-1234567890123456789.012}"#
        );
    }

    #[test]
    fn what_json_cannot_hold_is_an_error() {
        let within = |object: Object<'static>| Object::List(vec![object]);
        for (object, reason) in [
            (within(f64::NAN.into()), "JSON cannot hold NaN"),
            (within(f64::INFINITY.into()), "JSON cannot hold inf"),
            (within(vec![1_u8].into()), "JSON cannot hold bytes"),
            (
                Object::Map(vec![("k".into(), 1.into()), ("k".into(), 2.into())]),
                "the key \"k\" twice in a map",
            ),
            (nested(102), "lists and maps more than 100 deep"),
        ] {
            let objects = [Object::Null, object];
            assert_eq!(
                column(&objects, ObjectEncoding::Json).unwrap_err(),
                format!("column \"c\", row 1: {reason}")
            );
        }
        let deepest = text(nested(101)).unwrap();
        assert!(serde_json::from_str::<Value>(&deepest).is_ok());
    }
}

#[cfg(feature = "bson")]
mod bson_documents {
    use super::*;
    use bson::{Bson, Document};

    fn value(object: &Object<'_>) -> Bson {
        match object {
            Object::Null => Bson::Null,
            Object::Bool(value) => Bson::Boolean(*value),
            Object::Int(value) => match i32::try_from(*value) {
                Ok(small) => Bson::Int32(small),
                Err(_) => Bson::Int64(*value),
            },
            Object::Float(value) => Bson::Double(*value),
            Object::Text(value) => Bson::String(value.to_string()),
            Object::List(objects) => Bson::Array(objects.iter().map(value).collect()),
            Object::Map(entries) => Bson::Document(
                entries
                    .iter()
                    .map(|(key, object)| (key.to_string(), value(object)))
                    .collect(),
            ),
            other => panic!("{other:?}"),
        }
    }

    fn document(object: Object<'_>) -> Result<Document, String> {
        let (_, column) = column(&[object], ObjectEncoding::Bson)?;
        Ok(Document::from_reader(bytes(&column, 0).as_slice()).unwrap())
    }

    proptest! {
        #[test]
        fn documents_come_back(object in documents()) {
            let within = Object::Map(vec![("k".into(), object.clone())]);
            let back = document(within).unwrap();
            prop_assert_eq!(back.get("k"), Some(&value(&object)));
        }
    }

    #[test]
    fn decimals_and_bytes_have_types_of_their_own() {
        let back = document(Object::Map(vec![
            ("d".into(), decimal(-125, 2)),
            ("b".into(), vec![1_u8, 2].into()),
        ]))
        .unwrap();
        let Some(Bson::Decimal128(found)) = back.get("d") else {
            panic!("{back:?}");
        };
        assert_eq!(found.to_string(), "-1.25");
        assert_eq!(back.get_binary_generic("b").unwrap(), &[1, 2]);
    }

    #[test]
    fn what_bson_cannot_hold_is_an_error() {
        let within = |object: Object<'static>| Object::Map(vec![("k".into(), object)]);
        for (object, reason) in [
            (1.into(), "an integer in a column of BSON documents"),
            (Object::List(vec![]), "a list in a column of BSON documents"),
            (
                within(u64::MAX.into()),
                "BSON cannot hold the integer 18446744073709551615",
            ),
            (
                within(decimal(i128::MAX, 0)),
                "BSON cannot hold the decimal 170141183460469231731687303715884105727",
            ),
            (
                Object::Map(vec![("a\0b".into(), Object::Null)]),
                "BSON cannot hold the key \"a\\0b\", which has a NUL",
            ),
            (
                Object::Map(vec![("k".into(), 1.into()), ("k".into(), 2.into())]),
                "the key \"k\" twice in a map",
            ),
            (within(nested(101)), "lists and maps more than 100 deep"),
        ] {
            assert_eq!(
                column(&[Object::Null, object], ObjectEncoding::Bson).unwrap_err(),
                format!("column \"c\", row 1: {reason}")
            );
        }
        assert!(document(within(nested(100))).is_ok());
    }
}

#[cfg(feature = "serde")]
mod records {
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
        let chain =
            |depth| (1..depth).fold(Newtype(None), |inner, _| Newtype(Some(Box::new(inner))));
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
}
