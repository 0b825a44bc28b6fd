//! Counts of levels, page by page; `SizeStatistics` of parquet.thrift.
//!
//! What the null count says too is left out, as the specification allows: repetition levels where
//! the largest is 0, definition levels where the largest is 0 or 1.

use crate::leaf::{Definition, Levels};
use crate::schema::Leaf;
use std::ops::Range;

/// How often each level occurs, in each page.
#[derive(Debug, Clone)]
pub(super) struct Histograms {
    repetition: Option<Histogram>,
    definition: Option<Histogram>,
}

impl Histograms {
    pub(super) fn new(leaf: &Leaf) -> Self {
        let histogram = |max_level| Histogram {
            levels: usize::from(max_level) + 1,
            counts: Vec::new(),
        };
        Self {
            repetition: (leaf.max_repetition > 0).then(|| histogram(leaf.max_repetition)),
            definition: (leaf.max_definition > 1).then(|| histogram(leaf.max_definition)),
        }
    }

    /// Counts the levels of a page.
    pub(super) fn page(&mut self, levels: &Levels, entries: Range<usize>) {
        if let Some(histogram) = &mut self.repetition {
            let levels = levels.repetition.as_deref().unwrap_or_default();
            histogram.page(levels.get(entries.clone()).unwrap_or_default());
        }
        if let Some(histogram) = &mut self.definition {
            match &levels.definition {
                Definition::Uniform(level) => histogram.uniform_page(*level, entries.len()),
                Definition::Levels(levels) => {
                    histogram.page(levels.get(entries).unwrap_or_default());
                }
                // Only where the largest level is 1.
                Definition::Bits(_) => {}
            }
        }
    }

    /// Adds the pages of others, which come behind those here.
    pub(super) fn append(&mut self, other: Self) {
        let append = |histogram: &mut Option<Histogram>, other: Option<Histogram>| {
            if let (Some(histogram), Some(other)) = (histogram, other) {
                histogram.counts.extend(other.counts);
            }
        };
        append(&mut self.repetition, other.repetition);
        append(&mut self.definition, other.definition);
    }

    /// The counts of repetition and of definition levels, each page's behind the one's before.
    pub(super) fn into_pages(self) -> (Option<Vec<i64>>, Option<Vec<i64>>) {
        let counts = |histogram: Option<Histogram>| histogram.map(|histogram| histogram.counts);
        (counts(self.repetition), counts(self.definition))
    }

    /// The counts of repetition and of definition levels of all pages.
    pub(super) fn totals(&self) -> (Option<Vec<i64>>, Option<Vec<i64>>) {
        let totals = |histogram: &Option<Histogram>| histogram.as_ref().map(Histogram::totals);
        (totals(&self.repetition), totals(&self.definition))
    }
}

#[derive(Debug, Clone)]
struct Histogram {
    /// How many levels there may be: one more than the largest.
    levels: usize,
    counts: Vec<i64>,
}

/// As many levels as a `u16` surely counts, and the nearest cache holds.
const BLOCK: usize = 8192;

/// So many levels are counted one after the other, many entries at a time.
const FEW: usize = 8;

impl Histogram {
    fn add_page(&mut self) -> &mut [i64] {
        let start = self.counts.len();
        self.counts.resize(start + self.levels, 0);
        &mut self.counts[start..]
    }

    fn uniform_page(&mut self, level: u16, entries: usize) {
        if let Some(count) = self.add_page().get_mut(usize::from(level)) {
            *count += entries as i64;
        }
    }

    fn page(&mut self, levels: &[u16]) {
        let is_few = self.levels <= FEW;
        let counts = self.add_page();
        if !is_few {
            for &level in levels {
                if let Some(count) = counts.get_mut(usize::from(level)) {
                    *count += 1;
                }
            }
            return;
        }
        for block in levels.chunks(BLOCK) {
            for (level, count) in (0..).zip(counts.iter_mut()) {
                let here: u16 = block.iter().map(|&entry| u16::from(entry == level)).sum();
                *count += i64::from(here);
            }
        }
    }

    fn totals(&self) -> Vec<i64> {
        let mut totals = vec![0; self.levels];
        for page in self.counts.chunks_exact(self.levels) {
            for (total, count) in totals.iter_mut().zip(page) {
                *total += count;
            }
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::Histogram;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_are_those_of_the_levels_one_by_one(
            levels in 2..12_u16,
            pages in proptest::collection::vec(
                proptest::collection::vec(any::<u16>(), 0..20_000), 1..4),
        ) {
            let mut histogram = Histogram { levels: levels.into(), counts: Vec::new() };
            let mut expected = Vec::new();
            let mut totals = vec![0; levels.into()];
            for page in &pages {
                let page: Vec<u16> = page.iter().map(|level| level % levels).collect();
                histogram.page(&page);
                for level in 0..levels {
                    let count = page.iter().filter(|&&entry| entry == level).count() as i64;
                    expected.push(count);
                    totals[usize::from(level)] += count;
                }
            }
            histogram.uniform_page(levels - 1, 5);
            let last = totals.len() - 1;
            totals[last] += 5;
            expected.extend(vec![0; last]);
            expected.push(5);
            prop_assert_eq!(histogram.totals(), totals);
            prop_assert_eq!(histogram.counts, expected);
        }
    }
}
