//! Which column of a batch is which of the schema.

use crate::batch::{Batch, Column};
use crate::error::WriteError;
use crate::schema::{Field, Schema};

/// The columns of the batch in the order of the schema: each once, all of the same length.
pub(super) fn columns<'b, 'a>(
    schema: &Schema,
    batch: &'b Batch<'a>,
) -> Result<Vec<&'b Column<'a>>, WriteError> {
    let rows = batch.num_rows();
    let mut found: Vec<Option<&Column<'a>>> = vec![None; schema.fields().len()];
    for (position, column) in batch.columns.iter().enumerate() {
        let name = || column.name.to_owned();
        // Most batches have the order of the schema.
        let is_here = |field: &Field| field.name == column.name;
        let position = match schema.fields().get(position) {
            Some(field) if is_here(field) => Some(position),
            _ => schema.position(column.name),
        };
        let Some(place) = position.and_then(|position| found.get_mut(position)) else {
            return Err(WriteError::UnknownColumn { column: name() });
        };
        if place.replace(column).is_some() {
            return Err(WriteError::DuplicateColumn { column: name() });
        }
        if column.len() != rows {
            return Err(WriteError::RaggedColumn {
                column: name(),
                expected: rows,
                got: column.len(),
            });
        }
    }
    found
        .into_iter()
        .zip(schema.fields())
        .map(|(column, field)| {
            column.ok_or_else(|| WriteError::MissingColumn {
                column: field.name.clone(),
            })
        })
        .collect()
}
