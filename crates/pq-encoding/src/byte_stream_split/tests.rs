use super::{
    decode_f32, decode_f64, decode_fixed, decode_i32, decode_i64, encode_f32, encode_f64,
    encode_fixed, encode_i32, encode_i64, max_encoded_len,
};
use crate::error::{DecodeError, EncodeError};
use crate::naive;
use crate::output::SliceOutput;
use proptest::prelude::*;
use std::vec;
use std::vec::Vec;

fn bytes(count: usize, width: usize) -> Vec<u8> {
    let mixed = |index: usize| (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
    (0..count * width).map(|index| mixed(index) as u8).collect()
}

fn check(values: &[u8], width: usize) {
    let mut out = vec![9];
    encode_fixed(values, width, &mut out).unwrap();
    assert_eq!(
        out[1..],
        naive::byte_stream_split(values, width),
        "width {width}"
    );
    let mut decoded = vec![1; values.len()];
    assert_eq!(
        decode_fixed(&out[1..], width, &mut decoded),
        Ok(values.len())
    );
    assert_eq!(decoded, values, "width {width}");
}

#[test]
fn every_width() {
    for width in 1..=40 {
        for count in [0, 1, 2, 15, 127, 128, 129, 256, 300] {
            check(&bytes(count, width), width);
        }
    }
    check(&bytes(130, 1000), 1000);
}

#[test]
fn every_number_of_numbers() {
    for count in (0..300).chain([1000]) {
        let eight = bytes(count, 8);
        let wide: Vec<u64> = eight
            .as_chunks()
            .0
            .iter()
            .map(|&b| u64::from_le_bytes(b))
            .collect();
        let split = naive::byte_stream_split(&eight, 8);
        let integers: Vec<i64> = wide.iter().map(|&value| value as i64).collect();
        let floats: Vec<f64> = wide.iter().map(|&value| f64::from_bits(value)).collect();
        let (mut out, mut decoded) = (Vec::new(), vec![0; count]);
        encode_i64(&integers, &mut out).unwrap();
        assert_eq!(out, split);
        assert_eq!(
            decode_i64(&out, &mut decoded),
            Ok(max_encoded_len(count, 8))
        );
        assert_eq!(decoded, integers);
        let mut decoded = vec![0.0; count];
        out.clear();
        encode_f64(&floats, &mut out).unwrap();
        assert_eq!(out, split);
        decode_f64(&out, &mut decoded).unwrap();
        assert!(decoded.iter().map(|value| value.to_bits()).eq(wide));

        let four = bytes(count, 4);
        let narrow: Vec<u32> = four
            .as_chunks()
            .0
            .iter()
            .map(|&b| u32::from_le_bytes(b))
            .collect();
        let split = naive::byte_stream_split(&four, 4);
        let integers: Vec<i32> = narrow.iter().map(|&value| value as i32).collect();
        let floats: Vec<f32> = narrow.iter().map(|&value| f32::from_bits(value)).collect();
        let (mut out, mut decoded) = (Vec::new(), vec![0; count]);
        encode_i32(&integers, &mut out).unwrap();
        assert_eq!(out, split);
        assert_eq!(
            decode_i32(&out, &mut decoded),
            Ok(max_encoded_len(count, 4))
        );
        assert_eq!(decoded, integers);
        let mut decoded = vec![0.0; count];
        out.clear();
        encode_f32(&floats, &mut out).unwrap();
        assert_eq!(out, split);
        decode_f32(&out, &mut decoded).unwrap();
        assert!(decoded.iter().map(|value| value.to_bits()).eq(narrow));
    }
}

proptest! {
    #[test]
    fn any_values(width in 1_usize..70, bytes in proptest::collection::vec(any::<u8>(), 0..5000)) {
        check(&bytes[..bytes.len() / width * width], width);
    }

    #[test]
    fn any_lengths(len in 0_usize..40, width in 0_usize..10, room in 0_usize..40) {
        let input = vec![7; len];
        let whole = len == 0 || width > 0 && len % width == 0;
        let decoded = decode_fixed(&input, width, &mut vec![0; room]);
        prop_assert_eq!(decoded.is_ok(), whole && len == room);
        let mut buffer = vec![0; room];
        let mut out = SliceOutput::new(&mut buffer);
        let encoded = encode_fixed(&input, width, &mut out);
        prop_assert_eq!(encoded.is_ok(), whole && len <= room);
        prop_assert_eq!(out.len(), if encoded.is_ok() { len } else { 0 });
        prop_assert_eq!(decode_f64(&input, &mut vec![0.0; room]).is_ok(), len == room * 8);
    }
}

#[test]
fn the_example_of_the_specification() {
    let values = [0xaa_bb_cc_dd_u32, 0x00_11_22_33, 0xa3_b4_c5_d6].map(u32::swap_bytes);
    let mut out = Vec::new();
    encode_f32(&values.map(f32::from_bits), &mut out).unwrap();
    assert_eq!(
        out,
        [
            0xaa, 0x00, 0xa3, 0xbb, 0x11, 0xb4, 0xcc, 0x22, 0xc5, 0xdd, 0x33, 0xd6
        ]
    );
    let mut decoded = [0.0; 3];
    assert_eq!(decode_f32(&out, &mut decoded), Ok(12));
    assert_eq!(decoded.map(f32::to_bits), values);
}

#[test]
fn bad_input() {
    let mut out = Vec::new();
    let ragged = |width| EncodeError::Ragged { len: 10, width };
    assert_eq!(encode_fixed(&[0; 10], 3, &mut out), Err(ragged(3)));
    assert_eq!(encode_fixed(&[0; 10], 0, &mut out), Err(ragged(0)));
    assert!(out.is_empty());
    let mut values = [0; 3];
    assert_eq!(
        decode_i32(&[0; 11], &mut values),
        Err(DecodeError::UnexpectedEnd { offset: 11 })
    );
    let trailing = |offset| Err(DecodeError::TrailingBytes { offset });
    assert_eq!(decode_i32(&[0; 13], &mut values), trailing(12));
    assert_eq!(decode_fixed(&[0; 10], 3, &mut [0; 10]), trailing(9));
    assert_eq!(decode_fixed(&[0; 10], 0, &mut [0; 10]), trailing(0));
}
