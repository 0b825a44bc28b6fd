//! Decimals of one scale.

use super::{Object, ObjectEncoding};
use crate::error::WriteError;

/// Digits that every decimal of 128 bits may have.
const WIDEST: u8 = 38;

/// The object as an unscaled integer of this scale and precision.
pub(super) fn unscaled(object: &Object<'_>, precision: u8, scale: u8) -> Result<i128, String> {
    let (value, from) = parts(object).ok_or_else(|| {
        format!(
            "{} in a column of decimal({precision}, {scale})",
            object.kind()
        )
    })?;
    rescale(value, from, scale)
        .filter(|value| digits(*value) <= precision)
        .ok_or_else(|| {
            let value = text(value, from);
            format!("{value} is not exact as decimal({precision}, {scale})")
        })
}

/// The encoding of the fewest digits that holds all decimals and integers of a column exactly.
pub(super) fn widest(name: &str, objects: &[Object<'_>]) -> Result<ObjectEncoding, WriteError> {
    let (mut whole, mut scale) = (0, 0);
    for (row, object) in objects.iter().enumerate() {
        // What is no decimal is found when the column is built.
        let Some((value, own_scale)) = parts(object) else {
            continue;
        };
        whole = digits(value).saturating_sub(own_scale).max(whole);
        scale = own_scale.max(scale);
        if whole.saturating_add(scale) > WIDEST {
            return Err(WriteError::InvalidValue {
                column: name.to_owned(),
                row,
                reason: format!(
                    "with {} the column takes decimals of more than {WIDEST} digits",
                    text(value, own_scale)
                ),
            });
        }
    }
    Ok(ObjectEncoding::Decimal {
        precision: (whole + scale).max(1),
        scale,
    })
}

/// The unscaled value and the scale.
fn parts(object: &Object<'_>) -> Option<(i128, u8)> {
    match *object {
        Object::Decimal { unscaled, scale } => Some((unscaled, scale)),
        Object::Int(value) => Some((value.into(), 0)),
        Object::UInt(value) => Some((value.into(), 0)),
        _ => None,
    }
}

/// `value / 10^from` as a multiple of `1 / 10^to`, if it is one that 128 bits hold.
fn rescale(value: i128, from: u8, to: u8) -> Option<i128> {
    if value == 0 {
        return Some(0);
    }
    let power = 10_i128.checked_pow(from.abs_diff(to).into())?;
    if to >= from {
        return value.checked_mul(power);
    }
    (value % power == 0).then_some(value / power)
}

fn digits(value: i128) -> u8 {
    // At most 39, as 2^127 has.
    value
        .unsigned_abs()
        .checked_ilog10()
        .map_or(0, |log| log as u8 + 1)
}

/// The decimal in digits, with all that are behind the point.
pub(super) fn text(unscaled: i128, scale: u8) -> String {
    let sign = if unscaled < 0 { "-" } else { "" };
    let scale = usize::from(scale);
    let digits = format!("{:0>1$}", unscaled.unsigned_abs(), scale + 1);
    let (whole, behind) = digits.split_at(digits.len() - scale);
    let point = if behind.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{behind}")
}

#[cfg(test)]
mod tests {
    use super::{digits, rescale, text};
    use proptest::prelude::*;

    #[test]
    fn decimals_read_as_they_are_written() {
        for (unscaled, scale, expected) in [
            (0, 0, "0"),
            (0, 2, "0.00"),
            (5, 0, "5"),
            (-5, 1, "-0.5"),
            (-12_345, 2, "-123.45"),
            (7, 3, "0.007"),
            (i128::MIN, 0, "-170141183460469231731687303715884105728"),
        ] {
            assert_eq!(text(unscaled, scale), expected);
        }
    }

    #[test]
    fn digits_are_those_of_the_text() {
        assert_eq!(digits(0), 0);
        assert_eq!(digits(9), 1);
        assert_eq!(digits(-10), 2);
        assert_eq!(digits(i128::MIN), 39);
    }

    proptest! {
        #[test]
        fn a_rescaled_decimal_is_the_same_number(value: i128, from in 0_u8..45, to in 0_u8..45) {
            if let Some(there) = rescale(value, from, to) {
                prop_assert_eq!(rescale(there, to, from), Some(value));
            } else {
                prop_assert_ne!(value, 0);
            }
        }

        #[test]
        fn zeros_behind_the_point_come_and_go(value in -1_000_000_i128..1_000_000, more in 0_u8..20) {
            let power = 10_i128.pow(more.into());
            prop_assert_eq!(rescale(value, 3, 3 + more), Some(value * power));
            prop_assert_eq!(rescale(value * power, 3 + more, 3), Some(value));
            if more > 0 {
                prop_assert_eq!(rescale(value * power + 1, 3 + more, 3), None);
            }
        }
    }
}
