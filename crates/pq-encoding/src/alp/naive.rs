//! The obvious version, value by value, and the choice of exponent and factor as the
//! specification suggests it: what the other one is compared with.

use crate::naive;
use std::vec::Vec;

/// How many pairs are kept, of how many vectors, and how many values of these are looked at.
const KEPT: usize = 5;
const VECTORS: usize = 8;
const SAMPLE: usize = 256;

macro_rules! naive {
    ($float:ident $signed:ident $unsigned:ident $most_exponent:literal) => {
        pub(super) mod $float {
            use super::*;

            fn power(exponent: i32) -> $float {
                std::format!("1e{exponent}").parse().unwrap()
            }

            fn decoded(integer: $signed, exponent: u8, factor: u8) -> $float {
                integer as $float * power(factor.into()) * power(-i32::from(exponent))
            }

            /// The integers of those values that they give back.
            fn integers(values: &[$float], exponent: u8, factor: u8) -> Vec<Option<$signed>> {
                let (up, down) = (power(exponent.into()), power(-i32::from(factor)));
                let (back_up, back_down) = (power(factor.into()), power(-i32::from(exponent)));
                let integer = |value: &$float| {
                    let scaled = value * up * down;
                    let integer = scaled.round_ties_even() as $signed;
                    let back = integer as $float * back_up * back_down;
                    let fits = scaled.abs() < $signed::MAX as $float;
                    (fits && back.to_bits() == value.to_bits()).then_some(integer)
                };
                values.iter().map(integer).collect()
            }

            fn width(integers: &[$signed]) -> u8 {
                let lowest = integers.iter().min().copied().unwrap_or(0);
                let highest = integers.iter().max().copied().unwrap_or(0);
                let range = highest.wrapping_sub(lowest) as $unsigned;
                (0..$unsigned::BITS as u8)
                    .find(|&width| range >> width == 0)
                    .unwrap_or($unsigned::BITS as u8)
            }

            /// The bits that the values take.
            fn bits(values: &[$float], exponent: u8, factor: u8) -> usize {
                let integers = integers(values, exponent, factor);
                let found: Vec<$signed> = integers.iter().flatten().copied().collect();
                let exceptions = integers.len() - found.len();
                values.len() * usize::from(width(&found))
                    + exceptions * (size_of::<$float>() + 2) * 8
            }

            pub(in super::super) fn vector(values: &[$float], exponent: u8, factor: u8) -> Vec<u8> {
                let found = integers(values, exponent, factor);
                let filler = found.iter().flatten().next().copied().unwrap_or(0);
                let integers: Vec<$signed> = found.iter().map(|i| i.unwrap_or(filler)).collect();
                let lowest = *integers.iter().min().unwrap();
                let relative: Vec<u64> = integers
                    .iter()
                    .map(|integer| u64::from(integer.wrapping_sub(lowest) as $unsigned))
                    .collect();
                let width = width(&integers);
                let exceptions: Vec<usize> =
                    (0..values.len()).filter(|&i| found[i].is_none()).collect();
                let mut out = Vec::from([exponent, factor]);
                out.extend((exceptions.len() as u16).to_le_bytes());
                out.extend(lowest.to_le_bytes());
                out.push(width);
                let mut packed = naive::pack(&relative, width);
                packed.truncate((values.len() * usize::from(width)).div_ceil(8));
                out.extend(packed);
                exceptions
                    .iter()
                    .for_each(|&i| out.extend((i as u16).to_le_bytes()));
                exceptions
                    .iter()
                    .for_each(|&i| out.extend(values[i].to_le_bytes()));
                out
            }

            /// A page of vectors of 2 to the power of `log_vector` values.
            pub(in super::super) fn page(
                values: &[$float],
                log_vector: u8,
                mut choose: impl FnMut(&[$float]) -> (u8, u8),
            ) -> Vec<u8> {
                let mut out = Vec::from([0, 0, log_vector]);
                out.extend((values.len() as i32).to_le_bytes());
                let vectors: Vec<Vec<u8>> = values
                    .chunks(1 << log_vector)
                    .map(|values| {
                        let (exponent, factor) = choose(values);
                        vector(values, exponent, factor)
                    })
                    .collect();
                let mut offset = vectors.len() * 4;
                for vector in &vectors {
                    out.extend((offset as u32).to_le_bytes());
                    offset += vector.len();
                }
                out.extend(vectors.into_iter().flatten());
                out
            }

            fn pairs() -> impl Iterator<Item = (u8, u8)> {
                (0..=$most_exponent)
                    .rev()
                    .flat_map(|exponent| (0..=exponent).rev().map(move |factor| (exponent, factor)))
            }

            fn sample(values: &[$float]) -> Vec<$float> {
                values
                    .iter()
                    .step_by(values.len().div_ceil(SAMPLE))
                    .copied()
                    .collect()
            }

            /// The page that the sampling suggested by the specification gives.
            pub(in super::super) fn suggested(values: &[$float]) -> Vec<u8> {
                let mut wins: Vec<(usize, (u8, u8))> = Vec::new();
                let step = values.len().div_ceil(1024).div_ceil(VECTORS).max(1);
                for vector in values.chunks(1024).step_by(step) {
                    let sample = sample(vector);
                    let best = pairs().min_by_key(|&(e, f)| bits(&sample, e, f)).unwrap();
                    match wins.iter_mut().find(|(_, pair)| *pair == best) {
                        Some((times, _)) => *times += 1,
                        None => wins.push((1, best)),
                    }
                }
                wins.sort_by_key(|&(times, _)| std::cmp::Reverse(times));
                wins.truncate(KEPT);
                page(values, 10, |vector| {
                    let sample = sample(vector);
                    let pairs = wins.iter().map(|&(_, pair)| pair);
                    pairs.min_by_key(|&(e, f)| bits(&sample, e, f)).unwrap()
                })
            }

            pub(in super::super) fn decode(page: &[u8]) -> Vec<$float> {
                let number = |at: usize, len: usize| {
                    let mut bytes = [0; 8];
                    bytes[..len].copy_from_slice(&page[at..at + len]);
                    u64::from_le_bytes(bytes)
                };
                let size = size_of::<$float>();
                let vector_size = 1 << page[2];
                let count = number(3, 4) as usize;
                let mut out = Vec::new();
                for vector in 0..count.div_ceil(vector_size) {
                    let at = 7 + number(7 + 4 * vector, 4) as usize;
                    let len = (count - out.len()).min(vector_size);
                    let (exponent, factor) = (page[at], page[at + 1]);
                    let exceptions = number(at + 2, 2) as usize;
                    let lowest = number(at + 4, size) as $unsigned;
                    let width = page[at + 4 + size];
                    let packed = at + 5 + size;
                    let positions = packed + (len * usize::from(width)).div_ceil(8);
                    let first = out.len();
                    for relative in naive::unpack(&page[packed..positions], width, len) {
                        let integer = (relative as $unsigned).wrapping_add(lowest) as $signed;
                        out.push(decoded(integer, exponent, factor));
                    }
                    for exception in 0..exceptions {
                        let position = number(positions + 2 * exception, 2) as usize;
                        let bits = number(positions + 2 * exceptions + size * exception, size);
                        out[first + position] = $float::from_bits(bits as $unsigned);
                    }
                }
                out
            }
        }
    };
}

naive!(f32 i32 u32 10);
naive!(f64 i64 u64 18);
