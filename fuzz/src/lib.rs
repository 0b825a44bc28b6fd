//! Any bytes at all to every decoder.
//!
//! A target takes its parameters from the first bytes and decodes the others into memory of a
//! bounded size. What it checks: nothing panics; a naive decoder reads the same or refuses too;
//! what was decoded is encoded again within the stated size and decoded to the same.
//!
//! The checks are here, so that they compile on any compiler; `fuzz_targets/` hands them the
//! bytes of libFuzzer. The check of one more encoding of numbers is two lines: see [`numbers`].

pub mod alp;
pub mod bitpack;
pub mod bloom_header;
pub mod byte_stream_split;
pub mod delta_binary_packed;
pub mod delta_byte_array;
pub mod delta_length_byte_array;
pub mod footer;
pub mod legacy_bitpack;
pub mod levels;
mod naive;
pub mod page_header;
pub mod page_index;
pub mod plain_booleans;
pub mod plain_byte_arrays;
pub mod rle;
mod thrift;
pub mod varint;
pub mod verify;
pub mod write;

use pq_encoding::{DecodeError, EncodeError};

/// The most values that are decoded.
const MOST: usize = 3000;

/// The bytes of a target: parameters first, then what is decoded. Bytes that are not there are
/// zeros.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((&first, rest)) => {
                self.0 = rest;
                first
            }
            None => 0,
        }
    }

    fn short(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// How many values to decode: often few.
    fn count(&mut self) -> usize {
        match self.byte() {
            few @ 0..200 => few.into(),
            _ => self.short() as usize % (MOST + 1),
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.0
    }
}

/// The bits of a number: two that are not numbers may be the same.
pub trait Bits: Copy + Default {
    fn bits(self) -> u64;
}

impl Bits for i32 {
    fn bits(self) -> u64 {
        self as u32 as u64
    }
}

impl Bits for i64 {
    fn bits(self) -> u64 {
        self as u64
    }
}

impl Bits for f32 {
    fn bits(self) -> u64 {
        self.to_bits().into()
    }
}

impl Bits for f64 {
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

fn bits<T: Bits>(values: &[T]) -> Vec<u64> {
    values.iter().map(|value| value.bits()).collect()
}

/// Decodes `count` numbers from `input`; if that succeeds, encodes them, in no more than `most`
/// bytes, and decodes those again. Returns the bits of the numbers and the bytes used.
pub fn there_and_back<T: Bits>(
    input: &[u8],
    count: usize,
    decode: impl Fn(&[u8], &mut [T]) -> Result<usize, DecodeError>,
    encode: impl Fn(&[T], &mut Vec<u8>) -> Result<(), EncodeError>,
    most: usize,
) -> Result<(Vec<u64>, usize), DecodeError> {
    let mut values = vec![T::default(); count];
    let used = decode(input, &mut values)?;
    assert!(used <= input.len());
    let mut page = Vec::new();
    encode(&values, &mut page).unwrap();
    assert!(page.len() <= most, "{} of {most} bytes", page.len());
    let mut again = vec![T::default(); count];
    assert_eq!(decode(&page, &mut again), Ok(page.len()));
    assert_eq!(bits(&again), bits(&values));
    Ok((bits(&values), used))
}

/// [`there_and_back`] of as many numbers as the first bytes say; [`alp`] is no more than this.
pub fn numbers<T: Bits>(
    data: &[u8],
    decode: impl Fn(&[u8], &mut [T]) -> Result<usize, DecodeError>,
    encode: impl Fn(&[T], &mut Vec<u8>) -> Result<(), EncodeError>,
    max_encoded_len: impl Fn(usize) -> usize,
) {
    let mut input = Input(data);
    let count = input.count();
    let most = max_encoded_len(count);
    // An error is as good: there is nothing to compare then.
    let _ = there_and_back(input.rest(), count, decode, encode, most);
}

/// Decodes `count` values of `width` bits with `decode`, which must find what a naive decoder did:
/// values and the bytes used, or nothing. Returns the values and those bytes.
fn like_naive(
    expected: Option<(Vec<u64>, usize)>,
    width: u8,
    count: usize,
    decode: impl Fn(&mut [u32]) -> Result<usize, DecodeError>,
) -> Option<(Vec<u32>, usize)> {
    let mut values = vec![7; count];
    let used = decode(&mut values);
    let expected = expected.filter(|_| width <= 32);
    assert_eq!(used.ok(), expected.as_ref().map(|(_, used)| *used));
    let (expected, used) = expected?;
    assert!(values.iter().map(|&value| u64::from(value)).eq(expected));
    Some((values, used))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    macro_rules! targets {
        ($($name:ident)*) => { [$((stringify!($name), crate::$name::check as fn(&[u8]))),*] };
    }

    #[test]
    fn seeds_and_bytes_much_like_them() {
        let targets = targets! {
            alp bitpack bloom_header byte_stream_split delta_binary_packed delta_byte_array
            delta_length_byte_array footer legacy_bitpack levels page_header page_index plain_booleans
            plain_byte_arrays rle varint verify write
        };
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = fs::read_dir(here.join("fuzz_targets")).unwrap();
        assert_eq!(files.count(), targets.len(), "a target is not in this list");
        for (name, check) in targets {
            for seed in fs::read_dir(here.join("seeds").join(name)).unwrap() {
                let seed = fs::read(seed.unwrap().path()).unwrap();
                check(&seed);
                for at in 0..seed.len() {
                    check(&seed[..at]);
                    check(&seed[at..]);
                    let flips = (0..8).map(|bit| seed[at] ^ 1 << bit);
                    for byte in flips.chain([0, 0xff, seed[at].wrapping_add(2)]) {
                        let mut other = seed.clone();
                        other[at] = byte;
                        check(&other);
                    }
                }
            }
        }
    }
}
