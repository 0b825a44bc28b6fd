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
