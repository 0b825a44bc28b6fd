//! Offsets into data, as Arrow has them.

use crate::error::EncodeError;

/// An offset into the bytes of many byte arrays: `i32` or `i64`, as in Arrow. Value `i` stands
/// at `offsets[i] .. offsets[i + 1]`, so there is one offset more than there are values; none at
/// all is no value as well. Rows `start .. end` of a column are `&offsets[start..=end]`.
pub trait Offset: sealed::Offset {}

impl Offset for i32 {}
impl Offset for i64 {}

mod sealed {
    pub trait Offset: Copy + Ord + Default + core::fmt::Debug {
        /// For an offset that was checked.
        fn to_usize(self) -> usize;
        fn from_usize(value: usize) -> Option<Self>;
        /// The largest one.
        const MOST: u64;
        /// The lowest bits.
        fn wrap(value: u64) -> Self;
    }

    macro_rules! offsets {
        ($($number:ty)*) => {$(
            impl Offset for $number {
                const MOST: u64 = Self::MAX as u64;

                #[inline(always)]
                fn wrap(value: u64) -> Self {
                    value as Self
                }

                #[inline(always)]
                fn to_usize(self) -> usize {
                    self as usize
                }

                #[inline(always)]
                fn from_usize(value: usize) -> Option<Self> {
                    Self::try_from(value).ok()
                }
            }
        )*};
    }
    offsets!(i32 i64);
}

/// The first and the last offset; those of no value if there are none.
fn first_and_last<T: Offset>(offsets: &[T]) -> (T, T) {
    let first = offsets.first().copied().unwrap_or_default();
    (first, offsets.last().copied().unwrap_or(first))
}

/// Errors unless the offsets rise from 0 or more to at most the length of `data`, and no value
/// is longer than `most`. Then [`sealed::Offset::to_usize`] is what it says for each of them.
/// Returns the bytes from the first to the last.
pub(crate) fn check<'a, T: Offset>(
    offsets: &[T],
    data: &'a [u8],
    most: usize,
) -> Result<&'a [u8], EncodeError> {
    let (first, last) = first_and_last(offsets);
    // What does not fit the offset's type is beyond every offset.
    let inside = |offset: T| {
        offset >= T::default() && T::from_usize(data.len()).is_none_or(|end| offset <= end)
    };
    let next = offsets.get(1..).unwrap_or_default();
    let falls = offsets
        .iter()
        .zip(next)
        .fold(false, |falls, (from, to)| falls | (from > to));
    if falls || !inside(first) || !inside(last) {
        let falling = offsets.iter().zip(next).position(|(from, to)| from > to);
        let outside = offsets.iter().position(|&offset| !inside(offset));
        let index = match (falling, outside) {
            (Some(before), Some(outside)) => outside.min(before + 1),
            (Some(before), None) => before + 1,
            (None, outside) => outside.unwrap_or(0),
        };
        return Err(EncodeError::Offset { index });
    }
    let bytes = data
        .get(first.to_usize()..last.to_usize())
        .unwrap_or_default();
    if bytes.len() > most {
        for (from, to) in offsets.iter().zip(next) {
            let len = to.to_usize().wrapping_sub(from.to_usize());
            if len > most {
                return Err(EncodeError::TooLong { len, most });
            }
        }
    }
    Ok(bytes)
}

/// Errors if a value is longer than `most`. Returns how many there are, and their bytes.
pub(crate) fn check_lengths<'a>(
    values: impl Iterator<Item = &'a [u8]>,
    most: usize,
) -> Result<(usize, usize), EncodeError> {
    let (mut count, mut total) = (0, 0_usize);
    for len in values.map(<[u8]>::len) {
        if len > most {
            return Err(EncodeError::TooLong { len, most });
        }
        count += 1;
        // The same bytes may be there many times.
        total = total.saturating_add(len);
    }
    Ok((count, total))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::error::EncodeError;

    #[test]
    fn offsets_that_are_none() {
        let data = [0; 10];
        let at = |index| Err(EncodeError::Offset { index });
        assert_eq!(check::<i32>(&[], &data, 9), Ok(&[][..]));
        assert_eq!(check(&[10_i64], &data, 9), Ok(&[][..]));
        assert_eq!(check(&[1, 3, 3, 10], &data, 7), Ok(&data[1..]));
        assert_eq!(check(&[11], &data, 9), at(0));
        assert_eq!(check(&[-1_i64, 2], &data, 9), at(0));
        assert_eq!(check(&[0, 4, 3, 10], &data, 9), at(2));
        assert_eq!(check(&[0, 4, 11], &data, 9), at(2));
        assert_eq!(check(&[0, 40, 3, 10], &data, 9), at(1));
        assert_eq!(check(&[0, i64::MAX], &data, 9), at(1));
        assert_eq!(
            check(&[0, 2, 10], &data, 7),
            Err(EncodeError::TooLong { len: 8, most: 7 })
        );
    }
}
