//! The hybrid of runs and bit-packing: dictionary indices and levels.

use crate::contest::Contest;
use crate::data::{VALUES, alternating, random, runs, sorted};
use crate::report::Report;
use crate::{arrow, parquet2};
use ::parquet2::encoding::hybrid_rle;
use bytes::Bytes;
use parquet::encodings::rle::{RleDecoder, RleEncoder};
use pq_encoding::rle;
use std::hint::black_box;

const WIDTHS: [u8; 9] = [1, 2, 4, 6, 8, 10, 13, 16, 20];
const RUNS: [usize; 5] = [5, 8, 20, 200, VALUES];

/// Values by the name of the case, and how wide they are.
fn cases() -> Vec<(String, Vec<u32>, u8)> {
    let mut cases = Vec::new();
    for width in WIDTHS {
        cases.push((format!("random, width {width}"), random(width), width));
    }
    for length in RUNS {
        let name = match length {
            VALUES => "one run, width 10".to_owned(),
            _ => format!("runs of {length}, width 10"),
        };
        cases.push((name, runs(length, 10), 10));
    }
    cases.push(("sorted, width 10".to_owned(), sorted(10), 10));
    cases.push(("alternating, width 10".to_owned(), alternating(10), 10));
    cases
}

pub fn contests(report: &mut Report) {
    for (name, values, width) in cases() {
        encode(report, name, &values, width);
    }
    for (name, values, width) in cases() {
        decode(report, name, &values, width);
    }
}

/// Prints how many bytes the values take.
pub fn sizes(report: &Report) {
    if !report.wants("hybrid sizes") {
        return;
    }
    println!(
        "\n{:<30}{:>10}{:>10}{:>10}",
        "hybrid sizes",
        "pq",
        arrow::NAME,
        parquet2::NAME
    );
    let mut all = cases();
    all.retain(|(name, ..)| !name.starts_with("random"));
    all.extend((1..=20).map(|width| (format!("random, width {width}"), random(width), width)));
    for (name, values, width) in all {
        let (ours, theirs, older) = (
            ours(&values, width).len(),
            theirs(&values, width).len(),
            older(&values, width).len(),
        );
        println!("{name:<30}{ours:>10}{theirs:>10}{older:>10}");
    }
}

fn ours(values: &[u32], width: u8) -> Vec<u8> {
    let mut out = Vec::new();
    rle::encode_u32(values, width, &mut out).unwrap();
    out
}

fn theirs(values: &[u32], width: u8) -> Vec<u8> {
    let mut encoder = RleEncoder::new(width, 0);
    encoder.put_batch(&widened(values));
    encoder.consume()
}

fn older(values: &[u32], width: u8) -> Vec<u8> {
    let mut out = Vec::new();
    hybrid_rle::encode_u32(&mut out, values.iter().copied(), width.into()).unwrap();
    out
}

fn widened(values: &[u32]) -> Vec<u64> {
    values.iter().map(|&value| value.into()).collect()
}

/// parquet2 packs all values and looks for no runs.
fn encode(report: &mut Report, case: String, values: &[u32], width: u8) {
    let Some(entry) = report.entry("hybrid encode", case) else {
        return;
    };
    let wide = widened(values);
    let room = 8 * VALUES;
    let (mut out, mut olders) = (Vec::with_capacity(room), Vec::with_capacity(room));
    let (mut batches, mut singles) = (RleEncoder::new(width, room), RleEncoder::new(width, room));
    let contest = Contest::new(VALUES, |bytes: Vec<u8>| {
        let mut found = vec![0; VALUES];
        parquet2::decode_hybrid(&bytes, width, &mut found);
        assert_eq!(found, values);
        let mut decoder = RleDecoder::new(width);
        decoder.set_data(bytes.into()).unwrap();
        decoder.get_batch(&mut found).unwrap();
        assert_eq!(found, values);
    });
    entry.run(
        contest
            .with("pq", |done| {
                out.clear();
                rle::encode_u32(black_box(values), width, &mut out).unwrap();
                done(&|| out.clone());
            })
            .with(arrow::NAME, |done| {
                batches.clear();
                batches.put_batch(black_box(&wide));
                let bytes = batches.flush_buffer();
                done(&|| bytes.to_vec());
            })
            .with("arrow-rs by one", |done| {
                singles.clear();
                black_box(&wide)
                    .iter()
                    .for_each(|&value| singles.put(value));
                let bytes = singles.flush_buffer();
                done(&|| bytes.to_vec());
            })
            .with(parquet2::NAME, |done| {
                olders.clear();
                let values = black_box(values).iter().copied();
                hybrid_rle::encode_u32(&mut olders, values, width.into()).unwrap();
                done(&|| olders.clone());
            }),
    );
}

/// All decode what arrow-rs encoded: no layout of ours.
fn decode(report: &mut Report, case: String, values: &[u32], width: u8) {
    let Some(entry) = report.entry("hybrid decode", case) else {
        return;
    };
    let encoded = theirs(values, width);
    let bytes = Bytes::from(encoded.clone());
    let mut decoder = RleDecoder::new(width);
    let [mut out, mut arrows, mut olders] = [(); 3].map(|()| vec![0; VALUES]);
    let contest = Contest::new(VALUES, |found: Vec<u32>| assert_eq!(found, values));
    entry.run(
        contest
            .with("pq", |done| {
                rle::decode_u32(black_box(&encoded), width, &mut out).unwrap();
                done(&|| out.clone());
            })
            .with(arrow::NAME, |done| {
                decoder = RleDecoder::new(width);
                decoder.set_data(black_box(bytes.clone())).unwrap();
                decoder.get_batch(&mut arrows).unwrap();
                done(&|| arrows.clone());
            })
            .with(parquet2::NAME, |done| {
                parquet2::decode_hybrid(black_box(&encoded), width, &mut olders);
                done(&|| olders.clone());
            }),
    );
}
