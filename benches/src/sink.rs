//! Where files go.

use std::fs::File;
use std::io::{self, Write};

/// Counts bytes, and keeps them only if there is a file for them.
#[derive(Debug, Default)]
pub struct Sink {
    pub bytes: u64,
    pub file: Option<File>,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match &mut self.file {
            Some(file) => file.write(bytes)?,
            None => bytes.len(),
        };
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
