//! What happens when the store answers wrongly, late or not at all, and when others come between.

mod common;

use common::{FAULTS, bytes, files, footer, layout, options, path, put, schema, visible, write};
use pq_dataset::blocking::{self, DatasetWriter};
use pq_dataset::{DatasetError, Existing, Layout, Scheme, Selection};
use pq_format::{FileMetaData, MAGIC, append_footer, encode};
use pq_store::testing::VolatileStore;
use pq_store::testing::fault::{Fault, FaultStore, Operation, OperationKind};
use pq_store::{LocalStore, MemoryStore, PutMode, Store, StoreError};
use pq_writer::{Batch, Column, DataType, Field, Schema, TimeUnit, Values};
use std::sync::Barrier;

/// Lets the next put fail of a file whose name starts so.
fn fail_put(store: &FaultStore, name: &'static str, fault: Fault) {
    store.fail_next(move |operation| is_put(operation, name), fault);
}

fn is_put(operation: &Operation, name: &str) -> bool {
    let is_put = matches!(
        operation.kind,
        OperationKind::Put | OperationKind::PutUnsynced
    );
    is_put && operation.path.file_name().unwrap().starts_with(name)
}

fn faulty() -> FaultStore {
    FaultStore::new(MemoryStore::default())
}

fn open(store: &dyn Store, existing: Existing) -> DatasetWriter<'_> {
    DatasetWriter::open(
        store,
        path("data"),
        schema(),
        layout(Scheme::Flat),
        options(existing),
    )
    .unwrap()
}

/// Every file that `_metadata` names is there.
fn nothing_dangles(store: &dyn Store) {
    let names = files(store);
    for row_group in footer(&bytes(store, "data/_metadata")).row_groups {
        let file = row_group.columns[0].file_path.clone().unwrap();
        assert!(
            names.contains(&format!("data/{file}")),
            "{file} of {names:?}"
        );
    }
}

/// What readers see; `None` where there is no target.
fn seen(store: &dyn Store, scheme: Scheme) -> Option<Vec<i64>> {
    let name = match scheme {
        Scheme::Simple => "data",
        _ => "data/_metadata",
    };
    let names = files(store);
    let is_there = names.iter().any(|there| there == name);
    is_there.then(|| visible(store, scheme))
}

#[test]
fn any_operation_may_fail() {
    for scheme in [Scheme::Simple, Scheme::Flat, Scheme::Hive, Scheme::Drill] {
        for existing in [
            Existing::Fail,
            Existing::Append,
            Existing::Overwrite,
            Existing::OverwritePartitions,
        ] {
            if existing == Existing::OverwritePartitions && layout(scheme).partition_on.is_empty() {
                continue;
            }
            for fault in FAULTS {
                if (scheme, fault) == (Scheme::Simple, Fault::Refused) {
                    // Stores do not do so, and the one file has nothing to tell by.
                    continue;
                }
                let mut operations = 0;
                while is_due(scheme, existing, fault, operations) {
                    operations += 1;
                }
                assert!(operations > 3, "{scheme} {existing:?} {fault:?}");
            }
        }
    }
}

