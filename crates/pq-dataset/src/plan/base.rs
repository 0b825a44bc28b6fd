//! What a write begins with, or why it cannot.

use crate::compare::appendable;
use crate::detect::{self, Found};
use crate::error::DatasetError;
use crate::marker::Marker;
use crate::metadata_files::{COMMON_METADATA, at};
use crate::options::{DatasetOptions, Existing, MetadataFile};
use crate::part::part_number;
use crate::scheme::{Layout, Scheme};
use pq_format::FormatError;
use pq_store::{Store, StorePath};
use pq_writer::{Field, Schema};
use serde::{Deserialize, Serialize};

/// What was there when a write was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Base {
    Nothing,
    /// Files that no `_metadata` names, relative to the root.
    Unlisted(Vec<String>),
    /// A `_metadata` of this version, and the files that it names where partitions of them are
    /// to be replaced.
    Listed {
        version: String,
        files: Vec<String>,
    },
}

/// What is there, and the data set that rows are put to.
pub(super) async fn base(
    store: &dyn Store,
    root: &StorePath,
    found: Found,
    layout: &Layout,
    options: &DatasetOptions,
) -> Result<(Base, Option<detect::Existing>), DatasetError> {
    let location = store.describe(root);
    let wrong = |reason: &str| {
        Err(DatasetError::NotADataset {
            location: location.clone(),
            reason: reason.to_owned(),
        })
    };
    let existing = options.existing;
    let adds = matches!(existing, Existing::Append | Existing::OverwritePartitions);
    let entries = match found {
        Found::Nothing if adds => return Err(DatasetError::NotFound { location }),
        Found::Nothing => return Ok((Base::Nothing, None)),
        Found::Dataset(..) | Found::File if existing == Existing::Fail => {
            return Err(DatasetError::TargetExists { location });
        }
        Found::File if adds => {
            return Err(DatasetError::ExistingScheme {
                location,
                expected: Scheme::Simple,
                got: layout.scheme,
            });
        }
        Found::File => {
            let scheme = layout.scheme;
            return wrong(&format!("a file, where scheme {scheme} is a directory"));
        }
        Found::Dataset(..) if options.metadata == MetadataFile::Never => {
            return Err(DatasetError::NotPossible {
                location,
                reason: "has _metadata, which would be out of date".to_owned(),
            });
        }
        Found::Dataset(there, _) => {
            let files = match existing {
                Existing::OverwritePartitions => there.files.clone(),
                _ => Vec::new(),
            };
            let version = there.footer.version.as_str().to_owned();
            return Ok((Base::Listed { version, files }, Some(there)));
        }
        Found::Other(entries) => entries,
    };
    let only_ours = entries.iter().all(|entry| is_ours(&entry.path));
    match existing {
        Existing::Fail if only_ours => wrong(
            "exists, with part files and no _metadata, as a writer that crashed leaves it; an \
             overwrite replaces them",
        ),
        Existing::Fail => wrong("exists, a directory that is not empty"),
        Existing::Overwrite if !only_ours => wrong("a directory with files that are no parts"),
        Existing::Overwrite => {
            let parts = entries.iter().filter(|entry| is_part(&entry.path));
            let files = parts.filter_map(|entry| entry.path.strip_prefix(root));
            Ok((Base::Unlisted(files.map(str::to_owned).collect()), None))
        }
        _ if options.metadata == MetadataFile::Always => wrong("a directory without _metadata"),
        _ => {
            let there = detect::Existing::unlisted(store, root, &entries).await?;
            Ok((Base::Unlisted(there.files.clone()), Some(there)))
        }
    }
}

/// Whether a file is one that a writer of data sets makes.
fn is_ours(path: &StorePath) -> bool {
    is_part(path) || path.file_name() == Some(COMMON_METADATA)
}

fn is_part(path: &StorePath) -> bool {
    path.file_name().and_then(part_number).is_some()
}

/// The schema with which rows so laid out and of this schema are added to `existing`.
///
/// # Errors
///
/// They cannot be.
pub(super) fn check_append(
    location: &str,
    existing: &detect::Existing,
    schema: Schema,
    layout: &Layout,
    fields: &[Field],
) -> Result<Schema, DatasetError> {
    if !layout.is_like(&existing.layout) {
        return Err(DatasetError::ExistingScheme {
            location: location.to_owned(),
            expected: existing.layout.scheme,
            got: layout.scheme,
        });
    }
    if layout.partition_on != existing.layout.partition_on {
        return Err(DatasetError::ExistingPartitions {
            location: location.to_owned(),
            expected: existing.layout.partition_on.clone(),
            got: layout.partition_on.clone(),
        });
    }
    if let Some(marker) = &existing.marker {
        let ours = Marker::of(layout, fields);
        for (theirs, ours) in marker.columns.iter().zip(&ours.columns) {
            if theirs.data_type != ours.data_type {
                return Err(DatasetError::SchemaMismatch {
                    location: location.to_owned(),
                    column: theirs.name.clone(),
                    expected: theirs.data_type.clone(),
                    got: ours.data_type.clone(),
                });
            }
        }
    }
    let footer = existing.footer.raw();
    if footer.is_signed() {
        return at(location, Err(FormatError::EncryptedUnsupported));
    }
    appendable(location, &at(location, footer.schema())?, schema)
}
