//! Lengths and bytes to byte arrays.

use crate::byte_arrays::{BLOCK, Lengths, Offset, lengths_at};
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

/// Decodes the `offsets.len() - 1` values that `input` starts with. Returns their bytes, back to
/// back, and how many bytes of `input` were used; value `i` is `offsets[i] .. offsets[i + 1]` of
/// the former, the first offset 0.
///
/// # Errors
///
/// The input does not state so many values, has a length that is negative, or ends too early; or
/// an offset does not fit its type. `offsets` may hold anything then.
pub fn decode<'a, T: Offset>(
    input: &'a [u8],
    offsets: &mut [T],
) -> Result<(&'a [u8], usize), DecodeError> {
    let Some((first, mut offsets)) = offsets.split_first_mut() else {
        return Ok((&[], 0));
    };
    *first = T::default();
    let mut lengths = Lengths::new(input, 0, offsets.len())?;
    let most = T::MOST.min(input.len() as u64);
    let mut block = [0; BLOCK];
    let (mut total, mut index) = (0_u64, 0);
    while !offsets.is_empty() {
        let read = lengths.read(&mut block)?;
        let known = block.get(..read).unwrap_or_default();
        if known.iter().fold(0, |bits, &len| bits | len) < 0 {
            index += known.iter().position(|&len| len < 0).unwrap_or(0);
            return Err(DecodeError::Length { offset: 0, index });
        }
        let (to, rest) = offsets.split_at_mut(read.min(offsets.len()));
        for (to, &len) in to.iter_mut().zip(known) {
            total += u64::from(len as u32);
            *to = T::wrap(total);
        }
        // Far from overflow after one block; none of it was relied on.
        if total > most {
            return Err(too_long(input, total));
        }
        index += read;
        offsets = rest;
    }
    let start = lengths.end();
    let end = start.saturating_add(total as usize);
    match input.get(start..end) {
        Some(data) => Ok((data, end)),
        None => Err(too_long(input, u64::MAX)),
    }
}

/// Values that the input is too short for, or else the offsets are.
fn too_long(input: &[u8], total: u64) -> DecodeError {
    if total > input.len() as u64 {
        DecodeError::UnexpectedEnd {
            offset: input.len(),
        }
    } else {
        DecodeError::Overflow { offset: 0 }
    }
}

/// The `count` values that `input` starts with, where they stand. Goes from block to block of the
/// lengths once to find the end of them.
///
/// # Errors
///
/// The input does not state so many values, or the lengths are not valid or end too early.
pub fn byte_arrays(input: &[u8], count: usize) -> Result<ByteArrays<'_>, DecodeError> {
    let (lengths, position) = lengths_at(input, 0, count)?;
    Ok(ByteArrays {
        input,
        position,
        lengths,
        block: [0; BLOCK],
        next: 0,
        filled: 0,
    })
}

/// Values where they stand, one after the other. The first error is the last item. From
/// [`byte_arrays`].
#[derive(Debug, Clone)]
pub struct ByteArrays<'a> {
    input: &'a [u8],
    position: usize,
    lengths: Lengths<'a>,
    /// Lengths, of which those from `next` to `filled` are to be used.
    block: [i32; BLOCK],
    next: usize,
    filled: usize,
}

impl<'a> ByteArrays<'a> {
    /// Where the next value starts; behind the last one, the bytes used.
    #[inline]
    pub fn position(&self) -> usize {
        self.position
    }

    fn stop(&mut self, error: DecodeError) -> Option<Result<&'a [u8], DecodeError>> {
        self.lengths.stop();
        self.filled = self.next;
        Some(Err(error))
    }
}

impl<'a> Iterator for ByteArrays<'a> {
    type Item = Result<&'a [u8], DecodeError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.next == self.filled {
            self.filled = match self.lengths.read(&mut self.block) {
                Ok(0) => return None,
                Ok(read) => read,
                Err(error) => return self.stop(error),
            };
            self.next = 0;
        }
        let len = self.block.get(self.next).copied().unwrap_or(0);
        let rest = self.input.get(self.position..).unwrap_or_default();
        // A negative length is longer than any input.
        match rest.get(..len as u32 as usize) {
            Some(value) => {
                self.position += value.len();
                self.next += 1;
                Some(Ok(value))
            }
            None if len < 0 => self.stop(DecodeError::Length {
                offset: 0,
                index: self.lengths.read_before(self.filled - self.next),
            }),
            None => self.stop(DecodeError::UnexpectedEnd {
                offset: self.input.len(),
            }),
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.filled - self.next;
        let most = self.lengths.left().checked_add(left);
        (usize::from(most != Some(0)), most)
    }
}

impl core::iter::FusedIterator for ByteArrays<'_> {}
