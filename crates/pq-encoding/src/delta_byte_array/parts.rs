//! Prefixes and suffixes where they stand.

use crate::byte_arrays::{BLOCK, Lengths, View, lengths_at};
use crate::delta_binary_packed::Decoder;
use crate::error::DecodeError;

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

/// The `count` values that `input` starts with, in parts. Reads all lengths once to find the end
/// of them.
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
    /// Lengths, of which those from `next` to `filled` are to be used.
    prefix_block: [i32; BLOCK],
    suffix_block: [i32; BLOCK],
    next: usize,
    filled: usize,
    /// The length of the value before.
    before: usize,
}

impl<'a> Parts<'a> {
    /// Where the next suffix starts; behind the last one, the bytes used.
    #[inline]
    pub fn position(&self) -> usize {
        self.position
    }

    /// The next prefix and suffix.
    #[inline(always)]
    pub(super) fn step(&mut self) -> Result<Option<(usize, View<'a>)>, DecodeError> {
        if self.next == self.filled && !self.fill()? {
            return Ok(None);
        }
        let prefix = self.prefix_block.get(self.next).copied().unwrap_or(0) as u32 as usize;
        let len = self.suffix_block.get(self.next).copied().unwrap_or(0) as u32 as usize;
        let tail = self.input.get(self.position..).unwrap_or_default();
        // Negative lengths are longer than any value.
        if prefix > self.before || len > tail.len() {
            return Err(self.fault(prefix, len));
        }
        self.before = prefix + len;
        self.position += len;
        self.next += 1;
        Ok(Some((prefix, View { tail, len })))
    }

    #[inline(never)]
    fn fill(&mut self) -> Result<bool, DecodeError> {
        // There are as many of both.
        self.filled = self.prefixes.read(&mut self.prefix_block)?;
        self.suffixes.read(&mut self.suffix_block)?;
        self.next = 0;
        Ok(self.filled > 0)
    }

    #[cold]
    fn fault(&self, prefix: usize, len: usize) -> DecodeError {
        let index = self.prefixes.read_before(self.filled - self.next);
        if prefix > self.before {
            DecodeError::Prefix { offset: 0, index }
        } else if len > i32::MAX as usize {
            let offset = self.suffixes.position();
            DecodeError::Length { offset, index }
        } else {
            DecodeError::UnexpectedEnd {
                offset: self.input.len(),
            }
        }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Result<Part<'a>, DecodeError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self.step() {
            Ok(None) => None,
            Ok(Some((prefix, value))) => Some(Ok(Part {
                prefix,
                suffix: value.bytes(),
            })),
            Err(error) => {
                self.prefixes.stop();
                self.suffixes.stop();
                self.filled = self.next;
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
