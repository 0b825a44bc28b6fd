//! What is done to data sets that are there: plans, and what they promise.

mod common;

use common::{
    FAULTS, bytes, files, footer, layout, options, path, put, schema, state, uncounted, visible,
    write,
};
use pollster::block_on;
use pq_dataset::blocking::{self, DatasetWriter, execute, open, set_file_metadata};
use pq_dataset::{
    DatasetError, DatasetOptions, Existing, MetadataFile, PartReceipt, Plan, Scheme, Selection,
    SortBy, WritePlan,
};
use pq_store::testing::fault::FaultStore;
use pq_store::{MemoryStore, PutMode, Store};
use pq_writer::{Batch, Column, Values};

const PARTITIONED: [Scheme; 2] = [Scheme::Hive, Scheme::Drill];

/// The files of the row groups, in their order.
fn row_group_files(store: &dyn Store) -> Vec<String> {
    let metadata = footer(&bytes(store, "data/_metadata"));
    let file = |group: &pq_format::RowGroup| group.columns[0].file_path.clone().unwrap();
    metadata.row_groups.iter().map(file).collect()
}

fn key_value(store: &dyn Store, name: &str, key: &str) -> Option<String> {
    let pairs = footer(&bytes(store, name))
        .key_value_metadata
        .unwrap_or_default();
    pairs.into_iter().find(|pair| pair.key == key)?.value
}

fn pairs(key: &str, value: Option<&str>) -> Vec<(String, Option<String>)> {
    vec![(key.to_owned(), value.map(str::to_owned))]
}

fn partition(value: &str) -> Selection {
    Selection::Partition(vec![("k".to_owned(), Some(value.to_owned()))])
}

#[test]
fn partitions_are_overwritten_where_they_stand() {
    for scheme in PARTITIONED {
        let store = MemoryStore::default();
        write(&store, scheme, Existing::Fail, &[0, 1, 2]).unwrap();
        write(&store, scheme, Existing::Append, &[3, 4, 5]).unwrap();
        let before = row_group_files(&store);
        // k is 1.
        let summary = write(&store, scheme, Existing::OverwritePartitions, &[7, 10]).unwrap();
        assert_eq!((summary.rows, summary.files, summary.removed), (2, 1, 2));
        assert_eq!(summary.warnings, Vec::<String>::new());
        assert_eq!(visible(&store, scheme), [0, 2, 3, 5, 7, 10]);
        let mut expected = before;
        expected[1] = expected[1].replace("part.0", "part.2");
        expected.remove(4);
        assert_eq!(row_group_files(&store), expected);
        assert_eq!(
            files(&store).len(),
            2 + expected.len(),
            "old parts are gone"
        );
        // A partition that was not there comes last.
        let removed = open(&store, path("data")).unwrap().remove(&partition("0"));
        execute(removed.unwrap(), &store).unwrap();
        write(&store, scheme, Existing::OverwritePartitions, &[6]).unwrap();
        assert_eq!(visible(&store, scheme), [2, 5, 6, 7, 10]);
        assert_eq!(
            row_group_files(&store)
                .last()
                .unwrap()
                .matches("0/")
                .count(),
            1
        );
    }
}

#[test]
fn what_has_no_partitions_has_none_to_overwrite() {
    for (scheme, start) in [
        (Scheme::Flat, "No partitioning column"),
        (Scheme::Simple, "Not possible to overwrite"),
    ] {
        let store = MemoryStore::default();
        write(&store, scheme, Existing::Fail, &[0]).unwrap();
        let before = state(&store);
        let error = write(&store, scheme, Existing::OverwritePartitions, &[1]).unwrap_err();
        assert!(error.to_string().contains(start), "{error}");
        assert_eq!(state(&store), before);
    }
    let store = MemoryStore::default();
    let error = write(&store, Scheme::Hive, Existing::OverwritePartitions, &[1]).unwrap_err();
    assert!(matches!(error, DatasetError::NotFound { .. }), "{error}");
}

