use crate::{error::WriteError, leaf::LeafChunk, schema::Leaf, settings::LeafSettings};
use pq_format::{ColumnIndex, ColumnMetaData, OffsetIndex};
pub(crate) struct EncodedChunk {
    pub(crate) metadata: ColumnMetaData,
    pub(crate) column_index: Option<ColumnIndex>,
    pub(crate) offset_index: Option<OffsetIndex>,
    pub(crate) bloom_filter: Option<Vec<u8>>,
}
#[derive(Debug, Default)]
pub(crate) struct ChunkEncoder;
impl ChunkEncoder {
    pub(crate) fn encode(
        &mut self,
        _l: &Leaf,
        _c: &LeafChunk<'_>,
        _s: &LeafSettings,
        _o: &mut Vec<u8>,
    ) -> Result<EncodedChunk, WriteError> {
        unimplemented!()
    }
}
pub(crate) fn check_settings(_l: &Leaf, _s: &LeafSettings) -> Result<(), WriteError> {
    Ok(())
}
