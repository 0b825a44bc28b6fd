//! Counts over the pages of a chunk, against the footer.

use super::Context;
use super::walk::Walked;
use crate::notes::Notes;
use crate::page::{Counts, DataHeader};
use crate::rule::Rule;
use crate::schema::Leaf;
use pq_format::{ColumnMetaData, Encoding, PageEncodingStats, PageHeader, PageType};
use std::collections::{BTreeMap, BTreeSet};

/// What was counted so far.
#[derive(Debug)]
pub(super) struct Totals {
    /// Whether all pages so far could be read.
    pub(super) whole: bool,
    pub(super) data_pages: usize,
    dictionary_pages: usize,
    pub(super) rows: u64,
    pub(super) nulls: u64,
    pub(super) repetition: Vec<u64>,
    pub(super) definition: Vec<u64>,
    encodings: BTreeSet<Encoding>,
    pages: BTreeMap<(PageType, Encoding), u64>,
}

impl Default for Totals {
    fn default() -> Self {
        Self {
            whole: true,
            data_pages: 0,
            dictionary_pages: 0,
            rows: 0,
            nulls: 0,
            repetition: Vec::new(),
            definition: Vec::new(),
            encodings: BTreeSet::new(),
            pages: BTreeMap::new(),
        }
    }
}

const INDICES: [Encoding; 2] = [Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY];

impl Totals {
    /// Counts a dictionary page; returns whether one may be here.
    pub(super) fn begin_dictionary(&mut self, header: &PageHeader) -> bool {
        let is_first = self.data_pages + self.dictionary_pages == 0;
        self.dictionary_pages += 1;
        if let Some(dictionary) = &header.dictionary_page_header {
            self.count(header.r#type, dictionary.encoding);
        }
        is_first
    }

    /// Counts a data page; returns which one it is.
    pub(super) fn begin_data(
        &mut self,
        header: &PageHeader,
        data: DataHeader<'_>,
        leaf: &Leaf,
    ) -> usize {
        self.count(header.r#type, data.encoding);
        if leaf.max_repetition > 0 {
            self.encodings.insert(data.repetition_encoding);
        }
        if leaf.max_definition > 0 {
            self.encodings.insert(data.definition_encoding);
        }
        self.data_pages += 1;
        self.data_pages - 1
    }

    /// Whether a page needs a dictionary that is there, but could not be read.
    pub(super) fn lacks_dictionary(&self, encoding: Encoding, is_read: bool) -> bool {
        self.dictionary_pages > 0 && !is_read && INDICES.contains(&encoding)
    }

    fn count(&mut self, page_type: PageType, encoding: Encoding) {
        self.encodings.insert(encoding);
        *self.pages.entry((page_type, encoding)).or_default() += 1;
    }

    /// Adds a page that was read.
    pub(super) fn add(&mut self, counts: &Counts) {
        self.rows += counts.rows;
        self.nulls += counts.nulls;
        add_all(&mut self.repetition, &counts.repetition);
        add_all(&mut self.definition, &counts.definition);
    }

    /// Compares what was counted with what the footer says.
    pub(super) fn check(
        &self,
        walked: &Walked,
        meta: &ColumnMetaData,
        context: Context<'_>,
        notes: &mut Notes<'_>,
    ) {
        self.check_offsets(walked, meta, notes);
        if walked.whole {
            notes.equal(
                Rule::ChunkCompressedSize,
                "total_compressed_size",
                meta.total_compressed_size,
                walked.compressed,
            );
            notes.equal(
                Rule::ChunkUncompressedSize,
                "total_uncompressed_size",
                meta.total_uncompressed_size,
                walked.uncompressed,
            );
            notes.equal(
                Rule::ChunkNumValues,
                "num_values",
                meta.num_values,
                walked.values,
            );
            self.check_encodings(meta, context.leaf, notes);
        }
    }

    fn check_offsets(&self, walked: &Walked, meta: &ColumnMetaData, notes: &mut Notes<'_>) {
        let data = u64::try_from(meta.data_page_offset).ok();
        if let Some(found) = walked.data_offset {
            notes.check(Rule::DataPageOffset, data == Some(found), || {
                format!(
                    "{}, the first data page is at {found}",
                    meta.data_page_offset
                )
            });
        }
        match (meta.dictionary_page_offset, walked.dictionary_offset) {
            (Some(stated), found) if stated <= 0 || (found.is_none() && walked.whole) => {
                // Some writers state 0 where there is none.
                notes.say(Rule::DictionaryOffsetMissing, || {
                    format!("{stated}, there is a dictionary page: {}", found.is_some())
                });
            }
            (Some(stated), Some(found)) => {
                notes.equal(
                    Rule::DictionaryOffset,
                    "dictionary_page_offset",
                    stated,
                    found,
                );
            }
            (None, Some(found)) => {
                notes.say(Rule::DictionaryOffsetMissing, || {
                    format!("none, the dictionary page is at {found}")
                });
            }
            _ => {}
        }
    }

    fn check_encodings(&self, meta: &ColumnMetaData, leaf: &Leaf, notes: &mut Notes<'_>) {
        let missing: Vec<Encoding> = self
            .encodings
            .iter()
            .copied()
            .filter(|encoding| !meta.encodings.contains(encoding))
            .collect();
        notes.check(Rule::EncodingsList, missing.is_empty(), || {
            format!("{:?} lacks {missing:?}", meta.encodings)
        });
        let uses = |encoding: &Encoding| self.encodings.contains(encoding);
        notes.check(Rule::EncodingPreview, !uses(&Encoding::ALP), || {
            "ALP is used".to_owned()
        });
        notes.check(
            Rule::PlainDictionary,
            !uses(&Encoding::PLAIN_DICTIONARY),
            || "PLAIN_DICTIONARY is used".to_owned(),
        );
        let has_levels = leaf.max_definition > 0 || leaf.max_repetition > 0;
        notes.check(
            Rule::LevelBitPacked,
            !(has_levels && uses(&Encoding::BIT_PACKED)),
            || "BIT_PACKED levels".to_owned(),
        );
        let is_used = self.data_pages == 0 || INDICES.iter().any(uses);
        notes.check(
            Rule::DictionaryUnused,
            self.dictionary_pages == 0 || is_used,
            || "no page has indices".to_owned(),
        );
        match &meta.encoding_stats {
            Some(stated) if !stated.is_empty() => self.check_stats(stated.iter(), notes),
            _ if self.pages.is_empty() => {}
            _ => notes.say(Rule::EncodingStatsMissing, || {
                "no encoding_stats".to_owned()
            }),
        }
    }

    fn check_stats(&self, stated: impl Iterator<Item = PageEncodingStats>, notes: &mut Notes<'_>) {
        let mut sums = BTreeMap::<(PageType, Encoding), i64>::new();
        for entry in stated {
            let sum = sums.entry((entry.page_type, entry.encoding)).or_default();
            *sum = sum.saturating_add(i64::from(entry.count));
        }
        sums.retain(|_, &mut sum| sum != 0);
        let kept = sums.len() == self.pages.len()
            && sums.iter().zip(&self.pages).all(|(stated, counted)| {
                stated.0 == counted.0 && u64::try_from(*stated.1) == Ok(*counted.1)
            });
        notes.check(Rule::EncodingStats, kept, || {
            format!("{sums:?}, should be {:?}", self.pages)
        });
    }
}

fn add_all(sums: &mut Vec<u64>, counts: &[u64]) {
    sums.resize(sums.len().max(counts.len()), 0);
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
}