#[test]
fn of_two_overwrites_of_a_partition_one_wins() {
    for scheme in PARTITIONED {
        let store = MemoryStore::default();
        write(&store, scheme, Existing::Fail, &[0, 1, 2]).unwrap();
        let begin = |values: &[i64]| {
            let options = options(Existing::OverwritePartitions);
            let mut writer =
                DatasetWriter::open(&store, path("data"), schema(), layout(scheme), options)
                    .unwrap();
            put(&mut writer, values).unwrap();
            writer
        };
        let (one, two, apart) = (begin(&[3, 4]), begin(&[7]), begin(&[8]));
        two.commit().unwrap();
        let error = one.commit().unwrap_err();
        assert!(matches!(error, DatasetError::Conflict { .. }), "{error}");
        // One that touches neither gets in.
        apart.commit().unwrap();
        assert_eq!(visible(&store, scheme), [0, 7, 8]);
        assert_eq!(files(&store).len(), 5, "the loser's parts are gone");

        // Rows that come to the partition are not buried.
        let overwrite = begin(&[10]);
        write(&store, scheme, Existing::Append, &[13]).unwrap();
        assert!(matches!(
            overwrite.commit(),
            Err(DatasetError::Conflict { .. })
        ));
        assert_eq!(visible(&store, scheme), [0, 7, 8, 13]);
    }
}

#[test]
fn row_groups_are_removed() {
    let filled = |scheme| {
        let store = MemoryStore::default();
        write(&store, scheme, Existing::Fail, &[0, 1, 2]).unwrap();
        write(&store, scheme, Existing::Append, &[4]).unwrap();
        store
    };
    for scheme in PARTITIONED {
        let store = filled(scheme);
        let plan = open(&store, path("data"))
            .unwrap()
            .remove(&partition("1"))
            .unwrap();
        let text = plan.to_string();
        assert!(text.contains("remove 2 of 4 files"), "{text}");
        assert_eq!(text.matches("delete ").count(), 2, "{text}");
        assert_eq!(visible(&store, scheme), [0, 1, 2, 4], "a plan does nothing");
        let summary = execute(plan, &store).unwrap();
        assert_eq!(summary.removed, 2);
        assert_eq!(visible(&store, scheme), [0, 2]);
        assert_eq!(files(&store).len(), 4);

        let store = filled(scheme);
        let dataset = open(&store, path("data")).unwrap();
        let last = Selection::RowGroups(vec![3, 3]);
        execute(dataset.remove(&last).unwrap().keep_replaced(), &store).unwrap();
        assert_eq!(visible(&store, scheme), [0, 1, 2]);
        assert_eq!(files(&store).len(), 6, "for those who are still at it");
        // The plan was made before: it leads to what is there, until others have come.
        execute(dataset.remove(&last).unwrap(), &store).unwrap();
        write(&store, scheme, Existing::Append, &[5]).unwrap();
        let again = execute(dataset.remove(&last).unwrap(), &store).unwrap_err();
        assert!(matches!(again, DatasetError::Conflict { .. }), "{again}");
    }
    let store = filled(Scheme::Hive);
    let before = state(&store);
    let dataset = open(&store, path("data")).unwrap();
    for (selection, reason) in [
        (Selection::RowGroups(vec![4]), "no row group 4"),
        (
            Selection::Files(vec!["k=1/part.9.parquet".to_owned()]),
            "part.9",
        ),
        (partition("9"), "partition"),
        (
            Selection::Partition(vec![("x".to_owned(), None)]),
            "partition column \"x\"",
        ),
    ] {
        let error = dataset.remove(&selection).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    assert_eq!(state(&store), before);
}

#[test]
fn a_file_is_not_removed_in_part() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    let mut metadata = footer(&bytes(&store, "data/_metadata"));
    metadata.row_groups.push(metadata.row_groups[0].clone());
    metadata.num_rows = 2;
    let mut file = pq_format::MAGIC.to_vec();
    let mut encoded = Vec::new();
    pq_format::encode(&metadata, &mut encoded).unwrap();
    pq_format::append_footer(&encoded, &mut file).unwrap();
    let name = path("data/_metadata");
    block_on(store.put(&name, &file, PutMode::Always)).unwrap();
    let dataset = open(&store, path("data")).unwrap();
    let error = dataset.remove(&Selection::RowGroups(vec![0])).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("Not possible to remove row groups"), "{text}");
    assert!(dataset.remove(&Selection::RowGroups(vec![0, 1])).is_ok());
}

