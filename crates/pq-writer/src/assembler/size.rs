//! What rows take in memory.

use crate::batch::{Batch, Column, INLINE, Keys, Values, view_len};
use std::ops::Range;

pub(super) fn of(batch: &Batch<'_>) -> u64 {
    let rows = batch.num_rows();
    let sizes = batch.columns.iter().map(|column| size(column, 0..rows));
    sizes.fold(0_u64, u64::saturating_add).max(rows as u64)
}

fn size(column: &Column<'_>, rows: Range<usize>) -> u64 {
    let rows = rows.start..rows.end.min(column.len()).max(rows.start);
    let count = rows.len() as u64;
    let validity = column.validity.map_or(0, |_| count.div_ceil(8));
    validity.saturating_add(values(&column.values, rows))
}

fn values(values: &Values<'_>, rows: Range<usize>) -> u64 {
    let count = rows.len() as u64;
    let each = |bytes: u64| count.saturating_mul(bytes);
    match values {
        Values::Null(_) => 0,
        Values::Boolean(_) => count.div_ceil(8),
        Values::Int8(_) | Values::UInt8(_) => count,
        Values::Int16(_) | Values::UInt16(_) | Values::Float16(_) => each(2),
        Values::Int32(_) | Values::UInt32(_) | Values::Float32(_) => each(4),
        Values::Int64(_) | Values::UInt64(_) | Values::Float64(_) => each(8),
        Values::Int128(_) => each(16),
        Values::Int256(_) => each(32),
        Values::FixedBytes { width, .. } => each(*width as u64),
        Values::Bytes32 { offsets, .. } => each(4).saturating_add(len(&span(offsets, &rows))),
        Values::Bytes64 { offsets, .. } => each(8).saturating_add(len(&span(offsets, &rows))),
        Values::BytesView { views, .. } => {
            let views = views.get(rows).unwrap_or_default();
            let lengths = views.iter().map(|&view| view_len(view));
            each(16).saturating_add(lengths.filter(|&length| length > INLINE).sum::<usize>() as u64)
        }
        Values::List32 { offsets, values } => {
            each(4).saturating_add(size(values, span(offsets, &rows)))
        }
        Values::List64 { offsets, values } => {
            each(8).saturating_add(size(values, span(offsets, &rows)))
        }
        Values::ListView32 { sizes, values, .. } => {
            each(8).saturating_add(share(values, total(sizes, rows)))
        }
        Values::ListView64 { sizes, values, .. } => {
            each(16).saturating_add(share(values, total(sizes, rows)))
        }
        Values::FixedList {
            size: each, values, ..
        } => {
            let at = |row: usize| row.saturating_mul(*each);
            size(values, at(rows.start)..at(rows.end))
        }
        Values::Struct { fields, .. } => {
            let sizes = fields.iter().map(|field| size(field, rows.clone()));
            sizes.fold(0, u64::saturating_add)
        }
        Values::Dictionary { keys, values } => {
            let key = match keys {
                Keys::Int8(_) | Keys::UInt8(_) => 1,
                Keys::Int16(_) | Keys::UInt16(_) => 2,
                Keys::Int32(_) | Keys::UInt32(_) => 4,
                Keys::Int64(_) | Keys::UInt64(_) => 8,
            };
            let named = count.min(values.len() as u64);
            each(key).saturating_add(share(values, named))
        }
        // A code a row is what the writer makes of them.
        Values::RunEnd { values, .. } => {
            let named = count.min(values.len() as u64);
            each(4).saturating_add(share(values, named))
        }
    }
}

/// What `named` rows of a column take, if all rows take the same; some may be named repeatedly.
fn share(column: &Column<'_>, named: u64) -> u64 {
    let rows = column.len();
    let whole = u128::from(size(column, 0..rows));
    let share = whole * u128::from(named) / (rows as u128).max(1);
    u64::try_from(share).unwrap_or(u64::MAX)
}

/// Where rows lie whose offsets these are.
fn span<O: Copy + TryInto<usize>>(offsets: &[O], rows: &Range<usize>) -> Range<usize> {
    let at = |row: usize| {
        let offset = offsets.get(row).copied();
        offset
            .and_then(|offset| offset.try_into().ok())
            .unwrap_or(0)
    };
    at(rows.start)..at(rows.end).max(at(rows.start))
}

fn total<O: Copy + TryInto<u64>>(sizes: &[O], rows: Range<usize>) -> u64 {
    let sizes = sizes.get(rows).unwrap_or_default().iter();
    let sizes = sizes.map(|&size| size.try_into().unwrap_or(0));
    sizes.fold(0, u64::saturating_add)
}

fn len(range: &Range<usize>) -> u64 {
    range.len() as u64
}
