//! LZ4_RAW, one LZ4 block, and the deprecated LZ4, for which writers took Hadoop's framing.

use super::Failed;

pub(super) fn decompress_raw(page: &[u8], len: usize, out: &mut Vec<u8>) -> Result<(), Failed> {
    // One byte more than stated, to tell a page that is too large from one that is broken.
    out.resize(len.saturating_add(1), 0);
    match lz4_flex::block::decompress_into(page, out) {
        Ok(written) => {
            out.truncate(written);
            Ok(())
        }
        Err(lz4_flex::block::DecompressError::OutputTooSmall { .. }) => Err(Failed::Size(None)),
        Err(error) => Err(Failed::Invalid(error.to_string())),
    }
}

/// Blocks, each behind its size before and after compression; or, as some wrote it, one raw block.
pub(super) fn decompress_hadoop(page: &[u8], len: usize, out: &mut Vec<u8>) -> Result<(), Failed> {
    if framed(page, len, out).is_some() {
        return Ok(());
    }
    decompress_raw(page, len, out)
}

fn framed(page: &[u8], len: usize, out: &mut Vec<u8>) -> Option<()> {
    out.clear();
    let mut rest = page;
    while !rest.is_empty() {
        let (size, behind) = rest.split_first_chunk::<4>()?;
        let (compressed, behind) = behind.split_first_chunk::<4>()?;
        let size = usize::try_from(u32::from_be_bytes(*size)).ok()?;
        let compressed = usize::try_from(u32::from_be_bytes(*compressed)).ok()?;
        let (block, behind) = behind.split_at_checked(compressed)?;
        let start = out.len();
        let end = start.checked_add(size).filter(|&end| end <= len)?;
        out.resize(end, 0);
        let written = lz4_flex::block::decompress_into(block, out.get_mut(start..)?).ok()?;
        (written == size).then_some(())?;
        rest = behind;
    }
    Some(())
}
