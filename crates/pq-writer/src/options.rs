//! How a file is written.

use std::collections::BTreeMap;

/// A codec and its level; Compression.md of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Compression {
    /// Stored as encoded.
    #[default]
    Uncompressed,
    /// Snappy.
    Snappy,
    /// gzip, level 0 to 9 (6 if none is given).
    Gzip(Option<u32>),
    /// Zstandard, level −7 to 22 (1 if none is given).
    Zstd(Option<i32>),
    /// LZ4, the raw block format.
    Lz4Raw,
    /// Brotli, level 0 to 11 (1 if none is given).
    Brotli(Option<u32>),
}

/// Which columns get minimum and maximum values; null counts are always written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Statistics {
    /// Every column whose order is defined.
    #[default]
    All,
    /// No column.
    None,
    /// The columns named.
    Columns(Vec<String>),
}

/// How a file is written. Equal options and equal input give equal bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriterOptions {
    /// The codec of columns that [`column_compression`](Self::column_compression) does not name.
    pub compression: Compression,
    /// Codecs by column name.
    pub column_compression: BTreeMap<String, Compression>,
    /// Which columns get bounds.
    pub statistics: Statistics,
    /// Key-value metadata of the file, in this order.
    pub key_values: Vec<(String, String)>,
    /// A data page ends when its values reach this many bytes before compression (1 MiB).
    pub data_page_bytes: usize,
    /// A data page ends at this many rows (131,072).
    pub data_page_rows: usize,
    /// The most bytes that a dictionary may take (1 MiB). A column that needs more is stored
    /// without one; a dictionary that the caller brings is kept whatever its size.
    pub dictionary_bytes: usize,
    /// Bounds of text and bytes are cut to this many bytes (64).
    pub bound_bytes: usize,
    /// Who wrote the file, as the footer says it.
    pub created_by: String,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self {
            compression: Compression::Uncompressed,
            column_compression: BTreeMap::new(),
            statistics: Statistics::All,
            key_values: Vec::new(),
            data_page_bytes: 1 << 20,
            data_page_rows: 131_072,
            dictionary_bytes: 1 << 20,
            bound_bytes: 64,
            created_by: concat!("pq version ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl WriterOptions {
    /// The codec of a column.
    pub fn compression_of(&self, column: &str) -> Compression {
        self.column_compression
            .get(column)
            .copied()
            .unwrap_or(self.compression)
    }
}
