//! Differences to values.

use super::{Difference, Integer, MINIBLOCK};
use crate::bitpack::block::{self, Word, with_block};
use crate::error::DecodeError;
use crate::kernels;
use crate::varint;

/// Fills `out` with the INT32 values that `input` starts with and returns the bytes used.
///
/// # Errors
///
/// The input does not state exactly `out.len()` values, is not valid, or ends too early; `out`
/// may hold the values before the fault then.
pub fn decode_i32(input: &[u8], out: &mut [i32]) -> Result<usize, DecodeError> {
    decode(input, out)
}

/// Fills `out` with the INT64 values that `input` starts with and returns the bytes used.
///
/// # Errors
///
/// The input does not state exactly `out.len()` values, is not valid, or ends too early; `out`
/// may hold the values before the fault then.
pub fn decode_i64(input: &[u8], out: &mut [i64]) -> Result<usize, DecodeError> {
    decode(input, out)
}

fn decode<T: Integer>(input: &[u8], out: &mut [T]) -> Result<usize, DecodeError> {
    let mut decoder = Decoder::new(input)?;
    if decoder.count() != out.len() {
        return Err(DecodeError::Count {
            stated: decoder.count(),
            wanted: out.len(),
        });
    }
    decoder.read(out)?;
    Ok(decoder.position())
}

/// Decodes values piece by piece.
///
/// ```
/// use pq_encoding::delta_binary_packed::Decoder;
///
/// // 1, 2, 3, 4, 5.
/// let page = [0x80, 0x01, 4, 5, 2, 2, 0, 0, 0, 0];
/// let mut decoder = Decoder::<i32>::new(&page)?;
/// assert_eq!(decoder.count(), 5);
/// let mut piece = [0; 3];
/// assert_eq!(decoder.read(&mut piece)?, 3);
/// assert_eq!(piece, [1, 2, 3]);
/// assert_eq!(decoder.read(&mut piece)?, 2);
/// assert_eq!(piece, [4, 5, 3]);
/// assert_eq!(decoder.position(), page.len());
/// # Ok::<(), pq_encoding::DecodeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Decoder<'a, T: Integer> {
    input: &'a [u8],
    /// Where the next miniblock, or the next block, starts.
    position: usize,
    miniblocks: u64,
    miniblock_len: u64,
    count: usize,
    /// Values that `read` has not given yet.
    left: usize,
    previous: T::Difference,
    smallest: T::Difference,
    /// Where the widths of the block are that are still to come, and how many.
    widths_at: usize,
    widths_left: u64,
    width: u8,
    /// What is not unpacked yet of the miniblock: bytes, with all that stand behind them, and
    /// differences, padding among them.
    packed: &'a [u8],
    packed_left: u64,
    /// Unpacked values of which the first `pending_from` were given.
    pending: [T; MINIBLOCK],
    pending_from: usize,
}

