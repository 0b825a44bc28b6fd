//! Values to bits, least significant bit first.

use super::kernels::{BLOCK, ROOM, pack_block};
use super::wide::Word;
use super::{packed_len, with_width};
use crate::error::EncodeError;
use core::ops::BitOr;

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
    check(values, width, 32)
}

/// Errors unless each value fits `width` bits, of which there are at most `most`: all that it has.
pub(super) fn check<T>(values: &[T], width: u8, most: u8) -> Result<(), EncodeError>
where
    T: Word + BitOr<Output = T>,
{
    if width > most {
        return Err(EncodeError::Width { width, most });
    }
    let fits = |value: T| width == most || value.to_word() >> width == 0;
    if fits(values.iter().fold(T::ZERO, |bits, &value| bits | value)) {
        return Ok(());
    }
    let index = values.iter().position(|&value| !fits(value)).unwrap_or(0);
    Err(EncodeError::TooWide {
        index,
        value: values.get(index).map_or(0, |value| value.to_word()),
        width,
    })
}

fn pack_all<const WIDTH: usize>(values: &[u32], mut out: &mut [u8]) {
    if WIDTH == 0 {
        return;
    }
    if matches!(WIDTH, 8 | 16 | 32) {
        pack_bytes::<WIDTH>(values, out);
        return;
    }
    let (blocks, rest) = values.as_chunks::<BLOCK>();
    let mut room = [0; ROOM];
    for block in blocks {
        // What a block writes behind its end, the next one overwrites.
        match out.first_chunk_mut() {
            Some(out) => pack_block::<WIDTH>(block, out),
            None => {
                pack_block::<WIDTH>(block, &mut room);
                copy(&room, out, 8 * WIDTH);
            }
        }
        out = match out.split_at_mut_checked(8 * WIDTH) {
            Some((_, behind)) => behind,
            None => return,
        };
    }
    if !rest.is_empty() {
        let mut block = [0; BLOCK];
        for (to, from) in block.iter_mut().zip(rest) {
            *to = *from;
        }
        pack_block::<WIDTH>(&block, &mut room);
        copy(&room, out, out.len());
    }
}

/// Widths of whole integers need no shifts.
fn pack_bytes<const WIDTH: usize>(values: &[u32], out: &mut [u8]) {
    match WIDTH {
        8 => {
            for (byte, value) in out.iter_mut().zip(values) {
                *byte = *value as u8;
            }
        }
        16 => {
            for (bytes, value) in out.as_chunks_mut().0.iter_mut().zip(values) {
                *bytes = (*value as u16).to_le_bytes();
            }
        }
        _ => {
            for (bytes, value) in out.as_chunks_mut().0.iter_mut().zip(values) {
                *bytes = value.to_le_bytes();
            }
        }
    }
    if let Some(padding) = out.get_mut(values.len() * (WIDTH / 8)..) {
        padding.fill(0);
    }
}

#[inline(always)]
fn copy(room: &[u8; ROOM], out: &mut [u8], len: usize) {
    if let (Some(to), Some(from)) = (out.get_mut(..len), room.get(..len)) {
        to.copy_from_slice(from);
    }
}
