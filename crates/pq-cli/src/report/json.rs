//! `pq inspect --json`: one document, whose keys stay as they are from version to version.

use super::Inspected;
use super::bounds::{Bound, bounds};
use super::leaves::{Node, nodes};
use super::types::{logical, physical, repetition};
use pq_format::{ColumnChunk, ColumnMetaData, FileMetaData, RowGroup, SchemaElement};
use serde_json::{Value, json};

/// The document.
pub fn document(inspected: &Inspected) -> Value {
    let metadata = &inspected.metadata;
    let nodes = nodes(&metadata.schema);
    let leaves: Vec<&SchemaElement> = nodes
        .iter()
        .filter(|node| node.is_leaf())
        .map(|node| node.element)
        .collect();
    let row_groups: Vec<Value> = metadata
        .row_groups
        .iter()
        .map(|row_group| group(row_group, &leaves))
        .collect();
    json!({
        "location": inspected.location,
        "scheme": inspected.scheme,
        "partition_on": inspected.partition_on,
        "version": metadata.version,
        "created_by": metadata.created_by,
        "rows": metadata.num_rows,
        "schema": nodes.iter().map(field).collect::<Vec<_>>(),
        "key_values": key_values(metadata),
        "row_groups": row_groups,
    })
}

fn field(node: &Node<'_>) -> Value {
    let element = node.element;
    let text = |text: String| Some(text).filter(|text| !text.is_empty());
    json!({
        "path": node.path,
        "physical": element.r#type.map(|physical| physical.to_string()),
        "type_length": element.type_length,
        "logical": text(logical(element)),
        "repetition": text(repetition(element)),
        "children": element.num_children,
        "field_id": element.field_id,
        "description": text(physical(element)),
    })
}

fn key_values(metadata: &FileMetaData) -> Vec<Value> {
    let pairs = metadata.key_value_metadata.iter().flatten();
    pairs
        .map(|pair| json!({ "key": pair.key, "value": pair.value }))
        .collect()
}

fn group(row_group: &RowGroup, leaves: &[&SchemaElement]) -> Value {
    let chunks = row_group.columns.iter().enumerate();
    json!({
        "rows": row_group.num_rows,
        "uncompressed": row_group.total_byte_size,
        "compressed": row_group.total_compressed_size,
        "columns": chunks
            .map(|(index, chunk)| column(chunk, leaves.get(index).copied()))
            .collect::<Vec<_>>(),
    })
}

fn column(chunk: &ColumnChunk, element: Option<&SchemaElement>) -> Value {
    let Some(metadata) = &chunk.meta_data else {
        return json!({ "file": chunk.file_path, "encrypted": true });
    };
    let ColumnMetaData {
        statistics,
        encodings,
        ..
    } = metadata;
    let (min, max) = match (element, statistics) {
        (Some(element), Some(statistics)) => bounds(element, statistics),
        _ => (None, None),
    };
    let statistics = statistics.as_ref();
    json!({
        "path": metadata.path_in_schema.iter().collect::<Vec<_>>(),
        "file": chunk.file_path,
        "physical": metadata.r#type.to_string(),
        "codec": metadata.codec.to_string(),
        "encodings": encodings.iter().map(|encoding| encoding.to_string()).collect::<Vec<_>>(),
        "dictionary": metadata.dictionary_page_offset.is_some(),
        "values": metadata.num_values,
        "nulls": statistics.and_then(|statistics| statistics.null_count),
        "nans": statistics.and_then(|statistics| statistics.nan_count),
        "distinct": statistics.and_then(|statistics| statistics.distinct_count),
        "uncompressed": metadata.total_uncompressed_size,
        "compressed": metadata.total_compressed_size,
        "dictionary_page_offset": metadata.dictionary_page_offset,
        "data_page_offset": metadata.data_page_offset,
        "min": min.map(bound),
        "max": max.map(bound),
    })
}

fn bound(bound: Bound) -> Value {
    json!({
        "value": bound.text,
        "hex": bound.hex,
        "exact": bound.exact,
        "legacy": bound.legacy,
    })
}
