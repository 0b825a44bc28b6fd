//! Headers of Bloom filters, and of what is encrypted.

use crate::thrift::there_and_back;
use pq_format::{BloomFilterHeader, FileCryptoMetaData};

pub fn check(data: &[u8]) {
    let _ = there_and_back::<BloomFilterHeader>(data);
    let _ = there_and_back::<FileCryptoMetaData>(data);
}