/// Lets operation `n` of a write fail, if there are so many: the target is in its old or its new
/// state, as the error says, also if the system crashes then, and a second attempt leads to the new
/// one.
fn is_due(scheme: Scheme, existing: Existing, fault: Fault, n: usize) -> bool {
    let (old, new): (_, &[i64]) = match existing {
        Existing::Fail => (None, &[3, 4]),
        Existing::Append => (Some(vec![0]), &[0, 3, 4]),
        Existing::Overwrite | Existing::OverwritePartitions => (Some(vec![0]), &[3, 4]),
    };
    let volatile = VolatileStore::default();
    if let Some(old) = &old {
        write(&volatile, scheme, Existing::Fail, old).unwrap();
    }
    let store = FaultStore::new(volatile.clone());
    store.fail_nth(n, fault);
    let written = write(&store, scheme, existing, &[3, 4]);
    let context = format!(
        "{scheme} {existing:?} {fault:?}: {written:?}\n{}",
        store.log()
    );
    let check = |after: Option<Vec<i64>>| {
        let is_new = after.as_deref() == Some(new);
        match &written {
            Ok(_) => assert!(is_new, "{context}"),
            Err(DatasetError::CommitUnknown { .. }) => assert!(is_new || after == old, "{context}"),
            Err(_) => assert_eq!(after, old, "{context}"),
        }
        is_new
    };
    for crashed in volatile.crashes() {
        check(seen(&crashed, scheme));
    }
    store.revive();
    if !check(seen(&volatile, scheme)) {
        let again = match write(&store, scheme, existing, &[3, 4]) {
            // Parts that a writer left which died do not pass for nothing.
            Err(DatasetError::NotADataset { .. }) if existing == Existing::Fail => {
                write(&store, scheme, Existing::Overwrite, &[3, 4])
            }
            again => again,
        };
        assert!(again.is_ok(), "{context}{again:?}");
    }
    // What comes late finds that others were faster.
    pollster::block_on(store.deliver());
    for crashed in volatile.crashes() {
        assert_eq!(seen(&crashed, scheme).as_deref(), Some(new), "{context}");
    }
    store.has_failed()
}

#[test]
fn a_part_that_may_be_anothers_is_not_removed() {
    let store = faulty();
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    let mut writer = open(&store, Existing::Append);
    fail_put(&store, "part.", Fault::Lost);
    put(&mut writer, &[3]).unwrap_err();
    write(&store, Scheme::Flat, Existing::Append, &[6]).unwrap();
    drop(writer);
    nothing_dangles(&store);
    assert_eq!(visible(&store, Scheme::Flat), [0, 6]);
}

#[test]
fn a_commit_without_an_answer_that_comes_late() {
    let store = faulty();
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    let mut writer = open(&store, Existing::Append);
    put(&mut writer, &[3]).unwrap();
    fail_put(&store, "_metadata", Fault::Lost);
    assert_eq!(writer.commit().unwrap().rows, 1, "it is asked again");
    let arrived = pollster::block_on(store.deliver());
    assert!(
        matches!(arrived[..], [Err(StoreError::Conflict { .. })]),
        "{arrived:?}"
    );
    nothing_dangles(&store);
    assert_eq!(visible(&store, Scheme::Flat), [0, 3]);
}

/// The store does not know what became of a commit, and another writer came before it was looked
/// for. Of one that has only appended it is known that it has taken nothing away.
#[test]
fn a_commit_without_an_answer_and_another_writer() {
    for fault in [Fault::Lost, Fault::After] {
        for takes in [false, true] {
            let memory = MemoryStore::default();
            let inner = FaultStore::new(memory.clone());
            let store = FaultStore::new(inner.clone());
            write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
            let mut writer = open(&store, Existing::Append);
            put(&mut writer, &[3]).unwrap();
            fail_put(&store, "_metadata", fault);
            let mut is_over = false;
            let another = move |operation: &Operation| {
                let is_look = operation.kind == OperationKind::Read
                    && operation.path.file_name() == Some("_metadata");
                if is_look && !is_over {
                    is_over = true;
                    write(&memory, Scheme::Flat, Existing::Append, &[6]).unwrap();
                    let set = blocking::open(&memory, path("data")).unwrap();
                    let files = set.files()[1..].to_vec();
                    if takes {
                        let plan = set.remove(&Selection::Files(files)).unwrap();
                        blocking::execute(plan.keep_replaced(), &memory).unwrap();
                    }
                }
                false
            };
            inner.fail_next(another, Fault::Before);
            let committed = writer.commit();
            let context = format!("{fault:?}, {takes}: {committed:?}");
            let expected: &[i64] = if takes {
                let is_unknown = matches!(committed, Err(DatasetError::CommitUnknown { .. }));
                assert!(is_unknown, "{context}");
                &[0]
            } else {
                assert!(committed.is_ok(), "{context}");
                &[0, 3, 6]
            };
            for late in pollster::block_on(store.deliver()) {
                assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
            }
            nothing_dangles(&store);
            assert_eq!(visible(&store, Scheme::Flat), expected, "{context}");
        }
    }
}