#[test]
fn key_values_change_and_nothing_else() {
    let store = MemoryStore::default();
    write(&store, Scheme::Hive, Existing::Fail, &[0, 1]).unwrap();
    let before = footer(&bytes(&store, "data/_metadata"));
    let set = |pairs: &[(String, Option<String>)]| {
        let plan = open(&store, path("data")).unwrap().set_metadata(pairs)?;
        execute(plan, &store)
    };
    set(&pairs("owner", Some("ann"))).unwrap();
    for name in ["data/_metadata", "data/_common_metadata"] {
        assert_eq!(key_value(&store, name, "owner").as_deref(), Some("ann"));
    }
    set(&pairs("owner", None)).unwrap();
    let after = footer(&bytes(&store, "data/_metadata"));
    assert_eq!(uncounted(after), before);
    let revision = key_value(&store, "data/_metadata", "pq.revision");
    assert_eq!(
        revision.as_deref(),
        Some("2"),
        "two commits that were no appends"
    );
    for kept in ["pandas", "ARROW:schema", "pq.partitioning", "pq.revision"] {
        let error = set(&pairs(kept, None)).unwrap_err();
        assert!(matches!(error, DatasetError::NotPossible { .. }), "{error}");
    }
    let dataset = open(&store, path("data")).unwrap();
    let nothing = dataset.set_metadata(&pairs("owner", None)).unwrap();
    assert!(nothing.is_empty() && nothing.to_string().contains("nothing to do"));
}

#[test]
fn key_values_of_one_file_change_and_nothing_else() {
    let store = MemoryStore::default();
    write(&store, Scheme::Simple, Existing::Fail, &[0, 1]).unwrap();
    let before = state(&store);
    let set = |value| set_file_metadata(&store, path("data"), &pairs("owner", value)).unwrap();
    let stale = set(Some("bob"));
    assert!(stale.to_string().contains("owner"), "{stale}");
    execute(set(Some("ann")), &store).unwrap();
    assert_eq!(key_value(&store, "data", "owner").as_deref(), Some("ann"));
    let error = execute(stale, &store).unwrap_err();
    assert!(matches!(error, DatasetError::Conflict { .. }), "{error}");
    execute(set(None), &store).unwrap();
    assert_eq!(state(&store), before);
    assert!(set(None).is_empty());
}

#[test]
fn row_groups_are_sorted() {
    let store = MemoryStore::default();
    write(&store, Scheme::Hive, Existing::Fail, &[11, 1, 3]).unwrap();
    write(&store, Scheme::Hive, Existing::Append, &[9, -5]).unwrap();
    let sorted = |by: SortBy| {
        let plan = open(&store, path("data")).unwrap().sort(by).unwrap();
        execute(plan, &store).unwrap();
        row_group_files(&store)
    };
    let by_x = sorted(SortBy::column("x"));
    let expected = [
        "k=-2/part.1.parquet",
        "k=1/part.0.parquet",
        "k=0/part.0.parquet",
        "k=0/part.1.parquet",
        "k=2/part.0.parquet",
    ];
    assert_eq!(by_x, expected);
    assert!(
        open(&store, path("data"))
            .unwrap()
            .sort(SortBy::column("x"))
            .unwrap()
            .is_empty()
    );
    let by_k = sorted(SortBy::column("k").descending());
    assert_eq!(by_k[0], "k=2/part.0.parquet");
    assert_eq!(by_k[4], "k=-2/part.1.parquet");
    assert_eq!(sorted(SortBy::file())[1], "k=0/part.1.parquet");
    let unknown = open(&store, path("data"))
        .unwrap()
        .sort(SortBy::column("y"));
    assert!(unknown.unwrap_err().to_string().contains("\"y\""));
}

