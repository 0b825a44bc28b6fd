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
        self.null_counts.push(nulls as i64);
        self.nan_counts.push(nans as i64);
        self.null_pages.push(bounds.is_none());
        let (min, max) = match bounds {
            Some(bounds) => (bounds.min.clone(), bounds.max.clone()),
            None => (Binary::default(), Binary::default()),
        };
        if bounds.is_some() {
            // Readers search what is written, so that is what is compared.
            if let Some(last) = self.last {
                let of_min = compare_kind(self.kind, &self.min_values[last], &min);
                let of_max = compare_kind(self.kind, &self.max_values[last], &max);
                self.is_ascending &= of_min != Ordering::Greater && of_max != Ordering::Greater;
                self.is_descending &= of_min != Ordering::Less && of_max != Ordering::Less;
            }
            self.last = Some(self.null_pages.len() - 1);
        }
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
