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

    /// The first 16 bytes, the first one lowest, and anything behind a shorter value.
    #[inline(always)]
    fn word(self) -> u128 {
        match self.tail.first_chunk() {
            Some(bytes) => u128::from_le_bytes(*bytes),
            None => short_word(self.tail),
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

/// How many bytes each value has in common with the one before it, 0 for the first, and the
/// value.
#[inline(always)]
pub(crate) fn with_prefixes<'a>(
    values: impl Iterator<Item = View<'a>>,
) -> impl Iterator<Item = (usize, View<'a>)> {
    let (mut before, mut before_word) = (View { tail: &[], len: 0 }, 0);
    values.map(move |value| {
        let word = value.word();
        let most = before.len.min(value.len);
        let same = ((word ^ before_word).trailing_zeros() / 8) as usize;
        let prefix = if same < 16 || most <= 16 {
            same.min(most)
        } else {
            longer_prefix(before.bytes(), value.bytes())
        };
        (before, before_word) = (value, word);
        (prefix, value)
    })
}

/// As many bytes as are the same at the front of both, of which the first 16 are.
#[inline(never)]
fn longer_prefix(a: &[u8], b: &[u8]) -> usize {
    let pairs = a.as_chunks::<16>().0.iter().zip(b.as_chunks::<16>().0);
    let mut same = 0;
    for (a, b) in pairs {
        let differs = u128::from_le_bytes(*a) ^ u128::from_le_bytes(*b);
        same += differs.trailing_zeros() as usize / 8;
        if differs != 0 {
            return same;
        }
    }
    let rest = |bytes| <[u8]>::get(bytes, same..).unwrap_or_default();
    same + rest(a)
        .iter()
        .zip(rest(b))
        .take_while(|(a, b)| a == b)
        .count()
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
