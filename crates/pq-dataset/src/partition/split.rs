//! A row group's rows, partition by partition.

use super::cell::{Cell, cell, text};
use super::path::segment;
use crate::error::DatasetError;
use crate::scheme::Layout;
use pq_writer::{Batch, Field, OwnedBatch};
use std::collections::HashMap;

/// The rows of one partition.
#[derive(Debug)]
pub(crate) struct Partition<'a> {
    /// Its folders below the root of the data set; empty without partition columns.
    pub(crate) folder: String,
    batches: Vec<Piece<'a>>,
}

#[derive(Debug)]
enum Piece<'a> {
    Whole(Batch<'a>),
    Rows(OwnedBatch),
}

impl Partition<'_> {
    /// Its rows, without the partition columns.
    pub(crate) fn batches(&self) -> Vec<Batch<'_>> {
        self.batches
            .iter()
            .map(|piece| match piece {
                Piece::Whole(batch) => batch.clone(),
                Piece::Rows(owned) => owned.as_batch(),
            })
            .collect()
    }
}

/// Splits the rows of `batches`, in the order of their folders' values. `fields` are all columns.
/// Without `escapes`, a value that cannot name its folder as it is is an error.
pub(crate) fn split<'a>(
    batches: &'a [Batch<'a>],
    layout: &Layout,
    fields: &[Field],
    escapes: bool,
) -> Result<Vec<Partition<'a>>, DatasetError> {
    let stored = |batch: &Batch<'a>| {
        let is_stored = |name: &str| layout.partition_on.iter().all(|column| column != name);
        let columns = batch.columns.iter().filter(|c| is_stored(c.name));
        Batch::new(columns.cloned().collect())
    };
    if layout.partition_on.is_empty() {
        return Ok(vec![Partition {
            folder: String::new(),
            batches: batches.iter().cloned().map(Piece::Whole).collect(),
        }]);
    }
    let Groups { of_rows, folders } = group(batches, layout, fields)?;

    let mut partitions: Vec<Partition<'a>> = folders
        .iter()
        .map(|values| {
            Ok(Partition {
                folder: folder(layout, values, escapes)?,
                batches: Vec::new(),
            })
        })
        .collect::<Result<_, DatasetError>>()?;
    for (batch, groups) in batches.iter().zip(of_rows) {
        let mut rows_of: Vec<Vec<usize>> = vec![Vec::new(); partitions.len()];
        for (row, group) in groups.iter().enumerate() {
            if let Some(rows) = rows_of.get_mut(*group as usize) {
                rows.push(row);
            }
        }
        let rest = stored(batch);
        let names: Vec<&str> = rest.columns.iter().map(|column| column.name).collect();
        for (partition, rows) in partitions.iter_mut().zip(rows_of) {
            if rows.len() == batch.num_rows() && !rows.is_empty() {
                partition.batches.push(Piece::Whole(rest.clone()));
            } else if !rows.is_empty() {
                let rows = OwnedBatch::gather(&rest, &names, &rows)?;
                partition.batches.push(Piece::Rows(rows));
            }
        }
    }
    let mut order: Vec<(Partition<'a>, &Vec<Value>)> =
        partitions.into_iter().zip(&folders).collect();
    order.sort_by_key(|(_, values)| *values);
    Ok(order.into_iter().map(|(partition, _)| partition).collect())
}

/// A partition value as folders show it, and the first row that has it. Null comes last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Value {
    is_null: bool,
    /// Numbers in their own order, and before what is none.
    number: Option<i128>,
    text: String,
    row: usize,
}

/// Which rows belong together.
struct Groups {
    /// The partition of each row of each batch.
    of_rows: Vec<Vec<u32>>,
    /// The values of each partition.
    folders: Vec<Vec<Value>>,
}

fn group(batches: &[Batch<'_>], layout: &Layout, fields: &[Field]) -> Result<Groups, DatasetError> {
    let mut of_rows: Vec<Vec<u32>> = batches.iter().map(|b| vec![0; b.num_rows()]).collect();
    let mut folders: Vec<Vec<Value>> = vec![Vec::new()];
    for name in &layout.partition_on {
        let unknown = || DatasetError::UnknownPartitionColumn {
            column: name.clone(),
        };
        let field = fields
            .iter()
            .find(|f| f.name == *name)
            .ok_or_else(unknown)?;
        // The new partition of each pair of a partition so far and a value.
        let mut known: HashMap<(u32, Cell<'_>), u32> = HashMap::new();
        let mut next = Vec::new();
        let mut first_row = 0;
        for (batch, groups) in batches.iter().zip(&mut of_rows) {
            let column = batch.column(name).ok_or_else(unknown)?;
            let mut last: Option<((u32, Cell<'_>), u32)> = None;
            for (row, group) in groups.iter_mut().enumerate() {
                let bad = |reason: String| DatasetError::PartitionValue {
                    column: name.clone(),
                    row: first_row + row,
                    reason,
                };
                let value = cell(column, row).ok_or_else(|| bad("no such value".to_owned()))?;
                if value == Cell::Null && !field.nullable {
                    return Err(bad("null in a required column".to_owned()));
                }
                let pair = (*group, value);
                if let Some((_, found)) = last.filter(|(known, _)| *known == pair) {
                    *group = found;
                    continue;
                }
                let found = match known.get(&pair) {
                    Some(found) => *found,
                    None => {
                        let mut values = folders.get(*group as usize).cloned().unwrap_or_default();
                        values.push(Value {
                            is_null: value == Cell::Null,
                            number: match value {
                                Cell::Integer(number) => Some(number),
                                _ => None,
                            },
                            text: match value {
                                Cell::Null => String::new(),
                                value => text(value, &field.data_type).map_err(bad)?,
                            },
                            row: first_row + row,
                        });
                        let found = u32::try_from(next.len())
                            .map_err(|_| bad("too many partitions".to_owned()))?;
                        next.push(values);
                        known.insert(pair, found);
                        found
                    }
                };
                last = Some((pair, found));
                *group = found;
            }
            first_row += batch.num_rows();
        }
        folders = next;
    }
    Ok(Groups { of_rows, folders })
}

fn folder(layout: &Layout, values: &[Value], escapes: bool) -> Result<String, DatasetError> {
    let mut folder = String::new();
    for (key, value) in layout.partition_on.iter().zip(values) {
        let text = (!value.is_null).then_some(value.text.as_str());
        let bad = |reason| DatasetError::PartitionValue {
            column: key.clone(),
            row: value.row,
            reason,
        };
        let segment = segment(layout.scheme, key, text).map_err(bad)?;
        if !escapes && segment.contains('%') {
            let reason = format!("its folder {segment} would be escaped, unlike those there are");
            return Err(bad(reason));
        }
        folder.push_str(&segment);
        folder.push('/');
    }
    Ok(folder)
}
