//! Columns that are leaves themselves: no levels without nulls, a bitmap with them.

use super::{LeafPiece, Selection, Shredded};
use crate::batch::{Bits, Column, Values, pack_bits};
use crate::error::WriteError;
use crate::leaf::{Definition, Levels};
use crate::schema::Leaf;
use pq_encoding::plain::BitAppender;
use std::borrow::Cow;

pub(super) fn shred<'a>(
    leaf: &Leaf,
    columns: &[&'a Column<'a>],
) -> Result<Shredded<'a>, WriteError> {
    let mut pieces = Vec::with_capacity(columns.len());
    let (mut rows, mut values) = (0, 0);
    for &column in columns {
        column.check_validity()?;
        let len = column.len();
        let selection = present(column)?;
        let there = selection.count();
        if there < len && leaf.max_definition == 0 {
            return Err(WriteError::NullInRequired {
                column: leaf.name.clone(),
                row: rows + first_gap(&selection),
            });
        }
        rows += len;
        values += there;
        pieces.push(LeafPiece { column, selection });
    }
    let definition = if values == rows {
        Definition::Uniform(leaf.max_definition)
    } else if values == 0 {
        Definition::Uniform(0)
    } else {
        Definition::Bits(bitmap(&pieces, rows)?)
    };
    Ok(Shredded {
        levels: Levels {
            rows,
            entries: rows,
            values,
            definition,
            repetition: None,
        },
        pieces,
    })
}

/// The rows of a column that is not nested that are not null.
pub(super) fn present<'a>(column: &'a Column<'a>) -> Result<Selection<'a>, WriteError> {
    let own = match column.validity {
        None => Selection::All(column.len()),
        Some(bits) => lend(bits),
    };
    Ok(match &column.values {
        Values::Null(_) => Selection::NONE,
        Values::Dictionary { values, .. } | Values::RunEnd { values, .. }
            if values.may_have_nulls() =>
        {
            let rows = column.len();
            Selection::Bits {
                bytes: Cow::Owned(pack_bits((0..rows).map(|row| !column.is_null(row)))),
                offset: 0,
                len: rows,
            }
        }
        _ => own,
    })
}

fn lend(bits: Bits<'_>) -> Selection<'_> {
    if bits.count_ones() == bits.len() {
        return Selection::All(bits.len());
    }
    Selection::Bits {
        bytes: Cow::Borrowed(bits.bytes()),
        offset: bits.offset(),
        len: bits.len(),
    }
}

fn first_gap(selection: &Selection<'_>) -> usize {
    let mut gap = 0;
    let _ = selection.for_each(|run| {
        if run.start > gap {
            return Err(());
        }
        gap = run.end;
        Ok(())
    });
    gap
}

/// A bit for each row of all pieces.
fn bitmap(pieces: &[LeafPiece<'_>], rows: usize) -> Result<Vec<u8>, WriteError> {
    let mut bytes = Vec::with_capacity(rows.div_ceil(8));
    let mut appender = BitAppender::new(&mut bytes);
    let mut constant: Vec<u8> = Vec::new();
    for LeafPiece { column, selection } in pieces {
        let appended = match selection {
            Selection::Bits { bytes, offset, len } => appender.append_bits(bytes, *offset, *len),
            other => {
                let byte = if other.count() == 0 { 0 } else { 0xFF };
                constant.clear();
                constant.resize(column.len().div_ceil(8), byte);
                appender.append_bits(&constant, 0, column.len())
            }
        };
        appended.map_err(|error| WriteError::TooLarge {
            what: format!("the levels of a column ({error})"),
            size: rows as u64,
        })?;
    }
    appender.finish().map_err(|error| WriteError::TooLarge {
        what: format!("the levels of a column ({error})"),
        size: rows as u64,
    })?;
    Ok(bytes)
}
