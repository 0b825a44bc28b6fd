//! DELTA_LENGTH_BYTE_ARRAY and DELTA_BYTE_ARRAY; what PLAIN byte arrays share with them.

use crate::contest::{Contest, Done};
use crate::data::{Texts, VALUES, all_texts};
use crate::report::Report;
use crate::{arrow, parquet2};
use ::parquet2::encoding as older;
use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::data_type::{ByteArray, ByteArrayType};
use pq_encoding::{delta_byte_array, delta_length_byte_array};
use std::hint::black_box;

/// Offsets and data.
pub type Arrays = (Vec<i32>, Vec<u8>);

const LENGTH: Encoding = Encoding::DELTA_LENGTH_BYTE_ARRAY;
const PREFIX: Encoding = Encoding::DELTA_BYTE_ARRAY;

pub fn contests(report: &mut Report) {
    for (case, texts) in all_texts() {
        encode_delta_length(report, case, &texts);
    }
    for (case, texts) in all_texts() {
        decode_delta_length(report, case, &texts);
    }
    for (case, texts) in all_texts() {
        encode_delta(report, case, &texts);
    }
    for (case, texts) in all_texts() {
        decode_delta(report, case, &texts);
    }
    for (case, texts) in all_texts() {
        decode_delta_of_unknown_len(report, case, &texts);
    }
}

/// Ours against arrow-rs: offsets and data, or `ByteArray`s in one buffer, to bytes.
pub fn encode<'a>(
    encoding: Encoding,
    texts: &'a Texts,
    theirs: &'a [ByteArray],
    ours: impl Fn(&[i32], &[u8], &mut Vec<u8>) + 'a,
) -> Contest<'a, Vec<u8>> {
    let mut out = Vec::with_capacity(2 * texts.data.len() + 8 * VALUES);
    let mut encoder = arrow::encoder::<ByteArrayType>(encoding, 0);
    Contest::new(VALUES, move |bytes: Vec<u8>| {
        let found = arrow::decode::<ByteArrayType>(encoding, &bytes, VALUES, 0);
        assert_eq!(found, theirs);
    })
    .with("pq", move |done| {
        out.clear();
        let texts = black_box(texts);
        ours(&texts.offsets, &texts.data, &mut out);
        done(&|| out.clone());
    })
    .with(arrow::NAME, move |done| {
        encoder.put(black_box(theirs)).unwrap();
        let bytes = encoder.flush_buffer().unwrap();
        done(&|| bytes.to_vec());
    })
}

/// Ours against arrow-rs: bytes to offsets and data, or to `ByteArray`s.
pub fn decode<'a>(
    encoding: Encoding,
    texts: &'a Texts,
    bytes: &'a Bytes,
    mut ours: impl FnMut(&'a [u8], &mut [i32], Done<'_, Arrays>) + 'a,
) -> Contest<'a, Arrays> {
    let mut decoder = arrow::decoder::<ByteArrayType>(encoding, 0);
    let mut offsets = vec![0; VALUES + 1];
    let mut values = vec![ByteArray::default(); VALUES];
    Contest::new(VALUES, |(offsets, data): Arrays| {
        assert_eq!(offsets, texts.offsets);
        assert_eq!(data, texts.data);
    })
    .with("pq", move |done| {
        ours(black_box(bytes), &mut offsets, done);
    })
    .with(arrow::NAME, move |done| {
        decoder.set_data(black_box(bytes).clone(), VALUES).unwrap();
        decoder.get(&mut values).unwrap();
        done(&|| {
            let (mut offsets, mut data) = (vec![0], Vec::new());
            for value in &values {
                data.extend_from_slice(value.data());
                offsets.push(data.len() as i32);
            }
            (offsets, data)
        });
    })
}

