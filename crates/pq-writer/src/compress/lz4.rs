//! LZ4_RAW: one LZ4 block without framing.

use super::failed;
use crate::error::WriteError;

pub(crate) struct Lz4;

impl Lz4 {
    pub(super) fn compress(&mut self, page: &[u8], out: &mut Vec<u8>) -> Result<(), WriteError> {
        out.resize(lz4_flex::block::get_maximum_output_size(page.len()), 0);
        let len =
            lz4_flex::block::compress_into(page, out).map_err(|error| failed("lz4_raw", error))?;
        out.truncate(len);
        Ok(())
    }
}