#[test]
fn a_commit_without_an_answer_that_happened() {
    for values in [&[3_i64][..], &[]] {
        let store = faulty();
        write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
        let mut writer = open(&store, Existing::Overwrite);
        put(&mut writer, values).unwrap();
        fail_put(&store, "_metadata", Fault::After);
        let summary = writer.commit().unwrap();
        assert_eq!(summary.rows, values.len() as u64);
        assert!(summary.warnings[0].contains("outlast"), "{summary:?}");
        assert_eq!(visible(&store, Scheme::Flat), values);
        let kept = "data/part.0.parquet".to_owned();
        assert!(
            files(&store).contains(&kept),
            "a crash may bring back what names it"
        );
    }
}

#[test]
fn a_commit_that_happened_and_was_denied() {
    let unreachable = faulty();
    let store = FaultStore::new(unreachable.clone());
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    let mut writer = open(&store, Existing::Append);
    put(&mut writer, &[3]).unwrap();
    fail_put(&store, "_metadata", Fault::Refused);
    // Nothing answers after that put.
    let mut has_come = false;
    let is_next = move |operation: &Operation| {
        let is_next = has_come;
        has_come |= is_put(operation, "_metadata");
        is_next
    };
    unreachable.fail_next(is_next, Fault::Dead);
    let error = writer.commit().unwrap_err();
    assert!(
        matches!(error, DatasetError::CommitUnknown { .. }),
        "{error}"
    );
    assert!(unreachable.has_failed());
    unreachable.revive();
    nothing_dangles(&store);
    assert_eq!(visible(&store, Scheme::Flat), [0, 3]);
}

#[test]
fn required_rows_do_not_go_under_an_optional_schema_that_came_meanwhile() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    let mut appender = open(&store, Existing::Append);
    put(&mut appender, &[1]).unwrap();
    let fields = [("k", DataType::Int32), ("x", DataType::Int64)];
    let optional = fields.map(|(name, data_type)| Field::new(name, data_type, true));
    let mut overwriter = DatasetWriter::open(
        &store,
        path("data"),
        Schema::new(optional.to_vec()).unwrap(),
        layout(Scheme::Flat),
        options(Existing::Overwrite),
    )
    .unwrap();
    put(&mut overwriter, &[9]).unwrap();
    overwriter.commit().unwrap();
    let error = appender.commit().unwrap_err();
    assert!(matches!(error, DatasetError::Conflict { .. }), "{error}");
    assert_eq!(visible(&store, Scheme::Flat), [9]);
    assert_eq!(files(&store).len(), 3, "the loser's part is gone");
}

#[test]
fn another_schema_that_came_meanwhile() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    let mut appender = open(&store, Existing::Append);
    put(&mut appender, &[1]).unwrap();
    let other = Schema::new(vec![Field::new("y", DataType::Int64, false)]).unwrap();
    let mut overwriter = DatasetWriter::open(
        &store,
        path("data"),
        other,
        layout(Scheme::Flat),
        options(Existing::Overwrite),
    )
    .unwrap();
    let column = Column::new("y", Values::Int64(&[7]));
    overwriter
        .write_row_group(&[Batch::new(vec![column])])
        .unwrap();
    overwriter.commit().unwrap();
    let error = appender.commit().unwrap_err();
    assert!(
        matches!(error, DatasetError::SchemaMismatch { .. }),
        "{error}"
    );
    assert_eq!(footer(&bytes(&store, "data/_metadata")).num_rows, 1);
}

#[test]
fn parts_that_somebody_tidied_away_are_missed() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    let mut appender = open(&store, Existing::Append);
    put(&mut appender, &[1]).unwrap();
    write(&store, Scheme::Flat, Existing::Overwrite, &[5]).unwrap();
    pollster::block_on(store.delete(&path("data/part.1.parquet"))).unwrap();
    assert!(appender.commit().is_err());
    nothing_dangles(&store);
    assert_eq!(visible(&store, Scheme::Flat), [5]);
}

