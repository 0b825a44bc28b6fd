//! The obvious decoders, bit by bit. `None` is input that is not valid.

/// Values and the bytes used.
type Decoded<T> = Option<(Vec<T>, usize)>;

pub fn varint(input: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u128;
    for (index, &byte) in input.iter().enumerate().take(10) {
        value += u128::from(byte & 127) << (7 * index);
        if byte < 128 {
            return Some((u64::try_from(value).ok()?, index + 1));
        }
    }
    None
}

fn unzigzag(value: u64) -> i64 {
    let magnitude = (value / 2) as i64;
    if value.is_multiple_of(2) {
        magnitude
    } else {
        -magnitude - 1
    }
}

fn bit(bytes: &[u8], at: usize) -> u64 {
    u64::from(bytes[at / 8] >> (at % 8) & 1)
}

/// Groups of eight values, least significant bit first.
pub fn unpack(input: &[u8], width: usize, count: usize) -> Decoded<u64> {
    let used = count.div_ceil(8) * width;
    if width > 64 || used > input.len() {
        return None;
    }
    let value = |index| {
        (0..width)
            .map(|at| bit(input, index * width + at) << at)
            .sum()
    };
    Some(((0..count).map(value).collect(), used))
}

/// Most significant bit first, padded to a byte only.
pub fn unpack_legacy(input: &[u8], width: usize, count: usize) -> Decoded<u64> {
    let used = (count * width).div_ceil(8);
    if used > input.len() {
        return None;
    }
    let bit = |at: usize| u64::from(input[at / 8] >> (7 - at % 8) & 1);
    let value = |index| (0..width).fold(0, |value, at| value * 2 + bit(index * width + at));
    Some(((0..count).map(value).collect(), used))
}

/// The hybrid of runs and bit-packing.
pub fn hybrid(input: &[u8], width: usize, count: usize) -> Decoded<u64> {
    let (mut values, mut used) = (Vec::new(), 0);
    while values.len() < count {
        let (header, len) = varint(&input[used..])?;
        used += len;
        let (is_packed, length) = (header % 2 == 1, header / 2);
        if length == 0 || length > i32::MAX as u64 {
            return None;
        }
        let left = count - values.len();
        if is_packed {
            let len = (length as usize).checked_mul(width)?;
            let packed = input[used..].get(..len)?;
            let wanted = left.min(length as usize * 8);
            values.extend(unpack(packed, width, wanted)?.0);
            used += len;
        } else {
            let bytes = input[used..].get(..width.div_ceil(8))?;
            let value = bytes
                .iter()
                .rev()
                .fold(0, |value, &byte| value << 8 | u64::from(byte));
            if value >> width != 0 {
                return None;
            }
            values.extend(std::iter::repeat_n(value, left.min(length as usize)));
            used += bytes.len();
        }
    }
    Some((values, used))
}

/// DELTA_BINARY_PACKED of exactly `count` integers of `bits` bits.
pub fn delta(input: &[u8], bits: u32, count: usize) -> Decoded<i64> {
    let mut used = 0;
    let next = |at: &mut usize| {
        let (value, len) = varint(input.get(*at..)?)?;
        *at += len;
        Some(value)
    };
    let narrow = |value: i64| value << (64 - bits) >> (64 - bits);
    let (block, miniblocks, stated) = (next(&mut used)?, next(&mut used)?, next(&mut used)?);
    if block == 0 || block % 128 != 0 || miniblocks == 0 || block % miniblocks != 0 {
        return None;
    }
    let miniblock = block / miniblocks;
    let first = next(&mut used)?;
    if miniblock % 32 != 0 || stated != count as u64 || bits == 32 && first >> 32 != 0 {
        return None;
    }
    let mut values = vec![unzigzag(first)];
    values.truncate(count);
    while values.len() < count {
        let smallest = next(&mut used)?;
        if bits == 32 && smallest >> 32 != 0 {
            return None;
        }
        let smallest = unzigzag(smallest);
        let widths = input[used..].get(..usize::try_from(miniblocks).ok()?)?;
        used += widths.len();
        for &width in widths {
            let left = count - values.len();
            if left == 0 {
                break;
            }
            if u32::from(width) > bits {
                return None;
            }
            let len = (miniblock / 8).checked_mul(width.into())?;
            let packed = input[used..].get(..usize::try_from(len).ok()?)?;
            used += packed.len();
            let wanted = usize::try_from(miniblock).unwrap_or(left).min(left);
            for difference in unpack(packed, width.into(), wanted)?.0 {
                let before = *values.last()?;
                let value = before
                    .wrapping_add(smallest)
                    .wrapping_add(difference as i64);
                values.push(narrow(value));
            }
        }
    }
    Some((values, used))
}

/// Values behind their lengths of four bytes.
pub fn byte_arrays(input: &[u8], count: usize) -> Decoded<&[u8]> {
    let (mut values, mut used) = (Vec::new(), 0);
    for _ in 0..count {
        let len = input[used..].first_chunk()?;
        used += 4;
        let value = input[used..].get(..u32::from_le_bytes(*len) as usize)?;
        used += value.len();
        values.push(value);
    }
    Some((values, used))
}

/// DELTA_LENGTH_BYTE_ARRAY.
pub fn delta_length(input: &[u8], count: usize) -> Decoded<&[u8]> {
    let (lengths, mut used) = delta(input, 32, count)?;
    let mut values = Vec::new();
    for len in lengths {
        let value = input[used..].get(..usize::try_from(len).ok()?)?;
        used += value.len();
        values.push(value);
    }
    Some((values, used))
}

/// DELTA_BYTE_ARRAY; the values as prefix lengths and suffixes, which may stand for very many
/// bytes.
pub fn delta_byte_array(input: &[u8], count: usize) -> Decoded<(usize, &[u8])> {
    let (prefixes, start) = delta(input, 32, count)?;
    let (suffixes, used) = delta_length(&input[start..], count)?;
    let mut before = 0;
    let mut parts = Vec::new();
    for (prefix, suffix) in prefixes.into_iter().zip(suffixes) {
        let prefix = usize::try_from(prefix)
            .ok()
            .filter(|&prefix| prefix <= before)?;
        before = prefix + suffix.len();
        parts.push((prefix, suffix));
    }
    Some((parts, start + used))
}

/// BYTE_STREAM_SPLIT: the bytes of values of `width` bytes.
pub fn byte_stream_split(input: &[u8], width: usize) -> Vec<u8> {
    let count = input.len() / width;
    let byte = |at: usize| input[at % width * count + at / width];
    (0..input.len()).map(byte).collect()
}
