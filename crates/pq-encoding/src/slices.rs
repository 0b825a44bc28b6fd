//! Every encoder into a slice, and back: all that there is without `alloc`. `cargo xtask miri`
//! interprets these, some of the sizes only.

use crate::error::EncodeError;
use crate::output::SliceOutput;
use crate::{
    alp, bit_width, bitpack, byte_stream_split as split, delta_binary_packed as delta,
    delta_byte_array as prefixes, delta_length_byte_array as lengths, levels, naive, plain, rle,
    varint,
};
use std::vec;
use std::vec::Vec;

/// Encodes into a slice of `most` bytes, into one that is just enough, and into one that is a
/// byte too short. Returns the bytes.
fn encoded(
    most: usize,
    encode: impl Fn(&mut SliceOutput<'_>) -> Result<(), EncodeError>,
) -> Vec<u8> {
    let mut room = vec![0xaa; most];
    let mut out = SliceOutput::new(&mut room);
    encode(&mut out).unwrap();
    let len = out.len();
    let whole = room[..len].to_vec();

    let mut room = vec![0xaa; len];
    let mut out = SliceOutput::new(&mut room);
    encode(&mut out).unwrap();
    assert_eq!((out.len(), &room), (len, &whole));

    if len > 0 {
        let mut room = vec![0xaa; len - 1];
        let mut out = SliceOutput::new(&mut room);
        let full = encode(&mut out);
        assert!(
            matches!(full, Err(EncodeError::OutputFull { .. })),
            "{full:?}"
        );
        let len = out.len();
        assert_eq!(room[..len], whole[..len]);
    }
    whole
}

/// Values that look random, the same each time.
fn mixed(count: usize) -> impl Iterator<Item = u64> + Clone {
    (1..=count as u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ i << 29)
}

/// Bits in runs and out of runs.
fn bits(count: usize) -> Vec<bool> {
    let pieces = mixed(count).flat_map(|piece| {
        let is_run = piece >> 60 < 5;
        let len = (piece >> 20) as usize % 90;
        (0..len).map(move |at| if is_run { piece & 1 } else { piece >> (at % 61) & 1 } != 0)
    });
    pieces.take(count).collect()
}

/// Offsets into bytes: values of some lengths, some like the one before.
fn byte_arrays(count: usize) -> (Vec<i32>, Vec<u8>) {
    let (mut offsets, mut data) = (vec![0], Vec::new());
    for value in mixed(count) {
        let len = (value >> 58) as usize;
        data.extend((0..len).map(|at| {
            if at < 9 {
                b'a'
            } else {
                (value >> (at % 57)) as u8
            }
        }));
        offsets.push(data.len() as i32);
    }
    (offsets, data)
}

/// How many values: less than a block, whole blocks, and more than those.
const COUNTS: &[usize] = if cfg!(miri) {
    &[1, 130]
} else {
    &[0, 1, 2, 7, 8, 65, 128, 129, 300]
};

#[test]
fn varints() {
    for value in (0..64).map(|bits| u64::MAX >> bits) {
        let bytes = encoded(varint::MAX_LEN_U64, |out| varint::encode_u64(value, out));
        assert_eq!(bytes, naive::varint(value));
        assert_eq!(varint::decode_u64(&bytes), Ok((value, bytes.len())));
        if let Ok(narrow) = u32::try_from(value) {
            let same = encoded(varint::MAX_LEN_U32, |out| varint::encode_u32(narrow, out));
            assert_eq!(same, bytes);
        }
    }
}

#[test]
fn bits_of_every_width() {
    for width in (0..=64_u8).step_by(if cfg!(miri) { 7 } else { 1 }) {
        for count in [0, 1, 8, 33, 70] {
            let most = u64::MAX.checked_shr(64 - u32::from(width)).unwrap_or(0);
            let wide: Vec<u64> = mixed(count).map(|value| value & most).collect();
            let mut packed = vec![0xaa; bitpack::packed_len(count, width)];
            bitpack::pack_u64(&wide, width, &mut packed).unwrap();
            assert_eq!(packed, naive::pack(&wide, width));
            let mut back = vec![1; count];
            bitpack::unpack_u64(&packed, width, &mut back).unwrap();
            assert_eq!(back, wide);
            if width > 32 {
                continue;
            }
            let narrow: Vec<u32> = wide.iter().map(|&value| value as u32).collect();
            assert!(bit_width::of_all_u32(&narrow) <= width);
            let mut same = vec![0xaa; packed.len()];
            bitpack::pack_u32(&narrow, width, &mut same).unwrap();
            assert_eq!(same, packed);
            let mut back = vec![1; count];
            bitpack::unpack_u32(&packed, width, &mut back).unwrap();
            assert_eq!(back, narrow);
            let mut old = vec![0xaa; bitpack::legacy_packed_len(count, width)];
            bitpack::pack_legacy_u32(&narrow, width, &mut old).unwrap();
            assert_eq!(old, naive::pack_legacy(&wide, width));
            bitpack::unpack_legacy_u32(&old, width, &mut back).unwrap();
            assert_eq!(back, narrow);
        }
    }
}

#[test]
fn hybrid() {
    for &count in COUNTS {
        for width in [0, 1, 3, 8, 17, 32] {
            let values: Vec<u32> = bits(count)
                .iter()
                .zip(mixed(count))
                .map(|(&is_run, value)| {
                    let value = if is_run { 0 } else { value as u32 };
                    value & u32::MAX.checked_shr(32 - u32::from(width)).unwrap_or(0)
                })
                .collect();
            let most = rle::max_encoded_len(count, width);
            let bytes = encoded(most, |out| rle::encode_u32(&values, width, out));
            let decoded = naive::decode_hybrid(&bytes, width, count);
            assert!(
                decoded
                    .into_iter()
                    .eq(values.iter().map(|&value| value.into()))
            );
            let mut back = vec![1; count];
            assert_eq!(rle::decode_u32(&bytes, width, &mut back), Ok(bytes.len()));
            assert_eq!(back, values);
        }
        let run = encoded(rle::max_run_len(count, 9), |out| {
            rle::encode_run(300, count, 9, out)
        });
        let mut back = vec![1; count];
        assert_eq!(rle::decode_u32(&run, 9, &mut back), Ok(run.len()));
        assert_eq!(back, vec![300; count]);
    }
}

#[test]
fn booleans() {
    for &count in COUNTS {
        let values = bits(count);
        let wide: Vec<u64> = values.iter().map(|&value| value.into()).collect();
        let bitmap = naive::pack(&wide, 1);
        let (mut back, mut bitmap_back) = (vec![true; count], vec![0xff; bitmap.len()]);

        let most = plain::max_booleans_len(count);
        let bytes = encoded(most, |out| plain::encode_booleans(&values, out));
        assert_eq!(bytes, bitmap);
        let same = encoded(most, |out| plain::encode_bitmap(&bitmap, 0, count, out));
        assert_eq!(same, bitmap);
        plain::decode_booleans(&bytes, &mut back).unwrap();
        plain::decode_bitmap(&bytes, count, &mut bitmap_back).unwrap();
        assert_eq!((&back, &bitmap_back), (&values, &bitmap));

        let most = rle::booleans::max_encoded_len(count);
        let bytes = encoded(most, |out| rle::booleans::encode(&values, out));
        assert_eq!(rle::booleans::decode(&bytes, &mut back), Ok(bytes.len()));
        let bytes = encoded(most, |out| {
            rle::booleans::encode_bitmap(&bitmap, 0, count, out)
        });
        bitmap_back.fill(0xff);
        let used = rle::booleans::decode_bitmap(&bytes, count, &mut bitmap_back);
        assert_eq!(
            (used, &back, &bitmap_back),
            (Ok(bytes.len()), &values, &bitmap)
        );

        let most = rle::max_bitmap_len(count);
        let bytes = encoded(most, |out| rle::encode_bitmap(&bitmap, 0, count, out));
        bitmap_back.fill(0xff);
        let used = rle::decode_bitmap(&bytes, count, &mut bitmap_back);
        assert_eq!((used, &bitmap_back), (Ok(bytes.len()), &bitmap));
    }
}

#[test]
fn levels_of_both_versions() {
    for &count in COUNTS {
        for max_level in [0, 1, 2, 5, 300] {
            let of_bits = bits(count).into_iter().zip(mixed(count));
            let values: Vec<u16> = of_bits
                .map(|(is_run, value)| {
                    if is_run {
                        max_level
                    } else {
                        (value >> 40) as u16 % (max_level + 1)
                    }
                })
                .collect();
            let mut back = vec![9; count];
            let most = levels::max_v1_len(count, max_level);
            let bytes = encoded(most, |out| levels::encode_v1(&values, max_level, out));
            assert_eq!(
                levels::decode_v1(&bytes, max_level, &mut back),
                Ok(bytes.len())
            );
            assert_eq!(back, values);
            back.fill(9);
            let most = levels::max_v2_len(count, max_level);
            let bytes = encoded(most, |out| levels::encode_v2(&values, max_level, out));
            assert_eq!(
                levels::decode_v2(&bytes, max_level, &mut back),
                Ok(bytes.len())
            );
            assert_eq!(back, values);
        }
    }
}

/// PLAIN and BYTE_STREAM_SPLIT of numbers of one type.
macro_rules! check_numbers {
    ($number:ident $from:expr, $encode:ident $decode:ident) => {
        let width = size_of::<$number>();
        for &count in COUNTS {
            let values: Vec<$number> = mixed(count).map($from).collect();
            let bytes_of = |values: &[$number]| -> Vec<u8> {
                values
                    .iter()
                    .flat_map(|value| value.to_le_bytes())
                    .collect()
            };
            let expected = bytes_of(&values);
            let most = plain::max_encoded_len(count, width);
            let bytes = encoded(most, |out| plain::$encode(&values, out));
            assert_eq!(bytes, expected);
            let mut back = vec![Default::default(); count];
            assert_eq!(plain::$decode(&bytes, &mut back), Ok(bytes.len()));
            assert_eq!(bytes_of(&back), expected);

            let bytes = encoded(most, |out| split::$encode(&values, out));
            assert_eq!(bytes, naive::byte_stream_split(&expected, width));
            back.fill(Default::default());
            assert_eq!(split::$decode(&bytes, &mut back), Ok(bytes.len()));
            assert_eq!(bytes_of(&back), expected);
        }
    };
}

#[test]
fn numbers() {
    check_numbers!(i32 |value| value as i32, encode_i32 decode_i32);
    check_numbers!(i64 |value| value as i64, encode_i64 decode_i64);
    check_numbers!(f32 |value| f32::from_bits(value as u32), encode_f32 decode_f32);
    check_numbers!(f64 f64::from_bits, encode_f64 decode_f64);

    let wide: Vec<[u32; 3]> = mixed(70).map(|value| [value as u32, 7, 9]).collect();
    let bytes = encoded(plain::max_encoded_len(70, 12), |out| {
        plain::encode_int96(&wide, out)
    });
    let mut back = vec![[0; 3]; 70];
    assert_eq!(plain::decode_int96(&bytes, &mut back), Ok(840));
    assert_eq!(back, wide);
}

/// ALP of numbers of one type: decimals, among them some that are none.
macro_rules! check_decimals {
    ($number:ident $most:ident $encode:ident $decode:ident) => {
        let bits_of =
            |values: &[$number]| Vec::from_iter(values.iter().map(|value| value.to_bits()));
        for &count in DECIMALS {
            let values: Vec<$number> = mixed(count)
                .map(|value| match value >> 60 {
                    0 => $number::from_bits(value as _),
                    _ => (value >> 50) as $number / 100.0,
                })
                .collect();
            let bytes = encoded(alp::$most(count), |out| alp::$encode(&values, out));
            let mut back = vec![9.0; count];
            assert_eq!(alp::$decode(&bytes, &mut back), Ok(bytes.len()));
            assert_eq!(bits_of(&back), bits_of(&values));
        }
    };
}

/// How many decimals: up to two vectors.
const DECIMALS: &[usize] = if cfg!(miri) {
    &[20]
} else {
    &[0, 1, 2, 7, 8, 65, 300, 1024, 1030]
};

#[test]
fn decimals() {
    check_decimals!(f32 max_encoded_len_f32 encode_f32 decode_f32);
    check_decimals!(f64 max_encoded_len_f64 encode_f64 decode_f64);

    // Vectors of 2¹⁰ values; 5 values; the one vector starts behind its offset.
    const HEADER: [u8; 11] = [0, 0, 10, 5, 0, 0, 0, 4, 0, 0, 0];
    // 2150, 2175, 2200, 2225 and an exception, as 0, 25, 50, 75 and 0 in 7 bits each.
    const INTEGERS: [u8; 5] = [0x80, 0x8c, 0x6c, 0x09, 0];
    let most = alp::max_encoded_len_f64(5);
    let bytes = encoded(most, |out| {
        alp::encode_f64(&[21.5, 21.75, 22.0, 22.25, f64::INFINITY], out)
    });
    let (header, vector) = bytes.split_at(HEADER.len());
    assert_eq!(header, HEADER);
    assert_eq!(vector[2..13], [1, 0, 0x66, 8, 0, 0, 0, 0, 0, 0, 7]);
    assert_eq!(vector[13..18], INTEGERS);
    assert_eq!(vector[18..], [4, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f]);
    let most = alp::max_encoded_len_f32(5);
    let bytes = encoded(most, |out| {
        alp::encode_f32(&[21.5, 21.75, 22.0, 22.25, f32::INFINITY], out)
    });
    let (header, vector) = bytes.split_at(HEADER.len());
    assert_eq!(header, HEADER);
    assert_eq!(vector[2..9], [1, 0, 0x66, 8, 0, 0, 7]);
    assert_eq!(vector[9..14], INTEGERS);
    assert_eq!(vector[14..], [4, 0, 0, 0, 0x80, 0x7f]);
}

#[test]
fn differences() {
    for &count in COUNTS {
        for shift in [56, 20, 0] {
            if cfg!(miri) && shift != 20 {
                continue;
            }
            let wide: Vec<i64> = mixed(count).map(|value| value as i64 >> shift).collect();
            let most = delta::max_encoded_len_i64(count);
            let bytes = encoded(most, |out| delta::encode_i64(&wide, out));
            assert_eq!(bytes, naive::delta(&wide, 64, 128, 4));
            let mut back = vec![1; count];
            assert_eq!(delta::decode_i64(&bytes, &mut back), Ok(bytes.len()));
            assert_eq!(back, wide);

            let narrow: Vec<i32> = wide.iter().map(|&value| value as i32).collect();
            let wide: Vec<i64> = narrow.iter().map(|&value| value.into()).collect();
            let most = delta::max_encoded_len_i32(count);
            let bytes = encoded(most, |out| delta::encode_i32(&narrow, out));
            assert_eq!(bytes, naive::delta(&wide, 32, 128, 4));
            let mut back = vec![1; count];
            assert_eq!(delta::decode_i32(&bytes, &mut back), Ok(bytes.len()));
            assert_eq!(back, narrow);
        }
    }
}

#[test]
fn many_byte_arrays() {
    for &count in COUNTS {
        let (offsets, data) = byte_arrays(count);
        let values: Vec<&[u8]> = offsets
            .windows(2)
            .map(|pair| &data[pair[0] as usize..pair[1] as usize])
            .collect();
        let iter = values.iter().copied();
        let (mut starts, mut bytes_back) = (vec![9; count + 1], vec![0; data.len()]);

        let most = plain::max_byte_arrays_len(count, data.len());
        let bytes = encoded(most, |out| plain::encode_byte_arrays(&offsets, &data, out));
        assert_eq!(
            bytes,
            encoded(most, |out| plain::encode_byte_array_iter(iter.clone(), out))
        );
        let one_by_one = |out: &mut SliceOutput<'_>| {
            values
                .iter()
                .try_for_each(|value| plain::encode_byte_array(value, out))
        };
        assert_eq!(bytes, encoded(most, one_by_one));
        let used = plain::decode_byte_arrays(&bytes, &mut starts, &mut bytes_back);
        assert_eq!(
            (used, &starts, &bytes_back),
            (Ok(bytes.len()), &offsets, &data)
        );

        let most = lengths::max_encoded_len(count, data.len());
        let bytes = encoded(most, |out| lengths::encode(&offsets, &data, out));
        let same = encoded(most, |out| lengths::encode_iter(iter.clone(), out));
        assert_eq!((&bytes, &bytes), (&same, &naive::delta_length(&values)));
        starts.fill(9);
        let decoded = lengths::decode(&bytes, &mut starts);
        assert_eq!((decoded, &starts), (Ok((&data[..], bytes.len())), &offsets));

        let most = prefixes::max_encoded_len(count, data.len());
        let bytes = encoded(most, |out| prefixes::encode(&offsets, &data, out));
        let same = encoded(most, |out| prefixes::encode_iter(iter.clone(), out));
        assert_eq!((&bytes, &bytes), (&same, &naive::delta_byte_array(&values)));
        starts.fill(9);
        bytes_back.fill(0);
        let used = prefixes::decode(&bytes, &mut starts, &mut bytes_back);
        assert_eq!(
            (used, &starts, &bytes_back),
            (Ok(bytes.len()), &offsets, &data)
        );
    }
}