#[test]
fn key_values_that_came_meanwhile_stay() {
    let store = MemoryStore::default();
    let with = |existing, pairs: &[(&str, &str)]| {
        let mut options = options(existing);
        let pairs = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        options.writer.key_values = pairs.collect();
        let layout = layout(Scheme::Flat);
        DatasetWriter::open(&store, path("data"), schema(), layout, options).unwrap()
    };
    with(Existing::Fail, &[("owner", "ann")]).commit().unwrap();
    let mut first = with(Existing::Append, &[]);
    put(&mut first, &[1]).unwrap();
    let mut second = with(Existing::Append, &[("owner", "bob"), ("new", "1")]);
    put(&mut second, &[2]).unwrap();
    second.commit().unwrap();
    first.commit().unwrap();
    for name in ["data/_metadata", "data/_common_metadata"] {
        let found = footer(&bytes(&store, name)).key_value_metadata.unwrap();
        let value = |key| {
            found
                .iter()
                .find(|pair| pair.key == key)
                .unwrap()
                .value
                .clone()
        };
        assert_eq!(value("owner").as_deref(), Some("bob"), "{name}");
        assert_eq!(value("new").as_deref(), Some("1"), "{name}");
    }
}

/// Writes a footer in the place of `_metadata`.
fn put_metadata(store: &dyn Store, metadata: &FileMetaData) {
    let mut encoded = Vec::new();
    encode(metadata, &mut encoded).unwrap();
    let mut file = MAGIC.to_vec();
    append_footer(&encoded, &mut file).unwrap();
    pollster::block_on(store.put(&path("data/_metadata"), &file, PutMode::Always)).unwrap();
}

#[test]
fn metadata_that_names_itself_is_refused() {
    for name in ["_metadata", "_common_metadata"] {
        let store = MemoryStore::default();
        write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
        let mut metadata = footer(&bytes(&store, "data/_metadata"));
        for column in &mut metadata.row_groups[0].columns {
            column.file_path = Some(name.to_owned());
        }
        put_metadata(&store, &metadata);
        let error = write(&store, Scheme::Flat, Existing::Overwrite, &[5]).unwrap_err();
        assert!(matches!(error, DatasetError::HostilePath { .. }), "{error}");
    }
}

#[test]
fn rows_do_not_go_into_metadata() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    let before = bytes(&store, "data/_metadata");
    let error = DatasetWriter::open(
        &store,
        path("data/_metadata"),
        schema(),
        layout(Scheme::Simple),
        options(Existing::Append),
    )
    .unwrap_err();
    assert!(error.to_string().contains("of other files"), "{error}");
    assert_eq!(bytes(&store, "data/_metadata"), before);
}

#[test]
fn a_file_with_two_columns_of_one_name_takes_no_rows() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[]).unwrap();
    let mut metadata = footer(&bytes(&store, "data/_metadata"));
    metadata.schema.push(metadata.schema[2].clone());
    metadata.schema[0].num_children = Some(3);
    for row_group in &mut metadata.row_groups {
        row_group.columns.push(row_group.columns[1].clone());
    }
    metadata.column_orders = None;
    put_metadata(&store, &metadata);
    let error = write(&store, Scheme::Flat, Existing::Append, &[1]).unwrap_err();
    assert!(
        error.to_string().contains("two columns of this name"),
        "{error}"
    );
}

#[test]
fn row_groups_are_numbered_where_those_before_are() {
    for numbered in [true, false] {
        let store = MemoryStore::default();
        write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
        let mut metadata = footer(&bytes(&store, "data/_metadata"));
        metadata.row_groups[0].ordinal = numbered.then_some(0);
        put_metadata(&store, &metadata);
        write(&store, Scheme::Flat, Existing::Append, &[1]).unwrap();
        let ordinals: Vec<_> = footer(&bytes(&store, "data/_metadata"))
            .row_groups
            .iter()
            .map(|row_group| row_group.ordinal)
            .collect();
        let expected = [0, 1].map(|ordinal| numbered.then_some(ordinal));
        assert_eq!(ordinals, expected);
    }
}

