//! Pages behind their headers, compressed, in the buffer that the chunk goes to.

use super::cut::Cut;
use super::helpers::{Blocks, Helpers};
use crate::compress::Compressor;
use crate::error::WriteError;
use crate::options::PageVersion;
use pq_encoding::EncodeError;
use pq_format::{
    DataPageHeader, DataPageHeaderV2, DictionaryPageHeader, Encoding, PageHeader, PageLocation,
    PageType,
};

/// The pages of one chunk.
pub(super) struct PageWriter<'p> {
    compressor: &'p mut Compressor,
    compressed: &'p mut Vec<u8>,
    target: Target<'p>,
    locations: Vec<PageLocation>,
}

/// Where the bytes of chunks go: to a buffer, of which some are taken out in between.
pub(crate) struct Output<'o> {
    pub(crate) buffer: &'o mut Vec<u8>,
    /// Called when enough are there; it may take them out of the buffer.
    pub(crate) part: &'o mut dyn FnMut(&mut Vec<u8>) -> Result<(), WriteError>,
}

impl Output<'_> {
    /// Appends bytes that are elsewhere, whose memory is used again.
    pub(crate) fn append(&mut self, blocks: Blocks, helpers: &Helpers) -> Result<(), WriteError> {
        for mut block in blocks {
            match self.buffer.is_empty() {
                true => std::mem::swap(self.buffer, &mut block),
                false => self.buffer.extend_from_slice(&block),
            }
            helpers.give_back(block);
            if self.buffer.len() >= PART {
                (self.part)(self.buffer)?;
            }
        }
        Ok(())
    }
}

/// Bytes that are worth a call: few enough to stay in a cache, enough for a write to a file.
const PART: usize = 1 << 18;

/// Where pages go.
struct Target<'p> {
    column: &'p str,
    checksums: bool,
    out: Output<'p>,
    /// Bytes of the chunk so far.
    written: usize,
    uncompressed_size: i64,
}

/// All pages of a chunk.
#[derive(Debug)]
pub(super) struct Written {
    /// Bytes of all pages before compression, headers included.
    pub(super) uncompressed_size: i64,
    /// Bytes of all pages, headers included.
    pub(super) compressed_size: i64,
    /// Of data pages, counted from the chunk's first byte.
    pub(super) locations: Vec<PageLocation>,
}

/// What the header of a data page says, but for the bytes that the page takes.
#[derive(Debug)]
pub(super) struct DataPage<'c> {
    /// In version 1, levels are behind their lengths.
    pub(super) version: PageVersion,
    pub(super) encoding: Encoding,
    pub(super) levels: LevelLengths,
    pub(super) cut: &'c Cut,
}

/// Byte lengths of the levels that a page begins with.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LevelLengths {
    pub(super) repetition: usize,
    pub(super) definition: usize,
}

impl<'p> PageWriter<'p> {
    /// The first page, and with it the chunk, starts where `out` ends.
    pub(super) fn new(
        column: &'p str,
        checksums: bool,
        compressor: &'p mut Compressor,
        compressed: &'p mut Vec<u8>,
        out: Output<'p>,
    ) -> Self {
        Self {
            compressor,
            compressed,
            target: Target {
                column,
                checksums,
                out,
                written: 0,
                uncompressed_size: 0,
            },
            locations: Vec::new(),
        }
    }

    pub(super) fn dictionary(&mut self, body: &[u8], entries: usize) -> Result<(), WriteError> {
        let header = PageHeader {
            r#type: PageType::DICTIONARY_PAGE,
            dictionary_page_header: Some(DictionaryPageHeader {
                num_values: self.target.size(entries)?,
                encoding: Encoding::PLAIN,
                ..DictionaryPageHeader::default()
            }),
            ..PageHeader::default()
        };
        let stored = self.compressor.compress(body, self.compressed)?;
        self.target.put(header, body.len(), [stored, &[]])?;
        Ok(())
    }

    /// Appends a data page: levels, and values from byte `values_at` of `body` on.
    pub(super) fn data(
        &mut self,
        page: &DataPage<'_>,
        body: &[u8],
        values_at: usize,
    ) -> Result<(), WriteError> {
        let (levels, values) = body.split_at_checked(values_at).unwrap_or((body, &[]));
        let at = match page.version {
            PageVersion::V1 => {
                let stored = self.compressor.compress(body, self.compressed)?;
                let header = self.target.header(page, false)?;
                self.target.put(header, body.len(), [stored, &[]])?
            }
            PageVersion::V2 => {
                let mut stored = values;
                if !values.is_empty() {
                    stored = self.compressor.compress(values, self.compressed)?;
                }
                // What saves next to nothing costs readers more than it is worth.
                let is_compressed = stored.len() as u64 * 100 <= values.len() as u64 * 97;
                if !is_compressed {
                    stored = values;
                }
                let header = self
                    .target
                    .header(page, is_compressed && !values.is_empty())?;
                self.target.put(header, body.len(), [levels, stored])?
            }
        };
        self.locate(at, page.cut)
    }

    /// Whether the bytes of pages stay as they are: then those of which the number is known go
    /// where they belong at once, by [`data_as_is`](Self::data_as_is).
    pub(super) fn stores_as_is(&self) -> bool {
        matches!(self.compressor, Compressor::Uncompressed) && !self.target.checksums
    }

