//! gzip (RFC 1952), one member a page.

use super::failed;
use crate::error::WriteError;
use std::io::Write;

pub(crate) struct Gzip(flate2::Compression);

impl Gzip {
    pub(super) fn new(level: Option<u32>) -> Result<Self, WriteError> {
        match level.unwrap_or(6) {
            level @ 0..=9 => Ok(Self(flate2::Compression::new(level))),
            level => Err(failed(
                "gzip",
                format!("there is no level {level}, only 0 to 9"),
            )),
        }
    }

    pub(super) fn compress(&mut self, page: &[u8], out: &mut Vec<u8>) -> Result<usize, WriteError> {
        out.clear();
        let mut encoder = flate2::write::GzEncoder::new(&mut *out, self.0);
        encoder.write_all(page)?;
        encoder.finish()?;
        Ok(out.len())
    }
}
