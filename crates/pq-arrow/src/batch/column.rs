//! One column: values, borrowed where they can be, and validity.

use super::nested::Shape;
use super::values::Leaf;
use super::{nested, values};
use crate::error::ArrowError;
use arrow_array::{Array, ArrayRef};
use arrow_buffer::BooleanBuffer;
use arrow_schema::Fields;
use pq_writer::{Bits, Column, Values};

/// A column of a record batch, or one within it.
#[derive(Debug, Clone)]
pub(super) struct PreparedColumn<'a> {
    name: &'a str,
    values: PreparedValues<'a>,
    validity: Option<Bits<'a>>,
    /// What an array of text is known to be by its type.
    is_checked: bool,
}

#[derive(Debug, Clone)]
enum PreparedValues<'a> {
    Leaf(Leaf<'a>),
    /// Codes, lists or runs, and what they are of.
    Of(Shape<'a>, Box<PreparedColumn<'a>>),
    /// Rows, and the fields.
    Struct(usize, Vec<PreparedColumn<'a>>),
}

impl<'a> PreparedColumn<'a> {
    /// The column `name` of which `array` has the rows; its type is one that the schema takes.
    pub(super) fn new(name: &'a str, array: &'a dyn Array) -> Result<Self, ArrowError> {
        let unsupported = || ArrowError::UnsupportedType {
            column: name.to_owned(),
            data_type: array.data_type().clone(),
        };
        let validity = match array.nulls().filter(|nulls| nulls.null_count() > 0) {
            Some(nulls) => Some(bits(nulls.inner()).ok_or_else(unsupported)?),
            None => None,
        };
        let values = if let Some((fields, columns)) = nested::fields(array) {
            PreparedValues::Struct(array.len(), Self::all(fields, columns)?)
        } else if let Some((shape, of)) = nested::shape(array) {
            PreparedValues::Of(shape, Box::new(Self::new(name, of)?))
        } else {
            PreparedValues::Leaf(values::leaf(array).ok_or_else(unsupported)?)
        };
        Ok(Self {
            name,
            values,
            validity,
            is_checked: values::is_text(array),
        })
    }

    /// The columns of these fields.
    pub(super) fn all(
        fields: &'a Fields,
        columns: &'a [ArrayRef],
    ) -> Result<Vec<Self>, ArrowError> {
        let fields = fields.iter().zip(columns);
        fields
            .map(|(field, array)| Self::new(field.name(), array.as_ref()))
            .collect()
    }

    /// The column as the writer takes it.
    pub(super) fn lend(&self) -> Column<'_> {
        let values = match &self.values {
            PreparedValues::Leaf(leaf) => leaf.lend(),
            PreparedValues::Of(shape, of) => shape.lend(Box::new(of.lend())),
            PreparedValues::Struct(len, fields) => Values::Struct {
                len: *len,
                fields: fields.iter().map(Self::lend).collect(),
            },
        };
        Column {
            name: self.name,
            values,
            validity: self.validity,
            is_checked: self.is_checked,
        }
    }
}

/// The bits of a bitmap of Arrow, which may start within a byte.
pub(super) fn bits(buffer: &BooleanBuffer) -> Option<Bits<'_>> {
    Bits::new(buffer.values(), buffer.offset(), buffer.len())
}
