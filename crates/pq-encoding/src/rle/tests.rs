use super::{
    Run, Runs, booleans, decode_bitmap, decode_u32, encode_bitmap, encode_run, encode_u32,
    max_bitmap_len, max_encoded_len, max_run_len,
};
use crate::error::{DecodeError, EncodeError};
use crate::{naive, varint};
use proptest::prelude::*;
use std::vec;
use std::vec::Vec;

/// Values as columns have them: runs of all lengths between values that change.
fn values() -> impl Strategy<Value = (u8, Vec<u32>)> {
    (1_u8..=32).prop_flat_map(|width| {
        let most = u32::MAX >> (32 - width);
        let piece = (0..=most, 1_usize..60, 0_usize..20, any::<bool>());
        let values = proptest::collection::vec(piece, 0..12).prop_map(move |pieces| {
            let mut values = Vec::new();
            for (value, run, others, is_run) in pieces {
                if is_run {
                    values.extend(vec![value; run]);
                } else {
                    values.extend((0..others as u32).map(|i| value.wrapping_mul(i) & most));
                }
            }
            values
        });
        (Just(width), values)
    })
}

proptest! {
    #[test]
    fn there_and_back((width, values) in values()) {
        let mut out = Vec::new();
        encode_u32(&values, width, &mut out).unwrap();
        let decoded: Vec<u32> = naive::decode_hybrid(&out, width, values.len())
            .into_iter().map(|value| value as u32).collect();
        prop_assert_eq!(&decoded, &values);

        let mut fast = vec![0; values.len()];
        prop_assert_eq!(decode_u32(&out, width, &mut fast), Ok(out.len()));
        prop_assert_eq!(&fast, &values);
        let most = max_encoded_len(values.len(), width);
        prop_assert!(out.len() <= most, "{} of {most} bytes", out.len());
    }

    #[test]
    fn a_bitmap_is_its_values((_, values) in values(), offset in 0_usize..20, flip in any::<bool>()) {
        let values: Vec<u32> = values.iter().map(|value| (value & 1) ^ u32::from(flip)).collect();
        let mut bits = vec![0xa5; (offset + values.len()).div_ceil(8) + 1];
        for (index, value) in values.iter().enumerate() {
            let at = offset + index;
            bits[at / 8] = bits[at / 8] & !(1 << (at % 8)) | (*value as u8) << (at % 8);
        }
        let (mut of_bits, mut of_values) = (Vec::new(), Vec::new());
        encode_bitmap(&bits, offset, values.len(), &mut of_bits).unwrap();
        encode_u32(&values, 1, &mut of_values).unwrap();
        prop_assert_eq!(&of_bits, &of_values);
        prop_assert!(of_bits.len() <= max_bitmap_len(values.len()));

        let count = values.len();
        let mut page = Vec::new();
        booleans::encode_bitmap(&bits, offset, count, &mut page).unwrap();
        prop_assert_eq!(&page[..4], (of_bits.len() as u32).to_le_bytes());
        prop_assert_eq!(&page[4..], &of_bits);
        let used = page.len();
        page.extend([0xff; 9]);

        // As a bitmap; what is behind it is left alone.
        let wide: Vec<u64> = values.iter().map(|&value| value.into()).collect();
        let expected = naive::pack(&wide, 1);
        let mut bitmap = vec![0xa5; expected.len() + 1];
        prop_assert_eq!(decode_bitmap(&of_bits, count, &mut bitmap), Ok(of_bits.len()));
        prop_assert_eq!(&bitmap[..expected.len()], &expected);
        prop_assert_eq!(bitmap[expected.len()], 0xa5);
        bitmap.fill(0xa5);
        prop_assert_eq!(booleans::decode_bitmap(&page, count, &mut bitmap), Ok(used));
        prop_assert_eq!(&bitmap[..expected.len()], &expected);

        // And as booleans.
        let expected: Vec<bool> = values.iter().map(|&value| value != 0).collect();
        let mut decoded = vec![true; count];
        prop_assert_eq!(booleans::decode(&page, &mut decoded), Ok(used));
        prop_assert_eq!(&decoded, &expected);
        page.clear();
        booleans::encode(&expected, &mut page).unwrap();
        decoded.fill(false);
        prop_assert_eq!(booleans::decode(&page, &mut decoded), Ok(page.len()));
        prop_assert_eq!(&decoded, &expected);
        prop_assert!(page.len() <= booleans::max_encoded_len(count));
        let runs = naive::decode_hybrid(&page[4..], 1, count);
        prop_assert_eq!(runs, wide);
    }

    #[test]
    fn runs_of_bits_at_any_place(
        runs in proptest::collection::vec((any::<bool>(), any::<bool>(), 1_usize..200), 0..9),
        behind in 0_usize..200,
    ) {
        // Unlike the encoder, a writer may begin packed groups behind any number of values.
        let (mut page, mut expected) = (Vec::new(), Vec::new());
        for (value, is_packed, count) in runs {
            if is_packed {
                let groups = count.div_ceil(8);
                let mixed = |i: usize| (i * i + count) as u8;
                varint::encode_u64((groups as u64) << 1 | 1, &mut page).unwrap();
                page.extend((0..groups).map(mixed));
                let bit = |i: usize| mixed(i / 8) >> (i % 8) & 1 != 0;
                expected.extend((0..groups * 8).map(bit));
            } else {
                encode_run(value.into(), count, 1, &mut page).unwrap();
                expected.extend(vec![value; count]);
            }
        }
        expected.truncate(expected.len().saturating_sub(behind));
        let bits: Vec<u64> = expected.iter().map(|&value| value.into()).collect();
        let packed = naive::pack(&bits, 1);
        let mut bitmap = vec![0xff; packed.len()];
        let used = decode_bitmap(&page, expected.len(), &mut bitmap).unwrap();
        prop_assert!(used <= page.len());
        prop_assert_eq!(bitmap, packed);
        page.splice(0..0, (page.len() as u32).to_le_bytes());
        let mut decoded = vec![true; expected.len()];
        prop_assert_eq!(booleans::decode(&page, &mut decoded), Ok(page.len()));
        prop_assert_eq!(decoded, expected);
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..60), width in 0_u8..=32) {
        let mut out = [0; 100];
        if let Ok(used) = decode_u32(&bytes, width, &mut out) {
            prop_assert!(used <= bytes.len());
            prop_assert!(width == 32 || out.iter().all(|value| value >> width == 0));
        }
        prop_assert!(Runs::new(&bytes, width).unwrap().count() <= bytes.len());

        let (mut bitmap, mut values, mut bools) = ([0xff; 13], [0; 100], [true; 100]);
        let used = decode_bitmap(&bytes, 99, &mut bitmap);
        prop_assert_eq!(used, decode_u32(&bytes, 1, &mut values[..99]));
        if used.is_ok() {
            let bit = |index: usize| u32::from(bitmap[index / 8] >> (index % 8) & 1);
            prop_assert!((0..99).map(bit).eq(values[..99].iter().copied()));
            prop_assert_eq!(bitmap[12] >> 3, 0);
        }
        let used = booleans::decode(&bytes, &mut bools);
        prop_assert_eq!(used, booleans::decode_bitmap(&bytes, 100, &mut bitmap));
    }
}

