//! Split-block Bloom filters; BloomFilter.md.

use crate::leaf::LeafValues;
use crate::options::BloomFilter;
use crate::schema::{Leaf, Order};
use pq_format::BloomFilterHeader;
use xxhash_rust::xxh64::xxh64;

/// A filter of `values`, behind its header. `distinct`: how many different values there are,
/// where known exactly. `None` for booleans, of which there are too few, and if there are no
/// values.
pub(crate) fn bloom_filter(
    leaf: &Leaf,
    values: &LeafValues<'_>,
    distinct: Option<u64>,
    settings: &BloomFilter,
) -> Option<Vec<u8>> {
    if values.len() == 0 || matches!(values, LeafValues::Boolean(_)) {
        return None;
    }
    let most = values.len() as u64;
    let distinct = distinct.map_or(most, |distinct| distinct.min(most));
    let mut filter = Filter::for_values(distinct, settings);
    each_hash(leaf, values, |hash| filter.insert(hash));
    filter.fold(settings.false_positive_probability);
    let header = BloomFilterHeader {
        num_bytes: i32::try_from(filter.blocks.len() * BLOCK_BYTES).ok()?,
        ..BloomFilterHeader::default()
    };
    let mut out = Vec::with_capacity(32 + filter.blocks.len() * BLOCK_BYTES);
    pq_format::encode(&header, &mut out).ok()?;
    for word in filter.blocks.as_flattened() {
        out.extend_from_slice(&word.to_le_bytes());
    }
    Some(out)
}

/// Calls `take` with the hashes of the PLAIN forms of the values, without lengths. Readers that
/// look for zero hash one of the two zeros, so a zero is there as both.
fn each_hash(leaf: &Leaf, values: &LeafValues<'_>, mut take: impl FnMut(u64)) {
    let range = 0..values.len();
    macro_rules! integers {
        ($pieces:ident) => {
            $pieces.for_each(range, |slice| {
                for value in slice {
                    take(xxh64(&value.to_le_bytes(), 0));
                }
            })
        };
    }
    macro_rules! floats {
        ($pieces:ident) => {
            $pieces.for_each(range, |slice| {
                for value in slice {
                    take(xxh64(&value.to_le_bytes(), 0));
                    if *value == 0.0 {
                        take(xxh64(&(-value).to_le_bytes(), 0));
                    }
                }
            })
        };
    }
    match values {
        LeafValues::Int32(values) => integers!(values),
        LeafValues::Int64(values) => integers!(values),
        LeafValues::Float(values) => floats!(values),
        LeafValues::Double(values) => floats!(values),
        LeafValues::Bytes(values) => values.iter(range).for_each(|value| take(xxh64(value, 0))),
        LeafValues::Fixed { width, data } => {
            for slice in data.slices(0..data.len()) {
                for value in slice.chunks_exact((*width).max(1)) {
                    take(xxh64(value, 0));
                    if let ([0, high @ (0 | 0x80)], Order::Half) = (value, leaf.order) {
                        take(xxh64(&[0, high ^ 0x80], 0));
                    }
                }
            }
        }
        LeafValues::Boolean(_) | LeafValues::Coded(_) => {}
    }
}

/// Words of 32 bits, in each of which a value sets one bit.
type Block = [u32; 8];

const BLOCK_BYTES: usize = 32;

/// Readers take no filter that is longer: 128 MiB.
const MOST_BLOCKS: usize = 1 << 22;

const SALT: Block = [
    0x47b6_137b,
    0x4497_4d91,
    0x8824_ad5b,
    0xa2b7_289d,
    0x7054_95c7,
    0x2df1_424b,
    0x9efc_4947,
    0x5c6b_fb31,
];

/// Words of one bit. Without instructions that not all CPUs have, a load is quicker than a shift
/// by many.
const BITS: [u32; 32] = {
    let mut bits = [1; 32];
    let mut bit = 1;
    while bit < 32 {
        bits[bit] = 1 << bit;
        bit += 1;
    }
    bits
};

/// A power of two of blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Filter {
    blocks: Vec<Block>,
}

impl Filter {
    /// The smallest filter that says yes wrongly as rarely as wanted when it has `distinct`
    /// values, or the largest that is allowed.
    fn for_values(distinct: u64, settings: &BloomFilter) -> Self {
        let most = (settings.max_bytes / BLOCK_BYTES).clamp(1, MOST_BLOCKS);
        let mut blocks = 1;
        while blocks <= most / 2
            && expected_probability(distinct, blocks) > settings.false_positive_probability
        {
            blocks *= 2;
        }
        Self {
            blocks: vec![[0; 8]; blocks],
        }
    }

