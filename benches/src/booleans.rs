//! Booleans: RLE, behind its length as in a page, and PLAIN.

use crate::contest::Contest;
use crate::data::{VALUES, bitmap, bools_in_runs, random_bools};
use crate::peers::{arrow, parquet2};
use crate::report::Report;
use crate::typed;
use parquet::basic::Encoding;
use parquet::data_type::BoolType;
use pq_encoding::rle::{Run, Runs};
use pq_encoding::{DecodeError, levels, plain, rle};
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
    }
    for (case, values) in &cases {
        decode_rle(report, case, values);
    }
    let [(_, random), ..] = &cases;
    encode_plain(report, random);
    decode_plain(report, random);
}

/// From a bitmap, as Arrow has booleans; arrow-rs takes `bool` only.
fn encode_rle(report: &mut Report, case: &str, values: &[bool]) {
    let Some(entry) = report.entry("boolean RLE encode", case) else {
        return;
    };
    let bits = bitmap(values);
    let mut encoder = arrow::encoder::<BoolType>(Encoding::RLE, 0);
    let mut contest = Contest::new(VALUES, |bytes: Vec<u8>| {
        let found = arrow::decode::<BoolType>(Encoding::RLE, &bytes, VALUES, 0);
        assert_eq!(found, values);
        let mut found = vec![false; VALUES];
        parquet2::decode_boolean_rle(&bytes[4..], &mut found);
        assert_eq!(found, values);
    })
    .appends("pq", |out| {
        levels::v1_frame(out, |out| {
            rle::encode_bitmap(black_box(&bits), 0, VALUES, out)
        })
        .unwrap();
    })
    .with(arrow::NAME, |done| {
        encoder.put(black_box(values)).unwrap();
        let bytes = encoder.flush_buffer().unwrap();
        done(&|| bytes.to_vec());
    });
    // Where there are runs to be found, parquet2 does less work, for more bytes.
    let mut packed = Vec::new();
    parquet2::encode_boolean_rle(&bits, VALUES, &mut packed);
    if packed.len() <= arrow::encode::<BoolType>(Encoding::RLE, values, 0).len() {
        contest = contest.appends(parquet2::NAME, |out| {
            parquet2::encode_boolean_rle(black_box(&bits), VALUES, out);
        });
    }
    entry.run(contest);
}

/// To `bool`, which all have.
fn decode_rle(report: &mut Report, case: &str, values: &[bool]) {
    let Some(entry) = report.entry("boolean RLE decode", case) else {
        return;
    };
    let bytes = arrow::encode::<BoolType>(Encoding::RLE, values, 0);
    let contest = typed::decode::<BoolType>(Encoding::RLE, &bytes, values, |bytes, out| {
        decode_runs(&bytes[4..], out).unwrap();
    });
    entry.run(contest.fills(parquet2::NAME, VALUES, |out| {
        parquet2::decode_boolean_rle(&black_box(&bytes)[4..], out);
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
