//! The column chunks of a row group, in the order of the leaves.

use super::chunk_of;
use crate::encode::{ChunkEncoder, EncodedChunk};
use crate::error::WriteError;
use crate::nested::Shredded;
use crate::schema::Leaf;
use crate::settings::LeafSettings;

/// What is encoded: a leaf, its settings and its rows, side by side.
#[derive(Clone, Copy)]
pub(super) struct Work<'w, 'a> {
    pub(super) leaves: &'w [Leaf],
    pub(super) settings: &'w [LeafSettings],
    pub(super) shredded: &'w [Shredded<'a>],
}

/// Takes a chunk; its bytes are the last of the buffer.
pub(super) type Done<'d> = dyn FnMut(EncodedChunk, &mut Vec<u8>) -> Result<(), WriteError> + 'd;

impl Work<'_, '_> {
    /// Encodes chunk `index`; `None` beyond the last.
    pub(super) fn encode(
        &self,
        index: usize,
        encoder: &mut ChunkEncoder,
        out: &mut Vec<u8>,
    ) -> Option<Result<EncodedChunk, WriteError>> {
        let leaf = self.leaves.get(index)?;
        let settings = self.settings.get(index)?;
        let shredded = self.shredded.get(index)?;
        Some(chunk_of(leaf, shredded).and_then(|chunk| encoder.encode(leaf, &chunk, settings, out)))
    }
}

pub(super) fn one_by_one(
    work: Work<'_, '_>,
    encoder: &mut ChunkEncoder,
    out: &mut Vec<u8>,
    done: &mut Done<'_>,
) -> Result<(), WriteError> {
    let mut index = 0;
    while let Some(encoded) = work.encode(index, encoder, out) {
        done(encoded?, out)?;
        index += 1;
    }
    Ok(())
}
