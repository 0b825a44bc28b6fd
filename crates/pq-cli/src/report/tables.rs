//! `pq inspect`: tables to read.

use super::Inspected;
use super::bounds::bounds;
use super::leaves::nodes;
use super::types::{logical, physical, repetition};
use crate::error::plain_line;
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use pq_format::{ColumnChunk, ColumnMetaData, FileMetaData, SchemaElement, Statistics};

/// Characters of a key-value or a bound that fit a cell.
const LONGEST_VALUE: usize = 60;
const LONGEST_BOUND: usize = 24;

/// All tables, one after the other.
pub fn tables(inspected: &Inspected) -> String {
    let metadata = &inspected.metadata;
    let mut parts = vec![head(inspected), schema(metadata)];
    parts.extend(key_values(metadata));
    parts.extend(row_groups(metadata));
    parts.join("\n\n")
}

fn head(inspected: &Inspected) -> String {
    let metadata = &inspected.metadata;
    let mut lines = vec![plain_line(&inspected.location)];
    if inspected.partition_on.is_empty() {
        lines.push(format!("scheme      {}", inspected.scheme));
    } else {
        let columns = inspected.partition_on.join(", ");
        lines.push(format!("scheme      {} on {columns}", inspected.scheme));
    }
    lines.push(format!("rows        {}", metadata.num_rows));
    lines.push(format!("row groups  {}", metadata.row_groups.len()));
    if let Some(created_by) = &metadata.created_by {
        lines.push(format!("created by  {created_by}"));
    }
    let lines: Vec<String> = lines.iter().map(|line| printable(line)).collect();
    lines.join("\n")
}

fn schema(metadata: &FileMetaData) -> String {
    let mut table = table(&["column", "physical", "logical", "repetition"], &[]);
    for node in nodes(&metadata.schema) {
        let indent = "  ".repeat(node.path.len() - 1);
        table.add_row([
            format!("{indent}{}", printable(&node.element.name)),
            physical(node.element),
            logical(node.element),
            repetition(node.element),
        ]);
    }
    table.trim_fmt()
}

fn key_values(metadata: &FileMetaData) -> Option<String> {
    let pairs = metadata.key_value_metadata.as_deref().unwrap_or_default();
    let mut table = table(&["key", "value"], &[]);
    for pair in pairs {
        table.add_row([
            cut(&pair.key, LONGEST_VALUE),
            cut(pair.value.as_deref().unwrap_or_default(), LONGEST_VALUE),
        ]);
    }
    (!pairs.is_empty()).then(|| table.trim_fmt())
}

fn row_groups(metadata: &FileMetaData) -> impl Iterator<Item = String> {
    let leaves: Vec<&SchemaElement> = nodes(&metadata.schema)
        .iter()
        .filter(|node| node.is_leaf())
        .map(|node| node.element)
        .collect();
    let row_groups = metadata.row_groups.iter().enumerate();
    row_groups.map(move |(index, row_group)| {
        let mut table = table(
            &[
                "column",
                "codec",
                "encodings",
                "values",
                "nulls",
                "bytes",
                "stored",
                "min",
                "max",
            ],
            &[3, 4, 5, 6],
        );
        for (position, chunk) in row_group.columns.iter().enumerate() {
            table.add_row(column(chunk, leaves.get(position).copied()));
        }
        let file = row_group.columns.first();
        let file = file.and_then(|chunk| chunk.file_path.as_deref());
        let file = file.map(|file| format!(" in {}", printable(file)));
        format!(
            "row group {index}: {} rows{}\n{}",
            row_group.num_rows,
            file.unwrap_or_default(),
            table.trim_fmt()
        )
    })
}

fn column(chunk: &ColumnChunk, element: Option<&SchemaElement>) -> Vec<String> {
    let Some(metadata) = &chunk.meta_data else {
        return vec!["(encrypted)".to_owned()];
    };
    let nothing = Statistics::default();
    let statistics = metadata.statistics.as_ref().unwrap_or(&nothing);
    let (min, max) = match element {
        Some(element) => bounds(element, statistics),
        None => (None, None),
    };
    let shown = |bound: Option<super::bounds::Bound>| {
        bound.map_or_else(String::new, |bound| cut(&bound.text, LONGEST_BOUND))
    };
    vec![
        printable(&metadata.path_in_schema.to_string()),
        metadata.codec.to_string(),
        encodings(metadata),
        metadata.num_values.to_string(),
        statistics
            .null_count
            .map_or_else(String::new, |count| count.to_string()),
        metadata.total_uncompressed_size.to_string(),
        metadata.total_compressed_size.to_string(),
        shown(min),
        shown(max),
    ]
}

fn encodings(metadata: &ColumnMetaData) -> String {
    let names = metadata
        .encodings
        .iter()
        .map(|encoding| encoding.to_string());
    names.collect::<Vec<_>>().join(" ")
}

fn table(header: &[&str], right: &[usize]) -> Table {
    let mut table = Table::new();
    let rule = LineStyle::none().fill('─').junction('─');
    table.load_style(TableStyle::new().header_separator(rule));
    table.set_header(header.iter().copied());
    for &index in right {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The text without control characters, which a terminal might obey.
fn printable(text: &str) -> String {
    let safe = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(safe).collect()
}

/// The first characters of a text that is longer than `longest`.
fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", printable(&text[..end])),
        None => printable(text),
    }
}
