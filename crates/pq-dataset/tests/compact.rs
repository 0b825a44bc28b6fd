//! Many small parts become few: nothing is lost, and every rule of the format is kept.

mod common;

use common::{FAULTS, bytes, files, footer, path, uncounted, visible, write};
use pq_dataset::blocking::DatasetWriter;
use pq_dataset::{
    CompactOptions, Dataset, DatasetError, DatasetOptions, Existing, Layout, Plan, Scheme,
};
use pq_format::{
    ColumnChunk, ColumnMetaData, FileMetaData, OffsetIndex, PageHeader, RowGroup, append_footer,
    decode, encode, footer_range,
};
use pq_store::testing::fault::FaultStore;
use pq_store::{LocalStore, MemoryStore, PutMode, Store};
use pq_verify::{Options, verify_path};
use pq_writer::{Batch, BloomFilter, Column, DataType, Field, Schema, Values, WriterOptions};
use proptest::prelude::*;

fn plan(store: &dyn Store, target_bytes: u64) -> Result<Plan, DatasetError> {
    pollster::block_on(async {
        let data = Dataset::open(store, path("data")).await?;
        let options = CompactOptions {
            target_bytes,
            ..CompactOptions::default()
        };
        data.compact(store, &options).await
    })
}

fn compact(store: &dyn Store, target_bytes: u64) -> Result<pq_dataset::Summary, DatasetError> {
    let plan = plan(store, target_bytes)?;
    pollster::block_on(plan.execute(store))
}

/// Parts of a data set with dictionaries, plain text, Bloom filters and page indexes.
fn rich(store: &dyn Store, scheme: Scheme, parts: &[Vec<i64>]) {
    let schema = Schema::new(vec![
        Field::new("k", DataType::Int32, false),
        Field::new("text", DataType::String, true),
        Field::new("x", DataType::Int64, false),
    ])
    .unwrap();
    let layout = match scheme {
        Scheme::Hive | Scheme::Drill => Layout::new(scheme, ["k"]),
        _ => Layout::new::<String>(scheme, []),
    };
    let mut writer = WriterOptions::default();
    writer.data_page_rows = 3;
    writer.key_values = vec![("owner".to_owned(), "ann".to_owned())];
    writer
        .bloom_filters
        .insert("text".to_owned(), BloomFilter::default());
    writer
        .bloom_filters
        .insert("x".to_owned(), BloomFilter::default());
    let options = DatasetOptions {
        writer,
        ..DatasetOptions::default()
    };
    let mut writer = DatasetWriter::open(store, path("data"), schema, layout, options).unwrap();
    for part in parts {
        let keys: Vec<i32> = part.iter().map(|value| (value % 2) as i32).collect();
        let texts: Vec<String> = part
            .iter()
            .map(|value| format!("text {}", value / 3))
            .collect();
        let mut offsets = vec![0_i32];
        let mut data = Vec::new();
        for text in &texts {
            data.extend_from_slice(text.as_bytes());
            offsets.push(data.len() as i32);
        }
        let batch = Batch::new(vec![
            Column::new("k", Values::Int32(&keys)),
            Column::new(
                "text",
                Values::Bytes32 {
                    offsets: &offsets,
                    data: &data,
                },
            ),
            Column::new("x", Values::Int64(part)),
        ]);
        writer.write_row_group(&[batch]).unwrap();
    }
    writer.commit().unwrap();
}

/// The bytes of the pages of each row group that `_metadata` names, in order, with the folder.
fn pages(store: &dyn Store) -> Vec<(String, Vec<u8>)> {
    pages_by(store, |data| data.dictionary_page_offset)
}

