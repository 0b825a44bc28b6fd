use super::{byte_arrays, count, decode, encode, encode_iter, max_encoded_len};
use crate::byte_arrays::samples::sample;
use crate::delta_binary_packed::encode_i32;
use crate::error::{DecodeError, EncodeError};
use crate::naive;
use crate::output::SliceOutput;
use proptest::prelude::*;
use std::vec;
use std::vec::Vec;

proptest! {
    #[test]
    fn there_and_back(sample in sample()) {
        let values = sample.values();
        let expected = naive::delta_length(&values);
        let mut out = vec![1];
        encode(&sample.offsets, &sample.data, &mut out).unwrap();
        prop_assert_eq!(&out[1..], &expected);
        out.clear();
        encode(&sample.wide_offsets(), &sample.data, &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        out.clear();
        encode_iter(values.iter().copied(), &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        prop_assert!(out.len() <= max_encoded_len(values.len(), sample.bytes().len()));

        let mut room = vec![0; out.len()];
        encode(&sample.offsets, &sample.data, &mut SliceOutput::new(&mut room)).unwrap();
        prop_assert_eq!(&room, &out);
        let full = encode(&sample.offsets, &sample.data, &mut SliceOutput::new(&mut room[1..]));
        let is_full = matches!(full, Err(EncodeError::OutputFull { .. }));
        prop_assert!(is_full, "{full:?}");

        prop_assert_eq!(count(&out), Ok(values.len()));
        let used = out.len();
        out.extend([7; 3]);
        let mut offsets = vec![9_i32; sample.offsets.len()];
        prop_assert_eq!(decode(&out, &mut offsets), Ok((sample.bytes(), used)));
        prop_assert_eq!(&offsets, &sample.decoded_offsets());
        let mut offsets = vec![9_i64; sample.offsets.len()];
        prop_assert_eq!(decode(&out, &mut offsets), Ok((sample.bytes(), used)));
        prop_assert!(offsets.iter().zip(sample.decoded_offsets()).all(|(&a, b)| a == b.into()));

        let mut decoded = byte_arrays(&out, values.len()).unwrap();
        let back: Result<Vec<&[u8]>, _> = decoded.by_ref().collect();
        prop_assert_eq!(back.unwrap(), values);
        prop_assert_eq!(decoded.position(), used);
    }

    #[test]
    fn any_lengths_and_bytes(
        lengths in proptest::collection::vec(prop_oneof![50 => 0..4, 1 => any::<i32>()], 0..200),
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let mut page = Vec::new();
        encode_i32(&lengths, &mut page).unwrap();
        let start = page.len();
        page.extend(&bytes);

        let mut offsets = vec![0_i32; lengths.len() + 1];
        let decoded = decode(&page, &mut offsets);
        let values = byte_arrays(&page, lengths.len()).unwrap();
        let values: Result<Vec<&[u8]>, _> = values.collect();
        let total: i64 = lengths.iter().map(|&len| i64::from(len)).sum();
        if lengths.iter().any(|&len| len < 0) {
            prop_assert!(values.is_err());
            prop_assert!(decoded.is_err());
        } else if total > bytes.len() as i64 {
            let end = DecodeError::UnexpectedEnd { offset: page.len() };
            prop_assert_eq!(values, Err(end));
            prop_assert_eq!(decoded, Err(end));
        } else {
            prop_assert_eq!(decoded, Ok((&bytes[..total as usize], start + total as usize)));
            prop_assert_eq!(values.unwrap().concat(), &bytes[..total as usize]);
        }
    }

    #[test]
    fn any_bytes(
        bytes in proptest::collection::vec(any::<u8>(), 0..60),
        header in any::<bool>(),
        wanted in 0_usize..40,
    ) {
        let mut page = if header { vec![0x80, 1, 4, wanted as u8] } else { Vec::new() };
        page.extend(&bytes);
        let mut offsets = vec![0_i32; wanted + 1];
        if let Ok((_, used)) = decode(&page, &mut offsets) {
            prop_assert!(used <= page.len());
            prop_assert!(offsets.is_sorted());
        }
        if let Ok(mut values) = byte_arrays(&page, wanted) {
            prop_assert!(values.by_ref().count() <= wanted);
            prop_assert!(values.position() <= page.len());
        }
    }
}

#[test]
fn the_example_of_the_specification() {
    let mut out = Vec::new();
    let values = ["Hello", "World", "Foobar", "ABCDEF"];
    encode_iter(values.iter().map(|value| value.as_bytes()), &mut out).unwrap();
    let mut expected = Vec::new();
    encode_i32(&[5, 5, 6, 6], &mut expected).unwrap();
    expected.extend(b"HelloWorldFoobarABCDEF");
    assert_eq!(out, expected);
    let decoded: Result<Vec<&[u8]>, _> = byte_arrays(&out, 4).unwrap().collect();
    assert_eq!(decoded.unwrap(), values.map(str::as_bytes));
}

#[test]
fn none() {
    let mut out = Vec::new();
    encode::<i64>(&[], b"abc", &mut out).unwrap();
    let mut other = Vec::new();
    encode(&[2], b"abc", &mut other).unwrap();
    assert_eq!(out, other);
    assert_eq!(out, naive::delta_length(&[]));
    assert_eq!(decode(&out, &mut [3_i32]), Ok((&b""[..], out.len())));
    assert_eq!(decode::<i32>(&out, &mut []), Ok((&b""[..], 0)));
    assert_eq!(byte_arrays(&out, 0).unwrap().next(), None);
}

#[test]
fn bad_input() {
    let mut out = vec![1];
    let error = encode(&[0, 3, 2], b"abc", &mut out);
    assert_eq!(error, Err(EncodeError::Offset { index: 2 }));
    assert_eq!(out, [1], "nothing is appended");

    let mut page = Vec::new();
    encode_i32(&[1, 1, -1, 4], &mut page).unwrap();
    page.extend([0; 3]);
    let error = DecodeError::Length {
        offset: 0,
        index: 2,
    };
    assert_eq!(decode(&page, &mut [0_i32; 5]), Err(error));
    let mut values = byte_arrays(&page, 4).unwrap();
    assert_eq!(values.size_hint(), (1, Some(4)));
    assert_eq!(values.nth(2), Some(Err(error)));
    assert_eq!(values.size_hint(), (0, Some(0)));
    assert_eq!(values.next(), None);
    let other_count = DecodeError::Count {
        stated: 4,
        wanted: 3,
    };
    assert_eq!(decode(&page, &mut [0_i32; 4]), Err(other_count));
    assert_eq!(byte_arrays(&page, 3).map(|_| ()), Err(other_count));
}

#[test]
fn empty_values_beyond_number() {
    // One block of 2⁶² differences of 0, all in one miniblock.
    let mut page = Vec::new();
    for number in [1 << 62, 1, (1 << 62) + 1, 0, 0] {
        crate::varint::encode_u64(number, &mut page).unwrap();
    }
    page.push(0);
    assert_eq!(count(&page), Ok((1 << 62) + 1));
    let error = decode(&page, &mut [0_i32; 9]).unwrap_err();
    assert!(matches!(error, DecodeError::Count { wanted: 8, .. }));
    // Nobody waits until all are read.
    let mut values = byte_arrays(&page, (1 << 62) + 1).unwrap();
    assert_eq!(values.nth(300), Some(Ok(&b""[..])));
}
