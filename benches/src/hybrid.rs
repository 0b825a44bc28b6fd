//! The hybrid of runs and bit-packing: dictionary indices and levels.

use crate::contest::Contest;
use crate::data::{VALUES, alternating, random, runs, sorted};
use crate::peers::{arrow, parquet2};
use crate::report::Report;
use bytes::Bytes;
use parquet::encodings::rle::{RleDecoder, RleEncoder};
use pq_encoding::rle;
use std::hint::black_box;

const WIDTHS: [u8; 9] = [1, 2, 4, 6, 8, 10, 13, 16, 20];
const RUNS: [usize; 4] = [5, 8, 20, 200];

struct Case {
    name: String,
    values: Vec<u32>,
    width: u8,
}

impl Case {
    fn new(name: impl Into<String>, values: Vec<u32>, width: u8) -> Self {
        let name = format!("{}, width {width}", name.into());
        Self {
            name,
            values,
            width,
        }
    }

    fn random(width: u8) -> Self {
        Self::new("random", random(width), width)
    }
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = WIDTHS.into_iter().map(Case::random).collect();
    cases.extend(cases_with_order());
    cases
}

fn cases_with_order() -> Vec<Case> {
    let runs = RUNS.map(|length| Case::new(format!("runs of {length}"), runs(length, 10), 10));
    let mut cases = Vec::from(runs);
    cases.push(Case::new("constant", vec![700; VALUES], 10));
    cases.push(Case::new("sorted", sorted(10), 10));
    cases.push(Case::new("alternating", alternating(10), 10));
    cases
}

pub fn contests(report: &mut Report) {
    cases().iter().for_each(|case| encode(report, case));
    encode_u8(report, &Case::random(6));
    encode_u16(report, &Case::random(10));
    cases().iter().for_each(|case| decode(report, case));
}

/// Prints how many bytes the values take.
pub fn sizes(report: &Report) {
    if !report.wants("hybrid sizes") {
        return;
    }
    let mut cases = cases_with_order();
    cases.extend((1..=20).map(Case::random));
    println!(
        "\n{:<28}{:>10}{:>10}{:>10}",
        "hybrid sizes",
        "pq",
        arrow::NAME,
        parquet2::NAME
    );
    for case in cases {
        let (mut ours, mut packed) = (Vec::new(), Vec::new());
        rle::encode_u32(&case.values, case.width, &mut ours).unwrap();
        parquet2::encode_hybrid(&case.values, case.width, &mut packed);
        println!(
            "{:<28}{:>10}{:>10}{:>10}",
            case.name,
            ours.len(),
            theirs(&case).len(),
            packed.len()
        );
    }
}

fn theirs(case: &Case) -> Vec<u8> {
    let mut encoder = RleEncoder::new(case.width, 0);
    encoder.put_batch(&widened(&case.values));
    encoder.consume()
}

fn widened(values: &[u32]) -> Vec<u64> {
    values.iter().map(|&value| value.into()).collect()
}

fn encode(report: &mut Report, case: &Case) {
    encode_with(report, &case.name, case, |out| {
        rle::encode_u32(black_box(&case.values), case.width, out).unwrap();
    });
}

/// As [`encode`], ours from `u8`; arrow-rs takes `u64` only.
fn encode_u8(report: &mut Report, case: &Case) {
    let values: Vec<u8> = case.values.iter().map(|&value| value as u8).collect();
    encode_with(report, &format!("u8 {}", case.name), case, |out| {
        rle::encode_u8(black_box(&values), case.width, out).unwrap();
    });
}

/// As [`encode`], ours from `u16`.
fn encode_u16(report: &mut Report, case: &Case) {
    let values: Vec<u16> = case.values.iter().map(|&value| value as u16).collect();
    encode_with(report, &format!("u16 {}", case.name), case, |out| {
        rle::encode_u16(black_box(&values), case.width, out).unwrap();
    });
}

fn encode_with(report: &mut Report, name: &str, case: &Case, ours: impl Fn(&mut Vec<u8>)) {
    let Some(entry) = report.entry("hybrid encode", name) else {
        return;
    };
    let (values, width) = (&case.values, case.width);
    let wide = widened(values);
    let (mut batch, mut single) = (RleEncoder::new(width, 0), RleEncoder::new(width, 0));
    let mut contest = Contest::new(VALUES, |bytes: Vec<u8>| {
        let mut found = vec![0; VALUES];
        parquet2::decode_hybrid(&bytes, width, &mut found);
        assert_eq!(&found, values);
        let mut decoder = RleDecoder::new(width);
        decoder.set_data(bytes.into()).unwrap();
        assert_eq!(decoder.get_batch(&mut found).unwrap(), VALUES);
        assert_eq!(&found, values);
    })
    .appends("pq", ours)
    .with(arrow::NAME, |done| {
        batch.clear();
        batch.put_batch(black_box(&wide));
        let bytes = batch.flush_buffer();
        done(&|| bytes.to_vec());
    })
    .with("arrow-rs by one", |done| {
        single.clear();
        black_box(&wide).iter().for_each(|&value| single.put(value));
        let bytes = single.flush_buffer();
        done(&|| bytes.to_vec());
    });
    // Where there are runs to be found, parquet2 does less work, for more bytes.
    let mut packed = Vec::new();
    parquet2::encode_hybrid(values, width, &mut packed);
    if packed.len() <= theirs(case).len() {
        contest = contest.appends(parquet2::NAME, |out| {
            parquet2::encode_hybrid(black_box(values), width, out);
        });
    }
    entry.run(contest);
}

/// All decode what arrow-rs encoded, which is no layout of ours.
fn decode(report: &mut Report, case: &Case) {
    let Some(entry) = report.entry("hybrid decode", &case.name) else {
        return;
    };
    let width = case.width;
    let bytes = Bytes::from(theirs(case));
    let contest = Contest::new(VALUES, |found: Vec<u32>| assert_eq!(found, case.values));
    entry.run(
        contest
            .fills("pq", VALUES, |out| {
                rle::decode_u32(black_box(&bytes), width, out).unwrap();
            })
            .fills(arrow::NAME, VALUES, |out: &mut [u32]| {
                let mut decoder = RleDecoder::new(width);
                decoder.set_data(black_box(&bytes).clone()).unwrap();
                decoder.get_batch(out).unwrap();
            })
            .fills(parquet2::NAME, VALUES, |out| {
                parquet2::decode_hybrid(black_box(&bytes), width, out);
            }),
    );
}
