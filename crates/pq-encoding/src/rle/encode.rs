//! Values to runs.

use super::LONGEST;
use super::bits::{bits_at, run_len};
use crate::bitpack;
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

/// Appends `values`, each `width` bits wide.
///
/// # Errors
///
/// A width above 32 or a value that does not fit it, and nothing is appended then; or the
/// output is full.
///
/// ```
/// use pq_encoding::rle;
///
/// let mut out = Vec::new();
/// rle::encode_u32(&[5; 100], 3, &mut out)?;
/// assert_eq!(out, [0xc8, 0x01, 5]);
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
pub fn encode_u32(values: &[u32], width: u8, out: &mut impl Output) -> Result<(), EncodeError> {
    bitpack::check(values, width)?;
    if width == 0 {
        return put_run(0, values.len(), 0, out);
    }
    let pays = Pays::at(width);
    let (mut packed_from, mut at) = (0, 0);
    while at < values.len() {
        let rest = values.get(at..).unwrap_or_default();
        let run = same_as_first(rest);
        if pays.run(run, run == rest.len(), packed_from < at) {
            put_packed(values.get(packed_from..at).unwrap_or_default(), width, out)?;
            put_run(rest.first().copied().unwrap_or(0), run, width, out)?;
            at += run;
            packed_from = at;
        } else {
            at = (at + 8).min(values.len());
        }
    }
    put_packed(values.get(packed_from..).unwrap_or_default(), width, out)
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

/// How many values are like the first one before another follows; a lower bound where it is
/// less than eight.
#[inline]
fn same_as_first(values: &[u32]) -> usize {
    let Some(&first) = values.first() else {
        return 0;
    };
    // One look tells most groups without a run from those that may have one.
    if values.get(7).is_some_and(|&eighth| eighth != first) {
        return 1;
    }
    let mut groups = values.chunks_exact(8);
    let mut run = 0;
    for group in &mut groups {
        if group.iter().fold(0, |bits, value| bits | (value ^ first)) != 0 {
            return run + equal_at_front(group, first);
        }
        run += 8;
    }
    run + equal_at_front(groups.remainder(), first)
}

/// How many of a few values are `first` before another follows. Without a branch: where runs
/// end is not to be foreseen.
#[inline]
fn equal_at_front(values: &[u32], first: u32) -> usize {
    let (mut equal, mut count) = (1, 0);
    for &value in values {
        equal &= usize::from(value == first);
        count += equal;
    }
    count
}

fn put_run(value: u32, count: usize, width: u8, out: &mut impl Output) -> Result<(), EncodeError> {
    let mut left = count as u64;
    while left > 0 {
        let run = left.min(LONGEST);
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

/// All runs but the last one of an encoding hold whole groups, as `values` does then.
fn put_packed(values: &[u32], width: u8, out: &mut impl Output) -> Result<(), EncodeError> {
    // Bit-packed runs of at most 2³¹ − 1 values, in whole groups.
    for values in values.chunks(LONGEST as usize / 8 * 8) {
        let groups = values.len().div_ceil(8) as u64;
        varint::encode_u64(groups << 1 | 1, out)?;
        let room = out.grow(bitpack::packed_len(values.len(), width))?;
        bitpack::pack(values, width, room)?;
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
