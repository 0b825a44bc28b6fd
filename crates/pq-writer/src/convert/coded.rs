//! Dictionaries and runs: their values are taken once each, their codes row by row.

use super::{Fault, Pass, plain};
use crate::batch::{Column, Keys, Values};
use crate::leaf::{Coded, CodedPart, LeafValues};
use crate::nested::{LeafPiece, Selection, push_position};
use crate::schema::Leaf;
use std::ops::Range;

/// Numbers the values that codes name, in the order of their first.
#[derive(Default)]
pub(super) struct Coder<'a> {
    dictionaries: Vec<Used<'a>>,
    parts: Vec<CodedPart>,
}

/// What is used of one dictionary.
struct Used<'a> {
    values: &'a Column<'a>,
    /// The number of each value, [`UNUSED`] so far.
    numbers: Vec<u32>,
    /// The values in the order of their numbers.
    positions: Vec<Range<usize>>,
    count: u32,
}

const UNUSED: u32 = u32::MAX;

/// More values than this are no dictionary of Parquet.
const MOST: u32 = i32::MAX as u32;

impl<'a> Coder<'a> {
    /// Takes the codes of a piece.
    pub(super) fn piece(&mut self, piece: &LeafPiece<'a>) -> Result<(), Fault> {
        let (Values::Dictionary { values, .. } | Values::RunEnd { values, .. }) =
            &piece.column.values
        else {
            return Ok(());
        };
        let known = self
            .dictionaries
            .iter()
            .rposition(|known| is_same(known.values, values));
        let dictionary = known.unwrap_or_else(|| {
            self.dictionaries.push(Used {
                values,
                numbers: vec![UNUSED; values.len()],
                positions: Vec::new(),
                count: 0,
            });
            self.dictionaries.len() - 1
        });
        let mut codes = Vec::with_capacity(piece.selection.count());
        if let Some(used) = self.dictionaries.get_mut(dictionary) {
            used.number(piece, &mut codes)?;
        }
        self.parts.push(CodedPart { dictionary, codes });
        Ok(())
    }

    /// All codes, and the values that they name; a fault in the values comes with the dictionary.
    pub(super) fn finish(
        self,
        leaf: &Leaf,
        pass: Pass,
    ) -> Result<LeafValues<'a>, (&'a Column<'a>, Fault)> {
        let mut dictionaries = Vec::with_capacity(self.dictionaries.len());
        for used in self.dictionaries {
            let piece = LeafPiece {
                column: used.values,
                selection: Selection::Runs(used.positions),
            };
            dictionaries.push(plain(leaf, &piece, pass).map_err(|fault| (used.values, fault))?);
        }
        Ok(LeafValues::Coded(Coded {
            parts: self.parts,
            dictionaries,
        }))
    }
}

impl Used<'_> {
    fn number(&mut self, piece: &LeafPiece<'_>, codes: &mut Vec<u32>) -> Result<(), Fault> {
        let column = piece.column;
        match &column.values {
            Values::Dictionary { keys, .. } => match *keys {
                Keys::Int8(keys) => self.number_keys(keys, &piece.selection, codes),
                Keys::Int16(keys) => self.number_keys(keys, &piece.selection, codes),
                Keys::Int32(keys) => self.number_keys(keys, &piece.selection, codes),
                Keys::Int64(keys) => self.number_keys(keys, &piece.selection, codes),
                Keys::UInt8(keys) => self.number_keys(keys, &piece.selection, codes),
                Keys::UInt16(keys) => self.number_keys(keys, &piece.selection, codes),
                Keys::UInt32(keys) => self.number_keys(keys, &piece.selection, codes),
                Keys::UInt64(keys) => self.number_keys(keys, &piece.selection, codes),
            },
            _ => piece.selection.for_each(|run| {
                for row in run {
                    let code = column.run_of(row).and_then(|run| self.code(run));
                    codes.push(code.ok_or_else(|| Fault::at(row, NO_RUN))?);
                }
                Ok(())
            }),
        }
    }

    fn number_keys<K: Copy + TryInto<usize>>(
        &mut self,
        keys: &[K],
        selection: &Selection<'_>,
        codes: &mut Vec<u32>,
    ) -> Result<(), Fault> {
        selection.for_each(|run| {
            for row in run {
                let key = keys.get(row).and_then(|&key| key.try_into().ok());
                let code = key.and_then(|key| self.code(key));
                codes.push(code.ok_or_else(|| Fault::at(row, NO_CODE))?);
            }
            Ok(())
        })
    }

    /// The number of the value at `position`; `None` if there is none.
    #[inline]
    fn code(&mut self, position: usize) -> Option<u32> {
        let number = self.numbers.get_mut(position)?;
        if *number == UNUSED {
            if self.count == MOST {
                return None;
            }
            *number = self.count;
            self.count += 1;
            push_position(&mut self.positions, position);
        }
        Some(*number)
    }
}

