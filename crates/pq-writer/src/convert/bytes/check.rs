//! Byte strings that can be stored: within their data, short enough, and UTF-8 if they are text.

use super::super::Fault;
use super::super::each::beyond;
use super::views;
use crate::batch::Strings;
use crate::nested::Selection;

/// Bytes of a value, so that a page with levels and lengths stays below 2 GiB.
pub(super) const LONGEST_VALUE: usize = (i32::MAX as usize) - (1 << 20);

pub(super) const TOO_LONG: &str = "the value is too long for a page of 2 GiB";
pub(super) const NOT_TEXT: &str = "the text is not UTF-8";
const ASTRAY: &str = "the offsets do not ascend within the data";

pub(super) fn check(
    strings: &Strings<'_, '_>,
    selection: &Selection<'_>,
    is_text: bool,
) -> Result<(), Fault> {
    match strings {
        Strings::Offsets32(offsets, data) => with_offsets(offsets, data, selection, is_text),
        Strings::Offsets64(offsets, data) => with_offsets(offsets, data, selection, is_text),
        Strings::Views(views, buffers) => views::check(views, buffers, selection, is_text),
        Strings::Fixed(width, _) => selection.for_each(|run| {
            for position in run {
                let value = strings.get(position).ok_or_else(|| beyond(position))?;
                if *width > LONGEST_VALUE {
                    return Err(Fault::at(position, TOO_LONG));
                }
                if is_text && std::str::from_utf8(value.as_bytes()).is_err() {
                    return Err(Fault::at(position, NOT_TEXT));
                }
            }
            Ok(())
        }),
    }
}

/// Whether a value may be longer than a page holds, without a look at each.
pub(super) fn may_be_too_long(strings: &Strings<'_, '_>) -> bool {
    let is_long = |bytes: &[u8]| bytes.len() > LONGEST_VALUE;
    match strings {
        Strings::Offsets32(_, data) | Strings::Offsets64(_, data) => is_long(data),
        Strings::Views(_, buffers) => buffers.iter().any(|buffer| is_long(buffer)),
        Strings::Fixed(width, _) => *width > LONGEST_VALUE,
    }
}

fn with_offsets<O: Copy + TryInto<usize>>(
    offsets: &[O],
    data: &[u8],
    selection: &Selection<'_>,
    is_text: bool,
) -> Result<(), Fault> {
    // An offset that is no position is beyond all data.
    let position_of = |offset: O| offset.try_into().unwrap_or(usize::MAX);
    // Text that lies in a row is checked as a whole, from the first that is selected to the last.
    let extent = selection.extent();
    let whole = || {
        let start = position_of(*offsets.get(extent.start)?);
        let end = position_of(*offsets.get(extent.end)?);
        let text = std::str::from_utf8(data.get(start..end)?).ok()?;
        Some((text, start))
    };
    let whole = if is_text { whole() } else { None };
    let is_ascii = whole.is_some_and(|(text, _)| text.is_ascii());
    let rows = offsets.len().saturating_sub(1);
    selection.for_each(|run| {
        let first = run.start;
        let selected = offsets
            .get(run.start..=run.end)
            .ok_or_else(|| beyond(rows))?;
        for (index, (&start, &end)) in selected.iter().zip(selected.iter().skip(1)).enumerate() {
            let (start, end) = (position_of(start), position_of(end));
            if start > end || end > data.len() {
                return Err(Fault::at(first + index, ASTRAY));
            }
            if end - start > LONGEST_VALUE {
                return Err(Fault::at(first + index, TOO_LONG));
            }
            if !is_text {
                continue;
            }
            let within = whole.is_some_and(|(text, base)| {
                start >= base
                    && end - base <= text.len()
                    && (is_ascii
                        || text.is_char_boundary(start - base) && text.is_char_boundary(end - base))
            });
            let bytes = data.get(start..end).unwrap_or_default();
            if !within && std::str::from_utf8(bytes).is_err() {
                return Err(Fault::at(first + index, NOT_TEXT));
            }
        }
        Ok(())
    })
}
