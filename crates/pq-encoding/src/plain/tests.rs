use super::*;
use crate::error::{DecodeError, EncodeError};
use crate::naive;
use crate::output::SliceOutput;
use proptest::prelude::*;
use std::vec;
use std::vec::Vec;

proptest! {
    #[test]
    fn numbers(values in proptest::collection::vec(any::<i64>(), 0..600)) {
        let expected: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let mut out = Vec::new();
        encode_i64(&values, &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        let mut back = vec![0; values.len()];
        prop_assert_eq!(decode_i64(&out, &mut back), Ok(out.len()));
        prop_assert_eq!(&back, &values);

        out.clear();
        let floats: Vec<f64> = values.iter().map(|&v| f64::from_bits(v as u64)).collect();
        encode_f64(&floats, &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        let mut back = vec![0.0; values.len()];
        prop_assert_eq!(decode_f64(&out, &mut back), Ok(out.len()));
        prop_assert!(back.iter().zip(&floats).all(|(a, b)| a.to_bits() == b.to_bits()));

        let narrow: Vec<i32> = values.iter().map(|&value| value as i32).collect();
        let expected: Vec<u8> = narrow.iter().flat_map(|value| value.to_le_bytes()).collect();
        out.clear();
        encode_i32(&narrow, &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        let mut back = vec![0; values.len()];
        prop_assert_eq!(decode_i32(&out, &mut back), Ok(out.len()));
        prop_assert_eq!(&back, &narrow);

        out.clear();
        let floats: Vec<f32> = narrow.iter().map(|&v| f32::from_bits(v as u32)).collect();
        encode_f32(&floats, &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        let mut back = vec![0.0; values.len()];
        prop_assert_eq!(decode_f32(&out, &mut back), Ok(out.len()));
        prop_assert!(back.iter().zip(&floats).all(|(a, b)| a.to_bits() == b.to_bits()));

        let wide: Vec<[u32; 3]> = narrow.iter().map(|&v| [v as u32, 7, !v as u32]).collect();
        let expected: Vec<u8> = wide.as_flattened().iter().flat_map(|v| v.to_le_bytes()).collect();
        out.clear();
        encode_int96(&wide, &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        let mut back = vec![[0; 3]; values.len()];
        prop_assert_eq!(decode_int96(&out, &mut back), Ok(out.len()));
        prop_assert_eq!(&back, &wide);
    }

    #[test]
    fn bits_of_many_pieces(
        pieces in proptest::collection::vec(
            (proptest::collection::vec(any::<u8>(), 1..40), 0_usize..70, 0_usize..200), 0..6),
    ) {
        let mut out = Vec::new();
        let mut appender = BitAppender::new(&mut out);
        let mut expected = Vec::new();
        for (bytes, offset, len) in &pieces {
            let offset = (*offset).min(bytes.len() * 8);
            let len = (*len).min(bytes.len() * 8 - offset);
            appender.append_bits(bytes, offset, len).unwrap();
            expected.extend((offset..offset + len).map(|i| u64::from(bytes[i / 8] >> (i % 8) & 1)));
        }
        appender.finish().unwrap();
        prop_assert_eq!(out, naive::pack(&expected, 1));
    }

    #[test]
    fn booleans(values in proptest::collection::vec(any::<bool>(), 0..5000), offset in 0_usize..40) {
        let bits: Vec<u64> = values.iter().map(|&value| value.into()).collect();
        let expected = naive::pack(&bits, 1);
        let mut out = Vec::new();
        encode_booleans(&values, &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        prop_assert_eq!(out.len(), max_booleans_len(values.len()));
        let mut back = vec![true; values.len()];
        prop_assert_eq!(decode_booleans(&out, &mut back), Ok(out.len()));
        prop_assert_eq!(&back, &values);

        // The bits behind the values are no concern of theirs.
        let mut page = out.clone();
        if let Some(last) = page.last_mut().filter(|_| values.len() % 8 != 0) {
            *last |= 0xff << (values.len() % 8);
        }
        let mut bitmap = vec![9; page.len()];
        prop_assert_eq!(decode_bitmap(&page, values.len(), &mut bitmap), Ok(page.len()));
        prop_assert_eq!(&bitmap, &expected);

        let offset = offset.min(values.len());
        out.clear();
        encode_bitmap(&page, offset, values.len() - offset, &mut out).unwrap();
        prop_assert_eq!(&out, &naive::pack(&bits[offset..], 1));
    }

    #[test]
    fn many_byte_arrays(
        values in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..70), 0..400),
        before in 0_usize..40,
        behind in 0_usize..40,
        long in 0_usize..9000,
    ) {
        let mut values = values;
        values.push(vec![7; long]);
        let mut expected = Vec::new();
        let mut data = vec![1; before];
        let mut offsets = vec![before as i32];
        for value in &values {
            expected.extend((value.len() as u32).to_le_bytes());
            expected.extend(value);
            data.extend(value);
            offsets.push(data.len() as i32);
        }
        data.extend(vec![2; behind]);

        let mut out = vec![5];
        encode_byte_arrays(&offsets, &data, &mut out).unwrap();
        prop_assert_eq!(&out[1..], &expected);
        let wide: Vec<i64> = offsets.iter().map(|&offset| offset.into()).collect();
        out.clear();
        encode_byte_arrays(&wide, &data, &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        out.clear();
        encode_byte_array_iter(values.iter().map(Vec::as_slice), &mut out).unwrap();
        prop_assert_eq!(&out, &expected);
        out.clear();
        values.iter().for_each(|value| encode_byte_array(value, &mut out).unwrap());
        prop_assert_eq!(&out, &expected);
        let data_len = data.len() - before - behind;
        prop_assert_eq!(out.len(), max_byte_arrays_len(values.len(), data_len));

        let back: Result<Vec<&[u8]>, _> = byte_arrays(&out).collect();
        prop_assert_eq!(back.unwrap(), values.iter().map(Vec::as_slice).collect::<Vec<_>>());

        let expected = &data[before..before + data_len];
        let mut decoded = vec![0; data_len];
        let mut starts = vec![9_i64; offsets.len()];
        prop_assert_eq!(decode_byte_arrays(&out, &mut starts, &mut decoded), Ok(out.len()));
        prop_assert_eq!(&decoded, expected);
        prop_assert!(starts.iter().zip(&wide).all(|(a, b)| a + before as i64 == *b));
        if data_len > 0 {
            let full = decode_byte_arrays(&out, &mut starts, &mut decoded[1..]);
            let is_full = matches!(full, Err(DecodeError::OutputFull { .. }));
            prop_assert!(is_full, "{full:?}");
        }

        // A slice of the size that is promised is enough; less is an error.
        let mut room = vec![0; out.len()];
        encode_byte_arrays(&offsets, &data, &mut SliceOutput::new(&mut room)).unwrap();
        prop_assert_eq!(&room, &out);
        let mut full = SliceOutput::new(&mut room[1..]);
        let full = encode_byte_arrays(&offsets, &data, &mut full);
        let is_full = matches!(full, Err(EncodeError::OutputFull { .. }));
        prop_assert!(is_full, "{full:?}");
    }

    #[test]
    fn any_bytes(
        bytes in proptest::collection::vec(prop_oneof![Just(0_u8), Just(1), any::<u8>()], 0..100),
        count in 0_usize..30,
    ) {
        let mut used = 0;
        let mut values = byte_arrays(&bytes);
        for value in values.by_ref().flatten() {
            used += 4 + value.len();
        }
        prop_assert!(used <= bytes.len());
        prop_assert_eq!(values.position(), bytes.len());

        let (mut offsets, mut data) = (vec![0_i32; count], vec![0; bytes.len()]);
        if let Ok(used) = decode_byte_arrays(&bytes, &mut offsets, &mut data) {
            prop_assert!(used <= bytes.len());
            prop_assert!(offsets.is_sorted());
        }
        prop_assert_eq!(decode_i32(&bytes, &mut vec![0; count]).is_ok(), count * 4 <= bytes.len());
        prop_assert_eq!(decode_fixed(&bytes, 3, count).is_ok(), count * 3 <= bytes.len());
    }
}

#[test]
fn byte_arrays_one_by_one() {
    let mut out = Vec::new();
    encode_byte_array(b"", &mut out).unwrap();
    encode_byte_array(b"ab", &mut out).unwrap();
    assert_eq!(out, [0, 0, 0, 0, 2, 0, 0, 0, b'a', b'b']);
}

#[test]
fn none() {
    let mut out = Vec::new();
    encode_byte_arrays::<i32>(&[], b"abc", &mut out).unwrap();
    encode_byte_arrays(&[2], b"abc", &mut out).unwrap();
    encode_booleans(&[], &mut out).unwrap();
    encode_fixed(&[], 0, &mut out).unwrap();
    encode_int96(&[], &mut out).unwrap();
    assert!(out.is_empty());
    assert_eq!(byte_arrays(&[]).next(), None);
    assert_eq!(decode_byte_arrays::<i32>(&[], &mut [], &mut []), Ok(0));
    assert_eq!(decode_byte_arrays(&[], &mut [7_i32], &mut []), Ok(0));
    assert_eq!(decode_fixed(b"ab", 0, usize::MAX), Ok(&b""[..]));
}

#[test]
fn fixed() {
    let mut out = Vec::new();
    encode_fixed(b"abcdef", 3, &mut out).unwrap();
    assert_eq!(out, b"abcdef");
    let ragged = |width| Err(EncodeError::Ragged { len: 6, width });
    assert_eq!(encode_fixed(b"abcdef", 4, &mut out), ragged(4));
    assert_eq!(encode_fixed(b"abcdef", 0, &mut out), ragged(0));
    assert_eq!(out, b"abcdef", "nothing is appended");
}

#[test]
fn bad_input() {
    let mut out = vec![1];
    let error = encode_byte_arrays(&[0, 3, 2], b"abc", &mut out);
    assert_eq!(error, Err(EncodeError::Offset { index: 2 }));
    let error = encode_byte_arrays(&[0_i64, 3, 4], b"abc", &mut out);
    assert_eq!(error, Err(EncodeError::Offset { index: 2 }));
    assert_eq!(out, [1], "nothing is appended");

    let end = |offset| DecodeError::UnexpectedEnd { offset };
    let mut values = byte_arrays(b"\x01\0\0\0a\x02\0\0\0b");
    assert_eq!(values.next(), Some(Ok(&b"a"[..])));
    assert_eq!(values.position(), 5);
    assert_eq!(values.next(), Some(Err(end(10))));
    assert_eq!(values.next(), None);
    assert_eq!(byte_arrays(&[0xff; 4]).next(), Some(Err(end(4))));
    assert_eq!(
        decode_byte_arrays(&[0; 7], &mut [0; 3], &mut []),
        Err(end(7))
    );
    assert_eq!(decode_i64(&[0; 15], &mut [0; 2]), Err(end(15)));
    assert_eq!(decode_booleans(&[0; 2], &mut [false; 17]), Err(end(2)));
    assert_eq!(decode_bitmap(&[0; 2], 17, &mut [0; 9]), Err(end(2)));
    let full = DecodeError::OutputFull {
        needed: 2,
        available: 1,
    };
    assert_eq!(decode_bitmap(&[0; 2], 9, &mut [0]), Err(full));
    assert_eq!(decode_fixed(b"abc", usize::MAX, 2), Err(end(3)));
}
