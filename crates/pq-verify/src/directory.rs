//! A data set in a directory: its parts, and its metadata files against them.

use crate::file::{self, Role};
use crate::notes::Notes;
use crate::options::Options;
use crate::report::Report;
use crate::rule::Rule;
use crate::source::SeekSource;
use pq_format::{FileMetaData, RowGroup, SchemaElement};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Directories nested deeper are not looked into.
const DEEPEST: usize = 64;

const METADATA: &str = "_metadata";
const COMMON_METADATA: &str = "_common_metadata";

/// What is kept of a part.
struct Part {
    schema: Vec<SchemaElement>,
    row_groups: Vec<RowGroup>,
}

/// Checks one file, and returns its metadata.
pub(crate) fn check_file(
    path: &Path,
    options: &Options,
    report: &mut Report,
) -> Option<FileMetaData> {
    let mut notes = Notes::new(report, options, &path.to_string_lossy());
    let is_metadata = path
        .file_name()
        .is_some_and(|name| name == METADATA || name == COMMON_METADATA);
    let role = if is_metadata {
        Role::Metadata
    } else {
        Role::Data
    };
    match SeekSource::open(path) {
        Ok(mut source) => file::check(&mut source, role, &mut notes),
        Err(error) => {
            notes.say(Rule::Unreadable, || error.to_string());
            None
        }
    }
}

/// Checks all files of a data set.
pub(crate) fn check(root: &Path, options: &Options, report: &mut Report) {
    let mut found = BTreeSet::new();
    let notes = &mut Notes::new(report, options, &root.to_string_lossy());
    find(root, 0, &mut found, notes);
    let metadata = read_metadata(root, METADATA, options, report);
    let common = read_metadata(root, COMMON_METADATA, options, report);
    if let Some(metadata) = &metadata {
        let notes = &mut Notes::new(report, options, &root.join(METADATA).to_string_lossy());
        // Parts may have any name that is listed.
        found.extend(listed(metadata, root, notes));
    }
    if found.is_empty() && metadata.is_none() && common.is_none() {
        let notes = &mut Notes::new(report, options, &root.to_string_lossy());
        notes.say(Rule::NoData, || "no Parquet file in it".to_owned());
    }
    let mut parts = BTreeMap::new();
    for path in found {
        if let Some(mut read) = check_file(&root.join(&path), options, report) {
            let part = Part {
                schema: std::mem::take(&mut read.schema),
                row_groups: std::mem::take(&mut read.row_groups),
            };
            parts.insert(path, part);
        } else {
            // It is there, and what it is was said.
            let (schema, row_groups) = (Vec::new(), Vec::new());
            parts.insert(path, Part { schema, row_groups });
        }
    }
    for (name, known) in [(METADATA, &metadata), (COMMON_METADATA, &common)] {
        let Some(known) = known else {
            continue;
        };
        let notes = &mut Notes::new(report, options, &root.join(name).to_string_lossy());
        for (path, part) in &parts {
            let same = part.schema.is_empty() || part.schema == known.schema;
            notes.check(Rule::DirectorySchema, same, || {
                format!("{} has another schema", path.display())
            });
        }
    }
    if let Some(metadata) = &metadata {
        let notes = &mut Notes::new(report, options, &root.join(METADATA).to_string_lossy());
        compare(metadata, &parts, notes);
    }
}

fn read_metadata(
    root: &Path,
    name: &str,
    options: &Options,
    report: &mut Report,
) -> Option<FileMetaData> {
    let path = root.join(name);
    path.exists()
        .then(|| check_file(&path, options, report))
        .flatten()
}

/// Adds the data files below a directory, as paths from the root on.
fn find(root: &Path, depth: usize, found: &mut BTreeSet<PathBuf>, notes: &mut Notes<'_>) {
    let mut folders = vec![(PathBuf::new(), depth)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = match fs::read_dir(root.join(&folder)) {
            Ok(entries) => entries,
            Err(error) => {
                notes.say(Rule::Unreadable, || {
                    format!("{}: {error}", folder.display())
                });
                continue;
            }
        };
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(['.', '_']) {
                continue;
            }
            let path = folder.join(entry.file_name());
            // Links to folders may lead in circles.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if depth < DEEPEST {
                    folders.push((path, depth + 1));
                } else {
                    notes.say(Rule::Limit, || format!("{} is too deep", path.display()));
                }
            } else if is_data(&path) {
                found.insert(path);
            }
        }
    }
}

