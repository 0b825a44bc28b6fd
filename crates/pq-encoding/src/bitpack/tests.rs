use super::block::{Word, pack_all, unpack_all, with_block};
use super::{
    legacy_packed_len, pack_legacy_u32, pack_u8, pack_u16, pack_u32, pack_u64, packed_len,
    unpack_legacy_u32, unpack_u8, unpack_u16, unpack_u32, unpack_u64,
};
use crate::error::{DecodeError, EncodeError};
use crate::naive;
use proptest::prelude::*;
use std::fmt::Debug;
use std::vec;
use std::vec::Vec;

type Pack<T> = fn(&[T], u8, &mut [u8]) -> Result<usize, EncodeError>;
type Unpack<T> = fn(&[u8], u8, &mut [T]) -> Result<usize, DecodeError>;

fn most(width: u8) -> u64 {
    u64::MAX.checked_shr(64 - u32::from(width)).unwrap_or(0)
}

/// The naive bytes, with whatever kernels this CPU has and with the portable ones, there and back.
fn agree<T: Word + PartialEq + Debug>(pack: Pack<T>, unpack: Unpack<T>, values: &[u64], width: u8) {
    let expected = naive::pack(values, width);
    let typed: Vec<T> = values.iter().map(|&value| T::from_word(value)).collect();
    let mut packed = vec![0xaa; expected.len() + 3];
    assert_eq!(pack(&typed, width, &mut packed), Ok(expected.len()));
    assert_eq!(packed[expected.len()..], [0xaa; 3]);
    assert_eq!(packed[..expected.len()], expected, "width {width}");
    let mut portable = vec![0xaa; expected.len()];
    with_block!(width, pack_all::<T>(&typed, &mut portable));
    assert_eq!(portable, expected, "width {width}");

    // Bytes behind the values are no part of them, and need not be there.
    packed.truncate(expected.len());
    for behind in [0, 9, 40] {
        packed.resize(expected.len() + behind, 0xff);
        let mut unpacked = vec![T::from_word(1); typed.len()];
        assert_eq!(unpack(&packed, width, &mut unpacked), Ok(expected.len()));
        assert_eq!(unpacked, typed, "width {width}");
    }
    let mut unpacked = vec![T::from_word(1); typed.len()];
    with_block!(width, unpack_all::<T>(&expected, &mut unpacked));
    assert_eq!(unpacked, typed, "width {width}");
}

/// All integers that have so many bits.
fn all_agree(values: &[u64], width: u8) {
    if width <= 8 {
        agree(pack_u8, unpack_u8, values, width);
    }
    if width <= 16 {
        agree(pack_u16, unpack_u16, values, width);
    }
    if width <= 32 {
        agree(pack_u32, unpack_u32, values, width);
    }
    agree(pack_u64, unpack_u64, values, width);
}

