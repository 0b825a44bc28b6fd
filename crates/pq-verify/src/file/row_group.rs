//! A row group: what the footer says of it, its chunks, and the order of its rows.

use super::ranges::{Ranges, Use};
use super::{Extent, Role};
use crate::chunk::{self, Context, Shape};
use crate::notes::Notes;
use crate::rule::Rule;
use crate::schema::Schema;
use crate::sorting;
use crate::source::Source;
use crate::statistics::{Domain, Order};
use pq_format::{ColumnChunk, ColumnMetaData, FileMetaData, RowGroup};
use std::collections::HashMap;

pub(super) fn check<S: Source + ?Sized>(
    source: &mut S,
    metadata: &FileMetaData,
    index: usize,
    schema: &Schema<'_>,
    role: Role,
    ranges: &mut Ranges,
    notes: &mut Notes<'_>,
) {
    let Some(row_group) = metadata.row_groups.get(index) else {
        return;
    };
    check_counts(row_group, index, schema, role, notes);
    if role == Role::Data {
        notes.report().checked_mut().row_groups += 1;
    }
    // The context of each chunk that was found sound.
    let mut sound: Vec<Option<Context<'_>>> = Vec::new();
    let mut shapes: HashMap<usize, (Shape, usize)> = HashMap::new();
    for (column, (chunk, leaf)) in row_group.columns.iter().zip(&schema.leaves).enumerate() {
        notes.place.column = Some(schema.path(leaf.node));
        let unsound_before = notes.unsound;
        let mut context = None;
        if let Some(meta) = check_chunk(chunk, schema, leaf, role, notes)
            && role == Role::Data
            && let Some(stated) = stated_range(chunk, meta, ranges, index, notes)
        {
            let order = metadata.column_orders.as_ref();
            let domain = Domain {
                order: Order::of(leaf, order.and_then(|orders| orders.get(column))),
                kind: leaf.kind,
                width: leaf.width,
            };
            let of = Context {
                schema,
                leaf,
                domain,
                data: ranges.data(),
                stated,
                num_rows: row_group.num_rows,
            };
            let found = chunk::check(source, chunk, meta, of, notes);
            compare_shapes(&found, column, schema, &mut shapes, notes);
            context = (notes.unsound == unsound_before).then_some(of);
        }
        sound.push(context);
    }
    notes.place.column = None;
    if let Some(by) = &row_group.sorting_columns {
        sorting::check(source, row_group, by, &sound, notes);
    }
}

fn check_counts(
    row_group: &RowGroup,
    index: usize,
    schema: &Schema<'_>,
    role: Role,
    notes: &mut Notes<'_>,
) {
    let (columns, leaves) = (row_group.columns.len(), schema.leaves.len());
    notes.check(Rule::RowGroupColumns, columns == leaves, || {
        format!("{columns} chunks for {leaves} leaves")
    });
    // In _metadata the ordinal is that in the part.
    if let Some(ordinal) = row_group.ordinal
        && role == Role::Data
    {
        notes.check(
            Rule::RowGroupOrdinal,
            usize::try_from(ordinal) == Ok(index),
            || format!("the ordinal is {ordinal}"),
        );
    }
    let known: Option<Vec<&ColumnMetaData>> = row_group
        .columns
        .iter()
        .map(|chunk| chunk.meta_data.as_ref())
        .collect();
    let Some(known) = known else {
        return;
    };
    let sum = |size: fn(&ColumnMetaData) -> i64| -> i128 {
        known.iter().map(|meta| i128::from(size(meta))).sum()
    };
    let uncompressed = sum(|meta| meta.total_uncompressed_size);
    notes.check(
        Rule::RowGroupByteSize,
        i128::from(row_group.total_byte_size) == uncompressed,
        || format!("{}, should be {uncompressed}", row_group.total_byte_size),
    );
    if let Some(stated) = row_group.total_compressed_size {
        let compressed = sum(|meta| meta.total_compressed_size);
        notes.check(
            Rule::RowGroupCompressedSize,
            i128::from(stated) == compressed,
            || format!("{stated}, should be {compressed}"),
        );
    }
    let first = known.first().and_then(|meta| chunk::first_page(meta));
    if let (Some(stated), Some(first)) = (row_group.file_offset, first) {
        notes.equal(Rule::RowGroupFileOffset, "file_offset", stated, first);
    }
}

