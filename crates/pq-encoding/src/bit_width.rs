//! How many bits values need.

/// The fewest bits that hold `value`; 0 for 0.
///
/// ```
/// assert_eq!(pq_encoding::bit_width::of_u32(9), 4);
/// ```
#[inline]
pub const fn of_u32(value: u32) -> u8 {
    (u32::BITS - value.leading_zeros()) as u8
}

/// The fewest bits that hold `value`; 0 for 0.
#[inline]
pub const fn of_u64(value: u64) -> u8 {
    (u64::BITS - value.leading_zeros()) as u8
}

/// The fewest bits that hold each of `values`; 0 if there are none or all are 0.
#[inline]
pub fn of_all_u32(values: &[u32]) -> u8 {
    of_u32(values.iter().fold(0, |bits, value| bits | value))
}

#[cfg(test)]
mod tests {
    use super::{of_all_u32, of_u32, of_u64};

    #[test]
    fn widths() {
        for (value, width) in [(0, 0), (1, 1), (2, 2), (3, 2), (255, 8), (256, 9)] {
            assert_eq!(of_u32(value), width);
            assert_eq!(of_u64(u64::from(value)), width);
        }
        assert_eq!((of_u32(u32::MAX), of_u64(u64::MAX)), (32, 64));
        assert_eq!((of_all_u32(&[]), of_all_u32(&[1, 4, 2])), (0, 3));
    }
}
