//! What the commands print.

mod bounds;
mod json;
mod leaves;
mod summary;
mod tables;
mod time;
mod types;

pub use json::document;
pub use summary::WriteReport;
pub use tables::tables;

use crate::error::CliError;
use pq_format::FileMetaData;
use std::io::{self, Write};

/// A file or a data set that is to be shown.
#[derive(Debug)]
pub struct Inspected {
    /// Where it is.
    pub location: String,
    /// How it lies on disk.
    pub scheme: String,
    /// The columns whose values are directories.
    pub partition_on: Vec<String>,
    /// The footer.
    pub metadata: FileMetaData,
}

/// Writes a report to standard output. A reader that has gone away is no error.
///
/// # Errors
///
/// The system's.
pub fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::Report(error)),
        _ => Ok(()),
    }
}