/// Checks what the footer says of a chunk; returns its metadata if it can be walked.
fn check_chunk<'a>(
    chunk: &'a ColumnChunk,
    schema: &Schema<'_>,
    leaf: &crate::schema::Leaf,
    role: Role,
    notes: &mut Notes<'_>,
) -> Option<&'a ColumnMetaData> {
    if chunk.crypto_metadata.is_some() {
        notes.say(Rule::Encrypted, || "the column is encrypted".to_owned());
        return None;
    }
    let Some(meta) = &chunk.meta_data else {
        notes.say(Rule::ChunkMetaData, || "no meta_data".to_owned());
        return None;
    };
    notes.check(Rule::ChunkFileOffset, chunk.file_offset == 0, || {
        format!("file_offset is {}", chunk.file_offset)
    });
    if let Some(path) = &chunk.file_path
        && role == Role::Data
    {
        notes.say(Rule::ChunkFilePath, || format!("{path:?}"));
        return None;
    }
    let mut names: Vec<&str> = schema.names(leaf.node).collect();
    names.reverse();
    notes.check(
        Rule::RowGroupOrder,
        meta.path_in_schema.iter().eq(names.iter().copied()),
        || format!("the chunk of {}", meta.path_in_schema),
    );
    notes.check(Rule::ChunkType, meta.r#type == leaf.physical, || {
        format!("{:?}, the schema has {:?}", meta.r#type, leaf.physical)
    });
    let is_known = leaf.physical.name().is_some() && leaf.width != Some(0);
    (meta.r#type == leaf.physical && is_known).then_some(meta)
}

/// The bytes that the chunk's pages take, if there can be such.
fn stated_range(
    chunk: &ColumnChunk,
    meta: &ColumnMetaData,
    ranges: &mut Ranges,
    row_group: usize,
    notes: &mut Notes<'_>,
) -> Option<Extent> {
    let data = ranges.data();
    let start = chunk::first_page(meta);
    let stated = start
        .and_then(|start| Extent::stated(i64::try_from(start).ok()?, meta.total_compressed_size))
        .filter(|extent| extent.is_within(data));
    // A chunk of no rows may have no pages, and then no place.
    let is_empty = meta.num_values == 0 && meta.total_compressed_size == 0;
    if stated.is_none() && !is_empty {
        notes.say(Rule::ChunkRange, || {
            format!(
                "{} bytes from byte {:?} on, pages can be at bytes {} to {}",
                meta.total_compressed_size, start, data.start, data.end
            )
        });
    }
    let mut add = |offset: Option<i64>, length: Option<i32>, r#use| {
        let extent = offset.and_then(|offset| Extent::stated(offset, length?.into()));
        if let Some(extent) = extent {
            ranges.add(extent, r#use, row_group);
        }
    };
    add(
        meta.bloom_filter_offset,
        meta.bloom_filter_length,
        Use::Bloom,
    );
    add(
        chunk.offset_index_offset,
        chunk.offset_index_length,
        Use::Index,
    );
    add(
        chunk.column_index_offset,
        chunk.column_index_length,
        Use::Index,
    );
    if is_empty {
        return Some(stated.unwrap_or(Extent::new(data.start, data.start)));
    }
    ranges.add(stated?, Use::Pages, row_group);
    stated
}

/// Compares what the leaf tells of groups with what another leaf told.
fn compare_shapes(
    found: &[Shape],
    column: usize,
    schema: &Schema<'_>,
    known: &mut HashMap<usize, (Shape, usize)>,
    notes: &mut Notes<'_>,
) {
    for shape in found {
        let node = shape.shared.node;
        let (first, other) = known.entry(node).or_insert((*shape, column));
        if first != shape {
            let other = *other;
            notes.say(Rule::SiblingLevels, || {
                format!(
                    "of group {} otherwise than column {other}",
                    schema.path(node)
                )
            });
            // Groups above it differ then too.
            return;
        }
    }
}