/// The same, with where the dictionary is.
fn pages_by(
    store: &dyn Store,
    dictionary: impl Fn(&ColumnMetaData) -> Option<i64>,
) -> Vec<(String, Vec<u8>)> {
    let metadata = footer(&bytes(store, "data/_metadata"));
    let groups = metadata.row_groups.iter();
    groups
        .map(|group| {
            let file = group.columns[0].file_path.clone().unwrap();
            let of_file = bytes(store, &format!("data/{file}"));
            let mut pages = Vec::new();
            for chunk in &group.columns {
                let data = chunk.meta_data.as_ref().unwrap();
                let first = dictionary(data).unwrap_or(i64::MAX);
                let first = first.min(data.data_page_offset) as usize;
                let end = first + data.total_compressed_size as usize;
                pages.extend_from_slice(&of_file[first..end]);
                assert!(decode::<PageHeader>(&of_file[first..end]).is_ok());
            }
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            (folder.to_owned(), pages)
        })
        .collect()
}

fn sorted(mut pages: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    pages.sort();
    pages
}

/// What the row groups of `_metadata` say without saying where.
fn without_places(group: &RowGroup) -> RowGroup {
    let mut group = group.clone();
    group.file_offset = None;
    for chunk in &mut group.columns {
        let data = chunk.meta_data.clone().map(|data| ColumnMetaData {
            data_page_offset: 0,
            dictionary_page_offset: data.dictionary_page_offset.map(|_| 0),
            bloom_filter_offset: data.bloom_filter_offset.map(|_| 0),
            ..data
        });
        *chunk = ColumnChunk {
            file_path: None,
            meta_data: data,
            column_index_offset: chunk.column_index_offset.map(|_| 0),
            offset_index_offset: chunk.offset_index_offset.map(|_| 0),
            offset_index_length: chunk.offset_index_length.map(|_| 0),
            ..chunk.clone()
        };
    }
    group
}

/// Compacts and checks that all is as it was.
fn check(scheme: Scheme, parts: &[Vec<i64>], target: u64) -> (usize, usize) {
    let directory = tempfile::tempdir().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    rich(&store, scheme, parts);
    let before = footer(&bytes(&store, "data/_metadata"));
    let (old_files, old_pages) = (files(&store).len(), pages(&store));
    let summary = compact(&store, target).unwrap();
    assert_eq!(summary.warnings, Vec::<String>::new());
    assert_eq!(sorted(pages(&store)), sorted(old_pages));
    let after = uncounted(footer(&bytes(&store, "data/_metadata")));
    assert_eq!(after.num_rows, before.num_rows);
    assert_eq!(after.schema, before.schema);
    assert_eq!(after.key_value_metadata, before.key_value_metadata);
    let said = |groups: &[RowGroup]| {
        let mut said: Vec<String> = groups
            .iter()
            .map(|g| format!("{:?}", without_places(g)))
            .collect();
        said.sort();
        said
    };
    assert_eq!(said(&after.row_groups), said(&before.row_groups));
    let report = verify_path(&directory.path().join("data"), &Options::default());
    assert!(report.is_sound(), "{:?}", report.findings());
    // A second time there is nothing to do.
    assert!(plan(&store, target).unwrap().is_empty());
    let names = files(&store);
    for name in names.iter().filter(|name| name.ends_with(".parquet")) {
        let size = bytes(&store, name).len() as u64;
        let is_one = footer(&bytes(&store, name)).row_groups.len() == 1;
        assert!(is_one || size <= target, "{name}: {size} bytes");
    }
    (old_files, names.len())
}

#[test]
fn flat_hive_and_drill() {
    let parts: Vec<Vec<i64>> = (0..9)
        .map(|part| (part * 10..part * 10 + 10).collect())
        .collect();
    for (scheme, after) in [(Scheme::Flat, 1), (Scheme::Hive, 2), (Scheme::Drill, 2)] {
        let (_, files) = check(scheme, &parts, 1 << 20);
        assert_eq!(files, after + 2, "{scheme}");
    }
    let (before, after) = check(Scheme::Flat, &parts, 6_000);
    assert!(after > 3 && after < before, "{after} of {before}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_parts_and_any_target(
        parts in proptest::collection::vec(proptest::collection::vec(-50_i64..50, 1..12), 0..9),
        target in 500_u64..40_000,
        hive in any::<bool>(),
    ) {
        let scheme = if hive { Scheme::Hive } else { Scheme::Flat };
        let (before, after) = check(scheme, &parts, target);
        prop_assert!(after <= before);
    }
}

