//! The bytes of a new part, from the row groups of others.

use super::place::GroupPlace;
use crate::footer::Footer;
use crate::key_values::joined;
use crate::plan::copy::{Copy, Piece};
use pq_format::{FilePlace, FormatError, MAGIC, OffsetIndex, RawFooter, RawRowGroup};
use std::ops::Range;

/// A file that row groups are copied from.
#[derive(Debug)]
pub(super) struct Source {
    /// Relative to the root.
    pub(super) file: String,
    pub(super) footer: Footer,
    pub(super) groups: Vec<GroupPlace>,
    /// The offset index of each column chunk of each row group.
    pub(super) offset_indexes: Vec<Vec<Option<OffsetIndex>>>,
}

/// The part with the row groups of these files, in order.
///
/// First all pages, row group by row group, as they lie; then Bloom filters, column indexes,
/// offset indexes; then the footer, which is that of the first file with the row groups of all.
pub(super) fn part(folder: &str, sources: &[Source]) -> Result<(Copy, Vec<String>), FormatError> {
    let mut layout = Layout::default();
    layout.literal(&MAGIC);
    // Where the pages of each row group are now.
    let mut starts = Vec::new();
    for (source, of) in sources.iter().enumerate() {
        for group in &of.groups {
            starts.push(layout.range(source, group.pages.clone()));
        }
    }
    let mut places = Vec::new();
    let mut next = starts.iter();
    for (source, of) in sources.iter().enumerate() {
        for group in &of.groups {
            let start = next.next().copied().unwrap_or_default();
            let blooms = group.chunks.iter().map(|chunk| {
                let bloom = chunk.bloom_filter.as_ref()?;
                let end = bloom.start.checked_add(bloom.length?)?;
                Some(layout.range(source, bloom.start..end))
            });
            places.push(Places {
                start,
                blooms: blooms.collect(),
                ..Places::default()
            });
        }
    }
    let groups = || {
        sources.iter().enumerate().flat_map(|(source, of)| {
            let groups = of.groups.iter().zip(&of.offset_indexes);
            groups.map(move |(group, indexes)| (source, group, indexes))
        })
    };
    for ((source, group, _), places) in groups().zip(&mut places) {
        for chunk in &group.chunks {
            let index = chunk.column_index.clone();
            places
                .column_indexes
                .push(index.map(|range| layout.range(source, range)));
        }
    }
    for ((_, group, indexes), places) in groups().zip(&mut places) {
        for index in indexes {
            places.offset_indexes.push(match index {
                None => None,
                Some(index) => {
                    let encoded = moved_index(index, group, places.start)?;
                    Some((layout.literal(&encoded), encoded.len() as u64))
                }
            });
        }
    }
    let (footer, row_groups, rows, warnings) = footer(sources, &places)?;
    let mut framed = Vec::new();
    pq_format::append_footer(&footer, &mut framed)?;
    layout.literal(&framed);
    let copy = Copy {
        folder: folder.to_owned(),
        sources: sources.iter().map(|source| source.file.clone()).collect(),
        pieces: layout.pieces,
        size: layout.size,
        rows,
        row_groups,
    };
    Ok((copy, warnings))
}

/// Pieces, one behind the other.
#[derive(Debug, Default)]
struct Layout {
    pieces: Vec<Piece>,
    size: u64,
}

impl Layout {
    /// Adds bytes; returns where they are.
    fn literal(&mut self, bytes: &[u8]) -> u64 {
        match self.pieces.last_mut() {
            Some(Piece::Literal(last)) => last.extend_from_slice(bytes),
            _ => self.pieces.push(Piece::Literal(bytes.to_vec())),
        }
        let start = self.size;
        self.size += bytes.len() as u64;
        start
    }

    /// Adds bytes of a file; returns where they are.
    fn range(&mut self, source: usize, range: Range<u64>) -> u64 {
        let start = self.size;
        self.size += range.end - range.start;
        match self.pieces.last_mut() {
            Some(Piece::Range(last, before)) if *last == source && before.end == range.start => {
                before.end = range.end;
            }
            _ => self.pieces.push(Piece::Range(source, range)),
        }
        start
    }
}

/// Where the bytes of a row group are in the new part.
#[derive(Debug, Default)]
struct Places {
    start: u64,
    blooms: Vec<Option<u64>>,
    column_indexes: Vec<Option<u64>>,
    /// With their lengths.
    offset_indexes: Vec<Option<(u64, u64)>>,
}

type NewFooter = (Vec<u8>, Vec<Vec<u8>>, u64, Vec<String>);

