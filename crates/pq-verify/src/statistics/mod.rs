//! What footers, page headers and indexes say of values, against the values.

mod bounds;
mod order;
mod sizes;
mod summary;

pub(crate) use bounds::{Bounds, IN_INDEX, IN_STATISTICS, check_bounds, is_defined};
pub(crate) use order::{Key, Order};
pub(crate) use sizes::{check_histogram, check_sizes};
pub(crate) use summary::{Distinct, Summary};

use crate::notes::Notes;
use crate::rule::Rule;
use crate::schema::Kind;
use pq_format::Statistics;

/// What a column's values can be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Domain {
    pub(crate) order: Order,
    pub(crate) kind: Kind,
    /// Bytes of a value, if all have as many.
    pub(crate) width: Option<usize>,
}

/// What was counted of a page or chunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) nulls: u64,
    pub(crate) summary: &'a Summary,
    pub(crate) distinct: Option<u64>,
}

/// Checks the statistics of a page or chunk.
pub(crate) fn check(
    stated: &Statistics,
    domain: Domain,
    counted: Counted<'_>,
    notes: &mut Notes<'_>,
) {
    let order = domain.order;
    if let Some(nulls) = stated.null_count {
        notes.equal(Rule::NullCount, "null_count", nulls, counted.nulls);
    }
    let bounds = Bounds {
        min: stated.min_value.as_deref(),
        max: stated.max_value.as_deref(),
        min_is_exact: stated.is_min_value_exact == Some(true),
        max_is_exact: stated.is_max_value_exact == Some(true),
    };
    check_nans(stated, order, &bounds, counted.summary, notes);
    if let (Some(stated), Some(distinct)) = (stated.distinct_count, counted.distinct) {
        notes.equal(Rule::DistinctCount, "distinct_count", stated, distinct);
    }
    check_bounds(&bounds, domain, counted.summary, &IN_STATISTICS, notes);
    check_legacy(stated, order, counted.summary, notes);
}

fn check_nans(
    stated: &Statistics,
    order: Order,
    bounds: &Bounds<'_>,
    summary: &Summary,
    notes: &mut Notes<'_>,
) {
    match stated.nan_count {
        Some(nans) => notes.equal(Rule::NanCount, "nan_count", nans, summary.nans),
        None if order.is_float() && (bounds.min.is_some() || bounds.max.is_some()) => {
            notes.say(Rule::NanCountMissing, || {
                "bounds without a nan_count".to_owned()
            });
        }
        None => {}
    }
}

fn check_legacy(stated: &Statistics, order: Order, summary: &Summary, notes: &mut Notes<'_>) {
    if stated.min.is_none() && stated.max.is_none() {
        return;
    }
    if !order.is_signed() {
        notes.say(Rule::LegacyUnsigned, || {
            "min and max where the order is not signed".to_owned()
        });
        return;
    }
    let key = |bound: &Option<pq_format::Binary>| order.key(bound.as_deref()?);
    for (bound, is_wrong) in [
        (&stated.min, std::cmp::Ordering::Greater),
        (&stated.max, std::cmp::Ordering::Less),
    ] {
        let value = match is_wrong {
            std::cmp::Ordering::Greater => &summary.min,
            _ => &summary.max,
        };
        // Old writers had NaN here: it bounds nothing, and nothing is known of it.
        if let (Some(stated), Some(value)) = (key(bound), value)
            && order.compare(&stated, value) == is_wrong
        {
            notes.say(Rule::LegacyBound, || {
                format!("{stated} and the value {value}")
            });
        }
    }
}

/// Checks that values are in the range of their logical type.
pub(crate) fn check_range(
    domain: Domain,
    physical: pq_format::Type,
    summary: &Summary,
    notes: &mut Notes<'_>,
) {
    let (Some(min), Some(max)) = (&summary.min, &summary.max) else {
        return;
    };
    let (Some(low), Some(high)) = (number(min), number(max)) else {
        return;
    };
    let is_integer = matches!(physical, pq_format::Type::INT32 | pq_format::Type::INT64);
    let range = match domain.kind {
        Kind::Integer { bits, signed } if is_integer && bits <= 64 && bits > 0 => {
            if signed {
                let most = 1_i128 << (bits - 1);
                -most..most
            } else {
                0..1_i128 << bits
            }
        }
        Kind::Time { units } => 0..i128::from(units),
        Kind::Decimal { precision } => match 10_i128.checked_pow(precision.unsigned_abs()) {
            Some(above) => 1 - above..above,
            None => return,
        },
        _ => return,
    };
    notes.check(
        Rule::ValueRange,
        range.contains(&low) && range.contains(&high),
        || format!("values from {low} to {high}, should be in {range:?}"),
    );
}

/// The number that a key is, or that its bytes are in two's complement.
fn number(key: &Key) -> Option<i128> {
    match key {
        Key::Number(number) => Some(*number),
        Key::Bytes(bytes) if bytes.len() <= 16 => {
            let sign = match bytes.first() {
                Some(byte) if byte & 0x80 != 0 => 0xff,
                _ => 0,
            };
            let mut wide = [sign; 16];
            wide.get_mut(16 - bytes.len()..)?.copy_from_slice(bytes);
            Some(i128::from_be_bytes(wide))
        }
        Key::Bytes(_) => None,
    }
}
