//! Fields and what is within them.

use super::{extension, types};
use crate::error::ArrowError;
use arrow_schema::{DataType, Field, FieldRef, Fields};
use pq_writer::DataType as Stored;

/// The metadata key of an Arrow field under which Parquet's field id stands.
const FIELD_ID_KEY: &str = "PARQUET:field_id";

/// How a column is stored.
pub(crate) fn stored(column: &Field) -> Result<pq_writer::Field, ArrowError> {
    Walk { path: Vec::new() }.field(&[column.name()], column)
}

struct Walk {
    /// The names down to the field, as the footer has them.
    path: Vec<String>,
}

impl Walk {
    /// A field under its Parquet names, the repeated group of a list or a map first.
    fn field(&mut self, names: &[&str], field: &Field) -> Result<pq_writer::Field, ArrowError> {
        let above = self.path.len();
        self.path.extend(names.iter().map(|&name| name.to_owned()));
        let stored = pq_writer::Field {
            name: names.last().copied().unwrap_or_default().to_owned(),
            data_type: self.data_type(field, field.data_type())?,
            nullable: field.is_nullable(),
            field_id: field
                .metadata()
                .get(FIELD_ID_KEY)
                .and_then(|id| id.parse().ok()),
        };
        self.path.truncate(above);
        Ok(stored)
    }

    /// The type of `field`, or of what its codes or runs stand for.
    fn data_type(&mut self, field: &Field, data_type: &DataType) -> Result<Stored, ArrowError> {
        Ok(match data_type {
            DataType::Dictionary(key, value) if key.is_dictionary_key_type() => {
                self.data_type(field, value)?
            }
            DataType::RunEndEncoded(ends, values) if ends.data_type().is_run_ends_type() => {
                let is_extension = field.extension_type_name().is_some();
                let field = if is_extension { field } else { values };
                self.data_type(field, values.data_type())?
            }
            DataType::List(element)
            | DataType::LargeList(element)
            | DataType::ListView(element)
            | DataType::LargeListView(element) => self.list(element)?,
            DataType::FixedSizeList(element, size) if *size >= 0 => self.list(element)?,
            DataType::Map(entries, _) => match entries.data_type() {
                DataType::Struct(pair) => self.map(pair, data_type)?,
                _ => return Err(self.unsupported(data_type)),
            },
            DataType::Struct(fields) => {
                let fields = fields
                    .iter()
                    .map(|field| self.field(&[field.name()], field))
                    .collect::<Result<_, _>>()?;
                match extension::is_variant(field) {
                    true => extension::variant(fields),
                    false => Stored::Struct(fields),
                }
            }
            _ => match extension::annotated(&self.dotted(), field, data_type)? {
                Some(annotated) => annotated,
                None => types::leaf(data_type).ok_or_else(|| self.unsupported(data_type))?,
            },
        })
    }

    fn list(&mut self, element: &FieldRef) -> Result<Stored, ArrowError> {
        Ok(Stored::List(Box::new(
            self.field(&["list", "element"], element)?,
        )))
    }

    fn map(&mut self, pair: &Fields, data_type: &DataType) -> Result<Stored, ArrowError> {
        let [key, value] = &pair[..] else {
            return Err(self.unsupported(data_type));
        };
        Ok(Stored::Map {
            key: Box::new(self.field(&["key_value", "key"], key)?),
            value: Box::new(self.field(&["key_value", "value"], value)?),
        })
    }

    fn dotted(&self) -> String {
        self.path.join(".")
    }

    fn unsupported(&self, data_type: &DataType) -> ArrowError {
        ArrowError::UnsupportedType {
            column: self.dotted(),
            data_type: data_type.clone(),
        }
    }
}
