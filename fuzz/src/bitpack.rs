//! Bit-packing, least significant bit first.

use crate::{Input, naive};
use pq_encoding::bitpack::{pack_u32, pack_u64, packed_len, unpack_u32, unpack_u64};

pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let (width, count) = (input.byte() % 67, input.count());
    let input = input.rest();
    let expected = naive::unpack(input, width.into(), count);

    let mut wide = vec![7; count];
    let used = unpack_u64(input, width, &mut wide);
    let mut narrow = vec![7; count];
    let narrow_used = unpack_u32(input, width, &mut narrow);
    match expected {
        Some((values, len)) if width <= 64 => {
            assert_eq!((used, &wide), (Ok(len), &values));
            assert_eq!(narrow_used.is_ok(), width <= 32);
        }
        _ => assert!(used.is_err() && narrow_used.is_err()),
    }
    if used.is_ok() {
        let mut packed = vec![0xaa; packed_len(count, width)];
        assert_eq!(pack_u64(&wide, width, &mut packed), Ok(packed.len()));
        let values = naive::unpack(&packed, width.into(), count.next_multiple_of(8))
            .unwrap()
            .0;
        assert_eq!(&values[..count], &wide);
        assert!(values[count..].iter().all(|&padding| padding == 0));
        if narrow_used.is_ok() {
            assert!(narrow.iter().zip(&wide).all(|(&a, &b)| u64::from(a) == b));
            let mut same = vec![0x55; packed.len()];
            assert_eq!(pack_u32(&narrow, width, &mut same), Ok(packed.len()));
            assert_eq!(same, packed);
        }
    }
}
