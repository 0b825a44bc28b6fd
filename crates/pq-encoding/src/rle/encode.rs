//! Values to runs.

use super::LONGEST;
use super::changes::Changes;
use super::finder::Finder;
use super::groups::put_packed;
use super::source::{Bits, Integers, Source};
use crate::bitpack;
use crate::bitpack::block::Word;
use crate::error::EncodeError;
use crate::output::Output;
use crate::varint;

/// Appends `count` times `value`, `width` bits wide, as one run, or as several above 2³¹ − 1.
///
/// # Errors
///
/// A width above 32, a value that does not fit it, or the output is full.
pub fn encode_run(
    value: u32,
    count: usize,
    width: u8,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    bitpack::check(&[value], width)?;
    put_run(value, count, width, out)
}

macro_rules! encode {
    ($($(#[$example:meta])* $name:ident $word:ident;)*) => {$(
        #[doc = concat!("Appends `", stringify!($word), "` values, each `width` bits wide.")]
        ///
        /// # Errors
        ///
        /// A width above that of the type, a value that does not fit it, or the output is full.
        /// Nothing is appended then.
        $(#[$example])*
        pub fn $name(
            values: &[$word],
            width: u8,
            out: &mut impl Output,
        ) -> Result<(), EncodeError> {
            encode(values, width, out)
        }
    )*};
}

encode! {
    encode_u8 u8;
    encode_u16 u16;
    /// ```
    /// use pq_encoding::rle;
    ///
    /// let mut out = Vec::new();
    /// rle::encode_u32(&[5; 100], 3, &mut out)?;
    /// assert_eq!(out, [0xc8, 0x01, 5]);
    /// # Ok::<(), pq_encoding::EncodeError>(())
    /// ```
    encode_u32 u32;
}

pub(crate) fn encode<T: Word>(
    values: &[T],
    width: u8,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    if width == 0 {
        bitpack::check(values, width)?;
        return put_run(0, values.len(), 0, out);
    }
    bitpack::check::<T>(&[], width)?;
    let mut ahead = Changes::default();
    all_or_nothing(Integers::new(values, &mut ahead), width, out)
}

fn all_or_nothing(
    source: impl Source,
    width: u8,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let start = out.written().len();
    let encoded = put_all(source, width, out);
    if encoded.is_err() {
        out.truncate(start);
    }
    encoded
}

fn put_all(source: impl Source, width: u8, out: &mut impl Output) -> Result<(), EncodeError> {
    let pays = Pays::at(width);
    let mut finder = Finder::new(source, pays.midst);
    put_short_runs(&mut finder, pays.behind, width, out)?;
    let mut packed_from = finder.at();
    loop {
        let run = finder.next_run();
        let at = finder.at();
        if run == 0 {
            return put_packed(finder.source(), packed_from, at, width, out);
        }
        if pays.run(run, run == finder.left(), packed_from < at) {
            if packed_from < at {
                put_packed(finder.source(), packed_from, at, width, out)?;
            }
            let value = finder.source().value(at);
            check(value, at, width)?;
            put_run(value as u32, run, width, out)?;
            finder.pass(run);
            put_short_runs(&mut finder, pays.behind, width, out)?;
            packed_from = finder.at();
        } else {
            finder.pass(run.min(8));
        }
    }
}

/// Appends all runs of `least` to 63 values that stand right here: their headers take one byte.
#[inline(always)]
fn put_short_runs(
    finder: &mut Finder<impl Source>,
    least: usize,
    width: u8,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    while put_some_short_runs(finder, least, width, out)? {}
    Ok(())
}

/// Appends as many as a scratch holds, and returns whether there may be more.
#[inline(always)]
fn put_some_short_runs(
    finder: &mut Finder<impl Source>,
    least: usize,
    width: u8,
    out: &mut impl Output,
) -> Result<bool, EncodeError> {
    const MOST: usize = 24;
    // Five bytes each, and the last one is written as a word.
    let mut bytes = [0_u8; MOST * 5 + 3];
    let (mut len, mut bits, mut count) = (0, 0, 0);
    let start = finder.at();
    finder.short_runs(least, MOST, |value, run| {
        bits |= value;
        if let Some(room) = bytes.get_mut(len..).and_then(<[u8]>::first_chunk_mut) {
            *room = ((run as u64) << 1 | value << 8).to_le_bytes();
        }
        len += 1 + usize::from(width.div_ceil(8));
        count += 1;
    });
    if !bitpack::fits(bits, width) {
        for at in start..finder.at() {
            check(finder.source().value(at), at, width)?;
        }
    }
    out.put(bytes.get(..len).unwrap_or_default())?;
    Ok(count == MOST)
}

/// Errors unless the value at `index` fits `width` bits.
#[inline(always)]
fn check(value: u64, index: usize, width: u8) -> Result<(), EncodeError> {
    if bitpack::fits(value, width) {
        return Ok(());
    }
    Err(EncodeError::TooWide {
        index,
        value,
        width,
    })
}

/// Appends the bits `offset .. offset + len` of a bitmap as values one bit wide: definition
/// levels of a flat column, booleans in RLE. Bits beyond its end count as zeros.
///
/// # Errors
///
/// `offset + len` is more than a `usize` holds, or the output is full, which a `Vec` never is.
/// Nothing is appended then.
pub fn encode_bitmap(
    bits: &[u8],
    offset: usize,
    len: usize,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    if offset.checked_add(len).is_none() {
        return Err(EncodeError::BitRange { offset, len });
    }
    all_or_nothing(Bits { bits, offset, len }, 1, out)
}

/// When a run is shorter than the bits that it stands for. None has less than eight values,
/// except at the end.
struct Pays {
    width: usize,
    value_len: usize,
    /// Values from which on a run in the midst of packed groups pays.
    midst: usize,
    /// Values from which on a run right behind another one pays.
    behind: usize,
}

impl Pays {
    fn at(width: u8) -> Self {
        let width = width as usize;
        let value_len = width.div_ceil(8);
        // Its header and value, and the header of the packed groups that may go on behind it.
        let midst = (8 * (2 + value_len)).div_ceil(width.max(1));
        // That header is there anyway; whole groups, as the last one may be padded.
        let behind = 8 * (1 + value_len).div_ceil(width.max(1));
        Self {
            width,
            value_len,
            midst: midst.max(8),
            behind: behind.max(8),
        }
    }

    #[inline]
    fn run(&self, run: usize, is_last: bool, packed_before: bool) -> bool {
        if run >= self.midst {
            return true;
        }
        // The last run has no header behind it, and spares one if nothing is packed before it.
        is_last
            && varint::len_u64((run as u64) << 1) + self.value_len
                < run.div_ceil(8) * self.width + usize::from(!packed_before)
    }
}

fn put_run(value: u32, count: usize, width: u8, out: &mut impl Output) -> Result<(), EncodeError> {
    let mut left = count as u64;
    while left > 0 {
        let run = left.min(LONGEST);
        if run < 1 << 6 {
            let bytes = u128::from(run << 1 | u64::from(value) << 8);
            out.put_first(&bytes.to_le_bytes(), 1 + usize::from(width.div_ceil(8)))?;
            return Ok(());
        }
        let mut header = [0; varint::MAX_LEN_U64];
        let header_len = varint::encode_u64_to_array(run << 1, &mut header);
        // Of the header at most five bytes are used. It and the value go out in one piece: most
        // runs are short.
        let header = header
            .first_chunk()
            .map_or(0, |low| u64::from_le_bytes(*low));
        let bytes = u128::from(header) | u128::from(value) << (8 * header_len);
        let len = header_len + usize::from(width.div_ceil(8));
        out.put_first(&bytes.to_le_bytes(), len)?;
        left -= run;
    }
    Ok(())
}
