//! Rows, behind those that are there.

use super::{Bitmap, CollectedColumn, Data};
use crate::batch::{BLOCK, Column, INLINE, Lists, Strings, Values, inline_bytes, view_len};
use crate::error::WriteError;

/// A row that is null, and that its column need not have.
const NO_ROW: u32 = u32::MAX;

impl CollectedColumn {
    /// Appends these rows of a column, in this order.
    ///
    /// # Errors
    ///
    /// A column of another form ([`takes`](Self::takes) tells); rows, codes or offsets beyond
    /// the values. What is collected is not to be used then.
    pub fn append(&mut self, column: &Column<'_>, rows: &[u32]) -> Result<(), WriteError> {
        let beyond = |row: &&u32| usize::try_from(**row).is_ok_and(|row| row >= column.len());
        if rows.iter().max().as_ref().is_some_and(beyond) {
            return Err(invalid(column, column.len(), "there is no such row"));
        }
        column.check_validity()?;
        self.append_rows(column, rows)
    }

    fn append_rows(&mut self, column: &Column<'_>, rows: &[u32]) -> Result<(), WriteError> {
        match &column.values {
            Values::Dictionary { keys, values } => {
                let place = |row| keys.get(row);
                return self.append_coded(column, values, rows, place);
            }
            Values::RunEnd { values, .. } => {
                let place = |row| column.run_of(row);
                return self.append_coded(column, values, rows, place);
            }
            _ => {}
        }
        let has_nulls = column.validity.is_some() || rows.contains(&NO_ROW);
        if has_nulls || self.validity.is_some() {
            let known = self.validity.get_or_insert_with(|| Bitmap::ones(self.rows));
            known.extend(rows.iter().map(|&row| is_there(column, row)));
        }
        self.is_checked &= column.is_checked;
        self.append_values(column, rows)?;
        self.rows += rows.len();
        Ok(())
    }

    /// Appends what codes stand for.
    fn append_coded(
        &mut self,
        column: &Column<'_>,
        values: &Column<'_>,
        rows: &[u32],
        place: impl Fn(usize) -> Option<usize>,
    ) -> Result<(), WriteError> {
        let mut places = Vec::with_capacity(rows.len());
        for &row in rows {
            if !is_there(column, row) {
                places.push(NO_ROW);
                continue;
            }
            let found = place(row as usize).filter(|place| *place < values.len());
            let found = found.and_then(|place| u32::try_from(place).ok());
            let wrong = || invalid(column, row as usize, "the code is not in the dictionary");
            places.push(found.ok_or_else(wrong)?);
        }
        self.append_rows(values, &places)
    }

    fn append_values(&mut self, column: &Column<'_>, rows: &[u32]) -> Result<(), WriteError> {
        if let Values::Int128(values) = &column.values
            && self.append_narrow(values, rows)
        {
            return Ok(());
        }
        match (&mut self.data, &column.values) {
            (Data::Null, Values::Null(_)) => {}
            (Data::Boolean(bits), Values::Boolean(values)) => {
                bits.extend(rows.iter().map(|&row| values.get(row as usize)));
            }
            (Data::Int8(ours), Values::Int8(values)) => pick(ours, values, rows),
            (Data::Int16(ours), Values::Int16(values)) => pick(ours, values, rows),
            (Data::Int32(ours), Values::Int32(values)) => pick(ours, values, rows),
            (Data::Int64(ours), Values::Int64(values)) => pick(ours, values, rows),
            (Data::UInt8(ours), Values::UInt8(values)) => pick(ours, values, rows),
            (Data::UInt16(ours), Values::UInt16(values)) => pick(ours, values, rows),
            (Data::UInt32(ours), Values::UInt32(values)) => pick(ours, values, rows),
            (Data::UInt64(ours), Values::UInt64(values)) => pick(ours, values, rows),
            (Data::Float16(ours), Values::Float16(values)) => pick(ours, values, rows),
            (Data::Float32(ours), Values::Float32(values)) => pick(ours, values, rows),
            (Data::Float64(ours), Values::Float64(values)) => pick(ours, values, rows),
            (Data::Int128(ours), Values::Int128(values)) => pick(ours, values, rows),
            (Data::Int256(ours), Values::Int256(values)) => pick(ours, values, rows),
            (
                Data::FixedBytes(ours, data),
                Values::FixedBytes {
                    width,
                    data: theirs,
                },
            ) if ours == width => {
                pick_fixed(data, *width, theirs, rows);
            }
            (Data::Bytes(..) | Data::LargeBytes(..), _) => return self.append_bytes(column, rows),
            (Data::List(offsets, elements), _) => {
                let Some((lists, theirs)) = Lists::of(column) else {
                    return Err(mismatch(column));
                };
                let picked = pick_lists(offsets, &lists, column, rows)?;
                elements.append_rows(theirs, &picked)?;
            }
            (Data::Struct(ours), Values::Struct { fields, .. }) => {
                for ours in ours {
                    let field = fields.iter().find(|field| *field.name == *ours.name);
                    let field = field.ok_or_else(|| mismatch(column))?;
                    field.check_validity()?;
                    ours.append_rows(field, rows)?;
                }
            }
            _ => return Err(mismatch(column)),
        }
        Ok(())
    }

