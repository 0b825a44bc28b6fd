//! What the footer says of the file as a whole.

use super::Role;
use crate::notes::Notes;
use crate::rule::Rule;
use crate::schema::{Kind, Schema};
use pq_format::{ColumnOrder, FileMetaData, Type};

pub(super) fn check(
    metadata: &FileMetaData,
    schema: Option<&Schema<'_>>,
    role: Role,
    notes: &mut Notes<'_>,
) {
    match metadata.version {
        1 => {}
        2 => notes.say(Rule::FileVersion2, || "the version is 2".to_owned()),
        version => notes.say(Rule::FileVersion, || format!("the version is {version}")),
    }
    // Files that have the schema only may state the rows of the others.
    let rows: i128 = metadata
        .row_groups
        .iter()
        .map(|row_group| i128::from(row_group.num_rows))
        .sum();
    let is_schema_only = role == Role::Metadata && metadata.row_groups.is_empty();
    notes.check(
        Rule::FileNumRows,
        is_schema_only || (rows == i128::from(metadata.num_rows) && rows >= 0),
        || format!("num_rows is {}, should be {rows}", metadata.num_rows),
    );
    if let Some(schema) = schema {
        check_orders(metadata, schema, notes);
    }
}

fn check_orders(metadata: &FileMetaData, schema: &Schema<'_>, notes: &mut Notes<'_>) {
    let Some(orders) = &metadata.column_orders else {
        let has_bounds = metadata
            .row_groups
            .iter()
            .flat_map(|row_group| &row_group.columns)
            .filter_map(|chunk| chunk.meta_data.as_ref()?.statistics.as_ref())
            .any(|statistics| statistics.min_value.is_some() || statistics.max_value.is_some());
        notes.check(Rule::ColumnOrdersMissing, !has_bounds, || {
            "no column_orders".to_owned()
        });
        return;
    };
    let leaves = schema.leaves.len();
    notes.check(Rule::ColumnOrdersCount, orders.len() == leaves, || {
        format!("{} for {leaves} leaves", orders.len())
    });
    for (order, leaf) in orders.iter().zip(&schema.leaves) {
        let suits = match order {
            ColumnOrder::Ieee754TotalOrder(_) => {
                matches!(leaf.physical, Type::FLOAT | Type::DOUBLE) || leaf.kind == Kind::Half
            }
            ColumnOrder::Int96TimestampOrder(_) => leaf.physical == Type::INT96,
            _ => true,
        };
        if !suits {
            notes.place.column = Some(schema.path(leaf.node));
            notes.say(Rule::ColumnOrderType, || {
                format!("{order:?} of {:?}", leaf.physical)
            });
        }
    }
    notes.place.column = None;
}