    /// Appends a data page that is not compressed: levels, and `len` bytes that `values` appends.
    pub(super) fn data_as_is(
        &mut self,
        page: &DataPage<'_>,
        levels: &[u8],
        len: usize,
        values: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), WriteError> {
        let header = self.target.header(page, false)?;
        let stored = levels.len() + len;
        let at = self.target.put_with(header, stored, stored, |buffer| {
            buffer.extend_from_slice(levels);
            values(buffer)
        })?;
        self.locate(at, page.cut)
    }

    /// Appends pages that were written elsewhere.
    pub(super) fn append(
        &mut self,
        written: Written,
        blocks: Blocks,
        helpers: &Helpers,
    ) -> Result<(), WriteError> {
        let start = self.target.written as i64;
        self.locations
            .extend(written.locations.into_iter().map(|mut page| {
                page.offset += start;
                page
            }));
        self.target.uncompressed_size += written.uncompressed_size;
        self.target.written += blocks.iter().map(Vec::len).sum::<usize>();
        self.target.out.append(blocks, helpers)
    }

    /// Bytes of the chunk so far.
    pub(super) fn written(&self) -> usize {
        self.target.written
    }

    pub(super) fn finish(self) -> Written {
        Written {
            uncompressed_size: self.target.uncompressed_size,
            compressed_size: self.target.written as i64,
            locations: self.locations,
        }
    }

    fn locate(&mut self, at: usize, cut: &Cut) -> Result<(), WriteError> {
        self.locations.push(PageLocation {
            offset: at as i64,
            compressed_page_size: self.target.size(self.target.written - at)?,
            first_row_index: cut.rows.start as i64,
            ..PageLocation::default()
        });
        Ok(())
    }
}

impl Target<'_> {
    /// The header of a data page, but for what the page takes.
    fn header(&self, page: &DataPage<'_>, is_compressed: bool) -> Result<PageHeader, WriteError> {
        let DataPage {
            version,
            encoding,
            levels,
            cut,
        } = page;
        let entries = self.size(cut.entries.len())?;
        Ok(match version {
            PageVersion::V1 => PageHeader {
                r#type: PageType::DATA_PAGE,
                data_page_header: Some(DataPageHeader {
                    num_values: entries,
                    encoding: *encoding,
                    definition_level_encoding: Encoding::RLE,
                    repetition_level_encoding: Encoding::RLE,
                    ..DataPageHeader::default()
                }),
                ..PageHeader::default()
            },
            PageVersion::V2 => PageHeader {
                r#type: PageType::DATA_PAGE_V2,
                data_page_header_v2: Some(DataPageHeaderV2 {
                    num_values: entries,
                    num_nulls: self.size(cut.entries.len() - cut.values.len())?,
                    num_rows: self.size(cut.rows.len())?,
                    encoding: *encoding,
                    definition_levels_byte_length: self.size(levels.definition)?,
                    repetition_levels_byte_length: self.size(levels.repetition)?,
                    is_compressed: Some(is_compressed),
                    ..DataPageHeaderV2::default()
                }),
                ..PageHeader::default()
            },
        })
    }

    /// Appends a page and returns where it starts in the chunk.
    fn put(
        &mut self,
        mut header: PageHeader,
        uncompressed: usize,
        parts: [&[u8]; 2],
    ) -> Result<usize, WriteError> {
        let compressed = parts.iter().map(|part| part.len()).sum();
        if self.checksums {
            let mut crc = crc32fast::Hasher::new();
            parts.iter().for_each(|part| crc.update(part));
            header.crc = Some(crc.finalize().cast_signed());
        }
        self.put_with(header, uncompressed, compressed, |buffer| {
            for part in parts {
                buffer.extend_from_slice(part);
            }
            Ok(())
        })
    }

    /// As [`put`](Self::put), of a page of which `body` appends the `compressed` bytes.
    fn put_with(
        &mut self,
        mut header: PageHeader,
        uncompressed: usize,
        compressed: usize,
        body: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<usize, WriteError> {
        let at = self.written;
        header.uncompressed_page_size = self.size(uncompressed)?;
        header.compressed_page_size = self.size(compressed)?;
        let buffer = &mut *self.out.buffer;
        let start = buffer.len();
        pq_format::encode(&header, buffer)?;
        let body_at = buffer.len();
        self.uncompressed_size += (body_at - start + uncompressed) as i64;
        body(buffer).map_err(|error| too_large(self.column, uncompressed, Some(&error)))?;
        debug_assert_eq!(buffer.len() - body_at, compressed, "as the header says");
        self.written += buffer.len() - start;
        if buffer.len() >= PART {
            (self.out.part)(buffer)?;
        }
        Ok(at)
    }

    /// A size or count as page headers state it.
    fn size(&self, size: usize) -> Result<i32, WriteError> {
        i32::try_from(size).map_err(|_| too_large(self.column, size, None))
    }
}

/// A page outgrew what its header can state, or a value what its encoding can.
#[cold]
pub(super) fn too_large(column: &str, size: usize, error: Option<&EncodeError>) -> WriteError {
    let reason = error.map_or_else(String::new, |error| format!(" ({error})"));
    WriteError::TooLarge {
        what: format!("a page of column {column:?}{reason}"),
        size: size as u64,
    }
}
