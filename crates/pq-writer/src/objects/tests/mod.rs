#[cfg(feature = "bson")]
mod bson;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "serde")]
mod records;

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
