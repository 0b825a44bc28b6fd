//! PLAIN byte arrays.

use crate::{Input, naive};
use pq_encoding::plain;

pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let count = input.count();
    let input = input.rest();
    let expected = naive::byte_arrays(input, count);

    let mut values = plain::byte_arrays(input);
    let firsts: Result<Vec<&[u8]>, _> = values.by_ref().take(count).collect();
    match (&expected, firsts) {
        (Some((expected, used)), Ok(values_read)) => {
            assert_eq!(&values_read, expected);
            assert_eq!(values.position(), *used);
        }
        (None, Ok(values_read)) => assert!(values_read.len() < count),
        (expected, Err(_)) => assert!(expected.is_none()),
    }

    let (mut offsets, mut bytes) = (vec![9_i32; count + 1], vec![0; input.len()]);
    let used = plain::decode_byte_arrays(input, &mut offsets, &mut bytes);
    let mut wide = vec![9_i64; count + 1];
    assert_eq!(
        used,
        plain::decode_byte_arrays(input, &mut wide, &mut bytes)
    );
    assert_eq!(used.ok(), expected.as_ref().map(|(_, used)| *used));
    let Some((values, used)) = expected else {
        return;
    };
    let data_len = *offsets.last().unwrap() as usize;
    assert_eq!(bytes[..data_len], values.concat());

    let mut page = Vec::new();
    plain::encode_byte_arrays(&offsets, &bytes, &mut page).unwrap();
    assert_eq!(page, &input[..used]);
    assert_eq!(page.len(), plain::max_byte_arrays_len(count, data_len));
    page.clear();
    plain::encode_byte_array_iter(values.iter().copied(), &mut page).unwrap();
    assert_eq!(page, &input[..used]);

    // Room for just the bytes is enough, less is none.
    let mut bytes = vec![0; data_len];
    assert_eq!(
        plain::decode_byte_arrays(input, &mut offsets, &mut bytes),
        Ok(used)
    );
    if data_len > 0 {
        assert!(plain::decode_byte_arrays(input, &mut offsets, &mut bytes[1..]).is_err());
    }
}
