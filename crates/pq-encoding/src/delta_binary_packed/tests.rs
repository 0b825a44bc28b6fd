use super::{
    Decoder, Encoder, decode_i32, decode_i64, encode_i32, encode_i64, max_encoded_len_i32,
    max_encoded_len_i64,
};
use crate::error::{DecodeError, EncodeError};
use crate::naive;
use crate::output::SliceOutput;
use proptest::prelude::*;
use std::vec;
use std::vec::Vec;

/// Values as columns have them: steps of some width, of which some have another.
fn values() -> impl Strategy<Value = Vec<i64>> {
    let piece = (
        any::<i64>(),
        proptest::collection::vec(any::<i64>(), 0..200),
        0_u32..=64,
        0_u32..=64,
        any::<bool>(),
    );
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| {
        let mut values = Vec::new();
        for (start, steps, start_bits, step_bits, jump) in pieces {
            let narrow = |value: i64, bits| value.checked_shr(64 - bits).unwrap_or(0);
            let last = values.last().copied().unwrap_or(0);
            let mut at = if jump {
                narrow(start, start_bits)
            } else {
                last
            };
            for step in steps {
                values.push(at);
                at = at.wrapping_add(narrow(step, step_bits));
            }
        }
        values
    })
}

fn to_i32(values: &[i64]) -> Vec<i32> {
    values.iter().map(|&value| value as i32).collect()
}

fn check(values: &[i64]) {
    let mut out = Vec::new();
    encode_i64(values, &mut out).unwrap();
    assert_eq!(out, naive::delta(values, 64, 128, 4));
    assert!(out.len() <= max_encoded_len_i64(values.len()));
    out.extend([0xff; 3]);
    let mut decoded = vec![1; values.len()];
    assert_eq!(decode_i64(&out, &mut decoded), Ok(out.len() - 3));
    assert_eq!(decoded, values);

    let narrow = to_i32(values);
    let wide: Vec<i64> = narrow.iter().map(|&value| value.into()).collect();
    let mut out = Vec::new();
    encode_i32(&narrow, &mut out).unwrap();
    assert_eq!(out, naive::delta(&wide, 32, 128, 4));
    assert!(out.len() <= max_encoded_len_i32(values.len()));
    out.extend([0xff; 3]);
    let mut decoded = vec![1; values.len()];
    assert_eq!(decode_i32(&out, &mut decoded), Ok(out.len() - 3));
    assert_eq!(decoded, narrow);
}

proptest! {
    #[test]
    fn agrees_with_naive(values in values()) {
        check(&values);
    }

    #[test]
    fn pieces(values in values(), cuts in proptest::collection::vec(0_usize..300, 0..6)) {
        let mut at_once = Vec::new();
        encode_i64(&values, &mut at_once).unwrap();

        let mut out = Vec::new();
        let mut encoder = Encoder::new(values.len(), &mut out);
        let mut rest = values.as_slice();
        for cut in &cuts {
            let (piece, others) = rest.split_at((*cut).min(rest.len()));
            encoder.push(piece).unwrap();
            rest = others;
        }
        encoder.push(rest).unwrap();
        encoder.finish().unwrap();
        prop_assert_eq!(&out, &at_once);

        let mut decoder = Decoder::<i64>::new(&out).unwrap();
        let mut decoded: Vec<i64> = Vec::new();
        for cut in cuts.into_iter().chain([usize::MAX]) {
            let mut piece = vec![0; cut.min(values.len())];
            let read = decoder.read(&mut piece).unwrap();
            decoded.extend(&piece[..read]);
            prop_assert_eq!(decoder.remaining(), values.len() - decoded.len());
        }
        prop_assert_eq!(decoded, values);
        prop_assert_eq!(decoder.position(), out.len());
    }

    #[test]
    fn other_block_sizes(
        values in values(),
        (block, miniblocks) in prop_oneof![
            Just((128, 1)), Just((128, 2)), Just((256, 4)), Just((384, 4)), Just((1024, 32)),
        ],
    ) {
        let bytes = naive::delta(&values, 64, block, miniblocks);
        let mut decoded = vec![0; values.len()];
        prop_assert_eq!(decode_i64(&bytes, &mut decoded), Ok(bytes.len()));
        prop_assert_eq!(&decoded, &values);

        let narrow = to_i32(&values);
        let wide: Vec<i64> = narrow.iter().map(|&value| value.into()).collect();
        let bytes = naive::delta(&wide, 32, block, miniblocks);
        let mut decoded = vec![0; values.len()];
        prop_assert_eq!(decode_i32(&bytes, &mut decoded), Ok(bytes.len()));
        prop_assert_eq!(decoded, narrow);
    }

    #[test]
    fn cut_short(values in values(), keep in 0.0..1.0) {
        let mut out = Vec::new();
        encode_i64(&values, &mut out).unwrap();
        let len = (out.len() as f64 * keep) as usize;
        let mut decoded = vec![0; values.len()];
        prop_assert_eq!(
            decode_i64(&out[..len], &mut decoded),
            Err(DecodeError::UnexpectedEnd { offset: len })
        );
    }

    #[test]
    fn any_bytes(
        block in prop_oneof![Just(vec![]), Just(vec![0x80, 1]), Just(vec![0x80, 2, 4])],
        rest in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let bytes: Vec<u8> = block.into_iter().chain(rest).collect();
        if let Ok(mut decoder) = Decoder::<i32>::new(&bytes) {
            let _ = decoder.read(&mut [0; 500]);
            prop_assert!(decoder.position() <= bytes.len());
        }
        if let Ok(mut decoder) = Decoder::<i64>::new(&bytes) {
            let _ = decoder.read(&mut [0; 500]);
            prop_assert!(decoder.position() <= bytes.len());
        }
    }

    #[test]
    fn a_slice_that_is_full(values in values(), room in 0_usize..3000) {
        let mut whole = Vec::new();
        encode_i64(&values, &mut whole).unwrap();
        let mut buffer = vec![0; room];
        let mut out = SliceOutput::new(&mut buffer);
        let result = encode_i64(&values, &mut out);
        let len = out.len();
        prop_assert_eq!(result.is_ok(), whole.len() <= room);
        prop_assert_eq!(&buffer[..len], &whole[..len]);
    }
}