#[test]
fn data_sets_without_metadata() {
    for scheme in [Scheme::Flat, Scheme::Hive, Scheme::Drill] {
        let store = MemoryStore::default();
        let write = |existing, metadata, values: &[i64]| {
            let options = DatasetOptions {
                existing,
                metadata,
                ..DatasetOptions::default()
            };
            let mut writer =
                DatasetWriter::open(&store, path("data"), schema(), layout(scheme), options)?;
            put(&mut writer, values)?;
            writer.commit()
        };
        let (never, if_there) = (MetadataFile::Never, MetadataFile::IfThere);
        write(Existing::Fail, never, &[0, 1]).unwrap();
        write(Existing::Append, if_there, &[3]).unwrap();
        let names = files(&store);
        assert!(
            names.iter().all(|name| name.ends_with("parquet")),
            "{names:?}"
        );
        let error = write(Existing::Append, MetadataFile::Always, &[2]).unwrap_err();
        assert!(error.to_string().contains("without _metadata"), "{error}");
        if scheme != Scheme::Flat {
            // k is 0.
            write(Existing::OverwritePartitions, never, &[6]).unwrap();
            let names = files(&store);
            assert_eq!(names.len(), 2, "{names:?}");
            assert!(names.iter().any(|name| name.ends_with("0/part.2.parquet")));
        }
        write(Existing::Overwrite, never, &[4]).unwrap();
        assert_eq!(files(&store).len(), 1);
        write(Existing::Overwrite, MetadataFile::Always, &[5, 7]).unwrap();
        assert_eq!(visible(&store, scheme), [5, 7]);
        let error = write(Existing::Append, never, &[2]).unwrap_err();
        assert!(error.to_string().contains("out of date"), "{error}");
        write(Existing::Append, if_there, &[2]).unwrap();
        assert_eq!(visible(&store, scheme), [2, 5, 7]);
    }
}

/// A plan of two tasks, sent there and back.
fn planned(store: &dyn Store, existing: Existing) -> (WritePlan, PartReceipt, PartReceipt) {
    let plan = WritePlan::new(
        store,
        path("data"),
        schema(),
        layout(Scheme::Hive),
        options(existing),
    );
    let plan = serde_json::to_string(&block_on(plan).unwrap()).unwrap();
    let plan: WritePlan = serde_json::from_str(&plan).unwrap();
    let receipt = |task: &str, values: &[i64]| receipt(store, &plan, task, values);
    let (one, two) = (receipt("one", &[3, 4]), receipt("two", &[6]));
    (plan, one, two)
}

fn receipt(store: &dyn Store, plan: &WritePlan, task: &str, values: &[i64]) -> PartReceipt {
    let mut writer = plan.writer(store, task).unwrap();
    let keys: Vec<i32> = values.iter().map(|value| (value % 3) as i32).collect();
    let batch = Batch::new(vec![
        Column::new("k", Values::Int32(&keys)),
        Column::new("x", Values::Int64(values)),
    ]);
    block_on(writer.write_row_group(&[batch])).unwrap();
    let receipt = block_on(writer.finish()).unwrap();
    serde_json::from_str(&serde_json::to_string(&receipt).unwrap()).unwrap()
}

#[test]
fn workers_write_and_one_commits() {
    let store = MemoryStore::default();
    for (existing, expected) in [
        (Existing::Fail, vec![3, 4, 6]),
        (Existing::Append, vec![3, 3, 4, 4, 6, 6]),
        (Existing::OverwritePartitions, vec![3, 4, 6]),
        (Existing::Overwrite, vec![3, 4, 6]),
    ] {
        let (plan, one, two) = planned(&store, existing);
        assert!(plan.to_string().contains("data"), "{plan}");
        // Done twice, and failed half-way.
        let again = receipt(&store, &plan, "one", &[3, 4]);
        drop(plan.writer(&store, "three").unwrap());
        assert_ne!(one, again);
        let receipts = [two.clone(), one.clone(), again, one.clone()];
        let summary = block_on(plan.commit(&store, &receipts)).unwrap();
        assert_eq!((summary.rows, summary.files), (3, 3), "{existing:?}");
        assert_eq!(summary.warnings, Vec::<String>::new());
        assert_eq!(visible(&store, Scheme::Hive), expected, "{existing:?}");
        let metadata = bytes(&store, "data/_metadata");
        // Once more changes nothing.
        block_on(plan.commit(&store, &[two, one])).unwrap();
        assert_eq!(bytes(&store, "data/_metadata"), metadata, "{existing:?}");
        let parts = files(&store).len() - 2;
        let named = row_group_files(&store).len();
        assert_eq!(parts, named, "what was done twice is gone");
    }
}

