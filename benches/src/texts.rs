//! Contests over byte arrays, whatever their encoding.

use crate::contest::Contest;
use crate::data::{Texts, VALUES};
use crate::peers::arrow;
use crate::peers::arrow_arrays::{self, Arrays};
use arrow_array::{Array, BinaryArray};
use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::data_type::{ByteArray, ByteArrayType};
use std::hint::black_box;

/// What decoders come to: offsets, and data that they stand for.
pub type OffsetsAndData = (Vec<i32>, Vec<u8>);

fn offsets_and_data<'v>(values: impl Iterator<Item = &'v [u8]>) -> OffsetsAndData {
    let (mut offsets, mut data) = (vec![0], Vec::new());
    for value in values {
        data.extend_from_slice(value);
        offsets.push(data.len() as i32);
    }
    (offsets, data)
}

/// What arrow-rs encodes.
pub fn page(encoding: Encoding, texts: &Texts) -> Bytes {
    arrow::encode::<ByteArrayType>(encoding, &texts.byte_arrays(), 0)
}

/// Ours against arrow-rs: byte arrays to bytes, which arrow-rs must find the values in. It takes
/// a `ByteArray` for each value, all of them in one buffer.
pub fn encode<'a>(
    encoding: Encoding,
    texts: &'a Texts,
    ours: impl Fn(&mut Vec<u8>) + 'a,
) -> Contest<'a, Vec<u8>> {
    let theirs = texts.byte_arrays();
    let mut encoder = arrow::encoder::<ByteArrayType>(encoding, 0);
    Contest::new(VALUES, move |bytes: Vec<u8>| {
        let found = arrow::decode::<ByteArrayType>(encoding, &bytes, VALUES, 0);
        assert!(found.iter().map(ByteArray::data).eq(texts.slices()));
    })
    .appends("pq", ours)
    .with(arrow::NAME, move |done| {
        encoder.put(black_box(&theirs)).unwrap();
        let bytes = encoder.flush_buffer().unwrap();
        done(&|| bytes.to_vec());
    })
}

/// A contest of decoders.
pub fn decode(texts: &Texts) -> Contest<'_, OffsetsAndData> {
    Contest::new(VALUES, |(offsets, data): OffsetsAndData| {
        assert_eq!(offsets, texts.offsets);
        assert_eq!(data, texts.data);
    })
}

impl<'a> Contest<'a, OffsetsAndData> {
    /// Adds a decoder to offsets and data.
    pub fn fills_offsets_and_data(
        self,
        system: &'static str,
        mut run: impl FnMut(&mut [i32], &mut Vec<u8>) + 'a,
    ) -> Self {
        let (mut offsets, mut data) = (vec![0; VALUES + 1], Vec::new());
        self.with(system, move |done| {
            run(&mut offsets, &mut data);
            done(&|| (offsets.clone(), data.clone()));
        })
    }

    /// Adds a decoder to offsets of values that stand in the page, back to back.
    pub fn fills_offsets(
        self,
        system: &'static str,
        run: impl Fn(&mut [i32]) -> &'a [u8] + 'a,
    ) -> Self {
        let mut offsets = vec![0; VALUES + 1];
        self.with(system, move |done| {
            let data = run(&mut offsets);
            done(&|| (offsets.clone(), data.to_vec()));
        })
    }

    /// Adds a decoder to values that stand in the page.
    pub fn fills_slices(self, system: &'static str, run: impl Fn(&mut [&'a [u8]]) + 'a) -> Self {
        let mut values = vec![&[][..]; VALUES];
        self.with(system, move |done| {
            run(&mut values);
            done(&|| offsets_and_data(values.iter().copied()));
        })
    }

    /// Adds the decoder of arrow-rs that makes a `ByteArray` of each value, in the page if it
    /// stands there.
    pub fn with_arrow(self, encoding: Encoding, page: &'a Bytes) -> Self {
        let mut decoder = arrow::decoder::<ByteArrayType>(encoding, 0);
        let mut values = vec![ByteArray::default(); VALUES];
        self.with(arrow::NAME, move |done| {
            decoder.set_data(black_box(page).clone(), VALUES).unwrap();
            decoder.get(&mut values).unwrap();
            done(&|| offsets_and_data(values.iter().map(ByteArray::data)));
        })
    }

    /// Adds the decoder of arrow-rs that makes an Arrow array: offsets and data.
    pub fn with_arrow_arrays(self, encoding: Encoding, page: &Bytes) -> Self {
        let mut arrays = Arrays::of_byte_arrays(encoding, page, VALUES);
        self.with(arrow_arrays::NAME, move |done| {
            let array = arrays.next();
            done(&|| {
                let array = array.as_any().downcast_ref::<BinaryArray>().unwrap();
                (array.value_offsets().to_vec(), array.value_data().to_vec())
            });
        })
    }
}