#[test]
fn every_length() {
    for len in 0..300 {
        check(&(0..len).map(|i| i * i % 91).collect::<Vec<_>>());
    }
}

#[test]
fn every_width() {
    for bits in 0..64 {
        check(&[0, 0, 1 << bits, 0, -1 << bits]);
        let steps = (0..400_i64).map(|i| if i % 2 == 0 { i } else { 1 << bits });
        check(&steps.collect::<Vec<_>>());
    }
}

#[test]
fn extremes_wrap_around() {
    let extremes = [i64::MIN, i64::MAX, 0, i64::MAX, i64::MIN, -1];
    check(&extremes.repeat(50));
    let narrow = [i32::MIN, i32::MAX, 0, i32::MAX, i32::MIN, -1].map(i64::from);
    check(&narrow.repeat(50));
}

#[test]
fn the_largest_is_as_large_as_stated() {
    // Each block has the smallest difference, and each miniblock the largest one.
    let (mut wide, mut narrow) = (vec![i64::MIN], vec![i32::MIN]);
    for index in 0..700 {
        let is_first = index % 128 == 0;
        let (wide_step, narrow_step) = if is_first {
            (i64::MIN, i32::MIN)
        } else {
            (i64::MAX, i32::MAX)
        };
        wide.push(wide[index].wrapping_add(wide_step));
        narrow.push(narrow[index].wrapping_add(narrow_step));
    }
    for count in 0..=wide.len() {
        let mut out = Vec::new();
        encode_i64(&wide[..count], &mut out).unwrap();
        assert_eq!(out.len(), max_encoded_len_i64(count), "{count} values");
        out.clear();
        encode_i32(&narrow[..count], &mut out).unwrap();
        assert_eq!(out.len(), max_encoded_len_i32(count), "{count} values");
    }
    assert_eq!(max_encoded_len_i64(usize::MAX), usize::MAX);
}

#[test]
fn the_examples_of_the_specification() {
    // As they stand there: the naive encoder knows blocks of any size.
    assert_eq!(naive::delta(&[1, 2, 3, 4, 5], 32, 8, 1), [8, 1, 5, 2, 2, 0]);
    assert_eq!(
        naive::delta(&[7, 5, 3, 1, 2, 3, 4, 5], 64, 8, 1),
        [8, 1, 8, 14, 3, 2, 0b1100_0000, 0b0011_1111]
    );
    // Its blocks of 8 are too small for what it says elsewhere: these are of 128.
    let mut out = Vec::new();
    encode_i32(&[1, 2, 3, 4, 5], &mut out).unwrap();
    assert_eq!(out, [0x80, 0x01, 4, 5, 2, 2, 0, 0, 0, 0]);
    let mut decoded = [0; 5];
    assert_eq!(decode_i32(&out, &mut decoded), Ok(out.len()));
    assert_eq!(decoded, [1, 2, 3, 4, 5]);
    out.clear();
    encode_i64(&[7, 5, 3, 1, 2, 3, 4, 5], &mut out).unwrap();
    assert_eq!(out[..10], [0x80, 0x01, 4, 8, 14, 3, 2, 0, 0, 0]);
    assert_eq!(out[10..], [0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0]);
    let mut decoded = [0; 8];
    assert_eq!(decode_i64(&out, &mut decoded), Ok(out.len()));
    assert_eq!(decoded, [7, 5, 3, 1, 2, 3, 4, 5]);
    assert_eq!(
        decode_i32(&[8, 1, 5, 2, 2, 0], &mut [0; 5]),
        Err(DecodeError::BlockSize { offset: 0 })
    );
}

