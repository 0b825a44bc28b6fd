//! DELTA_BYTE_ARRAY.

use crate::data::{Texts, VALUES, all_texts, uuids};
use crate::delta_arrays::Encoders;
use crate::peers::parquet2::{self, DeltaByteArrays};
use crate::report::Report;
use crate::{fixed, texts};
use parquet::basic::Encoding;
use pq_encoding::delta_byte_array as delta;
use std::hint::black_box;

const ENCODING: Encoding = Encoding::DELTA_BYTE_ARRAY;
const ENCODE: &str = "DELTA_BYTE_ARRAY encode";
const DECODE: &str = "DELTA_BYTE_ARRAY decode";

pub fn contests(report: &mut Report) {
    let fixed = uuids().data;
    let encoders = Encoders {
        encoding: ENCODING,
        family: ENCODE,
        ours: |texts, out| delta::encode(&texts.offsets, &texts.data, out).unwrap(),
        ours_of_slices: |slices, out| delta::encode_iter(slices.iter().copied(), out).unwrap(),
        parquet2: parquet2::encode_delta_byte_array,
    };
    encoders.contests(report);
    encode_fixed(report, &fixed);
    for (case, texts) in all_texts() {
        decode(report, case, &texts);
        decode_of_unknown_len(report, case, &texts);
    }
    decode_fixed(report, &fixed);
}

fn encode_fixed(report: &mut Report, values: &[u8]) {
    let width = values.len() / VALUES;
    let Some(entry) = report.entry(ENCODE, format!("fixed length {width}")) else {
        return;
    };
    entry.run(fixed::encode(ENCODING, values, width, |values, out| {
        delta::encode_fixed(values, width, out).unwrap();
    }));
}

/// Into a buffer that is known to be large enough.
fn decode(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry(DECODE, case) else {
        return;
    };
    let page = texts::page(ENCODING, texts);
    let mut arrays = DeltaByteArrays::default();
    entry.run(
        texts::decode(texts)
            .fills_offsets_and_data("pq", |offsets, data| {
                data.resize(texts.data.len(), 0);
                delta::decode(black_box(&page), offsets, data).unwrap();
            })
            .with_arrow(ENCODING, &page)
            .with_arrow_arrays(ENCODING, &page)
            .fills_offsets_and_data(parquet2::NAME, |offsets, data| {
                arrays.decode(black_box(&page), offsets, data);
            }),
    );
}

/// Into a buffer of a size that has to be found out first.
fn decode_of_unknown_len(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry(DECODE, format!("{case}, size unknown")) else {
        return;
    };
    let page = texts::page(ENCODING, texts);
    let mut arrays = DeltaByteArrays::default();
    entry.run(
        texts::decode(texts)
            .fills_offsets_and_data("pq", |offsets, data| {
                let page = black_box(&page);
                data.resize(delta::decoded_len(page, VALUES).unwrap(), 0);
                delta::decode(page, offsets, data).unwrap();
            })
            .with_arrow(ENCODING, &page)
            .with_arrow_arrays(ENCODING, &page)
            .fills_offsets_and_data(parquet2::NAME, |offsets, data| {
                arrays.decode(black_box(&page), offsets, data);
            }),
    );
}

fn decode_fixed(report: &mut Report, values: &[u8]) {
    let width = values.len() / VALUES;
    let Some(entry) = report.entry(DECODE, format!("fixed length {width}")) else {
        return;
    };
    let page = fixed::page(ENCODING, values, width);
    entry.run(fixed::decode(
        ENCODING,
        &page,
        values,
        width,
        |page, out| {
            delta::decode_fixed(page, width, VALUES, out).unwrap();
        },
    ));
}
