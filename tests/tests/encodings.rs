//! What pq-encoding encodes, decoded by parquet-rs, and the other way round: bytes and values are
//! the same.

use parquet::basic::{Encoding, Type as Physical};
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type,
};
use parquet::encodings::decoding::get_decoder;
use parquet::encodings::encoding::get_encoder;
use parquet::encodings::rle::{RleDecoder, RleEncoder};
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor, ColumnPath, Type};
use pq_encoding::{
    alp, byte_stream_split, delta_binary_packed, delta_byte_array, delta_length_byte_array, plain,
    rle,
};
use std::sync::Arc;

const COUNTS: [usize; 8] = [0, 1, 2, 31, 33, 128, 129, 5_000];

fn column(physical: Physical) -> ColumnDescPtr {
    let primitive = Type::primitive_type_builder("x", physical).build().unwrap();
    let path = ColumnPath::from("x");
    Arc::new(ColumnDescriptor::new(Arc::new(primitive), 0, 0, path))
}

/// The values that parquet-rs finds in these bytes.
fn theirs<T: DataType>(bytes: &[u8], count: usize, encoding: Encoding) -> Vec<T::T> {
    let mut decoder = get_decoder::<T>(column(T::get_physical_type()), encoding).unwrap();
    decoder.set_data(bytes.to_vec().into(), count).unwrap();
    let mut values = vec![T::T::default(); count];
    assert_eq!(decoder.get(&mut values).unwrap(), count);
    values
}

/// The bytes that parquet-rs makes of these values.
fn their_bytes<T: DataType>(values: &[T::T], encoding: Encoding) -> Vec<u8> {
    let mut encoder = get_encoder::<T>(encoding, &column(T::get_physical_type())).unwrap();
    encoder.put(values).unwrap();
    encoder.flush_buffer().unwrap().to_vec()
}

/// Numbers of all widths, some of them in runs.
fn numbers(count: usize) -> Vec<i64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    (0..count)
        .map(|row| {
            if row % 7 != 0 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
            }
            (state >> (row / 100 % 64)) as i64
        })
        .collect()
}

fn texts(count: usize) -> Vec<Vec<u8>> {
    let numbers = numbers(count).into_iter();
    numbers
        .enumerate()
        .map(|(row, number)| {
            let text = format!("https://example.com/{}/{number}", row / 9);
            text.as_bytes()[..text.len().min((number as usize) % 60)].to_vec()
        })
        .collect()
}

fn offsets(texts: &[Vec<u8>]) -> (Vec<i32>, Vec<u8>) {
    let mut offsets = vec![0];
    let mut data = Vec::new();
    for text in texts {
        data.extend_from_slice(text);
        offsets.push(data.len() as i32);
    }
    (offsets, data)
}

#[test]
fn numbers_delta_packed() {
    for count in COUNTS {
        let wide = numbers(count);
        let mut ours = Vec::new();
        delta_binary_packed::encode_i64(&wide, &mut ours).unwrap();
        assert_eq!(
            theirs::<Int64Type>(&ours, count, Encoding::DELTA_BINARY_PACKED),
            wide
        );
        let bytes = their_bytes::<Int64Type>(&wide, Encoding::DELTA_BINARY_PACKED);
        let mut decoded = vec![0; count];
        delta_binary_packed::decode_i64(&bytes, &mut decoded).unwrap();
        assert_eq!(decoded, wide);

        let narrow: Vec<i32> = wide.iter().map(|&value| value as i32).collect();
        ours.clear();
        delta_binary_packed::encode_i32(&narrow, &mut ours).unwrap();
        assert_eq!(
            theirs::<Int32Type>(&ours, count, Encoding::DELTA_BINARY_PACKED),
            narrow
        );
        let bytes = their_bytes::<Int32Type>(&narrow, Encoding::DELTA_BINARY_PACKED);
        let mut decoded = vec![0; count];
        delta_binary_packed::decode_i32(&bytes, &mut decoded).unwrap();
        assert_eq!(decoded, narrow);
    }
}

