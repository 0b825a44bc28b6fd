//! The deprecated BIT_PACKED: most significant bit first, padded to whole bytes only.

use super::pack::check;
use crate::error::{DecodeError, EncodeError};

/// The bytes that `count` values of `width` bits take.
#[inline]
pub const fn legacy_packed_len(count: usize, width: u8) -> usize {
    count.saturating_mul(width as usize).div_ceil(8)
}

/// Packs `values` at `width` bits each, most significant bit first, to the front of `out`, and
/// returns the bytes written. For readers of old files; the specification deprecates it.
///
/// # Errors
///
/// A width above 32, a value that does not fit it, or too small an output. Nothing is written
/// then.
pub fn pack_legacy_u32(values: &[u32], width: u8, out: &mut [u8]) -> Result<usize, EncodeError> {
    check(values, width)?;
    let len = legacy_packed_len(values.len(), width);
    let available = out.len();
    let Some(out) = out.get_mut(..len) else {
        return Err(EncodeError::OutputFull {
            needed: len,
            available,
        });
    };
    let mut bytes = out.iter_mut();
    let (mut bits, mut filled) = (0_u64, 0);
    for &value in values {
        bits = bits << width | u64::from(value);
        filled += width;
        while filled >= 8 {
            filled -= 8;
            if let Some(byte) = bytes.next() {
                *byte = (bits >> filled) as u8;
            }
        }
    }
    if let Some(byte) = bytes.next() {
        *byte = (bits << (8 - filled)) as u8;
    }
    Ok(len)
}

/// Unpacks `out.len()` values of `width` bits each, most significant bit first, and returns the
/// bytes used.
///
/// # Errors
///
/// A width above 32, or too short an input. `out` is as it was then.
pub fn unpack_legacy_u32(input: &[u8], width: u8, out: &mut [u32]) -> Result<usize, DecodeError> {
    if width > 32 {
        return Err(DecodeError::Width { width, most: 32 });
    }
    let len = legacy_packed_len(out.len(), width);
    let Some(packed) = input.get(..len) else {
        return Err(DecodeError::UnexpectedEnd {
            offset: input.len(),
        });
    };
    let mask = (1_u64 << width) - 1;
    let mut bytes = packed.iter();
    let (mut bits, mut filled) = (0_u64, 0);
    for value in out {
        while filled < width {
            bits = bits << 8 | u64::from(bytes.next().copied().unwrap_or(0));
            filled += 8;
        }
        filled -= width;
        *value = (bits >> filled & mask) as u32;
    }
    Ok(len)
}