#[test]
fn no_values_are_a_header() {
    let mut out = Vec::new();
    encode_i64(&[], &mut out).unwrap();
    assert_eq!(out, [0x80, 0x01, 4, 0, 0]);
    assert_eq!(decode_i64(&out, &mut []), Ok(5));
}

#[test]
fn widths_and_padding_that_are_not_needed_may_be_anything() {
    let mut page = vec![0x80, 0x01, 4, 2, 0, 0, 1, 200, 201, 202];
    page.extend([0xff; 4]);
    let mut values = [0; 2];
    assert_eq!(decode_i32(&page, &mut values), Ok(14));
    assert_eq!(values, [0, 1]);
}

#[test]
fn pieces_of_another_count() {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(2, &mut out);
    encoder.push(&[1_i32]).unwrap();
    let count = |given| EncodeError::Count {
        announced: 2,
        given,
    };
    assert_eq!(encoder.push(&[1, 2]), Err(count(3)));
    assert_eq!(encoder.finish(), Err(count(1)));
}

#[test]
fn bad_input() {
    let end = |offset| Err(DecodeError::UnexpectedEnd { offset });
    let mut values = [0_i32; 2];
    assert_eq!(decode_i32(&[], &mut values), end(0));
    assert_eq!(decode_i32(&[0x80, 0x01, 4, 2], &mut values), end(4));
    assert_eq!(decode_i32(&[0x80, 0x01, 4, 2, 0], &mut values), end(5));
    assert_eq!(
        decode_i32(&[0x80, 0x01, 4, 2, 0, 0, 0, 0, 0], &mut values),
        end(9)
    );
    assert_eq!(
        decode_i32(&[0x80, 0x01, 4, 3, 0], &mut values),
        Err(DecodeError::Count {
            stated: 3,
            wanted: 2
        })
    );
    for (miniblocks, offset) in [(0, 2), (3, 2), (8, 2), (5, 2)] {
        assert_eq!(
            decode_i32(&[0x80, 0x01, miniblocks, 2, 0], &mut values),
            Err(DecodeError::BlockSize { offset })
        );
    }
    assert_eq!(
        decode_i32(&[0, 4, 2, 0], &mut values),
        Err(DecodeError::BlockSize { offset: 0 })
    );
    assert_eq!(
        decode_i32(&[0x80, 0x01, 4, 2, 0, 0, 33, 0, 0, 0], &mut values),
        Err(DecodeError::TooWide {
            offset: 6,
            width: 33,
            most: 32
        })
    );
    let too_large = [0x80, 0x80, 0x80, 0x80, 0x10];
    let mut page = vec![0x80, 0x01, 4, 2];
    page.extend(too_large);
    assert_eq!(
        decode_i32(&page, &mut values),
        Err(DecodeError::Overflow { offset: 4 })
    );
    page.splice(4..4, [0]);
    assert_eq!(
        decode_i32(&page, &mut values),
        Err(DecodeError::Overflow { offset: 5 })
    );
}

#[test]
fn blocks_larger_than_any_input() {
    // 2⁶³ differences a block, in one miniblock or in as many as there can be.
    let block = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01];
    let many = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x04];
    let mut values = [0_i64; 100];
    let mut page = Vec::from(block);
    page.extend([1, 100, 0, 2, 0]);
    assert_eq!(decode_i64(&page, &mut values), Ok(page.len()));
    assert_eq!(values[99], 99);
    let last = page.len() - 1;
    page[last] = 64;
    let end = |offset| Err(DecodeError::UnexpectedEnd { offset });
    assert_eq!(decode_i64(&page, &mut values), end(page.len()));
    let mut page = Vec::from(block);
    page.extend(many);
    page.extend([100, 0, 2, 0]);
    assert_eq!(decode_i64(&page, &mut values), end(page.len()));
}
