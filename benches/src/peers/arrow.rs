//! arrow-rs: the encoders and decoders of its crate `parquet`.

use bytes::Bytes;
use parquet::basic::{Encoding, Type as Physical};
use parquet::data_type::DataType;
use parquet::decoding::{Decoder, get_decoder};
use parquet::encoding::{Encoder, get_encoder};
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor, ColumnPath, Type};
use std::sync::Arc;

/// The name of arrow-rs in contests.
pub const NAME: &str = "arrow-rs";

/// A column without nulls; `len` is that of fixed-length byte arrays.
pub fn column(physical: Physical, len: usize) -> ColumnDescPtr {
    let primitive = Type::primitive_type_builder("x", physical)
        .with_length(len as i32)
        .build()
        .unwrap();
    let path = ColumnPath::from("x");
    Arc::new(ColumnDescriptor::new(Arc::new(primitive), 0, 0, path))
}

/// Its encoder of values of `len` bytes.
pub fn encoder<T: DataType>(encoding: Encoding, len: usize) -> Box<dyn Encoder<T>> {
    get_encoder(encoding, &column(T::get_physical_type(), len)).unwrap()
}

/// Its decoder of values of `len` bytes.
pub fn decoder<T: DataType>(encoding: Encoding, len: usize) -> Box<dyn Decoder<T>> {
    get_decoder(column(T::get_physical_type(), len), encoding).unwrap()
}

/// The bytes that it makes of values of `len` bytes.
pub fn encode<T: DataType>(encoding: Encoding, values: &[T::T], len: usize) -> Bytes {
    let mut encoder = encoder::<T>(encoding, len);
    encoder.put(values).unwrap();
    encoder.flush_buffer().unwrap()
}

/// The `count` values of `len` bytes that it finds.
pub fn decode<T: DataType>(
    encoding: Encoding,
    bytes: &[u8],
    count: usize,
    len: usize,
) -> Vec<T::T> {
    let mut decoder = decoder::<T>(encoding, len);
    decoder.set_data(bytes.to_vec().into(), count).unwrap();
    let mut values = vec![T::T::default(); count];
    assert_eq!(decoder.get(&mut values).unwrap(), count);
    values
}
