//! Brotli (RFC 7932), one stream a page.

use super::failed;
use crate::error::WriteError;
use std::io::Write;

const BUFFER: usize = 32 * 1024;
const LOG_WINDOW: u32 = 22;

pub(crate) struct Brotli(u32);

impl Brotli {
    pub(super) fn new(level: Option<u32>) -> Result<Self, WriteError> {
        match level.unwrap_or(1) {
            level @ 0..=11 => Ok(Self(level)),
            level => Err(failed(
                "brotli",
                format!("there is no level {level}, only 0 to 11"),
            )),
        }
    }

    pub(super) fn compress(&mut self, page: &[u8], out: &mut Vec<u8>) -> Result<usize, WriteError> {
        out.clear();
        let mut encoder = ::brotli::CompressorWriter::new(&mut *out, BUFFER, self.0, LOG_WINDOW);
        encoder.write_all(page)?;
        encoder.flush()?;
        drop(encoder);
        Ok(out.len())
    }
}
