use super::{Joint, join};
use crate::compare::describe::described;
use pq_format::{FieldRepetitionType, SchemaElement, Type};
use pq_writer::{DataType, Field, Schema};

fn schema(fields: &[(&str, DataType, bool)]) -> Vec<SchemaElement> {
    let fields = fields
        .iter()
        .map(|(name, data_type, nullable)| Field::new(*name, data_type.clone(), *nullable));
    Schema::new(fields.collect()).unwrap().elements()
}

/// What is in the way of joining the second to the first.
fn differences(expected: &[SchemaElement], got: &[SchemaElement], widen: bool) -> Vec<String> {
    match join(expected, "b", got, widen) {
        Ok(_) => Vec::new(),
        Err(differences) => differences.iter().map(ToString::to_string).collect(),
    }
}

fn joint(expected: &[SchemaElement], got: &[SchemaElement]) -> Joint {
    join(expected, "b", got, true).unwrap()
}

#[test]
fn every_difference_is_told() {
    use DataType::{Float32, Float64, Int32, Int64, String};
    let one = schema(&[
        ("a", Int32, true),
        ("b", Float32, true),
        ("c", String, false),
        ("gone", Int64, false),
        ("d", Int64, false),
    ]);
    let other = schema(&[
        ("a", Int64, true),
        ("b", Float64, false),
        ("c", Int64, false),
        ("new", String, false),
        ("d", Int64, true),
    ]);
    let expected = [
        "b: column \"new\": expected no such column, got required BYTE_ARRAY string; \
         written again as optional BYTE_ARRAY string, both would fit",
        "b: column \"a\": expected optional INT32, got optional INT64; \
         written again as optional INT64, both would fit",
        "b: column \"b\": expected optional FLOAT, got required DOUBLE; \
         written again as optional DOUBLE, both would fit",
        "b: column \"c\": expected required BYTE_ARRAY string, got required INT64",
        "b: column \"gone\": expected required INT64, got no such column; \
         written again as optional INT64, both would fit",
        "b: column \"d\": expected required INT64, got optional INT64; \
         written again as optional INT64, both would fit",
    ];
    for widen in [false, true] {
        assert_eq!(differences(&one, &other, widen), expected);
    }
}

#[test]
fn what_pages_mean_may_be_wider() {
    use DataType::{Int8, Int16, Int32, UInt8, UInt16, UInt32, UInt64};
    let decimal = |precision, scale| DataType::Decimal { precision, scale };
    for (one, other, both) in [
        (Int16, Int32, Some("required INT32")),
        (Int32, UInt16, Some("required INT32")),
        (Int8, UInt8, Some("required INT32 int16")),
        (UInt8, UInt16, Some("required INT32 uint16")),
        (UInt32, UInt8, Some("required INT32 uint32")),
        (UInt32, Int32, None),
        (UInt64, DataType::Int64, None),
        (
            decimal(5, 2),
            decimal(9, 2),
            Some("required INT32 decimal[9, 2]"),
        ),
        (decimal(5, 2), decimal(9, 3), None),
        (DataType::String, DataType::Binary, None),
        (DataType::Date, Int32, None),
    ] {
        let one = schema(&[("x", one, false)]);
        let other = schema(&[("x", other, false)]);
        for (one, other) in [(&one, &other), (&other, &one)] {
            let found = join(one, "b", other, true).ok();
            let found = found.map(|joint| described(&joint.schema[1]));
            assert_eq!(found.as_deref(), both);
            assert_eq!(differences(one, other, false).len(), 1);
        }
    }
}

#[test]
fn columns_in_another_order() {
    let pair = DataType::Struct(vec![
        Field::new("p", DataType::Int32, true),
        Field::new("q", DataType::String, true),
    ]);
    let turned = DataType::Struct(vec![
        Field::new("q", DataType::String, true),
        Field::new("p", DataType::Int32, true),
    ]);
    let one = schema(&[("a", pair, true), ("b", DataType::Int64, true)]);
    let other = schema(&[("b", DataType::Int64, true), ("a", turned, true)]);
    let joint = joint(&one, &other);
    assert_eq!(joint.schema, one);
    assert_eq!(joint.order, Some(vec![2, 1, 0]));
    let told = differences(&one, &other, false);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("\"a.q\"") && told[0].contains("order"),
        "{told:?}"
    );
    assert_eq!(super::join(&one, "b", &one, false).unwrap().order, None);
}

#[test]
fn nested_columns_are_named_by_their_path() {
    let list = |element| DataType::List(Box::new(Field::new("element", element, true)));
    let one = schema(&[("a", list(DataType::Int32), true)]);
    let other = schema(&[("a", list(DataType::String), true)]);
    let told = differences(&one, &other, true);
    assert_eq!(
        told,
        ["b: column \"a.list.element\": expected optional INT32, got optional BYTE_ARRAY string"]
    );
}

#[test]
fn schemas_that_are_none_do_no_harm() {
    let group = |children| SchemaElement {
        name: "g".to_owned(),
        num_children: Some(children),
        repetition_type: Some(FieldRepetitionType::OPTIONAL),
        ..SchemaElement::default()
    };
    let deep: Vec<SchemaElement> = (0..100_000).map(|_| group(1)).collect();
    assert_eq!(differences(&deep, &deep, true).len(), 1);
    let claims = vec![group(i32::MAX), group(-1), group(i32::MIN)];
    assert!(differences(&claims, &claims, true).len() <= 1);
    let leaf = SchemaElement {
        r#type: Some(Type::INT32),
        ..group(0)
    };
    let twice = vec![group(2), leaf.clone(), leaf];
    let told = differences(&twice, &twice, true);
    assert!(told[0].contains("two columns"), "{told:?}");
    assert!(differences(&[], &[], true).is_empty());
}
