//! Values where they stand.

use super::Offset;

/// One value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    /// Starts with the value. What stands behind it is known memory, so short values can be
    /// read in steps of one size.
    pub(crate) tail: &'a [u8],
    /// The bytes of `tail` that are the value; no more than there are.
    pub(crate) len: usize,
}

impl<'a> View<'a> {
    #[inline(always)]
    pub(crate) fn bytes(self) -> &'a [u8] {
        self.tail.get(..self.len).unwrap_or_default()
    }

    /// The last `len` bytes.
    #[inline(always)]
    pub(crate) fn last(self, len: usize) -> Self {
        let before = self.len.wrapping_sub(len);
        Self {
            tail: self.tail.get(before..).unwrap_or_default(),
            len,
        }
    }

    /// The first 8 bytes, the first one lowest, and anything behind a shorter value.
    #[inline(always)]
    fn word(self) -> u64 {
        match self.tail.first_chunk() {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => short_word(self.tail) as u64,
        }
    }
}

/// Up to 15 bytes, the first one lowest, and zeros. What is read twice is the same twice.
#[inline(always)]
pub(super) fn short_word(bytes: &[u8]) -> u128 {
    let shift = |size: usize| 8 * (bytes.len() - size) as u32;
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        u128::from(first) | u128::from(last) << shift(8)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        u128::from(u64::from(first) | u64::from(last) << shift(4))
    } else {
        let byte = |at: usize| u32::from(bytes.get(at).copied().unwrap_or(0)) << (8 * at);
        u128::from(byte(0) | byte(1) | byte(2))
    }
}

/// Compares each value with the one before it.
#[derive(Clone)]
pub(crate) struct Prefixes<'a> {
    before: View<'a>,
    /// Its first bytes.
    word: u64,
}

impl<'a> Prefixes<'a> {
    /// Before the first value.
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self {
            before: View { tail: &[], len: 0 },
            word: 0,
        }
    }

    /// How many bytes the next value has in common with the one before.
    #[inline(always)]
    pub(crate) fn of(&mut self, value: View<'a>) -> usize {
        let word = value.word();
        let most = self.before.len.min(value.len);
        let differs = word ^ self.word;
        let prefix = if differs != 0 {
            (differs.trailing_zeros() as usize / 8).min(most)
        } else if most <= 8 {
            most
        } else {
            longer_prefix(self.before.tail, value.tail, most)
        };
        self.before = value;
        self.word = word;
        prefix
    }
}

/// How many of the first `most` bytes are the same before one differs; the first eight are.
#[inline(never)]
fn longer_prefix(a: &[u8], b: &[u8], most: usize) -> usize {
    const KNOWN: usize = 8;
    let behind = |bytes| <[u8]>::get(bytes, KNOWN..).unwrap_or_default();
    let (x_chunks, _) = behind(a).as_chunks::<16>();
    let (y_chunks, _) = behind(b).as_chunks::<16>();
    let mut at = KNOWN;
    // What is behind the values is compared as well, and does not count.
    for (x, y) in x_chunks.iter().zip(y_chunks) {
        let differs = u128::from_le_bytes(*x) ^ u128::from_le_bytes(*y);
        if differs != 0 {
            return most.min(at + differs.trailing_zeros() as usize / 8);
        }
        at += 16;
        if at >= most {
            return most;
        }
    }
    let rest = |bytes| <[u8]>::get(bytes, at..most).unwrap_or_default().iter();
    at + rest(a).zip(rest(b)).take_while(|(x, y)| x == y).count()
}

/// The values of offsets that were checked.
#[inline]
pub(crate) fn of_offsets<'a, T: Offset>(
    offsets: &'a [T],
    data: &'a [u8],
) -> impl Iterator<Item = View<'a>> + Clone {
    let next = offsets.get(1..).unwrap_or_default();
    offsets.iter().zip(next).map(|(from, to)| {
        let (from, to) = (from.to_usize(), to.to_usize());
        View {
            tail: data.get(from..).unwrap_or_default(),
            len: to.wrapping_sub(from),
        }
    })
}

/// Values of `width` bytes each, without gaps.
#[inline]
pub(crate) fn of_fixed(data: &[u8], width: usize) -> impl Iterator<Item = View<'_>> + Clone {
    let count = data.len().checked_div(width).unwrap_or(0);
    (0..count).map(move |index| View {
        tail: data.get(index * width..).unwrap_or_default(),
        len: width,
    })
}

/// Values that stand alone.
#[inline]
pub(crate) fn of_slices<'a>(
    values: impl Iterator<Item = &'a [u8]> + Clone,
) -> impl Iterator<Item = View<'a>> + Clone {
    values.map(|tail| View {
        tail,
        len: tail.len(),
    })
}
