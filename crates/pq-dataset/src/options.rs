//! What the caller chooses, and what comes of it.

use crate::partition::{PartitionEscaping, PartitionNulls};
use crate::plan::change::Change;
use pq_format::RawRowGroup;
use pq_writer::WriterOptions;
use serde::{Deserialize, Serialize};

/// What to do where the target exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Existing {
    /// Leave it alone: an error.
    #[default]
    Fail,
    /// Add row groups behind those that are there. The target must exist, with the same columns.
    Append,
    /// Put the new rows in its place, if it exists. What was there stays readable until the
    /// commit.
    Overwrite,
    /// Put the new rows in the place of those partitions that they have rows of; other partitions
    /// stay. The target must exist, with the same columns, and have partition columns.
    OverwritePartitions,
}

/// Whether a data set of part files gets `_metadata`, which commits are made with: without it,
/// readers that list the directory see parts as they come, an overwrite shows old and new rows
/// together for a while, and writers do not see each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MetadataFile {
    /// Always. A directory of parts without it is not written to.
    #[default]
    Always,
    /// If it is there. A new data set gets none.
    IfThere,
    /// Never. A data set that has one is not written to: it would be out of date.
    Never,
}

/// How rows that come in batches of any size become row groups; see
/// [`DatasetWriter::write`](crate::DatasetWriter::write).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collecting {
    /// About how many bytes rows may take that wait or are being encoded (640 MiB). When they take
    /// more, the largest partitions are written as they are, in row groups that are smaller than
    /// they could be. Where it is more than 10 MiB for each partition, less of it is used, down to
    /// half: parts are large enough then. What the caller holds, and what becomes of a row group
    /// while it is encoded, come on top.
    pub memory_bytes: usize,
    /// At most so many rows are a row group (2²⁰); one at least.
    pub row_group_rows: usize,
    /// A row group is complete when its rows take so many bytes in memory (128 MiB), before they
    /// are encoded.
    pub row_group_bytes: usize,
}

impl Default for Collecting {
    fn default() -> Self {
        Self {
            memory_bytes: 640 << 20,
            row_group_rows: 1 << 20,
            row_group_bytes: 128 << 20,
        }
    }
}

/// How a data set is written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DatasetOptions {
    /// How its files are written. On append the key-values are set, save `ARROW:schema` and
    /// `pandas`, which describe the rows that are there already.
    pub writer: WriterOptions,
    /// What to do where the target exists.
    pub existing: Existing,
    /// Whether a data set of part files gets `_metadata`.
    pub metadata: MetadataFile,
    /// What becomes of rows that have null in a partition column.
    pub partition_nulls: PartitionNulls,
    /// How values become names of folders.
    pub partition_escaping: PartitionEscaping,
    /// How rows that come in batches of any size become row groups.
    pub collecting: Collecting,
    /// Whether files that are replaced stay, for readers that are still at them; `recover` deletes
    /// them later.
    pub keep_replaced: bool,
}

/// What a commit added.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Rows.
    pub rows: u64,
    /// Row groups.
    pub row_groups: u64,
    /// Files with rows in them.
    pub files: u64,
    /// Bytes of all row groups and footers written, without what was there before.
    pub bytes: u64,
    /// Rows that were left out: [`PartitionNulls::Drop`].
    pub dropped: u64,
    /// Files that the data set had and has not any more.
    pub removed: u64,
    /// Where, as a person would name it.
    pub location: String,
    /// What failed after the commit, one line each. The rows are there all the same.
    pub warnings: Vec<String>,
}

impl Summary {
    /// Counts the row groups that a change adds.
    pub(crate) fn count(&mut self, change: &Change) {
        let mut files = std::collections::BTreeSet::new();
        for added in &change.added {
            let rows = RawRowGroup::parse(&added.bytes).map_or(0, |group| group.num_rows());
            self.rows += u64::try_from(rows).unwrap_or(0);
            self.row_groups += 1;
            files.insert(&added.file);
        }
        self.files += files.len() as u64;
    }

    /// Of a commit that added nothing yet.
    pub(crate) fn at(location: String) -> Self {
        Self {
            rows: 0,
            row_groups: 0,
            files: 0,
            bytes: 0,
            dropped: 0,
            removed: 0,
            location,
            warnings: Vec::new(),
        }
    }
}
