use super::*;
use crate::encode::tests::samples::{Random, pieces};

fn distinct_of(count: usize, value: impl FnMut(usize) -> i64) -> usize {
    let values: Vec<i64> = (0..count).map(value).collect();
    Sample::of(&LeafValues::Int64(pieces(&values))).distinct
}

#[test]
fn about_as_many_different_values_as_there_are() {
    let mut random = Random(1);
    for distinct in [1, 10, 1000, 10_000, 100_000] {
        let found = distinct_of(1_000_000, |_| random.below(distinct) as i64);
        assert!(
            found >= distinct / 2 && found <= distinct * 2,
            "{found} of {distinct}"
        );
    }
    // In order, in runs of fifty: not as many as are seen, which are all different.
    let found = distinct_of(1_000_000, |at| at as i64 / 50);
    assert!((15_000..30_000).contains(&found), "{found}");
    assert_eq!(distinct_of(200, |at| at as i64 % 100), 100);
}

#[test]
fn so_many_are_drawn() {
    for (all, count) in [
        (1, 1000),
        (1000, 10),
        (1000, 1000),
        (1000, 3000),
        (97_000, 20_000),
    ] {
        let expected = all as f64 * (1.0 - (-(count as f64) / all as f64).exp());
        let drawn = drawn(all, count) as f64;
        assert!((drawn / expected - 1.0).abs() < 0.06, "{drawn}, {expected}");
    }
}

#[test]
fn blocks_and_places_lie_within() {
    for count in [1, 2, 255, 256, 1000, 1026, 1027, 9000, 100_000, 1_000_003] {
        let places: Vec<usize> = places(count).collect();
        assert!(places.is_sorted() && places.iter().all(|&place| place < count));
        let values = LeafValues::Int32(pieces(&vec![0; count]));
        let sample = Sample::of(&values);
        let blocks = sample.blocks();
        assert!(
            blocks
                .iter()
                .all(|block| block.start < block.end && block.end <= count)
        );
        assert!(blocks.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }
}
