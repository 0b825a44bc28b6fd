//! What a thread makes pages with.

use super::values::Scratch;
use crate::compress::Compressor;
use crate::error::WriteError;
use crate::options::Compression;

/// Buffers and codec contexts, kept between chunks.
#[derive(Debug, Default)]
pub(crate) struct Tools {
    pub(super) page: Vec<u8>,
    pub(super) compressed: Vec<u8>,
    pub(super) scratch: Scratch,
    pub(super) compressors: Compressors,
}

#[derive(Debug, Default)]
pub(super) struct Compressors(Vec<(Compression, Compressor)>);

impl Compressors {
    /// The compressor of this codec and level.
    pub(super) fn get(&mut self, compression: Compression) -> Result<&mut Compressor, WriteError> {
        let known = &mut self.0;
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
}
