//! Rows that are in order or are not.

use super::super::first_unsorted_row;
use super::super::order::{Kind, compare_kind};
use super::build::{leaf, leaf_values, levels};
use super::naive::{self, compare_values};
use crate::leaf::{Coded, CodedPart, LeafChunk, LeafValues, Pieces};
use crate::options::SortingColumn;
use crate::schema::{DataType, Field, Leaf};
use proptest::prelude::*;
use std::cmp::Ordering;

type Rows = Vec<Option<Vec<u8>>>;

fn compare_rows(
    data_type: &DataType,
    sorting: &SortingColumn,
    a: &Option<Vec<u8>>,
    b: &Option<Vec<u8>>,
) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if sorting.descending => compare_values(data_type, b, a),
        (Some(a), Some(b)) => compare_values(data_type, a, b),
        _ if sorting.nulls_first => a.is_some().cmp(&b.is_some()),
        _ => a.is_none().cmp(&b.is_none()),
    }
}

/// `values` as codes in two parts, of two dictionaries.
fn coded(leaf: &Leaf, values: &[Vec<u8>], cut: usize) -> LeafValues<'static> {
    let (first, second) = values.split_at(cut.min(values.len()));
    let mut parts = Vec::new();
    let mut dictionaries = Vec::new();
    for values in [first, second] {
        let mut entries: Vec<_> = values.to_vec();
        entries.dedup();
        let position = |value| entries.iter().position(|entry| entry == value);
        parts.push(CodedPart {
            dictionary: dictionaries.len(),
            codes: Pieces::of(
                values
                    .iter()
                    .map(|value| position(value).unwrap() as u32)
                    .collect::<Vec<_>>(),
            ),
        });
        dictionaries.push(leaf_values(leaf, &entries, entries.len() / 2));
    }
    LeafValues::Coded(Coded {
        parts,
        dictionaries,
    })
}

fn sorting() -> impl Strategy<Value = SortingColumn> {
    (any::<bool>(), any::<bool>()).prop_map(|(descending, nulls_first)| SortingColumn {
        column: "x".to_owned(),
        descending,
        nulls_first,
    })
}

/// One column of few different values, and one of any.
fn columns() -> impl Strategy<Value = Vec<(DataType, Rows)>> {
    let repeat = (
        naive::column(4),
        proptest::collection::vec(any::<proptest::sample::Index>(), 0..40),
    )
        .prop_map(|((data_type, values), picks)| {
            let rows = picks.iter().map(|pick| match values.is_empty() {
                true => None,
                false => pick.get(&values).clone(),
            });
            (data_type, rows.collect::<Rows>())
        });
    prop_oneof![
        naive::column(40).prop_map(|column| vec![column]),
        (repeat, naive::column(40)).prop_map(|(first, second)| vec![first, second]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn the_first_row_out_of_order_is_found(
        mut columns in columns(),
        sortings in proptest::collection::vec(sorting(), 2),
        swaps in proptest::collection::vec(any::<(proptest::sample::Index, proptest::sample::Index)>(), 0..3),
        cut in 0_usize..40,
        is_coded in any::<bool>(),
    ) {
        let rows = columns.iter().map(|(_, rows)| rows.len()).min().unwrap();
        let of_rows = |columns: &[(DataType, Rows)], a: usize, b: usize| {
            let of_columns = columns.iter().zip(&sortings);
            of_columns.fold(Ordering::Equal, |order, ((data_type, rows), sorting)| {
                order.then_with(|| compare_rows(data_type, sorting, &rows[a], &rows[b]))
            })
        };
        // Sorted, but for a few rows.
        let mut order: Vec<usize> = (0..rows).collect();
        order.sort_by(|a, b| of_rows(&columns, *a, *b));
        for (a, b) in &swaps {
            if rows > 0 {
                order.swap(a.index(rows), b.index(rows));
            }
        }
        for (_, rows) in &mut columns {
            *rows = order.iter().map(|row| rows[*row].clone()).collect();
        }
        let expected = (1..rows).find(|row| of_rows(&columns, row - 1, *row) == Ordering::Greater);

        let leaves: Vec<Leaf> = columns
            .iter()
            .map(|(data_type, _)| leaf(Field::new("x", data_type.clone(), true)))
            .collect();
        let chunks: Vec<LeafChunk<'_>> = columns
            .iter()
            .zip(&leaves)
            .map(|((_, rows), leaf)| {
                let values: Vec<_> = rows.iter().flatten().cloned().collect();
                LeafChunk {
                    levels: levels(rows),
                    values: match is_coded {
                        true => coded(leaf, &values, cut),
                        false => leaf_values(leaf, &values, cut),
                    },
                }
            })
            .collect();
        let all: Vec<_> = leaves
            .iter()
            .zip(&chunks)
            .zip(&sortings)
            .map(|((leaf, chunk), sorting)| (leaf, chunk, sorting))
            .collect();
        prop_assert_eq!(first_unsorted_row(&all), expected);
    }

    #[test]
    fn two_values_compare_as_numbers((data_type, rows) in naive::column(9)) {
        let leaf = leaf(Field::new("x", data_type.clone(), true));
        for a in rows.iter().flatten() {
            for b in rows.iter().flatten() {
                prop_assert_eq!(compare_kind(Kind::of(&leaf), a, b), compare_values(&data_type, a, b));
            }
        }
    }
}

#[test]
fn values_that_are_too_short_do_not_panic() {
    for data_type in naive::types() {
        let leaf = leaf(Field::new("x", data_type, true));
        assert_eq!(compare_kind(Kind::of(&leaf), &[], &[]), Ordering::Equal);
    }
}
