//! Values to differences.

use super::{BLOCK, Difference, Integer, MINIBLOCK, MINIBLOCKS};
use crate::bitpack::wide::{self, Word, with_wide};
use crate::error::EncodeError;
use crate::output::Output;
use crate::varint;

/// The most bytes of a block: the smallest difference, the widths, 128 differences of 64 bits.
const MOST_BLOCK_LEN: usize = varint::MAX_LEN_U64 + MINIBLOCKS + BLOCK * 8;

/// Appends INT32 values.
///
/// # Errors
///
/// The output is full; a `Vec` never is.
pub fn encode_i32(values: &[i32], out: &mut impl Output) -> Result<(), EncodeError> {
    out.reserve(values.len());
    encode(values, out)
}

/// Appends INT64 values.
///
/// # Errors
///
/// The output is full; a `Vec` never is.
pub fn encode_i64(values: &[i64], out: &mut impl Output) -> Result<(), EncodeError> {
    out.reserve(values.len());
    encode(values, out)
}

fn encode<T: Integer>(values: &[T], out: &mut impl Output) -> Result<(), EncodeError> {
    let mut encoder = Encoder::new(values.len(), out);
    encoder.push(values)?;
    encoder.finish()
}

/// Encodes values that arrive in pieces; how many there are is known in advance.
///
/// ```
/// use pq_encoding::delta_binary_packed::{Encoder, encode_i64};
///
/// let mut page = Vec::new();
/// let mut encoder = Encoder::new(5, &mut page);
/// encoder.push(&[1_i64, 2])?;
/// encoder.push(&[3, 4, 5])?;
/// encoder.finish()?;
///
/// let mut at_once = Vec::new();
/// encode_i64(&[1, 2, 3, 4, 5], &mut at_once)?;
/// assert_eq!(page, at_once);
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
#[derive(Debug)]
pub struct Encoder<'a, T: Integer, O> {
    out: &'a mut O,
    /// Values announced, and those that came.
    count: usize,
    pushed: usize,
    previous: T::Difference,
    /// Differences of the block that is not full yet.
    pending: [T::Difference; BLOCK],
    filled: usize,
}

impl<'a, T: Integer, O: Output> Encoder<'a, T, O> {
    /// An encoder of `count` values that appends to `out`.
    pub fn new(count: usize, out: &'a mut O) -> Self {
        Self {
            out,
            count,
            pushed: 0,
            previous: Word::ZERO,
            pending: [Word::ZERO; BLOCK],
            filled: 0,
        }
    }

    /// Appends the next values.
    ///
    /// # Errors
    ///
    /// They are more than were announced, and none of these is appended then; or the output is
    /// full.
    pub fn push(&mut self, values: &[T]) -> Result<(), EncodeError> {
        let given = self.pushed.saturating_add(values.len());
        if given > self.count {
            return Err(EncodeError::Count {
                announced: self.count,
                given,
            });
        }
        let mut rest = values;
        if self.pushed == 0
            && let Some((&first, others)) = values.split_first()
        {
            self.put_header(first)?;
            self.previous = first.bits();
            rest = others;
        }
        self.pushed = given;

        if self.filled > 0 {
            let (head, others) = rest.split_at(rest.len().min(BLOCK - self.filled));
            self.fill(head);
            rest = others;
            if self.filled == BLOCK {
                self.filled = 0;
                put_block(&mut self.pending, self.out)?;
            }
        }
        let (blocks, rest) = rest.as_chunks::<BLOCK>();
        let mut differences = [Word::ZERO; BLOCK];
        for block in blocks {
            differences_of::<T>(block, self.previous, &mut differences);
            self.previous = block[BLOCK - 1].bits();
            put_block(&mut differences, self.out)?;
        }
        self.fill(rest);
        Ok(())
    }