#[test]
fn every_width_and_many_lengths() {
    for width in 0..=64_u8 {
        let most = most(width);
        for count in (0..=72).chain([127, 128, 129, 160, 300]) {
            let mixed = (1..=count).map(|i| (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            all_agree(&mixed.map(|value| value & most).collect::<Vec<_>>(), width);
        }
        all_agree(&vec![most; 192], width);
    }
}

#[test]
fn every_single_bit() {
    for width in 1..=64_u8 {
        for bit in 0..width {
            for place in 0..64 {
                let mut values = vec![0; 128];
                values[place] = 1 << bit;
                all_agree(&values, width);
            }
        }
    }
}

proptest! {
    #[test]
    fn any_values(width in 0_u8..=64, values in proptest::collection::vec(any::<u64>(), 0..400)) {
        let values: Vec<u64> = values.iter().map(|value| value & most(width)).collect();
        all_agree(&values, width);
        if width <= 32 {
            let values: Vec<u32> = values.iter().map(|&value| value as u32).collect();
            let wide: Vec<u64> = values.iter().map(|&value| value.into()).collect();
            let mut old = vec![0xaa; legacy_packed_len(values.len(), width)];
            prop_assert_eq!(pack_legacy_u32(&values, width, &mut old), Ok(old.len()));
            prop_assert_eq!(&old, &naive::pack_legacy(&wide, width));
            let mut unpacked = vec![1; values.len()];
            unpack_legacy_u32(&old, width, &mut unpacked).unwrap();
            prop_assert_eq!(&unpacked, &values);
        }
    }

    #[test]
    fn any_bytes(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        width in 0_u8..=64,
        count in 0_usize..100,
    ) {
        let mut out = vec![0; count];
        match unpack_u64(&bytes, width, &mut out) {
            Ok(used) => {
                prop_assert_eq!(used, packed_len(count, width));
                prop_assert_eq!(&out, &naive::unpack(&bytes, width, count));
                if width <= 32 {
                    let mut narrow = vec![0; count];
                    prop_assert_eq!(unpack_u32(&bytes, width, &mut narrow), Ok(used));
                    prop_assert!(narrow.iter().zip(&out).all(|(&a, &b)| u64::from(a) == b));
                }
            }
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
    let too_wide = |width| EncodeError::TooWide {
        index: 1,
        value: 1_u64 << width,
        width,
    };
    let mut scratch = [0; 400];
    assert_eq!(pack_u8(&[7, 8, 9], 3, &mut scratch), Err(too_wide(3)));
    assert_eq!(pack_u16(&[7, 8, 9], 3, &mut scratch), Err(too_wide(3)));
    assert_eq!(pack_u32(&[7, 8, 9], 3, &mut scratch), Err(too_wide(3)));
    assert_eq!(pack_legacy_u32(&[7, 8, 9], 3, &mut out), Err(too_wide(3)));
    assert_eq!(pack_u64(&[7, 1 << 40], 40, &mut scratch), Err(too_wide(40)));
    // Wherever it is.
    for index in 0..100 {
        let mut values = [1; 100];
        values[index] = 1 << 20;
        let too_wide = EncodeError::TooWide {
            index,
            value: 1 << 20,
            width: 20,
        };
        assert_eq!(pack_u32(&values, 20, &mut scratch), Err(too_wide));
    }
    let full = EncodeError::OutputFull {
        needed: 9,
        available: 8,
    };
    assert_eq!(pack_u32(&[1; 8], 9, &mut out), Err(full));
    assert_eq!(pack_u64(&[1; 8], 9, &mut out), Err(full));
    let width = |width, most| EncodeError::Width { width, most };
    assert_eq!(pack_u8(&[], 9, &mut out), Err(width(9, 8)));
    assert_eq!(pack_u16(&[], 17, &mut out), Err(width(17, 16)));
    assert_eq!(pack_u32(&[], 33, &mut out), Err(width(33, 32)));
    assert_eq!(pack_u64(&[], 65, &mut out), Err(width(65, 64)));
    assert_eq!(out, [7; 8], "nothing was written");

    let end = Err(DecodeError::UnexpectedEnd { offset: 8 });
    assert_eq!(unpack_u32(&[0; 8], 9, &mut [0; 8]), end);
    assert_eq!(unpack_u64(&[0; 8], 9, &mut [0; 8]), end);
    assert_eq!(unpack_legacy_u32(&[0; 8], 9, &mut [0; 8]), end);
    let width = |width, most| Err(DecodeError::Width { width, most });
    assert_eq!(unpack_u8(&[0; 80], 9, &mut [0; 8]), width(9, 8));
    assert_eq!(unpack_u16(&[0; 80], 17, &mut [0; 8]), width(17, 16));
    assert_eq!(unpack_u32(&[0; 80], 33, &mut [0; 8]), width(33, 32));
    assert_eq!(unpack_u64(&[0; 80], 65, &mut [0; 8]), width(65, 64));
}
