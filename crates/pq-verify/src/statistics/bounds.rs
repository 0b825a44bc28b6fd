//! Bounds against the values they are of.

use super::Domain;
use super::order::{Key, Order};
use super::summary::Summary;
use crate::notes::Notes;
use crate::rule::Rule;
use crate::schema::Kind;
use std::cmp::Ordering;

/// Bounds as they are stated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds<'a> {
    pub(crate) min: Option<&'a [u8]>,
    pub(crate) max: Option<&'a [u8]>,
    pub(crate) min_is_exact: bool,
    pub(crate) max_is_exact: bool,
}

/// The rules that bounds break, by where they are stated.
#[derive(Debug)]
pub(crate) struct Rules {
    form: Rule,
    nan: Rule,
    zero: Rule,
    undefined: Rule,
    min: Rule,
    max: Rule,
}

/// In a struct `Statistics`.
pub(crate) const IN_STATISTICS: Rules = Rules {
    form: Rule::BoundForm,
    nan: Rule::BoundNan,
    zero: Rule::BoundZero,
    undefined: Rule::StatisticsUndefined,
    min: Rule::MinBound,
    max: Rule::MaxBound,
};

/// In a column index.
pub(crate) const IN_INDEX: Rules = Rules {
    form: Rule::IndexBoundForm,
    nan: Rule::IndexBoundForm,
    zero: Rule::IndexBoundZero,
    undefined: Rule::IndexUndefined,
    min: Rule::IndexMinBound,
    max: Rule::IndexMaxBound,
};

/// One of two bounds.
struct Side<'a> {
    name: &'static str,
    stated: &'a [u8],
    exact: Option<Rule>,
    /// The value nearest to the bound.
    value: Option<&'a Key>,
    /// How a bound that is wrong compares to it.
    wrong: Ordering,
    rule: Rule,
    /// The sign bit that a zero should not have set, or have.
    zero_is_negative: bool,
}

/// Checks bounds against what the values are.
pub(crate) fn check_bounds(
    bounds: &Bounds<'_>,
    domain: Domain,
    summary: &Summary,
    rules: &Rules,
    notes: &mut Notes<'_>,
) {
    if bounds.min.is_none() && bounds.max.is_none() {
        return;
    }
    let order = domain.order;
    match order {
        Order::Undefined => {
            notes.say(rules.undefined, || "bounds without an order".to_owned());
            return;
        }
        Order::Unknown => return,
        _ => {}
    }
    if summary.count == 0 {
        notes.say(Rule::BoundEmpty, || "bounds of no values".to_owned());
        return;
    }
    // Bounds are NaN only where there is nothing else, and the order has a place for it.
    let only_nan = order.is_total() && summary.nans == summary.count;
    let (low, high) = match &summary.nan_bounds {
        Some((low, high)) if only_nan => (Some(low), Some(high)),
        _ => (summary.min.as_ref(), summary.max.as_ref()),
    };
    let min = bounds.min.map(|stated| Side {
        name: "min",
        stated,
        exact: bounds.min_is_exact.then_some(Rule::MinExact),
        value: low,
        wrong: Ordering::Greater,
        rule: rules.min,
        zero_is_negative: true,
    });
    let max = bounds.max.map(|stated| Side {
        name: "max",
        stated,
        exact: bounds.max_is_exact.then_some(Rule::MaxExact),
        value: high,
        wrong: Ordering::Less,
        rule: rules.max,
        zero_is_negative: false,
    });
    for side in [min, max].into_iter().flatten() {
        check_side(&side, domain, only_nan, rules, notes);
    }
}

fn check_side(
    side: &Side<'_>,
    domain: Domain,
    only_nan: bool,
    rules: &Rules,
    notes: &mut Notes<'_>,
) {
    let (name, order) = (side.name, domain.order);
    if order.is_nan(side.stated) && !only_nan {
        notes.say(rules.nan, || format!("{name} is NaN"));
        return;
    }
    let is_text = domain.kind != Kind::Text || std::str::from_utf8(side.stated).is_ok();
    let fits = domain.width.is_none_or(|width| side.stated.len() == width);
    let Some(stated) = order.key(side.stated).filter(|_| is_text && fits) else {
        notes.say(rules.form, || {
            format!("{name} is {}", Key::Bytes(side.stated.to_vec()))
        });
        return;
    };
    if order.is_float() && !order.is_total() && stated == Key::Number(0) {
        let is_negative = side.stated.last().is_some_and(|byte| byte & 0x80 != 0);
        notes.check(rules.zero, is_negative == side.zero_is_negative, || {
            format!("{name} is {}0.0", if is_negative { "-" } else { "+" })
        });
    }
    let Some(value) = side.value else {
        return;
    };
    let compared = order.compare(&stated, value);
    if compared == side.wrong {
        notes.say(side.rule, || {
            format!("{name} is {stated}, there is a value {value}")
        });
    } else if compared != Ordering::Equal
        && let Some(rule) = side.exact
    {
        notes.say(rule, || {
            format!("{name} is {stated}, the nearest value {value}")
        });
    }
}

/// Whether bounds can be stated of these values.
pub(crate) fn is_defined(order: Order, summary: &Summary) -> bool {
    match order {
        Order::Undefined => false,
        _ => order.is_total() || summary.count == 0 || summary.nans < summary.count,
    }
}
