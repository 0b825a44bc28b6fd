//! Files become a data set: only footers are read, and all that is in the way is told.

mod common;

use common::{
    FAULTS, bytes, files, footer, layout, options, path, put, schema, state, visible, write,
};
use pq_dataset::blocking::{DatasetWriter, read_metadata};
use pq_dataset::{
    Dataset, DatasetError, DatasetOptions, Existing, Layout, MergeOptions, Plan, Scheme, Summary,
};
use pq_format::{
    ColumnOrder, FileMetaData, KeyValue, MAGIC, TypeDefinedOrder, UnknownField, append_footer,
    encode,
};
use pq_store::testing::fault::FaultStore;
use pq_store::{MemoryStore, PutMode, Store};
use pq_writer::{Batch, Column, DataType, Field, Schema, Values};

fn merge_with(
    store: &dyn Store,
    paths: &[&str],
    options: &MergeOptions,
) -> Result<Plan, DatasetError> {
    let paths: Vec<_> = paths.iter().map(|name| path(name)).collect();
    pollster::block_on(Dataset::merge(store, &paths, options))
}

fn plan(store: &dyn Store, paths: &[&str]) -> Result<Plan, DatasetError> {
    merge_with(store, paths, &MergeOptions::default())
}

fn merge(store: &dyn Store, paths: &[&str]) -> Result<Summary, DatasetError> {
    let plan = plan(store, paths)?;
    pollster::block_on(plan.execute(store))
}

fn widening() -> MergeOptions {
    MergeOptions {
        widen: true,
        ..MergeOptions::default()
    }
}

/// Writes one file of this column, with one value for a row.
fn file(store: &dyn Store, name: &str, columns: &[(&str, DataType, bool)]) {
    let fields = columns
        .iter()
        .map(|(name, data_type, nullable)| Field::new(*name, data_type.clone(), *nullable));
    let schema = Schema::new(fields.collect()).unwrap();
    let simple = Layout::new::<String>(Scheme::Simple, []);
    let options = DatasetOptions::default();
    let mut writer = DatasetWriter::open(store, path(name), schema, simple, options).unwrap();
    let columns = columns.iter().map(|(name, data_type, _)| {
        let values = match data_type {
            DataType::Int16 => Values::Int16(&[1]),
            DataType::Int32 => Values::Int32(&[1]),
            DataType::Int64 => Values::Int64(&[1]),
            DataType::Float64 => Values::Float64(&[1.0]),
            other => panic!("{other:?}"),
        };
        Column::new(name, values)
    });
    writer
        .write_row_group(&[Batch::new(columns.collect())])
        .unwrap();
    writer.commit().unwrap();
}

/// Puts a file back with another footer.
fn change_footer(store: &dyn Store, name: &str, change: impl FnOnce(&mut FileMetaData)) {
    let old = bytes(store, name);
    let range = pq_format::footer_range(&old[old.len() - 8..], old.len() as u64).unwrap();
    let mut metadata = footer(&old);
    change(&mut metadata);
    let mut encoded = Vec::new();
    encode(&metadata, &mut encoded).unwrap();
    let mut file = old[..range.start as usize].to_vec();
    append_footer(&encoded, &mut file).unwrap();
    pollster::block_on(store.put(&path(name), &file, PutMode::Always)).unwrap();
}

fn metadata(store: &dyn Store) -> FileMetaData {
    footer(&bytes(store, "data/_metadata"))
}

#[test]
fn a_lost_metadata_comes_back_as_it_was() {
    for scheme in [Scheme::Flat, Scheme::Hive, Scheme::Drill] {
        let store = MemoryStore::default();
        write(&store, scheme, Existing::Fail, &[1, 2]).unwrap();
        write(&store, scheme, Existing::Append, &[3, 4]).unwrap();
        let before = state(&store);
        for name in ["data/_metadata", "data/_common_metadata"] {
            pollster::block_on(store.delete(&path(name))).unwrap();
        }
        let summary = merge(&store, &["data"]).unwrap();
        assert_eq!(summary.warnings, Vec::<String>::new());
        assert_eq!(summary.rows, 4);
        assert_eq!(visible(&store, scheme), [1, 2, 3, 4]);
        assert_eq!(
            read_metadata(&store, &path("data")).unwrap().layout,
            layout(scheme),
            "and its marker"
        );
        let known = |names: &[(String, Vec<u8>)]| -> Vec<(String, Vec<u8>)> {
            let names = names.iter().filter(|(name, _)| name != "data/_metadata");
            names.cloned().collect()
        };
        assert_eq!(
            known(&state(&store)),
            known(&before),
            "all other files are as they were"
        );
        if scheme == Scheme::Flat {
            assert_eq!(state(&store), before);
        }
        // What is there already need not be made.
        assert!(plan(&store, &["data"]).unwrap().is_empty());
        write(&store, scheme, Existing::Append, &[5]).unwrap();
        assert_eq!(visible(&store, scheme), [1, 2, 3, 4, 5]);
    }
}

