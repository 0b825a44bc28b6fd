//! The bounds of each page; PageIndex.md.

use super::order::{Kind, compare_kind};
use super::truncate::Written;
use pq_format::{Binary, BoundaryOrder, ColumnIndex};
use std::cmp::Ordering;

/// A column index while pages come in.
#[derive(Debug, Clone)]
pub(super) struct Builder {
    kind: Kind,
    null_pages: Vec<bool>,
    min_values: Vec<Binary>,
    max_values: Vec<Binary>,
    null_counts: Vec<i64>,
    nan_counts: Vec<i64>,
    /// The position of the last page that has bounds.
    last: Option<usize>,
    is_ascending: bool,
    is_descending: bool,
}

impl Builder {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            null_pages: Vec::new(),
            min_values: Vec::new(),
            max_values: Vec::new(),
            null_counts: Vec::new(),
            nan_counts: Vec::new(),
            last: None,
            is_ascending: true,
            is_descending: true,
        }
    }

    /// Adds a page: its nulls, its values that are not a number, and the bounds of the values, of
    /// which there are none only where all is null.
    pub(super) fn page(&mut self, nulls: usize, nans: usize, bounds: Option<&Written>) {
        let written = bounds.map(|bounds| (bounds.min.clone(), bounds.max.clone()));
        self.add(nulls as i64, nans as i64, written);
    }

    /// Adds the pages of others, which come behind those here.
    pub(super) fn append(&mut self, other: Self) {
        let bounds = other.min_values.into_iter().zip(other.max_values);
        let counts = other.null_counts.into_iter().zip(other.nan_counts);
        for (((nulls, nans), is_null), bounds) in counts.zip(other.null_pages).zip(bounds) {
            self.add(nulls, nans, (!is_null).then_some(bounds));
        }
    }

    fn add(&mut self, nulls: i64, nans: i64, bounds: Option<(Binary, Binary)>) {
        self.null_counts.push(nulls);
        self.nan_counts.push(nans);
        self.null_pages.push(bounds.is_none());
        if let (Some(last), Some((min, max))) = (self.last, &bounds) {
            // Readers search what is written, so that is what is compared.
            let of_min = compare_kind(self.kind, &self.min_values[last], min);
            let of_max = compare_kind(self.kind, &self.max_values[last], max);
            self.is_ascending &= of_min != Ordering::Greater && of_max != Ordering::Greater;
            self.is_descending &= of_min != Ordering::Less && of_max != Ordering::Less;
        }
        if bounds.is_some() {
            self.last = Some(self.null_pages.len() - 1);
        }
        let (min, max) = bounds.unwrap_or_default();
        self.min_values.push(min);
        self.max_values.push(max);
    }

    /// The index, without histograms.
    pub(super) fn finish(self) -> ColumnIndex {
        ColumnIndex {
            null_pages: self.null_pages,
            min_values: self.min_values,
            max_values: self.max_values,
            boundary_order: match (self.is_ascending, self.is_descending) {
                (true, _) => BoundaryOrder::ASCENDING,
                (_, true) => BoundaryOrder::DESCENDING,
                _ => BoundaryOrder::UNORDERED,
            },
            null_counts: Some(self.null_counts),
            nan_counts: self.kind.has_nan().then_some(self.nan_counts),
            ..ColumnIndex::default()
        }
    }
}
