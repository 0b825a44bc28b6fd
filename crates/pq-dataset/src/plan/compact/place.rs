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

/// Extends each row group to what comes behind it: the next one, an index, a Bloom filter, or the
/// footer at `end`. Mostly nothing is between; some writers state sizes that leave out headers or
/// dictionaries, and bytes too many do no harm.
pub(super) fn extend(groups: &mut [GroupPlace], end: u64) {
    let mut starts = vec![end];
    for group in groups.iter() {
        starts.push(group.pages.start);
        for chunk in &group.chunks {
            starts.extend(chunk.bloom_filter.as_ref().map(|bloom| bloom.start));
            starts.extend(chunk.column_index.as_ref().map(|index| index.start));
            starts.extend(chunk.offset_index.as_ref().map(|index| index.start));
        }
    }
    starts.sort_unstable();
    for group in groups {
        let next = starts.partition_point(|start| *start < group.pages.end);
        group.pages.end = starts.get(next).copied().unwrap_or(group.pages.end);
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

#[cfg(test)]
mod tests {
    use super::{check_apart, extend, place};
    use pq_format::{ColumnChunk, ColumnMetaData, RowGroup};
    use proptest::prelude::*;

    fn group(chunks: &[(i64, Option<i64>, i64)]) -> RowGroup {
        let chunk = |(data, dictionary, size): &(i64, Option<i64>, i64)| ColumnChunk {
            meta_data: Some(ColumnMetaData {
                data_page_offset: *data,
                dictionary_page_offset: *dictionary,
                total_compressed_size: *size,
                ..ColumnMetaData::default()
            }),
            ..ColumnChunk::default()
        };
        RowGroup {
            columns: chunks.iter().map(chunk).collect(),
            ..RowGroup::default()
        }
    }

    #[test]
    fn pages_from_the_first_to_the_last() {
        let found = place(&group(&[(30, Some(4), 36), (40, Some(0), 10)]), 100).unwrap();
        assert_eq!(found.pages, 4..50);
        assert_eq!((found.chunks[0].first, found.chunks[1].first), (4, 40));
    }

    #[test]
    fn what_cannot_be_copied_is_told() {
        let mut elsewhere = group(&[(4, None, 1)]);
        elsewhere.columns[0].file_path = Some("x".to_owned());
        let mut encrypted = group(&[(4, None, 1)]);
        encrypted.columns[0].meta_data = None;
        let mut index = group(&[(4, None, 1)]);
        index.columns[0].column_index_offset = Some(95);
        index.columns[0].column_index_length = Some(6);
        for (group, why) in [
            (group(&[]), "no columns"),
            (group(&[(3, None, 1)]), "do not lie"),
            (group(&[(90, None, 11)]), "do not lie"),
            (group(&[(4, None, -1)]), "do not lie"),
            (group(&[(i64::MAX, None, i64::MAX)]), "do not lie"),
            (elsewhere, "another file"),
            (encrypted, "encrypted"),
            (index, "column index"),
        ] {
            let error = place(&group, 100).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn row_groups_with_gaps_and_shared_bytes() {
        let found = |at| place(&group(&[(at, None, 10)]), 100).unwrap();
        let mut groups = [found(40), found(4)];
        check_apart(&groups).unwrap();
        extend(&mut groups, 100);
        assert_eq!(
            (groups[0].pages.clone(), groups[1].pages.clone()),
            (40..100, 4..40)
        );
        assert!(check_apart(&[found(4), found(13)]).is_err());
        check_apart(&[found(4), found(14)]).unwrap();
    }

    proptest! {
        #[test]
        fn no_numbers_lead_out_of_the_file(
            data in any::<i64>(),
            dictionary in any::<Option<i64>>(),
            size in any::<i64>(),
            bloom in any::<(Option<i64>, Option<i32>)>(),
            index in any::<(Option<i64>, Option<i32>)>(),
        ) {
            let mut group = group(&[(data % 200, dictionary.map(|at| at % 200), size % 200)]);
            let chunk = &mut group.columns[0];
            (chunk.offset_index_offset, chunk.offset_index_length) = index;
            let metadata = chunk.meta_data.as_mut().unwrap();
            (metadata.bloom_filter_offset, metadata.bloom_filter_length) = bloom;
            if let Ok(found) = place(&group, 100) {
                prop_assert!(found.pages.start >= 4 && found.pages.end <= 100);
                let index = found.chunks[0].offset_index.clone().unwrap_or(4..4);
                prop_assert!(index.start >= 4 && index.end <= 100);
                let mut groups = [found];
                extend(&mut groups, 100);
                prop_assert!(groups[0].pages.end <= 100);
            }
        }
    }
}