#[test]
fn streams_split() {
    for count in COUNTS {
        let bits = numbers(count);
        let wide: Vec<f64> = bits.iter().map(|&bits| bits as f64 * 0.37).collect();
        let mut ours = Vec::new();
        byte_stream_split::encode_f64(&wide, &mut ours).unwrap();
        assert_eq!(
            ours,
            their_bytes::<DoubleType>(&wide, Encoding::BYTE_STREAM_SPLIT)
        );
        assert_eq!(
            theirs::<DoubleType>(&ours, count, Encoding::BYTE_STREAM_SPLIT),
            wide
        );

        let narrow: Vec<f32> = bits.iter().map(|&bits| bits as f32).collect();
        ours.clear();
        byte_stream_split::encode_f32(&narrow, &mut ours).unwrap();
        assert_eq!(
            ours,
            their_bytes::<FloatType>(&narrow, Encoding::BYTE_STREAM_SPLIT)
        );
        let mut decoded = vec![0.0; count];
        byte_stream_split::decode_f32(&ours, &mut decoded).unwrap();
        assert_eq!(decoded, narrow);
    }
}

/// Decimals of few places, the more rows the more places, and some values that are none.
fn decimals(count: usize) -> Vec<f64> {
    let special = [
        f64::NAN,
        -0.0,
        f64::INFINITY,
        f64::MIN_POSITIVE / 2.0,
        1.0 / 3.0,
        1e300,
    ];
    let decimal = |(row, number): (usize, i64)| match row % 61 {
        60 => special[row % special.len()],
        _ => (number % 100_000) as f64 / [1.0, 10.0, 100.0, 1e4][row / 1500 % 4],
    };
    numbers(count)
        .into_iter()
        .enumerate()
        .map(decimal)
        .collect()
}

#[test]
fn decimals_in_alp() {
    let wide_bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    let narrow_bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    for count in COUNTS {
        let wide = decimals(count);
        let mut ours = Vec::new();
        alp::encode_f64(&wide, &mut ours).unwrap();
        let found = theirs::<DoubleType>(&ours, count, Encoding::ALP);
        assert_eq!(wide_bits(&found), wide_bits(&wide));
        let bytes = their_bytes::<DoubleType>(&wide, Encoding::ALP);
        assert!(ours.len() <= bytes.len());
        let mut decoded = vec![0.0; count];
        assert_eq!(alp::decode_f64(&bytes, &mut decoded), Ok(bytes.len()));
        assert_eq!(wide_bits(&decoded), wide_bits(&wide));

        let narrow: Vec<f32> = wide.iter().map(|&value| value as f32).collect();
        ours.clear();
        alp::encode_f32(&narrow, &mut ours).unwrap();
        let found = theirs::<FloatType>(&ours, count, Encoding::ALP);
        assert_eq!(narrow_bits(&found), narrow_bits(&narrow));
        let bytes = their_bytes::<FloatType>(&narrow, Encoding::ALP);
        assert!(ours.len() <= bytes.len());
        let mut decoded = vec![0.0; count];
        assert_eq!(alp::decode_f32(&bytes, &mut decoded), Ok(bytes.len()));
        assert_eq!(narrow_bits(&decoded), narrow_bits(&narrow));
    }
}

