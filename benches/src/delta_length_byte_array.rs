//! DELTA_LENGTH_BYTE_ARRAY.

use crate::data::{Texts, all_texts};
use crate::delta_arrays::Encoders;
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
    let encoders = Encoders {
        encoding: ENCODING,
        family: ENCODE,
        ours: |texts, out| delta::encode(&texts.offsets, &texts.data, out).unwrap(),
        ours_of_slices: |slices, out| delta::encode_iter(slices.iter().copied(), out).unwrap(),
        parquet2: parquet2::encode_delta_length,
    };
    encoders.contests(report);
    for (case, texts) in all_texts() {
        decode(report, case, &texts);
        decode_in_place(report, case, &texts);
    }
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
