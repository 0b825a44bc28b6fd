use super::*;
use crate::schema::{DataType, Field};
use std::borrow::Cow;

fn leaf(data_type: DataType) -> Leaf {
    Leaf::of(&Field::new("x", data_type, true)).unwrap()
}

fn of(data_type: DataType, values: Physical<'_>) -> Option<Bounds> {
    let run = Run {
        values: &values,
        start: 0,
        end: values.len(),
    };
    bounds(&leaf(data_type), std::iter::once(run), 8)
}

#[test]
fn unsigned_integers_compare_unsigned() {
    let found = of(
        DataType::UInt32,
        Physical::Int32(Cow::Owned(vec![-1, 5, 7])),
    )
    .unwrap();
    assert_eq!(found.min, 5u32.to_le_bytes());
    assert_eq!(found.max, u32::MAX.to_le_bytes());
}

#[test]
fn nan_is_no_bound_and_zeros_are_signed_outwards() {
    let values = vec![f64::NAN, 0.0, -0.0];
    let found = of(DataType::Float64, Physical::Double(Cow::Owned(values))).unwrap();
    assert_eq!(found.min, (-0.0f64).to_le_bytes());
    assert_eq!(found.max, 0.0f64.to_le_bytes());
    assert_eq!(
        of(
            DataType::Float64,
            Physical::Double(Cow::Owned(vec![f64::NAN]))
        ),
        None
    );
}

#[test]
fn half_floats_compare_as_numbers() {
    // −2, 1, NaN, +0 as half-precision floats.
    let data = [0xC000u16, 0x3C00, 0x7E00, 0]
        .iter()
        .flat_map(|bits| bits.to_le_bytes())
        .collect();
    let found = of(
        DataType::Float16,
        Physical::Fixed {
            width: 2,
            data: Cow::Owned(data),
        },
    )
    .unwrap();
    assert_eq!(found.min, 0xC000u16.to_le_bytes());
    assert_eq!(found.max, 0x3C00u16.to_le_bytes());
}

#[test]
fn wide_decimals_compare_as_signed_numbers() {
    let decimal = DataType::Decimal {
        precision: 20,
        scale: 0,
    };
    let minus_one = [0xFF; 9];
    let mut two = [0; 9];
    two[8] = 2;
    let data = [two, minus_one].concat();
    let found = of(
        decimal,
        Physical::Fixed {
            width: 9,
            data: Cow::Owned(data),
        },
    )
    .unwrap();
    assert_eq!(found.min, minus_one);
    assert_eq!(found.max, two);
}

#[test]
fn long_text_is_cut_and_marked() {
    let found = of(
        DataType::String,
        Physical::Bytes64 {
            offsets: Cow::Owned(vec![0, 10, 13]),
            data: Cow::Borrowed(b"aaaaaaaaaazzz"),
        },
    )
    .unwrap();
    assert_eq!(
        (found.min.as_slice(), found.min_is_exact),
        (b"aaaaaaaa".as_slice(), false)
    );
    assert_eq!(
        (found.max.as_slice(), found.max_is_exact),
        (b"zzz".as_slice(), true)
    );
}
