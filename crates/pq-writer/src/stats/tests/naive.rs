//! How values compare, the obvious way.

use crate::schema::DataType;
use proptest::prelude::*;
use std::cmp::Ordering;

/// How two values compare, or `None` if one of them is not a number.
pub(super) fn compare(data_type: &DataType, a: &[u8], b: &[u8]) -> Option<Ordering> {
    match data_type {
        DataType::Boolean => Some(a[0].cmp(&b[0])),
        DataType::UInt32 | DataType::UInt64 => Some(unsigned(a).cmp(&unsigned(b))),
        DataType::Int32 | DataType::Int64 => Some(signed(a).cmp(&signed(b))),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            float(a).partial_cmp(&float(b))
        }
        DataType::Decimal { .. } => {
            // Without its sign bit, an integer that is 2^(bits − 1) higher.
            let lifted = |value: &[u8]| {
                let mut value = value.to_vec();
                value[0] = value[0].wrapping_add(0x80);
                value
            };
            Some(lifted(a).cmp(&lifted(b)))
        }
        _ => Some(a.cmp(b)),
    }
}

/// The same, where what is not a number is above all numbers.
pub(super) fn compare_values(data_type: &DataType, a: &[u8], b: &[u8]) -> Ordering {
    let is_nan = |value: &[u8]| compare(data_type, value, value).is_none();
    compare(data_type, a, b).unwrap_or_else(|| is_nan(a).cmp(&is_nan(b)))
}

fn unsigned(value: &[u8]) -> u64 {
    value
        .iter()
        .rev()
        .fold(0, |high, byte| high << 8 | u64::from(*byte))
}

fn signed(value: &[u8]) -> i64 {
    match value.len() {
        4 => i64::from(unsigned(value) as i32),
        _ => unsigned(value) as i64,
    }
}

pub(super) fn float(value: &[u8]) -> f64 {
    match value.len() {
        2 => {
            let bits = unsigned(value);
            let (exponent, fraction) = (bits >> 10 & 31, (bits & 1023) as f64);
            let magnitude = match exponent {
                0 => fraction * 2_f64.powi(-24),
                31 if fraction == 0.0 => f64::INFINITY,
                31 => f64::NAN,
                _ => (1024.0 + fraction) * 2_f64.powi(exponent as i32 - 25),
            };
            if bits >> 15 == 1 {
                -magnitude
            } else {
                magnitude
            }
        }
        4 => f64::from(f32::from_bits(unsigned(value) as u32)),
        _ => f64::from_bits(unsigned(value)),
    }
}

pub(super) fn types() -> Vec<DataType> {
    let decimal = |precision| DataType::Decimal {
        precision,
        scale: 2,
    };
    vec![
        DataType::Boolean,
        DataType::Int32,
        DataType::UInt32,
        DataType::Int64,
        DataType::UInt64,
        DataType::Float16,
        DataType::Float32,
        DataType::Float64,
        DataType::String,
        DataType::Binary,
        DataType::FixedBinary(1),
        DataType::FixedBinary(8),
        DataType::FixedBinary(11),
        DataType::FixedBinary(20),
        decimal(20),
        decimal(38),
        decimal(50),
    ]
}

/// A type and rows of it: numbers of all sizes, of both signs, those that are none; byte strings
/// with common beginnings.
pub(super) fn column(rows: usize) -> impl Strategy<Value = (DataType, Vec<Option<Vec<u8>>>)> {
    proptest::sample::select(types()).prop_flat_map(move |data_type| {
        let value = value(&data_type);
        let row = prop_oneof![1 => Just(None), 3 => value.prop_map(Some)];
        (Just(data_type), proptest::collection::vec(row, 0..rows))
    })
}

fn value(data_type: &DataType) -> BoxedStrategy<Vec<u8>> {
    let number = prop_oneof![
        any::<i64>(),
        any::<i64>().prop_map(|value| value >> 50),
        proptest::sample::select(vec![0, 1, -1, i64::MAX, i64::MIN]),
    ];
    let bytes = |len: proptest::collection::SizeRange| {
        let byte = prop_oneof![4 => Just(0_u8), 4 => Just(0xFF), 1 => any::<u8>()];
        proptest::collection::vec(byte, len)
    };
    let width = match data_type {
        DataType::FixedBinary(width) => *width as usize,
        DataType::Decimal { precision: 20, .. } => 9,
        DataType::Decimal { precision: 38, .. } => 16,
        DataType::Decimal { .. } => 21,
        _ => 0,
    };
    match data_type {
        DataType::Boolean => any::<bool>().prop_map(|value| vec![value.into()]).boxed(),
        DataType::Float16 => prop_oneof![
            any::<u16>(),
            proptest::sample::select(vec![0, 0x8000, 0x7C00, 0xFC00, 0x7E00, 0xFFFF]),
        ]
        .prop_map(|bits| bits.to_le_bytes().to_vec())
        .boxed(),
        DataType::Float32 => prop_oneof![
            proptest::num::f32::ANY,
            proptest::sample::select(vec![0.0, -0.0, f32::NAN, -f32::NAN, f32::INFINITY]),
        ]
        .prop_map(|value| value.to_le_bytes().to_vec())
        .boxed(),
        DataType::Float64 => prop_oneof![
            proptest::num::f64::ANY,
            proptest::sample::select(vec![0.0, -0.0, f64::NAN, -f64::NAN, f64::NEG_INFINITY]),
        ]
        .prop_map(|value| value.to_le_bytes().to_vec())
        .boxed(),
        DataType::Int32 | DataType::UInt32 => number
            .prop_map(|value| (value as i32).to_le_bytes().to_vec())
            .boxed(),
        DataType::Int64 | DataType::UInt64 => number
            .prop_map(|value| value.to_le_bytes().to_vec())
            .boxed(),
        DataType::String => "[a\u{0}\u{7F}é\u{D7FF}\u{10FFFF}]{0,12}"
            .prop_map(String::into_bytes)
            .boxed(),
        DataType::Binary => bytes((0..20).into()).boxed(),
        _ => bytes(width.into()).boxed(),
    }
}