#[test]
fn a_bitmap_read_beyond_its_end_is_zeros() {
    let mut out = Vec::new();
    encode_bitmap(&[0xff], 0, 100, &mut out).unwrap();
    let decoded = naive::decode_hybrid(&out, 1, 100);
    assert_eq!(decoded.iter().sum::<u64>(), 8);
}

#[test]
fn bits_that_cannot_be_counted() {
    let (offset, len) = (usize::MAX - 9, 10);
    let too_far = Err(EncodeError::BitRange { offset, len });
    let mut out = vec![1];
    assert_eq!(encode_bitmap(&[0xff], offset, len, &mut out), too_far);
    assert_eq!(
        booleans::encode_bitmap(&[0xff], offset, len, &mut out),
        too_far
    );
    assert_eq!(out, [1], "nothing is appended");
    encode_bitmap(&[0xff], offset, len - 1, &mut out).unwrap();
    assert_eq!(out, [1, 18, 0]);
}

#[test]
fn runs_of_every_length_at_every_width() {
    for width in 1..=20 {
        for run in 1..70 {
            let values: Vec<u32> = (0..300)
                .map(|i| (i / run) & (u32::MAX >> (32 - width)))
                .collect();
            let mut out = Vec::new();
            encode_u32(&values, width, &mut out).unwrap();
            let mut decoded = vec![0; values.len()];
            decode_u32(&out, width, &mut decoded).unwrap();
            assert_eq!(decoded, values, "width {width}, runs of {run}");
            assert!(out.len() <= max_encoded_len(values.len(), width));
        }
    }
}

