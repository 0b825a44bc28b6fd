//! The obvious versions, bit by bit: what the fast ones are compared with.

use std::vec;
use std::vec::Vec;

pub(crate) fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = (value % 128) as u8;
        value /= 128;
        if value == 0 {
            out.push(byte);
            return out;
        }
        out.push(byte + 128);
    }
}

/// Groups of eight values, least significant bit first, the last group padded with zeros.
pub(crate) fn pack(values: &[u64], width: u8) -> Vec<u8> {
    let mut out = vec![0; values.len().div_ceil(8) * width as usize];
    for (index, value) in values.iter().enumerate() {
        for bit in 0..width as usize {
            let at = index * width as usize + bit;
            out[at / 8] |= ((value >> bit & 1) as u8) << (at % 8);
        }
    }
    out
}

/// One value after the other, most significant bit first.
pub(crate) fn pack_legacy(values: &[u64], width: u8) -> Vec<u8> {
    let width = width as usize;
    let mut out = vec![0; (values.len() * width).div_ceil(8)];
    for (index, value) in values.iter().enumerate() {
        for bit in 0..width {
            let at = index * width + bit;
            out[at / 8] |= ((value >> (width - 1 - bit) & 1) as u8) << (7 - at % 8);
        }
    }
    out
}

pub(crate) fn unpack(bytes: &[u8], width: u8, count: usize) -> Vec<u64> {
    (0..count)
        .map(|index| {
            (0..width as usize)
                .map(|bit| {
                    let at = index * width as usize + bit;
                    u64::from(bytes[at / 8] >> (at % 8) & 1) << bit
                })
                .sum()
        })
        .collect()
}

/// Reads the hybrid of runs and bit-packing.
pub(crate) fn decode_hybrid(mut bytes: &[u8], width: u8, count: usize) -> Vec<u64> {
    let mut out = Vec::new();
    while out.len() < count {
        let (mut header, mut shift) = (0_u64, 0);
        loop {
            let byte = bytes[0];
            bytes = &bytes[1..];
            header |= u64::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                break;
            }
        }
        if header & 1 == 1 {
            let values = (header >> 1) as usize * 8;
            out.extend(unpack(bytes, width, values));
            bytes = &bytes[values / 8 * width as usize..];
        } else {
            let len = width.div_ceil(8) as usize;
            let value: u64 = (0..len).map(|i| u64::from(bytes[i]) << (8 * i)).sum();
            bytes = &bytes[len..];
            out.extend(std::iter::repeat_n(value, (header >> 1) as usize));
        }
    }
    assert!(bytes.is_empty(), "bytes behind the last run");
    out.truncate(count);
    out
}

fn zigzag(value: i64) -> u64 {
    if value < 0 {
        (-(i128::from(value)) * 2 - 1) as u64
    } else {
        value as u64 * 2
    }
}

/// DELTA_BINARY_PACKED of integers of `bits` bits, in blocks of `block` differences.
pub(crate) fn delta(values: &[i64], bits: u32, block: usize, miniblocks: usize) -> Vec<u8> {
    let wrap = |value: i64| value << (64 - bits) >> (64 - bits);
    let mut out = Vec::new();
    for number in [block, miniblocks, values.len()] {
        out.extend(varint(number as u64));
    }
    out.extend(varint(zigzag(values.first().copied().unwrap_or(0))));
    let differences: Vec<i64> = values
        .windows(2)
        .map(|pair| wrap(pair[1].wrapping_sub(pair[0])))
        .collect();
    for block_differences in differences.chunks(block) {
        let smallest = *block_differences.iter().min().unwrap();
        out.extend(varint(zigzag(smallest)));
        let mut packed = Vec::new();
        for index in 0..miniblocks {
            let len = block / miniblocks;
            let mut relative: Vec<u64> = block_differences
                .iter()
                .skip(index * len)
                .take(len)
                .map(|d| d.wrapping_sub(smallest) as u64 & (u64::MAX >> (64 - bits)))
                .collect();
            let most = relative.iter().max().copied().unwrap_or(0);
            let width = (0..=64).find(|&w| w == 64 || most >> w == 0).unwrap();
            out.push(width);
            if !relative.is_empty() {
                relative.resize(len, 0);
                packed.extend(pack(&relative, width));
            }
        }
        out.extend(packed);
    }
    out
}

/// BYTE_STREAM_SPLIT: the bytes of values of `width` bytes, byte by byte.
pub(crate) fn byte_stream_split(bytes: &[u8], width: usize) -> Vec<u8> {
    let count = bytes.len() / width;
    let mut out = Vec::new();
    for byte in 0..width {
        for value in 0..count {
            out.push(bytes[value * width + byte]);
        }
    }
    out
}

/// DELTA_LENGTH_BYTE_ARRAY.
pub(crate) fn delta_length(values: &[&[u8]]) -> Vec<u8> {
    let lengths: Vec<i64> = values.iter().map(|value| value.len() as i64).collect();
    let mut out = delta(&lengths, 32, 128, 4);
    values.iter().for_each(|value| out.extend(*value));
    out
}

/// DELTA_BYTE_ARRAY.
pub(crate) fn delta_byte_array(values: &[&[u8]]) -> Vec<u8> {
    let (mut prefixes, mut suffixes) = (Vec::new(), Vec::new());
    let mut before: &[u8] = &[];
    for value in values {
        let mut prefix = 0;
        while prefix < before.len() && prefix < value.len() && before[prefix] == value[prefix] {
            prefix += 1;
        }
        prefixes.push(prefix as i64);
        suffixes.push(&value[prefix..]);
        before = value;
    }
    let mut out = delta(&prefixes, 32, 128, 4);
    out.extend(delta_length(&suffixes));
    out
}
