//! Zstandard (RFC 8478), one context for all pages.

use super::Failed;
use ::zstd::bulk::Decompressor;

pub(super) fn decompress(
    context: &mut Option<Decompressor<'static>>,
    page: &[u8],
    len: usize,
    out: &mut Vec<u8>,
) -> Result<(), Failed> {
    let invalid = |error: std::io::Error| Failed::Invalid(error.to_string());
    let decompressor = match context {
        Some(decompressor) => decompressor,
        None => context.insert(Decompressor::new().map_err(invalid)?),
    };
    // One byte more than stated, to tell a page that is too large from one that is broken.
    out.resize(len.saturating_add(1), 0);
    let written = decompressor.decompress_to_buffer(page, out.as_mut_slice());
    match written {
        Ok(written) => {
            out.truncate(written);
            Ok(())
        }
        Err(error) => {
            let size = ::zstd::zstd_safe::get_frame_content_size(page);
            match size {
                Ok(Some(size)) if size > len as u64 => Err(Failed::Size(Some(size))),
                _ => Err(invalid(error)),
            }
        }
    }
}
