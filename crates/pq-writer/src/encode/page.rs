//! Pages behind their headers, compressed, in the buffer that the chunk goes to.

use super::cut::Cut;
use crate::compress::Compressor;
use crate::error::WriteError;
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

/// Byte lengths of the levels that a page v2 begins with.
#[derive(Debug, Clone, Copy)]
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

    /// Appends a data page of version 1: levels, each behind its length, and values.
    pub(super) fn data_v1(
        &mut self,
        body: &[u8],
        encoding: Encoding,
        cut: &Cut,
    ) -> Result<(), WriteError> {
        let header = PageHeader {
            r#type: PageType::DATA_PAGE,
            data_page_header: Some(DataPageHeader {
                num_values: self.target.size(cut.entries.len())?,
                encoding,
                definition_level_encoding: Encoding::RLE,
                repetition_level_encoding: Encoding::RLE,
                ..DataPageHeader::default()
            }),
            ..PageHeader::default()
        };
        let stored = self.compressor.compress(body, self.compressed)?;
        let at = self.target.put(header, body.len(), [stored, &[]])?;
        self.locate(at, cut)
    }

    /// Appends a data page of version 2: levels without their lengths, and values.
    pub(super) fn data_v2(
        &mut self,
        body: &[u8],
        lengths: LevelLengths,
        encoding: Encoding,
        cut: &Cut,
    ) -> Result<(), WriteError> {
        let (levels, values) = body
            .split_at_checked(lengths.repetition + lengths.definition)
            .unwrap_or((body, &[]));
        let mut stored = values;
        if !values.is_empty() {
            stored = self.compressor.compress(values, self.compressed)?;
        }
        // What saves next to nothing costs readers more than it is worth.
        let is_compressed = stored.len() as u64 * 100 <= values.len() as u64 * 97;
        if !is_compressed {
            stored = values;
        }
        let header = PageHeader {
            r#type: PageType::DATA_PAGE_V2,
            data_page_header_v2: Some(DataPageHeaderV2 {
                num_values: self.target.size(cut.entries.len())?,
                num_nulls: self.target.size(cut.entries.len() - cut.values.len())?,
                num_rows: self.target.size(cut.rows.len())?,
                encoding,
                definition_levels_byte_length: self.target.size(lengths.definition)?,
                repetition_levels_byte_length: self.target.size(lengths.repetition)?,
                is_compressed: Some(is_compressed && !values.is_empty()),
                ..DataPageHeaderV2::default()
            }),
            ..PageHeader::default()
        };
        let at = self.target.put(header, body.len(), [levels, stored])?;
        self.locate(at, cut)
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
    /// Appends a page and returns where it starts in the chunk.
    fn put(
        &mut self,
        mut header: PageHeader,
        uncompressed: usize,
        parts: [&[u8]; 2],
    ) -> Result<usize, WriteError> {
        let at = self.written;
        header.uncompressed_page_size = self.size(uncompressed)?;
        header.compressed_page_size = self.size(parts.iter().map(|part| part.len()).sum())?;
        if self.checksums {
            let mut crc = crc32fast::Hasher::new();
            parts.iter().for_each(|part| crc.update(part));
            header.crc = Some(crc.finalize().cast_signed());
        }
        let buffer = &mut *self.out.buffer;
        let start = buffer.len();
        pq_format::encode(&header, buffer)?;
        self.uncompressed_size += (buffer.len() - start + uncompressed) as i64;
        for part in parts {
            buffer.extend_from_slice(part);
        }
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
