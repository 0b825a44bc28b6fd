//! Byte strings: lent where they lie one behind the other, copied together otherwise.

use super::each::beyond;
use super::{Fault, Pass};
use crate::batch::{Strings, Values};
use crate::leaf::{BytePart, BytePieces};
use crate::nested::Selection;
use std::borrow::Cow;

/// Bytes of a value, so that a page with levels and lengths stays below 2 GiB.
const LONGEST_VALUE: usize = (i32::MAX as usize) - (1 << 20);

/// The byte strings selected; `is_text` if they must be UTF-8.
pub(super) fn byte_strings<'a>(
    values: &Values<'a>,
    selection: &Selection<'_>,
    pass: Pass,
    is_text: bool,
) -> Result<BytePieces<'a>, Fault> {
    let strings = Strings::of(values).ok_or(Fault::Form)?;
    if pass == Pass::Check {
        check(&strings, selection, is_text)?;
        return Ok(BytePieces::default());
    }
    if let Strings::Offsets32(offsets, data) = &strings
        && let Some(offsets) = joined(offsets, selection)
    {
        let mut pieces = BytePieces::default();
        pieces.push(BytePart {
            offsets,
            data: Cow::Borrowed(data),
        });
        return Ok(pieces);
    }
    if let Strings::Offsets64(offsets, data) = &strings
        && let Some(run) = selection.single_run()
        && let Some(part) = narrowed(offsets, data, run)
    {
        let mut pieces = BytePieces::default();
        pieces.push(part);
        return Ok(pieces);
    }
    copied(&strings, selection)
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
    let mut joined = Vec::with_capacity(selection.count() + 1);
    let all = selection.for_each(|run| {
        let selected = offsets.get(run.start..=run.end).ok_or(())?;
        let (first, rest) = selected.split_first().ok_or(())?;
        match joined.last() {
            None => joined.push(*first),
            Some(last) if last == first => {}
            Some(_) => return Err(()),
        }
        joined.extend_from_slice(rest);
        Ok(())
    });
    all.ok().map(|()| Cow::Owned(joined))
}

/// The values of a run with offsets of 32 bits, if these reach far enough.
fn narrowed<'a>(
    offsets: &[i64],
    data: &'a [u8],
    run: std::ops::Range<usize>,
) -> Option<BytePart<'a>> {
    if run.is_empty() {
        return Some(BytePart {
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
    Some(BytePart {
        offsets: offsets
            .iter()
            .map(|offset| (offset - first) as i32)
            .collect(),
        data: Cow::Borrowed(data),
    })
}

/// The values selected, copied together, in parts that 32-bit offsets reach.
fn copied<'a>(
    strings: &Strings<'_, '_>,
    selection: &Selection<'_>,
) -> Result<BytePieces<'a>, Fault> {
    let mut pieces = BytePieces::default();
    let mut offsets = vec![0];
    let mut data: Vec<u8> = Vec::new();
    selection.for_each(|run| {
        for position in run {
            let value = strings.get(position).ok_or_else(|| beyond(position))?;
            let value = value.as_bytes();
            if data.len() + value.len() > i32::MAX as usize {
                pieces.push(BytePart {
                    offsets: Cow::Owned(std::mem::replace(&mut offsets, vec![0])),
                    data: Cow::Owned(std::mem::take(&mut data)),
                });
            }
            data.extend_from_slice(value);
            offsets.push(data.len() as i32);
        }
        Ok(())
    })?;
    pieces.push(BytePart {
        offsets: Cow::Owned(offsets),
        data: Cow::Owned(data),
    });
    Ok(pieces)
}

/// Offsets ascend within the data, values are short enough for a page, and text is UTF-8.
fn check(strings: &Strings<'_, '_>, selection: &Selection<'_>, is_text: bool) -> Result<(), Fault> {
    // Text that lies in a row is checked whole.
    let whole = match strings {
        Strings::Offsets32(offsets, data) if is_text => whole_text(offsets, data),
        Strings::Offsets64(offsets, data) if is_text => whole_text(offsets, data),
        _ => None,
    };
    selection.for_each(|run| {
        for position in run {
            let Some(value) = strings.get(position) else {
                return Err(Fault::at(
                    position,
                    "the offsets do not ascend within the data",
                ));
            };
            let value = value.as_bytes();
            if value.len() > LONGEST_VALUE {
                return Err(Fault::at(
                    position,
                    "the value is too long for a page of 2 GiB",
                ));
            }
            if is_text && !is_within(whole.as_ref(), strings, position, value.len()) {
                std::str::from_utf8(value)
                    .map_err(|_| Fault::at(position, "the text is not UTF-8"))?;
            }
        }
        Ok(())
    })
}

/// Text that is UTF-8 as a whole, and where it starts in the data.
struct Whole<'a> {
    text: &'a str,
    start: usize,
}

fn whole_text<'a, O: Copy + TryInto<usize>>(offsets: &[O], data: &'a [u8]) -> Option<Whole<'a>> {
    let start = (*offsets.first()?).try_into().ok()?;
    let end = (*offsets.last()?).try_into().ok()?;
    let text = std::str::from_utf8(data.get(start..end)?).ok()?;
    Some(Whole { text, start })
}

/// Whether a value is a part of whole text that starts and ends where characters do.
fn is_within(
    whole: Option<&Whole<'_>>,
    strings: &Strings<'_, '_>,
    position: usize,
    len: usize,
) -> bool {
    let start: Option<usize> = match strings {
        Strings::Offsets32(offsets, _) => offsets.get(position).and_then(|&o| o.try_into().ok()),
        Strings::Offsets64(offsets, _) => offsets.get(position).and_then(|&o| o.try_into().ok()),
        _ => None,
    };
    let Some((whole, start)) = whole.zip(start) else {
        return false;
    };
    let Some(start) = start.checked_sub(whole.start) else {
        return false;
    };
    whole.text.is_char_boundary(start) && whole.text.is_char_boundary(start + len)
}
