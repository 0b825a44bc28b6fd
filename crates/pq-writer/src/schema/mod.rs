//! The Parquet type of each column.

mod data_type;
mod find;
mod leaf;
mod nulls;
mod options;
mod physical;
mod tree;

#[cfg(test)]
mod tests;

pub use data_type::{DataType, Edges, TimeUnit, TimestampStorage};
pub use leaf::Leaf;
pub use nulls::HasNulls;
pub use options::{SchemaOptions, Times};
pub(crate) use physical::Order;

use crate::error::WriteError;
use pq_format::SchemaElement;
use std::collections::HashMap;

/// One column of a schema, or a field within one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Field {
    /// The name of the column, unique in its schema, or of the field, unique in its struct; that of
    /// the elements of a list and of keys and values is not stored.
    pub name: String,
    /// What the values mean.
    pub data_type: DataType,
    /// Whether rows may be null (OPTIONAL) or not (REQUIRED).
    pub nullable: bool,
    /// The field id, for formats that name columns by number.
    pub field_id: Option<i32>,
}

impl Field {
    /// A column of this name and type.
    pub fn new(name: impl Into<String>, data_type: DataType, nullable: bool) -> Self {
        Self {
            name: name.into(),
            data_type,
            nullable,
            field_id: None,
        }
    }
}

/// The columns of a file, in order.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Vec<Field>", into = "Vec<Field>"))]
pub struct Schema {
    fields: Vec<Field>,
    elements: Vec<SchemaElement>,
    leaves: Vec<Leaf>,
    positions: HashMap<String, usize>,
}

impl Schema {
    /// A schema of these columns.
    ///
    /// # Errors
    ///
    /// Names that are there twice or empty, and types that Parquet cannot carry (a decimal of
    /// scale above its precision, a struct without fields), naming the column.
    pub fn new(fields: Vec<Field>) -> Result<Self, WriteError> {
        let mut positions = HashMap::with_capacity(fields.len());
        for (position, field) in fields.iter().enumerate() {
            if field.name.is_empty() {
                return Err(WriteError::EmptyColumnName);
            }
            if positions.insert(field.name.clone(), position).is_some() {
                return Err(WriteError::DuplicateColumn {
                    column: field.name.clone(),
                });
            }
        }
        let (elements, leaves) = tree::lay_out(&fields)?;
        Ok(Self {
            fields,
            elements,
            leaves,
            positions,
        })
    }

    /// The position of the column of this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// The columns in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The leaves of all columns, in order: what is stored.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The schema without the columns named, as the files of a partitioned data set have it.
    ///
    /// # Errors
    ///
    /// A name that is not in the schema.
    pub fn without(&self, names: &[String]) -> Result<Self, WriteError> {
        if let Some(name) = names.iter().find(|name| self.position(name).is_none()) {
            return Err(WriteError::UnknownColumn {
                column: name.clone(),
            });
        }
        Self::new(
            self.fields
                .iter()
                .filter(|field| !names.contains(&field.name))
                .cloned()
                .collect(),
        )
    }

    /// The schema as a footer has it: the root, then the columns, depth first.
    pub fn elements(&self) -> Vec<SchemaElement> {
        self.elements.clone()
    }
}

impl TryFrom<Vec<Field>> for Schema {
    type Error = WriteError;

    fn try_from(fields: Vec<Field>) -> Result<Self, WriteError> {
        Self::new(fields)
    }
}

impl From<Schema> for Vec<Field> {
    fn from(schema: Schema) -> Self {
        schema.fields
    }
}
