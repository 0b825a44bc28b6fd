//! A column chunk: an optional dictionary page, data pages, and what the footer says of them.

use super::choose::{Choice, Tools, choose};
use super::cut::{Cut, Most, cuts};
use super::dictionary::{Dictionary, Tables, decoded};
use super::levels;
use super::page::{DataPage, LevelLengths, Output, PageWriter, Written, too_large};
use super::settings::set_encoding;
use super::values::{Scratch, append, fitting, plain_len};
use crate::compress::{Compressor, codec};
use crate::error::WriteError;
use crate::leaf::{LeafChunk, LeafValues};
use crate::options::{Compression, PageVersion};
use crate::schema::Leaf;
use crate::settings::LeafSettings;
use crate::stats::{self, ChunkStatistics, Collector, RankedDictionary};
use pq_encoding::{EncodeError, rle};
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
    compressors: Vec<(Compression, Compressor)>,
    page: Vec<u8>,
    compressed: Vec<u8>,
    scratch: Scratch,
    tables: Tables,
}

impl ChunkEncoder {
    /// Encodes a chunk to `out`.
    pub(crate) fn encode(
        &mut self,
        leaf: &Leaf,
        chunk: &LeafChunk<'_>,
        settings: &LeafSettings,
        out: Output<'_>,
    ) -> Result<EncodedChunk, WriteError> {
        let Output { buffer, part } = out;
        // One that lives no longer than the rest.
        let mut part = |bytes: &mut Vec<u8>| part(bytes);
        let compressor = compressor(&mut self.compressors, settings.compression)?;
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
        let mut tools = Tools {
            column: leaf.name(),
            compressor,
            scratch: &mut self.scratch,
            page: &mut self.page,
            compressed: &mut self.compressed,
        };
        let choice = match choice {
            Some(choice) => choice,
            None => choose(values, settings, &mut tools, &mut self.tables)?,
        };
        let Tools {
            compressor,
            scratch,
            page,
            compressed,
            ..
        } = tools;
        let pages = Pages {
            leaf,
            chunk,
            settings,
            page,
            scratch,
            writer: PageWriter::new(
                leaf.name(),
                settings.page_checksums,
                compressor,
                compressed,
                Output {
                    buffer,
                    part: &mut part,
                },
            ),
        };
        match choice {
            Choice::Encoding(encoding) => pages.plain(values, encoding),
            Choice::Dictionary(dictionary) => {
                let encoded = pages.coded(&dictionary);
                dictionary.release(&mut self.tables);
                encoded
            }
        }
    }
}

/// The compressor of this codec and level.
fn compressor(
    known: &mut Vec<(Compression, Compressor)>,
    compression: Compression,
) -> Result<&mut Compressor, WriteError> {
    let at = match known.iter().position(|(other, _)| *other == compression) {
        Some(at) => at,
        None => {
            known.push((compression, Compressor::new(compression)?));
            known.len() - 1
        }
    };
    match known.get_mut(at) {
        Some((_, compressor)) => Ok(compressor),
        None => Err(WriteError::Poisoned),
    }
}

/// The pages of a chunk in the making.
struct Pages<'p, 'c> {
    leaf: &'p Leaf,
    chunk: &'p LeafChunk<'c>,
    settings: &'p LeafSettings,
    page: &'p mut Vec<u8>,
    scratch: &'p mut Scratch,
    writer: PageWriter<'p>,
}

impl Pages<'_, '_> {
    /// A chunk without a dictionary.
    fn plain(
        mut self,
        values: &LeafValues<'_>,
        encoding: Encoding,
    ) -> Result<EncodedChunk, WriteError> {
        let levels = &self.chunk.levels;
        let mut collector = Collector::new(self.leaf, self.settings);
        let limit = self.settings.data_page_bytes;
        let fits = |first| fitting(values, first, limit);
        for cut in cuts(levels, self.leaf.max_definition, self.most(), fits) {
            let size = plain_len(values, cut.values.clone());
            if i32::try_from(size).is_err() {
                return Err(too_large(self.leaf.name(), size, None));
            }
            collector.page(levels, cut.entries.clone(), values, cut.values.clone());
            let len = (encoding == Encoding::PLAIN).then_some(size);
            self.data_page(&cut, encoding, len, |scratch, page| {
                append(values, cut.values.clone(), encoding, scratch, page)
            })?;
        }
        let bloom_filter = self.bloom_filter(values, None);
        self.finish(encoding, None, collector.finish(None), bloom_filter)
    }

