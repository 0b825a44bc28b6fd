//! Pages of any values of any type.

use super::build::{all_pages, coded_pages, leaf, settings};
use super::naive::{column, compare, compare_values, float};
use crate::schema::{DataType, Field};
use pq_format::{Binary, BoundaryOrder};
use proptest::prelude::*;
use std::cmp::Ordering;

/// Pages of 1 to 9 rows that have all `rows`.
fn cut_into(rows: usize, sizes: &[usize]) -> Vec<usize> {
    let mut pages = Vec::new();
    let mut left = rows;
    for size in sizes.iter().cycle() {
        if left == 0 {
            break;
        }
        pages.push((*size).min(left));
        left -= (*size).min(left);
    }
    pages
}

fn is_nan(data_type: &DataType, value: &[u8]) -> bool {
    let is_float = matches!(
        data_type,
        DataType::Float16 | DataType::Float32 | DataType::Float64
    );
    is_float && float(value).is_nan()
}

/// Whether `low` and `high` are bounds of `values`, and if they say so, values themselves.
fn check_bounds(
    data_type: &DataType,
    values: &[&Vec<u8>],
    (low, high): (&[u8], &[u8]),
    longest: usize,
) -> (bool, bool) {
    let below =
        |a: &[u8], b: &[u8]| compare(data_type, a, b).is_some_and(|order| order == Ordering::Less);
    let (mut min, mut max) = (values[0], values[0]);
    for value in values {
        min = if below(value, min) { value } else { min };
        max = if below(max, value) { value } else { max };
    }
    let equal = |a: &[u8], b: &[u8]| compare(data_type, a, b) == Some(Ordering::Equal);
    assert!(!below(min, low), "{min:?} is below {low:?}");
    assert!(!below(high, max), "{max:?} is above {high:?}");
    match data_type {
        DataType::String => {
            assert!(std::str::from_utf8(low).is_ok() && std::str::from_utf8(high).is_ok());
            assert!(low.len() <= longest && min.starts_with(low));
        }
        DataType::Binary => assert!(low.len() <= longest && min.starts_with(low)),
        _ => assert!(equal(min, low) && equal(max, high)),
    }
    if matches!(data_type, DataType::String | DataType::Binary) {
        assert!(max.len() > longest || max == high);
        assert!(high.len() <= longest || max == high);
    }
    if matches!(
        data_type,
        DataType::Float16 | DataType::Float32 | DataType::Float64
    ) {
        assert!(float(low) != 0.0 || float(low).is_sign_negative());
        assert!(float(high) != 0.0 || float(high).is_sign_positive());
    }
    (equal(min, low), equal(max, high))
}

/// The order of bounds by its definition: of each pair of neighbours.
fn order_of(data_type: &DataType, pages: &[(Binary, Binary)]) -> BoundaryOrder {
    let all = |allowed: Ordering| {
        pages.windows(2).all(|pair| {
            let of_min = compare(data_type, &pair[0].0, &pair[1].0).unwrap();
            let of_max = compare(data_type, &pair[0].1, &pair[1].1).unwrap();
            [of_min, of_max]
                .iter()
                .all(|order| *order == allowed || *order == Ordering::Equal)
        })
    };
    match (all(Ordering::Less), all(Ordering::Greater)) {
        (true, _) => BoundaryOrder::ASCENDING,
        (_, true) => BoundaryOrder::DESCENDING,
        _ => BoundaryOrder::UNORDERED,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn bounds_and_counts_are_those_of_the_rows(
        (data_type, mut rows) in column(60),
        sizes in proptest::collection::vec(1_usize..9, 1..5),
        cut in 0_usize..60,
        longest in 1_usize..9,
        is_sorted in any::<bool>(),
        is_reversed in any::<bool>(),
    ) {
        if is_sorted {
            rows.sort_by(|a, b| match (a, b) {
                (Some(a), Some(b)) => compare_values(&data_type, a, b),
                _ => a.is_some().cmp(&b.is_some()),
            });
        }
        if is_reversed {
            rows.reverse();
        }
        let leaf = leaf(Field::new("x", data_type.clone(), true));
        let settings = settings(&leaf, longest);
        let pages = cut_into(rows.len(), &sizes);
        let found = all_pages(&leaf, &settings, &rows, &pages, cut);
        prop_assert_eq!(&coded_pages(&leaf, &settings, &rows, &pages), &found);

        let values: Vec<&Vec<u8>> = rows.iter().flatten().collect();
        let (nans, numbers): (Vec<_>, Vec<_>) =
            values.iter().copied().partition(|value| is_nan(&data_type, value));
        let statistics = &found.statistics;
        prop_assert_eq!(statistics.null_count, Some((rows.len() - values.len()) as i64));
        prop_assert_eq!(statistics.nan_count.unwrap_or(0), nans.len() as i64);
        let bytes: usize = values.iter().map(|value| value.len()).sum();
        let is_bytes = matches!(data_type, DataType::String | DataType::Binary);
        let sizes = found.size_statistics.and_then(|sizes| sizes.unencoded_byte_array_data_bytes);
        prop_assert_eq!(sizes, is_bytes.then_some(bytes as i64));
        let bounds = statistics.min_value.as_deref().zip(statistics.max_value.as_deref());
        if let (Some(bounds), false) = (bounds, numbers.is_empty()) {
            let exact = check_bounds(&data_type, &numbers, bounds, longest);
            prop_assert_eq!((statistics.is_min_value_exact, statistics.is_max_value_exact),
                (Some(exact.0), Some(exact.1)));
        }
        let may_be_left_out = match data_type {
            DataType::FixedBinary(width) => width as usize > 4 * longest,
            DataType::Binary | DataType::String => values.iter().any(|value| value.len() > 4 * longest),
            _ => false,
        };
        prop_assert!(bounds.is_some() || numbers.is_empty() || may_be_left_out);

        let mut row = 0;
        let mut is_of_nan = false;
        let mut ordered = Vec::new();
        for (page, size) in pages.iter().enumerate() {
            let rows = &rows[row..row + size];
            row += size;
            let values: Vec<&Vec<u8>> = rows.iter().flatten().collect();
            let numbers: Vec<_> = values.iter().copied().filter(|value| !is_nan(&data_type, value)).collect();
            is_of_nan |= numbers.is_empty() && !values.is_empty();
            if let Some(unencoded) = &found.unencoded_bytes {
                let bytes: usize = values.iter().map(|value| value.len()).sum();
                prop_assert_eq!(unencoded[page], bytes as i64);
            }
            let Some(index) = &found.column_index else { continue };
            prop_assert_eq!(index.null_pages[page], values.is_empty());
            prop_assert_eq!(index.null_counts.as_ref().unwrap()[page], (size - values.len()) as i64);
            if let Some(counts) = &index.nan_counts {
                prop_assert_eq!(counts[page], (values.len() - numbers.len()) as i64);
            }
            let (low, high) = (index.min_values[page].clone(), index.max_values[page].clone());
            if values.is_empty() {
                prop_assert!(low.is_empty() && high.is_empty());
            } else {
                check_bounds(&data_type, &numbers, (&low, &high), longest);
                ordered.push((low, high));
            }
        }
        if let Some(index) = &found.column_index {
            prop_assert_eq!(index.null_pages.len(), pages.len());
            prop_assert_eq!(index.boundary_order, order_of(&data_type, &ordered));
        }
        prop_assert_eq!(found.column_index.is_none() && !may_be_left_out, is_of_nan);
    }
}
