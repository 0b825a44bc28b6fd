//! Prefixes and suffixes where they stand.

use crate::byte_arrays::{BLOCK, Lengths, lengths_at};
use crate::delta_binary_packed::Decoder;
use crate::error::DecodeError;
use crate::kernels::{self, Work};

/// How many values `input` states to have. A few bytes can state any number: compare it with
/// that of the page before making room for so many.
///
/// # Errors
///
/// The input ends within the header, or has sizes that there are not.
pub fn count(input: &[u8]) -> Result<usize, DecodeError> {
    Ok(Decoder::<i32>::new(input)?.count())
}

/// One value: the first `prefix` bytes of the one before it, then `suffix`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// How many bytes of the value before it it starts with; no more than that has.
    pub prefix: usize,
    /// The other bytes.
    pub suffix: &'a [u8],
}

/// The `count` values that `input` starts with, in parts. Goes from block to block of the lengths
/// once to find the end of them.
///
/// # Errors
///
/// The input does not state so many values, or the lengths are not valid or end too early.
pub fn parts(input: &[u8], count: usize) -> Result<Parts<'_>, DecodeError> {
    let (prefixes, suffixes_at) = lengths_at(input, 0, count)?;
    let (suffixes, position) = lengths_at(input, suffixes_at, count)?;
    Ok(Parts {
        input,
        position,
        prefixes,
        suffixes,
        prefix_block: [0; BLOCK],
        suffix_block: [0; BLOCK],
        next: 0,
        valid: 0,
        filled: 0,
        before: 0,
    })
}

/// Values in parts, one after the other. The first error is the last item. From [`parts`].
///
/// ```
/// # let mut page = Vec::new();
/// # pq_encoding::delta_byte_array::encode(&[0, 4, 8], b"axisaxle", &mut page)?;
/// let mut value: Vec<u8> = Vec::new();
/// for part in pq_encoding::delta_byte_array::parts(&page, 2)? {
///     let part = part?;
///     value.truncate(part.prefix);
///     value.extend(part.suffix);
///     println!("{value:?}");
/// }
/// # assert_eq!(value, b"axle");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Parts<'a> {
    input: &'a [u8],
    /// Where the next suffix is.
    position: usize,
    prefixes: Lengths<'a>,
    suffixes: Lengths<'a>,
    /// Lengths, of which those from `next` to `filled` are to be used. Those before `valid` are of
    /// values that there can be.
    prefix_block: [i32; BLOCK],
    suffix_block: [i32; BLOCK],
    next: usize,
    valid: usize,
    filled: usize,
    /// The length of the value before the block.
    before: u32,
}

/// Lengths of a few values, all of them valid.
pub(super) struct Block<'a> {
    pub(super) prefixes: &'a [i32],
    pub(super) suffixes: &'a [i32],
    /// Where the first suffix is.
    pub(super) position: usize,
}

impl<'a> Parts<'a> {
    /// Where the next suffix starts; behind the last one, the bytes used.
    #[inline]
    pub fn position(&self) -> usize {
        self.position
    }

