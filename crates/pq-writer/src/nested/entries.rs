//! Level entries of the node that is looked at, on the way from a column down to a leaf.

use super::push_position;
use crate::batch::Lists;
use crate::error::WriteError;
use std::ops::Range;

/// The position of entries that have no value at the node: a null or an empty list above it.
const ABSENT: usize = usize::MAX;

/// The most entries of a leaf in a row group; page headers and lists of levels count in 31 bits.
const MOST: usize = i32::MAX as usize;

/// One entry for each value, null or empty list of the nodes passed so far.
#[derive(Debug, Clone)]
pub(super) struct Entries {
    pub(super) definition: Vec<u16>,
    pub(super) repetition: Vec<u16>,
    /// The position in the column of the node, or [`ABSENT`].
    positions: Vec<usize>,
    /// The row of the first entry in its row group.
    first_row: usize,
}

impl Entries {
    /// One entry for each of `rows` rows.
    pub(super) fn of_rows(rows: usize, first_row: usize) -> Self {
        Self {
            definition: vec![0; rows],
            repetition: vec![0; rows],
            positions: (0..rows).collect(),
            first_row,
        }
    }

    /// The row of an entry.
    pub(super) fn row(&self, entry: usize) -> usize {
        let starts = self.repetition.iter().take(entry + 1);
        self.first_row
            + starts
                .filter(|&&level| level == 0)
                .count()
                .saturating_sub(1)
    }

    /// Maps the position of each entry that has one; those for which there is none become absent.
    pub(super) fn map(&mut self, mut to: impl FnMut(usize) -> Option<usize>) {
        for position in &mut self.positions {
            if *position != ABSENT {
                *position = to(*position).unwrap_or(ABSENT);
            }
        }
    }

    /// As [`map`](Self::map); `Err` with the first entry for which `to` is an error.
    pub(super) fn try_map<E>(
        &mut self,
        mut to: impl FnMut(usize) -> Result<Option<usize>, E>,
    ) -> Result<(), (usize, E)> {
        for (entry, position) in self.positions.iter_mut().enumerate() {
            if *position != ABSENT {
                *position = to(*position)
                    .map_err(|error| (entry, error))?
                    .unwrap_or(ABSENT);
            }
        }
        Ok(())
    }

    /// The first entry that has a position for which `test` holds.
    pub(super) fn find(&self, test: impl Fn(usize) -> bool) -> Option<usize> {
        self.positions
            .iter()
            .position(|&position| position != ABSENT && test(position))
    }

    /// Entries that have a value are one level further down.
    pub(super) fn define(&mut self) {
        for (level, &position) in self.definition.iter_mut().zip(&self.positions) {
            *level += u16::from(position != ABSENT);
        }
    }

    /// The entries of the elements of lists, of which `repetition` is the level.
    pub(super) fn expand(
        &self,
        column: &str,
        lists: &Lists<'_>,
        repetition: u16,
    ) -> Result<Self, WriteError> {
        let mut expanded = Self {
            definition: Vec::with_capacity(self.definition.len()),
            repetition: Vec::with_capacity(self.definition.len()),
            positions: Vec::with_capacity(self.definition.len()),
            first_row: self.first_row,
        };
        let levels = self.definition.iter().zip(&self.repetition);
        for (entry, (&position, (&definition, &first))) in
            self.positions.iter().zip(levels).enumerate()
        {
            let elements = match position {
                ABSENT => 0..0,
                _ => lists
                    .elements(position)
                    .ok_or_else(|| WriteError::InvalidValue {
                        column: column.to_owned(),
                        row: self.row(entry),
                        reason: "the list lies beyond its elements".to_owned(),
                    })?,
            };
            if elements.is_empty() {
                expanded.push(definition, first, ABSENT);
                continue;
            }
            if expanded.positions.len() + elements.len() > MOST {
                return Err(WriteError::TooLarge {
                    what: format!("the number of elements of column {column:?}"),
                    size: (expanded.positions.len() + elements.len()) as u64,
                });
            }
            expanded.push(definition + 1, first, elements.start);
            let rest = elements.start + 1..elements.end;
            let len = expanded.positions.len() + rest.len();
            expanded.definition.resize(len, definition + 1);
            expanded.repetition.resize(len, repetition);
            expanded.positions.extend(rest);
        }
        Ok(expanded)
    }

    fn push(&mut self, definition: u16, repetition: u16, position: usize) {
        self.definition.push(definition);
        self.repetition.push(repetition);
        self.positions.push(position);
    }

    /// The positions of entries that have one, as runs.
    pub(super) fn runs(&self) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        for &position in self
            .positions
            .iter()
            .filter(|&&position| position != ABSENT)
        {
            push_position(&mut runs, position);
        }
        runs
    }
}
