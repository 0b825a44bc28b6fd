//! DELTA_BINARY_PACKED, at once and in pieces.

use crate::{Bits, Input, MOST, bits, naive, there_and_back};
use pq_encoding::DecodeError;
use pq_encoding::delta_binary_packed::{
    Decoder, Encoder, Integer, decode_i32, decode_i64, encode_i32, encode_i64, max_encoded_len_i32,
    max_encoded_len_i64,
};

pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let (cut, is_other) = (input.byte(), input.byte() == 1);
    let stated = naive_count(input.rest()).filter(|&count| count <= MOST as u64);
    let count = stated.unwrap_or(9) as usize + usize::from(is_other);
    let input = input.rest();

    let most = max_encoded_len_i32(count);
    let narrow = there_and_back(input, count, decode_i32, encode_i32, most);
    let expected = naive::delta(input, 32, count);
    let expected = expected.map(|(values, used)| {
        let values = values.into_iter().map(|value| (value as i32).bits());
        (values.collect(), used)
    });
    assert_eq!(narrow.clone().ok(), expected);
    pieces::<i32>(input, count, cut, narrow);

    let most = max_encoded_len_i64(count);
    let wide = there_and_back(input, count, decode_i64, encode_i64, most);
    let expected = naive::delta(input, 64, count);
    let expected = expected.map(|(values, used)| (bits(&values), used));
    assert_eq!(wide.clone().ok(), expected);
    pieces::<i64>(input, count, cut, wide);
}

/// The count that a header states.
fn naive_count(input: &[u8]) -> Option<u64> {
    let mut at = 0;
    for _ in 0..2 {
        at += naive::varint(input.get(at..)?)?.1;
    }
    Some(naive::varint(input.get(at..)?)?.0)
}

/// The same, decoded in pieces of `cut` values, and of one more each time; and encoded so.
fn pieces<T: Integer + Bits>(
    input: &[u8],
    count: usize,
    cut: u8,
    expected: Result<(Vec<u64>, usize), DecodeError>,
) {
    let Ok(mut decoder) = Decoder::<T>::new(input) else {
        assert!(expected.is_err());
        return;
    };
    if decoder.count() != count {
        assert!(matches!(expected, Err(DecodeError::Count { .. })));
        return;
    }
    let mut values: Vec<T> = Vec::new();
    let mut encoded = Vec::new();
    let mut encoder = Encoder::new(count, &mut encoded);
    for len in usize::from(cut).. {
        if values.len() == count {
            break;
        }
        let mut piece = vec![T::default(); len];
        match decoder.read(&mut piece) {
            Ok(read) => {
                assert_eq!(read, len.min(count - values.len()));
                encoder.push(&piece[..read]).unwrap();
                values.extend(&piece[..read]);
                assert_eq!(decoder.remaining(), count - values.len());
            }
            Err(error) => {
                assert_eq!(expected, Err(error));
                return;
            }
        }
    }
    assert_eq!(expected, Ok((bits(&values), decoder.position())));
    encoder.finish().unwrap();
    let mut decoder = Decoder::<T>::new(&encoded).unwrap();
    let mut again = vec![T::default(); count];
    assert_eq!(decoder.read(&mut again), Ok(count));
    assert_eq!(bits(&again), bits(&values));
    assert_eq!(decoder.position(), encoded.len());
}
