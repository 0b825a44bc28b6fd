//! What a few values show of all: places spread over the chunk say how many different values
//! there are, blocks of neighbours how they follow each other. The places depend on nothing but
//! the number of values.

use super::scaled;
use crate::encode::dictionary::{MULTIPLIER, SCALES, fold, unscaled};
use crate::encode::values::{fitting, plain_len};
use crate::leaf::{BytePieces, LeafValues, Pieces};
use std::ops::Range;

/// The most places, and the fewest unless there are no more values.
const PLACES: usize = 2048;
const FEWEST_PLACES: usize = 256;

/// Values of a block: one, and four blocks of 128 differences.
const BLOCK: usize = 1 + 4 * 128;
const BLOCKS: usize = 8;

/// Bytes of a block of long values.
const BLOCK_BYTES: usize = 1 << 14;

/// Integers that are no further apart need no hash.
const CLOSE: u64 = 1 << 16;

#[derive(Debug)]
pub(super) struct Sample {
    values: usize,
    blocks: Vec<Range<usize>>,
    /// About how many different values there are in all.
    pub(super) distinct: usize,
    /// About how many runs of the same value there are in all.
    runs: usize,
    /// About how many bytes all values take, PLAIN.
    pub(super) plain: usize,
    /// The mean length of a value, PLAIN.
    pub(super) value_len: usize,
    /// The smallest and the largest of the integers, those of `scale` too.
    pub(super) range: Option<(i64, i64)>,
    /// The number of units of one, if floats are decimals.
    pub(super) scale: Option<f64>,
    /// The length of the longest byte string.
    pub(super) longest: usize,
}

impl Sample {
    /// Of values that are not coded.
    pub(super) fn of(values: &LeafValues<'_>) -> Self {
        let count = values.len();
        let blocks = blocks(values);
        let pairs: usize = blocks
            .iter()
            .map(|block| block.len().saturating_sub(1))
            .sum();
        let changes = blocks
            .iter()
            .map(|block| changes(values, block.clone()))
            .sum();
        let runs = match pairs {
            0 => count,
            _ => scaled(count, changes, pairs) + 1,
        };
        let mut seen = Seen::default();
        let mut keys = keys(values, &mut seen);
        let plain = match values {
            LeafValues::Bytes(_) => scaled(seen.bytes, count, keys.len()) + 4 * count,
            values => plain_len(values, 0..count),
        };
        let distinct = distinct(&mut keys, count).min(runs).max(1);
        Self {
            values: count,
            blocks,
            distinct,
            runs,
            plain,
            value_len: plain.div_ceil(count.max(1)),
            range: seen.range,
            scale: seen.scale,
            longest: seen.longest,
        }
    }

    /// Neighbouring values, block by block.
    pub(super) fn blocks(&self) -> &[Range<usize>] {
        &self.blocks
    }

    /// Whether many values are the same as the one before.
    pub(super) fn has_runs(&self) -> bool {
        self.runs < self.values / 4
    }

    /// Whether the values are integers that lie close together.
    pub(super) fn is_close(&self) -> bool {
        self.range.is_some_and(|(smallest, largest)| {
            largest.wrapping_sub(smallest).cast_unsigned() < CLOSE
        })
    }

    /// Bytes of a dictionary and its codes, where entries shrink to `numerator / denominator` of
    /// what they are.
    pub(super) fn expected_len(&self, numerator: usize, denominator: usize) -> usize {
        let largest = u32::try_from(self.distinct - 1).unwrap_or(u32::MAX);
        let width = usize::from(pq_encoding::bit_width::of_u32(largest).max(1));
        let packed = self.values.saturating_mul(width) / 8;
        let runs = self.runs.saturating_mul(2 + width.div_ceil(8));
        let entries = self.distinct.saturating_mul(self.value_len);
        scaled(entries, numerator, denominator).saturating_add(packed.min(runs))
    }
}

fn blocks(values: &LeafValues<'_>) -> Vec<Range<usize>> {
    let count = values.len();
    let blocks = (count / (16 * BLOCK)).clamp(1, BLOCKS);
    let len = match count <= 2 * BLOCK {
        true => count,
        false => BLOCK,
    };
    (0..blocks)
        .map(|block| {
            let start = scaled(count - len, block, blocks);
            let end = fitting(values, start, BLOCK_BYTES).max(start + 1);
            start..end.min(start + len)
        })
        .collect()
}

