//! The column chunks of a row group, in the order of the leaves.

use super::chunk_of;
use crate::encode::{ChunkEncoder, EncodedChunk, Helpers, Output};
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

/// Takes the chunks of a row group.
pub(crate) trait Sink {
    /// Some bytes are there, which may be taken out of the buffer.
    ///
    /// # Errors
    ///
    /// They cannot be taken where they should go.
    fn part(&mut self, bytes: &mut Vec<u8>) -> Result<(), WriteError>;

    /// A chunk is complete; its bytes are the last of the buffer and those taken out of it.
    fn chunk(&mut self, chunk: EncodedChunk, bytes: &[u8]);
}

impl Work<'_, '_> {
    /// Encodes chunk `index`; `None` beyond the last.
    pub(super) fn encode(
        &self,
        index: usize,
        encoder: &mut ChunkEncoder,
        helpers: &Helpers,
        out: Output<'_>,
    ) -> Option<Result<EncodedChunk, WriteError>> {
        let leaf = self.leaves.get(index)?;
        let settings = self.settings.get(index)?;
        let shredded = self.shredded.get(index)?;
        Some(
            chunk_of(leaf, shredded)
                .and_then(|chunk| encoder.encode(leaf, &chunk, settings, helpers, out)),
        )
    }
}

pub(super) fn one_by_one(
    work: Work<'_, '_>,
    encoder: &mut ChunkEncoder,
    out: &mut Vec<u8>,
    sink: &mut dyn Sink,
) -> Result<(), WriteError> {
    let nobody = Helpers::default();
    for index in 0..work.leaves.len() {
        let output = Output {
            buffer: out,
            part: &mut |bytes| sink.part(bytes),
        };
        if let Some(encoded) = work.encode(index, encoder, &nobody, output) {
            sink.chunk(encoded?, out);
        }
    }
    sink.part(out)
}
