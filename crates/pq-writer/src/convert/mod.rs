//! From what values mean to what is stored: one piece of a column, as its physical type.

mod decimal;
mod form;

use crate::batch::{Bits, Column, Values, bad_code, byte_string};
use crate::error::WriteError;
use crate::schema::Leaf;
use std::borrow::Cow;

/// Values in the shape of a physical type, borrowed wherever memory already has that shape.
#[derive(Debug, Clone)]
pub(crate) enum Physical<'a> {
    Boolean(Bits<'a>),
    Int32(Cow<'a, [i32]>),
    Int64(Cow<'a, [i64]>),
    Float(Cow<'a, [f32]>),
    Double(Cow<'a, [f64]>),
    Bytes32 {
        offsets: &'a [i32],
        data: &'a [u8],
    },
    Bytes64 {
        offsets: Cow<'a, [i64]>,
        data: Cow<'a, [u8]>,
    },
    Fixed {
        width: usize,
        data: Cow<'a, [u8]>,
    },
}

impl Physical<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Boolean(bits) => bits.len(),
            Self::Int32(values) => values.len(),
            Self::Int64(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Double(values) => values.len(),
            Self::Bytes32 { offsets, .. } => offsets.len().saturating_sub(1),
            Self::Bytes64 { offsets, .. } => offsets.len().saturating_sub(1),
            Self::Fixed { width, data } => data.len().checked_div(*width).unwrap_or(0),
        }
    }

    /// The bytes of row `row` of byte strings, empty where there are none. Offsets were checked
    /// when the piece was made.
    #[inline]
    pub(crate) fn bytes(&self, row: usize) -> &[u8] {
        match self {
            Self::Bytes32 { offsets, data } => byte_string(offsets, data, row),
            Self::Bytes64 { offsets, data } => byte_string(offsets, data, row),
            Self::Fixed { width, data } => data.get(row * width..(row + 1) * width),
            _ => None,
        }
        .unwrap_or_default()
    }
}

/// A piece of a column: the rows that one batch brought.
#[derive(Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) values: PieceValues<'a>,
    /// Set where there is a value; `None` where there is one in every row.
    pub(crate) validity: Option<Bits<'a>>,
    /// The position of the first row in its row group.
    pub(crate) first_row: usize,
}

/// A piece's values, as they came.
#[derive(Debug)]
pub(crate) enum PieceValues<'a> {
    /// One value a row.
    Plain(Physical<'a>),
    /// One code a row, and what the codes stand for.
    Coded {
        column: &'a Column<'a>,
        entries: Physical<'a>,
    },
    /// Rows without any value.
    Null(usize),
}

impl<'a> Piece<'a> {
    /// The values of `column` as `leaf` stores them.
    ///
    /// `first_row` is the position of the column's first row in its row group, for errors.
    pub(crate) fn of(
        leaf: &Leaf,
        column: &'a Column<'a>,
        first_row: usize,
    ) -> Result<Self, WriteError> {
        let rows = column.len();
        column.check_validity()?;
        let values = match &column.values {
            Values::Null(_) => PieceValues::Null(rows),
            Values::Dictionary { values, .. } if values.is_empty() => {
                if let Some(row) =
                    (0..rows).find(|&row| column.validity.is_none_or(|bits| bits.get(row)))
                {
                    return Err(bad_code(column, first_row + row));
                }
                PieceValues::Null(rows)
            }
            Values::Dictionary { values, .. } if !matches!(values.values, Values::Null(_)) => {
                let entries = form::physical(leaf, values, 0)
                    .map_err(|error| at_first_use(error, column, first_row))?;
                PieceValues::Coded { column, entries }
            }
            Values::Dictionary { .. } => PieceValues::Null(rows),
            _ => PieceValues::Plain(form::physical(leaf, column, first_row)?),
        };
        Ok(Self {
            values,
            // Counted once, here: what comes later asks for each page.
            validity: column
                .validity
                .filter(|bits| bits.count_ones() < bits.len()),
            first_row,
        })
    }

    pub(crate) fn len(&self) -> usize {
        match &self.values {
            PieceValues::Plain(values) => values.len(),
            PieceValues::Coded { column, .. } => column.len(),
            PieceValues::Null(rows) => *rows,
        }
    }

    /// Whether row `row` is null.
    pub(crate) fn is_null(&self, row: usize) -> bool {
        match &self.values {
            PieceValues::Null(_) => true,
            PieceValues::Coded { column, .. } => column.is_null(row),
            PieceValues::Plain(_) => self.validity.is_some_and(|bits| !bits.get(row)),
        }
    }

    /// Whether a null is possible at all, without looking at each row.
    pub(crate) fn may_have_nulls(&self) -> bool {
        match &self.values {
            PieceValues::Null(rows) => *rows > 0,
            PieceValues::Plain(_) => self.validity.is_some(),
            PieceValues::Coded { column, .. } => match &column.values {
                Values::Dictionary { values, .. } => {
                    column.validity.is_some() || values.validity.is_some()
                }
                _ => true,
            },
        }
    }
}

/// An error of a dictionary's value, at the first row that has it.
fn at_first_use(error: WriteError, column: &Column<'_>, first_row: usize) -> WriteError {
    let (
        Values::Dictionary { keys, .. },
        WriteError::InvalidValue {
            row: position,
            reason,
            ..
        },
    ) = (&column.values, &error)
    else {
        return error;
    };
    let is_there = |row: &usize| column.validity.is_none_or(|bits| bits.get(*row));
    let mut rows = (0..keys.len()).filter(is_there);
    WriteError::InvalidValue {
        column: column.name.to_owned(),
        row: first_row
            + rows
                .find(|&row| keys.get(row) == Some(*position))
                .unwrap_or(0),
        reason: format!("value {position} of the dictionary: {reason}"),
    }
}
