//! What writers that died have left, and a `_metadata` that is lost.

mod common;

use common::{FAULTS, bytes, files, footer, path, put, state, uncounted, visible, write};
use pq_dataset::blocking::DatasetWriter;
use pq_dataset::{
    Dataset, DatasetError, Existing, MetadataState, Rebuild, RecoverOptions, Recovery, Scheme,
};
use pq_store::testing::fault::FaultStore;
use pq_store::{LocalStore, MemoryStore, PutMode, Store};
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

fn options(grace: u64) -> RecoverOptions {
    RecoverOptions {
        grace: Duration::from_secs(grace),
        ..RecoverOptions::default()
    }
}

fn look(store: &dyn Store, options: &RecoverOptions) -> Result<Recovery, DatasetError> {
    pollster::block_on(Dataset::recover(store, &path("data"), options))
}

fn recover(store: &dyn Store, options: &RecoverOptions) -> Recovery {
    let recovery = look(store, options).unwrap();
    let summary = pollster::block_on(recovery.plan.clone().execute(store)).unwrap();
    assert_eq!(summary.warnings, Vec::<String>::new());
    recovery
}

fn put_file(store: &dyn Store, name: &str, bytes: &[u8]) {
    pollster::block_on(store.put(&path(name), bytes, PutMode::Always)).unwrap();
}

/// A part that is written and never committed.
fn orphan(store: &dyn Store, value: i64) {
    let mut writer = pollster::block_on(pq_dataset::DatasetWriter::open(
        store,
        path("data"),
        common::schema(),
        common::layout(Scheme::Flat),
        common::options(Existing::Append),
    ))
    .unwrap();
    let keys = [0];
    let values = [value];
    let batch = pq_writer::Batch::new(vec![
        pq_writer::Column::new("k", pq_writer::Values::Int32(&keys)),
        pq_writer::Column::new("x", pq_writer::Values::Int64(&values)),
    ]);
    pollster::block_on(writer.write_row_group(&[batch])).unwrap();
}

fn make_old(file: &Path) {
    let time = SystemTime::now() - Duration::from_secs(7_200);
    File::open(file).unwrap().set_modified(time).unwrap();
}

#[test]
fn what_is_old_and_named_by_nothing_goes() {
    let directory = tempfile::tempdir().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    let data = directory.path().join("data");
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    assert!(look(&store, &options(0)).unwrap().is_sound());
    orphan(&store, 1);
    orphan(&store, 2);
    put_file(&store, "data/notes.txt", b"mine");
    put_file(&store, "data/other.parquet", b"mine, too");
    let stale = data.join(".part.7.parquet.0123456789abcdef.pq-tmp");
    let fresh = data.join(".part.8.parquet.0123456789abcdef.pq-tmp");
    for file in [&stale, &fresh] {
        fs::write(file, b"half").unwrap();
    }
    make_old(&data.join("part.1.parquet"));
    make_old(&stale);

    let before = state(&store);
    let found = look(&store, &options(3_600)).unwrap();
    assert_eq!(state(&store), before, "looking changes nothing");
    let shown = found.to_string();
    for line in [
        "_metadata can be read",
        "named by nothing: part.1.parquet",
        "s old, to be deleted",
        "s old, stays",
        "left behind: .part.7.parquet",
        "not ours: notes.txt",
        "not ours: other.parquet",
        "delete part.1.parquet, if nothing names it by then",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    recover(&store, &options(3_600));
    let left = [
        "data/_common_metadata",
        "data/_metadata",
        "data/notes.txt",
        "data/other.parquet",
        "data/part.0.parquet",
        "data/part.2.parquet",
    ];
    assert_eq!(files(&store), left);
    assert!(!stale.exists() && fresh.exists());
    assert!(look(&store, &options(3_600)).unwrap().plan.is_empty());
    recover(&store, &options(0));
    assert!(!fresh.exists() && !data.join("part.2.parquet").exists());
    assert_eq!(visible(&store, Scheme::Flat), [0]);
}

#[test]
fn what_has_no_age_stays_unless_that_does_not_matter() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    orphan(&store, 1);
    let found = look(&store, &options(1)).unwrap();
    assert_eq!(found.orphans.len(), 1);
    assert!(found.plan.is_empty() && !found.is_sound(), "{found}");
    assert!(found.to_string().contains("unknown age"), "{found}");
    recover(&store, &options(0));
    assert_eq!(files(&store).len(), 3);
}

#[test]
fn a_part_that_is_committed_meanwhile_stays() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    let mut writer = DatasetWriter::open(
        &store,
        path("data"),
        common::schema(),
        common::layout(Scheme::Flat),
        common::options(Existing::Append),
    )
    .unwrap();
    put(&mut writer, &[1]).unwrap();
    let found = look(&store, &options(0)).unwrap();
    assert_eq!(found.orphans[0].file, "part.1.parquet");
    writer.commit().unwrap();
    pollster::block_on(found.plan.execute(&store)).unwrap();
    assert_eq!(visible(&store, Scheme::Flat), [0, 1]);
}

