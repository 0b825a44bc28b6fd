//! PLAIN numbers and byte arrays. Booleans have a file of their own.

use crate::data::{Texts, all_texts, fractions, random, random_wide};
use crate::peers::{arrow, parquet2};
use crate::report::Report;
use crate::{texts, typed};
use parquet::basic::Encoding;
use parquet::data_type::{DoubleType, Int32Type, Int64Type};
use pq_encoding::plain;
use std::hint::black_box;

macro_rules! numbers {
    ($report:ident, $case:literal, $values:expr, $type:ty, $encode:ident, $decode:ident) => {
        let values = $values;
        if let Some(entry) = $report.entry("PLAIN encode", $case) {
            entry.run(typed::encode::<$type>(
                Encoding::PLAIN,
                &values,
                |values, out| plain::$encode(values, out).unwrap(),
            ));
        }
        if let Some(entry) = $report.entry("PLAIN decode", $case) {
            let bytes = arrow::encode::<$type>(Encoding::PLAIN, &values, 0);
            entry.run(typed::decode::<$type>(
                Encoding::PLAIN,
                &bytes,
                &values,
                |bytes, out| assert_eq!(plain::$decode(bytes, out), Ok(bytes.len())),
            ));
        }
    };
}

pub fn contests(report: &mut Report) {
    let narrow: Vec<i32> = random(32).into_iter().map(u32::cast_signed).collect();
    let wide: Vec<i64> = random_wide(64).into_iter().map(u64::cast_signed).collect();
    numbers!(report, "i32", narrow, Int32Type, encode_i32, decode_i32);
    numbers!(report, "i64", wide, Int64Type, encode_i64, decode_i64);
    numbers!(
        report,
        "f64",
        fractions(),
        DoubleType,
        encode_f64,
        decode_f64
    );
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
    let Some(entry) = report.entry("PLAIN encode", format!("texts: {case}")) else {
        return;
    };
    entry.run(texts::encode(Encoding::PLAIN, texts, |out| {
        let Texts { offsets, data } = black_box(texts);
        plain::encode_byte_arrays(offsets, data, out).unwrap();
    }));
}

fn encode_slices(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry("PLAIN encode", format!("texts: {case}, slices")) else {
        return;
    };
    let slices = texts.slices();
    entry.run(texts::encode(Encoding::PLAIN, texts, |out| {
        let values = black_box(&slices).iter().copied();
        plain::encode_byte_array_iter(values, out).unwrap();
    }));
}

fn decode(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry("PLAIN decode", format!("texts: {case}")) else {
        return;
    };
    let page = texts::page(Encoding::PLAIN, texts);
    entry.run(
        texts::decode(texts)
            .fills_offsets_and_data("pq", |offsets, data| {
                data.resize(texts.data.len(), 0);
                plain::decode_byte_arrays(black_box(&page), offsets, data).unwrap();
            })
            .with_arrow_arrays(Encoding::PLAIN, &page),
    );
}

fn decode_in_place(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry("PLAIN decode", format!("texts: {case}, in place")) else {
        return;
    };
    let page = texts::page(Encoding::PLAIN, texts);
    entry.run(
        texts::decode(texts)
            .fills_slices("pq", |values| {
                let found = plain::byte_arrays(black_box(&page));
                for (to, value) in values.iter_mut().zip(found) {
                    *to = value.unwrap();
                }
            })
            .with_arrow(Encoding::PLAIN, &page)
            .fills_slices(parquet2::NAME, |values| {
                parquet2::decode_byte_arrays(black_box(&page), values);
            }),
    );
}