#[test]
fn all_differences_of_all_files_are_told() {
    use DataType::{Float64, Int32, Int64};
    let store = MemoryStore::default();
    file(
        &store,
        "data/a.parquet",
        &[("x", Int32, false), ("y", Float64, true)],
    );
    file(
        &store,
        "data/b.parquet",
        &[("x", Int64, false), ("y", Int64, true)],
    );
    file(
        &store,
        "data/c.parquet",
        &[("x", Int32, true), ("y", Float64, true)],
    );
    for options in [MergeOptions::default(), widening()] {
        let error = merge_with(&store, &["data"], &options).unwrap_err();
        let DatasetError::SchemaMismatches { differences, .. } = &error else {
            panic!("{error}");
        };
        let told: Vec<_> = differences
            .iter()
            .map(|d| (d.file.as_str(), d.column.as_str(), d.wider.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("b.parquet", "x", Some("required INT64")),
                ("b.parquet", "y", None),
                ("c.parquet", "x", Some("optional INT32")),
            ]
        );
        assert!(error.to_string().contains("schemas"), "{error}");
    }
    assert_eq!(files(&store).len(), 3);
}

#[test]
fn other_orders_and_wider_integers() {
    use DataType::{Int16, Int32, Int64};
    let store = MemoryStore::default();
    file(
        &store,
        "data/a.parquet",
        &[("x", Int16, false), ("y", Int64, true)],
    );
    file(
        &store,
        "data/b.parquet",
        &[("y", Int64, true), ("x", Int32, false)],
    );
    change_footer(&store, "data/a.parquet", |metadata| {
        let key_value = KeyValue {
            key: "ARROW:schema".to_owned(),
            value: Some("of a".to_owned()),
            ..KeyValue::default()
        };
        metadata.key_value_metadata = Some(vec![key_value]);
    });
    assert!(plan(&store, &["data"]).is_err());
    let plan = merge_with(&store, &["data"], &widening()).unwrap();
    assert!(plan.notes()[0].contains("narrower"), "{:?}", plan.notes());
    pollster::block_on(plan.execute(&store)).unwrap();
    let metadata = metadata(&store);
    assert_eq!(
        metadata.schema[1].logical_type, None,
        "an INT32 and nothing else"
    );
    assert_eq!(metadata.key_value_metadata, None);
    for group in &metadata.row_groups {
        let names = group.columns.iter().map(|chunk| {
            let data = chunk.meta_data.as_ref().unwrap();
            data.path_in_schema
                .iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        });
        assert_eq!(names.collect::<Vec<_>>(), [["x"], ["y"]]);
    }
}

#[test]
fn row_groups_are_the_bytes_that_they_were() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[1]).unwrap();
    write(&store, Scheme::Flat, Existing::Append, &[2]).unwrap();
    pollster::block_on(store.delete(&path("data/_metadata"))).unwrap();
    let future = || UnknownField::from_compact(99, 8, vec![2, 0xff, b'x']).unwrap();
    for (ordinal, name) in [(0, "data/part.0.parquet"), (0, "data/part.1.parquet")] {
        change_footer(&store, name, |metadata| {
            metadata.unknown_fields.push(future());
            metadata.row_groups[0].unknown_fields.push(future());
            metadata.row_groups[0].ordinal = Some(ordinal);
            metadata.row_groups[0].columns[0]
                .unknown_fields
                .push(future());
        });
    }
    merge(&store, &["data"]).unwrap();
    let merged = metadata(&store);
    for (index, group) in merged.row_groups.iter().enumerate() {
        let mut own = footer(&bytes(&store, &format!("data/part.{index}.parquet")));
        let mut expected = own.row_groups.remove(0);
        for chunk in &mut expected.columns {
            chunk.file_path = Some(format!("part.{index}.parquet"));
        }
        expected.ordinal = Some(index as i16);
        assert_eq!(*group, expected);
    }
    assert_eq!(merged.unknown_fields.as_slice(), [future()]);
    // Numbered in all files or in none.
    change_footer(&store, "data/part.1.parquet", |metadata| {
        metadata.row_groups[0].ordinal = None;
    });
    merge(&store, &["data"]).unwrap();
    assert!(
        metadata(&store)
            .row_groups
            .iter()
            .all(|group| group.ordinal.is_none())
    );
}

