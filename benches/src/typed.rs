//! Contests over values that pq and arrow-rs have in the same Rust type.

use crate::contest::Contest;
use crate::peers::arrow;
use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::data_type::DataType;
use std::hint::black_box;

/// Ours against arrow-rs: values to bytes, which arrow-rs must find the values in.
pub fn encode<'a, T: DataType>(
    encoding: Encoding,
    values: &'a [T::T],
    ours: impl Fn(&[T::T], &mut Vec<u8>) + 'a,
) -> Contest<'a, Vec<u8>> {
    let mut encoder = arrow::encoder::<T>(encoding, 0);
    Contest::new(values.len(), move |bytes: Vec<u8>| {
        let found = arrow::decode::<T>(encoding, &bytes, values.len(), 0);
        assert_eq!(found, values);
    })
    .appends("pq", move |out| ours(black_box(values), out))
    .with(arrow::NAME, move |done| {
        encoder.put(black_box(values)).unwrap();
        let bytes = encoder.flush_buffer().unwrap();
        done(&|| bytes.to_vec());
    })
}

/// Ours against arrow-rs: bytes to values.
pub fn decode<'a, T: DataType>(
    encoding: Encoding,
    bytes: &'a Bytes,
    values: &'a [T::T],
    ours: impl Fn(&[u8], &mut [T::T]) + 'a,
) -> Contest<'a, Vec<T::T>> {
    let mut decoder = arrow::decoder::<T>(encoding, 0);
    let mut theirs = vec![T::T::default(); values.len()];
    Contest::new(values.len(), move |found: Vec<T::T>| {
        assert_eq!(found, values);
    })
    .fills("pq", values.len(), move |out| ours(black_box(bytes), out))
    .with(arrow::NAME, move |done| {
        let bytes = black_box(bytes).clone();
        decoder.set_data(bytes, values.len()).unwrap();
        decoder.get(&mut theirs).unwrap();
        done(&|| theirs.clone());
    })
}

/// Both contests of an encoding over values of one type: `encode` takes values and a `Vec`,
/// `decode` bytes and a slice to fill.
macro_rules! both {
    ($report:ident, [$to:expr, $from:expr], $encoding:expr, $case:literal, $values:expr, $type:ty, $encode:path, $decode:path) => {
        let values = $values;
        if let Some(entry) = $report.entry($to, $case) {
            entry.run($crate::typed::encode::<$type>(
                $encoding,
                &values,
                |values, out| $encode(values, out).unwrap(),
            ));
        }
        if let Some(entry) = $report.entry($from, $case) {
            let bytes = $crate::peers::arrow::encode::<$type>($encoding, &values, 0);
            entry.run($crate::typed::decode::<$type>(
                $encoding,
                &bytes,
                &values,
                |bytes, out| assert_eq!($decode(bytes, out), Ok(bytes.len())),
            ));
        }
    };
}
pub(crate) use both;
