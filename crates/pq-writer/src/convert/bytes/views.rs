//! Views: short values within them, long ones in buffers.

use super::super::Fault;
use super::super::each::{beyond, gathered};
use super::check::{LONGEST_VALUE, NOT_TEXT, TOO_LONG};
use crate::batch::{INLINE, first_bytes, inline_bytes, long_bytes, view_len, view_place};
use crate::leaf::View;
use crate::nested::Selection;
use std::borrow::Cow;

/// The views selected: lent where they lie in one run, copied together otherwise.
pub(super) fn selected<'a>(
    views: &'a [u128],
    selection: &Selection<'_>,
) -> Result<Cow<'a, [View]>, Fault> {
    let views = in_bytes(views);
    match selection.single_run() {
        Some(run) => {
            let rows = views.len();
            let lent = match views {
                Cow::Borrowed(views) => views.get(run).map(Cow::Borrowed),
                Cow::Owned(views) => views.get(run).map(|views| Cow::Owned(views.to_vec())),
            };
            lent.ok_or_else(|| beyond(rows))
        }
        None => gathered(&views, selection).map(Cow::Owned),
    }
}

/// Views in little-endian bytes.
fn in_bytes(views: &[u128]) -> Cow<'_, [View]> {
    match cfg!(target_endian = "little") {
        true => Cow::Borrowed(bytemuck::cast_slice(views)),
        false => Cow::Owned(views.iter().map(|view| view.to_le_bytes()).collect()),
    }
}

/// Views lie within their buffers and start as what is there does, values are short enough for a
/// page, and text is UTF-8.
pub(super) fn check(
    views: &[u128],
    buffers: &[&[u8]],
    selection: &Selection<'_>,
    is_text: bool,
) -> Result<(), Fault> {
    let mut used = vec![Used::default(); buffers.len()];
    let mut bytes = 0_usize;
    each(views, selection, |position, view| {
        let len = view_len(view);
        if len > INLINE {
            let Some(value) = long_bytes(view, buffers) else {
                return Err(Fault::at(position, "the view lies beyond its buffer"));
            };
            if value.first_chunk() != Some(&first_bytes(view)) {
                return Err(Fault::at(
                    position,
                    "the view has other first bytes than its buffer",
                ));
            }
            if len > LONGEST_VALUE {
                return Err(Fault::at(position, TOO_LONG));
            }
            let (buffer, start) = view_place(view);
            if let Some(used) = used.get_mut(buffer) {
                used.start = used.start.min(start);
                used.end = used.end.max(start + len);
            }
            bytes = bytes.saturating_add(len);
        } else if is_text && !is_short_text(view, len) {
            return Err(Fault::at(position, NOT_TEXT));
        }
        Ok(())
    })?;
    if !is_text || bytes == 0 {
        return Ok(());
    }
    // What views use of their buffers is checked as a whole, unless that is far more.
    let extent: usize = used
        .iter()
        .map(|used| used.end.saturating_sub(used.start))
        .sum();
    let mut all_ascii = true;
    if extent <= bytes.saturating_mul(2) {
        for (used, buffer) in used.iter_mut().zip(buffers) {
            used.text = buffer
                .get(used.start..used.end)
                .and_then(|bytes| std::str::from_utf8(bytes).ok());
            all_ascii &= used.start >= used.end || used.text.is_some_and(str::is_ascii);
        }
    } else {
        all_ascii = false;
    }
    if all_ascii {
        return Ok(());
    }
    each(views, selection, |position, view| {
        let len = view_len(view);
        if len <= INLINE {
            return Ok(());
        }
        let (buffer, start) = view_place(view);
        let within = used.get(buffer).is_some_and(|used| used.holds(start, len));
        let is_utf8 =
            || long_bytes(view, buffers).is_some_and(|bytes| std::str::from_utf8(bytes).is_ok());
        match within || is_utf8() {
            true => Ok(()),
            false => Err(Fault::at(position, NOT_TEXT)),
        }
    })
}

/// What is used of a buffer, and that as text, if it is text as a whole.
#[derive(Clone, Copy)]
struct Used<'a> {
    start: usize,
    end: usize,
    text: Option<&'a str>,
}

impl Default for Used<'_> {
    fn default() -> Self {
        Self {
            start: usize::MAX,
            end: 0,
            text: None,
        }
    }
}

impl Used<'_> {
    /// Whether a value is a part of the text that starts and ends where characters do.
    fn holds(&self, start: usize, len: usize) -> bool {
        self.text.is_some_and(|text| {
            let start = start.wrapping_sub(self.start);
            text.is_char_boundary(start) && text.is_char_boundary(start.wrapping_add(len))
        })
    }
}

#[inline]
fn is_short_text(view: u128, len: usize) -> bool {
    const HIGH: u128 = 0x8080_8080_8080_8080_8080_8080_0000_0000;
    // Bytes beyond the length may be anything.
    let used = view & !(u128::MAX.checked_shl(32 + 8 * len as u32).unwrap_or(0));
    used & HIGH == 0
        || std::str::from_utf8(inline_bytes(view).get(..len).unwrap_or_default()).is_ok()
}

fn each(
    views: &[u128],
    selection: &Selection<'_>,
    mut take: impl FnMut(usize, u128) -> Result<(), Fault>,
) -> Result<(), Fault> {
    selection.for_each(|run| {
        let start = run.start;
        let selected = views.get(run).ok_or_else(|| beyond(views.len()))?;
        for (index, &view) in selected.iter().enumerate() {
            take(start + index, view)?;
        }
        Ok(())
    })
}
