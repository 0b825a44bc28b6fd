//! What must be read before bytes are copied: footers, offset indexes, lengths of Bloom filters.

use super::CompactOptions;
use super::choose::{Candidate, Group, Kind};
use super::part::Source;
use super::place::{GroupPlace, check_apart, extend, place};
use crate::compare::joint::join;
use crate::detect::Existing;
use crate::error::DatasetError;
use crate::footer::Footer;
use crate::metadata_files::at;
use pq_format::{BloomFilterHeader, FormatError, OffsetIndex, TAIL_LEN};
use pq_store::{ReadRange, Store, StorePath};
use std::collections::BTreeMap;
use std::ops::Range;

/// Bytes that the header of a Bloom filter takes at most.
const BLOOM_HEADER: u64 = 64;

/// Bytes between two things that are read at once.
const GAP: u64 = 16 * 1024;

/// Reads the footers of all files, in the order in which `_metadata` names them first. `notes`
/// says which stay as they are, and why.
pub(super) async fn read(
    store: &dyn Store,
    root: &StorePath,
    existing: &Existing,
    options: &CompactOptions,
    notes: &mut Vec<String>,
) -> Result<Vec<Candidate>, DatasetError> {
    let location = store.describe(root);
    let metadata = existing.footer.raw();
    if metadata.is_signed() {
        return at(&location, Err(FormatError::EncryptedUnsupported));
    }
    let schema = at(&location, metadata.schema())?;
    // The rows of each row group of each file, as `_metadata` states them.
    let mut order: Vec<&str> = Vec::new();
    let mut stated: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for group in metadata.row_groups() {
        let file = group.first_file_path().unwrap_or_default();
        let rows = stated.entry(file).or_default();
        if rows.is_empty() {
            order.push(file);
        }
        rows.push(group.num_rows());
    }
    let mut candidates = Vec::new();
    for file in order {
        let path = root.join(file)?;
        let footer = match Footer::read(store, &path).await {
            Err(DatasetError::Format {
                source: FormatError::Encrypted,
                ..
            }) => {
                notes.push(format!("{file} stays: its footer is encrypted"));
                continue;
            }
            footer => footer?,
        };
        let of_file = store.describe(&path);
        let raw = footer.raw();
        let rows: Vec<i64> = raw
            .row_groups()
            .iter()
            .map(|group| group.num_rows())
            .collect();
        if stated.get(file) != Some(&rows) {
            return Err(DatasetError::NotPossible {
                location: of_file,
                reason: "has other row groups than _metadata says".to_owned(),
            });
        }
        let decoded = at(&of_file, raw.decode())?;
        let fits = join(&schema, file, &decoded.schema, false);
        let why = if raw.is_signed() {
            Some("its footer is signed".to_owned())
        } else if !matches!(fits, Ok(joint) if joint.order.is_none()) {
            Some("its schema is not that of _metadata".to_owned())
        } else {
            None
        };
        let places: Result<Vec<GroupPlace>, String> = decoded
            .row_groups
            .iter()
            .map(|group| place(group, footer.start))
            .collect();
        let groups = match (why, places) {
            (None, Ok(mut groups)) => check_apart(&groups).map(|()| {
                extend(&mut groups, footer.start);
                groups
            }),
            (Some(why), _) | (None, Err(why)) => Err(why),
        };
        let smallest = |groups: &Vec<GroupPlace>| {
            let sizes = groups
                .iter()
                .map(|group| group.pages.end - group.pages.start);
            sizes.min().unwrap_or(u64::MAX)
        };
        match groups {
            Ok(groups) if smallest(&groups) < options.smallest_row_group => {
                notes.push(format!(
                    "{file} stays: its row groups are too small to be copied"
                ));
            }
            Ok(groups) => candidates.push(Candidate {
                file: file.to_owned(),
                size: footer.start + (footer.bytes().len() + TAIL_LEN) as u64,
                groups,
                kind: Kind {
                    version: decoded.version,
                    schema: decoded.schema,
                    created_by: decoded.created_by,
                    column_orders: decoded.column_orders,
                },
                footer,
            }),
            Err(why) => notes.push(format!("{file} stays: {why}")),
        }
    }
    Ok(candidates)
}

