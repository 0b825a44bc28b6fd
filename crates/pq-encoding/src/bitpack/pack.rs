//! Values to bits, least significant bit first.

use super::{BLOCK, packed_len, with_width};
use crate::error::EncodeError;

/// Packs `values` at `width` bits each to the front of `out` and returns the bytes written:
/// [`packed_len`], the last group of eight filled with zeros.
///
/// # Errors
///
/// A width above 32, a value that does not fit it, or too small an output. Nothing is written
/// then.
pub fn pack_u32(values: &[u32], width: u8, out: &mut [u8]) -> Result<usize, EncodeError> {
    check_u32(values, width)?;
    pack_checked_u32(values, width, out)
}

/// As [`pack_u32`], for values that were checked.
pub(crate) fn pack_checked_u32(
    values: &[u32],
    width: u8,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let len = packed_len(values.len(), width);
    let available = out.len();
    let Some(out) = out.get_mut(..len) else {
        return Err(EncodeError::OutputFull {
            needed: len,
            available,
        });
    };
    with_width!(width, pack_all(values, out));
    Ok(len)
}

/// Errors unless each value fits `width` bits, of which there are at most 32.
pub(crate) fn check_u32(values: &[u32], width: u8) -> Result<(), EncodeError> {
    if width > 32 {
        return Err(EncodeError::Width { width, most: 32 });
    }
    let fits = |value: u32| width == 32 || value >> width == 0;
    if fits(values.iter().fold(0, |bits, value| bits | value)) {
        return Ok(());
    }
    let index = values.iter().position(|&value| !fits(value)).unwrap_or(0);
    Err(EncodeError::TooWide {
        index,
        value: values.get(index).copied().unwrap_or(0).into(),
        width,
    })
}

fn pack_all<const WIDTH: usize>(values: &[u32], out: &mut [u8]) {
    if WIDTH == 0 {
        return;
    }
    let (blocks, rest) = values.as_chunks::<BLOCK>();
    let (whole, last) = out.split_at_mut((blocks.len() * 4 * WIDTH).min(out.len()));
    for (block, out) in blocks.iter().zip(whole.chunks_exact_mut(4 * WIDTH)) {
        pack_block::<WIDTH>(block, out);
    }
    if !rest.is_empty() {
        let mut block = [0; BLOCK];
        for (to, from) in block.iter_mut().zip(rest) {
            *to = *from;
        }
        let mut bytes = [0; 4 * BLOCK];
        pack_block::<WIDTH>(&block, &mut bytes);
        for (to, from) in last.iter_mut().zip(bytes) {
            *to = from;
        }
    }
}

/// 32 values fill `WIDTH` words of 32 bits.
#[inline(always)]
fn pack_block<const WIDTH: usize>(values: &[u32; BLOCK], out: &mut [u8]) {
    let mut words = out.as_chunks_mut::<4>().0.iter_mut();
    let (mut bits, mut filled) = (0_u64, 0);
    for &value in values {
        bits |= u64::from(value) << filled;
        filled += WIDTH;
        if filled >= 32 {
            if let Some(word) = words.next() {
                *word = (bits as u32).to_le_bytes();
            }
            bits >>= 32;
            filled -= 32;
        }
    }
}
