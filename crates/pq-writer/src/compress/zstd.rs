//! Zstandard (RFC 8478), one frame a page, one context for all of them.

use super::failed;
use crate::error::WriteError;

pub(crate) struct Zstd(::zstd::bulk::Compressor<'static>);

impl Zstd {
    pub(super) fn new(level: Option<i32>) -> Result<Self, WriteError> {
        match level.unwrap_or(1) {
            level @ -7..=22 => Ok(Self(::zstd::bulk::Compressor::new(level)?)),
            level => Err(failed(
                "zstd",
                format!("there is no level {level}, only -7 to 22"),
            )),
        }
    }

    pub(super) fn compress(&mut self, page: &[u8], out: &mut Vec<u8>) -> Result<(), WriteError> {
        out.resize(::zstd::zstd_safe::compress_bound(page.len()), 0);
        let len = self.0.compress_to_buffer(page, out.as_mut_slice())?;
        out.truncate(len);
        Ok(())
    }
}
