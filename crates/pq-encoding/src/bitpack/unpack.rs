//! Bits to values, least significant bit first.

use super::{BLOCK, packed_len, with_width};
use crate::error::DecodeError;

/// Unpacks `out.len()` values of `width` bits each from the front of `input` and returns the
/// bytes used: [`packed_len`].
///
/// # Errors
///
/// A width above 32, or too short an input. `out` is as it was then.
pub fn unpack_u32(input: &[u8], width: u8, out: &mut [u32]) -> Result<usize, DecodeError> {
    if width > 32 {
        return Err(DecodeError::Width { width, most: 32 });
    }
    let len = packed_len(out.len(), width);
    let Some(packed) = input.get(..len) else {
        return Err(DecodeError::UnexpectedEnd {
            offset: input.len(),
        });
    };
    with_width!(width, unpack_all(packed, out));
    Ok(len)
}

fn unpack_all<const WIDTH: usize>(input: &[u8], out: &mut [u32]) {
    if WIDTH == 0 {
        out.fill(0);
        return;
    }
    let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
    let (whole, last) = input.split_at((blocks.len() * 4 * WIDTH).min(input.len()));
    for (block, input) in blocks.iter_mut().zip(whole.chunks_exact(4 * WIDTH)) {
        unpack_block::<WIDTH>(input, block);
    }
    if !rest.is_empty() {
        let mut bytes = [0; 4 * BLOCK];
        for (to, from) in bytes.iter_mut().zip(last) {
            *to = *from;
        }
        let mut block = [0; BLOCK];
        unpack_block::<WIDTH>(&bytes, &mut block);
        for (to, from) in rest.iter_mut().zip(block) {
            *to = from;
        }
    }
}

#[inline(always)]
fn unpack_block<const WIDTH: usize>(input: &[u8], out: &mut [u32; BLOCK]) {
    let mask = if WIDTH == 32 {
        u64::from(u32::MAX)
    } else {
        (1 << WIDTH) - 1
    };
    let mut words = input.as_chunks::<4>().0.iter();
    let (mut bits, mut filled) = (0_u64, 0);
    for value in out {
        if filled < WIDTH {
            if let Some(word) = words.next() {
                bits |= u64::from(u32::from_le_bytes(*word)) << filled;
            }
            filled += 32;
        }
        *value = (bits & mask) as u32;
        bits >>= WIDTH;
        filled -= WIDTH;
    }
}
