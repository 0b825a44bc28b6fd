//! BYTE_STREAM_SPLIT.

use crate::data::{fractions, random, random_bytes, random_wide};
use crate::fixed;
use crate::report::Report;
use crate::typed::both;
use parquet::basic::Encoding;
use parquet::data_type::{DoubleType, FloatType, Int32Type, Int64Type};
use pq_encoding::byte_stream_split as split;

const ENCODING: Encoding = Encoding::BYTE_STREAM_SPLIT;
const ENCODE: &str = "BYTE_STREAM_SPLIT encode";
const DECODE: &str = "BYTE_STREAM_SPLIT decode";

/// Half floats, intervals, decimals and UUIDs.
const WIDTHS: [usize; 3] = [2, 12, 16];

macro_rules! numbers {
    ($report:ident, $case:literal, $values:expr, $type:ty, $encode:ident, $decode:ident) => {
        both!(
            $report,
            [ENCODE, DECODE],
            ENCODING,
            $case,
            $values,
            $type,
            split::$encode,
            split::$decode
        );
    };
}

pub fn contests(report: &mut Report) {
    let floats: Vec<f32> = fractions().into_iter().map(|value| value as f32).collect();
    let narrow: Vec<i32> = random(20).into_iter().map(u32::cast_signed).collect();
    let wide: Vec<i64> = random_wide(40).into_iter().map(u64::cast_signed).collect();
    numbers!(report, "f32", floats, FloatType, encode_f32, decode_f32);
    numbers!(
        report,
        "f64",
        fractions(),
        DoubleType,
        encode_f64,
        decode_f64
    );
    numbers!(report, "i32", narrow, Int32Type, encode_i32, decode_i32);
    numbers!(report, "i64", wide, Int64Type, encode_i64, decode_i64);
    for width in WIDTHS {
        let values = random_bytes(width);
        encode_fixed(report, &values, width);
        decode_fixed(report, &values, width);
    }
}

fn encode_fixed(report: &mut Report, values: &[u8], width: usize) {
    let Some(entry) = report.entry(ENCODE, format!("fixed length {width}")) else {
        return;
    };
    entry.run(fixed::encode(ENCODING, values, width, |values, out| {
        split::encode_fixed(values, width, out).unwrap();
    }));
}

fn decode_fixed(report: &mut Report, values: &[u8], width: usize) {
    let Some(entry) = report.entry(DECODE, format!("fixed length {width}")) else {
        return;
    };
    let page = fixed::page(ENCODING, values, width);
    entry.run(fixed::decode(
        ENCODING,
        &page,
        values,
        width,
        |page, out| {
            split::decode_fixed(page, width, out).unwrap();
        },
    ));
}
