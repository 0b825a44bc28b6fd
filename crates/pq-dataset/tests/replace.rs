//! Files make place for others that hold their rows, or what became of them.

mod common;

use common::{FAULTS, bytes, files, footer, options, path, state, visible, write};
use pq_dataset::blocking::{self, DatasetWriter};
use pq_dataset::{DatasetError, Existing, Layout, Plan, Scheme, Selection};
use pq_store::testing::fault::FaultStore;
use pq_store::{MemoryStore, Store};
use pq_writer::{Batch, Column, DataType, Field, Schema, Values};

/// One file of the rows of a data set that is partitioned by `k`.
fn put(store: &dyn Store, name: &str, data_type: DataType, rows: &[i64]) {
    let schema = Schema::new(vec![Field::new("x", data_type.clone(), false)]).unwrap();
    let layout = Layout::new::<String>(Scheme::Simple, []);
    let place = path(&format!("data/{name}"));
    let mut writer =
        DatasetWriter::open(store, place, schema, layout, options(Existing::Fail)).unwrap();
    let narrow: Vec<i32> = rows.iter().map(|row| *row as i32).collect();
    let values = match data_type {
        DataType::Int32 => Values::Int32(&narrow),
        _ => Values::Int64(rows),
    };
    writer
        .write_row_group(&[Batch::new(vec![Column::new("x", values)])])
        .unwrap();
    writer.commit().unwrap();
}

fn plan(store: &dyn Store, files: &[&str], by: &[&str]) -> Result<Plan, DatasetError> {
    let dataset = blocking::open(store, path("data"))?;
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    blocking::replace(store, &dataset, &names(files), &names(by))
}

/// Partitions k=0 and k=1 of three parts each.
fn room() -> MemoryStore {
    let store = MemoryStore::default();
    write(&store, Scheme::Hive, Existing::Fail, &[0, 1]).unwrap();
    write(&store, Scheme::Hive, Existing::Append, &[3, 4]).unwrap();
    write(&store, Scheme::Hive, Existing::Append, &[6, 7]).unwrap();
    store
}

const OLD: [&str; 2] = ["k=0/part.0.parquet", "k=0/part.1.parquet"];

#[test]
fn in_their_place() {
    let store = room();
    put(&store, "k=0/part.3.parquet", DataType::Int64, &[30, 40]);
    let plan = plan(&store, &OLD, &["k=0/part.3.parquet"]).unwrap();
    let shown = plan.to_string();
    assert!(shown.contains("replace 2 files by 1"), "{shown}");
    let again = plan.clone();
    let summary = blocking::execute(plan, &store).unwrap();
    assert_eq!((summary.removed, summary.rows), (2, 2));
    assert_eq!(visible(&store, Scheme::Hive), [1, 4, 6, 7, 30, 40]);
    let metadata = footer(&bytes(&store, "data/_metadata"));
    let first = metadata.row_groups[0].columns[0].file_path.as_deref();
    assert_eq!(first, Some("k=0/part.3.parquet"));
    assert!(!files(&store).iter().any(|file| file.ends_with(OLD[0])));
    // A second time it finds that nothing is as it was.
    let before = state(&store);
    let refused = blocking::execute(again, &store);
    assert!(
        matches!(refused, Err(DatasetError::Conflict { .. })),
        "{refused:?}"
    );
    assert_eq!(state(&store), before);
}

#[test]
fn others_come_meanwhile() {
    let store = room();
    put(&store, "k=0/part.9.parquet", DataType::Int64, &[30, 40]);
    let made = plan(&store, &OLD, &["k=0/part.9.parquet"]).unwrap();
    write(&store, Scheme::Hive, Existing::Append, &[9]).unwrap();
    blocking::execute(made, &store).unwrap();
    assert_eq!(visible(&store, Scheme::Hive), [1, 4, 6, 7, 9, 30, 40]);

    put(&store, "k=1/part.20.parquet", DataType::Int64, &[10]);
    let made = plan(&store, &["k=1/part.0.parquet"], &["k=1/part.20.parquet"]).unwrap();
    let gone = Selection::Files(vec!["k=1/part.0.parquet".to_owned()]);
    let dataset = blocking::open(&store, path("data")).unwrap();
    blocking::execute(dataset.remove(&gone).unwrap(), &store).unwrap();
    let before = state(&store);
    let refused = blocking::execute(made, &store);
    assert!(
        matches!(refused, Err(DatasetError::Conflict { .. })),
        "{refused:?}"
    );
    assert_eq!(
        state(&store),
        before,
        "also the new file: it is its maker's"
    );
}

#[test]
fn what_cannot_be() {
    let store = room();
    put(&store, "k=0/part.3.parquet", DataType::Int64, &[30]);
    put(&store, "k=0/part.4.parquet", DataType::Int32, &[30]);
    put(&store, "part.5.parquet", DataType::Int64, &[30]);
    let before = state(&store);
    let new = "k=0/part.3.parquet";
    let error = |files: &[&str], by: &[&str]| plan(&store, files, by).unwrap_err().to_string();
    assert!(error(&["k=0/part.8.parquet"], &[new]).contains("part.8"));
    assert!(error(&OLD, &["k=1/part.0.parquet"]).contains("is of the data set already"));
    assert!(error(&OLD, &[new, new]).contains("is of the data set already"));
    assert!(error(&OLD, &["part.5.parquet"]).contains("too few"));
    assert!(error(&OLD, &["../x/part.5.parquet"]).contains("../x/part.5.parquet"));
    assert!(error(&OLD, &["k=0/part.7.parquet"]).contains("part.7"));
    let refused = plan(&store, &OLD, &["k=0/part.4.parquet"]);
    assert!(
        matches!(&refused, Err(DatasetError::SchemaMismatches { differences, .. }) if differences.len() == 1),
        "{refused:?}"
    );
    assert_eq!(state(&store), before);
}

#[test]
fn any_operation_may_fail() {
    let (old, new) = ([0, 1, 3, 4, 6, 7], [1, 4, 6, 7, 30, 40]);
    for fault in FAULTS {
        for n in 0.. {
            let memory = room();
            put(&memory, "k=0/part.9.parquet", DataType::Int64, &[30, 40]);
            let store = FaultStore::new(memory.clone());
            store.fail_nth(n, fault);
            let replaced = || {
                let plan = plan(&store, &OLD, &["k=0/part.9.parquet"])?;
                blocking::execute(plan, &store)
            };
            let done = replaced();
            let failed = store.has_failed();
            let context = format!("{fault:?} at {n}: {done:?}\n{}", store.log());
            let seen = visible(&memory, Scheme::Hive);
            match &done {
                Ok(_) => assert_eq!(seen, new, "{context}"),
                Err(DatasetError::CommitUnknown { .. }) => {
                    assert!(seen == old || seen == new, "{context}");
                }
                Err(_) => assert_eq!(seen, old, "{context}"),
            }
            store.revive();
            if seen == old {
                assert!(replaced().is_ok(), "{context}");
            }
            pollster::block_on(store.deliver());
            assert_eq!(visible(&memory, Scheme::Hive), new, "{context}");
            if !failed {
                assert!(n > 5, "{context}");
                break;
            }
        }
    }
}
