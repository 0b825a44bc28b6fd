//! Dictionaries of integers, and of what stands for some, that lie close together: a table of all
//! that there may be, no hash.

use super::table::EMPTY;
use super::{Failure, Hints};
use crate::leaf::Pieces;

/// The most integers that are looked for.
const MOST: u64 = 1 << 17;

/// The different values, of `limit` bytes at most, if their integers are within the range of the
/// hints or near it; their codes go to `codes`, one each. What `integer` makes of two values must be
/// the same only if they are.
pub(super) fn build<T: Copy + Default>(
    values: &Pieces<'_, T>,
    integer: impl Fn(T) -> Option<i64>,
    limit: usize,
    hints: Hints,
    table: &mut Vec<u32>,
    mut codes: &mut [u32],
) -> Result<Vec<T>, Failure> {
    let (smallest, largest) = hints.range.ok_or(Failure::OutOfRange)?;
    let distance = largest.wrapping_sub(smallest).cast_unsigned();
    // A few were looked at, and others may be outside.
    let margin = distance / 8 + 64;
    if distance >= MOST || distance as usize > codes.len().saturating_mul(4) {
        return Err(Failure::OutOfRange);
    }
    let first = smallest.saturating_sub(margin.cast_signed());
    table.clear();
    table.resize((distance + 2 * margin + 1) as usize, EMPTY);
    let table = table.as_mut_slice();

    let most = limit / size_of::<T>();
    let mut entries: Vec<T> = Vec::new();
    values.try_for_each(0..values.len(), |slice| {
        let (here, rest) = std::mem::take(&mut codes)
            .split_at_mut_checked(slice.len())
            .unwrap_or_default();
        codes = rest;
        for (to, &value) in here.iter_mut().zip(slice) {
            let integer = integer(value).ok_or(Failure::OutOfRange)?;
            let at = integer.wrapping_sub(first).cast_unsigned();
            let Some(slot) = table.get_mut(at as usize) else {
                return Err(Failure::OutOfRange);
            };
            if *slot == EMPTY {
                if entries.len() == most {
                    return Err(Failure::TooLarge);
                }
                *slot = entries.len() as u32;
                entries.push(value);
            }
            *to = *slot;
        }
        Ok(())
    })?;
    Ok(entries)
}
