//! Booleans: RLE, behind its length as in a page, and PLAIN.

use crate::contest::Contest;
use crate::data::{VALUES, bitmap, bools_in_runs, random_bools};
use crate::report::Report;
use crate::{arrow, parquet2, typed};
use ::parquet2::encoding::hybrid_rle::{self, BitmapIter};
use parquet::basic::Encoding;
use parquet::data_type::BoolType;
use pq_encoding::rle::{Run, Runs};
use pq_encoding::{DecodeError, levels, plain, rle};
use std::hint::black_box;

pub fn contests(report: &mut Report) {
    let cases = [
        ("random", random_bools()),
        ("runs of 20", bools_in_runs(20)),
        ("runs of 200", bools_in_runs(200)),
        ("constant", bools_in_runs(VALUES)),
    ];
    for (case, values) in &cases {
        encode_rle(report, case, values);
    }
    for (case, values) in &cases {
        decode_rle(report, case, values);
    }
    encode_plain(report, &cases[0].1);
    decode_plain(report, &cases[0].1);
}

/// From a bitmap, as Arrow has booleans; arrow-rs takes `bool` only.
fn encode_rle(report: &mut Report, case: &str, values: &[bool]) {
    let Some(entry) = report.entry("boolean RLE encode", case) else {
        return;
    };
    let bits = bitmap(values);
    let (mut out, mut olders) = (Vec::with_capacity(VALUES), Vec::with_capacity(VALUES));
    let mut encoder = arrow::encoder::<BoolType>(Encoding::RLE, 0);
    let contest = Contest::new(VALUES, |bytes: Vec<u8>| {
        assert_eq!(
            arrow::decode::<BoolType>(Encoding::RLE, &bytes, VALUES, 0),
            values
        );
        let mut found = vec![false; VALUES];
        parquet2::decode_booleans(&bytes[4..], &mut found);
        assert_eq!(found, values);
    });
    entry.run(
        contest
            .with("pq", |done| {
                out.clear();
                levels::v1_frame(&mut out, |out| {
                    rle::encode_bitmap(black_box(&bits), 0, VALUES, out)
                })
                .unwrap();
                done(&|| out.clone());
            })
            .with(arrow::NAME, |done| {
                encoder.put(black_box(values)).unwrap();
                let bytes = encoder.flush_buffer().unwrap();
                done(&|| bytes.to_vec());
            })
            .with(parquet2::NAME, |done| {
                olders.clear();
                olders.extend_from_slice(&[0; 4]);
                let values = BitmapIter::new(black_box(&bits), 0, VALUES);
                hybrid_rle::encode_bool(&mut olders, values).unwrap();
                let len = olders.len() as u32 - 4;
                olders[..4].copy_from_slice(&len.to_le_bytes());
                done(&|| olders.clone());
            }),
    );
}

/// To `bool`, which all have.
fn decode_rle(report: &mut Report, case: &str, values: &[bool]) {
    let Some(entry) = report.entry("boolean RLE decode", case) else {
        return;
    };
    let bytes = arrow::encode::<BoolType>(Encoding::RLE, values, 0);
    let mut olders = vec![false; VALUES];
    let contest = typed::decode::<BoolType>(Encoding::RLE, &bytes, values, |bytes, out| {
        decode_runs(&bytes[4..], out).unwrap();
    });
    entry.run(contest.with(parquet2::NAME, |done| {
        parquet2::decode_booleans(&black_box(&bytes)[4..], &mut olders);
        done(&|| olders.clone());
    }));
}

fn decode_runs(input: &[u8], out: &mut [bool]) -> Result<(), DecodeError> {
    let mut rest = out;
    for run in Runs::new(input, 1)? {
        let run = run?;
        let (Run::Repeated { count, .. } | Run::Packed { count, .. }) = run;
        let (values, behind) = rest.split_at_mut(count.min(rest.len()));
        match run {
            Run::Repeated { value, .. } => values.fill(value == 1),
            Run::Packed { bytes, .. } => {
                plain::decode_booleans(bytes, values)?;
            }
        }
        rest = behind;
    }
    Ok(())
}

fn encode_plain(report: &mut Report, values: &[bool]) {
    let Some(entry) = report.entry("PLAIN encode", "booleans") else {
        return;
    };
    let mut olders = Vec::with_capacity(VALUES);
    let contest = typed::encode::<BoolType>(Encoding::PLAIN, values, |values, out| {
        plain::encode_booleans(values, out).unwrap();
    });
    entry.run(contest.with(parquet2::NAME, |done| {
        olders.clear();
        let values = black_box(values).iter().copied();
        hybrid_rle::bitpacked_encode(&mut olders, values).unwrap();
        done(&|| olders.clone());
    }));
}

fn decode_plain(report: &mut Report, values: &[bool]) {
    let Some(entry) = report.entry("PLAIN decode", "booleans") else {
        return;
    };
    let bytes = bitmap(values).into();
    let mut olders = vec![false; VALUES];
    let contest = typed::decode::<BoolType>(Encoding::PLAIN, &bytes, values, |bytes, out| {
        plain::decode_booleans(bytes, out).unwrap();
    });
    entry.run(contest.with(parquet2::NAME, |done| {
        let values = BitmapIter::new(black_box(&bytes), 0, VALUES);
        for (to, value) in olders.iter_mut().zip(values) {
            *to = value;
        }
        done(&|| olders.clone());
    }));
}
