//! Records of `serde` to columns.

use super::{Object, ObjectEncoding, from_serialize, object_column};
use crate::batch::{OwnedBatch, OwnedColumn};
use crate::error::WriteError;
use crate::schema::{DataType, Schema, SchemaOptions};
use serde::Serialize;
use std::collections::HashMap;

/// Records turned into columns of objects, one for each field, in the order in which the fields
/// first come. A record that lacks a field is null there.
///
/// ```
/// use pq_writer::{DataType, RecordColumns, SchemaOptions};
///
/// #[derive(serde::Serialize)]
/// struct Reading {
///     sensor: &'static str,
///     celsius: Option<f64>,
/// }
///
/// let readings = [
///     Reading { sensor: "north", celsius: Some(21.5) },
///     Reading { sensor: "south", celsius: None },
/// ];
/// let columns = RecordColumns::from_rows(&readings)?;
/// let (schema, batch) = columns.infer(&SchemaOptions::default())?;
/// assert_eq!(schema.fields()[0].data_type, DataType::String);
/// assert_eq!(schema.fields()[1].data_type, DataType::Float64);
/// assert!(batch.as_batch().columns[1].is_null(1));
/// # Ok::<(), pq_writer::WriteError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecordColumns {
    rows: usize,
    columns: Vec<(String, Vec<Object<'static>>)>,
}

impl RecordColumns {
    /// The columns of these records, each a struct or a map.
    ///
    /// # Errors
    ///
    /// A record that cannot be serialised, that is neither a struct nor a map, or that has a
    /// field twice, with its row.
    pub fn from_rows<T: Serialize>(
        records: impl IntoIterator<Item = T>,
    ) -> Result<Self, WriteError> {
        let mut columns: Vec<(String, Vec<Object<'static>>)> = Vec::new();
        let mut positions: HashMap<String, usize> = HashMap::new();
        let mut rows = 0;
        for record in records {
            let invalid = |reason: String| WriteError::InvalidRecord { row: rows, reason };
            let fields = match from_serialize(&record) {
                Ok(Object::Map(fields)) => fields,
                Ok(other) => {
                    return Err(invalid(format!(
                        "{} where a struct or a map is a record",
                        other.kind()
                    )));
                }
                Err(error) => return Err(invalid(error.to_string())),
            };
            for (name, object) in fields {
                let position = match positions.get(name.as_ref()) {
                    Some(&position) => position,
                    None => {
                        columns.push((name.clone().into_owned(), Vec::new()));
                        positions.insert(name.clone().into_owned(), columns.len() - 1);
                        columns.len() - 1
                    }
                };
                let objects = &mut columns[position].1;
                if objects.len() > rows {
                    return Err(invalid(format!("the field {name:?} twice in a record")));
                }
                // The records since the field last came lack it.
                objects.resize(rows, Object::Null);
                objects.push(object);
            }
            rows += 1;
        }
        for (_, objects) in &mut columns {
            objects.resize(rows, Object::Null);
        }
        Ok(Self { rows, columns })
    }

    /// How many records there are.
    pub fn num_rows(&self) -> usize {
        self.rows
    }

    /// The schema that the objects and the options call for, and the columns. Lists and maps
    /// become JSON, unless another encoding is chosen.
    ///
    /// # Errors
    ///
    /// As [`object_column`]; options that name a column that no record has.
    pub fn infer(&self, options: &SchemaOptions) -> Result<(Schema, OwnedBatch), WriteError> {
        options.check_columns(self.columns.iter().map(|(name, _)| name.as_str()))?;
        let mut fields = Vec::with_capacity(self.columns.len());
        let mut columns = Vec::with_capacity(self.columns.len());
        for (name, objects) in &self.columns {
            let (field, column) = options.object_column(name, objects)?;
            fields.push(field);
            columns.push(column);
        }
        Ok((Schema::new(fields)?, OwnedBatch::new(columns)))
    }

    /// The columns that a schema asks for, as of the records before: what no record has is null.
    ///
    /// # Errors
    ///
    /// As [`object_column`]; a field that the schema does not have; a column of a type that no
    /// object becomes (those of [`infer`](Self::infer) all are).
    pub fn for_schema(&self, schema: &Schema) -> Result<OwnedBatch, WriteError> {
        if let Some((name, _)) = self
            .columns
            .iter()
            .find(|(name, _)| schema.position(name).is_none())
        {
            return Err(WriteError::UnknownColumn {
                column: name.clone(),
            });
        }
        let absent = vec![Object::Null; self.rows];
        let columns = schema
            .fields()
            .iter()
            .map(|field| {
                let objects = self
                    .columns
                    .iter()
                    .find(|(name, _)| *name == field.name)
                    .map_or(&absent, |(_, objects)| objects);
                let encoding = encoding(&field.name, &field.data_type)?;
                Ok(object_column(&field.name, objects, encoding, field.nullable)?.1)
            })
            .collect::<Result<Vec<OwnedColumn>, WriteError>>()?;
        Ok(OwnedBatch::new(columns))
    }
}

fn encoding(name: &str, data_type: &DataType) -> Result<ObjectEncoding, WriteError> {
    ObjectEncoding::of(data_type).ok_or_else(|| WriteError::UnsupportedType {
        column: name.to_owned(),
        reason: format!("no object becomes {data_type:?}"),
    })
}
