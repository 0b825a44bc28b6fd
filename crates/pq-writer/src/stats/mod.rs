//! What footer and page index say of the values of a column chunk: bounds, counts, sizes, Bloom
//! filters, and where shapes are. `Statistics`, `SizeStatistics`, `GeospatialStatistics` and
//! `ColumnIndex` of parquet.thrift have the rules.

mod bloom;
mod bounds;
mod byte_strings;
mod column_index;
mod geospatial;
mod order;
mod ranks;
mod sizes;
mod sorted;
mod truncate;

pub(crate) use bloom::bloom_filter;
pub(crate) use ranks::RankedDictionary;
pub(crate) use sorted::first_unsorted_row;

use crate::leaf::{LeafValues, Levels};
use crate::schema::Leaf;
use crate::settings::LeafSettings;
use bounds::Numbers;
use geospatial::Shapes;
use order::{Kind, compare_kind, plain};
use pq_format::{Binary, ColumnIndex, GeospatialStatistics, SizeStatistics, Statistics, Type};
use ranks::Seen;
use sizes::Histograms;
use std::cmp::Ordering;
use std::ops::Range;

/// The statistics of a column chunk.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChunkStatistics {
    pub(crate) statistics: Statistics,
    /// `None` where it would say nothing.
    pub(crate) size_statistics: Option<SizeStatistics>,
    pub(crate) geospatial_statistics: Option<GeospatialStatistics>,
    /// `None` if it is not wanted, or if a page with values has no bounds.
    pub(crate) column_index: Option<ColumnIndex>,
    /// Bytes of BYTE_ARRAY values page by page, for the offset index.
    pub(crate) unencoded_bytes: Option<Vec<i64>>,
}

/// Takes the pages of a column chunk in order.
#[derive(Debug)]
pub(crate) struct Collector<'l> {
    leaf: &'l Leaf,
    settings: &'l LeafSettings,
    kind: Kind,
    nulls: usize,
    nans: usize,
    /// The smallest and the largest value so far, whole.
    bounds: Option<(Binary, Binary)>,
    histograms: Histograms,
    /// `None` if there is none, or not any longer.
    column_index: Option<column_index::Builder>,
    unencoded_bytes: Option<Vec<i64>>,
    shapes: Option<Shapes>,
    /// Whether the entries of the dictionary are among the shapes.
    taken_shapes: Vec<bool>,
    marks: Vec<u8>,
}