#[test]
fn a_run_is_one_run() {
    for count in [1, 7, 8, 9, 1000, 1 << 20] {
        let mut out = Vec::new();
        encode_run(9, count, 10, &mut out).unwrap();
        let runs: Vec<_> = Runs::new(&out, 10).unwrap().collect();
        assert_eq!(runs, [Ok(Run::Repeated { value: 9, count })]);
        assert_eq!(out.len(), max_run_len(count, 10));
    }
    let mut out = Vec::new();
    encode_run(1, 0, 1, &mut out).unwrap();
    assert!(out.is_empty());
}

#[test]
fn what_is_longer_than_a_run_can_say_is_two_runs() {
    let mut out = Vec::new();
    encode_run(1, 1 << 31, 1, &mut out).unwrap();
    let counts: Vec<_> = Runs::new(&out, 1).unwrap().map(Result::unwrap).collect();
    assert_eq!(out.len(), max_run_len(1 << 31, 1));
    let run = |count| Run::Repeated { value: 1, count };
    assert_eq!(counts, [run((1 << 31) - 1), run(1)]);
}

#[test]
fn the_largest_is_as_large_as_stated() {
    for width in 1..=32 {
        for count in [0, 7, 8, 503, 504, 512, 4000, 65_535] {
            // No two neighbours are the same.
            let values: Vec<u32> = (0..count as u32).map(|i| i & 1).collect();
            let mut out = Vec::new();
            encode_u32(&values, width, &mut out).unwrap();
            // Narrow ones may take more where runs lie between.
            let runs = if width < 4 && count > 0 {
                2 + count / 512
            } else {
                0
            };
            assert_eq!(
                out.len() + runs,
                max_encoded_len(count, width),
                "{count} of {width} bits"
            );
        }
    }
    let mut bits = Vec::new();
    encode_bitmap(&[0x55; 100], 0, 800, &mut bits).unwrap();
    assert_eq!(bits.len() + 3, max_bitmap_len(800));
    let mut page = Vec::new();
    booleans::encode(&[true, false, true], &mut page).unwrap();
    assert_eq!(page.len() + 2, booleans::max_encoded_len(3));
    let mut zeros = Vec::new();
    encode_u32(&[0; 1000], 0, &mut zeros).unwrap();
    assert_eq!(zeros.len(), max_encoded_len(1000, 0));
    let most = [max_encoded_len(usize::MAX, 32), max_bitmap_len(usize::MAX)];
    assert!(most[0] == usize::MAX && most[1] > usize::MAX / 8);
}

#[test]
fn runs_that_pay_just_so_between_many_packed_groups() {
    for width in [1, 2, 3, 8, 9, 17] {
        for packed in [504, 512, 65_528, 65_536, 65_544] {
            for run in [8, 9, 10, 13, 16, 24, 25, 26, 32, 33] {
                let piece = (0..packed).map(|i| i & 1).chain(vec![1; run]);
                let values: Vec<u32> = piece.collect::<Vec<_>>().repeat(4);
                let mut out = Vec::new();
                encode_u32(&values, width, &mut out).unwrap();
                let most = max_encoded_len(values.len(), width);
                assert!(out.len() <= most, "{packed} and {run} of {width} bits");
            }
        }
    }
}

