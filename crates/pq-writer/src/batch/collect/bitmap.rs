//! Bits that are appended.

use super::Bits;
use super::append::make_room;

/// Bits in bytes, the least significant first.
#[derive(Debug, Clone, Default)]
pub(super) struct Bitmap {
    bytes: Vec<u8>,
    len: usize,
}

impl Bitmap {
    /// So many bits, all set.
    pub(super) fn ones(len: usize) -> Self {
        let mut bits = Self::default();
        bits.extend(std::iter::repeat_n(true, len));
        bits
    }

    pub(super) fn extend(&mut self, bits: impl ExactSizeIterator<Item = bool>) {
        make_room(&mut self.bytes, bits.len().div_ceil(8));
        for bit in bits {
            if self.len.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= u8::from(bit) << (self.len % 8);
            }
            self.len += 1;
        }
    }

    pub(super) fn lend(&self) -> Bits<'_> {
        Bits::new(&self.bytes, 0, self.len).unwrap_or(Bits::EMPTY)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes.capacity()
    }
}
