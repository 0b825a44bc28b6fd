//! Values to runs.

use super::LONGEST;
use super::bits::{bits_at, run_len};
use super::changes::Changes;
use super::finder::Finder;
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

fn encode<T: Word>(values: &[T], width: u8, out: &mut impl Output) -> Result<(), EncodeError> {
    if width == 0 {
        bitpack::check(values, width)?;
        return put_run(0, values.len(), 0, out);
    }
    bitpack::check::<T>(&[], width)?;
    let start = out.written().len();
    let encoded = put_all(values, width, out);
    if encoded.is_err() {
        out.truncate(start);
    }
    encoded
}

fn put_all<T: Word>(values: &[T], width: u8, out: &mut impl Output) -> Result<(), EncodeError> {
    let pays = Pays::at(width);
    let mut ahead = Changes::default();
    let mut finder = Finder::new(values, &mut ahead);
    let mut packed_from = 0;
    loop {
        let run = finder.next_run();
        let at = finder.at();
        if run == 0 {
            return put_packed(values, packed_from, at, width, out);
        }
        if pays.run(run, run == finder.left(), packed_from < at) {
            if packed_from < at {
                put_packed(values, packed_from, at, width, out)?;
            }
            let value = values.get(at).map_or(0, |value| value.to_word());
            if !bitpack::fits(value, width) {
                return Err(EncodeError::TooWide {
                    index: at,
                    value,
                    width,
                });
            }
            put_run(value as u32, run, width, out)?;
            finder.pass(run);
            put_short_runs(&mut finder, pays.midst, width, out)?;
            packed_from = finder.at();
        } else {
            finder.pass(run.min(8));
        }
    }
}

/// Appends runs that stand right behind another: their headers take one byte.
#[inline(always)]
fn put_short_runs<T: Word>(
    finder: &mut Finder<'_, T>,
    least: usize,
    width: u8,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    const MOST: usize = 24;
    // Five bytes each, and the last one is written as a word.
    let mut bytes = [0_u8; MOST * 5 + 3];
    let (mut len, mut bits) = (0, 0);
    let start = finder.at();
    finder.short_runs(least, MOST, |value, run| {
        let value = value.to_word();
        bits |= value;
        if let Some(room) = bytes.get_mut(len..).and_then(<[u8]>::first_chunk_mut) {
            *room = ((run as u64) << 1 | value << 8).to_le_bytes();
        }
        len += 1 + usize::from(width.div_ceil(8));
    });
    if !bitpack::fits(bits, width) {
        return bitpack::check(finder.passed(start), width).map_err(|error| error.behind(start));
    }
    out.put(bytes.get(..len).unwrap_or_default())
}

/// Appends the bits `offset .. offset + len` of a bitmap as values one bit wide: definition
/// levels of a flat column, booleans in RLE. Bits beyond its end count as zeros.
///
/// # Errors
///
/// The output is full; a `Vec` never is.
pub fn encode_bitmap(
    bits: &[u8],
    offset: usize,
    len: usize,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let pays = Pays::at(1);
    let end = offset.saturating_add(len);
    let (mut packed_from, mut at) = (offset, offset);
    while at < end {
        let group = bits_at(bits, at, 8);
        let run = if group == 0 || group == 0xff || end - at < 8 {
            run_len(bits, at, end)
        } else {
            0
        };
        if pays.run(run, run == end - at, packed_from < at) {
            put_packed_bits(bits, packed_from, at, out)?;
            put_run(bits_at(bits, at, 1) as u32, run, 1, out)?;
            at += run;
            packed_from = at;
        } else {
            at = at.saturating_add(8).min(end);
        }
    }
    put_packed_bits(bits, packed_from, end, out)
}

/// When a run is shorter than the bits that it stands for.
struct Pays {
    width: usize,
    value_len: usize,
    /// Values from which on a run in the midst of packed groups pays.
    midst: usize,
}

impl Pays {
    fn at(width: u8) -> Self {
        let width = width as usize;
        let value_len = width.div_ceil(8);
        // The run's header and value, and the header of the packed groups that go on behind it,
        // against whole groups.
        let groups = (2 + value_len) / width.max(1) + 1;
        Self {
            width,
            value_len,
            midst: groups * 8,
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
            out.put_short(bytes.to_le_bytes(), 1 + usize::from(width.div_ceil(8)))?;
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
        out.put_short(bytes.to_le_bytes(), len)?;
        left -= run;
    }
    Ok(())
}

/// All runs but the last one of an encoding hold whole groups, as `from .. to` does then.
fn put_packed<T: Word>(
    values: &[T],
    from: usize,
    to: usize,
    width: u8,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    // Bit-packed runs of at most 2³¹ − 1 values, in whole groups.
    const MOST: usize = LONGEST as usize / 8 * 8;
    for from in (from..to).step_by(MOST) {
        let values = values.get(from..to.min(from.saturating_add(MOST)));
        let values = values.unwrap_or_default();
        let groups = values.len().div_ceil(8) as u64;
        varint::encode_u64(groups << 1 | 1, out)?;
        let room = out.grow(bitpack::packed_len(values.len(), width))?;
        bitpack::pack(values, width, room).map_err(|error| error.behind(from))?;
    }
    Ok(())
}

fn put_packed_bits(
    bits: &[u8],
    from: usize,
    to: usize,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let mut at = from;
    while at < to {
        let end = to.min(at.saturating_add(LONGEST as usize / 8 * 8));
        let groups = (end - at).div_ceil(8) as u64;
        varint::encode_u64(groups << 1 | 1, out)?;
        while at < end {
            let count = (end - at).min(64);
            let word = bits_at(bits, at, count as u32).to_le_bytes();
            out.put(word.get(..count.div_ceil(8)).unwrap_or_default())?;
            at += count;
        }
    }
    Ok(())
}
