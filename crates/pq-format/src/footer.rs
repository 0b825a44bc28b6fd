//! The frame around the footer: its length and the magic number at the file's
//! end.

use crate::error::FormatError;
use std::ops::Range;

/// The first and last four bytes of a file.
pub const MAGIC: [u8; 4] = *b"PAR1";

/// The last four bytes of a file whose footer is encrypted.
pub const MAGIC_ENCRYPTED: [u8; 4] = *b"PARE";

/// Bytes after the metadata: a 32-bit length and the magic number.
pub const TAIL_LEN: usize = 8;

/// The shortest file there is: a magic number and a tail.
const MIN_FILE_LEN: u64 = 12;

/// Where a file's metadata is, from the last [`TAIL_LEN`] bytes and the
/// length of the file in bytes. More bytes than eight do no harm: the last
/// ones count.
///
/// # Errors
///
/// [`FormatError::FooterTooShort`], [`FormatError::BadMagic`],
/// [`FormatError::FooterLength`] if the metadata would begin before byte 4,
/// [`FormatError::Encrypted`].
pub fn footer_range(tail: &[u8], file_len: u64) -> Result<Range<u64>, FormatError> {
    let too_short = |length| FormatError::FooterTooShort {
        length,
        needed: MIN_FILE_LEN,
    };
    let Some((_, &[a, b, c, d, ref magic @ ..])) = tail.split_last_chunk::<TAIL_LEN>() else {
        return Err(too_short(tail.len() as u64));
    };
    let magic: [u8; 4] = *magic;
    if magic == MAGIC_ENCRYPTED {
        return Err(FormatError::Encrypted);
    }
    if magic != MAGIC {
        return Err(FormatError::BadMagic { got: magic });
    }
    if file_len < MIN_FILE_LEN {
        return Err(too_short(file_len));
    }
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let end = file_len - TAIL_LEN as u64;
    match end.checked_sub(length) {
        Some(start) if start >= MAGIC.len() as u64 => Ok(start..end),
        _ => Err(FormatError::FooterLength {
            length,
            file_length: file_len,
        }),
    }
}

/// Appends metadata in the compact protocol, its length and the magic number.
///
/// # Errors
///
/// [`FormatError::FooterTooLong`] from 4 GiB on; `out` is then unchanged.
pub fn append_footer(metadata: &[u8], out: &mut Vec<u8>) -> Result<(), FormatError> {
    let tail = footer_tail(metadata.len())?;
    out.reserve(metadata.len() + TAIL_LEN);
    out.extend_from_slice(metadata);
    out.extend_from_slice(&tail);
    Ok(())
}

/// What ends a file, behind so many bytes of metadata: their number and the magic number.
///
/// # Errors
///
/// [`FormatError::FooterTooLong`] from 4 GiB on.
pub fn footer_tail(length: usize) -> Result<[u8; TAIL_LEN], FormatError> {
    let short = u32::try_from(length).map_err(|_| FormatError::FooterTooLong { length })?;
    let ([a, b, c, d], [e, f, g, h]) = (short.to_le_bytes(), MAGIC);
    Ok([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_round_trips() {
        let mut file = b"PAR1data".to_vec();
        append_footer(b"meta", &mut file).unwrap();
        let range = footer_range(&file[file.len() - 8..], file.len() as u64).unwrap();
        assert_eq!(range, 8..12);
        assert_eq!(footer_range(&file, file.len() as u64).unwrap(), range);
    }

    #[test]
    fn broken_tails_are_told_apart() {
        use FormatError as E;
        assert!(matches!(
            footer_range(b"PAR1", 4),
            Err(E::FooterTooShort { length: 4, .. })
        ));
        assert!(matches!(
            footer_range(b"\0\0\0\0PAR1", 8),
            Err(E::FooterTooShort { length: 8, .. })
        ));
        assert!(matches!(
            footer_range(b"\0\0\0\0PARE", 99),
            Err(E::Encrypted)
        ));
        assert!(matches!(
            footer_range(b"\0\0\0\0ORC1", 99),
            Err(E::BadMagic { got }) if got == *b"ORC1"
        ));
        assert!(matches!(
            footer_range(b"\xff\xff\xff\xffPAR1", 99),
            Err(E::FooterLength {
                length: 0xffff_ffff,
                file_length: 99
            })
        ));
        // The metadata may not reach into the first magic number.
        assert!(footer_range(b"\x01\0\0\0PAR1", 12).is_err());
        assert_eq!(footer_range(b"\x01\0\0\0PAR1", 13).unwrap(), 4..5);
    }
}