    /// A chunk of codes.
    fn coded(mut self, dictionary: &Dictionary<'_>) -> Result<EncodedChunk, WriteError> {
        let entries = dictionary.entries.as_ref();
        let count = entries.len();
        self.page.clear();
        append(entries, 0..count, Encoding::PLAIN, self.scratch, self.page).map_err(|error| {
            too_large(self.leaf.name(), plain_len(entries, 0..count), Some(&error))
        })?;
        self.writer.dictionary(self.page, count)?;
        let data_at = self.writer.written();

        let levels = &self.chunk.levels;
        let ranked = RankedDictionary::new(self.leaf, entries);
        let mut collector = Collector::new(self.leaf, self.settings);
        let width = dictionary.width();
        let codes_a_page = self.settings.data_page_bytes.saturating_mul(8) / usize::from(width);
        let fits = |first: usize| first.saturating_add(codes_a_page);
        for cut in cuts(levels, self.leaf.max_definition, self.most(), fits) {
            let codes = dictionary.codes.get(cut.values.clone()).unwrap_or_default();
            collector.coded_page(levels, cut.entries.clone(), &ranked, codes);
            self.data_page(&cut, Encoding::RLE_DICTIONARY, None, |_, page| {
                page.push(width);
                rle::encode_u32(codes, width, page)
            })?;
        }
        let distinct = dictionary.is_distinct.then_some(count as u64);
        let bloom_filter = self.bloom_filter(entries, distinct);
        let statistics = collector.finish(distinct);
        self.finish(
            Encoding::RLE_DICTIONARY,
            Some(data_at),
            statistics,
            bloom_filter,
        )
    }

    fn most(&self) -> Most {
        Most {
            rows: self.settings.data_page_rows,
            // A level takes a bit at least, if it is not in a run.
            entries: self.settings.data_page_bytes.saturating_mul(8),
        }
    }

    /// Appends a data page. `len` is what `values` appends, where that is known.
    fn data_page(
        &mut self,
        cut: &Cut,
        encoding: Encoding,
        len: Option<usize>,
        values: impl FnOnce(&mut Scratch, &mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), WriteError> {
        let (leaf, levels) = (self.leaf, &self.chunk.levels);
        let version = self.settings.page_version;
        let is_framed = version == PageVersion::V1;
        let (page, scratch) = (&mut *self.page, &mut *self.scratch);
        page.clear();
        let too_large = |error| too_large(leaf.name(), cut.entries.len(), Some(&error));
        levels::repetition(leaf, levels, cut.entries.clone(), is_framed, page)
            .map_err(too_large)?;
        let repetition = page.len();
        levels::definition(leaf, levels, cut.entries.clone(), is_framed, page)
            .map_err(too_large)?;
        let values_at = page.len();
        let header = DataPage {
            version,
            encoding,
            levels: LevelLengths {
                repetition,
                definition: values_at - repetition,
            },
            cut,
        };
        if let Some(len) = len
            && self.writer.stores_as_is()
        {
            let values = |out: &mut Vec<u8>| values(scratch, out);
            return self.writer.data_as_is(&header, page, len, values);
        }
        values(scratch, page).map_err(too_large)?;
        self.writer.data(&header, page, values_at)
    }

    fn bloom_filter(&self, values: &LeafValues<'_>, distinct: Option<u64>) -> Option<Vec<u8>> {
        let settings = self.settings.bloom_filter.as_ref()?;
        stats::bloom_filter(self.leaf, values, distinct, settings)
    }

    /// What the footer says. `data_at` is where data pages start if a dictionary is before them.
    fn finish(
        self,
        encoding: Encoding,
        data_at: Option<usize>,
        statistics: ChunkStatistics,
        bloom_filter: Option<Vec<u8>>,
    ) -> Result<EncodedChunk, WriteError> {
        let Self {
            leaf,
            chunk,
            settings,
            writer,
            ..
        } = self;
        let Written {
            uncompressed_size,
            compressed_size,
            locations,
        } = writer.finish();

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
                num_values: chunk.levels.entries as i64,
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