    #[inline]
    fn insert(&mut self, hash: u64) {
        let index = ((hash >> 32) * self.blocks.len() as u64) >> 32;
        if let Some(block) = self.blocks.get_mut(index as usize) {
            for (word, salt) in block.iter_mut().zip(SALT) {
                let bit = (hash as u32).wrapping_mul(salt) >> 27;
                *word |= BITS.get(bit as usize).copied().unwrap_or(0);
            }
        }
    }

    /// Halves the filter as often as it then still says yes wrongly as rarely as wanted. The
    /// block of a hash is given by its highest bits, of which half as many blocks take one less:
    /// what was in two neighbours is in one block then.
    fn fold(&mut self, probability: f64) {
        let halved = |pair: &[Block; 2]| std::array::from_fn(|word| pair[0][word] | pair[1][word]);
        loop {
            let (pairs, rest) = self.blocks.as_chunks::<2>();
            if pairs.is_empty() || !rest.is_empty() {
                return;
            }
            let sum: f64 = pairs
                .iter()
                .map(|pair| yes_probability(&halved(pair)))
                .sum();
            if sum / pairs.len() as f64 > probability {
                return;
            }
            self.blocks = pairs.iter().map(halved).collect();
        }
    }
}

/// How probable it is that a block says yes for a value that is not there.
fn yes_probability(block: &Block) -> f64 {
    let set = block.iter().map(|word| u64::from(word.count_ones()));
    // At most 32 to the power of 8, which is 2 to the power of 40.
    set.product::<u64>() as f64 / (1_u64 << 40) as f64
}