fn is_data(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        ["parquet", "parq", "pq"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// The part that a row group is in, if its chunks agree on one below the root.
fn part_of(row_group: &RowGroup) -> Option<PathBuf> {
    let mut paths = row_group.columns.iter().map(|chunk| &chunk.file_path);
    let first = paths.next()?.as_ref()?;
    if paths.any(|other| other.as_ref() != Some(first)) || first.is_empty() {
        return None;
    }
    let path = Path::new(first);
    path.components()
        .all(|component| matches!(component, Component::Normal(_)))
        .then(|| path.to_owned())
}

/// The parts that are named and there; what is wrong with the names is noted.
fn listed(metadata: &FileMetaData, root: &Path, notes: &mut Notes<'_>) -> BTreeSet<PathBuf> {
    let mut parts = BTreeSet::new();
    let mut missing = BTreeSet::new();
    for (index, row_group) in metadata.row_groups.iter().enumerate() {
        notes.place.row_group = Some(index);
        let Some(path) = part_of(row_group) else {
            notes.say(Rule::PartPath, || {
                let first = row_group.columns.first();
                format!("file_path is {:?}", first.map(|chunk| &chunk.file_path))
            });
            continue;
        };
        if root.join(&path).is_file() {
            parts.insert(path);
        } else if missing.insert(path.clone()) {
            notes.say(Rule::PartMissing, || path.display().to_string());
        }
    }
    notes.place.row_group = None;
    parts
}

/// Names the first fields that differ.
macro_rules! differing {
    ($a:expr, $b:expr, $($field:ident)*) => {
        [$(($a.$field != $b.$field).then_some(stringify!($field))),*]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    };
}

/// What differs between two row groups.
fn difference(a: &RowGroup, b: &RowGroup) -> String {
    let mut chunks = a.columns.iter().zip(&b.columns).enumerate();
    if let Some((column, (a, b))) = chunks.find(|(_, (a, b))| a != b) {
        let fields = match (&a.meta_data, &b.meta_data) {
            (Some(a), Some(b)) if a != b => differing!(
                a, b,
                r#type encodings path_in_schema codec num_values total_uncompressed_size
                total_compressed_size key_value_metadata data_page_offset index_page_offset
                dictionary_page_offset statistics encoding_stats bloom_filter_offset
                bloom_filter_length size_statistics geospatial_statistics unknown_fields
            ),
            _ => differing!(
                a, b,
                file_path file_offset meta_data offset_index_offset offset_index_length
                column_index_offset column_index_length crypto_metadata
                encrypted_column_metadata unknown_fields
            ),
        };
        return format!("in {fields} of column {column}");
    }
    let fields = differing!(
        a, b,
        total_byte_size num_rows sorting_columns file_offset total_compressed_size unknown_fields
    );
    format!("in {fields}")
}

/// Compares the row groups in `_metadata` with those of the parts.
fn compare(metadata: &FileMetaData, parts: &BTreeMap<PathBuf, Part>, notes: &mut Notes<'_>) {
    let mut seen: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for (index, row_group) in metadata.row_groups.iter().enumerate() {
        let Some(path) = part_of(row_group) else {
            continue;
        };
        let Some(part) = parts.get(&path) else {
            continue;
        };
        let position = seen.entry(path.clone()).or_default();
        let mut alone = row_group.clone();
        for chunk in &mut alone.columns {
            chunk.file_path = None;
        }
        // Some writers count ordinals through.
        let own = part.row_groups.get(*position).cloned().map(|mut own| {
            own.ordinal = alone.ordinal;
            own
        });
        *position += 1;
        if own.as_ref() != Some(&alone) {
            notes.place.row_group = Some(index);
            notes.say(Rule::PartRowGroups, || {
                let field = own.map_or_else(String::new, |own| difference(&own, &alone));
                format!(
                    "not row group {} of {} {field}",
                    *position - 1,
                    path.display()
                )
            });
        }
    }
    notes.place.row_group = None;
    for (path, part) in parts {
        let known = seen.get(path).copied().unwrap_or(0);
        let own = part.row_groups.len();
        if known == 0 && own > 0 {
            notes.say(Rule::PartUnlisted, || path.display().to_string());
        } else if known < own {
            notes.say(Rule::PartRowGroups, || {
                format!("{known} of {own} row groups of {}", path.display())
            });
        }
    }
}
