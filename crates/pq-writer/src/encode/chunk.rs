//! A column chunk: an optional dictionary page, data pages, and what the footer says of them.

use super::choose::{Choice, Measure, choose};
use super::dictionary::{Dictionary, Tables, decoded};
use super::helpers::Helpers;
use super::page::{Output, Written};
use super::pages::{Maker, PageValues, Pages};
use super::settings::set_encoding;
use super::tools::Tools;
use super::values::fitting;
use crate::compress::codec;
use crate::error::WriteError;
use crate::leaf::{LeafChunk, LeafValues};
use crate::options::PageVersion;
use crate::schema::Leaf;
use crate::settings::LeafSettings;
use crate::stats::{self, ChunkStatistics, RankedDictionary};
use pq_format::{
    ColumnIndex, ColumnMetaData, Encoding, KeyValue, OffsetIndex, PackedList, PageEncodingStats,
    PageType,
};

/// A chunk whose bytes went to an output.
#[derive(Debug)]
pub(crate) struct EncodedChunk {
    /// Offsets are counted from the chunk's first byte.
    pub(crate) metadata: ColumnMetaData,
    pub(crate) column_index: Option<ColumnIndex>,
    /// Offsets are counted from the chunk's first byte.
    pub(crate) offset_index: Option<OffsetIndex>,
    /// Header and bitset, as they are written.
    pub(crate) bloom_filter: Option<Vec<u8>>,
}

/// Encodes one chunk after the other, with buffers and codec contexts that are kept between them.
#[derive(Debug, Default)]
pub(crate) struct ChunkEncoder {
    tools: Tools,
    tables: Tables,
}

impl ChunkEncoder {
    /// Encodes a chunk to `out`.
    pub(crate) fn encode(
        &mut self,
        leaf: &Leaf,
        chunk: &LeafChunk<'_>,
        settings: &LeafSettings,
        helpers: &Helpers,
        out: Output<'_>,
    ) -> Result<EncodedChunk, WriteError> {
        let Output { buffer, part } = out;
        // One that lives no longer than the rest.
        let mut part = |bytes: &mut Vec<u8>| part(bytes);
        let mut choice = None;
        let plain;
        let values = match &chunk.values {
            LeafValues::Coded(coded) => {
                let brought = match set_encoding(settings.encoding) {
                    None => Dictionary::brought(coded, &mut self.tables),
                    Some(_) => None,
                };
                choice = brought.map(Choice::Dictionary);
                plain = match choice {
                    Some(_) => None,
                    None => Some(decoded(leaf, coded)),
                };
                plain.as_ref().unwrap_or(&chunk.values)
            }
            values => values,
        };
        let choice = match choice {
            Some(choice) => choice,
            None => {
                let mut measure = Measure::new(leaf.name(), settings, &mut self.tools)?;
                choose(values, settings, &mut measure, &mut self.tables)?
            }
        };
        let maker = Maker {
            leaf,
            levels: &chunk.levels,
            settings,
            helpers,
        };
        let out = Output {
            buffer,
            part: &mut part,
        };
        let pages = Pages::new(maker, &mut self.tools, out)?;
        match choice {
            Choice::Encoding(encoding) => plain_chunk(maker, pages, values, encoding),
            Choice::Dictionary(dictionary) => {
                let encoded = coded_chunk(maker, pages, &dictionary);
                dictionary.release(&mut self.tables);
                encoded
            }
        }
    }
}

/// A chunk without a dictionary.
fn plain_chunk<'p: 't, 't>(
    maker: Maker<'p>,
    mut pages: Pages<'p, 't>,
    values: &LeafValues<'_>,
    encoding: Encoding,
) -> Result<EncodedChunk, WriteError> {
    let limit = maker.settings.data_page_bytes;
    let fits = |first| fitting(values, first, limit);
    pages.add_all(maker.cuts(fits), PageValues::Plain(values, encoding))?;
    let (written, collector) = pages.finish();
    maker.finish(Finished {
        encoding,
        data_at: None,
        written,
        statistics: collector.finish(None),
        bloom_filter: maker.bloom_filter(values, None),
    })
}

