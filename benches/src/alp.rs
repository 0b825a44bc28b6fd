//! ALP.

use crate::data::random;
use crate::report::Report;
use crate::typed::both;
use parquet::basic::Encoding;
use parquet::data_type::{DoubleType, FloatType};
use pq_encoding::alp;

const ENCODING: Encoding = Encoding::ALP;
const ENCODE: &str = "ALP encode";
const DECODE: &str = "ALP decode";

macro_rules! decimals {
    ($report:ident, $case:literal, $values:expr, $type:ty, $encode:ident, $decode:ident) => {
        both!(
            $report,
            [ENCODE, DECODE],
            ENCODING,
            $case,
            $values,
            $type,
            alp::$encode,
            alp::$decode
        );
    };
}

pub fn contests(report: &mut Report) {
    let prices: Vec<f64> = random(17).into_iter().map(price).collect();
    let short: Vec<f32> = prices.iter().map(|&price| price as f32).collect();
    let mixed: Vec<f64> = prices.iter().zip(random(32)).map(with_exceptions).collect();
    decimals!(report, "f32", short, FloatType, encode_f32, decode_f32);
    decimals!(report, "f64", prices, DoubleType, encode_f64, decode_f64);
    decimals!(
        report,
        "f64, one in 50 no decimal",
        mixed,
        DoubleType,
        encode_f64,
        decode_f64
    );
}

/// Two decimals.
fn price(cents: u32) -> f64 {
    f64::from(cents) / 100.0
}

fn with_exceptions((&price, chance): (&f64, u32)) -> f64 {
    if chance % 50 == 0 {
        f64::from(chance).sqrt()
    } else {
        price
    }
}
