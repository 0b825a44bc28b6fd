//! Which bytes of a file are whose.

use super::Extent;
use crate::notes::Notes;
use crate::rule::Rule;
use std::collections::HashMap;

/// What bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    Pages,
    Bloom,
    Index,
}

/// Ranges of a file in use.
#[derive(Debug)]
pub(super) struct Ranges {
    data: Extent,
    used: Vec<(Extent, Use, usize)>,
}

impl Ranges {
    pub(super) fn new(data: Extent) -> Self {
        let used = Vec::new();
        Self { data, used }
    }

    /// Between the first magic number and the footer.
    pub(super) fn data(&self) -> Extent {
        self.data
    }

    pub(super) fn add(&mut self, extent: Extent, r#use: Use, row_group: usize) {
        if extent.len() > 0 && extent.is_within(self.data) {
            self.used.push((extent, r#use, row_group));
        }
    }

    /// Checks that no two share bytes, and where filters stand.
    pub(super) fn check(&mut self, notes: &mut Notes<'_>) {
        self.used.sort_unstable();
        let mut last_pages = HashMap::new();
        for &(extent, r#use, row_group) in &self.used {
            if r#use == Use::Pages {
                last_pages.insert(row_group, extent.start);
            }
        }
        let mut end = 0;
        for &(extent, r#use, row_group) in &self.used {
            notes.place.row_group = Some(row_group);
            let byte = Some(extent.start);
            if extent.start < end {
                notes.say_at(Rule::ChunkOverlap, byte, || {
                    format!("{:?} at bytes {} to {end} too", r#use, extent.start)
                });
            }
            end = end.max(extent.end);
            let is_early = r#use == Use::Bloom
                && last_pages
                    .get(&row_group)
                    .is_some_and(|&last| last > extent.start);
            if is_early {
                notes.say_at(Rule::BloomPlace, byte, || {
                    "before the last chunk of its row group".to_owned()
                });
            }
        }
        notes.place.row_group = None;
    }
}
