//! Where in a file the bytes of a row group are.

use pq_format::{ColumnMetaData, RowGroup};
use std::ops::Range;

/// Where the bytes of a row group are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GroupPlace {
    /// All its pages, with what lies between them.
    pub(super) pages: Range<u64>,
    pub(super) chunks: Vec<ChunkPlace>,
}

/// Where the bytes of a column chunk are that do not lie with its pages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ChunkPlace {
    /// Where its pages begin.
    pub(super) first: u64,
    pub(super) bloom_filter: Option<BloomPlace>,
    pub(super) column_index: Option<Range<u64>>,
    pub(super) offset_index: Option<Range<u64>>,
}

/// Where a Bloom filter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BloomPlace {
    pub(super) start: u64,
    /// Older writers do not say how long it is; its header does.
    pub(super) length: Option<u64>,
}

/// Finds the bytes of a row group in a file whose footer starts at `end`.
///
/// # Errors
///
/// Why its bytes cannot be copied.
pub(super) fn place(group: &RowGroup, end: u64) -> Result<GroupPlace, String> {
    let mut pages: Option<Range<u64>> = None;
    let mut chunks = Vec::with_capacity(group.columns.len());
    for (column, chunk) in group.columns.iter().enumerate() {
        let wrong = |what: &str| format!("column {column} has {what}");
        let encrypted =
            chunk.crypto_metadata.is_some() || chunk.encrypted_column_metadata.is_some();
        let metadata = match &chunk.meta_data {
            Some(metadata) if !encrypted => metadata,
            _ => return Err(wrong("encrypted pages")),
        };
        if chunk.file_path.is_some() {
            return Err(wrong("its pages in another file"));
        }
        let of_pages = chunk_pages(metadata)
            .filter(|pages| pages.start >= 4 && pages.end <= end)
            .ok_or_else(|| wrong("pages that do not lie in the file"))?;
        let within = |offset: Option<i64>, length: Option<i32>, what: &str| match (offset, length) {
            (Some(offset), Some(length)) => range(offset, i64::from(length))
                .filter(|range| range.start >= 4 && range.end <= end)
                .map(Some)
                .ok_or_else(|| wrong(what)),
            _ => Ok(None),
        };
        let bloom_filter = match metadata.bloom_filter_offset {
            Some(offset) => {
                let length = metadata.bloom_filter_length;
                let length = within(
                    Some(offset),
                    length.or(Some(0)),
                    "a Bloom filter beyond the file",
                )?
                .filter(|range| !range.is_empty())
                .map(|range| range.end - range.start);
                let start = u64::try_from(offset).map_err(|_| wrong("a negative offset"))?;
                Some(BloomPlace { start, length })
            }
            None => None,
        };
        chunks.push(ChunkPlace {
            first: of_pages.start,
            bloom_filter,
            column_index: within(
                chunk.column_index_offset,
                chunk.column_index_length,
                "a column index beyond the file",
            )?,
            offset_index: within(
                chunk.offset_index_offset,
                chunk.offset_index_length,
                "an offset index beyond the file",
            )?,
        });
        pages = Some(match pages {
            Some(all) => all.start.min(of_pages.start)..all.end.max(of_pages.end),
            None => of_pages,
        });
    }
    let pages = pages.ok_or_else(|| "a row group has no columns".to_owned())?;
    Ok(GroupPlace { pages, chunks })
}

/// Errors if row groups share bytes: where one ends and another begins is then not known.
pub(super) fn check_apart(groups: &[GroupPlace]) -> Result<(), String> {
    let mut all: Vec<&Range<u64>> = groups.iter().map(|group| &group.pages).collect();
    all.sort_by_key(|pages| pages.start);
    match all.windows(2).any(|pair| match pair {
        [one, next] => next.start < one.end,
        _ => false,
    }) {
        true => Err("the pages of row groups lie between those of others".to_owned()),
        false => Ok(()),
    }
}

/// The pages of a column chunk. Writers that have no dictionary page may say that it is at 0.
fn chunk_pages(metadata: &ColumnMetaData) -> Option<Range<u64>> {
    let others = [
        metadata.dictionary_page_offset,
        metadata.index_page_offset.as_deref().copied(),
    ];
    let first = others
        .into_iter()
        .flatten()
        .filter(|offset| *offset > 0)
        .fold(metadata.data_page_offset, i64::min);
    range(first, metadata.total_compressed_size)
}

fn range(start: i64, length: i64) -> Option<Range<u64>> {
    let end = start.checked_add(length)?;
    let (start, end) = (u64::try_from(start).ok()?, u64::try_from(end).ok()?);
    (start <= end).then_some(start..end)
}
