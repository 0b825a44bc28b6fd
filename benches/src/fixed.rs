//! Contests over fixed-length byte arrays, whatever their encoding.

use crate::contest::Contest;
use crate::data::VALUES;
use crate::peers::arrow;
use crate::peers::arrow_arrays::{self, Arrays};
use arrow_array::{Array, FixedSizeBinaryArray};
use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::data_type::{ByteArray, FixedLenByteArray, FixedLenByteArrayType};
use std::hint::black_box;

/// The values as arrow-rs has them, all in one buffer.
fn values_of(fixed: &[u8], width: usize) -> Vec<FixedLenByteArray> {
    let bytes = Bytes::from(fixed.to_vec());
    (0..VALUES)
        .map(|row| ByteArray::from(bytes.slice(row * width..(row + 1) * width)).into())
        .collect()
}

fn bytes_of(values: &[FixedLenByteArray]) -> Vec<u8> {
    let values = values.iter().map(|value| value.data());
    values.collect::<Vec<_>>().concat()
}

/// What arrow-rs encodes.
pub fn page(encoding: Encoding, fixed: &[u8], width: usize) -> Bytes {
    arrow::encode::<FixedLenByteArrayType>(encoding, &values_of(fixed, width), width)
}

/// Ours against arrow-rs: values of `width` bytes, back to back, to bytes.
pub fn encode<'a>(
    encoding: Encoding,
    fixed: &'a [u8],
    width: usize,
    ours: impl Fn(&[u8], &mut Vec<u8>) + 'a,
) -> Contest<'a, Vec<u8>> {
    let theirs = values_of(fixed, width);
    let mut encoder = arrow::encoder::<FixedLenByteArrayType>(encoding, width);
    Contest::new(VALUES, move |bytes: Vec<u8>| {
        let found = arrow::decode::<FixedLenByteArrayType>(encoding, &bytes, VALUES, width);
        assert_eq!(bytes_of(&found), fixed);
    })
    .appends("pq", move |out| ours(black_box(fixed), out))
    .with(arrow::NAME, move |done| {
        encoder.put(black_box(&theirs)).unwrap();
        let bytes = encoder.flush_buffer().unwrap();
        done(&|| bytes.to_vec());
    })
}

/// Ours against arrow-rs: what `page` returns to values of `width` bytes, back to back.
pub fn decode<'a>(
    encoding: Encoding,
    page: &'a Bytes,
    fixed: &'a [u8],
    width: usize,
    ours: impl Fn(&[u8], &mut [u8]) + 'a,
) -> Contest<'a, Vec<u8>> {
    let mut decoder = arrow::decoder::<FixedLenByteArrayType>(encoding, width);
    let mut theirs = vec![FixedLenByteArray::default(); VALUES];
    let mut arrays = Arrays::of_fixed(encoding, page, VALUES, width);
    Contest::new(VALUES, move |found: Vec<u8>| assert_eq!(found, fixed))
        .fills("pq", fixed.len(), move |out| ours(black_box(page), out))
        .with(arrow::NAME, move |done| {
            decoder.set_data(black_box(page).clone(), VALUES).unwrap();
            decoder.get(&mut theirs).unwrap();
            done(&|| bytes_of(&theirs));
        })
        .with(arrow_arrays::NAME, move |done| {
            let array = arrays.next();
            done(&|| {
                let array = array.as_any().downcast_ref::<FixedSizeBinaryArray>();
                array.unwrap().value_data().to_vec()
            });
        })
}