    /// Appends decimals in as few bits as all fit; false if they need all.
    fn append_narrow(&mut self, values: &[i128], rows: &[u32]) -> bool {
        if let Data::Narrowest(ours) = &mut self.data {
            if pick_narrow(ours, values, rows, |value| value as i32) {
                return true;
            }
            self.data = Data::Narrow(ours.iter().map(|&value| value.into()).collect());
        }
        if let Data::Narrow(ours) = &mut self.data {
            if pick_narrow(ours, values, rows, |value| value as i64) {
                return true;
            }
            self.data = Data::Int128(ours.iter().map(|&value| value.into()).collect());
        }
        false
    }

    fn append_bytes(&mut self, column: &Column<'_>, rows: &[u32]) -> Result<(), WriteError> {
        let strings = Strings::of(&column.values).ok_or_else(|| mismatch(column))?;
        let mut added = 0_usize;
        for &row in rows {
            added = added.saturating_add(match &strings {
                Strings::Views(views, _) => {
                    views.get(row as usize).map_or(0, |&view| view_len(view))
                }
                _ => strings
                    .get(row as usize)
                    .map_or(0, |it| it.as_bytes().len()),
            });
        }
        let most = i32::MAX as usize;
        if let Data::Bytes(offsets, data) = &mut self.data
            && data.len().saturating_add(added) > most
        {
            let offsets = offsets.iter().map(|&offset| offset.into()).collect();
            self.data = Data::LargeBytes(offsets, std::mem::take(data));
        }
        match &mut self.data {
            Data::Bytes(offsets, data) => pick_bytes(
                offsets,
                data,
                |end| end as i32,
                added,
                &strings,
                column,
                rows,
            ),
            Data::LargeBytes(offsets, data) => pick_bytes(
                offsets,
                data,
                |end| end as i64,
                added,
                &strings,
                column,
                rows,
            ),
            _ => Err(mismatch(column)),
        }
    }
}

/// Room for so many more values. There are few sizes, so that memory which one column has left fits
/// another: powers of two and, of larger ones, three steps in between.
pub(super) fn make_room<T>(values: &mut Vec<T>, more: usize) {
    if values.capacity() - values.len() >= more {
        return;
    }
    const FINE: usize = 1 << 12;
    let each = size_of::<T>().max(1);
    let least = values.len().saturating_add(more).saturating_mul(each);
    let grown = values
        .len()
        .saturating_add(values.len() / 2)
        .saturating_mul(each);
    let wanted = least.max(grown).max(64);
    let whole = wanted.checked_next_power_of_two().unwrap_or(wanted);
    let step = if whole > FINE { whole / 8 } else { whole };
    let capacity = wanted.next_multiple_of(step) / each;
    values.reserve_exact(capacity.saturating_sub(values.len()).max(more));
}

fn is_there(column: &Column<'_>, row: u32) -> bool {
    row != NO_ROW && column.validity.is_none_or(|bits| bits.get(row as usize))
}

/// Rows that lie behind each other.
fn run(rows: &[u32]) -> Option<std::ops::Range<usize>> {
    let (&first, &last) = (rows.first()?, rows.last()?);
    let is_run = last != NO_ROW
        && (last as usize).checked_sub(first as usize)? + 1 == rows.len()
        && rows.is_sorted_by(|left, right| left < right);
    is_run.then(|| first as usize..last as usize + 1)
}