#[test]
fn the_example_of_the_specification() {
    // The numbers 0 to 7 at 3 bits, one group of them behind its header.
    let values = [0, 1, 2, 3, 4, 5, 6, 7];
    let mut out = Vec::new();
    encode_u32(&values, 3, &mut out).unwrap();
    assert_eq!(out, [1 << 1 | 1, 0b1000_1000, 0b1100_0110, 0b1111_1010]);
    let mut decoded = [9; 8];
    assert_eq!(decode_u32(&out, 3, &mut decoded), Ok(4));
    assert_eq!(decoded, values);
}

#[test]
fn a_few_groups_of_every_number_at_every_width() {
    for width in 2..=32 {
        for groups in 1..9 {
            let run = [1; 70];
            let mixed = (0..8 * groups).map(|index| index % 3);
            let mut values = Vec::from_iter(run.into_iter().chain(mixed).chain(run));
            let mut out = Vec::new();
            encode_u32(&values, width, &mut out).unwrap();
            let mut decoded = vec![9; values.len()];
            assert_eq!(decode_u32(&out, width, &mut decoded), Ok(out.len()));
            assert_eq!(decoded, values);
            if width == 32 {
                continue;
            }
            let index = 70 + 8 * groups as usize - 2;
            values[index] = 1 << width;
            let too_wide = EncodeError::TooWide {
                index,
                value: 1 << width,
                width,
            };
            assert_eq!(encode_u32(&values, width, &mut out), Err(too_wide));
        }
    }
}

#[test]
fn bad_input() {
    let mut out = vec![1];
    let too_wide = EncodeError::TooWide {
        index: 0,
        value: 4,
        width: 2,
    };
    assert_eq!(encode_run(4, 10, 2, &mut out), Err(too_wide));
    assert_eq!(encode_u32(&[4], 2, &mut out), Err(too_wide));
    assert_eq!(encode_u32(&[1], 0, &mut out).map_err(|_| ()), Err(()));
    assert!(encode_u32(&[4], 33, &mut out).is_err());
    assert_eq!(out, [1], "nothing is appended");

    let mut values = [0; 8];
    let end = |offset| Err(DecodeError::UnexpectedEnd { offset });
    assert_eq!(decode_u32(&[], 1, &mut values), end(0));
    assert_eq!(decode_u32(&[3], 1, &mut values), end(1));
    assert_eq!(decode_u32(&[16], 1, &mut values), end(1));
    assert_eq!(
        decode_u32(&[1, 3, 0xff], 1, &mut values),
        Err(DecodeError::EmptyRun { offset: 0 })
    );
    assert_eq!(
        decode_u32(&[16, 2], 1, &mut values),
        Err(DecodeError::Overflow { offset: 1 })
    );
    let full = DecodeError::OutputFull {
        needed: 2,
        available: 1,
    };
    assert_eq!(decode_bitmap(&[18, 1], 9, &mut [0]), Err(full));
    let framed = [2, 0, 0, 0, 16, 2, 16, 1];
    assert_eq!(
        booleans::decode(&framed, &mut [false; 8]),
        Err(DecodeError::Overflow { offset: 5 })
    );
    assert_eq!(booleans::decode_bitmap(&framed, 9, &mut [0]), Err(full));
    assert_eq!(booleans::decode(&framed[..5], &mut [false; 8]), end(5));
    assert_eq!(
        booleans::decode(&[1, 0, 0, 0, 16, 1], &mut [false; 8]),
        end(5)
    );
    let mut long = Vec::new();
    varint::encode_u64(1 << 40, &mut long).unwrap();
    assert_eq!(
        decode_u32(&long, 1, &mut values),
        Err(DecodeError::Overflow { offset: 0 })
    );
}
