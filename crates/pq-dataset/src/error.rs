//! What can go wrong.

use crate::compare::joint::SchemaDifference;
use crate::scheme::Scheme;
use pq_format::FormatError;
use pq_store::StoreError;
use pq_writer::WriteError;
use std::{error, fmt};

/// Why a data set was not written or read. Unless the variant says otherwise, what was there
/// before is there still, unchanged.
#[derive(Debug)]
#[non_exhaustive]
pub enum DatasetError {
    /// The target is there, and neither append nor overwrite was asked for.
    TargetExists {
        /// Where.
        location: String,
    },
    /// There is nothing to append to or to read.
    NotFound {
        /// Where.
        location: String,
    },
    /// What is there is of another kind than what was asked for.
    NotADataset {
        /// Where.
        location: String,
        /// What is wrong.
        reason: String,
    },
    /// No scheme of this name.
    UnknownScheme {
        /// The name.
        name: String,
    },
    /// The data set has another scheme than was asked for.
    ExistingScheme {
        /// Where.
        location: String,
        /// What is there.
        expected: Scheme,
        /// What was asked for.
        got: Scheme,
    },
    /// The data set has other partition columns than were asked for.
    ExistingPartitions {
        /// Where.
        location: String,
        /// What is there.
        expected: Vec<String>,
        /// What was asked for.
        got: Vec<String>,
    },
    /// Partition columns with a scheme that has none.
    NoPartitions {
        /// The scheme.
        scheme: Scheme,
    },
    /// A partition column that is not in the schema.
    UnknownPartitionColumn {
        /// The name.
        column: String,
    },
    /// A partition column named twice.
    DuplicatePartitionColumn {
        /// The name.
        column: String,
    },
    /// No column would be left for the files.
    AllColumnsPartitioned,
    /// A column whose values cannot name folders.
    PartitionType {
        /// The column.
        column: String,
        /// Its type.
        data_type: String,
    },
    /// A value that cannot name a folder.
    PartitionValue {
        /// The column.
        column: String,
        /// The row of all that the writer was given, from 0.
        row: usize,
        /// What is wrong.
        reason: String,
    },
    /// The rows to append have another schema.
    SchemaMismatch {
        /// Where.
        location: String,
        /// The column.
        column: String,
        /// What is there.
        expected: String,
        /// What was to be appended.
        got: String,
    },
    /// What was asked for cannot be done with what is there.
    NotPossible {
        /// Where.
        location: String,
        /// Why.
        reason: String,
    },
    /// Row groups, files, partitions or columns were named that are not there, or cannot be meant.
    Selection {
        /// Where.
        location: String,
        /// What is wrong.
        reason: String,
    },
    /// A receipt that does not fit its plan, or a plan of another version. Nothing was committed,
    /// and its parts stay.
    Receipt {
        /// Where.
        location: String,
        /// What is wrong.
        reason: String,
    },
    /// Files that are to be one data set have different schemas.
    SchemaMismatches {
        /// Where.
        location: String,
        /// All that is different.
        differences: Vec<SchemaDifference>,
    },
    /// Metadata that points out of the data set.
    HostilePath {
        /// Where the metadata is.
        location: String,
        /// The path in it.
        path: String,
    },
    /// Another writer changed the target, and the rows could not be added to what is there now.
    Conflict {
        /// Where.
        location: String,
        /// What happened.
        reason: String,
    },
    /// Whether the commit happened could not be found out. The rows may be there.
    CommitUnknown {
        /// Where.
        location: String,
        /// Why it is not known.
        source: StoreError,
    },
    /// An earlier error spoilt this writer; nothing is committed.
    Poisoned,
    /// The rows could not be encoded.
    Write(WriteError),
    /// The store failed.
    Store(StoreError),
    /// Metadata could not be read or written.
    Format {
        /// The file.
        location: String,
        /// What is wrong with it.
        source: FormatError,
    },
}

impl fmt::Display for DatasetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TargetExists { location } => {
                write!(
                    f,
                    "{location}: exists, and neither append nor overwrite was asked for"
                )
            }
            Self::NotFound { location } => write!(f, "{location}: not found"),
            Self::NotADataset { location, reason }
            | Self::NotPossible { location, reason }
            | Self::Selection { location, reason }
            | Self::Receipt { location, reason }
            | Self::Conflict { location, reason } => write!(f, "{location}: {reason}"),
            Self::UnknownScheme { name } => {
                write!(
                    f,
                    "unknown scheme {name:?}, expected simple, flat, hive or drill"
                )
            }
            Self::ExistingScheme {
                location,
                expected,
                got,
            } => write!(
                f,
                "{location}: the existing file scheme is {expected}, got {got}"
            ),
            Self::ExistingPartitions {
                location,
                expected,
                got,
            } => write!(
                f,
                "{location}: the existing partition columns are {expected:?}, got {got:?}"
            ),
            Self::NoPartitions { scheme } => {
                write!(f, "scheme {scheme} has no partition columns")
            }
            Self::UnknownPartitionColumn { column } => {
                write!(f, "partition column {column:?} is not in the schema")
            }
            Self::DuplicatePartitionColumn { column } => {
                write!(f, "duplicate partition column {column:?}")
            }
            Self::AllColumnsPartitioned => write!(f, "Cannot include all columns in partition_on"),
            Self::PartitionType { column, data_type } => {
                write!(
                    f,
                    "column {column:?}: values of type {data_type} cannot name folders"
                )
            }
            Self::PartitionValue {
                column,
                row,
                reason,
            } => write!(f, "partition column {column:?}, row {row}: {reason}"),
            Self::SchemaMismatch {
                location,
                column,
                expected,
                got,
            } => write!(
                f,
                "{location}: column {column:?}: expected {expected}, got {got}"
            ),
            Self::SchemaMismatches {
                location,
                differences,
            } => {
                write!(f, "{location}: the schemas of the files differ")?;
                for difference in differences {
                    write!(f, "\n  {difference}")?;
                }
                Ok(())
            }
            Self::HostilePath { location, path } => {
                write!(
                    f,
                    "{location}: file_path {path:?} leads out of the data set"
                )
            }
            Self::CommitUnknown { location, .. } => {
                write!(f, "{location}: not known whether the commit happened")
            }
            Self::Poisoned => write!(f, "the writer failed before and commits nothing"),
            Self::Write(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Format { location, source } => write!(f, "{location}: {source}"),
        }
    }
}

impl error::Error for DatasetError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::CommitUnknown { source, .. } => Some(source),
            // Their own text is this error's text already.
            Self::Write(error) => error.source(),
            Self::Store(error) => error.source(),
            Self::Format { source, .. } => source.source(),
            _ => None,
        }
    }
}

impl From<WriteError> for DatasetError {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl From<StoreError> for DatasetError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