fn encode_delta_length(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry("DELTA_LENGTH_BYTE_ARRAY encode", case) else {
        return;
    };
    let (theirs, slices) = (texts.byte_arrays(), texts.slices());
    let mut olders = Vec::with_capacity(2 * texts.data.len() + 8 * VALUES);
    let contest = encode(LENGTH, texts, &theirs, |offsets, data, out| {
        delta_length_byte_array::encode(offsets, data, out).unwrap();
    });
    entry.run(contest.with(parquet2::NAME, |done| {
        olders.clear();
        older::delta_length_byte_array::encode(black_box(&slices).iter(), &mut olders);
        done(&|| olders.clone());
    }));
}

/// To offsets and data that stands in the page.
fn decode_delta_length(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry("DELTA_LENGTH_BYTE_ARRAY decode", case) else {
        return;
    };
    let bytes = arrow::encode::<ByteArrayType>(LENGTH, &texts.byte_arrays(), 0);
    let mut older_offsets = vec![0; VALUES + 1];
    let contest = decode(LENGTH, texts, &bytes, |bytes, offsets, done| {
        let (data, _) = delta_length_byte_array::decode(bytes, offsets).unwrap();
        done(&|| (offsets.to_vec(), data.to_vec()));
    });
    entry.run(contest.with(parquet2::NAME, |done| {
        let data = parquet2::decode_delta_length(black_box(&bytes), &mut older_offsets);
        done(&|| (older_offsets.clone(), data.to_vec()));
    }));
}

fn encode_delta(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry("DELTA_BYTE_ARRAY encode", case) else {
        return;
    };
    let (theirs, slices) = (texts.byte_arrays(), texts.slices());
    let mut olders = Vec::with_capacity(2 * texts.data.len() + 8 * VALUES);
    let contest = encode(PREFIX, texts, &theirs, |offsets, data, out| {
        delta_byte_array::encode(offsets, data, out).unwrap();
    });
    entry.run(contest.with(parquet2::NAME, |done| {
        olders.clear();
        older::delta_byte_array::encode(black_box(&slices).iter().copied(), &mut olders);
        done(&|| olders.clone());
    }));
}

/// Into a buffer that is known to be large enough.
fn decode_delta(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry("DELTA_BYTE_ARRAY decode", case) else {
        return;
    };
    let bytes = arrow::encode::<ByteArrayType>(PREFIX, &texts.byte_arrays(), 0);
    let mut data = vec![0; texts.data.len()];
    let (mut prefixes, mut suffix_ends) = (Vec::with_capacity(VALUES), vec![0; VALUES]);
    let (mut older_offsets, mut older_data) = (vec![0; VALUES + 1], Vec::new());
    let contest = decode(PREFIX, texts, &bytes, move |bytes, offsets, done| {
        delta_byte_array::decode(bytes, offsets, &mut data).unwrap();
        done(&|| (offsets.to_vec(), data.clone()));
    });
    entry.run(contest.with(parquet2::NAME, |done| {
        parquet2::decode_delta_byte_array(
            black_box(&bytes),
            &mut prefixes,
            &mut suffix_ends,
            &mut older_offsets,
            &mut older_data,
        );
        done(&|| (older_offsets.clone(), older_data.clone()));
    }));
}

/// Into a buffer of a size that has to be found out first.
fn decode_delta_of_unknown_len(report: &mut Report, case: &str, texts: &Texts) {
    let Some(entry) = report.entry("DELTA_BYTE_ARRAY decode", format!("{case}, size unknown"))
    else {
        return;
    };
    let bytes = arrow::encode::<ByteArrayType>(PREFIX, &texts.byte_arrays(), 0);
    let mut data = Vec::new();
    entry.run(decode(
        PREFIX,
        texts,
        &bytes,
        move |bytes, offsets, done| {
            data.resize(delta_byte_array::decoded_len(bytes, VALUES).unwrap(), 0);
            delta_byte_array::decode(bytes, offsets, &mut data).unwrap();
            done(&|| (offsets.to_vec(), data.clone()));
        },
    ));
}
