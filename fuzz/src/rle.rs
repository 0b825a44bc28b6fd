//! The hybrid of runs and bit-packing: runs, values, bitmaps, booleans.

use crate::{Input, like_naive, naive};
use pq_encoding::rle::{self, Run, Runs, booleans};

pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let (width, count) = (input.byte() % 34, input.count());
    let input = input.rest();
    runs(input, width);
    values(input, width, count);
    bitmap(input, count);
    framed(input, count);
}

/// Each run is encoded again.
fn runs(input: &[u8], width: u8) {
    let Ok(mut runs) = Runs::new(input, width) else {
        assert!(width > 32);
        return;
    };
    let mut position = 0;
    while let Some(run) = runs.next() {
        let Ok(run) = run else {
            assert_eq!(runs.next(), None);
            return;
        };
        assert!(runs.position() > position);
        position = runs.position();
        if let Run::Repeated { value, count } = run {
            let mut out = Vec::new();
            rle::encode_run(value, count, width, &mut out).unwrap();
            assert_eq!(out.len(), rle::max_run_len(count, width));
            assert_eq!(Vec::from_iter(Runs::new(&out, width).unwrap()), [Ok(run)]);
        }
    }
    assert_eq!(position, input.len());
}

fn values(input: &[u8], width: u8, count: usize) {
    let expected = naive::hybrid(input, width.into(), count);
    let decode = |values: &mut [u32]| rle::decode_u32(input, width, values);
    let Some((values, _)) = like_naive(expected, width, count, decode) else {
        return;
    };

    let mut out = Vec::new();
    rle::encode_u32(&values, width, &mut out).unwrap();
    assert!(out.len() <= rle::max_encoded_len(count, width));
    let again = naive::hybrid(&out, width.into(), count);
    let decode = |values: &mut [u32]| rle::decode_u32(&out, width, values);
    assert_eq!(
        like_naive(again, width, count, decode),
        Some((values, out.len()))
    );
}

/// The booleans of a bitmap; zeros are behind them.
fn of_bitmap(bitmap: &[u8], count: usize) -> Vec<u64> {
    let bits = naive::unpack(bitmap, 1, bitmap.len() * 8).unwrap().0;
    assert!(bits[count..].iter().all(|&bit| bit == 0));
    bits[..count].to_vec()
}

fn bitmap(input: &[u8], count: usize) {
    let mut bitmap = vec![0xff; count.div_ceil(8)];
    let used = rle::decode_bitmap(input, count, &mut bitmap);
    let expected = naive::hybrid(input, 1, count);
    assert_eq!(used.ok(), expected.as_ref().map(|(_, used)| *used));
    let Some((expected, _)) = expected else {
        return;
    };
    assert_eq!(of_bitmap(&bitmap, count), expected);

    let mut out = Vec::new();
    rle::encode_bitmap(&bitmap, 0, count, &mut out).unwrap();
    assert!(out.len() <= rle::max_bitmap_len(count));
    assert_eq!(naive::hybrid(&out, 1, count), Some((expected, out.len())));
}

fn framed(input: &[u8], count: usize) {
    let expected = input.split_first_chunk().and_then(|(len, rest)| {
        let len = u32::from_le_bytes(*len) as usize;
        let values = naive::hybrid(rest.get(..len)?, 1, count)?.0;
        Some((values, 4 + len))
    });
    let mut bitmap = vec![0xff; count.div_ceil(8)];
    let used = booleans::decode_bitmap(input, count, &mut bitmap);
    let mut values = vec![true; count];
    assert_eq!(used, booleans::decode(input, &mut values));
    assert_eq!(used.ok(), expected.as_ref().map(|(_, used)| *used));
    let Some((expected, _)) = expected else {
        return;
    };
    assert_eq!(of_bitmap(&bitmap, count), expected);
    assert!(values.iter().map(|&value| u64::from(value)).eq(expected));

    let mut out = Vec::new();
    booleans::encode(&values, &mut out).unwrap();
    assert!(out.len() <= booleans::max_encoded_len(count));
    let mut again = vec![true; count];
    assert_eq!(booleans::decode(&out, &mut again), Ok(out.len()));
    assert_eq!(again, values);
}