#[test]
fn equal_input_gives_equal_bytes() {
    let made = || {
        let store = MemoryStore::default();
        rich(&store, Scheme::Hive, &[vec![1, 2], vec![3, 4], vec![5, 6]]);
        compact(&store, 1 << 20).unwrap();
        common::state(&store)
    };
    assert_eq!(made(), made());
}

#[test]
fn files_of_several_row_groups_and_large_ones() {
    let store = MemoryStore::default();
    rich(&store, Scheme::Flat, &[vec![1], vec![2], vec![3]]);
    compact(&store, 1 << 20).unwrap();
    let append = |values: &[i64]| {
        let before = pages(&store).len();
        let other = MemoryStore::default();
        rich(&other, Scheme::Flat, &[values.to_vec()]);
        let part = bytes(&other, "data/part.0.parquet");
        let name = format!("data/part.{}.parquet", 10 + before);
        pollster::block_on(store.put(&path(&name), &part, PutMode::IfAbsent)).unwrap();
        pollster::block_on(async {
            let plan = Dataset::merge(&store, &[path("data")], &Default::default())
                .await
                .unwrap();
            plan.execute(&store).await.unwrap();
        });
    };
    append(&[4, 5]);
    append(&(100..1_100).collect::<Vec<_>>());
    append(&[6]);
    let old = pages(&store);
    let large = bytes(&store, "data/part.14.parquet").len() as u64;
    let plan = plan(&store, large * 2).unwrap();
    let shown = plan.to_string();
    assert!(shown.contains("compact 3 files to 1"), "{shown}");
    assert!(!shown.contains("part.14"), "{shown}");
    pollster::block_on(plan.execute(&store)).unwrap();
    assert_eq!(sorted(pages(&store)), sorted(old));
    // The new part stands where the first of its files stood.
    let metadata = footer(&bytes(&store, "data/_metadata"));
    let rows: Vec<i64> = metadata
        .row_groups
        .iter()
        .map(|group| group.num_rows)
        .collect();
    assert_eq!(rows, [1, 1, 1, 2, 1, 1_000]);
}

#[test]
fn offset_indexes_lead_to_pages() {
    let store = MemoryStore::default();
    rich(
        &store,
        Scheme::Flat,
        &[(0..10).collect(), (20..30).collect()],
    );
    compact(&store, 1 << 20).unwrap();
    let name = files(&store)
        .into_iter()
        .find(|name| name.ends_with("parquet"))
        .unwrap();
    let part = bytes(&store, &name);
    let metadata = footer(&part);
    assert_eq!(metadata.row_groups.len(), 2);
    assert_eq!(metadata.num_rows, 20);
    for group in &metadata.row_groups {
        for chunk in &group.columns {
            let at = chunk.offset_index_offset.unwrap() as usize;
            let end = at + chunk.offset_index_length.unwrap() as usize;
            let (index, used) = decode::<OffsetIndex>(&part[at..end]).unwrap();
            assert_eq!(used, end - at);
            assert_eq!(index.page_locations.len(), 4);
            for page in &index.page_locations {
                let header = decode::<PageHeader>(&part[page.offset as usize..])
                    .unwrap()
                    .0;
                assert!(header.data_page_header.is_some());
            }
        }
    }
}

#[test]
fn a_file_that_changed_is_a_conflict() {
    let store = MemoryStore::default();
    rich(&store, Scheme::Flat, &[vec![1], vec![2]]);
    let plan = plan(&store, 1 << 20).unwrap();
    let metadata = bytes(&store, "data/_metadata");
    let part = bytes(&store, "data/part.1.parquet");
    pollster::block_on(store.put(&path("data/part.0.parquet"), &part, PutMode::Always)).unwrap();
    let error = pollster::block_on(plan.execute(&store)).unwrap_err();
    assert!(matches!(error, DatasetError::Conflict { .. }), "{error}");
    assert_eq!(bytes(&store, "data/_metadata"), metadata);
    assert_eq!(files(&store).len(), 4, "the new part is gone");
}

