//! Files of any writer become a data set: only their footers are read, and `_metadata` is written.

pub(crate) mod read;
mod root;

use super::Plan;
use super::change::{Added, Change, Start};
use crate::compare::joint::{SchemaDifference, join};
use crate::detect::{Existing, infer};
use crate::error::DatasetError;
use crate::footer::Footer;
use crate::key_values::joined;
use crate::marker::{KEY, Marker};
use crate::metadata_files::{ARROW_SCHEMA, METADATA, REVISION, at};
use crate::part::is_within_root;
use crate::scheme::{Layout, Scheme};
use pq_format::{ColumnOrder, FormatError, RawFooter, RawRowGroup, SchemaElement};
use pq_store::{ReadRange, Store, StoreError, StorePath};
pub use read::data_files;
use read::footers;
pub(crate) use read::{by_name, input, is_data};
use root::find_root;
use std::collections::BTreeSet;

/// How files are merged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeOptions {
    /// The root of the data set, in which `_metadata` is put. By default the folder that all files
    /// have in common, or the one above it that is not called `key=value`.
    pub root: Option<StorePath>,
    /// Whether columns may be in another order, and have annotations under which the bytes of
    /// their pages mean the same values in a wider type (16 and 32 bits of an `INT32`, decimals of
    /// more digits). What else differs cannot be put right in footers: readers of `_metadata`
    /// decode all pages by its schema.
    pub widen: bool,
}

/// A file to be merged.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) path: StorePath,
    pub(crate) footer: Footer,
}

/// Plans a data set of these files, and of those in these directories.
pub(crate) async fn merge(
    store: &dyn Store,
    paths: &[StorePath],
    options: &MergeOptions,
) -> Result<Plan, DatasetError> {
    let files = data_files(store, paths).await?;
    let inputs = footers(store, files).await?;
    let root = match &options.root {
        Some(root) => root.clone(),
        None => find_root(&inputs),
    };
    let drop = BTreeSet::new();
    merge_at(store, &root, &inputs, options.widen, &drop).await
}

/// Plans a data set of these files at `root`. A `_metadata` that is there may name no others than
/// they and `drop`, relative to the root.
pub(crate) async fn merge_at(
    store: &dyn Store,
    root: &StorePath,
    inputs: &[Input],
    widen: bool,
    drop: &BTreeSet<String>,
) -> Result<Plan, DatasetError> {
    let location = store.describe(root);
    let merged = merged(store, root, inputs, widen)?;
    let mut plan = Plan::new(
        root.clone(),
        location.clone(),
        format!("merge {} files", inputs.len()),
    );
    plan.notes = merged.notes;
    plan.unchanged = merged
        .files
        .iter()
        .zip(inputs)
        .map(|(file, input)| (file.clone(), input.footer.version.clone()))
        .collect();
    // Files that are merged are nobody's to delete.
    plan.keeps_replaced = true;
    let start = start(
        store,
        root,
        merged.footer,
        &merged.files,
        drop,
        &mut plan.notes,
    )
    .await?;
    let mut change = Change::on(start);
    change.added = merged.added;
    change.is_of_new_files = false;
    // What cannot be done is known before it is tried.
    if change.changes_anything(&location)? {
        plan.change = Some(change);
    }
    Ok(plan)
}

/// What files are together.
struct Merged {
    /// The footer of a data set without rows.
    footer: Vec<u8>,
    added: Vec<Added>,
    /// Relative to the root, as they came.
    files: Vec<String>,
    notes: Vec<String>,
}

