//! From the rows of a column to its leaves: the levels of each, and which of its values are
//! there; README.md of the specification, "Nested Encoding".

mod entries;
mod flat;
mod selection;
#[cfg(test)]
mod tests;
mod walk;

pub(crate) use selection::{Selection, push_position};

use crate::batch::Column;
use crate::error::WriteError;
use crate::leaf::{Definition, Levels};
use crate::schema::{Field, Leaf};

/// A leaf of a row group before its values are looked at.
#[derive(Debug)]
pub(crate) struct Shredded<'a> {
    pub(crate) levels: Levels,
    /// Where its values are, batch by batch.
    pub(crate) pieces: Vec<LeafPiece<'a>>,
}

/// The values of a leaf in one batch.
#[derive(Debug, Clone)]
pub(crate) struct LeafPiece<'a> {
    /// A column that is not nested.
    pub(crate) column: &'a Column<'a>,
    /// Positions in it, none of them null.
    pub(crate) selection: Selection<'a>,
}

/// The leaves of a column of which `columns` are the rows, batch by batch; `leaves` is what the
/// schema has for them.
///
/// # Errors
///
/// Nulls where none may be, offsets beyond the elements, columns of a form that is not nested as
/// the field is, fields that are missing, unknown or of different lengths.
pub(crate) fn shred<'a>(
    field: &Field,
    leaves: &[Leaf],
    columns: &[&'a Column<'a>],
) -> Result<Vec<Shredded<'a>>, WriteError> {
    if field.data_type.is_nested() {
        return walk::shred(field, leaves, columns);
    }
    match leaves {
        [leaf] => Ok(vec![flat::shred(leaf, columns)?]),
        _ => Ok(Vec::new()),
    }
}

impl Levels {
    /// The row of value `index`; `max_definition` is the level of entries that have a value.
    pub(crate) fn row_of_value(&self, index: usize, max_definition: u16) -> usize {
        let entry = match &self.definition {
            Definition::Uniform(_) => index,
            Definition::Bits(bytes) => nth(
                (0..self.entries).map(|entry| {
                    bytes
                        .get(entry / 8)
                        .is_some_and(|b| b >> (entry % 8) & 1 == 1)
                }),
                index,
            ),
            Definition::Levels(levels) => {
                nth(levels.iter().map(|&level| level == max_definition), index)
            }
        };
        match &self.repetition {
            None => entry,
            Some(levels) => levels
                .iter()
                .take(entry + 1)
                .filter(|&&level| level == 0)
                .count()
                .saturating_sub(1),
        }
    }
}

/// The position of the `index`-th that is set.
fn nth(set: impl Iterator<Item = bool>, index: usize) -> usize {
    set.enumerate()
        .filter(|&(_, is_set)| is_set)
        .nth(index)
        .map_or(0, |(position, _)| position)
}
