//! Levels to runs.

use super::{bit_width, v1_frame};
use crate::error::EncodeError;
use crate::output::Output;
use crate::rle;

/// Appends levels of at most `max_level` as they stand in a data page v1: behind their length.
/// Nothing where `max_level` is 0.
///
/// # Errors
///
/// A level above `max_level`, or 4 GiB and more, and nothing is appended then; or the output is
/// full.
pub fn encode_v1(levels: &[u16], max_level: u16, out: &mut impl Output) -> Result<(), EncodeError> {
    check(levels, max_level)?;
    if max_level == 0 {
        return Ok(());
    }
    v1_frame(out, |out| {
        rle::encode_u16(levels, bit_width(max_level), out)
    })
}

/// Appends levels of at most `max_level` as they stand in a data page v2, whose header states
/// how many bytes they take. None where `max_level` is 0.
///
/// # Errors
///
/// A level above `max_level`, and nothing is appended then; or the output is full.
///
/// ```
/// use pq_encoding::levels;
///
/// let mut page = Vec::new();
/// levels::encode_v2(&[1; 100], 1, &mut page)?;
/// assert_eq!(page, [0xc8, 0x01, 1]);
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
pub fn encode_v2(levels: &[u16], max_level: u16, out: &mut impl Output) -> Result<(), EncodeError> {
    check(levels, max_level)?;
    if max_level == 0 {
        return Ok(());
    }
    rle::encode_u16(levels, bit_width(max_level), out)
}

/// Errors if a level is above `max_level`.
fn check(levels: &[u16], max_level: u16) -> Result<(), EncodeError> {
    if levels.iter().fold(0, |most, &level| level.max(most)) <= max_level {
        return Ok(());
    }
    let index = levels.iter().position(|&level| level > max_level);
    let index = index.unwrap_or(0);
    Err(EncodeError::Level {
        index,
        level: levels.get(index).copied().unwrap_or(0),
        most: max_level,
    })
}
