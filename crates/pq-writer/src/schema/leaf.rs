//! Leaves: the columns that hold values.

use super::{DataType, Order};
use pq_format::{SchemaElement, Type};

/// A leaf of the schema: what is stored of a column, or of one of the fields within it.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    pub(crate) element: SchemaElement,
    pub(crate) path: Vec<String>,
    pub(crate) name: String,
    pub(crate) column: usize,
    pub(crate) physical: Type,
    pub(crate) data_type: DataType,
    pub(crate) order: Order,
    pub(crate) max_definition: u16,
    pub(crate) max_repetition: u16,
}

impl Leaf {
    /// The leaf as a footer has it.
    pub fn element(&self) -> &SchemaElement {
        &self.element
    }

    /// The names from the column down to the leaf, as the footer has them.
    pub fn path(&self) -> &[String] {
        &self.path
    }

    /// The dotted path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The position of the column that the leaf is of.
    pub fn column(&self) -> usize {
        self.column
    }

    /// What the values mean.
    pub fn data_type(&self) -> &DataType {
        &self.data_type
    }

    /// The definition level of a value: how many of the nodes on the path are optional or
    /// repeated.
    pub fn max_definition_level(&self) -> u16 {
        self.max_definition
    }

    /// How many of the nodes on the path are repeated.
    pub fn max_repetition_level(&self) -> u16 {
        self.max_repetition
    }

    /// Whether `path` is the dotted path of the leaf or of something that it is within.
    pub fn is_within(&self, path: &str) -> bool {
        self.name
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Bytes a value of FIXED_LEN_BYTE_ARRAY or INT96.
    pub(crate) fn fixed_width(&self) -> usize {
        if self.physical == Type::INT96 {
            return 12;
        }
        self.element
            .type_length
            .and_then(|width| usize::try_from(width).ok())
            .unwrap_or(0)
    }
}
