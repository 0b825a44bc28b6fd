//! The tree of columns as a footer lays it out; LogicalTypes.md of the specification, "Nested
//! Types".

use super::physical::Storage;
use super::{DataType, Field, Leaf, Order};
use crate::error::WriteError;
use pq_format::{
    ConvertedType, FieldRepetitionType, ListType, LogicalType, MapType, SchemaElement, VariantType,
};
use std::collections::HashSet;

/// Fields within fields may be this deep.
pub(super) const DEEPEST: usize = 64;

/// The elements of a schema, the root first, and its leaves.
pub(super) fn lay_out(fields: &[Field]) -> Result<(Vec<SchemaElement>, Vec<Leaf>), WriteError> {
    let mut tree = Tree::default();
    tree.elements.push(SchemaElement {
        name: "schema".to_owned(),
        num_children: Some(children("the schema", fields.len())?),
        ..SchemaElement::default()
    });
    for (column, field) in fields.iter().enumerate() {
        tree.column = column;
        tree.field(&field.name, field, field.nullable)?;
    }
    Ok((tree.elements, tree.leaves))
}

fn children(what: &str, count: usize) -> Result<i32, WriteError> {
    i32::try_from(count).map_err(|_| WriteError::TooLarge {
        what: what.to_owned(),
        size: count as u64,
    })
}

#[derive(Default)]
struct Tree {
    elements: Vec<SchemaElement>,
    leaves: Vec<Leaf>,
    column: usize,
    path: Vec<String>,
    definition: u16,
    repetition: u16,
    /// Whether the leaves that are now laid out are those of a variant.
    in_variant: bool,
}

impl Tree {
    /// Lays out a field and what is below it, under `name`, which is not the field's own where
    /// the format prescribes one.
    fn field(&mut self, name: &str, field: &Field, nullable: bool) -> Result<(), WriteError> {
        self.path.push(name.to_owned());
        if self.path.len() > DEEPEST {
            return Err(self.unsupported(format!("fields more than {DEEPEST} deep")));
        }
        let before = (self.definition, self.repetition);
        self.definition += u16::from(nullable || field.data_type == DataType::Null);
        match &field.data_type {
            DataType::List(element) => {
                let logical = LogicalType::List(ListType::default());
                self.group(field, nullable, logical, Some(ConvertedType::LIST), 1)?;
                self.repeated("list", 1)?;
                self.field("element", element, element.nullable)?;
                self.path.pop();
            }
            DataType::Map { key, value } => {
                let logical = LogicalType::Map(MapType::default());
                self.group(field, nullable, logical, Some(ConvertedType::MAP), 1)?;
                self.repeated("key_value", 2)?;
                self.field("key", key, false)?;
                self.field("value", value, value.nullable)?;
                self.path.pop();
            }
            DataType::Struct(fields) => {
                self.group(field, nullable, None, None, fields.len())?;
                self.fields(fields)?;
            }
            DataType::Variant(fields) => {
                self.check_variant(fields)?;
                let logical = LogicalType::Variant(VariantType {
                    specification_version: Some(1),
                    ..VariantType::default()
                });
                self.group(field, nullable, logical, None, fields.len())?;
                let outer = std::mem::replace(&mut self.in_variant, true);
                self.fields(fields)?;
                self.in_variant = outer;
            }
            _ => self.leaf(field, nullable)?,
        }
        (self.definition, self.repetition) = before;
        self.path.pop();
        Ok(())
    }

    fn fields(&mut self, fields: &[Field]) -> Result<(), WriteError> {
        if fields.is_empty() {
            return Err(self.unsupported("a struct without fields".to_owned()));
        }
        let mut names = HashSet::with_capacity(fields.len());
        for field in fields {
            if field.name.is_empty() {
                return Err(self.unsupported("a field with an empty name".to_owned()));
            }
            if !names.insert(field.name.as_str()) {
                return Err(WriteError::DuplicateColumn {
                    column: format!("{}.{}", self.dotted(), field.name),
                });
            }
            self.field(&field.name, field, field.nullable)?;
        }
        Ok(())
    }

    fn group(
        &mut self,
        field: &Field,
        nullable: bool,
        logical_type: impl Into<Option<LogicalType>>,
        converted_type: Option<ConvertedType>,
        count: usize,
    ) -> Result<(), WriteError> {
        self.elements.push(SchemaElement {
            name: self.path.last().cloned().unwrap_or_default(),
            repetition_type: Some(match nullable {
                true => FieldRepetitionType::OPTIONAL,
                false => FieldRepetitionType::REQUIRED,
            }),
            num_children: Some(children("a struct", count)?),
            converted_type,
            logical_type: logical_type.into(),
            field_id: field.field_id,
            ..SchemaElement::default()
        });
        Ok(())
    }

    /// The repeated group of a list or a map, of which `path` keeps the name.
    fn repeated(&mut self, name: &str, count: usize) -> Result<(), WriteError> {
        self.path.push(name.to_owned());
        self.definition += 1;
        self.repetition += 1;
        self.elements.push(SchemaElement {
            name: name.to_owned(),
            repetition_type: Some(FieldRepetitionType::REPEATED),
            num_children: Some(children("a list", count)?),
            ..SchemaElement::default()
        });
        Ok(())
    }

    fn leaf(&mut self, field: &Field, nullable: bool) -> Result<(), WriteError> {
        let name = self.dotted();
        let mut storage = Storage::of(&name, field)?;
        storage.element.name = self.path.last().cloned().unwrap_or_default();
        if !nullable && field.data_type != DataType::Null {
            storage.element.repetition_type = Some(FieldRepetitionType::REQUIRED);
        }
        self.elements.push(storage.element.clone());
        self.leaves.push(Leaf {
            element: storage.element,
            path: self.path.clone(),
            name,
            column: self.column,
            physical: storage.physical,
            data_type: field.data_type.clone(),
            // The bytes of a variant have no order.
            order: match self.in_variant && field.data_type == DataType::Binary {
                true => Order::Undefined,
                false => storage.order,
            },
            max_definition: self.definition,
            max_repetition: self.repetition,
        });
        Ok(())
    }

    /// VariantEncoding.md: `metadata` is required binary; `value` is binary, and may be left out
    /// only where `typed_value` is there.
    fn check_variant(&self, fields: &[Field]) -> Result<(), WriteError> {
        let binary = |name: &str| {
            fields
                .iter()
                .find(|field| field.name == name && field.data_type == DataType::Binary)
        };
        if binary("metadata").is_none_or(|field| field.nullable) {
            return Err(self.unsupported("a variant without a required binary metadata".to_owned()));
        }
        let is_shredded = fields.iter().any(|field| field.name == "typed_value");
        match binary("value") {
            Some(value) if value.nullable && !is_shredded => {
                Err(self
                    .unsupported("a variant with a nullable value that is not shredded".to_owned()))
            }
            None if !is_shredded => {
                Err(self.unsupported("a variant without a binary value".to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn dotted(&self) -> String {
        self.path.join(".")
    }

    fn unsupported(&self, reason: String) -> WriteError {
        WriteError::UnsupportedType {
            column: self.dotted(),
            reason,
        }
    }
}
