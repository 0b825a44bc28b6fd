//! Byte strings: lent where they lie one behind the other, copied together otherwise.

mod check;
mod views;

use super::each::beyond;
use super::{Fault, Pass};
use crate::batch::{Column, Strings};
use crate::leaf::{BytePart, BytePieces};
use crate::nested::Selection;
use std::borrow::Cow;

/// The byte strings selected; `is_text` if they must be UTF-8.
pub(super) fn byte_strings<'a>(
    column: &'a Column<'a>,
    selection: &Selection<'_>,
    pass: Pass,
    is_text: bool,
) -> Result<BytePieces<'a>, Fault> {
    let strings = Strings::of(&column.values).ok_or(Fault::Form)?;
    let mut pieces = BytePieces::default();
    if pass == Pass::Check {
        if !column.is_checked || check::may_be_too_long(&strings) {
            check::check(&strings, selection, is_text)?;
        }
        return Ok(pieces);
    }
    match &strings {
        Strings::Views(views, buffers) => pieces.push(BytePart::Views {
            views: views::selected(views, selection)?,
            buffers: buffers.to_vec(),
        }),
        Strings::Offsets32(offsets, data) if let Some(offsets) = joined(offsets, selection) => {
            pieces.push_offsets(offsets, *data);
        }
        Strings::Offsets64(offsets, data)
            if let Some(run) = selection.single_run()
                && let Some(part) = narrowed(offsets, data, run) =>
        {
            pieces.push(part);
        }
        strings => return copied(strings, selection),
    }
    Ok(pieces)
}

/// The offsets of the values selected, if these lie one behind the other: what is between them is
/// empty, as nulls mostly are.
fn joined<'a>(offsets: &'a [i32], selection: &Selection<'_>) -> Option<Cow<'a, [i32]>> {
    if let Some(run) = selection.single_run() {
        return match run.is_empty() {
            true => Some(Cow::Borrowed(&[])),
            false => offsets.get(run.start..=run.end).map(Cow::Borrowed),
        };
    }
    let (_, before_last) = offsets.split_last()?;
    let (first, ends) = offsets.split_first()?;
    let starts = selection.gather(before_last)?;
    let mut joined = vec![*starts.first().unwrap_or(first)];
    joined.append(&mut selection.gather(ends)?);
    let (_, all_but_last) = joined.split_last()?;
    (all_but_last == starts).then_some(Cow::Owned(joined))
}

/// The values of a run with offsets of 32 bits, if these reach far enough.
fn narrowed<'a>(
    offsets: &[i64],
    data: &'a [u8],
    run: std::ops::Range<usize>,
) -> Option<BytePart<'a>> {
    if run.is_empty() {
        return Some(BytePart::Offsets {
            offsets: Cow::Borrowed(&[]),
            data: Cow::Borrowed(&[]),
        });
    }
    let offsets = offsets.get(run.start..=run.end)?;
    let (first, last) = (*offsets.first()?, *offsets.last()?);
    if last.checked_sub(first)? > i64::from(i32::MAX) {
        return None;
    }
    let data = data.get(usize::try_from(first).ok()?..usize::try_from(last).ok()?)?;
    Some(BytePart::Offsets {
        offsets: offsets
            .iter()
            .map(|offset| (offset - first) as i32)
            .collect(),
        data: Cow::Borrowed(data),
    })
}

/// The values selected, copied together.
fn copied<'a>(
    strings: &Strings<'_, '_>,
    selection: &Selection<'_>,
) -> Result<BytePieces<'a>, Fault> {
    let mut joined = Joined::default();
    joined.reserve(selection.count());
    selection.for_each(|run| {
        for position in run {
            let value = strings.get(position).ok_or_else(|| beyond(position))?;
            joined.push(value.as_bytes());
        }
        Ok(())
    })?;
    Ok(joined.finish())
}

/// Bytes of a part. Allocators keep memory of this size and hand it out again, so that it need not
/// be touched for the first time in every chunk.
const PART: usize = 4 << 20;

/// Byte strings copied one behind the other, in parts.
struct Joined {
    pieces: BytePieces<'static>,
    offsets: Vec<i32>,
    data: Vec<u8>,
}

impl Default for Joined {
    fn default() -> Self {
        Self {
            pieces: BytePieces::default(),
            offsets: vec![0],
            data: Vec::new(),
        }
    }
}

impl Joined {
    /// Room for values of a usual length; what they take beyond that comes as they do.
    fn reserve(&mut self, values: usize) {
        let most = PART / size_of::<i32>();
        self.offsets.reserve_exact(values.min(most));
        self.data.reserve_exact(values.saturating_mul(12).min(PART));
    }

    fn push(&mut self, value: &[u8]) {
        self.make_room(value.len());
        self.data.extend_from_slice(value);
        self.offsets.push(self.data.len() as i32);
    }

    /// A new part, if `more` bytes do not fit the one that is being filled.
    #[inline]
    fn make_room(&mut self, more: usize) {
        if self.data.len() + more > PART && !self.data.is_empty() {
            self.end_part();
        }
    }

    fn end_part(&mut self) {
        let data = Vec::with_capacity(self.data.len());
        let mut offsets = Vec::with_capacity(self.offsets.len());
        offsets.push(0);
        self.pieces.push_offsets(
            std::mem::replace(&mut self.offsets, offsets),
            std::mem::replace(&mut self.data, data),
        );
    }

    fn finish(mut self) -> BytePieces<'static> {
        self.pieces.push_offsets(self.offsets, self.data);
        self.pieces
    }
}
