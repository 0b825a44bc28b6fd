//! The page index of a column chunk, against its pages (PageIndex.md).

use crate::chunk::DataPage;
use crate::file::Extent;
use crate::notes::Notes;
use crate::rule::Rule;
use crate::source::{Source, read};
use crate::statistics::{Bounds, Domain, IN_INDEX, Key, check_bounds, check_histogram, is_defined};
use pq_format::{BoundaryOrder, ColumnChunk, ColumnIndex, OffsetIndex, ThriftStruct, Type};
use std::cmp::Ordering;

/// The indexes of a chunk, and how many pages were compared with them.
#[derive(Debug)]
pub(crate) struct PageIndex {
    pub(crate) offsets: Option<OffsetIndex>,
    columns: Option<ColumnIndex>,
    domain: Domain,
}

impl PageIndex {
    /// Reads the indexes that the chunk has.
    pub(crate) fn read<S: Source + ?Sized>(
        source: &mut S,
        chunk: &ColumnChunk,
        data: Extent,
        domain: Domain,
        notes: &mut Notes<'_>,
    ) -> Self {
        let mut range = |offset: Option<i64>, length: Option<i32>, name| {
            let offset = offset?;
            let length = length.unwrap_or(0);
            let extent = Extent::stated(offset, length.into()).filter(|it| it.is_within(data));
            notes.check(Rule::ChunkRange, extent.is_some(), || {
                format!("{name} at byte {offset}, {length} bytes")
            });
            extent
        };
        let offsets = range(
            chunk.offset_index_offset,
            chunk.offset_index_length,
            "an offset index",
        );
        let columns = range(
            chunk.column_index_offset,
            chunk.column_index_length,
            "a column index",
        );
        let has_offsets = chunk.offset_index_offset.is_some();
        if chunk.column_index_offset.is_some() {
            notes.check(Rule::OffsetIndexMissing, has_offsets, || {
                "a column index only".to_owned()
            });
        }
        let this = Self {
            offsets: offsets.and_then(|extent| decode(source, extent, notes)),
            columns: columns.and_then(|extent| decode(source, extent, notes)),
            domain,
        };
        this.without_faults(notes)
    }

    /// The indexes of which each list has one entry a page.
    fn without_faults(mut self, notes: &mut Notes<'_>) -> Self {
        let pages = self.offsets.as_ref().map(|it| it.page_locations.len());
        if let Some(columns) = &self.columns {
            let stated = columns.null_pages.len();
            let lists = [
                pages.unwrap_or(stated),
                columns.min_values.len(),
                columns.max_values.len(),
                length(&columns.null_counts, stated),
                length(&columns.nan_counts, stated),
            ];
            if lists.iter().any(|&len| len != stated) {
                notes.say(Rule::IndexPages, || {
                    format!("lists of {stated} and {lists:?} entries in a column index")
                });
                self.columns = None;
            }
        }
        if let (Some(offsets), Some(pages)) = (&self.offsets, pages)
            && length(&offsets.unencoded_byte_array_data_bytes, pages) != pages
        {
            notes.say(Rule::IndexPages, || {
                "not one unencoded size for each page".to_owned()
            });
        }
        self
    }

    /// Compares a page with its entries.
    pub(crate) fn check_page(&self, page: &DataPage<'_>, physical: Type, notes: &mut Notes<'_>) {
        if let Some(offsets) = &self.offsets {
            check_location(offsets, page, physical, notes);
        }
        if let Some(columns) = &self.columns {
            self.check_column(columns, page, notes);
        }
    }

    fn check_column(&self, columns: &ColumnIndex, page: &DataPage<'_>, notes: &mut Notes<'_>) {
        let index = page.ordinal;
        let (Some(&is_null), Some(min), Some(max)) = (
            columns.null_pages.get(index),
            columns.min_values.get(index),
            columns.max_values.get(index),
        ) else {
            return;
        };
        if let Some(counts) = non_empty(&columns.null_counts)
            && let Some(&nulls) = counts.get(index)
        {
            notes.equal(
                Rule::IndexNullCount,
                "null_counts",
                nulls,
                page.counts.nulls,
            );
        }
        if let Some(counts) = non_empty(&columns.nan_counts)
            && let Some(&nans) = counts.get(index)
        {
            notes.equal(Rule::IndexNanCount, "nan_counts", nans, page.summary.nans);
        }
        for (stated, counted) in [
            (
                &columns.repetition_level_histograms,
                &page.counts.repetition,
            ),
            (
                &columns.definition_level_histograms,
                &page.counts.definition,
            ),
        ] {
            let Some(stated) = non_empty(stated) else {
                continue;
            };
            let start = index.saturating_mul(counted.len());
            let part = stated.get(start..start.saturating_add(counted.len()));
            let fits = stated.len() == columns.null_pages.len().saturating_mul(counted.len());
            notes.check(Rule::IndexHistogram, fits, || {
                format!(
                    "{} counts for levels up to {}",
                    stated.len(),
                    counted.len() - 1
                )
            });
            if fits && let Some(part) = part {
                check_histogram(Rule::IndexHistogram, part, counted, notes);
            }
        }
        let has_values = page.summary.count > 0;
        let empty = min.is_empty() && max.is_empty();
        notes.check(Rule::NullPages, is_null != has_values, || {
            format!(
                "null_pages is {is_null}, the page has {} values",
                page.summary.count
            )
        });
        if is_null {
            notes.check(Rule::NullPages, empty, || {
                "bounds of a page that has no values".to_owned()
            });
        } else if has_values {
            if !is_defined(self.domain.order, page.summary) {
                notes.say(Rule::IndexUndefined, || {
                    "a column index where it must not be".to_owned()
                });
                return;
            }
            let bounds = Bounds {
                min: Some(min),
                max: Some(max),
                min_is_exact: false,
                max_is_exact: false,
            };
            check_bounds(&bounds, self.domain, page.summary, &IN_INDEX, notes);
        }
    }

