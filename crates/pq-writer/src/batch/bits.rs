//! Bitmaps.

use pq_encoding::vectors::{Work, vectorized};

/// A run of bits in a least-significant-bit-first bitmap, the layout of Arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bits<'a> {
    bytes: &'a [u8],
    offset: usize,
    len: usize,
}

impl<'a> Bits<'a> {
    pub(super) const EMPTY: Bits<'static> = Bits {
        bytes: &[],
        offset: 0,
        len: 0,
    };

    /// `len` bits of `bytes` from bit `offset` on, or `None` if `bytes` is too short for them.
    pub fn new(bytes: &'a [u8], offset: usize, len: usize) -> Option<Self> {
        let end = offset.checked_add(len)?;
        (end.div_ceil(8) <= bytes.len()).then_some(Self { bytes, offset, len })
    }

    /// How many bits there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no bit.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes that hold the bits; the first bit is bit [`offset`](Self::offset) of them.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The position of the first bit in [`bytes`](Self::bytes).
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Bit `index`; false beyond the end.
    #[inline]
    pub fn get(&self, index: usize) -> bool {
        if index >= self.len {
            return false;
        }
        let position = self.offset + index;
        self.bytes
            .get(position / 8)
            .is_some_and(|byte| byte >> (position % 8) & 1 == 1)
    }

    /// Bits `start .. start + len`, clamped to what there is.
    pub fn slice(&self, start: usize, len: usize) -> Self {
        let start = start.min(self.len);
        Self {
            bytes: self.bytes,
            offset: self.offset + start,
            len: len.min(self.len - start),
        }
    }

    /// How many bits are set.
    pub fn count_ones(&self) -> usize {
        let (first, last) = (self.offset, self.offset + self.len);
        if self.len == 0 {
            return 0;
        }
        let bytes = &self.bytes[first / 8..last.div_ceil(8)];
        let whole = vectorized(Ones(bytes));
        let head = bytes[0] & ((1u16 << (first % 8)) - 1) as u8;
        let tail = match last % 8 {
            0 => 0,
            bits => bytes[bytes.len() - 1] & !(((1u16 << bits) - 1) as u8),
        };
        whole - head.count_ones() as usize - tail.count_ones() as usize
    }

    /// The first run of set bits within `start .. end`: where it begins and ends.
    pub(crate) fn next_run(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let end = end.min(self.len);
        let mut from = start;
        while from < end {
            let skipped = self.word(from).trailing_zeros() as usize;
            from += skipped;
            if skipped < 64 {
                break;
            }
        }
        if from >= end {
            return None;
        }
        let mut to = from;
        while to < end {
            let passed = self.word(to).trailing_ones() as usize;
            to += passed;
            if passed < 64 {
                break;
            }
        }
        Some((from, to.min(end)))
    }

    /// 64 bits from bit `index` on; anything beyond the last bit.
    pub(crate) fn word(&self, index: usize) -> u64 {
        let position = self.offset + index;
        let tail = self.bytes.get(position / 8..).unwrap_or_default();
        let shift = position % 8;
        match tail.first_chunk() {
            Some(bytes) => {
                let ninth = u64::from(tail.get(8).copied().unwrap_or(0));
                let high = ninth.checked_shl(64 - shift as u32).unwrap_or(0);
                u64::from_le_bytes(*bytes) >> shift | high
            }
            None => {
                let mut bytes = [0; 8];
                for (to, from) in bytes.iter_mut().zip(tail) {
                    *to = *from;
                }
                u64::from_le_bytes(bytes) >> shift
            }
        }
    }

    /// The bits one by one.
    pub fn iter(&self) -> impl Iterator<Item = bool> + use<'a> {
        let bits = *self;
        (0..bits.len).map(move |index| bits.get(index))
    }
}

/// Counts the bits that are set.
struct Ones<'a>(&'a [u8]);

impl Work for Ones<'_> {
    type Done = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let (words, rest) = self.0.as_chunks();
        let ones = |word: &[u8; 8]| u64::from_le_bytes(*word).count_ones() as usize;
        let rest = rest.iter().map(|byte| byte.count_ones() as usize);
        words.iter().map(ones).sum::<usize>() + rest.sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_are_those_of_the_bits_one_by_one(
            bytes in proptest::collection::vec(prop_oneof![Just(0), Just(0xff), any::<u8>()], 1..40),
            offset in 0_usize..8,
            start in 0_usize..320,
            end in 0_usize..320,
        ) {
            let bits = Bits::new(&bytes, offset, bytes.len() * 8 - offset).unwrap();
            let end = end.min(bits.len());
            let from = (start..end).find(|&index| bits.get(index));
            let run = from.map(|from| {
                (from, (from..end).find(|&index| !bits.get(index)).unwrap_or(end))
            });
            prop_assert_eq!(bits.next_run(start, end), run);
        }
    }
}
