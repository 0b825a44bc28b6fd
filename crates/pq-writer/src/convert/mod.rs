//! From what values mean to what is stored: the values of a leaf in the shape of its physical
//! type, nulls left out.
//!
//! The same code runs twice: once for all leaves of a row group, to find values that cannot be
//! stored before a byte is written ([`check`]), and once for each leaf when its turn comes
//! ([`values`]).

mod bytes;
mod coded;
mod decimal;
mod each;
mod fixed;
mod form;
mod time;

use crate::batch::{Column, Values};
use crate::error::WriteError;
use crate::leaf::LeafValues;
use crate::nested::{LeafPiece, Selection, Shredded};
use crate::schema::Leaf;
use pq_format::Type;

/// Whether values are only looked at, or taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    Check,
    Take,
}

/// A value that cannot be stored: its position in its column, and why.
#[derive(Debug)]
enum Fault {
    Value { position: usize, reason: String },
    Form,
}

impl Fault {
    fn at(position: usize, reason: impl Into<String>) -> Self {
        Self::Value {
            position,
            reason: reason.into(),
        }
    }
}

/// Errors if a value of a leaf cannot be stored.
pub(crate) fn check(leaf: &Leaf, shredded: &Shredded<'_>) -> Result<(), WriteError> {
    run(leaf, shredded, Pass::Check).map(drop)
}

/// The values of a leaf.
///
/// # Errors
///
/// As [`check`].
pub(crate) fn values<'a>(
    leaf: &Leaf,
    shredded: &Shredded<'a>,
) -> Result<LeafValues<'a>, WriteError> {
    run(leaf, shredded, Pass::Take)
}

fn run<'a>(leaf: &Leaf, shredded: &Shredded<'a>, pass: Pass) -> Result<LeafValues<'a>, WriteError> {
    let pieces = &shredded.pieces;
    let is_coded = |piece: &LeafPiece<'_>| {
        matches!(
            piece.column.values,
            Values::Dictionary { .. } | Values::RunEnd { .. }
        )
    };
    let stays_coded = leaf.physical != Type::BOOLEAN
        && pieces.iter().any(is_coded)
        && pieces
            .iter()
            .all(|piece| is_coded(piece) || matches!(piece.column.values, Values::Null(_)));
    let mut coder = coded::Coder::default();
    let mut taken = LeafValues::none(leaf);
    for (position, piece) in pieces.iter().enumerate() {
        let result = if stays_coded {
            coder.piece(piece)
        } else {
            plain(leaf, piece, pass).map(|values| form::append(&mut taken, values))
        };
        result.map_err(|fault| named(leaf, shredded, position, fault))?;
    }
    if !stays_coded {
        return Ok(taken);
    }
    coder.finish(leaf, pass).map_err(|(dictionary, fault)| {
        let (position, fault) = coded::blame(pieces, dictionary, fault);
        named(leaf, shredded, position, fault)
    })
}

/// The values of a piece one by one, whatever its form.
fn plain<'a>(leaf: &Leaf, piece: &LeafPiece<'a>, pass: Pass) -> Result<LeafValues<'a>, Fault> {
    match &piece.column.values {
        Values::Null(_) => Ok(LeafValues::none(leaf)),
        Values::Dictionary { values, .. } | Values::RunEnd { values, .. } => {
            let inner = LeafPiece {
                column: values,
                selection: Selection::Runs(coded::positions(piece)?),
            };
            plain(leaf, &inner, pass).map_err(|fault| coded::outer(piece, fault))
        }
        _ => form::values(leaf, piece.column, &piece.selection, pass),
    }
}

/// The error that a fault in a piece is.
fn named(leaf: &Leaf, shredded: &Shredded<'_>, piece: usize, fault: Fault) -> WriteError {
    let column = leaf.name.clone();
    let (position, reason) = match fault {
        Fault::Value { position, reason } => (position, reason),
        Fault::Form => {
            return WriteError::WrongForm {
                column,
                expected: leaf.data_type.kind(),
                got: shredded
                    .pieces
                    .get(piece)
                    .map_or("", |piece| form_within(piece.column))
                    .to_owned(),
            };
        }
    };
    let before: usize = shredded
        .pieces
        .iter()
        .take(piece)
        .map(|piece| piece.selection.count())
        .sum();
    let within = shredded
        .pieces
        .get(piece)
        .map_or(0, |piece| index_of(&piece.selection, position));
    WriteError::InvalidValue {
        column,
        row: shredded
            .levels
            .row_of_value(before + within, leaf.max_definition),
        reason,
    }
}

fn form_within<'a>(column: &'a Column<'_>) -> &'a str {
    match &column.values {
        Values::Dictionary { values, .. } | Values::RunEnd { values, .. } => form_within(values),
        values => values.form(),
    }
}

/// How many positions of a selection come before the first that is `position`.
fn index_of(selection: &Selection<'_>, position: usize) -> usize {
    let mut before = 0;
    let _ = selection.for_each(|run| {
        if run.contains(&position) {
            before += position - run.start;
            return Err(());
        }
        before += run.len();
        Ok(())
    });
    before
}
