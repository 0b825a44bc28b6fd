//! The levels of a page; README.md of the specification, "Data Pages".

use crate::leaf::{Definition, Levels};
use crate::schema::Leaf;
use pq_encoding::{EncodeError, levels, rle};
use std::ops::Range;

/// Appends the repetition levels of `entries`, framed as in v1 pages or bare as in v2.
pub(super) fn repetition(
    leaf: &Leaf,
    levels: &Levels,
    entries: Range<usize>,
    framed: bool,
    page: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    match &levels.repetition {
        Some(levels) => some(levels, entries, leaf.max_repetition, framed, page),
        // Of a repeated leaf that has a row at each entry.
        None if leaf.max_repetition > 0 => {
            uniform(0, entries.len(), leaf.max_repetition, framed, page)
        }
        None => Ok(()),
    }
}

/// Appends the definition levels of `entries`, framed as in v1 pages or bare as in v2.
pub(super) fn definition(
    leaf: &Leaf,
    levels: &Levels,
    entries: Range<usize>,
    framed: bool,
    page: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let largest = leaf.max_definition;
    if largest == 0 {
        return Ok(());
    }
    match &levels.definition {
        Definition::Uniform(level) => uniform(*level, entries.len(), largest, framed, page),
        Definition::Bits(bits) => frame(framed, page, |page| {
            rle::encode_bitmap(bits, entries.start, entries.len(), page)
        }),
        Definition::Levels(levels) => some(levels, entries, largest, framed, page),
    }
}

fn uniform(
    level: u16,
    count: usize,
    largest: u16,
    framed: bool,
    page: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    frame(framed, page, |page| {
        rle::encode_run(level.into(), count, levels::bit_width(largest), page)
    })
}

fn some(
    all: &[u16],
    entries: Range<usize>,
    largest: u16,
    framed: bool,
    page: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let here = all.get(entries).unwrap_or_default();
    match framed {
        true => levels::encode_v1(here, largest, page),
        false => levels::encode_v2(here, largest, page),
    }
}

fn frame(
    framed: bool,
    page: &mut Vec<u8>,
    encode: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    match framed {
        true => levels::v1_frame(page, encode),
        false => encode(page),
    }
}
