//! Runs to levels.

use super::{bit_width, v1_unframe};
use crate::bitpack::unpack_u16;
use crate::error::DecodeError;
use crate::rle::{self, Run};

/// Fills `out` with the levels of at most `max_level` that `input`, a data page v1, starts with,
/// and returns the bytes used: those of the length and as many as it states. None where
/// `max_level` is 0.
///
/// Bytes within the stated length behind the last level are no error, as in other readers;
/// [`v1_unframe`] and [`decode_v2`] tell whether there are any.
///
/// # Errors
///
/// Those of [`decode_v2`], also where the input goes on behind the stated length; or an input
/// that is shorter than stated.
pub fn decode_v1(input: &[u8], max_level: u16, out: &mut [u16]) -> Result<usize, DecodeError> {
    if max_level == 0 {
        out.fill(0);
        return Ok(0);
    }
    let runs = v1_unframe(input)?;
    decode_v2(runs, max_level, out).map_err(|error| error.behind(4))?;
    Ok(4 + runs.len())
}

/// Fills `out` with the levels of at most `max_level` that `input` starts with: the levels of a
/// data page v2, as many bytes as its header states. Returns the bytes used; none where
/// `max_level` is 0.
///
/// # Errors
///
/// A level above `max_level`; one that does not even fit its bits is
/// [`Overflow`](DecodeError::Overflow). An empty run or one that is too long, or too short an
/// input. `out` then holds the levels of the runs before it.
///
/// ```
/// use pq_encoding::{DecodeError, levels};
///
/// let mut levels = [0; 8];
/// let page = [3, 0b0010_0100, 0b0100_1001];
/// assert_eq!(levels::decode_v2(&page, 2, &mut levels)?, 3);
/// assert_eq!(levels, [0, 1, 2, 0, 1, 2, 0, 1]);
///
/// let page = [3, 0b0010_0100, 0b1100_1001];
/// let error = DecodeError::Level { offset: 2, index: 7, level: 3, most: 2 };
/// assert_eq!(levels::decode_v2(&page, 2, &mut levels), Err(error));
/// # Ok::<(), DecodeError>(())
/// ```
pub fn decode_v2(input: &[u8], max_level: u16, out: &mut [u16]) -> Result<usize, DecodeError> {
    if max_level == 0 {
        out.fill(0);
        return Ok(0);
    }
    let width = bit_width(max_level);
    rle::for_runs(input, width, out.len(), |place, run| {
        let rest = out.get_mut(place.index..).unwrap_or_default();
        let above = match run {
            Run::Repeated { value, count } => {
                rle::fill(rest, value as u16, count);
                (value > u32::from(max_level)).then_some((0, value))
            }
            Run::Packed { bytes, count } => {
                let to = rest.get_mut(..count).unwrap_or_default();
                // Kernels may look at bytes behind those of the run.
                let bytes = input.get(place.offset..).unwrap_or(bytes);
                unpack(bytes, width, max_level, to)?
            }
        };
        match above {
            None => Ok(()),
            Some((index, level)) => Err(DecodeError::Level {
                // Whole groups first: of 32 bits, bits may be too many.
                offset: place.offset
                    + index / 8 * usize::from(width)
                    + index % 8 * usize::from(width) / 8,
                index: place.index + index,
                level: level as u16,
                most: max_level,
            }),
        }
    })
}

/// Unpacks levels, and returns which one is the first above `max_level`, and the level.
fn unpack(
    packed: &[u8],
    width: u8,
    max_level: u16,
    out: &mut [u16],
) -> Result<Option<(usize, u32)>, DecodeError> {
    unpack_u16(packed, width, out)?;
    if u32::from(max_level) + 1 == 1 << width {
        return Ok(None);
    }
    if out.iter().fold(0, |most, &level| level.max(most)) <= max_level {
        return Ok(None);
    }
    let above = |(_, level): &(usize, &u16)| **level > max_level;
    let first = out.iter().enumerate().find(above);
    Ok(first.map(|(index, &level)| (index, level.into())))
}
