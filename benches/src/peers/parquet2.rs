//! parquet2. Its encoders take iterators, its decoders are iterators.

use parquet2::encoding::bitpacked::{self, Unpackable};
use parquet2::encoding::hybrid_rle::{self, BitmapIter, Decoder, HybridEncoded, HybridRleDecoder};
use parquet2::encoding::plain_byte_array::BinaryIter;
use parquet2::encoding::{delta_bitpacked, delta_byte_array, delta_length_byte_array};

/// The name of parquet2 in contests.
pub const NAME: &str = "parquet2";

/// Packs values to the front of `out`.
pub fn pack<T: Unpackable>(values: &[T], width: u8, out: &mut [u8]) {
    bitpacked::encode(values, width.into(), out);
}

/// Fills `out` with bit-packed values.
pub fn unpack<T: Unpackable>(packed: &[u8], width: u8, out: &mut [T]) {
    let values = bitpacked::Decoder::<T>::try_new(packed, width.into(), out.len()).unwrap();
    for (to, value) in out.iter_mut().zip(values) {
        *to = value;
    }
}

/// Appends the hybrid, all of it bit-packed: parquet2 looks for no runs.
pub fn encode_hybrid(values: &[u32], width: u8, out: &mut Vec<u8>) {
    hybrid_rle::encode_u32(out, values.iter().copied(), width.into()).unwrap();
}

/// Fills `out` with values of the hybrid.
pub fn decode_hybrid(bytes: &[u8], width: u8, out: &mut [u32]) {
    let values = HybridRleDecoder::try_new(bytes, width.into(), out.len()).unwrap();
    for (to, value) in out.iter_mut().zip(values) {
        *to = value.unwrap();
    }
}

/// The first `count` bits of a bitmap.
pub fn bits(bits: &[u8], count: usize) -> impl Iterator<Item = bool> {
    BitmapIter::new(bits, 0, count)
}

/// Appends booleans as the hybrid, all of it bit-packed, behind its length.
pub fn encode_boolean_rle(values: impl Iterator<Item = bool>, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    hybrid_rle::encode_bool(out, values).unwrap();
    let len = (out.len() - start - 4) as u32;
    out[start..start + 4].copy_from_slice(&len.to_le_bytes());
}

/// Fills `out` with booleans of the hybrid.
pub fn decode_boolean_rle(bytes: &[u8], out: &mut [bool]) {
    let mut filled = 0;
    for run in Decoder::new(bytes, 1) {
        match run.unwrap() {
            HybridEncoded::Rle(value, count) => {
                out[filled..filled + count].fill(value[0] == 1);
                filled += count;
            }
            HybridEncoded::Bitpacked(bits) => {
                let count = (8 * bits.len()).min(out.len() - filled);
                decode_booleans(bits, &mut out[filled..filled + count]);
                filled += count;
            }
        }
    }
}

/// Appends PLAIN booleans.
pub fn encode_booleans(values: &[bool], out: &mut Vec<u8>) {
    hybrid_rle::bitpacked_encode(out, values.iter().copied()).unwrap();
}

/// Fills `out` with PLAIN booleans.
pub fn decode_booleans(bytes: &[u8], out: &mut [bool]) {
    let values = bits(bytes, out.len());
    for (to, value) in out.iter_mut().zip(values) {
        *to = value;
    }
}

/// Fills `out` with PLAIN byte arrays where they stand.
pub fn decode_byte_arrays<'a>(bytes: &'a [u8], out: &mut [&'a [u8]]) {
    let values = BinaryIter::new(bytes, Some(out.len()));
    for (to, value) in out.iter_mut().zip(values) {
        *to = value.unwrap();
    }
}

/// Appends DELTA_BINARY_PACKED.
pub fn encode_delta<T: Copy + Into<i64>>(values: &[T], out: &mut Vec<u8>) {
    delta_bitpacked::encode(values.iter().map(|&value| value.into()), out);
}

/// Fills `out` with the values of DELTA_BINARY_PACKED.
pub fn decode_delta<T>(bytes: &[u8], out: &mut [T], of: impl Fn(i64) -> T) {
    let values = delta_bitpacked::Decoder::try_new(bytes).unwrap();
    for (to, value) in out.iter_mut().zip(values) {
        *to = of(value.unwrap());
    }
}

/// Appends DELTA_LENGTH_BYTE_ARRAY.
pub fn encode_delta_length(values: &[&[u8]], out: &mut Vec<u8>) {
    delta_length_byte_array::encode(values.iter(), out);
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

/// Appends DELTA_BYTE_ARRAY.
pub fn encode_delta_byte_array(values: &[&[u8]], out: &mut Vec<u8>) {
    delta_byte_array::encode(values.iter().copied(), out);
}

/// Decodes DELTA_BYTE_ARRAY, which parquet2 leaves to its callers: it has prefixes, lengths and
/// suffixes.
#[derive(Default)]
pub struct DeltaByteArrays {
    prefixes: Vec<u32>,
    lengths: Vec<i32>,
}

impl DeltaByteArrays {
    /// Fills `offsets` and `data`, the values back to back.
    pub fn decode(&mut self, bytes: &[u8], offsets: &mut [i32], data: &mut Vec<u8>) {
        let mut prefixes = delta_byte_array::Decoder::try_new(bytes).unwrap();
        self.prefixes.clear();
        self.prefixes.extend(prefixes.by_ref().map(Result::unwrap));
        let mut lengths = prefixes.into_lengths().unwrap();
        self.lengths.clear();
        self.lengths.extend(lengths.by_ref().map(Result::unwrap));
        let mut suffixes = lengths.into_values();
        let mut before = 0;
        data.clear();
        for ((&prefix, &length), offset) in self
            .prefixes
            .iter()
            .zip(&self.lengths)
            .zip(&mut offsets[1..])
        {
            let start = data.len();
            data.extend_from_within(before..before + prefix as usize);
            let (suffix, rest) = suffixes.split_at(length as usize);
            data.extend_from_slice(suffix);
            (suffixes, before) = (rest, start);
            *offset = data.len() as i32;
        }
    }
}