    /// The next values, of which none was taken by [`step`](Self::step).
    pub(super) fn next_block(&mut self) -> Result<Option<Block<'_>>, DecodeError> {
        if !self.fill()? {
            return Ok(None);
        }
        if self.valid < self.filled {
            self.next = self.valid;
            return Err(self.fault());
        }
        self.next = self.filled;
        let suffixes = self.suffix_block.get(..self.filled).unwrap_or_default();
        let position = self.position;
        self.position += suffixes.iter().map(|&len| len as usize).sum::<usize>();
        Ok(Some(Block {
            prefixes: self.prefix_block.get(..self.filled).unwrap_or_default(),
            suffixes,
            position,
        }))
    }

    /// The next prefix and suffix.
    #[inline(always)]
    fn step(&mut self) -> Result<Option<Part<'a>>, DecodeError> {
        if self.next == self.valid {
            if self.next == self.filled && !self.fill()? {
                return Ok(None);
            }
            if self.next == self.valid {
                return Err(self.fault());
            }
        }
        let prefix = self.prefix_block.get(self.next).copied().unwrap_or(0) as usize;
        let len = self.suffix_block.get(self.next).copied().unwrap_or(0) as usize;
        let rest = self.input.get(self.position..).unwrap_or_default();
        self.position += len;
        self.next += 1;
        Ok(Some(Part {
            prefix,
            suffix: rest.get(..len).unwrap_or_default(),
        }))
    }

    /// Reads the next block; whether there is one.
    #[inline(never)]
    fn fill(&mut self) -> Result<bool, DecodeError> {
        self.before = self.len_before(self.filled);
        // There are as many of both.
        self.filled = self.prefixes.read(&mut self.prefix_block)?;
        self.suffixes.read(&mut self.suffix_block)?;
        self.next = 0;
        self.valid = self.valid();
        Ok(self.filled > 0)
    }

    /// How many values of the block there can be before one that there can not be.
    fn valid(&self) -> usize {
        let lengths = self.prefix_block.iter().zip(&self.suffix_block);
        let lengths = lengths.take(self.filled);
        let mut room = (self.input.len() - self.position) as u64;
        let is_sound = kernels::vectorized(Sound {
            prefixes: self.prefix_block.get(..self.filled).unwrap_or_default(),
            suffixes: self.suffix_block.get(..self.filled).unwrap_or_default(),
            before: self.before,
            room,
        });
        if is_sound {
            return self.filled;
        }
        let mut before = self.before;
        let valid = lengths.take_while(|&(&prefix, &suffix)| {
            let fits =
                prefix >= 0 && prefix as u32 <= before && suffix >= 0 && suffix as u64 <= room;
            before = (prefix as u32).wrapping_add(suffix as u32);
            room = room.saturating_sub(suffix as u64);
            fits
        });
        valid.count()
    }

    /// The length of the value before the one at `index` of the block.
    fn len_before(&self, index: usize) -> u32 {
        let lengths = index.checked_sub(1).and_then(|last| {
            let prefix = self.prefix_block.get(last)?;
            Some((*prefix as u32).wrapping_add(*self.suffix_block.get(last)? as u32))
        });
        lengths.unwrap_or(self.before)
    }

    #[cold]
    fn fault(&self) -> DecodeError {
        let index = self.prefixes.read_before(self.filled - self.next);
        let prefix = self.prefix_block.get(self.next);
        let suffix = self.suffix_block.get(self.next);
        let before = self.len_before(self.next);
        if prefix.is_some_and(|&prefix| prefix < 0 || prefix as u32 > before) {
            DecodeError::Prefix { offset: 0, index }
        } else if suffix.is_some_and(|&suffix| suffix < 0) {
            let offset = self.suffixes.position();
            DecodeError::Length { offset, index }
        } else {
            DecodeError::UnexpectedEnd {
                offset: self.input.len(),
            }
        }
    }
}

/// Whether all values of a block can be there.
struct Sound<'a> {
    prefixes: &'a [i32],
    suffixes: &'a [i32],
    /// The length of the value before them.
    before: u32,
    /// The bytes that there are for suffixes.
    room: u64,
}

impl Work for Sound<'_> {
    type Done = bool;

    #[inline(always)]
    fn run(self) -> bool {
        // Each prefix but the first against the value before it; no value waits for another.
        let behind = self.prefixes.get(1..).unwrap_or_default();
        let lengths = self.prefixes.iter().zip(self.suffixes);
        let mut faults = 0;
        for ((&prefix, &suffix), &next) in lengths.clone().zip(behind) {
            // Two lengths of at most `i32::MAX` fit; of negative ones the sign is found below.
            let len = (prefix as u32).wrapping_add(suffix as u32);
            faults |= u32::from(next as u32 > len);
        }
        let mut signs = 0;
        let mut total = 0_u64;
        for (&prefix, &suffix) in lengths {
            signs |= prefix | suffix;
            total += u64::from(suffix as u32);
        }
        let first = self.prefixes.first().copied().unwrap_or(0) as u32;
        faults == 0 && signs >= 0 && first <= self.before && total <= self.room
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Result<Part<'a>, DecodeError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self.step() {
            Ok(part) => part.map(Ok),
            Err(error) => {
                self.prefixes.stop();
                self.suffixes.stop();
                self.filled = self.next;
                self.valid = self.next;
                Some(Err(error))
            }
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let most = self.prefixes.left().checked_add(self.filled - self.next);
        (usize::from(most != Some(0)), most)
    }
}

impl core::iter::FusedIterator for Parts<'_> {}