/// How often a filter says yes for values that are not there. Values spread over the blocks as
/// Poisson has it; of a block of `n` values, each word has the bit with the probability
/// 1 − (31/32)^n.
fn expected_probability(distinct: u64, blocks: usize) -> f64 {
    let mean = distinct as f64 / blocks as f64;
    // Next to full; and the weight of zero values would be too small for a number.
    if mean > 500.0 {
        return 1.0;
    }
    let most = (mean + 12.0 * mean.sqrt()) as u64 + 24;
    let mut weight = (-mean).exp();
    let mut clear = 1.0;
    let mut sum = 0.0;
    for n in 1..=most {
        weight *= mean / n as f64;
        clear *= 31.0 / 32.0;
        sum += weight * f64::powi(1.0 - clear, 8);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{BLOCK_BYTES, Block, Filter, bloom_filter, expected_probability};
    use crate::leaf::{BytePieces, LeafValues, Pieces};
    use crate::options::BloomFilter;
    use crate::schema::{DataType, Field, Leaf, Schema};
    use pq_format::BloomFilterHeader;
    use proptest::prelude::*;
    use xxhash_rust::xxh64::xxh64;

    fn leaf(data_type: DataType) -> Leaf {
        let schema = Schema::new(vec![Field::new("x", data_type, true)]).unwrap();
        schema.leaves()[0].clone()
    }

    fn contains(blocks: &[Block], hash: u64) -> bool {
        let index = ((u128::from(hash >> 32) * blocks.len() as u128) >> 32) as usize;
        (0..8).all(|word| {
            let bit = (hash as u32).wrapping_mul(super::SALT[word]) >> 27;
            blocks[index][word] & (1 << bit) != 0
        })
    }

    fn parse(bytes: &[u8]) -> Vec<Block> {
        let (header, len) = pq_format::decode::<BloomFilterHeader>(bytes).unwrap();
        assert_eq!(
            header,
            BloomFilterHeader {
                num_bytes: (bytes.len() - len) as i32,
                ..Default::default()
            }
        );
        let words: Vec<u32> = bytes[len..]
            .as_chunks::<4>()
            .0
            .iter()
            .map(|word| u32::from_le_bytes(*word))
            .collect();
        words.as_chunks::<8>().0.to_vec()
    }

    fn int64(values: Vec<i64>, distinct: Option<u64>, settings: &BloomFilter) -> Vec<Block> {
        let values = LeafValues::Int64(Pieces::of(values));
        parse(&bloom_filter(&leaf(DataType::Int64), &values, distinct, settings).unwrap())
    }

    /// How often values that are not there are found.
    fn measured(blocks: &[Block]) -> f64 {
        let probes = 400_000_i64;
        let found = (0..probes)
            .filter(|probe| contains(blocks, xxh64(&(-1 - probe).to_le_bytes(), 0)))
            .count();
        found as f64 / probes as f64
    }

    #[test]
    fn the_expected_probability_is_that_of_the_specification() {
        // BloomFilter.md: 1,024 blocks with 26,214 values, twice, half as many.
        for (values, probability) in [(26_214, 0.0126), (52_428, 0.18), (13_107, 0.0004)] {
            let expected = expected_probability(values, 1024);
            assert!(
                (expected / probability - 1.0).abs() < 0.1,
                "{values}: {expected}"
            );
        }
    }

    #[test]
    fn it_is_wrong_as_often_as_wanted_and_not_larger_than_that_takes() {
        for (count, wanted) in [
            (1, 0.01),
            (100, 0.05),
            (3_000, 0.01),
            (70_000, 0.001),
            (70_000, 0.2),
        ] {
            let settings = BloomFilter {
                false_positive_probability: wanted,
                max_bytes: 1 << 20,
            };
            let filter = int64((0..count).collect(), Some(count as u64), &settings);
            assert!((0..count).all(|value| contains(&filter, xxh64(&value.to_le_bytes(), 0))));
            let rate = measured(&filter);
            assert!(rate <= wanted * 1.5, "{count} values, {wanted}: {rate}");
            if filter.len() > 1 {
                let half = expected_probability(count as u64, filter.len() / 2);
                assert!(
                    half > wanted * 0.8,
                    "{count} values, {wanted}: half would do, {half}"
                );
            }
        }
    }

    #[test]
    fn repeated_values_take_no_room() {
        let values: Vec<i64> = (0..100_000).map(|row| row % 500).collect();
        let settings = BloomFilter::default();
        let known = int64(values.clone(), Some(500), &settings);
        assert_eq!(int64(values, None, &settings), known);
    }

    #[test]
    fn it_is_never_longer_than_allowed() {
        for (max_bytes, blocks) in [(0, 1), (32, 1), (100, 2), (1000, 16)] {
            let settings = BloomFilter {
                false_positive_probability: 0.001,
                max_bytes,
            };
            let filter = int64((0..10_000).collect(), None, &settings);
            assert_eq!(filter.len() * BLOCK_BYTES, blocks * BLOCK_BYTES);
            assert!((0..10_000_i64).all(|value| contains(&filter, xxh64(&value.to_le_bytes(), 0))));
        }
    }

    #[test]
    fn text_is_hashed_without_its_length_and_zeros_are_both_there() {
        let mut pieces = BytePieces::default();
        pieces.push_offsets(vec![0, 5, 5], b"hello".as_slice());
        let settings = BloomFilter::default();
        let text = bloom_filter(
            &leaf(DataType::String),
            &LeafValues::Bytes(pieces),
            None,
            &settings,
        );
        let text = parse(&text.unwrap());
        // XXH64 of these with seed 0, from its specification's tool.
        for hash in [0x26C7_827D_889F_6DA3, 0xEF46_DB37_51D8_E999] {
            assert!(contains(&text, hash));
        }
        let doubles = LeafValues::Double(Pieces::of(vec![0.0, 1.0]));
        let doubles = bloom_filter(&leaf(DataType::Float64), &doubles, None, &settings);
        assert!(contains(
            &parse(&doubles.unwrap()),
            xxh64(&(-0.0_f64).to_le_bytes(), 0)
        ));
        let halves = LeafValues::Fixed {
            width: 2,
            data: vec![0, 0x80].into(),
        };
        let halves = bloom_filter(&leaf(DataType::Float16), &halves, None, &settings);
        assert!(contains(&parse(&halves.unwrap()), xxh64(&[0, 0], 0)));
    }

    #[test]
    fn booleans_and_nothing_have_none() {
        let settings = BloomFilter::default();
        let none = LeafValues::Int32(Pieces::of(Vec::new()));
        assert_eq!(
            bloom_filter(&leaf(DataType::Int32), &none, None, &settings),
            None
        );
        let booleans = crate::encode::tests::samples::booleans(&[true]);
        assert_eq!(
            bloom_filter(&leaf(DataType::Boolean), &booleans, None, &settings),
            None
        );
    }

    proptest! {
        #[test]
        fn folded_is_as_if_built_of_that_size(
            hashes in proptest::collection::vec(any::<u64>(), 0..300),
            blocks in 0..8_u32,
            probability in 0.0..1.0,
        ) {
            let mut filter = Filter { blocks: vec![[0; 8]; 1 << blocks] };
            hashes.iter().for_each(|hash| filter.insert(*hash));
            filter.fold(probability);
            let mut direct = Filter { blocks: vec![[0; 8]; filter.blocks.len()] };
            hashes.iter().for_each(|hash| direct.insert(*hash));
            prop_assert_eq!(&filter, &direct);
            prop_assert!(hashes.iter().all(|hash| contains(&filter.blocks, *hash)));
        }
    }
}
