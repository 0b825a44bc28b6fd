//! Dictionaries and runs: their values are taken once each, their codes row by row.

use super::each::{lend, map, within};
use super::{Fault, Pass, plain};
use crate::batch::{Column, Keys, Values};
use crate::leaf::{Coded, CodedPart, LeafValues, Pieces};
use crate::nested::{LeafPiece, Selection, push_position};
use crate::schema::Leaf;
use pq_encoding::vectors::{Work, vectorized};
use std::ops::Range;
use std::sync::Arc;

/// Finds the values that codes name. The others are left out; these keep their order.
#[derive(Default)]
pub(super) struct Coder<'p, 'a> {
    dictionaries: Vec<Used<'a>>,
    /// Each piece, and the position of its dictionary.
    pieces: Vec<(&'p LeafPiece<'a>, usize)>,
}

/// What is used of one dictionary.
struct Used<'a> {
    values: &'a Column<'a>,
    /// Whether each value is used.
    marks: Vec<bool>,
}

/// More values than this are no dictionary of Parquet.
const MOST: usize = i32::MAX as usize;

impl<'p, 'a> Coder<'p, 'a> {
    /// Looks through the codes of a piece.
    pub(super) fn piece(&mut self, piece: &'p LeafPiece<'a>) -> Result<(), Fault> {
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
                marks: vec![false; values.len()],
            });
            self.dictionaries.len() - 1
        });
        if let Some(used) = self.dictionaries.get_mut(dictionary) {
            used.mark(piece)?;
        }
        self.pieces.push((piece, dictionary));
        Ok(())
    }

    /// All codes, and the values that they name; a fault in the values comes with the dictionary.
    pub(super) fn finish(
        self,
        leaf: &Leaf,
        pass: Pass,
    ) -> Result<LeafValues<'a>, (&'a Column<'a>, Fault)> {
        let mut coded = Coded {
            parts: Vec::with_capacity(self.pieces.len()),
            dictionaries: Vec::with_capacity(self.dictionaries.len()),
        };
        let mut numbers = Vec::with_capacity(self.dictionaries.len());
        for used in self.dictionaries {
            let (positions, numbered) = used.numbered();
            let piece = LeafPiece {
                column: used.values,
                selection: Selection::Runs(positions),
            };
            let values = plain(leaf, &piece, pass).map_err(|fault| (used.values, fault))?;
            coded.dictionaries.push(values);
            numbers.push((used.values, numbered));
        }
        if pass == Pass::Take {
            for (piece, dictionary) in self.pieces {
                if let Some((values, numbers)) = numbers.get(dictionary) {
                    let codes = codes(piece, numbers).map_err(|fault| (*values, fault))?;
                    coded.parts.push(CodedPart { dictionary, codes });
                }
            }
        }
        Ok(LeafValues::Coded(coded))
    }
}

