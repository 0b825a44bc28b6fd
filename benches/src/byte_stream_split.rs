//! BYTE_STREAM_SPLIT.

use crate::contest::Contest;
use crate::data::{VALUES, fractions, random_wide};
use crate::report::Report;
use crate::{arrow, typed};
use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::data_type::{
    ByteArray, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
};
use pq_encoding::byte_stream_split as split;
use std::hint::black_box;

const ENCODING: Encoding = Encoding::BYTE_STREAM_SPLIT;
const WIDTH: usize = 16;

macro_rules! numbers {
    ($report:ident, $case:literal, $values:expr, $type:ty, $encode:ident, $decode:ident) => {
        let values = $values;
        if let Some(entry) = $report.entry("BYTE_STREAM_SPLIT encode", $case) {
            entry.run(typed::encode::<$type>(ENCODING, &values, |values, out| {
                split::$encode(values, out).unwrap();
            }));
        }
        if let Some(entry) = $report.entry("BYTE_STREAM_SPLIT decode", $case) {
            let bytes = arrow::encode::<$type>(ENCODING, &values, 0);
            entry.run(typed::decode::<$type>(
                ENCODING,
                &bytes,
                &values,
                |bytes, out| assert_eq!(split::$decode(bytes, out), Ok(bytes.len())),
            ));
        }
    };
}

pub fn contests(report: &mut Report) {
    let narrow: Vec<f32> = fractions().into_iter().map(|value| value as f32).collect();
    numbers!(report, "f32", narrow, FloatType, encode_f32, decode_f32);
    numbers!(
        report,
        "f64",
        fractions(),
        DoubleType,
        encode_f64,
        decode_f64
    );
    let (high, low) = (random_wide(40), random_wide(64));
    let fixed: Vec<u8> = high
        .into_iter()
        .zip(low)
        .flat_map(|(high, low)| {
            let value = u128::from(high) << 64 | u128::from(low);
            value.to_le_bytes()
        })
        .collect();
    encode_fixed(report, &fixed);
    decode_fixed(report, &fixed);
}

/// The values as arrow-rs has them, all in one buffer.
fn values_of(fixed: &[u8]) -> Vec<FixedLenByteArray> {
    let bytes = Bytes::from(fixed.to_vec());
    (0..VALUES)
        .map(|row| ByteArray::from(bytes.slice(row * WIDTH..(row + 1) * WIDTH)).into())
        .collect()
}

fn bytes_of(values: &[FixedLenByteArray]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.data().to_vec())
        .collect()
}

fn encode_fixed(report: &mut Report, fixed: &[u8]) {
    let Some(entry) = report.entry("BYTE_STREAM_SPLIT encode", "16 bytes") else {
        return;
    };
    let theirs = values_of(fixed);
    let mut out = Vec::with_capacity(fixed.len());
    let mut encoder = arrow::encoder::<FixedLenByteArrayType>(ENCODING, WIDTH);
    let contest = Contest::new(VALUES, |bytes: Vec<u8>| {
        let found = arrow::decode::<FixedLenByteArrayType>(ENCODING, &bytes, VALUES, WIDTH);
        assert_eq!(bytes_of(&found), fixed);
    });
    entry.run(
        contest
            .with("pq", |done| {
                out.clear();
                split::encode_fixed(black_box(fixed), WIDTH, &mut out).unwrap();
                done(&|| out.clone());
            })
            .with(arrow::NAME, |done| {
                encoder.put(black_box(&theirs)).unwrap();
                let bytes = encoder.flush_buffer().unwrap();
                done(&|| bytes.to_vec());
            }),
    );
}

fn decode_fixed(report: &mut Report, fixed: &[u8]) {
    let Some(entry) = report.entry("BYTE_STREAM_SPLIT decode", "16 bytes") else {
        return;
    };
    let bytes = arrow::encode::<FixedLenByteArrayType>(ENCODING, &values_of(fixed), WIDTH);
    let mut decoder = arrow::decoder::<FixedLenByteArrayType>(ENCODING, WIDTH);
    let mut out = vec![0; fixed.len()];
    let mut theirs = vec![FixedLenByteArray::default(); VALUES];
    let contest = Contest::new(VALUES, |found: Vec<u8>| assert_eq!(found, fixed));
    entry.run(
        contest
            .with("pq", |done| {
                split::decode_fixed(black_box(&bytes), WIDTH, &mut out).unwrap();
                done(&|| out.clone());
            })
            .with(arrow::NAME, |done| {
                decoder.set_data(black_box(&bytes).clone(), VALUES).unwrap();
                decoder.get(&mut theirs).unwrap();
                done(&|| bytes_of(&theirs));
            }),
    );
}