    /// Checks what can be told once all pages were seen, `pages` of them.
    pub(crate) fn finish(&self, pages: usize, notes: &mut Notes<'_>) {
        let entries = match (&self.offsets, &self.columns) {
            (Some(offsets), _) => offsets.page_locations.len(),
            (None, Some(columns)) => columns.null_pages.len(),
            (None, None) => return,
        };
        notes.check(Rule::IndexPages, entries == pages, || {
            format!("{entries} entries for {pages} data pages")
        });
        if let Some(columns) = &self.columns {
            notes.check(
                Rule::IndexNullCountMissing,
                non_empty(&columns.null_counts).is_some() || entries == 0,
                || "no null_counts".to_owned(),
            );
            self.check_order(columns, notes);
        }
    }

    fn check_order(&self, columns: &ColumnIndex, notes: &mut Notes<'_>) {
        let wrong = match columns.boundary_order {
            BoundaryOrder::UNORDERED => return,
            BoundaryOrder::ASCENDING => Ordering::Greater,
            BoundaryOrder::DESCENDING => Ordering::Less,
            other => {
                notes.say(Rule::BoundaryOrder, || format!("{other:?}"));
                return;
            }
        };
        let order = self.domain.order;
        for (values, name) in [
            (&columns.min_values, "min_values"),
            (&columns.max_values, "max_values"),
        ] {
            let mut before: Option<Key> = None;
            let pages = values.iter().zip(&columns.null_pages).enumerate();
            for (page, (value, _)) in pages.filter(|(_, (_, is_null))| !**is_null) {
                let Some(key) = order.key(value) else {
                    break;
                };
                if before.is_some_and(|before| order.compare(&before, &key) == wrong) {
                    notes.say(Rule::BoundaryOrder, || {
                        format!(
                            "{:?}, but not {name} at page {page}",
                            columns.boundary_order
                        )
                    });
                    break;
                }
                before = Some(key);
            }
        }
    }
}

fn check_location(
    offsets: &OffsetIndex,
    page: &DataPage<'_>,
    physical: Type,
    notes: &mut Notes<'_>,
) {
    let Some(location) = offsets.page_locations.get(page.ordinal) else {
        return;
    };
    let (offset, size) = (location.offset, location.compressed_page_size);
    notes.check(
        Rule::PageLocation,
        u64::try_from(offset) == Ok(page.extent.start)
            && u64::try_from(size) == Ok(page.extent.len()),
        || {
            format!(
                "{size} bytes at byte {offset}, the page has {} at byte {}",
                page.extent.len(),
                page.extent.start
            )
        },
    );
    if let Some(first_row) = page.first_row {
        let stated = location.first_row_index;
        notes.equal(Rule::FirstRowIndex, "first_row_index", stated, first_row);
    }
    if let Some(sizes) = non_empty(&offsets.unencoded_byte_array_data_bytes)
        && let Some(&size) = sizes.get(page.ordinal)
    {
        let rule = Rule::IndexUnencodedBytes;
        if physical == Type::BYTE_ARRAY {
            notes.equal(rule, "the size", size, page.summary.bytes);
        } else {
            notes.say(rule, || format!("a size for {physical:?}, which has none"));
        }
    }
}

fn non_empty(list: &Option<Vec<i64>>) -> Option<&Vec<i64>> {
    list.as_ref().filter(|list| !list.is_empty())
}

/// The length of a list, or the one it should have if it says nothing.
fn length(list: &Option<Vec<i64>>, default: usize) -> usize {
    non_empty(list).map_or(default, Vec::len)
}

fn decode<T: ThriftStruct, S: Source + ?Sized>(
    source: &mut S,
    extent: Extent,
    notes: &mut Notes<'_>,
) -> Option<T> {
    let byte = Some(extent.start);
    let Some(len) = extent.len_below(notes.options.metadata_bytes) else {
        notes.say_at(Rule::Limit, byte, || {
            format!("an index of {} bytes", extent.len())
        });
        return None;
    };
    let bytes = match read(source, extent.start, len) {
        Ok(bytes) => bytes,
        Err(error) => {
            notes.say_at(Rule::Unreadable, byte, || error.to_string());
            return None;
        }
    };
    match pq_format::decode(&bytes) {
        Ok((index, used)) => {
            if used != len {
                notes.say_at(Rule::IndexThrift, byte, || {
                    format!("{used} bytes, {len} are stated")
                });
            }
            Some(index)
        }
        Err(error) => {
            notes.say_at(Rule::IndexThrift, byte, || error.to_string());
            None
        }
    }
}
