//! Snappy, the raw format without framing.

use super::Failed;

pub(super) fn decompress(
    decoder: &mut snap::raw::Decoder,
    page: &[u8],
    len: usize,
    out: &mut Vec<u8>,
) -> Result<(), Failed> {
    let invalid = |error: snap::Error| Failed::Invalid(error.to_string());
    let stated = snap::raw::decompress_len(page).map_err(invalid)?;
    if stated != len {
        return Err(Failed::Size(Some(stated as u64)));
    }
    out.resize(len, 0);
    let written = decoder.decompress(page, out).map_err(invalid)?;
    out.truncate(written);
    Ok(())
}
