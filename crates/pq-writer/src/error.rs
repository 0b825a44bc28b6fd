//! What can go wrong.

use crate::options::ColumnEncoding;
use std::{error, fmt, io};

/// Why nothing was written.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// A column has no name.
    EmptyColumnName,
    /// Two columns have this name.
    DuplicateColumn {
        /// The name.
        column: String,
    },
    /// A column that does not exist was named.
    UnknownColumn {
        /// The name.
        column: String,
    },
    /// A batch lacks a column of the schema.
    MissingColumn {
        /// The name.
        column: String,
    },
    /// The columns of a batch differ in length.
    RaggedColumn {
        /// The column.
        column: String,
        /// Rows of the batch.
        expected: usize,
        /// Rows of the column.
        got: usize,
    },
    /// A type that is not carried, or that contradicts itself.
    UnsupportedType {
        /// The column.
        column: String,
        /// What is wrong.
        reason: String,
    },
    /// The form of the values does not fit the type of the column.
    WrongForm {
        /// The column.
        column: String,
        /// The type in the schema.
        expected: String,
        /// The form of the values.
        got: String,
    },
    /// A null in a REQUIRED column.
    NullInRequired {
        /// The column.
        column: String,
        /// The row in its row group, from 0.
        row: usize,
    },
    /// A value that the type of its column does not allow.
    InvalidValue {
        /// The column.
        column: String,
        /// The row in its row group, from 0.
        row: usize,
        /// What is wrong.
        reason: String,
    },
    /// A record that cannot become a row of columns.
    InvalidRecord {
        /// The record, from 0.
        row: usize,
        /// What is wrong.
        reason: String,
    },
    /// Rows are not in the order that the options declare.
    NotSorted {
        /// The sorting columns.
        columns: Vec<String>,
        /// The first row, in its row group, that comes too late.
        row: usize,
    },
    /// Row-group offsets do not start at 0 or do not ascend.
    RowGroupOffsets,
    /// The codec is not compiled in, or its level is out of range.
    Compression {
        /// The codec.
        codec: String,
        /// What is wrong.
        reason: String,
    },
    /// An encoding is not for the type of its column.
    UnsupportedEncoding {
        /// The column.
        column: String,
        /// The encoding.
        encoding: ColumnEncoding,
        /// What is wrong.
        reason: String,
    },
    /// Something outgrew what the format can state.
    TooLarge {
        /// What it is.
        what: String,
        /// Its size.
        size: u64,
    },
    /// The metadata could not be encoded.
    Format(pq_format::FormatError),
    /// The sink failed.
    Io(io::Error),
    /// The writer failed before and takes nothing more.
    Poisoned,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyColumnName => write!(f, "a column has an empty name"),
            Self::DuplicateColumn { column } => write!(f, "duplicate column name {column:?}"),
            Self::UnknownColumn { column } => write!(f, "there is no column {column:?}"),
            Self::MissingColumn { column } => write!(f, "column {column:?} is missing"),
            Self::RaggedColumn {
                column,
                expected,
                got,
            } => {
                write!(f, "column {column:?} has {got} rows, expected {expected}")
            }
            Self::UnsupportedType { column, reason } => write!(f, "column {column:?}: {reason}"),
            Self::WrongForm {
                column,
                expected,
                got,
            } => {
                write!(
                    f,
                    "column {column:?}: expected values of {expected}, got {got}"
                )
            }
            Self::NullInRequired { column, row } => {
                write!(f, "column {column:?}, row {row}: null in a required column")
            }
            Self::InvalidValue {
                column,
                row,
                reason,
            } => {
                write!(f, "column {column:?}, row {row}: {reason}")
            }
            Self::InvalidRecord { row, reason } => write!(f, "record {row}: {reason}"),
            Self::NotSorted { columns, row } => {
                write!(f, "row {row} is not in the order of {}", columns.join(", "))
            }
            Self::RowGroupOffsets => write!(f, "row-group offsets must start at 0 and ascend"),
            Self::Compression { codec, reason } => write!(f, "codec {codec}: {reason}"),
            Self::UnsupportedEncoding {
                column,
                encoding,
                reason,
            } => write!(f, "column {column:?}, encoding {encoding:?}: {reason}"),
            Self::TooLarge { what, size } => {
                write!(f, "{what} is too large for the format ({size})")
            }
            Self::Format(_) => write!(f, "the metadata could not be encoded"),
            Self::Io(_) => write!(f, "the output failed"),
            Self::Poisoned => write!(f, "the writer failed before and takes nothing more"),
        }
    }
}

impl error::Error for WriteError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Format(source) => Some(source),
            Self::Io(source) => Some(source),
            _ => None,
        }
    }
}

impl From<pq_format::FormatError> for WriteError {
    fn from(source: pq_format::FormatError) -> Self {
        Self::Format(source)
    }
}

impl From<io::Error> for WriteError {
    fn from(source: io::Error) -> Self {
        Self::Io(source)
    }
}
