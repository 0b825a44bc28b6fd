//! A column chunk: an optional dictionary page, data pages, and what the footer says of them.

use super::dictionary::{self, Dictionary};
use super::page;
use crate::batch::{Bits, Column, OwnedColumn, pack_bits};
use crate::compress::{Compressor, codec};
use crate::convert::{Piece, PieceValues};
use crate::error::WriteError;
use crate::options::{Compression, Statistics, WriterOptions};
use crate::schema::{Leaf, Order};
use crate::stats::{self, Run};
use pq_encoding::rle;
use pq_format::{
    ColumnMetaData, DataPageHeader, DictionaryPageHeader, Encoding, PackedList, PageEncodingStats,
    PageHeader, PageType, Type,
};

/// Encodes one chunk after the other, with buffers and codec contexts that are kept between them.
#[derive(Debug, Default)]
pub(crate) struct ChunkEncoder {
    compressors: Vec<(Compression, Compressor)>,
    codes: Vec<u32>,
    page: Vec<u8>,
    compressed: Vec<u8>,
}

impl ChunkEncoder {
    /// Appends the chunk of a column to `out`. `columns` are its rows in order, batch by batch.
    /// Offsets in the metadata count from the start of the chunk.
    pub(crate) fn encode(
        &mut self,
        leaf: &Leaf,
        columns: &[&Column<'_>],
        options: &WriterOptions,
        out: &mut Vec<u8>,
    ) -> Result<ColumnMetaData, WriteError> {
        let pieces = pieces_of(leaf, columns)?;
        let codes = std::mem::take(&mut self.codes);
        if let Some(dictionary) = dictionary::build(leaf, &pieces, options.dictionary_bytes, codes)?
        {
            let written = self.pages(leaf, &pieces, Some(&dictionary), options, out);
            self.codes = dictionary.codes;
            return written;
        }
        if pieces
            .iter()
            .all(|piece| !matches!(piece.values, PieceValues::Coded { .. }))
        {
            return self.pages(leaf, &pieces, None, options, out);
        }
        // Dictionaries that came in but do not pay: their values are written one by one.
        let decoded = columns
            .iter()
            .map(|column| OwnedColumn::decode(column))
            .collect::<Result<Vec<_>, _>>()?;
        let lent: Vec<Column<'_>> = decoded.iter().map(OwnedColumn::as_column).collect();
        let pieces = pieces_of(leaf, &lent.iter().collect::<Vec<_>>())?;
        self.pages(leaf, &pieces, None, options, out)
    }

    fn pages(
        &mut self,
        leaf: &Leaf,
        pieces: &[Piece<'_>],
        dictionary: Option<&Dictionary>,
        options: &WriterOptions,
        out: &mut Vec<u8>,
    ) -> Result<ColumnMetaData, WriteError> {
        let rows: usize = pieces.iter().map(Piece::len).sum();
        let owned = validity_of(pieces);
        let validity = owned.as_deref().and_then(|bytes| Bits::new(bytes, 0, rows));
        let nulls = validity.map_or(0, |bits| rows - bits.count_ones());
        if !leaf.is_optional()
            && let Some(row) = validity.and_then(|bits| bits.iter().position(|valid| !valid))
        {
            return Err(WriteError::NullInRequired {
                column: leaf.name().to_owned(),
                row,
            });
        }
        let compression = options.compression_of(leaf.name());
        let codec_index = self.compressor(compression)?;
        let chunk_start = out.len();
        let mut totals = Totals::default();

        let encoding = if dictionary.is_some() {
            Encoding::RLE_DICTIONARY
        } else {
            Encoding::PLAIN
        };
        if let Some(dictionary) = dictionary {
            let entries = dictionary.entries.len();
            self.page.clear();
            let all = Run {
                values: &dictionary.entries,
                start: 0,
                end: entries,
            };
            page::plain_values(std::iter::once(all), &mut self.page)?;
            let header = PageHeader {
                r#type: PageType::DICTIONARY_PAGE,
                dictionary_page_header: Some(DictionaryPageHeader {
                    num_values: size("the dictionary", entries)?,
                    encoding: Encoding::PLAIN,
                    ..DictionaryPageHeader::default()
                }),
                ..PageHeader::default()
            };
            self.put_page(codec_index, header, &mut totals, out)?;
        }
        let data_page_offset = out.len() - chunk_start;

        let (mut start, mut code, mut data_pages) = (0, 0, 0);
        while start < rows {
            let end = match dictionary {
                Some(_) => {
                    let most = (options.data_page_bytes / 4)
                        .min(options.data_page_rows)
                        .max(1);
                    rows.min(start.saturating_add(most))
                }
                None => page::plain_end(pieces, start, rows, options),
            };
            self.page.clear();
            if leaf.is_optional() {
                page::definition_levels(validity, start, end, &mut self.page)?;
            }
            match dictionary {
                Some(dictionary) => {
                    let values = validity.map_or(end - start, |bits| {
                        bits.slice(start, end - start).count_ones()
                    });
                    let codes = dictionary
                        .codes
                        .get(code..code + values)
                        .unwrap_or_default();
                    let width = dictionary::index_width(dictionary.entries.len());
                    self.page.push(width);
                    rle::encode_u32(codes, width, &mut self.page)
                        .map_err(|error| page::too_large("the codes of a page", &error))?;
                    code += values;
                }
                None => page::plain_values(page::runs(pieces, start, end), &mut self.page)?,
            }
            let header = PageHeader {
                r#type: PageType::DATA_PAGE,
                data_page_header: Some(DataPageHeader {
                    num_values: size("a page", end - start)?,
                    encoding,
                    definition_level_encoding: Encoding::RLE,
                    repetition_level_encoding: Encoding::RLE,
                    ..DataPageHeader::default()
                }),
                ..PageHeader::default()
            };
            self.put_page(codec_index, header, &mut totals, out)?;
            data_pages += 1;
            start = end;
        }

        let count = |page_type, encoding, count| PageEncodingStats {
            page_type,
            encoding,
            count,
            ..PageEncodingStats::default()
        };
        let mut encodings = vec![Encoding::PLAIN, Encoding::RLE];
        let mut encoding_stats = vec![count(PageType::DATA_PAGE, encoding, data_pages)];
        if dictionary.is_some() {
            encodings.push(Encoding::RLE_DICTIONARY);
            encoding_stats.insert(0, count(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1));
        } else if !leaf.is_optional() {
            encodings.pop();
        }
        Ok(ColumnMetaData {
            r#type: leaf.physical,
            encodings: encodings.into(),
            path_in_schema: [leaf.name()].into(),
            codec: codec(compression),
            num_values: rows as i64,
            total_uncompressed_size: totals.uncompressed,
            total_compressed_size: totals.compressed,
            data_page_offset: data_page_offset as i64,
            dictionary_page_offset: dictionary.map(|_| 0),
            statistics: Some(statistics(leaf, pieces, dictionary, rows, nulls, options)),
            encoding_stats: Some(PackedList::new(&encoding_stats)?),
            ..ColumnMetaData::default()
        })
    }

    /// The position of the compressor of this codec and level.
    fn compressor(&mut self, compression: Compression) -> Result<usize, WriteError> {
        if let Some(found) = self
            .compressors
            .iter()
            .position(|(known, _)| *known == compression)
        {
            return Ok(found);
        }
        self.compressors
            .push((compression, Compressor::new(compression)?));
        Ok(self.compressors.len() - 1)
    }

    /// Compresses `self.page` and appends it behind its header.
    fn put_page(
        &mut self,
        compressor: usize,
        mut header: PageHeader,
        totals: &mut Totals,
        out: &mut Vec<u8>,
    ) -> Result<(), WriteError> {
        header.uncompressed_page_size = size("a page", self.page.len())?;
        let body = match self.compressors.get_mut(compressor) {
            Some((_, compressor)) => compressor.compress(&self.page, &mut self.compressed)?,
            None => &self.page,
        };
        header.compressed_page_size = size("a page", body.len())?;
        let start = out.len();
        pq_format::encode(&header, out)?;
        let header_len = out.len() - start;
        out.extend_from_slice(body);
        totals.uncompressed += (header_len + self.page.len()) as i64;
        totals.compressed += (header_len + body.len()) as i64;
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Totals {
    uncompressed: i64,
    compressed: i64,
}

fn size(what: &str, size: usize) -> Result<i32, WriteError> {
    i32::try_from(size).map_err(|_| WriteError::TooLarge {
        what: what.to_owned(),
        size: size as u64,
    })
}

fn pieces_of<'a>(leaf: &Leaf, columns: &[&'a Column<'a>]) -> Result<Vec<Piece<'a>>, WriteError> {
    let mut first_row = 0;
    columns
        .iter()
        .map(|column| {
            let piece = Piece::of(leaf, column, first_row)?;
            first_row += piece.len();
            Ok(piece)
        })
        .collect()
}

/// One bit a row, set where there is a value; `None` if there is one in every row.
fn validity_of(pieces: &[Piece<'_>]) -> Option<Vec<u8>> {
    pieces.iter().any(Piece::may_have_nulls).then(|| {
        pack_bits(
            pieces
                .iter()
                .flat_map(|piece| (0..piece.len()).map(|row| !piece.is_null(row))),
        )
    })
}

fn statistics(
    leaf: &Leaf,
    pieces: &[Piece<'_>],
    dictionary: Option<&Dictionary>,
    rows: usize,
    nulls: usize,
    options: &WriterOptions,
) -> pq_format::Statistics {
    let mut statistics = pq_format::Statistics {
        null_count: Some(nulls as i64),
        ..Default::default()
    };
    let wanted = match &options.statistics {
        Statistics::All => true,
        Statistics::None => false,
        Statistics::Columns(columns) => columns.iter().any(|column| column == leaf.name()),
    };
    if !wanted {
        return statistics;
    }
    let bounds = match dictionary {
        Some(Dictionary { entries, codes }) => {
            // Every entry has a code, so the bounds of the entries are those of the rows.
            let all = Run {
                values: entries,
                start: 0,
                end: entries.len(),
            };
            statistics.nan_count = stats::has_nan(leaf).then(|| {
                let nan: Vec<bool> = (0..entries.len())
                    .map(|row| stats::is_nan(leaf, entries, row))
                    .collect();
                codes
                    .iter()
                    .filter(|&&code| nan.get(code as usize) == Some(&true))
                    .count() as i64
            });
            stats::bounds(leaf, std::iter::once(all), options.bound_bytes)
        }
        None => {
            statistics.nan_count = stats::nan_count(leaf, page::runs(pieces, 0, rows));
            stats::bounds(leaf, page::runs(pieces, 0, rows), options.bound_bytes)
        }
    };
    if let Some(bounds) = bounds {
        // The old fields compare signed, so they are right for signed values only.
        if leaf.order == Order::Signed && leaf.physical != Type::FIXED_LEN_BYTE_ARRAY {
            statistics.min = Some(bounds.min.as_slice().into());
            statistics.max = Some(bounds.max.as_slice().into());
        }
        statistics.is_min_value_exact = Some(bounds.min_is_exact);
        statistics.is_max_value_exact = Some(bounds.max_is_exact);
        statistics.min_value = Some(bounds.min.into());
        statistics.max_value = Some(bounds.max.into());
    }
    statistics
}
