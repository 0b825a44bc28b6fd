//! ALP.

use pq_encoding::alp;

pub fn check(data: &[u8]) {
    crate::numbers(
        data,
        alp::decode_f32,
        alp::encode_f32,
        alp::max_encoded_len_f32,
    );
    crate::numbers(
        data,
        alp::decode_f64,
        alp::encode_f64,
        alp::max_encoded_len_f64,
    );
}
