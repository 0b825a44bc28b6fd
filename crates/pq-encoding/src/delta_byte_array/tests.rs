use super::encode::put_again;
use super::*;
use crate::byte_arrays::of_slices;
use crate::byte_arrays::samples::sample;
use crate::delta_binary_packed::encode_i32;
use crate::error::{DecodeError, EncodeError};
use crate::naive;
use crate::output::SliceOutput;
use proptest::prelude::*;
use std::vec;
use std::vec::Vec;

/// The bytes of these prefixes and suffix lengths.
fn page(prefixes: &[i32], suffixes: &[i32], bytes: &[u8]) -> Vec<u8> {
    let mut page = Vec::new();
    encode_i32(prefixes, &mut page).unwrap();
    encode_i32(suffixes, &mut page).unwrap();
    page.extend(bytes);
    page
}

/// The values that parts stand for.
fn joined(input: &[u8], count: usize) -> Result<Vec<Vec<u8>>, DecodeError> {
    let mut values: Vec<Vec<u8>> = Vec::new();
    for part in parts(input, count)? {
        let part = part?;
        let mut value = values.last().cloned().unwrap_or_default();
        value.truncate(part.prefix);
        value.extend(part.suffix);
        values.push(value);
    }
    Ok(values)
}

proptest! {
    #[test]
    fn there_and_back(sample in sample()) {
        let values = sample.values();
        let expected = naive::delta_byte_array(&values);
        let mut out = vec![1];
        encode(&sample.offsets, &sample.data, &mut out).unwrap();
        prop_assert_eq!(&out[1..], &expected);
        out.clear();
        encode(&sample.wide_offsets(), &sample.data, &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        out.clear();
        encode_iter(values.iter().copied(), &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        out.clear();
        put_again::<false>(values.len(), of_slices(values.iter().copied()), &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        let len = sample.bytes().len();
        prop_assert!(out.len() <= max_encoded_len(values.len(), len));

        let mut room = vec![0; out.len()];
        encode(&sample.offsets, &sample.data, &mut SliceOutput::new(&mut room)).unwrap();
        prop_assert_eq!(&room, &out);
        let full = encode(&sample.offsets, &sample.data, &mut SliceOutput::new(&mut room[1..]));
        let is_full = matches!(full, Err(EncodeError::OutputFull { .. }));
        prop_assert!(is_full, "{full:?}");

        let used = out.len();
        out.extend([7; 3]);
        prop_assert_eq!(count(&out), Ok(values.len()));
        prop_assert_eq!(decoded_len(&out, values.len()), Ok(len));
        for slack in [0, 100] {
            let mut data = vec![0; len + slack];
            let mut offsets = vec![9_i32; sample.offsets.len()];
            prop_assert_eq!(decode(&out, &mut offsets, &mut data), Ok(used));
            prop_assert_eq!(&offsets, &sample.decoded_offsets());
            prop_assert_eq!(&data[..len], sample.bytes());
        }
        if len > 0 {
            let mut offsets = vec![9_i64; sample.offsets.len()];
            let full = decode(&out, &mut offsets, &mut vec![0; len - 1]);
            let is_full = matches!(full, Err(DecodeError::OutputFull { .. }));
            prop_assert!(is_full, "{full:?}");
        }
        prop_assert_eq!(joined(&out, values.len()).unwrap(), values);
    }

    #[test]
    fn fixed(
        keep in proptest::collection::vec(0_usize..50, 0..300),
        width in 1_usize..40,
    ) {
        let mut data: Vec<u8> = Vec::new();
        for (index, &keep) in keep.iter().enumerate() {
            let keep = keep.min(width).min(data.len());
            data.extend_from_within(data.len().saturating_sub(width)..);
            data.resize((index + 1) * width, 5);
            for (at, byte) in data[index * width..].iter_mut().enumerate().skip(keep) {
                *byte = (index + at) as u8;
            }
        }
        let mut out = Vec::new();
        encode_fixed(&data, width, &mut out).unwrap();
        let values: Vec<&[u8]> = data.chunks(width).collect();
        prop_assert_eq!(&out, &naive::delta_byte_array(&values));
        let mut back = vec![0; data.len()];
        prop_assert_eq!(decode_fixed(&out, width, values.len(), &mut back), Ok(out.len()));
        prop_assert_eq!(&back, &data);
        if !values.is_empty() {
            let other = decode_fixed(&out, width + 1, values.len(), &mut back);
            prop_assert_eq!(other, Err(DecodeError::Length { offset: 0, index: 0 }));
        }
    }

    #[test]
    fn any_parts(
        lengths in proptest::collection::vec(
            (prop_oneof![50 => 0..4, 1 => any::<i32>()], prop_oneof![50 => 3..5, 1 => any::<i32>()]),
            0..200,
        ),
        bytes in proptest::collection::vec(any::<u8>(), 0..900),
    ) {
        let (prefixes, suffixes): (Vec<i32>, Vec<i32>) = lengths.into_iter().unzip();
        let page = page(&prefixes, &suffixes, &bytes);
        let count = prefixes.len();
        let values = joined(&page, count);
        let (mut offsets, mut data) = (vec![0_i32; count + 1], vec![0; 3000]);
        let decoded = decode(&page, &mut offsets, &mut data);
        match values {
            Ok(values) => {
                let values = values.concat();
                prop_assert!(decoded.is_ok());
                prop_assert_eq!(&data[..values.len()], &values);
                prop_assert_eq!(decoded_len(&page, count), Ok(values.len()));
            }
            Err(error) => {
                prop_assert_eq!(decoded, Err(error));
                prop_assert_eq!(decoded_len(&page, count), Err(error));
            }
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
        let (mut offsets, mut data) = (vec![0_i32; wanted + 1], vec![0; 300]);
        if let Ok(used) = decode(&page, &mut offsets, &mut data) {
            prop_assert!(used <= page.len());
            prop_assert!(offsets.is_sorted());
        }
        if let Ok(used) = decode_fixed(&page, 3, wanted, &mut data) {
            prop_assert!(used <= page.len());
        }
        if let Ok(mut parts) = parts(&page, wanted) {
            prop_assert!(parts.by_ref().count() <= wanted);
            prop_assert!(parts.position() <= page.len());
        }
    }
}

#[test]
fn the_example_of_the_specification() {
    let mut out = Vec::new();
    encode(&[0, 4, 8, 14, 22], b"axisaxlebabblebabyhood", &mut out).unwrap();
    let expected = page(&[0, 2, 0, 3], &[4, 2, 6, 5], b"axislebabbleyhood");
    assert_eq!(out, expected);
    let values: [&[u8]; 4] = [b"axis", b"axle", b"babble", b"babyhood"];
    assert_eq!(joined(&out, 4).unwrap(), values);
}

#[test]
fn prefixes_of_every_length() {
    for len in 0..80 {
        let value = vec![7; len];
        for same in 0..=len {
            let mut other = value.clone();
            if let Some(byte) = other.get_mut(same) {
                *byte = 8;
            }
            let mut out = Vec::new();
            encode_iter([&value[..], &other[..]].into_iter(), &mut out).unwrap();
            assert_eq!(out, naive::delta_byte_array(&[&value, &other]));
            // The bytes behind are the same for some, and not for others.
            let data = [&value[..], &other, &value, &[9; 40]].concat();
            let ends = [0, len as i32, 2 * len as i32, 3 * len as i32];
            out.clear();
            encode(&ends, &data, &mut out).unwrap();
            assert_eq!(out, naive::delta_byte_array(&[&value, &other, &value]));
        }
    }
}

#[test]
fn none() {
    let mut out = Vec::new();
    encode::<i32>(&[], b"abc", &mut out).unwrap();
    assert_eq!(out, naive::delta_byte_array(&[]));
    let mut other = Vec::new();
    encode_fixed(b"", 0, &mut other).unwrap();
    assert_eq!(out, other);
    assert_eq!(decode(&out, &mut [3_i32], &mut []), Ok(out.len()));
    assert_eq!(decode::<i32>(&out, &mut [], &mut []), Ok(0));
    assert_eq!(parts(&out, 0).unwrap().next(), None);
}

#[test]
fn bad_input() {
    let mut out = vec![1];
    let error = encode(&[0, 3, 2], b"abc", &mut out);
    assert_eq!(error, Err(EncodeError::Offset { index: 2 }));
    let error = encode_fixed(b"abc", 2, &mut out);
    assert_eq!(error, Err(EncodeError::Ragged { len: 3, width: 2 }));
    assert_eq!(out, [1], "nothing is appended");

    let decoded = |page: &[u8]| decode(page, &mut [0_i32; 3], &mut [0; 99]);
    let good = page(&[0, 2], &[3, 1], b"abcd");
    assert_eq!(decoded(&good), Ok(good.len()));
    let prefix = |index| Err(DecodeError::Prefix { offset: 0, index });
    assert_eq!(decoded(&page(&[1, 0], &[3, 1], b"abcd")), prefix(0));
    assert_eq!(decoded(&page(&[0, 4], &[3, 1], b"abcd")), prefix(1));
    assert_eq!(decoded(&page(&[0, -1], &[3, 1], b"abcd")), prefix(1));
    let mut first = Vec::new();
    encode_i32(&[0, 2], &mut first).unwrap();
    let offset = first.len();
    let bad = page(&[0, 2], &[3, -1], b"abcd");
    assert_eq!(decoded(&bad), Err(DecodeError::Length { offset, index: 1 }));
    let mut values = parts(&bad, 2).unwrap();
    assert!(values.nth(1).unwrap().is_err());
    assert_eq!((values.size_hint(), values.next()), ((0, Some(0)), None));
    let short = page(&[0, 2], &[3, 1], b"abc");
    let offset = short.len();
    assert_eq!(decoded(&short), Err(DecodeError::UnexpectedEnd { offset }));
    let fewer = page(&[0, 2], &[3], b"abc");
    let count = DecodeError::Count {
        stated: 1,
        wanted: 2,
    };
    assert_eq!(decoded(&fewer), Err(count));
    // An error within the second lengths counts from the start as well.
    let mut cut = first.clone();
    cut.extend([0x81, 1, 4, 2]);
    let offset = first.len();
    assert_eq!(decoded(&cut), Err(DecodeError::BlockSize { offset }));
}
