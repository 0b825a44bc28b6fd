//! DELTA_BINARY_PACKED.

use crate::data::{growing, random};
use crate::peers::{arrow, parquet2};
use crate::report::Report;
use crate::typed;
use parquet::basic::Encoding;
use parquet::data_type::{Int32Type, Int64Type};
use pq_encoding::delta_binary_packed as delta;
use std::hint::black_box;

const ENCODING: Encoding = Encoding::DELTA_BINARY_PACKED;
const ENCODE: &str = "DELTA_BINARY_PACKED encode";
const DECODE: &str = "DELTA_BINARY_PACKED decode";
const RANDOM: &str = "random 32 bits";

fn cases() -> [(&'static str, Vec<i64>); 3] {
    let wide = |values: Vec<u32>| values.into_iter().map(i64::from).collect();
    [
        ("sorted", growing()),
        (RANDOM, wide(random(32))),
        ("small range", wide(random(7))),
    ]
}

fn narrow_cases() -> [(&'static str, Vec<i32>); 3] {
    cases().map(|(case, values)| {
        let values = values.into_iter().map(|value| value as i32);
        (case, values.collect())
    })
}

pub fn contests(report: &mut Report) {
    for (case, values) in narrow_cases() {
        encode_i32(report, case, &values);
    }
    for (case, values) in cases() {
        encode_i64(report, case, &values);
    }
    for (case, values) in narrow_cases() {
        decode_i32(report, case, &values);
    }
    for (case, values) in cases() {
        decode_i64(report, case, &values);
        decode_our_i64(report, case, &values);
    }
}

fn encode_i32(report: &mut Report, case: &str, values: &[i32]) {
    let Some(entry) = report.entry(ENCODE, format!("i32 {case}")) else {
        return;
    };
    let mut contest = typed::encode::<Int32Type>(ENCODING, values, |values, out| {
        delta::encode_i32(values, out).unwrap();
    });
    // parquet2 subtracts in 64 bits, so its widths may be 33 bits, which INT32 cannot have.
    if case != RANDOM {
        contest = contest.appends(parquet2::NAME, |out| {
            parquet2::encode_delta(black_box(values), out);
        });
    }
    entry.run(contest);
}

fn encode_i64(report: &mut Report, case: &str, values: &[i64]) {
    let Some(entry) = report.entry(ENCODE, format!("i64 {case}")) else {
        return;
    };
    let contest = typed::encode::<Int64Type>(ENCODING, values, |values, out| {
        delta::encode_i64(values, out).unwrap();
    });
    entry.run(contest.appends(parquet2::NAME, |out| {
        parquet2::encode_delta(black_box(values), out);
    }));
}

fn decode_i32(report: &mut Report, case: &str, values: &[i32]) {
    let Some(entry) = report.entry(DECODE, format!("i32 {case}")) else {
        return;
    };
    let bytes = arrow::encode::<Int32Type>(ENCODING, values, 0);
    let contest = typed::decode::<Int32Type>(ENCODING, &bytes, values, |bytes, out| {
        delta::decode_i32(bytes, out).unwrap();
    });
    entry.run(contest.fills(parquet2::NAME, values.len(), |out| {
        parquet2::decode_delta(black_box(&bytes), out, |value| value as i32);
    }));
}

/// As arrow-rs encodes it: in blocks of 256.
fn decode_i64(report: &mut Report, case: &str, values: &[i64]) {
    let Some(entry) = report.entry(DECODE, format!("i64 {case}")) else {
        return;
    };
    let bytes = arrow::encode::<Int64Type>(ENCODING, values, 0);
    let contest = typed::decode::<Int64Type>(ENCODING, &bytes, values, |bytes, out| {
        delta::decode_i64(bytes, out).unwrap();
    });
    entry.run(contest.fills(parquet2::NAME, values.len(), |out| {
        parquet2::decode_delta(black_box(&bytes), out, |value| value);
    }));
}

/// As we encode it: in blocks of 128.
fn decode_our_i64(report: &mut Report, case: &str, values: &[i64]) {
    let Some(entry) = report.entry(DECODE, format!("i64 {case}, blocks of pq")) else {
        return;
    };
    let mut bytes = Vec::new();
    delta::encode_i64(values, &mut bytes).unwrap();
    let bytes = bytes.into();
    let contest = typed::decode::<Int64Type>(ENCODING, &bytes, values, |bytes, out| {
        delta::decode_i64(bytes, out).unwrap();
    });
    entry.run(contest.fills(parquet2::NAME, values.len(), |out| {
        parquet2::decode_delta(black_box(&bytes), out, |value| value);
    }));
}