impl<'a, T: Integer> Decoder<'a, T> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// The input ends within it, or it states sizes that there are not.
    pub fn new(input: &'a [u8]) -> Result<Self, DecodeError> {
        let (block_size, miniblocks_at) = varint_at(input, 0)?;
        let (miniblocks, count_at) = varint_at(input, miniblocks_at)?;
        if block_size == 0 || block_size % 128 != 0 {
            return Err(DecodeError::BlockSize { offset: 0 });
        }
        let miniblock_len = block_size.checked_div(miniblocks).unwrap_or(0);
        if miniblock_len == 0
            || miniblock_len % MINIBLOCK as u64 != 0
            || block_size % miniblocks != 0
        {
            return Err(DecodeError::BlockSize {
                offset: miniblocks_at,
            });
        }
        let (count, first_at) = varint_at(input, count_at)?;
        let count =
            usize::try_from(count).map_err(|_| DecodeError::Overflow { offset: count_at })?;
        let (first, position) = difference_at(input, first_at)?;
        // The first value is as if it stood at the end of a miniblock.
        let mut pending = [T::default(); MINIBLOCK];
        pending[MINIBLOCK - 1] = T::from_bits(first);
        Ok(Self {
            input,
            position,
            miniblocks,
            miniblock_len,
            count,
            left: count,
            previous: first,
            smallest: Word::ZERO,
            widths_at: position,
            widths_left: 0,
            width: 0,
            packed: &[],
            packed_left: 0,
            pending,
            pending_from: MINIBLOCK - 1,
        })
    }

    /// How many values the header states. A few bytes can state any number.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many values are still to be read.
    pub fn remaining(&self) -> usize {
        self.left
    }

    /// The bytes used so far; once all values are read, where the encoding ends.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Reads the next values to the front of `out`, as many as it holds or as there are, and
    /// returns how many.
    ///
    /// # Errors
    ///
    /// A block is not valid, or the input ends too early. `out` may hold values then; reading on
    /// is of no use.
    pub fn read(&mut self, out: &mut [T]) -> Result<usize, DecodeError> {
        let len = out.len().min(self.left);
        let mut rest = out.get_mut(..len).unwrap_or_default();
        loop {
            let pending = self.pending.get(self.pending_from..).unwrap_or_default();
            let given = pending.len().min(rest.len());
            let (to, others) = rest.split_at_mut(given);
            for (to, from) in to.iter_mut().zip(pending) {
                *to = *from;
            }
            self.pending_from += given;
            self.left -= given;
            rest = others;
            if rest.is_empty() {
                return Ok(len);
            }
            if self.packed_left == 0 && self.widths_left == 0 {
                let read = self.read_blocks(rest);
                self.left -= read;
                rest = rest.get_mut(read..).unwrap_or_default();
                if rest.is_empty() {
                    return Ok(len);
                }
            }
            if self.packed_left == 0 {
                self.next_miniblock()?;
            }
            let (chunks, _) = rest.as_chunks_mut::<MINIBLOCK>();
            let most = usize::try_from(self.packed_left / MINIBLOCK as u64).unwrap_or(usize::MAX);
            let whole = chunks.len().min(most);
            if whole == 0 {
                let mut chunk = [T::default(); MINIBLOCK];
                self.unpack(core::slice::from_mut(&mut chunk));
                self.pending = chunk;
                self.pending_from = 0;
            } else {
                self.unpack(chunks.get_mut(..whole).unwrap_or_default());
                self.left -= whole * MINIBLOCK;
                rest = rest.get_mut(whole * MINIBLOCK..).unwrap_or_default();
            }
        }
    }

    /// Reads whole blocks to the front of `out`, as many as it holds, and returns how many values
    /// they are. Stops before a block that is not valid.
    fn read_blocks(&mut self, out: &mut [T]) -> usize {
        let sizes = (
            usize::try_from(self.miniblock_len),
            usize::try_from(self.miniblocks),
        );
        let (Ok(miniblock_len), Ok(miniblocks)) = sizes else {
            return 0;
        };
        let mut read = 0;
        for out in out.chunks_exact_mut(miniblock_len.saturating_mul(miniblocks)) {
            if self.read_block(miniblocks, miniblock_len, out).is_none() {
                break;
            }
            read += out.len();
        }
        read
    }

    /// Reads a block, or nothing if it is not valid.
    #[inline]
    fn read_block(&mut self, miniblocks: usize, len: usize, out: &mut [T]) -> Option<()> {
        let (smallest, widths_at) = difference_at(self.input, self.position).ok()?;
        let (widths, mut rest) = self.input.get(widths_at..)?.split_at_checked(miniblocks)?;
        let mut last = self.previous;
        for (&width, out) in widths.iter().zip(out.chunks_exact_mut(len)) {
            let packed_len = (len / 8).checked_mul(width.into())?;
            let (_, others) = rest.split_at_checked(packed_len)?;
            if width > <T::Difference as Word>::BITS {
                return None;
            }
            last = unpack(rest, width, smallest, last, out.as_chunks_mut().0);
            rest = others;
        }
        self.previous = last;
        self.position = self.input.len() - rest.len();
        Some(())
    }

    /// Unpacks 32 values each of the miniblock, which has so many.
    #[inline]
    fn unpack(&mut self, out: &mut [[T; MINIBLOCK]]) {
        let used = out.len() * self.width as usize * (MINIBLOCK / 8);
        self.previous = unpack(self.packed, self.width, self.smallest, self.previous, out);
        self.packed = self.packed.get(used..).unwrap_or_default();
        self.packed_left -= (out.len() * MINIBLOCK) as u64;
    }

    /// Goes to the next miniblock, of which at least one value is needed.
    #[inline]
    fn next_miniblock(&mut self) -> Result<(), DecodeError> {
        let end = DecodeError::UnexpectedEnd {
            offset: self.input.len(),
        };
        if self.widths_left == 0 {
            let (smallest, widths_at) = difference_at(self.input, self.position)?;
            self.smallest = smallest;
            self.widths_at = widths_at;
            self.widths_left = self.miniblocks;
            self.position = usize::try_from(self.miniblocks)
                .ok()
                .and_then(|len| widths_at.checked_add(len))
                .filter(|&position| position <= self.input.len())
                .ok_or(end)?;
        }
        let width = *self.input.get(self.widths_at).ok_or(end)?;
        if width > <T::Difference as Word>::BITS {
            return Err(DecodeError::TooWide {
                offset: self.widths_at,
                width,
                most: <T::Difference as Word>::BITS,
            });
        }
        let packed = self.input.get(self.position..).unwrap_or_default();
        let len = (self.miniblock_len / 8)
            .checked_mul(width.into())
            .and_then(|len| usize::try_from(len).ok())
            .filter(|&len| len <= packed.len())
            .ok_or(end)?;
        self.packed = packed;
        self.width = width;
        self.widths_at += 1;
        self.widths_left -= 1;
        self.position += len;
        self.packed_left = self.miniblock_len;
        Ok(())
    }
}