fn pick<T: Copy + Default>(ours: &mut Vec<T>, values: &[T], rows: &[u32]) {
    make_room(ours, rows.len());
    match run(rows).and_then(|run| values.get(run)) {
        Some(values) => ours.extend_from_slice(values),
        None => {
            let at = |&row: &u32| values.get(row as usize).copied().unwrap_or_default();
            ours.extend(rows.iter().map(at));
        }
    }
}

/// Whether all values fit; nothing is appended if not.
fn pick_narrow<T: Copy + Into<i128>>(
    ours: &mut Vec<T>,
    values: &[i128],
    rows: &[u32],
    narrow: impl Fn(i128) -> T,
) -> bool {
    make_room(ours, rows.len());
    let before = ours.len();
    let mut fits = true;
    ours.extend(rows.iter().map(|&row| {
        let value = values.get(row as usize).copied().unwrap_or_default();
        let narrowed = narrow(value);
        fits &= narrowed.into() == value;
        narrowed
    }));
    if !fits {
        ours.truncate(before);
    }
    fits
}

fn pick_fixed(ours: &mut Vec<u8>, width: usize, data: &[u8], rows: &[u32]) {
    make_room(ours, rows.len().saturating_mul(width));
    for &row in rows {
        let start = (row as usize).saturating_mul(width);
        match data.get(start..start.saturating_add(width)) {
            Some(value) => ours.extend_from_slice(value),
            None => ours.extend(std::iter::repeat_n(0, width)),
        }
    }
}

fn pick_bytes<O>(
    offsets: &mut Vec<O>,
    data: &mut Vec<u8>,
    offset: impl Fn(usize) -> O,
    added: usize,
    strings: &Strings<'_, '_>,
    column: &Column<'_>,
    rows: &[u32],
) -> Result<(), WriteError> {
    make_room(offsets, rows.len() + 1);
    // A string is copied with what is behind it.
    make_room(data, added + BLOCK);
    if offsets.is_empty() {
        offsets.push(offset(0));
    }
    for &row in rows {
        if is_there(column, row) {
            let wrong = || invalid(column, row as usize, "an offset lies beyond the values");
            let short = match strings {
                Strings::Views(views, _) => views
                    .get(row as usize)
                    .filter(|view| view_len(**view) <= INLINE),
                _ => None,
            };
            if let Some(&view) = short {
                let end = data.len() + view_len(view);
                data.extend_from_slice(&inline_bytes(view));
                data.truncate(end);
            } else if let Some((block, len)) = strings.block(row as usize) {
                let end = data.len() + len;
                data.extend_from_slice(block);
                data.truncate(end);
            } else {
                let value = strings.get(row as usize).ok_or_else(wrong)?;
                data.extend_from_slice(value.as_bytes());
            }
        }
        offsets.push(offset(data.len()));
    }
    Ok(())
}

/// The elements of the lists of these rows, none where they are null.
fn pick_lists(
    offsets: &mut Vec<i64>,
    lists: &Lists<'_>,
    column: &Column<'_>,
    rows: &[u32],
) -> Result<Vec<u32>, WriteError> {
    let mut picked = Vec::new();
    make_room(offsets, rows.len() + 1);
    if offsets.is_empty() {
        offsets.push(0);
    }
    let first = offsets.last().copied().unwrap_or(0);
    for &row in rows {
        if is_there(column, row) {
            let wrong = || invalid(column, row as usize, "an offset lies beyond the values");
            for element in lists.elements(row as usize).ok_or_else(wrong)? {
                let element = u32::try_from(element).ok().filter(|it| *it != NO_ROW);
                picked.push(element.ok_or_else(wrong)?);
            }
        }
        offsets.push(first + picked.len() as i64);
    }
    Ok(picked)
}

fn invalid(column: &Column<'_>, row: usize, reason: &str) -> WriteError {
    WriteError::InvalidValue {
        column: column.name.to_owned(),
        row,
        reason: reason.to_owned(),
    }
}

fn mismatch(column: &Column<'_>) -> WriteError {
    WriteError::InvalidValue {
        column: column.name.to_owned(),
        row: 0,
        reason: format!("values of form {} go behind others", column.values.form()),
    }
}
