//! DELTA_LENGTH_BYTE_ARRAY.

use crate::{Input, MOST, naive};
use pq_encoding::delta_length_byte_array as delta;

pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let is_other = input.byte() == 1;
    let input = input.rest();
    let stated = delta::count(input).ok().filter(|&count| count <= MOST);
    let count = stated.unwrap_or(9) + usize::from(is_other);
    let expected = naive::delta_length(input, count);

    let mut offsets = vec![9_i32; count + 1];
    let decoded = delta::decode(input, &mut offsets);
    let mut wide = vec![9_i64; count + 1];
    assert_eq!(decoded, delta::decode(input, &mut wide));
    assert_eq!(decoded.is_ok(), expected.is_some());
    let in_place = delta::byte_arrays(input, count).and_then(|mut values| {
        let read: Result<Vec<&[u8]>, _> = values.by_ref().collect();
        Ok((read?, values.position()))
    });
    assert_eq!(in_place.ok(), expected);
    let (Ok((bytes, used)), Some((values, expected_used))) = (decoded, expected) else {
        return;
    };
    assert_eq!(used, expected_used);
    assert_eq!(bytes, values.concat());
    assert!(offsets.iter().zip(&wide).all(|(&a, &b)| i64::from(a) == b));

    let (mut page, mut same) = (Vec::new(), Vec::new());
    delta::encode(&offsets, bytes, &mut page).unwrap();
    delta::encode_iter(values.iter().copied(), &mut same).unwrap();
    assert_eq!(page, same);
    assert!(page.len() <= delta::max_encoded_len(count, bytes.len()));
    assert_eq!(
        naive::delta_length(&page, count),
        Some((values, page.len()))
    );
    let mut again = vec![9_i32; count + 1];
    assert_eq!(delta::decode(&page, &mut again), Ok((bytes, page.len())));
    assert_eq!(again, offsets);
}