#[test]
fn byte_arrays() {
    for count in COUNTS {
        let texts = texts(count);
        let (offsets, data) = offsets(&texts);
        let values: Vec<ByteArray> = texts.iter().cloned().map(ByteArray::from).collect();
        for encoding in [
            Encoding::PLAIN,
            Encoding::DELTA_LENGTH_BYTE_ARRAY,
            Encoding::DELTA_BYTE_ARRAY,
        ] {
            let mut ours = Vec::new();
            match encoding {
                Encoding::PLAIN => plain::encode_byte_arrays(&offsets, &data, &mut ours),
                Encoding::DELTA_BYTE_ARRAY => delta_byte_array::encode(&offsets, &data, &mut ours),
                _ => delta_length_byte_array::encode(&offsets, &data, &mut ours),
            }
            .unwrap();
            assert_eq!(
                theirs::<ByteArrayType>(&ours, count, encoding),
                values,
                "{encoding}"
            );

            let bytes = their_bytes::<ByteArrayType>(&values, encoding);
            let (mut found_offsets, mut found) = (vec![0_i32; count + 1], vec![0; data.len()]);
            match encoding {
                Encoding::PLAIN => {
                    plain::decode_byte_arrays(&bytes, &mut found_offsets, &mut found).unwrap();
                }
                Encoding::DELTA_BYTE_ARRAY => {
                    delta_byte_array::decode(&bytes, &mut found_offsets, &mut found).unwrap();
                }
                _ => {
                    let (there, _) =
                        delta_length_byte_array::decode(&bytes, &mut found_offsets).unwrap();
                    found.copy_from_slice(there);
                }
            }
            assert_eq!(
                (found_offsets, &found),
                (offsets.clone(), &data),
                "{encoding}"
            );
        }
    }
}

#[test]
fn hybrid() {
    for width in 1..=32_u8 {
        for count in COUNTS {
            let most = u32::MAX >> (32 - width);
            let values: Vec<u32> = numbers(count)
                .iter()
                .enumerate()
                .map(|(row, &number)| {
                    if row % 50 < 30 {
                        number as u32 & most
                    } else {
                        1
                    }
                })
                .collect();
            let mut ours = Vec::new();
            rle::encode_u32(&values, width, &mut ours).unwrap();
            let mut decoder = RleDecoder::new(width);
            decoder.set_data(ours.into()).unwrap();
            let mut found = vec![0_i32; count];
            assert_eq!(decoder.get_batch(&mut found).unwrap(), count);
            let found: Vec<u32> = found.into_iter().map(i32::cast_unsigned).collect();
            assert_eq!(found, values, "width {width}");

            let mut encoder = RleEncoder::new(width, 8 * count + 64);
            values.iter().for_each(|&value| encoder.put(value.into()));
            let bytes = encoder.consume();
            let mut found = vec![0; count];
            rle::decode_u32(&bytes, width, &mut found).unwrap();
            assert_eq!(found, values, "width {width}");
        }
    }
}

/// A number that looks random, the same one each time for a row.
fn scattered(row: usize) -> u32 {
    let mixed = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
}

/// A name, and how a row becomes a value.
type Kind = (&'static str, fn(usize) -> u32);

#[test]
fn hybrid_is_not_larger_than_theirs() {
    const COUNT: usize = 8_192;
    const KINDS: [Kind; 7] = [
        ("constant", |_| 1),
        ("alternating", |row| (row % 2) as u32),
        ("runs of 5", |row| scattered(row / 5)),
        ("runs of 8", |row| scattered(row / 8)),
        ("runs of 20", |row| scattered(row / 20)),
        ("runs of 200", |row| scattered(row / 200)),
        ("random", scattered),
    ];
    for width in 1..=20_u8 {
        for (kind, value) in KINDS {
            let most = u32::MAX >> (32 - width);
            let mut values: Vec<u32> = (0..COUNT).map(|row| value(row) & most).collect();
            let (ours, theirs) = hybrid_sizes(&values, width);
            assert!(
                ours <= theirs,
                "{kind}, width {width}: {ours} bytes, not {theirs}"
            );
            values.sort_unstable();
            let (ours, theirs) = hybrid_sizes(&values, width);
            assert!(
                ours <= theirs,
                "sorted {kind}, width {width}: {ours} bytes, not {theirs}"
            );
        }
    }
}

fn hybrid_sizes(values: &[u32], width: u8) -> (usize, usize) {
    let mut ours = Vec::new();
    rle::encode_u32(values, width, &mut ours).unwrap();
    let mut theirs = RleEncoder::new(width, 0);
    values.iter().for_each(|&value| theirs.put(value.into()));
    (ours.len(), theirs.consume().len())
}