#[test]
fn a_metadata_that_is_absent_or_damaged_is_made_anew() {
    for scheme in [Scheme::Flat, Scheme::Hive, Scheme::Drill] {
        for damage in [None, Some(&b"PAR1 no metadata PAR1"[..]), Some(b"")] {
            let store = MemoryStore::default();
            write(&store, scheme, Existing::Fail, &[0, 1]).unwrap();
            write(&store, scheme, Existing::Append, &[2, 4]).unwrap();
            let schema = footer(&bytes(&store, "data/_metadata"));
            match damage {
                None => pollster::block_on(store.delete(&path("data/_metadata"))).unwrap(),
                Some(bytes) => put_file(&store, "data/_metadata", bytes),
            }
            let never = RecoverOptions {
                rebuild: Rebuild::Never,
                ..options(0)
            };
            assert!(look(&store, &never).unwrap().plan.is_empty());
            let found = recover(&store, &options(0));
            match (&found.metadata, damage) {
                (MetadataState::Absent, None) | (MetadataState::Damaged(_), Some(_)) => {}
                other => panic!("{other:?}"),
            }
            assert_eq!(visible(&store, scheme), [0, 1, 2, 4]);
            let now = uncounted(footer(&bytes(&store, "data/_metadata")));
            assert_eq!(now.key_value_metadata, schema.key_value_metadata);
            assert_eq!(now.schema, schema.schema);
            let again = look(&store, &options(0)).unwrap();
            assert!(again.is_sound() && again.plan.is_empty(), "{again}");
            write(&store, scheme, Existing::Append, &[5]).unwrap();
        }
    }
}

#[test]
fn missing_parts_are_told_and_forgotten_only_when_asked() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
    write(&store, Scheme::Flat, Existing::Append, &[1]).unwrap();
    write(&store, Scheme::Flat, Existing::Append, &[2]).unwrap();
    pollster::block_on(store.delete(&path("data/part.0.parquet"))).unwrap();
    put_file(&store, "data/part.2.parquet", b"torn");
    orphan(&store, 3);
    let found = look(&store, &options(9)).unwrap();
    assert_eq!(found.missing, ["part.0.parquet"]);
    assert!(found.plan.is_empty(), "{found}");
    let always = RecoverOptions {
        rebuild: Rebuild::Always,
        ..options(9)
    };
    let found = recover(&store, &always);
    assert_eq!(found.unreadable[0].0, "part.2.parquet");
    assert_eq!(
        visible(&store, Scheme::Flat),
        [1],
        "what was not committed is not now"
    );
    let again = look(&store, &always).unwrap();
    assert!(again.plan.is_empty() && again.missing.is_empty(), "{again}");
}

#[test]
fn parts_of_a_data_set_below_are_its_own() {
    for is_lost in [false, true] {
        let store = MemoryStore::default();
        write(&store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
        for name in ["part.0.parquet", "_metadata"] {
            put_file(
                &store,
                &format!("data/below/{name}"),
                &bytes(&store, &format!("data/{name}")),
            );
        }
        if is_lost {
            pollster::block_on(store.delete(&path("data/_metadata"))).unwrap();
        }
        let found = recover(&store, &options(0));
        assert!(found.orphans.is_empty(), "{found}");
        assert_eq!(found.others, ["below/_metadata", "below/part.0.parquet"]);
        assert_eq!(files(&store).len(), 5);
        assert_eq!(visible(&store, Scheme::Flat), [0]);
    }
}

#[test]
fn one_file_and_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    assert!(look(&store, &options(0)).unwrap().is_sound());
    write(&store, Scheme::Simple, Existing::Fail, &[0]).unwrap();
    for name in [
        ".data.0123456789abcdef.pq-tmp",
        ".other.0123456789abcdef.pq-tmp",
    ] {
        fs::write(directory.path().join(name), b"half").unwrap();
    }
    let found = recover(&store, &options(0));
    assert_eq!(found.leftovers.len(), 1);
    assert!(
        !directory
            .path()
            .join(".data.0123456789abcdef.pq-tmp")
            .exists()
    );
    assert!(
        directory
            .path()
            .join(".other.0123456789abcdef.pq-tmp")
            .exists()
    );
    assert_eq!(visible(&store, Scheme::Simple), [0]);
}

#[test]
fn any_operation_may_fail() {
    for is_lost in [false, true] {
        for fault in FAULTS {
            for n in 0.. {
                let memory = MemoryStore::default();
                write(&memory, Scheme::Flat, Existing::Fail, &[0]).unwrap();
                write(&memory, Scheme::Flat, Existing::Append, &[1]).unwrap();
                if is_lost {
                    pollster::block_on(memory.delete(&path("data/_metadata"))).unwrap();
                } else {
                    orphan(&memory, 2);
                }
                let store = FaultStore::new(memory.clone());
                store.fail_nth(n, fault);
                let done = look(&store, &options(0))
                    .and_then(|found| pollster::block_on(found.plan.execute(&store)));
                let context = format!("{is_lost} {fault:?} {n}: {done:?}\n{}", store.log());
                if !is_lost {
                    assert_eq!(visible(&memory, Scheme::Flat), [0, 1], "{context}");
                }
                store.revive();
                let again = look(&store, &options(0)).unwrap();
                pollster::block_on(again.plan.execute(&store)).unwrap();
                pollster::block_on(store.deliver());
                assert_eq!(visible(&memory, Scheme::Flat), [0, 1], "{context}");
                assert_eq!(files(&memory).len(), 4, "{context}");
                if !store.has_failed() {
                    assert!(n > 4);
                    break;
                }
            }
        }
    }
}