#[test]
fn what_is_said_once_for_all_files() {
    let store = MemoryStore::default();
    file(&store, "data/a.parquet", &[("x", DataType::Int64, false)]);
    file(&store, "data/b.parquet", &[("x", DataType::Int64, false)]);
    let pair = |key: &str, value: &str| KeyValue {
        key: key.to_owned(),
        value: Some(value.to_owned()),
        ..KeyValue::default()
    };
    change_footer(&store, "data/a.parquet", |metadata| {
        metadata.key_value_metadata = Some(vec![pair("k", "a"), pair("same", "1")]);
    });
    change_footer(&store, "data/b.parquet", |metadata| {
        metadata.key_value_metadata = Some(vec![pair("same", "1"), pair("k", "b"), pair("n", "2")]);
        metadata.created_by = Some("somebody".to_owned());
        metadata.column_orders = None;
    });
    let planned = plan(&store, &["data"]).unwrap();
    assert_eq!(planned.notes().len(), 3, "{planned}");
    pollster::block_on(planned.execute(&store)).unwrap();
    let merged = metadata(&store);
    let expected = vec![pair("k", "a"), pair("same", "1"), pair("n", "2")];
    assert_eq!(merged.key_value_metadata, Some(expected));
    assert_eq!(merged.column_orders, None);
    let order = ColumnOrder::TypeOrder(TypeDefinedOrder::default());
    change_footer(&store, "data/b.parquet", |metadata| {
        metadata.column_orders = Some(vec![order.clone()]);
    });
    merge(&store, &["data"]).unwrap();
    assert_eq!(metadata(&store).column_orders, Some(vec![order]));
}

#[test]
fn roots_and_folders() {
    let store = MemoryStore::default();
    let columns = [("x", DataType::Int64, false)];
    file(&store, "lake/t2/year=2024/m=1/a9.parquet", &columns);
    merge(&store, &["lake"]).unwrap();
    let found = read_metadata(&store, &path("lake/t2")).unwrap();
    assert_eq!(found.layout, Layout::new(Scheme::Hive, ["year", "m"]));
    let names = footer(&bytes(&store, "lake/t2/_metadata"));
    let name = names.row_groups[0].columns[0].file_path.as_deref();
    assert_eq!(name, Some("year=2024/m=1/a9.parquet"));

    file(&store, "d/2024/a1/x.parquet", &columns);
    file(&store, "d/2024/a2/x.parquet", &columns);
    let mut options = MergeOptions {
        root: Some(path("d")),
        ..MergeOptions::default()
    };
    let plan = merge_with(&store, &["d"], &options).unwrap();
    pollster::block_on(plan.execute(&store)).unwrap();
    let found = read_metadata(&store, &path("d")).unwrap();
    assert_eq!(found.layout, Layout::new(Scheme::Drill, ["dir0", "dir1"]));

    options.root = Some(path("d/2024/a1"));
    let error = merge_with(&store, &["d"], &options).unwrap_err();
    assert!(error.to_string().contains("does not lie below"), "{error}");
    file(&store, "d/y.parquet", &columns);
    options.root = Some(path("d"));
    let error = merge_with(&store, &["d"], &options).unwrap_err();
    assert!(error.to_string().contains("different depths"), "{error}");
    for name in ["h/%2e%2e/a.parquet", "h/x/%2E%2E%2Fb.parquet"] {
        let store = MemoryStore::default();
        file(&store, name, &columns);
        options.root = Some(path("h"));
        let error = merge_with(&store, &["h"], &options).unwrap_err();
        assert!(matches!(error, DatasetError::HostilePath { .. }), "{error}");
    }
    assert!(matches!(
        merge_with(&store, &["nothing"], &options),
        Err(DatasetError::NotFound { .. })
    ));
}

