use super::*;
use ::bson::{Bson, Document};

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
