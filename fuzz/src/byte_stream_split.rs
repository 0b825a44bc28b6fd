//! BYTE_STREAM_SPLIT.

use crate::{Bits, Input, naive, there_and_back};
use pq_encoding::byte_stream_split::{self as split, max_encoded_len};
use pq_encoding::{DecodeError, EncodeError};

pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let (width, extra) = (
        usize::from(input.byte() % 41),
        usize::from(input.byte() == 1),
    );
    let input = input.rest();

    numbers(input, 4, extra, split::decode_i32, split::encode_i32);
    numbers(input, 8, extra, split::decode_i64, split::encode_i64);
    numbers(input, 4, extra, split::decode_f32, split::encode_f32);
    numbers(input, 8, extra, split::decode_f64, split::encode_f64);

    let mut values = vec![0; input.len() + extra];
    let used = split::decode_fixed(input, width, &mut values);
    let is_whole = input.is_empty() || input.len().checked_rem(width) == Some(0);
    assert_eq!(used.is_ok(), is_whole && extra == 0);
    if used.is_ok() && width > 0 {
        assert_eq!(used, Ok(input.len()));
        assert_eq!(values, naive::byte_stream_split(input, width));
        let mut page = Vec::new();
        split::encode_fixed(&values, width, &mut page).unwrap();
        assert_eq!(page, input);
    }
}

fn numbers<T: Bits>(
    input: &[u8],
    width: usize,
    extra: usize,
    decode: impl Fn(&[u8], &mut [T]) -> Result<usize, DecodeError>,
    encode: impl Fn(&[T], &mut Vec<u8>) -> Result<(), EncodeError>,
) {
    let count = input.len() / width + extra;
    let most = max_encoded_len(count, width);
    let decoded = there_and_back(input, count, decode, encode, most);
    let is_whole = input.len().is_multiple_of(width) && extra == 0;
    assert_eq!(decoded.is_ok(), is_whole);
    if let Ok((values, _)) = decoded {
        let bytes = values
            .iter()
            .flat_map(|value| value.to_le_bytes().into_iter().take(width));
        assert!(bytes.eq(naive::byte_stream_split(input, width)));
    }
}
