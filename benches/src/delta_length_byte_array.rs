//! DELTA_LENGTH_BYTE_ARRAY.

use crate::data::{Texts, all_texts};
use crate::peers::parquet2;
use crate::report::Report;
use crate::texts;
use parquet::basic::Encoding;
use pq_encoding::delta_length_byte_array as delta;
use std::hint::black_box;

const ENCODING: Encoding = Encoding::DELTA_LENGTH_BYTE_ARRAY;
const ENCODE: &str = "DELTA_LENGTH_BYTE_ARRAY encode";
const DECODE: &str = "DELTA_LENGTH_BYTE_ARRAY decode";

pub fn contests(report: &mut Report) {
    for (case, texts) in all_texts() {
        encode(report, case, &texts);
        encode_slices(report, case, &texts);
    }
    for (case, texts) in all_texts() {
        decode(report, case, &texts);
        decode_in_place(report, case, &texts);
    }
}

fn encode(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry(ENCODE, case) else {
        return;
    };
    let slices = texts.slices();
    let contest = texts::encode(ENCODING, texts, |out| {
        let Texts { offsets, data } = black_box(texts);
        delta::encode(offsets, data, out).unwrap();
    });
    entry.run(contest.appends(parquet2::NAME, |out| {
        parquet2::encode_delta_length(black_box(&slices), out);
    }));
}

fn encode_slices(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry(ENCODE, format!("{case}, slices")) else {
        return;
    };
    let slices = texts.slices();
    let contest = texts::encode(ENCODING, texts, |out| {
        delta::encode_iter(black_box(&slices).iter().copied(), out).unwrap();
    });
    entry.run(contest.appends(parquet2::NAME, |out| {
        parquet2::encode_delta_length(black_box(&slices), out);
    }));
}

fn decode(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry(DECODE, case) else {
        return;
    };
    let page = texts::page(ENCODING, texts);
    entry.run(
        texts::decode(texts)
            .fills_offsets_and_data("pq", |offsets, data| {
                data.clear();
                let (values, _) = delta::decode(black_box(&page), offsets).unwrap();
                data.extend_from_slice(values);
            })
            .with_arrow_arrays(ENCODING, &page)
            .fills_offsets_and_data(parquet2::NAME, |offsets, data| {
                data.clear();
                let values = parquet2::decode_delta_length(black_box(&page), offsets);
                data.extend_from_slice(values);
            }),
    );
}

fn decode_in_place(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry(DECODE, format!("{case}, in place")) else {
        return;
    };
    let page = texts::page(ENCODING, texts);
    entry.run(
        texts::decode(texts)
            .fills_offsets("pq", |offsets| {
                delta::decode(black_box(&page), offsets).unwrap().0
            })
            .with_arrow(ENCODING, &page)
            .fills_offsets(parquet2::NAME, |offsets| {
                parquet2::decode_delta_length(black_box(&page), offsets)
            }),
    );
}
