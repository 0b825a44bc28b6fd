//! PLAIN booleans and bitmaps.

use crate::{Input, naive};
use pq_encoding::plain::{self, BitAppender};

pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let (count, cut, skip) = (input.count(), input.byte(), input.byte());
    let input = input.rest();
    let expected = naive::unpack(input, 1, count).map(|(values, _)| values);

    let len = plain::max_booleans_len(count);
    let (mut values, mut bitmap) = (vec![true; count], vec![0xff; len]);
    let used = plain::decode_booleans(input, &mut values);
    assert_eq!(used, plain::decode_bitmap(input, count, &mut bitmap));
    assert_eq!(used.is_ok(), expected.is_some());
    let Some(expected) = expected else { return };
    assert_eq!(used, Ok(len));
    assert!(
        values
            .iter()
            .map(|&value| u64::from(value))
            .eq(expected.iter().copied())
    );

    let mut page = Vec::new();
    plain::encode_booleans(&values, &mut page).unwrap();
    assert_eq!(page, bitmap);
    page.clear();
    plain::encode_bitmap(input, 0, count, &mut page).unwrap();
    assert_eq!(page, bitmap);

    // From another bit on, in two pieces.
    let skip = usize::from(skip).min(count);
    let cut = usize::from(cut).min(count - skip);
    page.clear();
    let mut appender = BitAppender::new(&mut page);
    appender.append_bits(input, skip, cut).unwrap();
    appender
        .append_bits(input, skip + cut, count - skip - cut)
        .unwrap();
    appender.finish().unwrap();
    let behind = naive::unpack(&page, 1, count - skip).unwrap();
    assert_eq!(behind, (expected[skip..].to_vec(), page.len()));
}
