//! DELTA_BINARY_PACKED.

use crate::contest::Contest;
use crate::data::{growing, random};
use crate::report::Report;
use crate::{arrow, parquet2, typed};
use ::parquet2::encoding::delta_bitpacked;
use parquet::basic::Encoding;
use parquet::data_type::{Int32Type, Int64Type};
use pq_encoding::delta_binary_packed as delta;
use std::hint::black_box;

const ENCODING: Encoding = Encoding::DELTA_BINARY_PACKED;
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
    }
}

/// The contest with parquet2, unless values are as wide as INT32: it subtracts in 64 bits.
fn with_parquet2_i32<'a>(
    contest: Contest<'a, Vec<u8>>,
    case: &str,
    values: &'a [i32],
) -> Contest<'a, Vec<u8>> {
    if case == RANDOM {
        return contest;
    }
    let mut olders = Vec::with_capacity(2 * size_of_val(values));
    contest.with(parquet2::NAME, move |done| {
        olders.clear();
        let values = black_box(values).iter();
        delta_bitpacked::encode(values.map(|&value| value.into()), &mut olders);
        done(&|| olders.clone());
    })
}

fn encode_i32(report: &mut Report, case: &'static str, values: &[i32]) {
    let Some(entry) = report.entry("DELTA_BINARY_PACKED encode", format!("i32 {case}")) else {
        return;
    };
    let contest = typed::encode::<Int32Type>(ENCODING, values, |values, out| {
        delta::encode_i32(values, out).unwrap();
    });
    entry.run(with_parquet2_i32(contest, case, values));
}

fn encode_i64(report: &mut Report, case: &'static str, values: &[i64]) {
    let Some(entry) = report.entry("DELTA_BINARY_PACKED encode", format!("i64 {case}")) else {
        return;
    };
    let mut olders = Vec::with_capacity(2 * size_of_val(values));
    let contest = typed::encode::<Int64Type>(ENCODING, values, |values, out| {
        delta::encode_i64(values, out).unwrap();
    });
    entry.run(contest.with(parquet2::NAME, |done| {
        olders.clear();
        delta_bitpacked::encode(black_box(values).iter().copied(), &mut olders);
        done(&|| olders.clone());
    }));
}

fn decode_i32(report: &mut Report, case: &'static str, values: &[i32]) {
    let Some(entry) = report.entry("DELTA_BINARY_PACKED decode", format!("i32 {case}")) else {
        return;
    };
    let bytes = arrow::encode::<Int32Type>(ENCODING, values, 0);
    let mut olders = vec![0; values.len()];
    let contest = typed::decode::<Int32Type>(ENCODING, &bytes, values, |bytes, out| {
        delta::decode_i32(bytes, out).unwrap();
    });
    entry.run(contest.with(parquet2::NAME, |done| {
        parquet2::decode_delta(black_box(&bytes), &mut olders, |value| value as i32);
        done(&|| olders.clone());
    }));
}

fn decode_i64(report: &mut Report, case: &'static str, values: &[i64]) {
    let Some(entry) = report.entry("DELTA_BINARY_PACKED decode", format!("i64 {case}")) else {
        return;
    };
    let bytes = arrow::encode::<Int64Type>(ENCODING, values, 0);
    let mut olders = vec![0; values.len()];
    let contest = typed::decode::<Int64Type>(ENCODING, &bytes, values, |bytes, out| {
        delta::decode_i64(bytes, out).unwrap();
    });
    entry.run(contest.with(parquet2::NAME, |done| {
        parquet2::decode_delta(black_box(&bytes), &mut olders, |value| value);
        done(&|| olders.clone());
    }));
}
