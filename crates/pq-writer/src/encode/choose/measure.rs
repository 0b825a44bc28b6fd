//! How many bytes a few values take, encoded and compressed.

use super::sample::Sample;
use super::scaled;
use crate::compress::Compressor;
use crate::encode::dictionary::Dictionary;
use crate::encode::page::too_large;
use crate::encode::tools::Tools;
use crate::encode::values::{Scratch, append, plain_len};
use crate::error::WriteError;
use crate::leaf::LeafValues;
use crate::settings::LeafSettings;
use pq_encoding::rle;
use pq_format::Encoding;

/// Encodes and compresses samples of a column.
#[derive(Debug)]
pub(in crate::encode) struct Measure<'t> {
    column: &'t str,
    compressor: &'t mut Compressor,
    scratch: &'t mut Scratch,
    page: &'t mut Vec<u8>,
    compressed: &'t mut Vec<u8>,
}

/// What some values took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    bytes: usize,
    values: usize,
}

impl Measured {
    /// What so many would take.
    pub(super) fn of(self, values: usize) -> usize {
        scaled(self.bytes, values, self.values)
    }
}

impl<'t> Measure<'t> {
    pub(in crate::encode) fn new(
        column: &'t str,
        settings: &LeafSettings,
        tools: &'t mut Tools,
    ) -> Result<Self, WriteError> {
        Ok(Self {
            column,
            compressor: tools.compressors.get(settings.compression)?,
            scratch: &mut tools.scratch,
            page: &mut tools.page,
            compressed: &mut tools.compressed,
        })
    }

    /// The sampled values in an encoding.
    pub(super) fn values(
        &mut self,
        values: &LeafValues<'_>,
        sample: &Sample,
        encoding: Encoding,
    ) -> Result<Measured, WriteError> {
        self.page.clear();
        for block in sample.blocks() {
            append(values, block.clone(), encoding, self.scratch, self.page).map_err(|error| {
                too_large(self.column, plain_len(values, block.clone()), Some(&error))
            })?;
        }
        self.compressed(sample)
    }

    /// The sampled values as codes.
    pub(super) fn codes(
        &mut self,
        sample: &Sample,
        dictionary: &Dictionary<'_>,
    ) -> Result<Measured, WriteError> {
        self.page.clear();
        let width = dictionary.width();
        for block in sample.blocks() {
            let codes = dictionary.codes.get(block.clone()).unwrap_or_default();
            rle::encode_u32(codes, width, self.page)
                .map_err(|error| too_large(self.column, codes.len(), Some(&error)))?;
        }
        self.compressed(sample)
    }

    fn compressed(&mut self, sample: &Sample) -> Result<Measured, WriteError> {
        let stored = self.compressor.compress(self.page, self.compressed)?;
        Ok(Measured {
            bytes: stored.len(),
            values: sample.blocks().iter().map(ExactSizeIterator::len).sum(),
        })
    }
}
