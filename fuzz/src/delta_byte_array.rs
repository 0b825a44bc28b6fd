//! DELTA_BYTE_ARRAY.

use crate::{Input, MOST, naive};
use pq_encoding::delta_byte_array as delta;

/// The most bytes that values are decoded to: few bytes can stand for very many.
const ROOM: usize = 1 << 16;

pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let (is_other, width) = (input.byte() == 1, usize::from(input.byte() % 20));
    let input = input.rest();
    let stated = delta::count(input).ok().filter(|&count| count <= MOST);
    let count = stated.unwrap_or(9) + usize::from(is_other);
    let expected = naive::delta_byte_array(input, count);

    let parts = delta::parts(input, count).and_then(|mut parts| {
        let mut read = Vec::new();
        for part in parts.by_ref() {
            let part = part?;
            read.push((part.prefix, part.suffix));
        }
        Ok((read, parts.position()))
    });
    assert_eq!(parts.ok(), expected);
    let len = expected.as_ref().map(|(parts, _)| {
        parts
            .iter()
            .map(|(prefix, suffix)| prefix + suffix.len())
            .sum()
    });
    assert_eq!(delta::decoded_len(input, count).ok(), len);

    let (mut offsets, mut bytes) = (vec![9_i32; count + 1], vec![0; len.unwrap_or(0).min(ROOM)]);
    let used = delta::decode(input, &mut offsets, &mut bytes);
    let fixed = delta::decode_fixed(input, width, count, &mut bytes.clone());
    let (Some((parts, expected_used)), Some(0..=ROOM)) = (expected, len) else {
        assert!(used.is_err() && fixed.is_err());
        return;
    };
    assert_eq!(used, Ok(expected_used));
    let mut values: Vec<Vec<u8>> = Vec::new();
    for (prefix, suffix) in parts {
        let mut value = values
            .last()
            .map_or(Vec::new(), |before| before[..prefix].to_vec());
        value.extend(suffix);
        values.push(value);
    }
    assert_eq!(bytes, values.concat());
    let ends = offsets.windows(2).map(|pair| (pair[1] - pair[0]) as usize);
    assert!(ends.eq(values.iter().map(Vec::len)));

    let slices: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
    again(&slices, &offsets, &bytes);
    let is_fixed = values.iter().all(|value| value.len() == width);
    assert_eq!(fixed.is_ok(), is_fixed);
    if is_fixed && width > 0 {
        let mut page = Vec::new();
        delta::encode_fixed(&bytes, width, &mut page).unwrap();
        let mut back = vec![0; bytes.len()];
        assert_eq!(
            delta::decode_fixed(&page, width, count, &mut back),
            Ok(page.len())
        );
        assert_eq!(back, bytes);
    }
}

/// Encodes and decodes values.
fn again(values: &[&[u8]], offsets: &[i32], bytes: &[u8]) {
    let (mut page, mut same) = (Vec::new(), Vec::new());
    delta::encode(offsets, bytes, &mut page).unwrap();
    delta::encode_iter(values.iter().copied(), &mut same).unwrap();
    assert_eq!(page, same);
    assert!(page.len() <= delta::max_encoded_len(values.len(), bytes.len()));
    let (mut offsets_back, mut bytes_back) = (vec![9; offsets.len()], vec![0; bytes.len()]);
    let used = delta::decode(&page, &mut offsets_back, &mut bytes_back);
    assert_eq!(used, Ok(page.len()));
    assert_eq!((&offsets_back[..], &bytes_back[..]), (offsets, bytes));
}
