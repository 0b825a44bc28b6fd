//! What the options say of one leaf.

use crate::encode;
use crate::error::WriteError;
use crate::options::{
    BloomFilter, ColumnEncoding, Compression, PageVersion, Profile, Statistics, WriterOptions,
};
use crate::schema::{Leaf, Schema};
use std::collections::BTreeMap;

/// How the chunks of one leaf are written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LeafSettings {
    pub(crate) compression: Compression,
    pub(crate) encoding: ColumnEncoding,
    pub(crate) profile: Profile,
    /// Whether there are bounds.
    pub(crate) bounds: bool,
    pub(crate) bound_bytes: usize,
    pub(crate) bloom_filter: Option<BloomFilter>,
    pub(crate) key_values: Vec<(String, String)>,
    pub(crate) page_version: PageVersion,
    pub(crate) data_page_bytes: usize,
    pub(crate) data_page_rows: usize,
    pub(crate) page_checksums: bool,
    pub(crate) page_index: bool,
    pub(crate) dictionary_bytes: usize,
}

impl LeafSettings {
    /// The settings of each leaf of `schema`.
    ///
    /// # Errors
    ///
    /// A path that is of no column.
    pub(crate) fn resolve(
        schema: &Schema,
        options: &WriterOptions,
    ) -> Result<Vec<Self>, WriteError> {
        let bounded: BTreeMap<String, ()> = match &options.statistics {
            Statistics::Columns(columns) => {
                columns.iter().map(|column| (column.clone(), ())).collect()
            }
            _ => BTreeMap::new(),
        };
        for path in options
            .column_compression
            .keys()
            .chain(options.column_encoding.keys())
            .chain(options.bloom_filters.keys())
            .chain(options.column_key_values.keys())
            .chain(bounded.keys())
        {
            if !schema.leaves().iter().any(|leaf| leaf.is_within(path)) {
                return Err(WriteError::UnknownColumn {
                    column: path.clone(),
                });
            }
        }
        let settings = |leaf: &Leaf| Self {
            compression: longest(&options.column_compression, leaf)
                .copied()
                .unwrap_or(options.compression),
            encoding: longest(&options.column_encoding, leaf)
                .copied()
                .unwrap_or_else(|| where_it_fits(options.encoding, leaf)),
            profile: options.profile,
            bounds: match options.statistics {
                Statistics::All => true,
                Statistics::None => false,
                Statistics::Columns(_) => longest(&bounded, leaf).is_some(),
            },
            bound_bytes: options.bound_bytes,
            bloom_filter: longest(&options.bloom_filters, leaf).copied(),
            key_values: longest(&options.column_key_values, leaf)
                .cloned()
                .unwrap_or_default(),
            page_version: options.page_version,
            data_page_bytes: options.data_page_bytes.max(1),
            data_page_rows: options.data_page_rows.max(1),
            page_checksums: options.page_checksums,
            page_index: options.page_index,
            dictionary_bytes: options.dictionary_bytes,
        };
        Ok(schema.leaves().iter().map(settings).collect())
    }
}

/// The encoding of all columns, of those that are of a type that it is for.
fn where_it_fits(encoding: ColumnEncoding, leaf: &Leaf) -> ColumnEncoding {
    match encode::fits(encoding, leaf.physical) {
        (true, _) => encoding,
        (false, _) => ColumnEncoding::Auto,
    }
}

/// What is set for the longest path that the leaf is within.
fn longest<'a, T>(by_column: &'a BTreeMap<String, T>, leaf: &Leaf) -> Option<&'a T> {
    by_column
        .iter()
        .filter(|(path, _)| leaf.is_within(path))
        .max_by_key(|(path, _)| path.len())
        .map(|(_, value)| value)
}