impl<'l> Collector<'l> {
    pub(crate) fn new(leaf: &'l Leaf, settings: &'l LeafSettings) -> Self {
        let kind = Kind::of(leaf);
        let has_index = settings.page_index && settings.bounds && kind != Kind::Undefined;
        Self {
            leaf,
            settings,
            kind,
            nulls: 0,
            nans: 0,
            bounds: None,
            histograms: Histograms::new(leaf),
            column_index: has_index.then(|| column_index::Builder::new(kind)),
            unencoded_bytes: (leaf.physical == Type::BYTE_ARRAY).then(Vec::new),
            shapes: Shapes::of(leaf).filter(|_| settings.bounds),
            taken_shapes: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// A data page of plain values: level entries `entries`, values `range` of `values`.
    pub(crate) fn page(
        &mut self,
        levels: &Levels,
        entries: Range<usize>,
        values: &LeafValues<'_>,
        range: Range<usize>,
    ) {
        if let (Some(pages), LeafValues::Bytes(values)) = (&mut self.unencoded_bytes, values) {
            let slices = values.slices(range.clone());
            let bytes: usize = slices.map(|slice| slice.bytes()).sum();
            pages.push(i64::try_from(bytes).unwrap_or(i64::MAX));
        }
        if let (Some(shapes), LeafValues::Bytes(values)) = (&mut self.shapes, values) {
            values
                .iter(range.clone())
                .for_each(|value| shapes.take(value));
        }
        let nulls = entries.len().saturating_sub(range.len());
        let (numbers, byte_strings) = match self.wants_values() {
            true => (
                bounds::numbers(self.kind, values, range.clone()),
                byte_strings::bounds(self.kind, values, range.clone()),
            ),
            false => (Numbers::default(), None),
        };
        self.take(levels, entries, nulls, numbers, byte_strings);
    }

    /// A data page of dictionary codes; all those of a chunk have one dictionary.
    pub(crate) fn coded_page(
        &mut self,
        levels: &Levels,
        entries: Range<usize>,
        dictionary: &RankedDictionary,
        codes: &[u32],
    ) {
        if let Some(pages) = &mut self.unencoded_bytes {
            let bytes = dictionary.unencoded_bytes(codes);
            pages.push(i64::try_from(bytes).unwrap_or(i64::MAX));
        }
        let nulls = entries.len().saturating_sub(codes.len());
        let wants_values = self.wants_values();
        let mut marks = std::mem::take(&mut self.marks);
        let seen = match wants_values || self.shapes.is_some() {
            true => Seen::of(codes, dictionary.len(), &mut marks),
            false => Seen::Codes(&[]),
        };
        if let Some(shapes) = &mut self.shapes {
            self.taken_shapes.resize(dictionary.len(), false);
            seen.for_each(|index| {
                if let Some(taken) = self.taken_shapes.get_mut(index)
                    && !std::mem::replace(taken, true)
                {
                    shapes.take(dictionary.byte_string(index));
                }
            });
        }
        let (numbers, byte_strings) = match wants_values {
            true => (
                dictionary.numbers(codes, seen),
                dictionary.byte_strings(seen),
            ),
            false => (Numbers::default(), None),
        };
        self.take(levels, entries, nulls, numbers, byte_strings);
        self.marks = marks;
    }

    /// Whether bounds or NaNs are looked for.
    fn wants_values(&self) -> bool {
        self.kind.has_nan() || self.settings.bounds && self.kind != Kind::Undefined
    }

    fn take(
        &mut self,
        levels: &Levels,
        entries: Range<usize>,
        nulls: usize,
        numbers: Numbers,
        byte_strings: Option<(&[u8], &[u8])>,
    ) {
        let is_null_page = nulls == entries.len();
        self.histograms.page(levels, entries);
        self.nulls += nulls;
        self.nans += numbers.nans;
        if !self.settings.bounds {
            return;
        }
        let (mut min_room, mut max_room) = ([0; 8], [0; 8]);
        let bounds = match numbers.bounds {
            Some((min, max)) => Some((
                plain(self.kind, min, true, &mut min_room),
                plain(self.kind, max, false, &mut max_room),
            )),
            None => byte_strings,
        };
        if let Some(index) = &mut self.column_index {
            let written = bounds.and_then(|(min, max)| {
                let longest = self.settings.bound_bytes;
                truncate::written(self.leaf, self.kind, min, max, longest)
            });
            match written.is_some() || is_null_page {
                true => index.page(nulls, numbers.nans, written.as_ref()),
                // A page with values must have bounds.
                false => self.column_index = None,
            }
        }
        if let Some((min, max)) = bounds {
            self.widen(min, max);
        }
    }

    fn widen(&mut self, min: &[u8], max: &[u8]) {
        let (low, high) = self.bounds.get_or_insert_with(|| (min.into(), max.into()));
        if compare_kind(self.kind, min, low) == Ordering::Less {
            *low = min.into();
        }
        if compare_kind(self.kind, max, high) == Ordering::Greater {
            *high = max.into();
        }
    }

    /// Adds the pages of another collector of the same chunk, which come behind those here.
    pub(crate) fn append(&mut self, other: Self) {
        self.nulls += other.nulls;
        self.nans += other.nans;
        if let Some((min, max)) = &other.bounds {
            self.widen(min, max);
        }
        self.histograms.append(other.histograms);
        self.column_index = match (self.column_index.take(), other.column_index) {
            (Some(mut index), Some(other)) => {
                index.append(other);
                Some(index)
            }
            _ => None,
        };
        if let (Some(pages), Some(others)) = (&mut self.unencoded_bytes, other.unencoded_bytes) {
            pages.extend(others);
        }
        if let (Some(shapes), Some(others)) = (&mut self.shapes, &other.shapes) {
            shapes.append(others);
        }
    }

    /// The statistics of all pages. `distinct`: how many different values there are, where known
    /// exactly.
    pub(crate) fn finish(self, distinct: Option<u64>) -> ChunkStatistics {
        let mut statistics = Statistics {
            null_count: Some(self.nulls as i64),
            distinct_count: distinct.and_then(|count| i64::try_from(count).ok()),
            nan_count: self.kind.has_nan().then_some(self.nans as i64),
            ..Statistics::default()
        };
        let bounds = self.bounds.and_then(|(min, max)| {
            truncate::written(self.leaf, self.kind, &min, &max, self.settings.bound_bytes)
        });
        if let Some(bounds) = bounds {
            // The old fields compare signed, so they are right for signed values only.
            if self.kind.is_signed() {
                statistics.min = Some(bounds.min.clone());
                statistics.max = Some(bounds.max.clone());
            }
            statistics.is_min_value_exact = Some(bounds.min_is_exact);
            statistics.is_max_value_exact = Some(bounds.max_is_exact);
            statistics.min_value = Some(bounds.min);
            statistics.max_value = Some(bounds.max);
        }
        let (repetition, definition) = self.histograms.totals();
        let bytes = self.unencoded_bytes.as_deref();
        let sizes = SizeStatistics {
            unencoded_byte_array_data_bytes: bytes.map(|pages| pages.iter().sum()),
            repetition_level_histogram: repetition.map(Into::into),
            definition_level_histogram: definition.map(Into::into),
            ..SizeStatistics::default()
        };
        let column_index = self.column_index.map(|index| {
            let (repetition, definition) = self.histograms.into_pages();
            ColumnIndex {
                repetition_level_histograms: repetition,
                definition_level_histograms: definition,
                ..index.finish()
            }
        });
        ChunkStatistics {
            statistics,
            size_statistics: (sizes != SizeStatistics::default()).then_some(sizes),
            geospatial_statistics: self.shapes.and_then(Shapes::finish),
            column_index,
            unencoded_bytes: self.unencoded_bytes,
        }
    }
}

#[cfg(test)]
mod tests;
