//! Booleans: RLE, behind its length as in a page, and PLAIN.

use crate::contest::Contest;
use crate::data::{VALUES, bitmap, bools_in_runs, random_bools};
use crate::peers::{arrow, parquet2};
use crate::report::Report;
use crate::typed;
use parquet::basic::Encoding;
use parquet::data_type::BoolType;
use pq_encoding::{plain, rle};
use std::hint::black_box;

pub fn contests(report: &mut Report) {
    let cases = [
        ("random", random_bools()),
        ("runs of 5", bools_in_runs(5)),
        ("runs of 20", bools_in_runs(20)),
        ("runs of 200", bools_in_runs(200)),
        ("constant", bools_in_runs(VALUES)),
    ];
    for (case, values) in &cases {
        encode_rle(report, case, values);
        encode_bitmap(report, case, values);
    }
    for (case, values) in &cases {
        decode_rle(report, case, values);
    }
    let [(_, random), ..] = &cases;
    encode_plain(report, random);
    decode_plain(report, random);
}

/// From `bool`; parquet2 takes an iterator.
fn encode_rle(report: &mut Report, case: &str, values: &[bool]) {
    let Some(entry) = report.entry("boolean RLE encode", case) else {
        return;
    };
    let contest = typed::encode::<BoolType>(Encoding::RLE, values, |values, out| {
        rle::booleans::encode(values, out).unwrap();
    });
    entry.run(with_parquet2(contest, values, |out| {
        parquet2::encode_boolean_rle(black_box(values).iter().copied(), out);
    }));
}

/// From a bitmap, as Arrow has booleans; arrow-rs takes `bool` only.
fn encode_bitmap(report: &mut Report, case: &str, values: &[bool]) {
    let Some(entry) = report.entry("boolean RLE encode", format!("{case}, bitmap")) else {
        return;
    };
    let bits = bitmap(values);
    let contest = typed::encode::<BoolType>(Encoding::RLE, values, |_, out| {
        rle::booleans::encode_bitmap(black_box(&bits), 0, VALUES, out).unwrap();
    });
    entry.run(with_parquet2(contest, values, |out| {
        parquet2::encode_boolean_rle(parquet2::bits(black_box(&bits), VALUES), out);
    }));
}

/// Where there are runs to be found, parquet2 does less work, for more bytes, and is left out.
fn with_parquet2<'a>(
    contest: Contest<'a, Vec<u8>>,
    values: &[bool],
    run: impl Fn(&mut Vec<u8>) + 'a,
) -> Contest<'a, Vec<u8>> {
    let mut packed = Vec::new();
    run(&mut packed);
    if packed.len() <= arrow::encode::<BoolType>(Encoding::RLE, values, 0).len() {
        contest.appends(parquet2::NAME, run)
    } else {
        contest
    }
}

fn decode_rle(report: &mut Report, case: &str, values: &[bool]) {
    let Some(entry) = report.entry("boolean RLE decode", case) else {
        return;
    };
    let bytes = arrow::encode::<BoolType>(Encoding::RLE, values, 0);
    let contest = typed::decode::<BoolType>(Encoding::RLE, &bytes, values, |bytes, out| {
        rle::booleans::decode(bytes, out).unwrap();
    });
    entry.run(contest.fills(parquet2::NAME, VALUES, |out| {
        parquet2::decode_boolean_rle(&black_box(&bytes)[4..], out);
    }));
}

fn encode_plain(report: &mut Report, values: &[bool]) {
    let Some(entry) = report.entry("PLAIN encode", "booleans") else {
        return;
    };
    let contest = typed::encode::<BoolType>(Encoding::PLAIN, values, |values, out| {
        plain::encode_booleans(values, out).unwrap();
    });
    entry.run(contest.appends(parquet2::NAME, |out| {
        parquet2::encode_booleans(black_box(values), out);
    }));
}

fn decode_plain(report: &mut Report, values: &[bool]) {
    let Some(entry) = report.entry("PLAIN decode", "booleans") else {
        return;
    };
    let bytes = bitmap(values).into();
    let contest = typed::decode::<BoolType>(Encoding::PLAIN, &bytes, values, |bytes, out| {
        plain::decode_booleans(bytes, out).unwrap();
    });
    entry.run(contest.fills(parquet2::NAME, VALUES, |out| {
        parquet2::decode_booleans(black_box(&bytes), out);
    }));
}