/// Unpacks differences from the front of `packed` and adds them up from `previous` on; the last
/// value.
#[inline(never)]
fn unpack<T: Integer>(
    packed: &[u8],
    width: u8,
    smallest: T::Difference,
    previous: T::Difference,
    out: &mut [[T; MINIBLOCK]],
) -> T::Difference {
    let mut last = previous;
    let done = kernels::unpack_sums(packed, width, smallest, &mut last, out, T::from_bits);
    if done == out.len() {
        return last;
    }
    let used = done * usize::from(width) * (MINIBLOCK / 8);
    let packed = packed.get(used..).unwrap_or_default();
    let out = out.get_mut(done..).unwrap_or_default();
    with_block!(width, sum_up::<T>(packed, smallest, last, out))
}

/// Unpacks differences and adds them up from `previous` on; the last value.
#[inline(always)]
fn sum_up<T: Integer, const WIDTH: usize, const LEN: usize>(
    packed: &[u8],
    smallest: T::Difference,
    previous: T::Difference,
    out: &mut [[T; MINIBLOCK]],
) -> T::Difference {
    let mut last = previous;
    if WIDTH == 0 {
        for value in out.as_flattened_mut() {
            last = last.plus(smallest);
            *value = T::from_bits(last);
        }
        return last;
    }
    for (out, packed) in out.iter_mut().zip(packed.as_chunks::<LEN>().0) {
        // Four differences before their sums: the compiler then adds the smallest one to the
        // difference and not to the sum, which would wait for two additions.
        macro_rules! four {
            ($($index:literal)*) => {
                let differences = [$(Word::from_word(block::value_at::<WIDTH, LEN>(packed, $index))),*];
                let differences = differences.map(|difference: T::Difference| difference.plus(smallest));
                let mut differences = differences.iter();
                $(
                    if let Some(&difference) = differences.next() {
                        last = last.plus(difference);
                        out[$index] = T::from_bits(last);
                    }
                )*
            };
        }
        four!(0 1 2 3);
        four!(4 5 6 7);
        four!(8 9 10 11);
        four!(12 13 14 15);
        four!(16 17 18 19);
        four!(20 21 22 23);
        four!(24 25 26 27);
        four!(28 29 30 31);
    }
    last
}

/// The varint at `offset`, and the offset behind it.
fn varint_at(input: &[u8], offset: usize) -> Result<(u64, usize), DecodeError> {
    match varint::decode_u64(input.get(offset..).unwrap_or_default()) {
        Ok((value, len)) => Ok((value, offset + len)),
        Err(DecodeError::UnexpectedEnd { .. }) => Err(DecodeError::UnexpectedEnd {
            offset: input.len(),
        }),
        Err(_) => Err(DecodeError::Overflow { offset }),
    }
}

/// The varint in zigzag form at `offset`, and the offset behind it.
fn difference_at<D: Difference>(input: &[u8], offset: usize) -> Result<(D, usize), DecodeError> {
    let (zigzag, end) = varint_at(input, offset)?;
    match D::from_zigzag(zigzag) {
        Some(difference) => Ok((difference, end)),
        None => Err(DecodeError::Overflow { offset }),
    }
}
