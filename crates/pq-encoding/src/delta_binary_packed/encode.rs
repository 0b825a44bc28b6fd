//! Values to differences.

use super::{BLOCK, Difference, Integer, MINIBLOCK, MINIBLOCKS};
use crate::bitpack::block::{Word, pack_all, with_block};
use crate::error::EncodeError;
use crate::kernels::{self, Work};
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
        let mut next = 0;
        if self.pushed == 0
            && let Some(&first) = values.first()
        {
            self.put_header(first)?;
            self.previous = first.bits();
            next = 1;
        }
        self.pushed = given;

        // Whole blocks are taken from `values` together with the value before them.
        if self.filled > 0 || next == 0 {
            let rest = values.get(next..).unwrap_or_default();
            let head = rest.len().min(BLOCK - self.filled);
            self.fill(rest.get(..head).unwrap_or_default());
            next += head;
            if self.filled == BLOCK {
                self.filled = 0;
                self.put_pending()?;
            }
        }
        if values.len() - next >= BLOCK {
            next += self.put_blocks(values.get(next - 1..).unwrap_or_default())?;
        }
        self.fill(values.get(next..).unwrap_or_default());
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
        // Padding that leaves the smallest difference as it is; then the smallest itself, so
        // that it packs as zeros.
        let (differences, padding) = self.pending.split_at_mut(self.filled);
        padding.fill(differences.first().copied().unwrap_or(Word::ZERO));
        let smallest = Difference::smallest(&self.pending);
        for padding in self.pending.iter_mut().skip(self.filled) {
            *padding = smallest;
        }
        self.put_pending()
    }

    fn put_pending(&mut self) -> Result<(), EncodeError> {
        let smallest = Difference::smallest(&self.pending);
        let mut scratch: Scratch = [0; _];
        put_block(&mut self.pending, smallest, &mut scratch, self.out)
    }

    fn put_header(&mut self, first: T) -> Result<(), EncodeError> {
        varint::encode_u64(BLOCK as u64, self.out)?;
        varint::encode_u64(MINIBLOCKS as u64, self.out)?;
        varint::encode_u64(self.count as u64, self.out)?;
        varint::encode_u64(first.bits().zigzag(), self.out)
    }

    /// Appends whole blocks of the values behind the first one, and returns how many those are.
    fn put_blocks(&mut self, values: &[T]) -> Result<usize, EncodeError> {
        let mut differences = [Word::ZERO; BLOCK];
        let mut scratch: Scratch = [0; _];
        let mut done = 0;
        while let Some(block) = values.get(done..).and_then(<[T]>::first_chunk) {
            let smallest = kernels::vectorized(Differences {
                values: block,
                differences: &mut differences,
            });
            put_block(&mut differences, smallest, &mut scratch, self.out)?;
            done += BLOCK;
        }
        if let Some(last) = values.get(done) {
            self.previous = last.bits();
        }
        Ok(done)
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

/// Room for one block, and for a kernel to write behind it.
type Scratch = [u8; MOST_BLOCK_LEN + 16];

/// Appends a block. Miniblocks of which all differences are the smallest one take no bytes.
#[inline(always)]
fn put_block<D: Difference>(
    differences: &mut [D; BLOCK],
    smallest: D,
    scratch: &mut Scratch,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let widths = kernels::vectorized(LessSmallest {
        differences,
        smallest,
    });
    let mut len = match scratch.first_chunk_mut() {
        Some(front) => varint::encode_u64_to_array(smallest.zigzag(), front),
        None => 0,
    };
    if let Some(to) = scratch.get_mut(len..).and_then(<[u8]>::first_chunk_mut) {
        *to = widths;
    }
    len += MINIBLOCKS;
    for (&width, miniblock) in widths.iter().zip(differences.as_chunks().0) {
        if width > 0 {
            pack(miniblock, width, scratch.get_mut(len..).unwrap_or_default());
        }
        len += width as usize * (MINIBLOCK / 8);
    }
    out.put(scratch.get(..len).unwrap_or_default())
}

/// Takes the differences of neighbours and gives the smallest one.
struct Differences<'a, T: Integer> {
    values: &'a [T; BLOCK + 1],
    differences: &'a mut [T::Difference; BLOCK],
}

impl<T: Integer> Work for Differences<'_, T> {
    type Done = T::Difference;

    #[inline(always)]
    fn run(self) -> T::Difference {
        T::differences(self.values, self.differences);
        Difference::smallest(self.differences)
    }
}

/// Takes the smallest difference off all, and gives the width that each miniblock needs.
struct LessSmallest<'a, D> {
    differences: &'a mut [D; BLOCK],
    smallest: D,
}

impl<D: Difference> Work for LessSmallest<'_, D> {
    type Done = [u8; MINIBLOCKS];

    #[inline(always)]
    fn run(self) -> [u8; MINIBLOCKS] {
        const LANES: usize = 8;
        let mut widths = [0; MINIBLOCKS];
        let (miniblocks, _) = self.differences.as_chunks_mut::<MINIBLOCK>();
        for (width, miniblock) in widths.iter_mut().zip(miniblocks) {
            let mut lanes = [D::ZERO; LANES];
            for chunk in miniblock.as_chunks_mut::<LANES>().0 {
                for (difference, lane) in chunk.iter_mut().zip(&mut lanes) {
                    *difference = difference.minus(self.smallest);
                    *lane = *lane | *difference;
                }
            }
            let or = |bits: D, &difference: &D| bits | difference;
            *width = lanes.iter().fold(D::ZERO, or).width();
        }
        widths
    }
}

/// Packs to the front of `out`, which has room.
fn pack<D: Difference>(miniblock: &[D; MINIBLOCK], width: u8, out: &mut [u8]) {
    if kernels::pack(miniblock, width, out).0 == 0 {
        let len = usize::from(width) * (MINIBLOCK / 8);
        let out = out.get_mut(..len).unwrap_or_default();
        with_block!(width, pack_all::<D>(miniblock, out));
    }
}