/// The footer of the part, its row groups, their rows, and what a person should know.
fn footer(sources: &[Source], places: &[Places]) -> Result<NewFooter, FormatError> {
    let footers: Vec<&RawFooter<'_>> = sources.iter().map(|source| source.footer.raw()).collect();
    let Some(first) = footers.first() else {
        return Err(FormatError::missing_field("row_groups"));
    };
    let mut edit = first.edit();
    edit.retain_row_groups(|_| false);
    let named: Vec<(&str, &RawFooter<'_>)> = sources
        .iter()
        .map(|source| source.file.as_str())
        .zip(footers.iter().copied())
        .collect();
    let key_values = joined(&named);
    for (key, value) in &key_values.added {
        edit.set_key_value(key, Some(value));
    }
    let groups = || {
        sources
            .iter()
            .zip(&footers)
            .flat_map(|(source, footer)| footer.row_groups().iter().zip(&source.groups))
    };
    let mut numbered = true;
    for (group, _) in groups() {
        numbered &= group.decode()?.ordinal.is_some();
    }
    let (mut row_groups, mut rows) = (Vec::new(), 0_u64);
    for ((ordinal, (group, old)), new) in (0..).zip(groups()).zip(places) {
        let moved = moved_group(group, old, new)?;
        let ordinal = i16::try_from(ordinal).ok().filter(|_| numbered);
        let moved = RawRowGroup::parse(&moved)?.with_ordinal(ordinal)?;
        rows = rows.saturating_add(u64::try_from(group.num_rows()).unwrap_or(0));
        edit.append_row_group(moved.clone())?;
        row_groups.push(moved);
    }
    let mut footer = Vec::new();
    edit.encode(&mut footer)?;
    Ok((footer, row_groups, rows, key_values.warnings))
}

/// The row group with its new places.
fn moved_group(
    group: &RawRowGroup<'_>,
    old: &GroupPlace,
    new: &Places,
) -> Result<Vec<u8>, FormatError> {
    let shift = |at: i64| shifted(at, old.pages.start, new.start);
    let to = |at: Option<&Option<u64>>| i64::try_from(at.copied().flatten()?).ok();
    let mut lost = false;
    let moved = group.with_places(|place, at| {
        let moved = match place {
            FilePlace::RowGroup => i64::try_from(new.start).ok(),
            FilePlace::DataPage(_) | FilePlace::IndexPage(_) => shift(at),
            // Some say that the dictionary which they have not is at 0.
            FilePlace::DictionaryPage(_) if at <= 0 => return None,
            FilePlace::DictionaryPage(_) => shift(at),
            // Deprecated: it stays where it names the first page, and else means bytes that are
            // not copied.
            FilePlace::Chunk(column) => {
                let first = old.chunks.get(column).map(|chunk| chunk.first);
                match u64::try_from(at).ok() == first && at != 0 {
                    true => shift(at),
                    false => Some(0),
                }
            }
            FilePlace::BloomFilter(column) => to(new.blooms.get(column)),
            FilePlace::ColumnIndex(column) => to(new.column_indexes.get(column)),
            FilePlace::OffsetIndex(column) => {
                let index = new.offset_indexes.get(column).copied().flatten();
                index.and_then(|(at, _)| i64::try_from(at).ok())
            }
            FilePlace::OffsetIndexLength(column) => {
                let index = new.offset_indexes.get(column).copied().flatten();
                index.and_then(|(_, length)| i64::try_from(length).ok())
            }
            // What this version does not know cannot be put right.
            _ => None,
        };
        let is_index = matches!(
            place,
            FilePlace::ColumnIndex(_) | FilePlace::OffsetIndex(_) | FilePlace::OffsetIndexLength(_)
        );
        // An index of which it is not known how long it is, nobody reads.
        lost |= moved.is_none() && !is_index;
        moved
    })?;
    match lost {
        true => Err(FormatError::inconsistent(
            "row_groups",
            "an offset leads to no bytes of the row group",
        )),
        false => Ok(moved),
    }
}

/// The offset index of a chunk in a row group that now begins elsewhere.
fn moved_index(
    index: &OffsetIndex,
    group: &GroupPlace,
    start: u64,
) -> Result<Vec<u8>, FormatError> {
    let mut index = index.clone();
    for page in &mut index.page_locations {
        page.offset = shifted(page.offset, group.pages.start, start).ok_or_else(|| {
            FormatError::inconsistent("page_locations", "an offset is beyond the format")
        })?;
    }
    let mut encoded = Vec::new();
    pq_format::encode(&index, &mut encoded)?;
    Ok(encoded)
}

fn shifted(at: i64, old_start: u64, new_start: u64) -> Option<i64> {
    let offset = u64::try_from(at).ok()?.checked_sub(old_start)?;
    i64::try_from(new_start.checked_add(offset)?).ok()
}