#[test]
fn rows_that_came_meanwhile_stay_and_those_that_went_are_missed() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    write(&store, Scheme::Flat, Existing::Append, &[1]).unwrap();
    let first = plan(&store, 1 << 20).unwrap();
    let second = plan(&store, 1 << 20).unwrap();
    write(&store, Scheme::Flat, Existing::Append, &[2]).unwrap();
    pollster::block_on(first.execute(&store)).unwrap();
    assert_eq!(footer(&bytes(&store, "data/_metadata")).num_rows, 3);
    let error = pollster::block_on(second.execute(&store)).unwrap_err();
    assert!(error.to_string().contains("part.0.parquet"), "{error}");
    assert_eq!(footer(&bytes(&store, "data/_metadata")).num_rows, 3);
}

/// The values that are seen, read by the pages' statistics of every row group of every file.
fn values(store: &dyn Store) -> Vec<i64> {
    let metadata = footer(&bytes(store, "data/_metadata"));
    let mut values: Vec<i64> = Vec::new();
    for group in &metadata.row_groups {
        let chunk = group.columns.last().unwrap();
        let part = bytes(
            store,
            &format!("data/{}", chunk.file_path.as_ref().unwrap()),
        );
        let data = chunk.meta_data.as_ref().unwrap();
        let own = footer(&part);
        let same = |own: &&RowGroup| own.columns.last().unwrap().meta_data.as_ref() == Some(data);
        assert!(own.row_groups.iter().any(|own| same(&own)));
        decode::<PageHeader>(&part[data.data_page_offset as usize..]).unwrap();
        let min = data
            .statistics
            .as_ref()
            .unwrap()
            .min_value
            .as_deref()
            .unwrap();
        values.push(i64::from_le_bytes(min.try_into().unwrap()));
    }
    values.sort_unstable();
    values
}

#[test]
fn any_operation_may_fail() {
    for scheme in [Scheme::Flat, Scheme::Hive] {
        for fault in FAULTS {
            for n in 0.. {
                let memory = MemoryStore::default();
                for (value, existing) in [
                    (0, Existing::Fail),
                    (1, Existing::Append),
                    (3, Existing::Append),
                    (4, Existing::Append),
                ] {
                    write(&memory, scheme, existing, &[value]).unwrap();
                }
                assert_eq!(visible(&memory, scheme), [0, 1, 3, 4]);
                let store = FaultStore::new(memory.clone());
                store.fail_nth(n, fault);
                let done = compact(&store, 1 << 20);
                let context = format!("{scheme} {fault:?} {n}: {done:?}\n{}", store.log());
                assert_eq!(values(&memory), [0, 1, 3, 4], "{context}");
                let files_now = || {
                    footer(&bytes(&memory, "data/_metadata"))
                        .row_groups
                        .iter()
                        .map(|g| g.columns[0].file_path.clone())
                        .collect::<std::collections::BTreeSet<_>>()
                        .len()
                };
                let new = if scheme == Scheme::Flat { 1 } else { 2 };
                match &done {
                    Ok(_) => assert_eq!(files_now(), new, "{context}"),
                    Err(DatasetError::CommitUnknown { .. }) => {}
                    Err(_) => assert_eq!(files_now(), 4, "{context}"),
                }
                store.revive();
                compact(&store, 1 << 20).unwrap();
                pollster::block_on(store.deliver());
                assert_eq!(values(&memory), [0, 1, 3, 4], "{context}");
                assert_eq!(files_now(), new, "{context}");
                if !store.has_failed() {
                    assert!(n > 10);
                    break;
                }
            }
        }
    }
}