/// Reads what is needed of the files of one new part.
pub(super) async fn sources(
    store: &dyn Store,
    root: &StorePath,
    group: &Group,
) -> Result<Vec<Source>, DatasetError> {
    let mut sources = Vec::new();
    for file in &group.files {
        sources.push(source(store, &root.join(&file.file)?, file).await?);
    }
    Ok(sources)
}

async fn source(
    store: &dyn Store,
    path: &StorePath,
    file: &Candidate,
) -> Result<Source, DatasetError> {
    let location = store.describe(path);
    let end = file.size - (file.footer.bytes().len() + TAIL_LEN) as u64;
    let mut wanted = Vec::new();
    for chunk in file.groups.iter().flat_map(|group| &group.chunks) {
        wanted.extend(chunk.offset_index.clone());
        if let Some(bloom) = &chunk.bloom_filter
            && bloom.length.is_none()
        {
            wanted.push(bloom.start.min(end)..bloom.start.saturating_add(BLOOM_HEADER).min(end));
        }
    }
    let pieces = Pieces::read(store, path, file, wanted).await?;
    let mut groups = file.groups.clone();
    let mut offset_indexes = Vec::new();
    for group in &mut groups {
        let mut indexes = Vec::new();
        for chunk in &mut group.chunks {
            if let Some(bloom) = &mut chunk.bloom_filter
                && bloom.length.is_none()
            {
                let bytes = pieces.at(bloom.start);
                let read = pq_format::decode::<BloomFilterHeader>(bytes);
                let (header, length) = at(&location, read)?;
                let bits = u64::try_from(header.num_bytes).unwrap_or(0);
                let length = length as u64 + bits;
                if bloom.start.saturating_add(length) > end {
                    return Err(DatasetError::NotPossible {
                        location,
                        reason: "a Bloom filter does not lie in the file".to_owned(),
                    });
                }
                bloom.length = Some(length);
            }
            indexes.push(match &chunk.offset_index {
                None => None,
                Some(range) => {
                    let bytes = pieces.at(range.start);
                    let (index, _) = at(&location, pq_format::decode::<OffsetIndex>(bytes))?;
                    Some(index)
                }
            });
        }
        offset_indexes.push(indexes);
    }
    Ok(Source {
        file: file.file.clone(),
        footer: file.footer.clone(),
        groups,
        offset_indexes,
    })
}

/// Pieces of a file, by where they start, apart from each other.
struct Pieces(Vec<(u64, Vec<u8>)>);

impl Pieces {
    async fn read(
        store: &dyn Store,
        path: &StorePath,
        file: &Candidate,
        mut wanted: Vec<Range<u64>>,
    ) -> Result<Self, DatasetError> {
        wanted.sort_by_key(|range| range.start);
        let mut runs: Vec<Range<u64>> = Vec::new();
        for range in wanted {
            match runs.last_mut() {
                Some(run) if range.start <= run.end.saturating_add(GAP) => {
                    run.end = run.end.max(range.end);
                }
                _ => runs.push(range),
            }
        }
        let mut pieces = Vec::new();
        for run in runs {
            let start = run.start;
            let content = store.read(path, ReadRange::Bytes(run)).await?;
            if content.version != file.footer.version {
                return Err(DatasetError::Conflict {
                    location: store.describe(path),
                    reason: "changed while it was read".to_owned(),
                });
            }
            pieces.push((start, content.bytes));
        }
        Ok(Self(pieces))
    }

    /// The bytes from this place on; none where it was not read.
    fn at(&self, place: u64) -> &[u8] {
        let after = self.0.partition_point(|(start, _)| *start <= place);
        let piece = after.checked_sub(1).and_then(|index| self.0.get(index));
        piece
            .and_then(|(start, bytes)| bytes.get(usize::try_from(place - start).ok()?..))
            .unwrap_or_default()
    }
}
