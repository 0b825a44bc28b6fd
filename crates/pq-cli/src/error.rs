//! Why a command failed.

use std::error::Error;
use std::fmt;
use std::io;

/// Why a command failed; the text names the file, and where known the line and the column.
#[derive(Debug)]
#[non_exhaustive]
pub enum CliError {
    /// A value on the command line that only shows to be wrong once it is read.
    Argument {
        /// The option, as it is typed.
        option: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The input could not be opened or read.
    Input {
        /// The file, or `standard input`.
        path: String,
        /// The system's error.
        source: io::Error,
    },
    /// The input's extension says nothing about its format.
    UnknownFormat {
        /// The file.
        path: String,
    },
    /// The input is not what its format asks for.
    Malformed {
        /// The file, or `standard input`.
        path: String,
        /// The line at fault, from 1.
        line: Option<u64>,
        /// What is wrong.
        reason: String,
    },
    /// The input has two columns of one name.
    DuplicateColumn {
        /// The file, or `standard input`.
        path: String,
        /// The name.
        column: String,
    },
    /// A column that an option names is not in the input.
    UnknownColumn {
        /// The option, as it is typed.
        option: &'static str,
        /// The name.
        column: String,
    },
    /// A reader of Arrow data refused the input.
    ArrowInput {
        /// The file, or `standard input`.
        path: String,
        /// The reader's error.
        source: arrow_schema::ArrowError,
    },
    /// The reader of Parquet files refused the input.
    ParquetInput {
        /// The file, or `standard input`.
        path: String,
        /// The reader's error.
        source: parquet::errors::ParquetError,
    },
    /// The rows could not be handed to the writer.
    Convert(pq_arrow::ArrowError),
    /// The writer refused the schema or an option.
    Write(pq_writer::WriteError),
    /// The target could not be opened.
    Store(pq_store::StoreError),
    /// The data set could not be read or written.
    Dataset(pq_dataset::DatasetError),
    /// The footer could not be decoded.
    Footer {
        /// The file or directory.
        location: String,
        /// The decoder's error.
        source: pq_format::FormatError,
    },
    /// What was checked breaks a rule, or could not be checked in full.
    Unsound {
        /// The first file or directory of which that is so.
        path: String,
        /// How often rules are broken in it.
        broken: u64,
        /// How much could not be checked.
        unverified: u64,
    },
    /// The report could not be written.
    Report(io::Error),
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument { option, reason } => write!(f, "{option}: {reason}"),
            Self::Input { path, .. }
            | Self::ArrowInput { path, .. }
            | Self::ParquetInput { path, .. } => f.write_str(path),
            Self::UnknownFormat { path } => write!(
                f,
                "{path}: the name does not tell the format; give --input-format"
            ),
            Self::Malformed {
                path,
                line: Some(line),
                reason,
            } => write!(f, "{path}, line {line}: {reason}"),
            Self::Malformed { path, reason, .. } => write!(f, "{path}: {reason}"),
            Self::DuplicateColumn { path, column } => {
                write!(f, "{path}: duplicate column name {column:?}")
            }
            Self::UnknownColumn { option, column } => {
                write!(f, "{option}: there is no column {column:?}")
            }
            Self::Convert(source) => source.fmt(f),
            Self::Write(source) => source.fmt(f),
            Self::Store(source) => source.fmt(f),
            Self::Dataset(source) => source.fmt(f),
            Self::Footer { location, .. } => f.write_str(location),
            Self::Unsound {
                path,
                broken,
                unverified,
            } => write!(
                f,
                "{path}: rules are broken in {broken} places, {unverified} could not be checked"
            ),
            Self::Report(_) => f.write_str("the report could not be written"),
        }
    }
}

impl Error for CliError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Input { source, .. } => Some(source),
            Self::ArrowInput { source, .. } => Some(source),
            Self::ParquetInput { source, .. } => Some(source),
            Self::Footer { source, .. } => Some(source),
            Self::Report(source) => Some(source),
            // These are shown as they are, so that their sources follow.
            Self::Convert(source) => source.source(),
            Self::Write(source) => source.source(),
            Self::Store(source) => source.source(),
            Self::Dataset(source) => source.source(),
            _ => None,
        }
    }
}

impl From<pq_arrow::ArrowError> for CliError {
    fn from(source: pq_arrow::ArrowError) -> Self {
        Self::Convert(source)
    }
}

impl From<pq_writer::WriteError> for CliError {
    fn from(source: pq_writer::WriteError) -> Self {
        Self::Write(source)
    }
}

impl From<pq_store::StoreError> for CliError {
    fn from(source: pq_store::StoreError) -> Self {
        Self::Store(source)
    }
}

impl From<pq_dataset::DatasetError> for CliError {
    fn from(source: pq_dataset::DatasetError) -> Self {
        Self::Dataset(source)
    }
}

/// An error and its sources in one line. A source that the text before it already quotes is left
/// out; control characters, newlines among them, become spaces.
pub fn one_line(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    plain_line(&text)
}

/// The text with every control character replaced by a space and runs of spaces joined.
pub fn plain_line(text: &str) -> String {
    let printable: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    printable.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_follow_once_and_in_one_line() {
        let source = io::Error::other("first\nsecond");
        let error = CliError::Input {
            path: "a.csv".to_owned(),
            source,
        };
        assert_eq!(one_line(&error), "a.csv: first second");
        let quoted = pq_format::FormatError::from(pq_format::Malformed::Integer { offset: 3 });
        let error = CliError::Footer {
            location: "b.parquet".to_owned(),
            source: quoted,
        };
        let text = one_line(&error);
        assert_eq!(text.matches("at byte 3").count(), 1, "{text}");
    }

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(plain_line("a\u{1b}[31m\r\nb\t c"), "a [31m b c");
    }
}
