//! Lengths in DELTA_BINARY_PACKED, block by block, so that they need no memory of their own.

use super::Offset;
use super::skip::end_of;
use crate::delta_binary_packed::{Decoder, Encoder};
use crate::error::{DecodeError, EncodeError};
use crate::output::Output;

/// Lengths that come from the decoder at once: as many as it has in a block.
pub(crate) const BLOCK: usize = 128;

/// Lengths that go to the encoder at once: some blocks, as it copies the first one.
const BLOCKS: usize = 8 * BLOCK;

/// Appends `count` lengths of at most `i32::MAX`.
#[inline(always)]
pub(crate) fn put_lengths<O: Output>(
    count: usize,
    lengths: impl Iterator<Item = usize>,
    out: &mut O,
) -> Result<(), EncodeError> {
    let mut lengths = lengths.map(|len| len as i32);
    let mut encoder = Encoder::new(count, out);
    // The first stands in the header; whole blocks of the others are not copied.
    encoder.push(lengths.next().as_slice())?;
    let mut blocks = [0; BLOCKS];
    loop {
        let mut filled = 0;
        for (to, len) in blocks.iter_mut().zip(lengths.by_ref()) {
            *to = len;
            filled += 1;
        }
        encoder.push(blocks.get(..filled).unwrap_or_default())?;
        if filled < BLOCKS {
            return encoder.finish();
        }
    }
}

/// Appends the lengths between offsets that were checked.
pub(crate) fn put_lengths_of<T: Offset>(
    offsets: &[T],
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    let next = offsets.get(1..).unwrap_or_default();
    let lengths = offsets
        .iter()
        .zip(next)
        .map(|(from, to)| to.to_usize().wrapping_sub(from.to_usize()));
    put_lengths(next.len(), lengths, out)
}

/// Lengths that were not checked.
#[derive(Debug, Clone)]
pub(crate) struct Lengths<'a> {
    decoder: Decoder<'a, i32>,
    position: usize,
    is_stopped: bool,
}

impl<'a> Lengths<'a> {
    /// The lengths at `position`, of which there have to be `count`.
    pub(crate) fn new(input: &'a [u8], position: usize, count: usize) -> Result<Self, DecodeError> {
        let encoded = input.get(position..).unwrap_or_default();
        let decoder = Decoder::new(encoded).map_err(|error| error.behind(position))?;
        if decoder.count() != count {
            return Err(DecodeError::Count {
                stated: decoder.count(),
                wanted: count,
            });
        }
        Ok(Self {
            decoder,
            position,
            is_stopped: false,
        })
    }

    /// Reads some, and none once all are read.
    #[inline]
    pub(crate) fn read(&mut self, out: &mut [i32; BLOCK]) -> Result<usize, DecodeError> {
        if self.is_stopped {
            return Ok(0);
        }
        // The first stands in the header. After it alone, whole blocks are read.
        let is_first = self.decoder.remaining() == self.decoder.count();
        let most = if is_first { 1 } else { BLOCK };
        let base = self.position;
        self.decoder
            .read(out.get_mut(..most).unwrap_or_default())
            .map_err(|error| error.behind(base))
    }

    /// Ends as if all were read.
    pub(crate) fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// Where they start.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// Where they end, once all are read.
    pub(crate) fn end(&self) -> usize {
        self.position.saturating_add(self.decoder.position())
    }

    /// How many are still to be read.
    pub(crate) fn left(&self) -> usize {
        if self.is_stopped {
            0
        } else {
            self.decoder.remaining()
        }
    }

    /// How many were read, less `unused`.
    pub(crate) fn read_before(&self, unused: usize) -> usize {
        let read = self.decoder.count() - self.decoder.remaining();
        read.saturating_sub(unused)
    }
}

/// The lengths at `position`, of which there have to be `count`, and the position behind them.
pub(crate) fn lengths_at(
    input: &[u8],
    position: usize,
    count: usize,
) -> Result<(Lengths<'_>, usize), DecodeError> {
    let lengths = Lengths::new(input, position, count)?;
    if let Some(end) = end_of(input, position) {
        return Ok((lengths, end));
    }
    // Why there is none.
    let mut ahead = lengths.clone();
    while ahead.left() > 0 {
        ahead.read(&mut [0; BLOCK])?;
    }
    Ok((lengths, ahead.end()))
}