impl Used<'_> {
    fn mark(&mut self, piece: &LeafPiece<'_>) -> Result<(), Fault> {
        let column = piece.column;
        match &column.values {
            Values::Dictionary { keys, .. } => match *keys {
                Keys::Int8(keys) => self.mark_keys(keys, &piece.selection),
                Keys::Int16(keys) => self.mark_keys(keys, &piece.selection),
                Keys::Int32(keys) => self.mark_keys(keys, &piece.selection),
                Keys::Int64(keys) => self.mark_keys(keys, &piece.selection),
                Keys::UInt8(keys) => self.mark_keys(keys, &piece.selection),
                Keys::UInt16(keys) => self.mark_keys(keys, &piece.selection),
                Keys::UInt32(keys) => self.mark_keys(keys, &piece.selection),
                Keys::UInt64(keys) => self.mark_keys(keys, &piece.selection),
            },
            // Each run from that of the first row to that of the last has a row between.
            _ => piece.selection.for_each(|rows| {
                let run_of = |row| column.run_of(row).ok_or_else(|| Fault::at(row, NO_RUN));
                let Some(last) = rows.clone().last() else {
                    return Ok(());
                };
                let runs = run_of(rows.start)?..=run_of(last)?;
                let marks = self.marks.get_mut(runs);
                marks.ok_or_else(|| Fault::at(last, NO_RUN))?.fill(true);
                Ok(())
            }),
        }
    }

    fn mark_keys<K: Key>(&mut self, keys: &[K], selection: &Selection<'_>) -> Result<(), Fault> {
        let values = self.marks.len().min(MOST);
        selection.for_each(|run| {
            let start = run.start;
            let keys = within(keys, run)?;
            if vectorized(Beyond { keys, values }) {
                let wrong = keys.iter().position(|key| key.position() >= values as u64);
                return Err(Fault::at(start + wrong.unwrap_or(0), NO_CODE));
            }
            // Mostly all are used after a few times as many codes: looked for in steps that double,
            // so that the looking costs less than the rest.
            let (mut rest, mut step) = (keys, values.saturating_mul(4).max(256));
            while !rest.is_empty() {
                if self.marks.iter().all(|mark| *mark) {
                    break;
                }
                let (some, others) = rest.split_at(step.min(rest.len()));
                for key in some {
                    if let Some(mark) = self.marks.get_mut(key.position() as usize) {
                        *mark = true;
                    }
                }
                (rest, step) = (others, step * 2);
            }
            Ok(())
        })
    }

    /// The positions of the values that are used, and for each value its number among those; none
    /// if all are used.
    fn numbered(&self) -> (Vec<Range<usize>>, Option<Arc<[u32]>>) {
        if self.marks.iter().all(|mark| *mark) {
            let all = 0..self.marks.len();
            return (vec![all], None);
        }
        let (mut positions, mut next) = (Vec::new(), 0);
        let numbers = self.marks.iter().enumerate().map(|(position, &mark)| {
            let number = next;
            if mark {
                push_position(&mut positions, position);
                next += 1;
            }
            number
        });
        let numbers = numbers.collect();
        (positions, Some(numbers))
    }
}

/// A code as it comes in.
trait Key: Copy + Default + Send + Sync {
    /// The position it names; beyond all if it is negative.
    fn position(self) -> u64;
}

macro_rules! keys {
    ($($key:ident)*) => {$(
        impl Key for $key {
            #[inline(always)]
            fn position(self) -> u64 {
                self as i64 as u64
            }
        }
    )*};
}

keys! { i8 i16 i32 i64 u8 u16 u32 }

impl Key for u64 {
    #[inline(always)]
    fn position(self) -> u64 {
        self
    }
}

/// Finds out whether a code names none of so many values.
struct Beyond<'k, K> {
    keys: &'k [K],
    values: usize,
}

impl<K: Key> Work for Beyond<'_, K> {
    type Done = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let values = self.values as u64;
        let beyond = |beyond, key: &K| beyond | (key.position() >= values);
        self.keys.iter().fold(false, beyond)
    }
}

/// The codes of a piece, which were looked through.
fn codes<'a>(
    piece: &LeafPiece<'a>,
    numbers: &Option<Arc<[u32]>>,
) -> Result<Pieces<'a, u32>, Fault> {
    macro_rules! keys {
        ($keys:expr) => {{
            let numbers = numbers.clone();
            match numbers {
                None => map($keys, &piece.selection, Pass::Take, |key| key as u32),
                Some(numbers) => map($keys, &piece.selection, Pass::Take, move |key| {
                    numbers.get(key as usize).copied().unwrap_or(0)
                }),
            }
        }};
    }
    match &piece.column.values {
        Values::Dictionary { keys, .. } => match (*keys, numbers) {
            (Keys::Int32(keys), None) => {
                lend(bytemuck::cast_slice(keys), &piece.selection, Pass::Take)
            }
            (Keys::UInt32(keys), None) => lend(keys, &piece.selection, Pass::Take),
            (Keys::Int8(keys), _) => keys!(keys),
            (Keys::Int16(keys), _) => keys!(keys),
            (Keys::Int32(keys), _) => keys!(keys),
            (Keys::Int64(keys), _) => keys!(keys),
            (Keys::UInt8(keys), _) => keys!(keys),
            (Keys::UInt16(keys), _) => keys!(keys),
            (Keys::UInt32(keys), _) => keys!(keys),
            (Keys::UInt64(keys), _) => keys!(keys),
        },
        _ => {
            let mut codes = Vec::with_capacity(piece.selection.count());
            piece.selection.for_each(|run| {
                for row in run {
                    let run = piece.column.run_of(row).unwrap_or(0);
                    codes.push(match numbers {
                        None => run as u32,
                        Some(numbers) => numbers.get(run).copied().unwrap_or(0),
                    });
                }
                Ok(())
            })?;
            Ok(Pieces::of(codes))
        }
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