#[test]
fn fixed_lengths() {
    for width in [1, 2, 3, 5, 8, 16, 21] {
        if cfg!(miri) && width != 5 {
            continue;
        }
        for &count in COUNTS {
            let data: Vec<u8> = mixed(count * width)
                .map(|value| (value >> 62) as u8)
                .collect();
            let most = plain::max_encoded_len(count, width);
            assert_eq!(
                encoded(most, |out| plain::encode_fixed(&data, width, out)),
                data
            );
            assert_eq!(plain::decode_fixed(&data, width, count), Ok(&data[..]));

            let mut back = vec![9; data.len()];
            let bytes = encoded(most, |out| split::encode_fixed(&data, width, out));
            assert_eq!(bytes, naive::byte_stream_split(&data, width));
            split::decode_fixed(&bytes, width, &mut back).unwrap();
            assert_eq!(back, data);

            let most = prefixes::max_encoded_len(count, data.len());
            let bytes = encoded(most, |out| prefixes::encode_fixed(&data, width, out));
            assert_eq!(
                bytes,
                naive::delta_byte_array(&Vec::from_iter(data.chunks(width)))
            );
            back.fill(9);
            let used = prefixes::decode_fixed(&bytes, width, count, &mut back);
            assert_eq!((used, &back), (Ok(bytes.len()), &data));
        }
    }
}
