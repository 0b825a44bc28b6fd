//! Decimals: unscaled integers of any width, stored in the fewest bytes that their precision
//! takes; LogicalTypes.md, DECIMAL.

use super::each::{self, lend, map};
use super::{Fault, Pass};
use crate::batch::Values;
use crate::leaf::{LeafValues, Pieces};
use crate::nested::Selection;
use crate::schema::Leaf;
use pq_format::Type;

const OUT_OF_RANGE: &str = "the decimal has more digits than its precision";

pub(super) fn values<'a>(
    leaf: &Leaf,
    values: &'a Values<'a>,
    precision: u8,
    selection: &Selection<'_>,
    pass: Pass,
) -> Result<LeafValues<'a>, Fault> {
    if pass == Pass::Check {
        check(values, precision, selection)?;
    }
    Ok(match leaf.physical {
        Type::INT32 => LeafValues::Int32(narrow(values, selection, pass, |value| value as i32)?),
        Type::INT64 => LeafValues::Int64(narrow(values, selection, pass, |value| value as i64)?),
        _ => {
            let width = leaf.fixed_width();
            let wide = wide(values, selection, pass)?;
            let mut data = Vec::with_capacity(wide.len() * width);
            wide.for_each(0..wide.len(), |slice| {
                for value in slice {
                    data.extend(value.iter().take(width).rev());
                }
            });
            LeafValues::Fixed {
                width,
                data: data.into(),
            }
        }
    })
}

/// Errors if a value selected has too many digits.
fn check(values: &Values<'_>, precision: u8, selection: &Selection<'_>) -> Result<(), Fault> {
    macro_rules! of {
        ($type:ident, $values:ident) => {{
            let limit = $type::pow(10, precision.min($type::MAX.ilog10() as u8).into());
            let all_fit = precision > $type::MAX.ilog10() as u8;
            each::check($values, selection, |value| {
                match all_fit | ((-limit < value) & (value < limit)) {
                    true => Ok(()),
                    false => Err(OUT_OF_RANGE),
                }
            })
        }};
    }
    match values {
        Values::Int32(values) => of!(i32, values),
        Values::Int64(values) => of!(i64, values),
        Values::Int128(values) => of!(i128, values),
        Values::Int256(values) => {
            let limit = power_of_ten(precision);
            each::check(values, selection, |value| match magnitude(&value) < limit {
                true => Ok(()),
                false => Err(OUT_OF_RANGE),
            })
        }
        _ => Err(Fault::Form),
    }
}

/// The values selected, which were checked, as integers that have room for them.
fn narrow<'a, T: Copy + Default>(
    values: &'a Values<'a>,
    selection: &Selection<'_>,
    pass: Pass,
    fit: impl Fn(i128) -> T + Send + Sync + 'a,
) -> Result<Pieces<'a, T>, Fault> {
    match values {
        Values::Int32(values) => map(values, selection, pass, move |value| fit(value.into())),
        Values::Int64(values) => map(values, selection, pass, move |value| fit(value.into())),
        Values::Int128(values) => map(values, selection, pass, fit),
        Values::Int256(values) => map(values, selection, pass, move |value| fit(low(&value))),
        _ => Err(Fault::Form),
    }
}

/// The values selected in 32 bytes, little-endian.
fn wide<'a>(
    values: &'a Values<'a>,
    selection: &Selection<'_>,
    pass: Pass,
) -> Result<Pieces<'a, [u8; 32]>, Fault> {
    match values {
        Values::Int32(values) => map(values, selection, pass, |value| widen(value.into())),
        Values::Int64(values) => map(values, selection, pass, |value| widen(value.into())),
        Values::Int128(values) => map(values, selection, pass, widen),
        Values::Int256(values) => lend(values, selection, pass),
        _ => Err(Fault::Form),
    }
}

/// `value` in 32 little-endian bytes.
fn widen(value: i128) -> [u8; 32] {
    let mut wide = [if value < 0 { 0xFF } else { 0 }; 32];
    wide[..16].copy_from_slice(&value.to_le_bytes());
    wide
}

/// The lower half.
fn low(value: &[u8; 32]) -> i128 {
    value
        .first_chunk()
        .map_or(0, |low| i128::from_le_bytes(*low))
}

/// The magnitude of a two's complement integer, as (high, low) halves, which compare as it does.
fn magnitude(value: &[u8; 32]) -> (u128, u128) {
    let mut halves = [[0; 16]; 2];
    halves[0].copy_from_slice(&value[..16]);
    halves[1].copy_from_slice(&value[16..]);
    let [low, high] = halves.map(u128::from_le_bytes);
    if value[31] & 0x80 == 0 {
        return (high, low);
    }
    let (low, carry) = (!low).overflowing_add(1);
    ((!high).wrapping_add(carry.into()), low)
}

/// 10 to the power `digits`, at most 76, as (high, low) halves.
fn power_of_ten(digits: u8) -> (u128, u128) {
    (0..digits).fold((0, 1), |(high, low): (u128, u128), _| {
        // Ten times the low half, its upper part carried: by 64-bit quarters.
        let (upper, lower) = (low >> 64, low & u128::from(u64::MAX));
        let lower = lower * 10;
        let upper = upper * 10 + (lower >> 64);
        let carry = upper >> 64;
        (
            high.wrapping_mul(10).wrapping_add(carry),
            (upper << 64) | (lower & u128::from(u64::MAX)),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{low, magnitude, power_of_ten, widen};

    #[test]
    fn powers_of_ten_agree_with_128_bit_arithmetic_and_carry_beyond_it() {
        for digits in 0..=38 {
            assert_eq!(power_of_ten(digits), (0, 10u128.pow(digits.into())));
        }
        // 10^39 = 2 · 2^128 + 319435266158123073073250785136463577088
        assert_eq!(
            power_of_ten(39),
            (2, 319_435_266_158_123_073_073_250_785_136_463_577_088)
        );
    }

    #[test]
    fn magnitudes_and_widths_round_trip() {
        for value in [0, 1, -1, i128::MAX, i128::MIN, -12_345] {
            assert_eq!(magnitude(&widen(value)), (0, value.unsigned_abs()));
            assert_eq!(low(&widen(value)), value);
        }
    }
}
