//! What can go wrong.

use arrow_schema::DataType;
use pq_writer::WriteError;
use std::{error, fmt};

/// Why Arrow data cannot be written.
#[derive(Debug)]
#[non_exhaustive]
pub enum ArrowError {
    /// A type that Parquet does not carry.
    UnsupportedType {
        /// The column.
        column: String,
        /// Its Arrow type.
        data_type: DataType,
    },
    /// The metadata of an extension type says nothing that can be understood.
    ExtensionMetadata {
        /// The column.
        column: String,
        /// The name of the extension type.
        extension: String,
        /// What is wrong.
        reason: String,
    },
    /// Two columns have this name.
    DuplicateColumn {
        /// The name.
        column: String,
    },
    /// [`HasNulls::Columns`](crate::HasNulls::Columns) names a column that does not exist.
    UnknownColumn {
        /// The name.
        column: String,
    },
    /// A record batch has rows but no columns: a file could not say how many rows there are.
    NoColumns {
        /// Rows of the batch.
        rows: usize,
    },
    /// Rows of another type than those of the file, which Parquet would not tell apart.
    TypeMismatch {
        /// The column.
        column: String,
        /// Its Arrow type in the file.
        expected: DataType,
        /// The type of the rows to append.
        got: DataType,
    },
    /// The input failed.
    Read(arrow_schema::ArrowError),
    /// The writer does not take the schema or the rows.
    Write(WriteError),
}

impl fmt::Display for ArrowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TypeMismatch {
                column,
                expected,
                got,
            } => write!(f, "column {column:?}: expected {expected}, got {got}"),
            Self::UnsupportedType { column, data_type } => {
                write!(
                    f,
                    "column {column:?}: the Arrow type {data_type} is not supported"
                )
            }
            Self::ExtensionMetadata {
                column,
                extension,
                reason,
            } => write!(f, "column {column:?}: metadata of {extension}: {reason}"),
            Self::DuplicateColumn { column } => write!(f, "duplicate column name {column:?}"),
            Self::UnknownColumn { column } => write!(f, "there is no column {column:?}"),
            Self::NoColumns { rows } => write!(f, "a batch of {rows} rows has no columns"),
            Self::Read(_) => write!(f, "the input failed"),
            Self::Write(source) => write!(f, "{source}"),
        }
    }
}

impl error::Error for ArrowError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            // Its text is this error's own, so the chain goes on with what is below it.
            Self::Write(source) => source.source(),
            Self::Read(source) => Some(source),
            _ => None,
        }
    }
}

impl From<WriteError> for ArrowError {
    fn from(source: WriteError) -> Self {
        match source {
            WriteError::DuplicateColumn { column } => Self::DuplicateColumn { column },
            WriteError::UnknownColumn { column } => Self::UnknownColumn { column },
            source => Self::Write(source),
        }
    }
}