#[test]
fn what_is_not_as_metadata_says_is_refused() {
    let store = MemoryStore::default();
    rich(&store, Scheme::Flat, &[vec![1], vec![2]]);
    let other = MemoryStore::default();
    rich(&other, Scheme::Flat, &[vec![1, 2]]);
    let part = bytes(&other, "data/part.0.parquet");
    pollster::block_on(store.put(&path("data/part.0.parquet"), &part, PutMode::Always)).unwrap();
    let error = plan(&store, 1 << 20).unwrap_err();
    assert!(error.to_string().contains("other row groups"), "{error}");
}

/// Puts a part back with another footer.
fn change_footer(store: &dyn Store, name: &str, change: impl Fn(&mut FileMetaData)) {
    let old = bytes(store, name);
    let range = footer_range(&old[old.len() - 8..], old.len() as u64).unwrap();
    let mut metadata = footer(&old);
    change(&mut metadata);
    let mut encoded = Vec::new();
    encode(&metadata, &mut encoded).unwrap();
    let mut file = old[..range.start as usize].to_vec();
    append_footer(&encoded, &mut file).unwrap();
    pollster::block_on(store.put(&path(name), &file, PutMode::Always)).unwrap();
}

#[test]
fn footers_of_older_writers() {
    let directory = tempfile::tempdir().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    rich(
        &store,
        Scheme::Flat,
        &[(0..9).collect(), (5..30).collect(), vec![7]],
    );
    for part in 0..3 {
        change_footer(&store, &format!("data/part.{part}.parquet"), |metadata| {
            for group in &mut metadata.row_groups {
                group.ordinal = Some(0);
                for chunk in &mut group.columns {
                    let data = chunk.meta_data.as_mut().unwrap();
                    // What parquet-mr wrote for years.
                    data.bloom_filter_length = None;
                    data.dictionary_page_offset = data.dictionary_page_offset.or(Some(0));
                    chunk.file_offset = data.data_page_offset;
                }
            }
        });
    }
    let old = pages_by(&store, |data| {
        data.dictionary_page_offset.filter(|at| *at > 0)
    });
    compact(&store, 1 << 20).unwrap();
    let new = pages_by(&store, |data| data.dictionary_page_offset);
    assert_eq!(sorted(new), sorted(old));
    let part = bytes(&store, "data/part.3.parquet");
    let ordinals: Vec<_> = footer(&part)
        .row_groups
        .iter()
        .map(|group| group.ordinal)
        .collect();
    assert_eq!(ordinals, [Some(0), Some(1), Some(2)]);
    let report = verify_path(&directory.path().join("data"), &Options::default());
    assert!(report.is_sound(), "{:?}", report.findings());
}

#[test]
fn what_stays_and_why() {
    let store = MemoryStore::default();
    rich(
        &store,
        Scheme::Flat,
        &[vec![1], vec![2], (0..100).collect(), vec![4]],
    );
    change_footer(&store, "data/part.0.parquet", |metadata| {
        metadata.created_by = Some("somebody else".to_owned());
    });
    change_footer(&store, "data/part.1.parquet", |metadata| {
        metadata.footer_signing_key_metadata = Some(b"key"[..].into());
    });
    change_footer(&store, "data/part.3.parquet", |metadata| {
        metadata.key_value_metadata.as_mut().unwrap()[0].value = Some("bob".to_owned());
    });
    let plan = plan(&store, 1 << 20).unwrap();
    let shown = plan.to_string();
    assert!(shown.contains("compact 2 files to 1"), "{shown}");
    for note in [
        "part.0.parquet stays: no other file",
        "part.1.parquet stays: its footer is signed",
        "the key-value \"owner\" of part.3.parquet differs",
    ] {
        assert!(shown.contains(note), "{note}\n{shown}");
    }
    let options = CompactOptions {
        smallest_row_group: 1_000,
        ..CompactOptions::default()
    };
    let plan = pollster::block_on(async {
        let data = Dataset::open(&store, path("data")).await.unwrap();
        data.compact(&store, &options).await.unwrap()
    });
    assert!(plan.is_empty(), "{plan}");
    assert!(
        plan.notes().iter().any(|note| note.contains("too small")),
        "{plan}"
    );
}
