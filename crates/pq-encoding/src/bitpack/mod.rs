//! Bit-packing: values of `width` bits each, without gaps.
//!
//! [`pack_u32`], [`unpack_u32`], [`pack_u64`] and [`unpack_u64`] are
//! least significant bit first, as in the RLE/bit-packing
//! hybrid and in DELTA_BINARY_PACKED; eight values fill exactly `width` bytes.
//! [`pack_legacy_u32`] and [`unpack_legacy_u32`] are the deprecated BIT_PACKED, most significant
//! bit first, which only levels of old files use.

mod kernels;
mod legacy;
mod pack;
mod unpack;
pub(crate) mod wide;

pub use legacy::{legacy_packed_len, pack_legacy_u32, unpack_legacy_u32};
pub use pack::pack_u32;
pub(crate) use pack::{check_u32, pack_checked_u32};
pub use unpack::unpack_u32;
pub use wide::{pack_u64, unpack_u64};

/// The bytes that `count` values of `width` bits take: whole groups of eight values.
///
/// ```
/// assert_eq!(pq_encoding::bitpack::packed_len(9, 3), 6);
/// ```
#[inline]
pub const fn packed_len(count: usize, width: u8) -> usize {
    count.div_ceil(8).saturating_mul(width as usize)
}

/// Calls a function whose const parameter is the width.
macro_rules! with_width {
    ($width:expr, $function:ident($($argument:expr),*)) => {
        $crate::bitpack::with_width!(
            @ $width, $function($($argument),*),
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
        )
    };
    (@ $width:expr, $function:ident $arguments:tt, $($known:literal)*) => {
        match $width {
            $($known => $function::<$known> $arguments,)*
            _ => $function::<32> $arguments,
        }
    };
}
use with_width;

#[cfg(test)]
mod tests {
    use super::{
        legacy_packed_len, pack_legacy_u32, pack_u32, packed_len, unpack_legacy_u32, unpack_u32,
    };
    use crate::error::{DecodeError, EncodeError};
    use crate::naive;
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    /// A width and values that fit it.
    fn values() -> impl Strategy<Value = (u8, Vec<u32>)> {
        (0_u8..=32).prop_flat_map(|width| {
            let most = u32::MAX.checked_shr(32 - u32::from(width)).unwrap_or(0);
            (Just(width), proptest::collection::vec(0..=most, 0..400))
        })
    }

    proptest! {
        #[test]
        fn agrees_with_naive((width, values) in values()) {
            let wide: Vec<u64> = values.iter().map(|&value| value.into()).collect();
            let mut packed = vec![0xaa; packed_len(values.len(), width) + 3];
            let len = pack_u32(&values, width, &mut packed).unwrap();
            prop_assert_eq!(&packed[len..], &[0xaa; 3]);
            packed.truncate(len);
            prop_assert_eq!(&packed, &naive::pack(&wide, width));

            let mut unpacked = vec![1; values.len()];
            let used = unpack_u32(&packed, width, &mut unpacked).unwrap();
            prop_assert_eq!((used, &unpacked), (len, &values));

            let mut old = vec![0xaa; legacy_packed_len(values.len(), width)];
            prop_assert_eq!(pack_legacy_u32(&values, width, &mut old), Ok(old.len()));
            prop_assert_eq!(&old, &naive::pack_legacy(&wide, width));
            unpack_legacy_u32(&old, width, &mut unpacked).unwrap();
            prop_assert_eq!(&unpacked, &values);
        }

        #[test]
        fn any_bytes(
            bytes in proptest::collection::vec(any::<u8>(), 0..80),
            width in 0_u8..=32,
            count in 0_usize..100,
        ) {
            let mut out = vec![0; count];
            match unpack_u32(&bytes, width, &mut out) {
                Ok(used) => prop_assert_eq!(used, packed_len(count, width)),
                Err(_) => prop_assert!(packed_len(count, width) > bytes.len()),
            }
        }
    }

    #[test]
    fn the_example_of_the_specification() {
        let values = [0, 1, 2, 3, 4, 5, 6, 7];
        let mut out = [0; 3];
        pack_u32(&values, 3, &mut out).unwrap();
        assert_eq!(out, [0b1000_1000, 0b1100_0110, 0b1111_1010]);
        pack_legacy_u32(&values, 3, &mut out).unwrap();
        assert_eq!(out, [0b0000_0101, 0b0011_1001, 0b0111_0111]);
    }

    #[test]
    fn bad_input() {
        let mut out = [7; 8];
        let too_wide = EncodeError::TooWide {
            index: 1,
            value: 8,
            width: 3,
        };
        assert_eq!(pack_u32(&[7, 8, 9], 3, &mut out), Err(too_wide));
        assert_eq!(pack_legacy_u32(&[7, 8, 9], 3, &mut out), Err(too_wide));
        let full = EncodeError::OutputFull {
            needed: 9,
            available: 8,
        };
        assert_eq!(pack_u32(&[1; 8], 9, &mut out), Err(full));
        assert_eq!(
            pack_u32(&[], 33, &mut out),
            Err(EncodeError::Width {
                width: 33,
                most: 32
            })
        );
        assert_eq!(out, [7; 8], "nothing was written");
        assert_eq!(
            unpack_u32(&[0; 8], 9, &mut [0; 8]),
            Err(DecodeError::UnexpectedEnd { offset: 8 })
        );
        assert!(unpack_u32(&[0; 80], 33, &mut [0; 8]).is_err());
    }
}
