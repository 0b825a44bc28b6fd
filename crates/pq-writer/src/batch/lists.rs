//! The forms of lists.

use super::{Column, Values};
use std::ops::Range;

/// The lists of a column.
pub(crate) struct Lists<'a> {
    form: Form<'a>,
    elements: usize,
}

enum Form<'a> {
    Offsets32(&'a [i32]),
    Offsets64(&'a [i64]),
    Views32(&'a [i32], &'a [i32]),
    Views64(&'a [i64], &'a [i64]),
    Fixed(usize),
}

impl<'a> Lists<'a> {
    /// The lists of a column and the column of their elements; `None` if it is of another form.
    pub(crate) fn of(column: &'a Column<'a>) -> Option<(Self, &'a Column<'a>)> {
        let (form, values) = match &column.values {
            Values::List32 { offsets, values } => (Form::Offsets32(offsets), values),
            Values::List64 { offsets, values } => (Form::Offsets64(offsets), values),
            Values::ListView32 {
                offsets,
                sizes,
                values,
            } => (Form::Views32(offsets, sizes), values),
            Values::ListView64 {
                offsets,
                sizes,
                values,
            } => (Form::Views64(offsets, sizes), values),
            Values::FixedList { size, values, .. } => (Form::Fixed(*size), values),
            _ => return None,
        };
        let elements = values.len();
        Some((Self { form, elements }, values))
    }

    /// Where the elements of list `position` are; `None` if it reaches beyond them.
    pub(crate) fn elements(&self, position: usize) -> Option<Range<usize>> {
        let range = match &self.form {
            Form::Offsets32(offsets) => {
                at(offsets, position)?..at(offsets, position.checked_add(1)?)?
            }
            Form::Offsets64(offsets) => {
                at(offsets, position)?..at(offsets, position.checked_add(1)?)?
            }
            Form::Views32(offsets, sizes) => view(at(offsets, position)?, at(sizes, position)?)?,
            Form::Views64(offsets, sizes) => view(at(offsets, position)?, at(sizes, position)?)?,
            Form::Fixed(size) => view(position.checked_mul(*size)?, *size)?,
        };
        (range.start <= range.end && range.end <= self.elements).then_some(range)
    }
}

fn at<T: Copy + TryInto<usize>>(values: &[T], position: usize) -> Option<usize> {
    (*values.get(position)?).try_into().ok()
}

fn view(start: usize, size: usize) -> Option<Range<usize>> {
    Some(start..start.checked_add(size)?)
}
