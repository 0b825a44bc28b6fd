//! Brotli (RFC 7932).

use super::{Failed, read_all};

const BUFFER: usize = 32 * 1024;

pub(super) fn decompress(page: &[u8], len: usize, out: &mut Vec<u8>) -> Result<(), Failed> {
    read_all(&mut ::brotli::Decompressor::new(page, BUFFER), len, out)
}
