//! How a file is written.

use std::collections::BTreeMap;

/// A codec and its level; Compression.md of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Statistics {
    /// Every column whose order is defined.
    #[default]
    All,
    /// No column.
    None,
    /// The columns named.
    Columns(Vec<String>),
}

/// How the values of a column are encoded; Encodings.md of the specification. Levels, where
/// there are any, always are hybrid runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ColumnEncoding {
    /// Chosen for each column chunk from its values, within the [`Profile`].
    #[default]
    Auto,
    /// A dictionary, if it stays below [`WriterOptions::dictionary_bytes`] and takes less room than
    /// the values; what [`Auto`](Self::Auto) takes otherwise.
    Dictionary,
    /// PLAIN.
    Plain,
    /// DELTA_BINARY_PACKED: INT32 and INT64.
    DeltaBinaryPacked,
    /// DELTA_LENGTH_BYTE_ARRAY: BYTE_ARRAY.
    DeltaLengthByteArray,
    /// DELTA_BYTE_ARRAY: BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY.
    DeltaByteArray,
    /// BYTE_STREAM_SPLIT: all of one width, so neither BOOLEAN nor BYTE_ARRAY nor INT96.
    ByteStreamSplit,
    /// RLE: BOOLEAN.
    Rle,
    /// ALP, which the specification has in preview and few readers know: FLOAT and DOUBLE.
    Alp,
}

/// What [`ColumnEncoding::Auto`] may choose from, and what it aims at. In brackets are the size of
/// TPC-H lineitem uncompressed, and in Snappy, to that of `Compatible`, and how fast it is written
/// (docs/performance.md has the figures).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Profile {
    /// Files that every reader reads: dictionaries, PLAIN, and DELTA_BINARY_PACKED for integers
    /// (where the deltas of INT64 differ by less than 2²⁸: fastparquet misreads others). (1 and 1, at
    /// about twice the speed of parquet-rs, which takes 1.24 and 1.15.)
    #[default]
    Compatible,
    /// The smallest files: all encodings of the specification but those in preview. DuckDB and Polars
    /// lack BYTE_STREAM_SPLIT of FIXED_LEN_BYTE_ARRAY, fastparquet several. (0.93 and 0.95, as fast
    /// or up to a seventh faster, for there is less to compress.)
    Small,
    /// The least time without a codec: dictionaries where they are cheap to find, PLAIN otherwise.
    /// (1.40 and 1.19, 1.07 times as fast without a codec, slower with one.)
    Fast,
}

/// The layout of data pages; README.md of the specification, "Data Pages".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum PageVersion {
    /// DATA_PAGE: levels and values compressed together. Every reader reads it.
    #[default]
    V1,
    /// DATA_PAGE_V2: levels are not compressed, and values only where that pays.
    V2,
}

/// A Bloom filter for a column: whether a column chunk may hold a value; BloomFilter.md of the
/// specification.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BloomFilter {
    /// How often the filter says yes for a value that is not there, above 0 and below 1 (0.01).
    pub false_positive_probability: f64,
    /// The most bytes of a filter, at least 32 (1 MiB). One that would need more says yes more
    /// often.
    pub max_bytes: usize,
}

impl Default for BloomFilter {
    fn default() -> Self {
        Self {
            false_positive_probability: 0.01,
            max_bytes: 1 << 20,
        }
    }
}

/// A column by which the rows of each row group are sorted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SortingColumn {
    /// The dotted path of the column, which is not within a list.
    pub column: String,
    /// Whether the largest value comes first.
    pub descending: bool,
    /// Whether nulls come before all values.
    pub nulls_first: bool,
}

/// How a file is written. Equal options and equal input give equal bytes.
///
/// Options by column have the dotted path of a leaf (`"address.street"`, and as the footer has it
/// `"tags.list.element"`), or of what the leaves are within (`"address"`); the longest path that
/// fits a leaf decides.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct WriterOptions {
    /// The codec of columns that [`column_compression`](Self::column_compression) does not name.
    pub compression: Compression,
    /// Codecs by column.
    pub column_compression: BTreeMap<String, Compression>,
    /// What encodings are chosen from.
    pub profile: Profile,
    /// The encoding of columns that [`column_encoding`](Self::column_encoding) does not name and
    /// that are of a type that it is for.
    pub encoding: ColumnEncoding,
    /// Encodings by column.
    pub column_encoding: BTreeMap<String, ColumnEncoding>,
    /// Which columns get bounds.
    pub statistics: Statistics,
    /// Bloom filters by column; none by default.
    pub bloom_filters: BTreeMap<String, BloomFilter>,
    /// By which columns the rows of each row group are sorted, the first one first. Checked: rows
    /// in another order are an error.
    pub sorting_columns: Vec<SortingColumn>,
    /// Key-value metadata of the file, in this order.
    pub key_values: Vec<(String, String)>,
    /// Key-value metadata of column chunks, by column, in this order.
    pub column_key_values: BTreeMap<String, Vec<(String, String)>>,
    /// The layout of data pages.
    pub page_version: PageVersion,
    /// A data page ends when its values reach this many bytes before compression (1 MiB).
    pub data_page_bytes: usize,
    /// A data page ends at this many rows (131,072).
    pub data_page_rows: usize,
    /// Whether pages carry a CRC-32 of their bytes (no).
    pub page_checksums: bool,
    /// Whether the page index is written: where pages are and their bounds (yes).
    pub page_index: bool,
    /// The most bytes that a dictionary may take (4 MiB). A column that needs more is stored
    /// without one; a dictionary that the caller brings is kept whatever its size.
    pub dictionary_bytes: usize,
    /// Bounds of text and bytes are cut to this many bytes (64).
    pub bound_bytes: usize,
    /// How many threads encode the columns of a row group (1). The bytes are the same with any
    /// number. Without the feature `parallel` it always is one.
    pub threads: usize,
    /// Who wrote the file, as the footer says it.
    pub created_by: String,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self {
            compression: Compression::Uncompressed,
            column_compression: BTreeMap::new(),
            profile: Profile::Compatible,
            encoding: ColumnEncoding::Auto,
            column_encoding: BTreeMap::new(),
            statistics: Statistics::All,
            bloom_filters: BTreeMap::new(),
            sorting_columns: Vec::new(),
            key_values: Vec::new(),
            column_key_values: BTreeMap::new(),
            page_version: PageVersion::V1,
            data_page_bytes: 1 << 20,
            data_page_rows: 131_072,
            page_checksums: false,
            page_index: true,
            dictionary_bytes: 4 << 20,
            bound_bytes: 64,
            threads: 1,
            created_by: concat!("pq version ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}