const NO_CODE: &str = "the code is not in the dictionary";
const NO_RUN: &str = "the runs end before the row";

/// The positions in the dictionary, or of the runs, that a piece names, row by row.
pub(super) fn positions(piece: &LeafPiece<'_>) -> Result<Vec<Range<usize>>, Fault> {
    let mut positions = Vec::new();
    piece.selection.for_each(|run| {
        for row in run {
            push_position(&mut positions, position_of(piece.column, row)?);
        }
        Ok(())
    })?;
    Ok(positions)
}

fn position_of(column: &Column<'_>, row: usize) -> Result<usize, Fault> {
    match &column.values {
        Values::Dictionary { keys, values } => keys
            .get(row)
            .filter(|&code| code < values.len())
            .ok_or_else(|| Fault::at(row, NO_CODE)),
        _ => column.run_of(row).ok_or_else(|| Fault::at(row, NO_RUN)),
    }
}

/// A fault in a value of a dictionary or a run, as one of the first row that has it.
pub(super) fn outer(piece: &LeafPiece<'_>, fault: Fault) -> Fault {
    let Fault::Value { position, reason } = fault else {
        return fault;
    };
    let mut found = 0;
    let _ = piece.selection.for_each(|mut run| {
        match run.find(|&row| position_of(piece.column, row).is_ok_and(|at| at == position)) {
            Some(row) => {
                found = row;
                Err(())
            }
            None => Ok(()),
        }
    });
    Fault::at(
        found,
        format!("value {position} of the dictionary: {reason}"),
    )
}

/// The first piece that has a dictionary of which a value is at fault, and its fault.
pub(super) fn blame(
    pieces: &[LeafPiece<'_>],
    dictionary: &Column<'_>,
    fault: Fault,
) -> (usize, Fault) {
    let Fault::Value { position, reason } = fault else {
        return (0, fault);
    };
    for (index, piece) in pieces.iter().enumerate() {
        let (Values::Dictionary { values, .. } | Values::RunEnd { values, .. }) =
            &piece.column.values
        else {
            continue;
        };
        let names = |row: usize| position_of(piece.column, row).is_ok_and(|at| at == position);
        let has = is_same(values, dictionary)
            && piece
                .selection
                .for_each(|mut run| if run.any(names) { Err(()) } else { Ok(()) })
                .is_err();
        if has {
            return (index, outer(piece, Fault::Value { position, reason }));
        }
    }
    (0, Fault::Value { position, reason })
}

/// Whether two columns lie at the same place in memory, and so are the same.
fn is_same(left: &Column<'_>, right: &Column<'_>) -> bool {
    fn same<T>(left: &[T], right: &[T]) -> bool {
        std::ptr::eq(left, right)
    }
    if std::ptr::eq(left, right) {
        return true;
    }
    let validity = match (left.validity, right.validity) {
        (None, None) => true,
        (Some(left), Some(right)) => {
            same(left.bytes(), right.bytes())
                && (left.offset(), left.len()) == (right.offset(), right.len())
        }
        _ => false,
    };
    validity
        && match (&left.values, &right.values) {
            (Values::Int8(left), Values::Int8(right)) => same(left, right),
            (Values::Int16(left), Values::Int16(right)) => same(left, right),
            (Values::Int32(left), Values::Int32(right)) => same(left, right),
            (Values::Int64(left), Values::Int64(right)) => same(left, right),
            (Values::UInt8(left), Values::UInt8(right)) => same(left, right),
            (Values::UInt16(left), Values::UInt16(right)) => same(left, right),
            (Values::UInt32(left), Values::UInt32(right)) => same(left, right),
            (Values::UInt64(left), Values::UInt64(right)) => same(left, right),
            (Values::Float32(left), Values::Float32(right)) => same(left, right),
            (Values::Float64(left), Values::Float64(right)) => same(left, right),
            (Values::Int128(left), Values::Int128(right)) => same(left, right),
            (
                Values::Bytes32 { offsets, data },
                Values::Bytes32 {
                    offsets: other_offsets,
                    data: other_data,
                },
            ) => same(offsets, other_offsets) && same(data, other_data),
            (
                Values::Bytes64 { offsets, data },
                Values::Bytes64 {
                    offsets: other_offsets,
                    data: other_data,
                },
            ) => same(offsets, other_offsets) && same(data, other_data),
            (
                Values::BytesView { views, buffers },
                Values::BytesView {
                    views: other_views,
                    buffers: other_buffers,
                },
            ) => {
                same(views, other_views)
                    && buffers.len() == other_buffers.len()
                    && buffers
                        .iter()
                        .zip(other_buffers)
                        .all(|(left, right)| same(left, right))
            }
            (
                Values::FixedBytes { width, data },
                Values::FixedBytes {
                    width: other_width,
                    data: other_data,
                },
            ) => width == other_width && same(data, other_data),
            _ => false,
        }
}
