//! Where in a file something is.

use std::fmt;

/// A place in a file, as exactly as it is known. Indices count from 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Place {
    /// The file, as the caller named it.
    pub path: String,
    /// The row group.
    pub row_group: Option<usize>,
    /// The leaf column, names joined by dots.
    pub column: Option<String>,
    /// The page in the column chunk, the dictionary page counted.
    pub page: Option<usize>,
    /// The offset in the file, in bytes.
    pub byte: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(row_group) = self.row_group {
            write!(f, ", row group {row_group}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        if let Some(page) = self.page {
            write!(f, ", page {page}")?;
        }
        if let Some(byte) = self.byte {
            write!(f, ", byte {byte}")?;
        }
        Ok(())
    }
}
