//! Snappy, the raw format without framing.

use super::{failed, room};
use crate::error::WriteError;

pub(crate) struct Snappy(Box<snap::raw::Encoder>);

impl Snappy {
    pub(super) fn new() -> Self {
        Self(Box::new(snap::raw::Encoder::new()))
    }

    pub(super) fn compress(&mut self, page: &[u8], out: &mut Vec<u8>) -> Result<usize, WriteError> {
        let room = room(out, snap::raw::max_compress_len(page.len()));
        self.0
            .compress(page, room)
            .map_err(|error| failed("snappy", error))
    }
}