#[test]
fn a_crowd_of_appenders_gets_in() {
    const APPENDERS: i64 = 60;
    let directory = tempfile::tempdir().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    write(&store, Scheme::Flat, Existing::Fail, &[-1]).unwrap();
    let barrier = Barrier::new(APPENDERS as usize);
    std::thread::scope(|scope| {
        for value in 0..APPENDERS {
            let (store, barrier) = (&store, &barrier);
            scope.spawn(move || {
                let mut writer = open(store, Existing::Append);
                put(&mut writer, &[value]).unwrap();
                barrier.wait();
                writer.commit().unwrap();
            });
        }
    });
    assert_eq!(
        visible(&store, Scheme::Flat),
        (-1..APPENDERS).collect::<Vec<_>>()
    );
}

#[test]
fn folders_of_others_stay() {
    let directory = tempfile::tempdir().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    write(&store, Scheme::Hive, Existing::Fail, &[0]).unwrap();
    let incoming = directory.path().join("data/incoming");
    std::fs::create_dir(&incoming).unwrap();
    let mut writer = DatasetWriter::open(
        &store,
        path("data"),
        schema(),
        layout(Scheme::Hive),
        options(Existing::Append),
    )
    .unwrap();
    put(&mut writer, &[1]).unwrap();
    writer.abort().unwrap();
    write(&store, Scheme::Hive, Existing::Overwrite, &[2]).unwrap();
    assert!(incoming.exists());
    assert!(!directory.path().join("data/k=0").exists());
}

#[test]
fn a_time_beyond_a_day_has_no_folder() {
    let unit = TimeUnit::Seconds;
    let fields = [
        Field::new("t", DataType::Time { unit }, false),
        Field::new("x", DataType::Int64, false),
    ];
    let store = MemoryStore::default();
    let layout = Layout::new(Scheme::Hive, ["t"]);
    let schema = Schema::new(fields.to_vec()).unwrap();
    let options = options(Existing::Fail);
    let mut writer = DatasetWriter::open(&store, path("data"), schema, layout, options).unwrap();
    let error = writer
        .write_row_group(&[Batch::new(vec![
            Column::new("t", Values::Int32(&[3600, 90_000])),
            Column::new("x", Values::Int64(&[1, 2])),
        ])])
        .unwrap_err();
    assert!(
        matches!(error, DatasetError::PartitionValue { row: 1, .. }),
        "{error}"
    );
}

#[test]
fn values_are_not_escaped_among_those_that_are_not() {
    let store = MemoryStore::default();
    let fields = [
        Field::new("s", DataType::String, false),
        Field::new("x", DataType::Int64, false),
    ];
    let write = |existing, text: &str| {
        let mut writer = DatasetWriter::open(
            &store,
            path("data"),
            Schema::new(fields.to_vec()).unwrap(),
            Layout::new(Scheme::Hive, ["s"]),
            options(existing),
        )?;
        let offsets = [0, text.len() as i32];
        let data = text.as_bytes();
        let text = Values::Bytes32 {
            offsets: &offsets,
            data,
        };
        writer.write_row_group(&[Batch::new(vec![
            Column::new("s", text),
            Column::new("x", Values::Int64(&[1])),
        ])])?;
        writer.commit()
    };
    write(Existing::Fail, "ab").unwrap();
    // As a writer leaves it that knows no marker.
    let mut metadata = footer(&bytes(&store, "data/_metadata"));
    metadata.key_value_metadata = None;
    put_metadata(&store, &metadata);
    write(Existing::Append, "cd").unwrap();
    let error = write(Existing::Append, "a b").unwrap_err();
    assert!(error.to_string().contains("would be escaped"), "{error}");
}
