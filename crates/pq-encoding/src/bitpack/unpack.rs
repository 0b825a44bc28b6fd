//! Bits to values, least significant bit first.

use super::kernels::{BLOCK, ROOM, unpack_block};
use super::{packed_len, with_width};
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

fn unpack_all<const WIDTH: usize>(mut input: &[u8], out: &mut [u32]) {
    if WIDTH == 0 {
        out.fill(0);
        return;
    }
    if matches!(WIDTH, 8 | 16 | 32) {
        unpack_bytes::<WIDTH>(input, out);
        return;
    }
    let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
    for block in blocks {
        match input.first_chunk() {
            Some(bytes) => unpack_block::<WIDTH>(bytes, block),
            None => unpack_block::<WIDTH>(&padded(input, 8 * WIDTH), block),
        }
        input = input.get(8 * WIDTH..).unwrap_or_default();
    }
    if !rest.is_empty() {
        let mut block = [0; BLOCK];
        unpack_block::<WIDTH>(&padded(input, input.len()), &mut block);
        for (to, from) in rest.iter_mut().zip(block) {
            *to = from;
        }
    }
}

/// Widths of whole integers need no shifts.
fn unpack_bytes<const WIDTH: usize>(input: &[u8], out: &mut [u32]) {
    match WIDTH {
        8 => {
            for (value, byte) in out.iter_mut().zip(input) {
                *value = u32::from(*byte);
            }
        }
        16 => {
            for (value, bytes) in out.iter_mut().zip(input.as_chunks().0) {
                *value = u32::from(u16::from_le_bytes(*bytes));
            }
        }
        _ => {
            for (value, bytes) in out.iter_mut().zip(input.as_chunks().0) {
                *value = u32::from_le_bytes(*bytes);
            }
        }
    }
}

/// The first `len` bytes, and zeros.
#[inline(always)]
fn padded(input: &[u8], len: usize) -> [u8; ROOM] {
    let mut room = [0; ROOM];
    if let (Some(to), Some(from)) = (room.get_mut(..len), input.get(..len)) {
        to.copy_from_slice(from);
    }
    room
}