fn merged(
    store: &dyn Store,
    root: &StorePath,
    inputs: &[Input],
    widen: bool,
) -> Result<Merged, DatasetError> {
    let location = store.describe(root);
    let mut raw = Vec::with_capacity(inputs.len());
    for input in inputs {
        let of_file = store.describe(&input.path);
        let footer = input.footer.raw();
        if footer.is_signed() {
            return at(&of_file, Err(FormatError::EncryptedUnsupported));
        }
        raw.push(footer);
    }
    let Some(first) = raw.first() else {
        return Err(DatasetError::NotFound { location });
    };
    let markers: Vec<Option<&str>> = raw.iter().map(|footer| footer.key_value(KEY)).collect();
    let (layout, has_marker) = layout(store, root, inputs, &markers)?;
    let files = relative(store, root, inputs, layout.scheme)?;

    let Joint { schema, orders } = schemas(&location, &files, &raw, widen)?;
    let mut edit = first.edit();
    edit.retain_row_groups(|_| false);
    at(&location, edit.set_schema(&schema).map(|_| ()))?;
    let named: Vec<(&str, &RawFooter<'_>)> = files
        .iter()
        .map(String::as_str)
        .zip(raw.iter().copied())
        .collect();
    let key_values = joined(&named);
    let mut notes = key_values.warnings;
    for (key, value) in &key_values.added {
        edit.set_key_value(key, Some(value));
    }
    if !has_marker {
        edit.set_key_value(KEY, None);
    }
    edit.set_key_value(REVISION, None);
    if schema != at(&location, first.schema())? && first.key_value(ARROW_SCHEMA).is_some() {
        edit.set_key_value(ARROW_SCHEMA, None);
        notes.push(format!(
            "the key-value {ARROW_SCHEMA:?} is of narrower columns, and goes"
        ));
    }
    let mut said = Vec::with_capacity(raw.len());
    for footer in &raw {
        said.push(at(&location, Said::by(footer))?);
    }
    if said
        .windows(2)
        .any(|pair| matches!(pair, [one, next] if one.orders != next.orders))
    {
        edit.remove_column_orders();
        notes.push(
            "files differ in how bounds are ordered, so readers will not use them".to_owned(),
        );
    }
    if said
        .windows(2)
        .any(|pair| matches!(pair, [one, next] if one.created_by != next.created_by))
    {
        notes.push("files of several writers: created_by is that of the first".to_owned());
    }
    let mut footer = Vec::new();
    at(&location, edit.encode(&mut footer))?;
    let added = at(&location, row_groups(&files, &raw, &orders))?;
    Ok(Merged {
        footer,
        added,
        files,
        notes,
    })
}

/// What a footer says once for all its row groups, besides the schema.
struct Said {
    created_by: Option<String>,
    orders: Option<Vec<ColumnOrder>>,
}

impl Said {
    fn by(footer: &RawFooter<'_>) -> Result<Self, FormatError> {
        let mut edit = footer.edit();
        edit.retain_row_groups(|_| false);
        let mut empty = Vec::new();
        edit.encode(&mut empty)?;
        let (metadata, _) = pq_format::decode::<pq_format::FileMetaData>(&empty)?;
        Ok(Self {
            created_by: metadata.created_by,
            orders: metadata.column_orders,
        })
    }
}

/// How the files lie, and whether that is what all their markers say.
fn layout(
    store: &dyn Store,
    root: &StorePath,
    inputs: &[Input],
    markers: &[Option<&str>],
) -> Result<(Layout, bool), DatasetError> {
    let location = store.describe(root);
    let paths: Vec<String> = inputs
        .iter()
        .map(|input| input.path.strip_prefix(root).unwrap_or_default().to_owned())
        .collect();
    let first = markers.first().copied().flatten();
    let same = markers.iter().all(|marker| *marker == first);
    if let Some(layout) = first
        .filter(|_| same)
        .and_then(Marker::parse)
        .and_then(|marker| marker.layout())
    {
        let fits = |path: &String| path.matches('/').count() == layout.partition_on.len();
        if paths.iter().all(fits) && layout.scheme != Scheme::Simple {
            return Ok((layout, true));
        }
    }
    match infer(&paths) {
        Some(layout) => Ok((layout, false)),
        None => Err(DatasetError::NotADataset {
            location,
            reason: "its files lie in folders of different depths or names".to_owned(),
        }),
    }
}

/// The paths of the files as `_metadata` names them.
fn relative(
    store: &dyn Store,
    root: &StorePath,
    inputs: &[Input],
    scheme: Scheme,
) -> Result<Vec<String>, DatasetError> {
    let relative = |input: &Input| match input.path.strip_prefix(root) {
        None | Some("") => Err(DatasetError::NotPossible {
            location: store.describe(&input.path),
            reason: format!("does not lie below {}", store.describe(root)),
        }),
        Some(path) if !is_within_root(path, Some(scheme)) => Err(DatasetError::HostilePath {
            location: store.describe(root),
            path: path.to_owned(),
        }),
        Some(path) => Ok(path.to_owned()),
    };
    inputs.iter().map(relative).collect()
}

/// The schema of all, and for each file the order of its columns in it, where that is another.
struct Joint {
    schema: Vec<SchemaElement>,
    orders: Vec<Option<Vec<usize>>>,
}

fn schemas(
    location: &str,
    files: &[String],
    raw: &[&RawFooter<'_>],
    widen: bool,
) -> Result<Joint, DatasetError> {
    let mut schema: Option<Vec<SchemaElement>> = None;
    let mut orders = Vec::with_capacity(raw.len());
    let mut differences: Vec<SchemaDifference> = Vec::new();
    let first = raw.first().map(|footer| footer.schema_bytes());
    for (file, footer) in files.iter().zip(raw) {
        let so_far = match &schema {
            Some(_) if first == Some(footer.schema_bytes()) => {
                orders.push(None);
                continue;
            }
            so_far => so_far,
        };
        let got = at(file, footer.schema())?;
        let so_far = so_far.as_ref().unwrap_or(&got);
        match join(so_far, file, &got, widen) {
            Ok(joint) => {
                orders.push(joint.order);
                schema = Some(joint.schema);
            }
            Err(more) => {
                orders.push(None);
                differences.extend(more);
                schema.get_or_insert(got);
            }
        }
    }
    if !differences.is_empty() {
        return Err(DatasetError::SchemaMismatches {
            location: location.to_owned(),
            differences,
        });
    }
    Ok(Joint {
        schema: schema.unwrap_or_default(),
        orders,
    })
}

/// The row groups of all files. They are numbered if those of all files are, and if the numbers
/// suffice.
pub(crate) fn row_groups(
    files: &[String],
    raw: &[&RawFooter<'_>],
    orders: &[Option<Vec<usize>>],
) -> Result<Vec<Added>, FormatError> {
    let mut numbered = true;
    let mut count = 0_usize;
    for group in raw.iter().flat_map(|footer| footer.row_groups()) {
        numbered = numbered && group.decode()?.ordinal.is_some();
        count += 1;
    }
    numbered &= count <= i16::MAX as usize;
    let mut added = Vec::with_capacity(count);
    for ((file, footer), order) in files.iter().zip(raw).zip(orders) {
        for group in footer.row_groups() {
            let mut bytes = group.with_file_path(file)?;
            if let Some(order) = order {
                bytes = RawRowGroup::parse(&bytes)?.with_column_order(order)?;
            }
            let ordinal = i16::try_from(added.len()).ok().filter(|_| numbered);
            added.push(Added {
                file: file.clone(),
                bytes: RawRowGroup::parse(&bytes)?.with_ordinal(ordinal)?,
            });
        }
    }
    Ok(added)
}

/// What the new `_metadata` takes the place of.
async fn start(
    store: &dyn Store,
    root: &StorePath,
    footer: Vec<u8>,
    files: &[String],
    drop: &BTreeSet<String>,
    notes: &mut Vec<String>,
) -> Result<Start, DatasetError> {
    let path = root.join(METADATA)?;
    let version = match store.read(&path, ReadRange::Suffix(1)).await {
        Ok(content) => content.version,
        Err(StoreError::NotFound { .. }) => return Ok(Start::Absent(footer)),
        Err(error) => return Err(error.into()),
    };
    let existing = match Existing::reload(store, root).await {
        Ok(existing) => existing,
        Err(error @ (DatasetError::Store(_) | DatasetError::Conflict { .. })) => return Err(error),
        Err(error) => {
            notes.push(format!("the _metadata that is there is replaced: {error}"));
            return Ok(Start::InsteadOfDamaged(version, footer));
        }
    };
    let known: BTreeSet<&String> = files.iter().chain(drop).collect();
    if let Some(other) = existing.files.iter().find(|file| !known.contains(file)) {
        return Err(DatasetError::NotPossible {
            location: store.describe(&path),
            reason: format!("names {other}, which is not among the files to be merged"),
        });
    }
    Ok(Start::Instead(Box::new(existing), footer))
}
