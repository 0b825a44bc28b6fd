//! What the caller chooses, and what comes of it.

use pq_writer::WriterOptions;

/// What to do where the target exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Existing {
    /// Leave it alone: an error.
    #[default]
    Fail,
    /// Add row groups behind those that are there. The target must exist, with the same columns.
    Append,
    /// Put the new rows in its place, if it exists. What was there stays readable until the
    /// commit.
    Overwrite,
}

/// How a data set is written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DatasetOptions {
    /// How its files are written. On append the key-values are set, save `ARROW:schema` and
    /// `pandas`, which describe the rows that are there already.
    pub writer: WriterOptions,
    /// What to do where the target exists.
    pub existing: Existing,
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
    /// Where, as a person would name it.
    pub location: String,
    /// What failed after the commit, one line each. The rows are there all the same.
    pub warnings: Vec<String>,
}
