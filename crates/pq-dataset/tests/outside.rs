//! Whatever values and paths say, nothing outside of a data set is created, changed or deleted.

mod common;

use common::{options, path, write};
use pq_dataset::blocking::{self, DatasetWriter};
use pq_dataset::{
    CompactOptions, DatasetError, Existing, Layout, MergeOptions, RecoverOptions, Scheme,
    Selection, SortBy,
};
use pq_format::{FileMetaData, append_footer, decode, encode};
use pq_store::LocalStore;
use pq_writer::{Batch, Column, DataType, Field, Schema, Values};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// A directory with files that are nobody's to touch, and a store in `inner` below it.
struct Room(TempDir);

impl Room {
    fn new() -> Self {
        let room = Self(tempfile::tempdir().unwrap());
        fs::create_dir(room.inner()).unwrap();
        write(&room.store(), Scheme::Hive, Existing::Fail, &[0, 1, 2]).unwrap();
        // Files that an edit could take for parts.
        for folder in [room.0.path(), &room.inner()] {
            let part = room.inner().join("data/k=0/part.0.parquet");
            fs::copy(part, folder.join("part.7.parquet")).unwrap();
        }
        room
    }

    fn inner(&self) -> PathBuf {
        self.0.path().join("inner")
    }

    fn store(&self) -> LocalStore {
        LocalStore::open(self.inner()).unwrap()
    }

    /// Lets `_metadata` say that its first row group is in this file.
    fn name_file(&self, hostile: &str) {
        let path = self.inner().join("data/_metadata");
        let file = fs::read(&path).unwrap();
        let mut metadata: FileMetaData = decode(&file[4..file.len() - 8]).unwrap().0;
        for column in &mut metadata.row_groups[0].columns {
            column.file_path = Some(hostile.to_owned());
        }
        let (mut footer, mut altered) = (Vec::new(), b"PAR1".to_vec());
        encode(&metadata, &mut footer).unwrap();
        append_footer(&footer, &mut altered).unwrap();
        fs::write(&path, altered).unwrap();
    }

    /// Everything but the data set.
    fn outside(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        walk(self.0.path(), &self.inner().join("data"), &mut found);
        found
    }
}

fn walk(directory: &Path, except: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path == except {
            continue;
        }
        if path.is_dir() {
            walk(&path, except, found);
            found.insert(path, Vec::new());
        } else {
            let content = fs::read(&path).unwrap();
            found.insert(path, content);
        }
    }
}

/// Pieces of which ways out are made, and any text.
fn odd() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("..".to_owned()),
        Just(".".to_owned()),
        Just("/".to_owned()),
        Just("\\".to_owned()),
        Just("%2e%2E".to_owned()),
        Just("%2f".to_owned()),
        Just("\0".to_owned()),
        Just("k=0".to_owned()),
        Just("part.7.parquet".to_owned()),
        Just("file:".to_owned()),
        Just("\u{202e}".to_owned()),
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_value_leads_out(values in proptest::collection::vec(odd(), 1..6), column in odd(), drill in any::<bool>()) {
        let room = Room::new();
        let before = room.outside();
        let column = if column.is_empty() { "k".to_owned() } else { column };
        let schema = Schema::new(vec![
            Field::new(&column, DataType::String, false),
            Field::new("x of it", DataType::Int64, false),
        ]);
        let scheme = if drill { Scheme::Drill } else { Scheme::Hive };
        let store = room.store();
        let (mut offsets, mut data) = (vec![0_i32], Vec::new());
        for value in &values {
            data.extend_from_slice(value.as_bytes());
            offsets.push(data.len() as i32);
        }
        let numbers: Vec<i64> = (0..values.len() as i64).collect();
        let written = schema.map_err(DatasetError::from).and_then(|schema| {
            let layout = Layout::new(scheme, [column.as_str()]);
            let options = options(Existing::Overwrite);
            let mut writer = DatasetWriter::open(&store, path("data"), schema, layout, options)?;
            writer.write_row_group(&[Batch::new(vec![
                Column::new(&column, Values::Bytes32 { offsets: &offsets, data: &data }),
                Column::new("x of it", Values::Int64(&numbers)),
            ])])?;
            writer.commit()
        });
        prop_assert!(room.outside() == before);
        if written.is_ok() {
            // What was written is read, also by whoever follows the paths.
            let set = blocking::open(&store, path("data")).unwrap();
            for file in set.files() {
                prop_assert!(fs::exists(room.inner().join("data").join(file)).unwrap());
            }
        }
    }

    #[test]
    fn no_path_leads_out(hostile in odd(), linked in any::<bool>()) {
        let room = Room::new();
        let inner = room.inner();
        if linked {
            // A way out within the data set.
            std::os::unix::fs::symlink(room.0.path(), inner.join("data/link")).unwrap();
        }
        let hostile = if linked { format!("link/{hostile}part.7.parquet") } else { hostile };
        room.name_file(&hostile);

        let before = room.outside();
        let store = room.store();
        // Each in a data set that is still so: they fail, or change what is in it.
        let _ = write(&store, Scheme::Hive, Existing::Append, &[3]);
        let _ = write(&store, Scheme::Hive, Existing::OverwritePartitions, &[3, 4]);
        if let Ok(set) = blocking::open(&store, path("data")) {
            prop_assert!(!set.files().iter().any(|file| file.split('/').any(|name| name == "..")));
            let new = vec!["k=1/part.0.parquet".to_owned()];
            let plans = [
                set.remove(&Selection::RowGroups(vec![0])),
                set.sort(SortBy::file()),
                set.set_metadata(&[("a".to_owned(), Some("b".to_owned()))]),
                blocking::replace(&store, &set, std::slice::from_ref(&hostile), &new),
                blocking::compact(&store, path("data"), &CompactOptions::default()),
            ];
            for plan in plans.into_iter().flatten() {
                let _ = blocking::execute(plan, &store);
            }
        }
        let whole = RecoverOptions { grace: Duration::ZERO, ..RecoverOptions::default() };
        if let Ok(recovery) = blocking::recover(&store, &path("data"), &whole) {
            let _ = blocking::execute(recovery.plan, &store);
        }
        if let Ok(plan) = blocking::merge(&store, &[path("data")], &MergeOptions::default()) {
            let _ = blocking::execute(plan, &store);
        }
        let _ = write(&store, Scheme::Hive, Existing::Overwrite, &[5]);
        prop_assert!(room.outside() == before);
    }
}

#[test]
fn ways_out_are_named_in_the_error() {
    for hostile in [
        "../part.7.parquet",
        "/part.7.parquet",
        "k=0/../../part.7.parquet",
        "a\\..\\b",
    ] {
        let room = Room::new();
        room.name_file(hostile);
        let whole = RecoverOptions::default();
        let recovered = blocking::recover(&room.store(), &path("data"), &whole);
        assert!(matches!(recovered, Err(DatasetError::HostilePath { .. })));
        let refused = blocking::open(&room.store(), path("data"));
        assert!(
            matches!(&refused, Err(DatasetError::HostilePath { path, .. }) if path == hostile),
            "{refused:?}"
        );
    }
}
