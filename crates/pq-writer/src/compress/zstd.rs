//! Zstandard (RFC 8478), one frame a page, one context for all of them.

use super::{failed, room};
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

    pub(super) fn compress(&mut self, page: &[u8], out: &mut Vec<u8>) -> Result<usize, WriteError> {
        let room = room(out, ::zstd::zstd_safe::compress_bound(page.len()));
        Ok(self.0.compress_to_buffer(page, room)?)
    }
}
