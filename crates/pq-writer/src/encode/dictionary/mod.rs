//! Dictionaries: the different values of a chunk in the order of their first, and a code for each
//! value.
//!
//! Values are the same if their bits are: −0.0 and 0.0 are two, and so are NaNs of other bits.

mod brought;
mod bytes;
mod decimals;
mod decode;
mod key;
mod numbers;
mod ranges;
mod short;
mod table;

pub(super) use decimals::{SCALES, unscaled};
pub(super) use decode::decoded;
pub(super) use table::{MULTIPLIER, fold};

use crate::leaf::{LeafValues, Pieces};
use bytes::Strings;
use short::{Medium, Short};
use std::borrow::Cow;
use table::Table;

/// What is kept between chunks, so that memory is touched for the first time once.
#[derive(Debug, Default)]
pub(super) struct Tables {
    narrow: Table<u32>,
    wide: Table<u64>,
    medium: Table<Medium>,
    strings: Strings,
    range: Vec<u32>,
    /// Codes of a dictionary that is no longer used.
    pub(super) codes: Vec<u32>,
}

/// The different values of a chunk, and their codes.
#[derive(Debug)]
pub(super) struct Dictionary<'v> {
    /// Never coded themselves.
    pub(super) entries: Cow<'v, LeafValues<'v>>,
    /// A code for each value.
    pub(super) codes: Cow<'v, [u32]>,
    /// Whether no two entries are the same.
    pub(super) is_distinct: bool,
}

/// Why there is no dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// The entries take more bytes than they may.
    TooLarge,
    /// Values that were made to have the same hash.
    Collision,
    /// A value beyond what the hints say.
    OutOfRange,
}

/// What is known of values before the first one is looked up.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hints {
    /// About how many different values there are.
    pub(super) distinct: usize,
    /// The smallest and the largest of a few of them, if they are integers, or with `scale`.
    pub(super) range: Option<(i64, i64)>,
    /// The number of units of one, if floats are decimals, and so integers of that unit.
    pub(super) scale: Option<f64>,
    /// Whether many values are the same as the one before.
    pub(super) has_runs: bool,
    /// The length of the longest byte string of a few.
    pub(super) longest: usize,
}

impl<'v> Dictionary<'v> {
    /// The dictionary of values that are not coded; `limit` is the most bytes of its entries.
    pub(super) fn build(
        values: &LeafValues<'v>,
        limit: usize,
        hints: Hints,
        tables: &mut Tables,
    ) -> Result<Self, Failure> {
        let mut codes = std::mem::take(&mut tables.codes);
        codes.resize(values.len(), 0);
        match entries(values, limit, hints, tables, &mut codes) {
            Ok(entries) => Ok(Self {
                entries: Cow::Owned(entries),
                codes: Cow::Owned(codes),
                is_distinct: true,
            }),
            Err(failure) => {
                tables.codes = codes;
                Err(failure)
            }
        }
    }

    /// The bits of a code; one at least, as not every reader takes none.
    pub(super) fn width(&self) -> u8 {
        let largest = u32::try_from(self.entries.len().saturating_sub(1)).unwrap_or(u32::MAX);
        pq_encoding::bit_width::of_u32(largest).max(1)
    }

    /// Hands the memory of the codes back.
    pub(super) fn release(self, tables: &mut Tables) {
        if let Cow::Owned(codes) = self.codes {
            tables.codes = codes;
        }
    }
}

/// The entries of a dictionary of `values`; their codes go to `codes`.
fn entries(
    values: &LeafValues<'_>,
    limit: usize,
    hints: Hints,
    tables: &mut Tables,
    codes: &mut [u32],
) -> Result<LeafValues<'static>, Failure> {
    macro_rules! close {
        ($pieces:ident, $integer:expr, $variant:ident) => {
            match ranges::build($pieces, $integer, limit, hints, &mut tables.range, codes) {
                Err(Failure::OutOfRange) => {}
                built => return built.map(|entries| LeafValues::$variant(Pieces::of(entries))),
            }
        };
    }
    macro_rules! integers {
        ($pieces:ident, $table:ident, $variant:ident) => {{
            close!($pieces, |value| Some(value.into()), $variant);
            numbers!($pieces, $table, $variant)
        }};
    }
    macro_rules! numbers {
        ($pieces:ident, $table:ident, $variant:ident) => {
            numbers::build($pieces, limit, hints, &mut tables.$table, codes)
                .map(|entries| LeafValues::$variant(Pieces::of(entries)))
        };
    }
    match values {
        LeafValues::Int32(pieces) => integers!(pieces, narrow, Int32),
        LeafValues::Int64(pieces) => integers!(pieces, wide, Int64),
        LeafValues::Float(pieces) => numbers!(pieces, narrow, Float),
        LeafValues::Double(pieces) => {
            if let Some(scale) = hints.scale {
                close!(pieces, |value| decimals::unscaled(value, scale), Double);
            }
            numbers!(pieces, wide, Double)
        }
        LeafValues::Bytes(pieces) => {
            let built = if hints.longest <= <u64 as Short>::LONGEST {
                short::of_lengths(pieces, limit, hints, &mut tables.wide, codes)
            } else if hints.longest <= Medium::LONGEST {
                short::of_lengths(pieces, limit, hints, &mut tables.medium, codes)
            } else {
                Err(Failure::OutOfRange)
            };
            match built {
                Err(Failure::OutOfRange) => {
                    bytes::of_lengths(pieces, limit, hints, &mut tables.strings, codes)
                }
                built => built,
            }
        }
        LeafValues::Fixed { width, data } => {
            let slices = data.slices(0..data.len());
            if *width <= <u64 as Short>::LONGEST {
                short::of_width(slices, *width, limit, hints, &mut tables.wide, codes)
            } else if *width <= Medium::LONGEST {
                short::of_width(slices, *width, limit, hints, &mut tables.medium, codes)
            } else {
                bytes::of_width(slices, *width, limit, hints, &mut tables.strings, codes)
            }
        }
        // Two values gain nothing, and codes have their dictionary.
        LeafValues::Boolean(_) | LeafValues::Coded(_) => Err(Failure::TooLarge),
    }
}

#[cfg(test)]
mod tests;
