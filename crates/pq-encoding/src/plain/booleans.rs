//! Booleans: one bit each, the first value in the lowest bit.

use super::decode::front;
use crate::error::{DecodeError, EncodeError};
use crate::output::Output;

/// Words of 64 values that go to the output at once.
const WORDS: usize = 64;

/// The bytes that `count` booleans take: exactly so many.
#[inline]
pub const fn max_booleans_len(count: usize) -> usize {
    count.div_ceil(8)
}

/// Appends BOOLEAN values, the last byte filled with zeros.
///
/// # Errors
///
/// The output is full; a `Vec` never is.
pub fn encode_booleans(values: &[bool], out: &mut impl Output) -> Result<(), EncodeError> {
    out.reserve(max_booleans_len(values.len()));
    for block in values.chunks(64 * WORDS) {
        let mut bytes = [0; 8 * WORDS];
        let (groups, rest) = block.as_chunks::<8>();
        let mut to = bytes.iter_mut();
        for (to, group) in to.by_ref().zip(groups) {
            *to = pack8(group);
        }
        if !rest.is_empty()
            && let Some(to) = bytes.get_mut(groups.len())
        {
            let mut group = [false; 8];
            for (to, from) in group.iter_mut().zip(rest) {
                *to = *from;
            }
            *to = pack8(&group);
        }
        out.put(bytes.get(..block.len().div_ceil(8)).unwrap_or_default())?;
    }
    Ok(())
}

#[inline(always)]
fn pack8(values: &[bool; 8]) -> u8 {
    // Eight bytes of 0 or 1; the product has each of them in a bit of its own of the top byte.
    let bytes = u64::from_le_bytes(values.map(u8::from));
    (bytes.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8
}

/// Appends the bits `offset .. offset + len` of a bitmap, least significant bit first, as
/// BOOLEAN values, the last byte filled with zeros. Bits beyond its end count as zeros.
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
    out.reserve(max_booleans_len(len));
    let mut appender = BitAppender::new(out);
    appender.append_bits(bits, offset, len)?;
    appender.finish()
}

/// Fills `out` with the BOOLEAN values that `input` starts with, and returns the bytes used.
///
/// # Errors
///
/// Too short an input. `out` is as it was then.
pub fn decode_booleans(input: &[u8], out: &mut [bool]) -> Result<usize, DecodeError> {
    let bytes = front(input, max_booleans_len(out.len()))?;
    let (groups, rest) = out.as_chunks_mut::<8>();
    for (group, byte) in groups.iter_mut().zip(bytes) {
        *group = unpack8(*byte);
    }
    if let Some(last) = bytes.last() {
        for (to, from) in rest.iter_mut().zip(unpack8(*last)) {
            *to = from;
        }
    }
    Ok(bytes.len())
}

#[inline(always)]
fn unpack8(byte: u8) -> [bool; 8] {
    // The byte eight times over, one bit of each kept; any bit carries into the top one.
    let spread = u64::from(byte).wrapping_mul(0x0101_0101_0101_0101) & 0x8040_2010_0804_0201;
    let ones = (spread + 0x7f7f_7f7f_7f7f_7f7f) >> 7 & 0x0101_0101_0101_0101;
    ones.to_le_bytes().map(|byte| byte != 0)
}

/// Writes the first `len` BOOLEAN values of `input` to the front of `out` as a bitmap, least
/// significant bit first, and returns the bytes used, which are the bytes written. The bits
/// behind the last value are zeros. A [`BitAppender`] puts the values of many pages behind each
/// other.
///
/// # Errors
///
/// Too short an input or an output of less than [`max_booleans_len`]. `out` is as it was then.
///
/// ```
/// let mut bitmap = [0; 2];
/// pq_encoding::plain::decode_bitmap(&[0b1010_1010, 0xff], 10, &mut bitmap)?;
/// assert_eq!(bitmap, [0b1010_1010, 0b11]);
/// # Ok::<(), pq_encoding::DecodeError>(())
/// ```
pub fn decode_bitmap(input: &[u8], len: usize, out: &mut [u8]) -> Result<usize, DecodeError> {
    let bytes = front(input, max_booleans_len(len))?;
    let available = out.len();
    let Some(out) = out.get_mut(..bytes.len()) else {
        return Err(DecodeError::OutputFull {
            needed: bytes.len(),
            available,
        });
    };
    out.copy_from_slice(bytes);
    if !len.is_multiple_of(8)
        && let Some(last) = out.last_mut()
    {
        *last &= 0xff >> (8 - len % 8);
    }
    Ok(bytes.len())
}

/// Appends BOOLEAN values, one bit each, least significant bit first, from pieces of bitmaps.
///
/// ```
/// use pq_encoding::plain::BitAppender;
///
/// let mut page = Vec::new();
/// let mut bits = BitAppender::new(&mut page);
/// bits.append_bits(&[0b0000_0110], 1, 3)?;
/// bits.append_bits(&[0xff], 0, 2)?;
/// bits.finish()?;
/// assert_eq!(page, [0b0001_1011]);
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
#[derive(Debug)]
pub struct BitAppender<'a, O> {
    out: &'a mut O,
    /// Bits that do not fill a word yet; zero above `filled`.
    word: u64,
    filled: u32,
}

impl<'a, O: Output> BitAppender<'a, O> {
    /// Appends behind what `out` holds, from a whole byte on.
    pub fn new(out: &'a mut O) -> Self {
        Self {
            out,
            word: 0,
            filled: 0,
        }
    }

    /// Appends the bits `offset .. offset + len` of a bitmap; bits beyond its end count as
    /// zeros.
    ///
    /// # Errors
    ///
    /// The output is full; a `Vec` never is.
    pub fn append_bits(
        &mut self,
        bits: &[u8],
        offset: usize,
        len: usize,
    ) -> Result<(), EncodeError> {
        let mut done = 0;
        while done < len {
            let count = (len - done).min(64) as u32;
            let next = crate::rle::bits_at(bits, offset.saturating_add(done), count);
            self.word |= next << self.filled;
            self.filled += count;
            if self.filled >= 64 {
                self.out.put(&self.word.to_le_bytes())?;
                self.filled -= 64;
                // What did not fit; nothing did not fit if nothing is over.
                self.word = next.checked_shr(count - self.filled).unwrap_or(0);
            }
            done += count as usize;
        }
        Ok(())
    }

    /// Appends the bits that did not fill a word, the last byte filled with zeros.
    ///
    /// # Errors
    ///
    /// The output is full; a `Vec` never is.
    pub fn finish(self) -> Result<(), EncodeError> {
        let rest = self.word.to_le_bytes();
        let len = self.filled.div_ceil(8) as usize;
        self.out.put(rest.get(..len).unwrap_or_default())
    }
}
