//! The deprecated BIT_PACKED.

use crate::{Input, like_naive, naive};
use pq_encoding::bitpack::{legacy_packed_len, pack_legacy_u32, unpack_legacy_u32};

pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let (width, count) = (input.byte() % 35, input.count());
    let input = input.rest();
    let expected = naive::unpack_legacy(input, width.into(), count);
    let decode = |values: &mut [u32]| unpack_legacy_u32(input, width, values);
    let Some((values, used)) = like_naive(expected, width, count, decode) else {
        return;
    };

    let mut packed = vec![0xaa; legacy_packed_len(count, width)];
    assert_eq!(pack_legacy_u32(&values, width, &mut packed), Ok(used));
    let mut again = vec![9; count];
    assert_eq!(unpack_legacy_u32(&packed, width, &mut again), Ok(used));
    assert_eq!(again, values);
    // All but the padding of the last byte is as it was.
    let whole = count * usize::from(width) / 8;
    assert_eq!(&packed[..whole], &input[..whole]);
}
