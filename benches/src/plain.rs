//! PLAIN numbers and byte arrays. Booleans have a file of their own.

use crate::contest::Contest;
use crate::data::{Texts, VALUES, all_texts, fractions, random, random_wide};
use crate::report::Report;
use crate::{arrow, byte_arrays, parquet2, typed};
use ::parquet2::encoding::plain_byte_array::BinaryIter;
use parquet::basic::Encoding;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
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
        encode_texts(report, case, &texts);
    }
    for (case, texts) in all_texts() {
        decode_in_place(report, case, &texts);
    }
    for (case, texts) in all_texts() {
        decode_texts(report, case, &texts);
    }
}

fn encode_texts(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry("PLAIN encode", format!("byte arrays, {case}")) else {
        return;
    };
    let theirs = texts.byte_arrays();
    entry.run(byte_arrays::encode(
        Encoding::PLAIN,
        texts,
        &theirs,
        |offsets, data, out| plain::encode_byte_arrays(offsets, data, out).unwrap(),
    ));
}

/// To values that stand in the page.
fn decode_in_place(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry("PLAIN decode", format!("byte arrays in place, {case}")) else {
        return;
    };
    let values = texts.slices();
    let bytes = arrow::encode::<ByteArrayType>(Encoding::PLAIN, &texts.byte_arrays(), 0);
    let mut decoder = arrow::decoder::<ByteArrayType>(Encoding::PLAIN, 0);
    let [mut out, mut olders] = [(); 2].map(|()| vec![&[][..]; VALUES]);
    let mut arrows = vec![ByteArray::default(); VALUES];
    let contest = Contest::new(VALUES, |found: Vec<Vec<u8>>| assert_eq!(found, values));
    entry.run(
        contest
            .with("pq", |done| {
                let values = plain::byte_arrays(black_box(&bytes));
                for (to, value) in out.iter_mut().zip(values) {
                    *to = value.unwrap();
                }
                done(&|| out.iter().map(|value| value.to_vec()).collect());
            })
            .with(arrow::NAME, |done| {
                decoder.set_data(black_box(&bytes).clone(), VALUES).unwrap();
                decoder.get(&mut arrows).unwrap();
                done(&|| arrows.iter().map(|value| value.data().to_vec()).collect());
            })
            .with(parquet2::NAME, |done| {
                let values = BinaryIter::new(black_box(&bytes), Some(VALUES));
                for (to, value) in olders.iter_mut().zip(values) {
                    *to = value.unwrap();
                }
                done(&|| olders.iter().map(|value| value.to_vec()).collect());
            }),
    );
}

/// To offsets and data; arrow-rs to values that stand in the page, for it has no other.
fn decode_texts(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry("PLAIN decode", format!("byte arrays, {case}")) else {
        return;
    };
    let bytes = arrow::encode::<ByteArrayType>(Encoding::PLAIN, &texts.byte_arrays(), 0);
    let mut data = vec![0; texts.data.len()];
    entry.run(byte_arrays::decode(
        Encoding::PLAIN,
        texts,
        &bytes,
        move |bytes, offsets, done| {
            plain::decode_byte_arrays(bytes, offsets, &mut data).unwrap();
            done(&|| (offsets.to_vec(), data.clone()));
        },
    ));
}
