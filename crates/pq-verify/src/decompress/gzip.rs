//! gzip (RFC 1952). A page should be one member; more are decompressed as one.

use super::{Failed, read_all};

/// Returns how many members there are.
pub(super) fn decompress(page: &[u8], len: usize, out: &mut Vec<u8>) -> Result<usize, Failed> {
    let mut rest = page;
    let mut members = 0;
    loop {
        let mut member = flate2::bufread::GzDecoder::new(rest);
        read_all(&mut member, len, out)?;
        rest = member.into_inner();
        members += 1;
        if rest.is_empty() {
            return Ok(members);
        }
    }
}
