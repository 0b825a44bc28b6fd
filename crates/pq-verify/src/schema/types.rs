//! Logical, converted and physical type of an element agree.

use super::kind::{self, Kind};
use crate::notes::Notes;
use crate::rule::Rule;
use pq_format::{ConvertedType, LogicalType, SchemaElement, Type};

/// Checks the types of an element; returns what its values mean.
pub(super) fn check(element: &SchemaElement, notes: &mut Notes<'_>) -> Kind {
    let length = element.type_length.unwrap_or(0);
    let is_group = element.num_children.is_some_and(|children| children > 0);
    let mut suits = true;
    if let Some(logical) = &element.logical_type {
        suits = match element.r#type {
            Some(physical) if !is_group => kind::may_annotate(logical, physical, length),
            _ => matches!(
                logical,
                LogicalType::Map(_)
                    | LogicalType::List(_)
                    | LogicalType::Variant(_)
                    | LogicalType::File(_)
                    | LogicalType::Other(_)
            ),
        };
        notes.check(Rule::LogicalPhysical, suits, || {
            format!("{logical:?} on {}", physical_name(element))
        });
        check_converted(element, logical, notes);
    } else if let Some(converted) = element.converted_type {
        suits = match element.r#type {
            Some(physical) if !is_group => {
                kind::converted_may_annotate(converted, physical, length)
            }
            _ => matches!(
                converted,
                ConvertedType::MAP | ConvertedType::LIST | ConvertedType::MAP_KEY_VALUE
            ),
        };
        notes.check(Rule::LogicalPhysical, suits, || {
            format!("{converted:?} on {}", physical_name(element))
        });
        let has_logical = !matches!(
            converted,
            ConvertedType::MAP_KEY_VALUE | ConvertedType::INTERVAL
        );
        notes.check(Rule::LogicalMissing, !has_logical, || {
            format!("{converted:?} only")
        });
    }
    check_decimal(element, notes);
    if suits {
        Kind::of(element)
    } else {
        Kind::Unknown
    }
}

fn physical_name(element: &SchemaElement) -> String {
    match (element.r#type, element.type_length) {
        (Some(Type::FIXED_LEN_BYTE_ARRAY), Some(length)) => {
            format!("FIXED_LEN_BYTE_ARRAY({length})")
        }
        (Some(physical), _) => format!("{physical:?}"),
        (None, _) => "a group".to_owned(),
    }
}

fn check_converted(element: &SchemaElement, logical: &LogicalType, notes: &mut Notes<'_>) {
    let expected = kind::converted_of(logical);
    let is_known = !matches!(logical, LogicalType::Other(_));
    match (expected, element.converted_type) {
        (Some(expected), None) => notes.say(Rule::ConvertedMissing, || {
            format!("no converted type, {expected:?} says the same")
        }),
        (expected, Some(converted)) if expected != Some(converted) && is_known => {
            // That of a map's inner group, which some writers give the outer one.
            let is_old_map =
                expected == Some(ConvertedType::MAP) && converted == ConvertedType::MAP_KEY_VALUE;
            notes.check(Rule::ConvertedDiffers, is_old_map, || {
                format!("{converted:?} beside {logical:?}")
            });
        }
        _ => {}
    }
}

fn check_decimal(element: &SchemaElement, notes: &mut Notes<'_>) {
    let logical = match &element.logical_type {
        Some(LogicalType::Decimal(decimal)) => Some((decimal.precision, decimal.scale)),
        _ => None,
    };
    let is_converted = element.converted_type == Some(ConvertedType::DECIMAL);
    let stated = (element.precision, element.scale.unwrap_or(0));
    let Some((precision, scale)) =
        logical.or_else(|| is_converted.then(|| (stated.0.unwrap_or(0), stated.1)))
    else {
        return;
    };
    if is_converted {
        notes.check(Rule::DecimalPrecision, stated.0 == Some(precision), || {
            format!("precision {precision}, and {:?} in the element", stated.0)
        });
        notes.check(Rule::DecimalScale, stated.1 == scale, || {
            format!("scale {scale}, and {} in the element", stated.1)
        });
    }
    let most = most_digits(element);
    notes.check(
        Rule::DecimalPrecision,
        precision > 0 && most.is_none_or(|most| precision <= most),
        || format!("precision {precision} on {}", physical_name(element)),
    );
    notes.check(Rule::DecimalScale, (0..=precision).contains(&scale), || {
        format!("scale {scale} with precision {precision}")
    });
}

/// The most digits that each number of so many fits the physical type.
fn most_digits(element: &SchemaElement) -> Option<i32> {
    match element.r#type? {
        Type::INT32 => Some(9),
        Type::INT64 => Some(18),
        Type::FIXED_LEN_BYTE_ARRAY => {
            let bits = f64::from(element.type_length?) * 8.0 - 1.0;
            // Never a whole number, so that it can be rounded down.
            Some((bits * std::f64::consts::LOG10_2).floor() as i32)
        }
        _ => None,
    }
}