#[test]
fn files_that_are_none_of_rows() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[1]).unwrap();
    let error = plan(&store, &["data/_metadata"]).unwrap_err();
    assert!(error.to_string().contains("of other files"), "{error}");
    change_footer(&store, "data/part.0.parquet", |metadata| {
        metadata.footer_signing_key_metadata = Some(b"key"[..].into());
    });
    let error = plan(&store, &["data/part.0.parquet"]).unwrap_err();
    assert!(error.to_string().contains("encrypt"), "{error}");
    let mut encrypted = bytes(&store, "data/part.0.parquet");
    let end = encrypted.len() - MAGIC.len();
    encrypted[end..].copy_from_slice(b"PARE");
    pollster::block_on(store.put(&path("data/part.0.parquet"), &encrypted, PutMode::Always))
        .unwrap();
    let error = plan(&store, &["data/part.0.parquet"]).unwrap_err();
    assert!(error.to_string().contains("encrypt"), "{error}");
}

#[test]
fn a_metadata_of_other_files_stays() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[1]).unwrap();
    write(&store, Scheme::Flat, Existing::Append, &[2]).unwrap();
    let error = plan(&store, &["data/part.1.parquet"]).unwrap_err();
    assert!(error.to_string().contains("part.0.parquet"), "{error}");
}

#[test]
fn what_changes_between_reading_and_commit_is_a_conflict() {
    let store = MemoryStore::default();
    write(&store, Scheme::Flat, Existing::Fail, &[1]).unwrap();
    pollster::block_on(store.delete(&path("data/_metadata"))).unwrap();
    // A file.
    let planned = plan(&store, &["data"]).unwrap();
    change_footer(&store, "data/part.0.parquet", |metadata| {
        metadata.created_by = None
    });
    let error = pollster::block_on(planned.execute(&store)).unwrap_err();
    assert!(matches!(error, DatasetError::Conflict { .. }), "{error}");
    // `_metadata` itself: another writer's, with the same file in it.
    let planned = plan(&store, &["data"]).unwrap();
    merge(&store, &["data"]).unwrap();
    write(&store, Scheme::Flat, Existing::Append, &[2]).unwrap();
    let before = bytes(&store, "data/_metadata");
    let error = pollster::block_on(planned.execute(&store)).unwrap_err();
    assert!(matches!(error, DatasetError::Conflict { .. }), "{error}");
    change_footer(&store, "data/part.0.parquet", |metadata| {
        metadata.created_by = Some("x".into())
    });
    let planned = plan(&store, &["data"]).unwrap();
    write(&store, Scheme::Flat, Existing::Append, &[3]).unwrap();
    let after = bytes(&store, "data/_metadata");
    assert_ne!(before, after);
    let error = pollster::block_on(planned.execute(&store)).unwrap_err();
    assert!(matches!(error, DatasetError::Conflict { .. }), "{error}");
    assert_eq!(bytes(&store, "data/_metadata"), after);
}

#[test]
fn any_operation_may_fail() {
    for fault in FAULTS {
        for n in 0.. {
            let memory = MemoryStore::default();
            let mut writer = DatasetWriter::open(
                &memory,
                path("data"),
                schema(),
                layout(Scheme::Flat),
                options(Existing::Fail),
            )
            .unwrap();
            put(&mut writer, &[1]).unwrap();
            put(&mut writer, &[2]).unwrap();
            writer.commit().unwrap();
            pollster::block_on(memory.delete(&path("data/_metadata"))).unwrap();
            let store = FaultStore::new(memory.clone());
            store.fail_nth(n, fault);
            let done = merge(&store, &["data"]);
            let context = format!("{fault:?} {n}: {done:?}\n{}", store.log());
            let is_there = files(&memory).contains(&"data/_metadata".to_owned());
            match &done {
                Ok(_) => assert!(is_there, "{context}"),
                Err(DatasetError::CommitUnknown { .. }) => {}
                Err(_) => assert!(!is_there, "{context}"),
            }
            store.revive();
            if !is_there {
                merge(&store, &["data"]).unwrap();
            }
            pollster::block_on(store.deliver());
            assert_eq!(visible(&memory, Scheme::Flat), [1, 2], "{context}");
            if !store.has_failed() {
                assert!(n > 6);
                break;
            }
        }
    }
}
