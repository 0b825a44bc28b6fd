//! Where pages end: at a row, of a repeated leaf too.

use crate::leaf::{Definition, Levels};
use std::ops::Range;

/// What of a chunk a page holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) rows: Range<usize>,
    /// Level entries.
    pub(super) entries: Range<usize>,
    pub(super) values: Range<usize>,
}

/// The most that a page takes; a row that is more by itself is a page of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    pub(super) rows: usize,
    /// Level entries of a repeated leaf, of which a row may have many without a value.
    pub(super) entries: usize,
}

/// The pages of a chunk, in order. `fits` says for the first value of a page up to which one its
/// values fit.
pub(super) fn cuts<'c>(
    levels: &'c Levels,
    max_definition: u16,
    most: Most,
    fits: impl Fn(usize) -> usize + 'c,
) -> impl Iterator<Item = Cut> + 'c {
    let (mut row, mut entry, mut value) = (0, 0, 0);
    std::iter::from_fn(move || {
        if entry >= levels.entries {
            return None;
        }
        let room = fits(value).saturating_sub(value).max(1);
        let taken = match &levels.repetition {
            None => flat(levels, max_definition, entry, most.rows, room),
            Some(repetition) => {
                let rest = repetition.get(entry..).unwrap_or_default();
                match &levels.definition {
                    Definition::Uniform(level) => {
                        let is_value = *level == max_definition;
                        repeated(rest, |_| is_value, most, room)
                    }
                    Definition::Bits(bits) => {
                        repeated(rest, |at| bit(bits, entry + at), most, room)
                    }
                    Definition::Levels(definition) => {
                        let rest = definition.get(entry..).unwrap_or_default();
                        let is_value = |at| rest.get(at) == Some(&max_definition);
                        repeated(
                            repetition.get(entry..).unwrap_or_default(),
                            is_value,
                            most,
                            room,
                        )
                    }
                }
            }
        };
        let cut = Cut {
            rows: row..row + taken.rows,
            entries: entry..entry + taken.entries,
            values: value..value + taken.values,
        };
        (row, entry, value) = (cut.rows.end, cut.entries.end, cut.values.end);
        Some(cut)
    })
}

#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    rows: usize,
    entries: usize,
    values: usize,
}

/// A page of a leaf with an entry a row: as many as have no more than `room` values.
fn flat(levels: &Levels, max_definition: u16, entry: usize, rows: usize, room: usize) -> Taken {
    let most = rows.max(1).min(levels.entries - entry);
    let (entries, values) = match &levels.definition {
        Definition::Uniform(level) if *level == max_definition => {
            let entries = most.min(room);
            (entries, entries)
        }
        Definition::Uniform(_) => (most, 0),
        Definition::Bits(bits) => bits_within(bits, entry, most, room),
        Definition::Levels(definition) => {
            let rest = definition.get(entry..entry + most).unwrap_or_default();
            let mut values = 0;
            let end = rest.iter().position(|&level| {
                values += usize::from(level == max_definition);
                values > room
            });
            (end.unwrap_or(rest.len().max(1)), values.min(room))
        }
    };
    Taken {
        rows: entries,
        entries,
        values,
    }
}

/// How many of the `most` bits from `start` on have no more than `room` set ones among them, and
/// how many these are.
fn bits_within(bits: &[u8], start: usize, most: usize, room: usize) -> (usize, usize) {
    let (mut at, mut set) = (0, 0);
    while at < most {
        let position = start + at;
        let mut bytes = [0; 8];
        let rest = bits.get(position / 8..).unwrap_or_default();
        match rest.first_chunk::<8>() {
            Some(whole) => bytes = *whole,
            None => bytes
                .iter_mut()
                .zip(rest)
                .for_each(|(to, from)| *to = *from),
        }
        let shift = position % 8;
        let count = (64 - shift).min(most - at);
        let word = u64::from_le_bytes(bytes) >> shift & (u64::MAX >> (64 - count));
        let ones = word.count_ones() as usize;
        if set + ones > room {
            // The page ends before the first bit that is too much.
            let mut word = word;
            for _ in set..room {
                word &= word - 1;
            }
            return (at + word.trailing_zeros() as usize, room);
        }
        set += ones;
        at += count;
    }
    (most, set)
}

fn bit(bits: &[u8], at: usize) -> bool {
    bits.get(at / 8)
        .is_some_and(|byte| byte >> (at % 8) & 1 == 1)
}

/// A page of a repeated leaf, of which `repetition` is what is left: whole rows.
#[inline(always)]
fn repeated(
    repetition: &[u16],
    is_value: impl Fn(usize) -> bool,
    most: Most,
    room: usize,
) -> Taken {
    let mut whole = Taken::default();
    let (mut rows, mut values) = (0, 0);
    for (entries, &level) in repetition.iter().enumerate() {
        if level == 0 {
            whole = Taken {
                rows,
                entries,
                values,
            };
            if rows >= most.rows.max(1) || (rows > 0 && entries >= most.entries) {
                return whole;
            }
            rows += 1;
        }
        values += usize::from(is_value(entries));
        if values > room && whole.rows > 0 {
            return whole;
        }
    }
    Taken {
        rows,
        entries: repetition.len(),
        values,
    }
}

#[cfg(test)]
mod tests;