/// Places in ascending order, one in each of as many equal parts.
fn places(count: usize) -> impl Iterator<Item = usize> {
    let places = (count / 16).clamp(FEWEST_PLACES, PLACES).min(count);
    (0..places).map(move |place| {
        let start = scaled(count, place, places);
        let len = scaled(count, place + 1, places) - start;
        // Not in equal steps, which what repeats may keep time with.
        let random = (place as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        start + (random % (len as u64).max(1)) as usize
    })
}

/// How many neighbours in `block` differ.
fn changes(values: &LeafValues<'_>, block: Range<usize>) -> usize {
    match values {
        LeafValues::Int32(pieces) => of_pieces(pieces, block, |value| value),
        LeafValues::Int64(pieces) => of_pieces(pieces, block, |value| value),
        LeafValues::Float(pieces) => of_pieces(pieces, block, f32::to_bits),
        LeafValues::Double(pieces) => of_pieces(pieces, block, f64::to_bits),
        LeafValues::Bytes(pieces) => of_neighbours(pieces.iter(block)),
        LeafValues::Fixed { width, data } => {
            let bytes = block.start * width..block.end * width;
            of_neighbours(
                data.slices(bytes)
                    .flat_map(|slice| slice.chunks((*width).max(1))),
            )
        }
        LeafValues::Boolean(_) | LeafValues::Coded(_) => block.len(),
    }
}

fn of_pieces<T: Copy + Default, B: PartialEq>(
    pieces: &Pieces<'_, T>,
    block: Range<usize>,
    bits: impl Fn(T) -> B,
) -> usize {
    let mut changes = 0;
    let mut last = None;
    pieces.for_each(block, |slice| {
        let all = last.into_iter().chain(slice.iter().copied()).map(&bits);
        changes += of_neighbours(all);
        last = slice.last().copied();
    });
    changes
}

fn of_neighbours<T: PartialEq>(mut values: impl Iterator<Item = T>) -> usize {
    let Some(mut previous) = values.next() else {
        return 0;
    };
    let mut changes = 0;
    for value in values {
        changes += usize::from(value != previous);
        previous = value;
    }
    changes
}

/// What was seen beside keys.
#[derive(Debug, Default)]
struct Seen {
    range: Option<(i64, i64)>,
    scale: Option<f64>,
    /// The longest byte string, and the bytes of all.
    longest: usize,
    bytes: usize,
}

/// The range with one more value in it.
fn widened(range: Option<(i64, i64)>, value: i64) -> (i64, i64) {
    let (smallest, largest) = range.unwrap_or((value, value));
    (smallest.min(value), largest.max(value))
}

/// A word for each place, the same for the same value.
fn keys(values: &LeafValues<'_>, seen: &mut Seen) -> Vec<u64> {
    let mut keys = Vec::with_capacity(PLACES);
    let mut integer = |value: i64| {
        seen.range = Some(widened(seen.range, value));
        value.cast_unsigned()
    };
    match values {
        LeafValues::Int32(pieces) => {
            pieces.at(places(pieces.len()), |value| {
                keys.push(integer(value.into()))
            });
        }
        LeafValues::Int64(pieces) => {
            pieces.at(places(pieces.len()), |value| keys.push(integer(value)))
        }
        LeafValues::Float(pieces) => pieces.at(places(pieces.len()), |value| {
            keys.push(value.to_bits().into())
        }),
        LeafValues::Double(pieces) => {
            let mut scales = SCALES.map(|scale| (scale, None)).to_vec();
            pieces.at(places(pieces.len()), |value| {
                keys.push(value.to_bits());
                scales.retain_mut(|(scale, range)| {
                    let integer = unscaled(value, *scale);
                    *range = integer.map(|integer| widened(*range, integer));
                    integer.is_some()
                });
            });
            if let Some((scale, range)) = scales.first() {
                (seen.scale, seen.range) = (Some(*scale), *range);
            }
        }
        LeafValues::Bytes(pieces) => bytes_at_places(pieces, |value| {
            seen.longest = seen.longest.max(value.len());
            seen.bytes += value.len();
            keys.push(hash(value));
        }),
        LeafValues::Fixed { width, data } => {
            let mut places = places(values.len()).peekable();
            let mut start = 0;
            for slice in data.slices(0..data.len()) {
                let end = start + slice.len() / (*width).max(1);
                while let Some(place) = places.next_if(|&place| place < end) {
                    let at = (place - start) * width;
                    keys.push(hash(slice.get(at..at + width).unwrap_or_default()));
                }
                start = end;
            }
        }
        LeafValues::Boolean(_) | LeafValues::Coded(_) => {}
    }
    keys
}

fn bytes_at_places(pieces: &BytePieces<'_>, mut take: impl FnMut(&[u8])) {
    let mut places = places(pieces.len()).peekable();
    let mut start = 0;
    for slice in pieces.slices(0..pieces.len()) {
        let end = start + slice.len();
        while let Some(place) = places.next_if(|&place| place < end) {
            take(slice.get(place - start));
        }
        start = end;
    }
}

/// Two values of the same hash only make an estimate worse.
fn hash(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let mix = |hash: u64, word: u64| fold(hash ^ word, MULTIPLIER);
    let hash = words.iter().fold(bytes.len() as u64, |hash, word| {
        mix(hash, u64::from_le_bytes(*word))
    });
    mix(hash, u64::from_le_bytes(last))
}

/// How many different values `count` have, of which these are some: drawn from as many as are seen,
/// and more the more of them are seen once and the fewer twice (A. Chao, 1984).
fn distinct(keys: &mut [u64], count: usize) -> usize {
    keys.sort_unstable();
    let (mut seen, mut once, mut twice) = (0_usize, 0_usize, 0_usize);
    for same in keys.chunk_by(|a, b| a == b) {
        seen += 1;
        once += usize::from(same.len() == 1);
        twice += usize::from(same.len() == 2);
    }
    if keys.len() >= count {
        return seen;
    }
    let drawn_from = seen + once * once.saturating_sub(1) / (2 * (twice + 1));
    drawn(drawn_from, count).max(seen)
}

/// How many different ones are among `count` that are drawn of `all`, each as likely.
fn drawn(all: usize, count: usize) -> usize {
    // all · (1 − exp(−x)), by an approximation that is the same on every machine.
    let x = count as f64 / all.max(1) as f64;
    let share = x * (1.0 + x / 6.0) / (1.0 + x * 2.0 / 3.0 + x * x / 6.0);
    ((all as f64 * share.min(1.0) + 0.5) as usize)
        .min(all)
        .min(count)
}

#[cfg(test)]
mod tests;
