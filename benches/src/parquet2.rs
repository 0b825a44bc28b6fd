//! parquet2, driven in its fastest way. Its decoders are iterators.

use parquet2::encoding::bitpacked::{self, Unpackable};
use parquet2::encoding::hybrid_rle::{BitmapIter, Decoder, HybridEncoded, HybridRleDecoder};
use parquet2::encoding::{delta_bitpacked, delta_byte_array, delta_length_byte_array};

/// The name of parquet2 in contests.
pub const NAME: &str = "parquet2";

/// Fills `out` with bit-packed values.
pub fn unpack<T: Unpackable>(packed: &[u8], width: u8, out: &mut [T]) {
    let values = bitpacked::Decoder::<T>::try_new(packed, width.into(), out.len()).unwrap();
    for (to, value) in out.iter_mut().zip(values) {
        *to = value;
    }
}

/// Fills `out` with values of the hybrid.
pub fn decode_hybrid(bytes: &[u8], width: u8, out: &mut [u32]) {
    let values = HybridRleDecoder::try_new(bytes, width.into(), out.len()).unwrap();
    for (to, value) in out.iter_mut().zip(values) {
        *to = value.unwrap();
    }
}

/// Fills `out` with booleans of the hybrid.
pub fn decode_booleans(bytes: &[u8], out: &mut [bool]) {
    let mut filled = 0;
    for run in Decoder::new(bytes, 1) {
        match run.unwrap() {
            HybridEncoded::Rle(value, count) => {
                out[filled..filled + count].fill(value[0] == 1);
                filled += count;
            }
            HybridEncoded::Bitpacked(bits) => {
                let count = (8 * bits.len()).min(out.len() - filled);
                let values = BitmapIter::new(bits, 0, count);
                for (to, value) in out[filled..].iter_mut().zip(values) {
                    *to = value;
                }
                filled += count;
            }
        }
    }
}

/// Fills `out` with the values of DELTA_BINARY_PACKED.
pub fn decode_delta<T>(bytes: &[u8], out: &mut [T], of: impl Fn(i64) -> T) {
    let values = delta_bitpacked::Decoder::try_new(bytes).unwrap();
    for (to, value) in out.iter_mut().zip(values) {
        *to = of(value.unwrap());
    }
}

/// Fills `offsets` from DELTA_LENGTH_BYTE_ARRAY and returns the values back to back.
pub fn decode_delta_length<'a>(bytes: &'a [u8], offsets: &mut [i32]) -> &'a [u8] {
    let mut lengths = delta_length_byte_array::Decoder::try_new(bytes).unwrap();
    let mut end = 0;
    for (offset, length) in offsets[1..].iter_mut().zip(lengths.by_ref()) {
        end += length.unwrap();
        *offset = end;
    }
    lengths.into_values()
}

/// Fills `offsets` from DELTA_BYTE_ARRAY, and `data` with the values back to back. parquet2
/// has prefixes, lengths and suffixes; to put them together is left to its callers.
pub fn decode_delta_byte_array(
    bytes: &[u8],
    prefixes: &mut Vec<u32>,
    suffix_ends: &mut [i32],
    offsets: &mut [i32],
    data: &mut Vec<u8>,
) {
    prefixes.clear();
    data.clear();
    let mut decoder = delta_byte_array::Decoder::try_new(bytes).unwrap();
    prefixes.extend(decoder.by_ref().map(Result::unwrap));
    let mut lengths = decoder.into_lengths().unwrap();
    let mut end = 0;
    for (suffix_end, length) in suffix_ends.iter_mut().zip(lengths.by_ref()) {
        end += length.unwrap();
        *suffix_end = end;
    }
    let mut suffixes = lengths.into_values();
    let (mut taken, mut before) = (0, 0);
    for ((&prefix, &suffix_end), offset) in
        prefixes.iter().zip(&*suffix_ends).zip(&mut offsets[1..])
    {
        let start = data.len();
        data.extend_from_within(before..before + prefix as usize);
        let (suffix, rest) = suffixes.split_at((suffix_end - taken) as usize);
        data.extend_from_slice(suffix);
        (suffixes, taken, before) = (rest, suffix_end, start);
        *offset = data.len() as i32;
    }
}