/// A chunk of codes.
fn coded_chunk<'p: 't, 't>(
    maker: Maker<'p>,
    mut pages: Pages<'p, 't>,
    dictionary: &Dictionary<'_>,
) -> Result<EncodedChunk, WriteError> {
    let entries = dictionary.entries.as_ref();
    let data_at = pages.dictionary(entries)?;
    let ranked = RankedDictionary::new(maker.leaf, entries);
    let width = dictionary.width();
    let codes_a_page = maker.settings.data_page_bytes.saturating_mul(8) / usize::from(width);
    let fits = |first: usize| first.saturating_add(codes_a_page);
    let values = PageValues::Coded {
        codes: &dictionary.codes,
        width,
        ranked: &ranked,
    };
    pages.add_all(maker.cuts(fits), values)?;
    let (written, collector) = pages.finish();
    let distinct = dictionary.is_distinct.then_some(entries.len() as u64);
    maker.finish(Finished {
        encoding: Encoding::RLE_DICTIONARY,
        data_at: Some(data_at),
        written,
        statistics: collector.finish(distinct),
        bloom_filter: maker.bloom_filter(entries, distinct),
    })
}

/// What the footer is made of.
struct Finished {
    /// Of the data pages.
    encoding: Encoding,
    /// Where data pages start if a dictionary is before them.
    data_at: Option<usize>,
    written: Written,
    statistics: ChunkStatistics,
    bloom_filter: Option<Vec<u8>>,
}

impl Maker<'_> {
    fn bloom_filter(&self, values: &LeafValues<'_>, distinct: Option<u64>) -> Option<Vec<u8>> {
        let settings = self.settings.bloom_filter.as_ref()?;
        stats::bloom_filter(self.leaf, values, distinct, settings)
    }

    /// What the footer says.
    fn finish(self, finished: Finished) -> Result<EncodedChunk, WriteError> {
        let Self {
            leaf,
            levels,
            settings,
            ..
        } = self;
        let Finished {
            encoding,
            data_at,
            written,
            statistics,
            bloom_filter,
        } = finished;
        let Written {
            uncompressed_size,
            compressed_size,
            locations,
        } = written;

        let mut encodings = Vec::with_capacity(3);
        let mut encoding_stats = Vec::with_capacity(2);
        let mut count = |page_type, encoding, count: usize| {
            if count > 0 {
                encoding_stats.push(PageEncodingStats {
                    page_type,
                    encoding,
                    count: i32::try_from(count).unwrap_or(i32::MAX),
                    ..PageEncodingStats::default()
                });
            }
        };
        if data_at.is_some() {
            encodings.push(Encoding::PLAIN);
            count(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1);
        }
        let data_page = match settings.page_version {
            PageVersion::V1 => PageType::DATA_PAGE,
            PageVersion::V2 => PageType::DATA_PAGE_V2,
        };
        count(data_page, encoding, locations.len());
        encodings.push(encoding);
        let has_levels = leaf.max_definition > 0 || leaf.max_repetition > 0;
        if has_levels && encoding != Encoding::RLE {
            encodings.push(Encoding::RLE);
        }

        let key_value = |(key, value): &(String, String)| KeyValue {
            key: key.clone(),
            value: Some(value.clone()),
            ..KeyValue::default()
        };
        let key_values: Vec<KeyValue> = settings.key_values.iter().map(key_value).collect();
        Ok(EncodedChunk {
            metadata: ColumnMetaData {
                r#type: leaf.physical,
                encodings: encodings.into(),
                path_in_schema: leaf.path().iter().map(String::as_str).collect(),
                codec: codec(settings.compression),
                num_values: levels.entries as i64,
                total_uncompressed_size: uncompressed_size,
                total_compressed_size: compressed_size,
                key_value_metadata: (!key_values.is_empty()).then(|| Box::new(key_values)),
                data_page_offset: data_at.unwrap_or(0) as i64,
                dictionary_page_offset: data_at.map(|_| 0),
                statistics: Some(statistics.statistics),
                encoding_stats: Some(PackedList::new(&encoding_stats)?),
                size_statistics: statistics.size_statistics,
                geospatial_statistics: statistics.geospatial_statistics.map(Box::new),
                ..ColumnMetaData::default()
            },
            column_index: statistics.column_index,
            offset_index: settings.page_index.then_some(OffsetIndex {
                page_locations: locations,
                unencoded_byte_array_data_bytes: statistics.unencoded_bytes,
                ..OffsetIndex::default()
            }),
            bloom_filter,
        })
    }
}
