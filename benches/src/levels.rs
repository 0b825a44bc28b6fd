//! Repetition and definition levels, behind their length as in a data page v1.

use crate::contest::Contest;
use crate::data::{VALUES, one_in_ten, random, runs};
use crate::peers::arrow;
use crate::report::Report;
use bytes::Bytes;
use parquet::encodings::levels::LevelEncoder;
use parquet::encodings::rle::RleDecoder;
use pq_encoding::levels;
use std::hint::black_box;

pub fn contests(report: &mut Report) {
    let cases = [
        ("no nulls, at most 1", vec![1; VALUES], 1),
        ("one in ten is null, at most 1", one_in_ten(), 1),
        ("runs of 20, at most 1", runs(20, 1), 1),
        ("runs of 5, at most 3", runs(5, 2), 3),
        ("random, at most 3", random(2), 3),
    ];
    for (case, values, most) in &cases {
        encode(report, case, values, *most);
    }
    for (case, values, most) in &cases {
        decode(report, case, values, *most);
    }
}

fn theirs(values: &[i16], most: u16) -> Vec<u8> {
    let mut encoder = LevelEncoder::v1_streaming(most as i16);
    encoder.put_with_observer(values, |_, _| {});
    encoder.consume()
}

fn encode(report: &mut Report, case: &str, values: &[u32], most: u16) {
    let Some(entry) = report.entry("levels encode", case) else {
        return;
    };
    let ours: Vec<u16> = values.iter().map(|&value| value as u16).collect();
    let theirs: Vec<i16> = values.iter().map(|&value| value as i16).collect();
    let mut encoder = LevelEncoder::v1_streaming(most as i16);
    let contest = Contest::new(VALUES, |bytes: Vec<u8>| {
        let mut found = vec![0; VALUES];
        decode_theirs(&bytes.into(), most, &mut found);
        assert_eq!(found, theirs);
    });
    entry.run(
        contest
            .appends("pq", |out| {
                levels::encode_v1(black_box(&ours), most, out).unwrap();
            })
            .with(arrow::NAME, |done| {
                encoder.put_with_observer(black_box(&theirs), |_, _| {});
                encoder.flush_to(|bytes| done(&|| bytes.to_vec()));
            }),
    );
}

fn decode_theirs(page: &Bytes, most: u16, out: &mut [i16]) {
    let mut decoder = RleDecoder::new(most.ilog2() as u8 + 1);
    decoder.set_data(page.slice(4..)).unwrap();
    assert_eq!(decoder.get_batch(out).unwrap(), VALUES);
}

fn decode(report: &mut Report, case: &str, values: &[u32], most: u16) {
    let Some(entry) = report.entry("levels decode", case) else {
        return;
    };
    let values: Vec<i16> = values.iter().map(|&value| value as i16).collect();
    let page = Bytes::from(theirs(&values, most));
    let mut ours = vec![0; VALUES];
    let contest = Contest::new(VALUES, |found: Vec<i16>| assert_eq!(found, values));
    entry.run(
        contest
            .with("pq", |done| {
                levels::decode_v1(black_box(&page), most, &mut ours).unwrap();
                done(&|| ours.iter().map(|&level| level as i16).collect());
            })
            .fills(arrow::NAME, VALUES, |out| {
                decode_theirs(black_box(&page), most, out);
            }),
    );
}
