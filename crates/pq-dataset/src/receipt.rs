//! What a worker has written.

use crate::error::DatasetError;
use crate::metadata_files::at;
use crate::part::{is_within_root, part_number};
use crate::plan::change::Added;
use crate::scheme::Layout;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pq_format::{FormatError, RawRowGroup, RowGroup};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What a worker has written for a [`WritePlan`](crate::WritePlan): part files, which are in the
/// store, and their row groups, which are to be committed. It can be sent (`serde`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartReceipt {
    /// The plan's id.
    pub(crate) plan: String,
    /// The caller's name for the piece of work.
    pub(crate) task: String,
    /// Rows that were left out.
    pub(crate) dropped: u64,
    pub(crate) parts: Vec<Part>,
}

/// A part file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    /// Its path, relative to the data set.
    pub(crate) file: String,
    /// Its size.
    pub(crate) bytes: u64,
    pub(crate) rows: u64,
    pub(crate) row_groups: Vec<Encoded>,
}

/// A `RowGroup` in thrift's compact protocol, with the path of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Encoded(pub(crate) Vec<u8>);

impl PartReceipt {
    /// The name that the worker's task was given.
    pub fn task(&self) -> &str {
        &self.task
    }

    /// Rows in its parts.
    pub fn rows(&self) -> u64 {
        self.parts.iter().map(|part| part.rows).sum()
    }

    /// Its part files, relative to the data set.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.file.as_str())
    }
}

impl Part {
    /// A part in `file` with these row groups.
    pub(crate) fn new(
        file: String,
        bytes: u64,
        row_groups: Vec<RowGroup>,
    ) -> Result<Self, FormatError> {
        let rows = row_groups.iter().map(|group| group.num_rows).sum::<i64>();
        let encoded = row_groups.into_iter().map(|mut row_group| {
            for column in &mut row_group.columns {
                column.file_path = Some(file.clone());
            }
            let mut bytes = Vec::new();
            pq_format::encode(&row_group, &mut bytes)?;
            Ok(Encoded(bytes))
        });
        Ok(Self {
            row_groups: encoded.collect::<Result<_, FormatError>>()?,
            file,
            bytes,
            rows: u64::try_from(rows).unwrap_or(0),
        })
    }

    pub(crate) fn added(&self) -> impl Iterator<Item = Added> {
        self.row_groups.iter().map(|row_group| Added {
            file: self.file.clone(),
            bytes: row_group.0.clone(),
        })
    }

    /// Errors unless this is a part that a worker of a data set of this layout writes: receipts
    /// come from other machines.
    pub(crate) fn check(&self, location: &str, layout: &Layout) -> Result<(), DatasetError> {
        let wrong = |reason: &str| DatasetError::Receipt {
            location: location.to_owned(),
            reason: format!("{:?}: {reason}", self.file),
        };
        let mut segments = self.file.split('/').rev();
        let is_part = segments.next().and_then(part_number).is_some();
        if !is_part || !is_within_root(&self.file, Some(layout.scheme)) {
            return Err(wrong("no part of a data set is named so"));
        }
        if segments.count() != layout.partition_on.len() {
            return Err(wrong("it lies in too few or too many folders"));
        }
        let mut rows = 0_i64;
        for row_group in &self.row_groups {
            let raw = at(location, RawRowGroup::parse(&row_group.0))?;
            let paths = at(location, raw.file_paths())?;
            if paths.iter().any(|path| *path != Some(self.file.as_str())) {
                return Err(wrong("a row group of it names another file"));
            }
            rows = rows.saturating_add(raw.num_rows());
        }
        if u64::try_from(rows) != Ok(self.rows) {
            return Err(wrong("the rows of its row groups are not those it states"));
        }
        Ok(())
    }
}

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Encoded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(de::Error::custom)?;
        Ok(Self(bytes))
    }
}