#[test]
fn receipts_that_do_not_fit_are_refused() {
    let store = MemoryStore::default();
    let (plan, one, two) = planned(&store, Existing::Fail);
    let other = planned(&MemoryStore::default(), Existing::Fail).1;
    let refused = |receipts: &[PartReceipt], reason: &str| {
        let error = block_on(plan.commit(&store, receipts)).unwrap_err();
        assert!(matches!(error, DatasetError::Receipt { .. }), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    };
    refused(&[one.clone(), other], "another plan");
    let changed = |from: &str, to: &str| {
        let text = serde_json::to_string(&one).unwrap();
        assert!(text.contains(from), "{text}");
        serde_json::from_str::<PartReceipt>(&text.replace(from, to)).unwrap()
    };
    refused(&[changed("k=0/", "../")], "named so");
    refused(&[changed("k=0/", "")], "folders");
    refused(&[changed("\"rows\":1", "\"rows\":2")], "rows");
    refused(&[changed("part.0", "part.7")], "names another file");
    let mut renamed = changed("\"task\":\"one\"", "\"task\":\"four\"");
    refused(&[one.clone(), renamed.clone()], "two receipts");
    let gone = files(&store)[0].clone();
    block_on(store.delete(&path(&gone))).unwrap();
    refused(&[one.clone(), two.clone()], "is not there");
    renamed = changed("\"task\":\"one\"", "\"task\":\"five\"");
    block_on(plan.abort(&store, &[renamed, two])).unwrap();
    assert_eq!(files(&store), Vec::<String>::new());
    let text = serde_json::to_string(&plan).unwrap();
    let newer = text.replace("\"format\":1", "\"format\":2");
    let newer: WritePlan = serde_json::from_str(&newer).unwrap();
    assert!(newer.writer(&store, "one").is_err());
    assert!(serde_json::from_str::<WritePlan>(&text.replace("data", "../data")).is_err());
}

/// Lets each operation of a plan fail in each way: the data set is in its old or its new state,
/// as the error says.
fn any_operation_may_fail(make: impl Fn(&dyn Store) -> Result<Plan, DatasetError>) {
    let start = || {
        let store = MemoryStore::default();
        write(&store, Scheme::Hive, Existing::Fail, &[2, 1, 0]).unwrap();
        store
    };
    let metadata = |store: &MemoryStore| bytes(store, "data/_metadata");
    let done = start();
    execute(make(&done).unwrap(), &done).unwrap();
    let (old, new) = (metadata(&start()), metadata(&done));
    assert_ne!(old, new);
    for fault in FAULTS {
        for operation in 0.. {
            let memory = start();
            let store = FaultStore::new(memory.clone());
            store.fail_nth(operation, fault);
            let result = make(&store).and_then(|plan| execute(plan, &store));
            let after = metadata(&memory);
            let context = format!("{fault:?} {result:?}\n{}", store.log());
            match &result {
                Ok(_) => assert!(after == new, "{context}"),
                Err(DatasetError::CommitUnknown { .. }) => {
                    assert!(after == new || after == old, "{context}");
                }
                Err(_) => assert!(after == old, "{context}"),
            }
            for file in row_group_files(&memory) {
                let name = format!("data/{file}");
                assert!(files(&memory).contains(&name), "{name}: {context}");
            }
            if !store.has_failed() {
                assert!(operation > 2);
                break;
            }
        }
    }
}

#[test]
fn any_operation_of_a_plan_may_fail() {
    let dataset = |store: &dyn Store| open(store, path("data"));
    any_operation_may_fail(|store| dataset(store)?.remove(&partition("1")));
    any_operation_may_fail(|store| dataset(store)?.sort(SortBy::column("x").descending()));
    any_operation_may_fail(|store| dataset(store)?.set_metadata(&pairs("a", Some("b"))));
}

#[test]
fn plans_for_what_is_not_there() {
    let store = MemoryStore::default();
    let missing = open(&store, path("data")).unwrap_err();
    assert!(matches!(missing, DatasetError::NotFound { .. }));
    assert!(set_file_metadata(&store, path("data"), &[]).is_err());
    write(&store, Scheme::Simple, Existing::Fail, &[0]).unwrap();
    let file = blocking::open(&store, path("data")).unwrap_err();
    assert!(matches!(file, DatasetError::NotADataset { .. }));
}
