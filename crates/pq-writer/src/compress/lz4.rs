//! LZ4_RAW: one LZ4 block without framing.

use super::{failed, room};
use crate::error::WriteError;

pub(crate) struct Lz4;

impl Lz4 {
    pub(super) fn compress(&mut self, page: &[u8], out: &mut Vec<u8>) -> Result<usize, WriteError> {
        let room = room(out, lz4_flex::block::get_maximum_output_size(page.len()));
        lz4_flex::block::compress_into(page, room).map_err(|error| failed("lz4_raw", error))
    }
}