    /// Appends the block that is not full.
    ///
    /// # Errors
    ///
    /// Fewer values came than were announced, or the output is full.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        if self.pushed < self.count {
            return Err(EncodeError::Count {
                announced: self.count,
                given: self.pushed,
            });
        }
        if self.count == 0 {
            return self.put_header(T::default());
        }
        if self.filled == 0 {
            return Ok(());
        }
        // Padding that does not change the smallest difference, and then is 0 above it.
        let (differences, padding) = self.pending.split_at_mut(self.filled);
        let smallest = smallest_of(differences);
        padding.fill(smallest);
        put_block(&mut self.pending, self.out)
    }

    fn put_header(&mut self, first: T) -> Result<(), EncodeError> {
        varint::encode_u64(BLOCK as u64, self.out)?;
        varint::encode_u64(MINIBLOCKS as u64, self.out)?;
        varint::encode_u64(self.count as u64, self.out)?;
        varint::encode_u64(first.bits().zigzag(), self.out)
    }

    /// Adds to the block that is not full; `values` fit it.
    fn fill(&mut self, values: &[T]) {
        let room = self.pending.iter_mut().skip(self.filled);
        for (to, value) in room.zip(values) {
            *to = value.bits().minus(self.previous);
            self.previous = value.bits();
        }
        self.filled += values.len();
    }
}

#[inline(always)]
fn differences_of<T: Integer>(
    values: &[T; BLOCK],
    previous: T::Difference,
    out: &mut [T::Difference; BLOCK],
) {
    for index in 1..BLOCK {
        out[index] = values[index].bits().minus(values[index - 1].bits());
    }
    out[0] = values[0].bits().minus(previous);
}

/// Appends a block. Miniblocks of which all differences are the smallest one take no bytes.
fn put_block<D: Difference>(
    differences: &mut [D; BLOCK],
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let smallest = smallest_of(differences);
    for difference in &mut *differences {
        *difference = difference.minus(smallest);
    }
    let mut bytes = [0; MOST_BLOCK_LEN];
    let widths_at = match bytes.first_chunk_mut() {
        Some(front) => varint::encode_u64_to_array(smallest.zigzag(), front),
        None => 0,
    };
    let mut widths = [0; MINIBLOCKS];
    let mut len = widths_at + MINIBLOCKS;
    let (miniblocks, _) = differences.as_chunks::<MINIBLOCK>();
    for (width, miniblock) in widths.iter_mut().zip(miniblocks) {
        *width = miniblock
            .iter()
            .fold(D::ZERO, |bits, &difference| bits.or(difference))
            .width();
        let room = bytes.get_mut(len..).unwrap_or_default();
        len += with_wide!(*width, pack::<D>(miniblock, room));
    }
    if let Some(to) = bytes.get_mut(widths_at..).and_then(<[u8]>::first_chunk_mut) {
        *to = widths;
    }
    out.put(bytes.get(..len).unwrap_or_default())
}

/// The smallest difference, in lanes that do not wait for each other.
#[inline(always)]
fn smallest_of<D: Difference>(differences: &[D]) -> D {
    const LANES: usize = 8;
    let first = differences.first().copied().unwrap_or(D::ZERO);
    let mut lanes = [first; LANES];
    let (chunks, rest) = differences.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, &difference) in lanes.iter_mut().zip(chunk) {
            *lane = lane.smaller(difference);
        }
    }
    let all = lanes.iter().chain(rest);
    all.fold(first, |smallest, &difference| smallest.smaller(difference))
}

/// Packs to the front of `out`, which has room, and returns the bytes written.
#[inline(always)]
fn pack<D: Difference, const WIDTH: usize, const LEN: usize>(
    miniblock: &[D; MINIBLOCK],
    out: &mut [u8],
) -> usize {
    if WIDTH > 0
        && let Some(out) = out.first_chunk_mut::<LEN>()
    {
        wide::pack_block::<D, WIDTH, LEN>(miniblock, out);
    }
    LEN
}
