//! Views: short values within them, long ones in buffers.

use super::super::Fault;
use super::super::each::{beyond, gathered};
use super::check::{LONGEST_VALUE, NOT_TEXT, TOO_LONG};
use crate::leaf::{INLINE, View};
use crate::nested::Selection;
use std::borrow::Cow;

/// Where the bytes of a view are that does not hold them.
#[derive(Clone, Copy)]
struct Long {
    buffer: usize,
    start: usize,
    len: usize,
}

#[inline]
fn len_of(view: u128) -> usize {
    view as u32 as usize
}

#[inline]
fn short_bytes(view: u128) -> [u8; INLINE] {
    let [_, _, _, _, bytes @ ..] = view.to_le_bytes();
    bytes
}

/// The first bytes of a long value, which a view has at hand.
#[inline]
fn first_bytes(view: u128) -> [u8; 4] {
    ((view >> 32) as u32).to_le_bytes()
}

#[inline]
fn long(view: u128) -> Long {
    Long {
        buffer: (view >> 64) as u32 as usize,
        start: (view >> 96) as u32 as usize,
        len: len_of(view),
    }
}

impl Long {
    #[inline]
    fn bytes<'a>(self, buffers: &[&'a [u8]]) -> Option<&'a [u8]> {
        buffers
            .get(self.buffer)?
            .get(self.start..self.start.checked_add(self.len)?)
    }
}

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

/// Views lie within their buffers and start as what is there does, values are short enough for a page, and text is UTF-8.
pub(super) fn check(
    views: &[u128],
    buffers: &[&[u8]],
    selection: &Selection<'_>,
    is_text: bool,
) -> Result<(), Fault> {
    let mut used = vec![Used::default(); buffers.len()];
    let mut bytes = 0_usize;
    each(views, selection, |position, view| {
        let len = len_of(view);
        if len > INLINE {
            let at = long(view);
            let Some(value) = at.bytes(buffers) else {
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
            if let Some(used) = used.get_mut(at.buffer) {
                used.start = used.start.min(at.start);
                used.end = used.end.max(at.start + len);
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
        let at = long(view);
        if at.len <= INLINE {
            return Ok(());
        }
        let within = used.get(at.buffer).is_some_and(|used| used.holds(at));
        let is_utf8 = || {
            at.bytes(buffers)
                .is_some_and(|bytes| std::str::from_utf8(bytes).is_ok())
        };
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
    fn holds(&self, at: Long) -> bool {
        self.text.is_some_and(|text| {
            let start = at.start.wrapping_sub(self.start);
            text.is_char_boundary(start) && text.is_char_boundary(start.wrapping_add(at.len))
        })
    }
}

#[inline]
fn is_short_text(view: u128, len: usize) -> bool {
    const HIGH: u128 = 0x8080_8080_8080_8080_8080_8080_0000_0000;
    // Bytes beyond the length may be anything.
    let used = view & !(u128::MAX.checked_shl(32 + 8 * len as u32).unwrap_or(0));
    used & HIGH == 0
        || std::str::from_utf8(short_bytes(view).get(..len).unwrap_or_default()).is_ok()
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
