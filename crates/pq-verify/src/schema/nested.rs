//! The groups of lists, maps and variants.

use super::Schema;
use crate::notes::Notes;
use crate::rule::Rule;
use pq_format::{ConvertedType, FieldRepetitionType, LogicalType, SchemaElement, Type};

pub(super) fn check(schema: &Schema<'_>, node: usize, notes: &mut Notes<'_>) {
    let element = schema.element(node);
    if element.r#type.is_some() {
        return;
    }
    match (&element.logical_type, element.converted_type) {
        (Some(LogicalType::List(_)), _) | (None, Some(ConvertedType::LIST)) => {
            check_list(schema, node, notes);
        }
        (Some(LogicalType::Map(_)), _) | (None, Some(ConvertedType::MAP)) => {
            check_map(schema, node, notes);
        }
        (Some(LogicalType::Variant(_)), _) => check_variant(schema, node, notes),
        _ => {}
    }
}

/// The only child of a group, if that is repeated.
fn repeated_child(schema: &Schema<'_>, node: usize) -> Option<usize> {
    let [child] = *schema.node(node).children else {
        return None;
    };
    is_repeated(schema, child).then_some(child)
}

fn is_repeated(schema: &Schema<'_>, node: usize) -> bool {
    schema.node(node).repetition == FieldRepetitionType::REPEATED
}

fn check_list(schema: &Schema<'_>, node: usize, notes: &mut Notes<'_>) {
    let Some(middle) = repeated_child(schema, node) else {
        notes.say(Rule::ListBroken, || "not one repeated field".to_owned());
        return;
    };
    let name = &schema.element(middle).name;
    let element = match *schema.node(middle).children {
        [element] => Some(schema.element(element)),
        _ => None,
    };
    // A repeated list is the element of an older form of list.
    let is_standard = name == "list"
        && !is_repeated(schema, node)
        && element.is_some_and(|element| {
            element.name == "element"
                && element.repetition_type != Some(FieldRepetitionType::REPEATED)
        });
    notes.check(Rule::ListStructure, is_standard, || {
        format!(
            "the repeated field is {name:?}, with {:?} in it",
            element.map(|element| &element.name)
        )
    });
}

fn check_map(schema: &Schema<'_>, node: usize, notes: &mut Notes<'_>) {
    let Some(middle) = repeated_child(schema, node) else {
        notes.say(Rule::MapBroken, || "not one repeated field".to_owned());
        return;
    };
    let fields: Vec<&SchemaElement> = schema
        .node(middle)
        .children
        .iter()
        .map(|&field| schema.element(field))
        .collect();
    let (key, value) = match *fields {
        [key] => (key, None),
        [key, value] => (key, Some(value)),
        _ => {
            notes.say(Rule::MapBroken, || {
                format!("{} fields in the repeated group", fields.len())
            });
            return;
        }
    };
    let key_is_required = key.repetition_type == Some(FieldRepetitionType::REQUIRED);
    notes.check(Rule::MapBroken, key_is_required, || {
        "the key is not required".to_owned()
    });
    let name = &schema.element(middle).name;
    let is_standard =
        name == "key_value" && key.name == "key" && value.is_none_or(|value| value.name == "value");
    notes.check(Rule::MapStructure, is_standard, || {
        format!(
            "the repeated group is {name:?}, with {:?} and {:?}",
            key.name,
            value.map(|value| &value.name)
        )
    });
}

fn check_variant(schema: &Schema<'_>, node: usize, notes: &mut Notes<'_>) {
    let field = |name: &str| {
        let children = schema.node(node).children.iter();
        children
            .map(|&child| schema.element(child))
            .find(|child| child.name == name)
    };
    let is_binary = |field: &SchemaElement| field.r#type == Some(Type::BYTE_ARRAY);
    let metadata = field("metadata").is_some_and(|metadata| {
        is_binary(metadata) && metadata.repetition_type == Some(FieldRepetitionType::REQUIRED)
    });
    // Of a shredded variant the value may be left out.
    let value = field("value").map_or(field("typed_value").is_some(), is_binary);
    notes.check(Rule::VariantStructure, metadata && value, || {
        format!("`metadata` as it should be: {metadata}; `value`: {value}")
    });
}
