//! Where the bytes of an input come from: a file, or a pipe copied to a temporary one.

use super::Format;
use crate::error::CliError;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

const STANDARD_INPUT: &str = "standard input";

/// An open input that can be read from the start as often as needed.
#[derive(Debug)]
pub struct Source {
    name: String,
    format: Format,
    file: File,
    bytes: u64,
}

impl Source {
    /// Opens a file, or standard input for `-`. What is no regular file is copied to a temporary
    /// file that has no name, so that nothing is left of it afterwards.
    ///
    /// # Errors
    ///
    /// A file that cannot be opened, a format that neither `format` nor the extension tells, a
    /// temporary file that cannot be written.
    pub fn open(path: &Path, format: Option<Format>) -> Result<Self, CliError> {
        if path == Path::new("-") {
            let name = STANDARD_INPUT.to_owned();
            let format = format.unwrap_or(Format::ArrowStream);
            return Self::spooled(name, format, &mut io::stdin().lock());
        }
        let name = path.display().to_string();
        let file = File::open(path).map_err(|source| failed(&name, source))?;
        let metadata = file.metadata().map_err(|source| failed(&name, source))?;
        if metadata.is_dir() {
            return Err(failed(&name, io::ErrorKind::IsADirectory.into()));
        }
        let Some(format) = format.or_else(|| Format::of_path(path)) else {
            return Err(CliError::UnknownFormat { path: name });
        };
        if !metadata.is_file() {
            let mut pipe = file;
            return Self::spooled(name, format, &mut pipe);
        }
        Ok(Self {
            name,
            format,
            file,
            bytes: metadata.len(),
        })
    }

    fn spooled(name: String, format: Format, from: &mut dyn Read) -> Result<Self, CliError> {
        let spool = |source: io::Error| {
            let place = std::env::temp_dir();
            failed(&format!("{name}, copied to {}", place.display()), source)
        };
        let mut file = tempfile::tempfile().map_err(spool)?;
        let bytes = io::copy(from, &mut file).map_err(spool)?;
        Ok(Self {
            name,
            format,
            file,
            bytes,
        })
    }

    /// What messages call the input.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// How many bytes there are.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The file, at its start. All readers share one position: only the newest may be read.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn rewound(&self) -> Result<File, CliError> {
        let open = || {
            let mut file = self.file.try_clone()?;
            file.rewind()?;
            Ok(file)
        };
        open().map_err(|source| failed(&self.name, source))
    }

    /// As [`rewound`](Self::rewound), with a buffer.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn buffered(&self) -> Result<BufReader<File>, CliError> {
        Ok(BufReader::with_capacity(1 << 18, self.rewound()?))
    }

    /// An error in a line, counted from 1, or in the file as a whole.
    pub fn malformed(&self, line: Option<u64>, reason: impl Into<String>) -> CliError {
        CliError::Malformed {
            path: self.name.clone(),
            line,
            reason: reason.into(),
        }
    }

    /// An error of the system while reading.
    pub fn failed(&self, source: io::Error) -> CliError {
        failed(&self.name, source)
    }

    /// An error of a reader of Arrow data.
    pub fn refused(&self, source: arrow_schema::ArrowError) -> CliError {
        CliError::ArrowInput {
            path: self.name.clone(),
            source,
        }
    }
}

fn failed(name: &str, source: io::Error) -> CliError {
    CliError::Input {
        path: name.to_owned(),
        source,
    }
}
