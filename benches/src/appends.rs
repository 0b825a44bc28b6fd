//! An append of one row group to a data set of many, beside copies of its `_metadata`.

use crate::contest::Contest;
use crate::report::Report;
use pq_dataset::blocking::DatasetWriter;
use pq_dataset::{DatasetOptions, Existing, Layout, Scheme};
use pq_format::{FileMetaData, append_footer, decode, encode};
use pq_store::{LocalStore, StorePath};
use pq_writer::{Batch, Column, DataType, Field, Schema, Values};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

const ROW_GROUPS: usize = 100_000;
/// Of these files.
const FILES: usize = 1_000;
const COLUMNS: usize = 10;

pub fn contests(report: &mut Report) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/appends");
    let copied = folder.join("copy");
    for (peer, is_synced) in [("copy and sync", true), ("copy", false)] {
        let case = format!("100000 row groups of 10 columns, beside {peer}");
        let Some(entry) = report.entry("data set append", &case) else {
            continue;
        };
        // It may not be there.
        let _ = fs::remove_dir_all(&folder);
        let metadata = make(&folder);
        let size = fs::metadata(&metadata).unwrap().len();
        println!("_metadata: {size} bytes");
        entry.run(
            Contest::new(size as usize, |added: u64| assert!(added > 0))
                .with("pq", |done| {
                    let rows = append(&folder, Existing::Append);
                    done(&|| rows);
                })
                .with(peer, |done| {
                    let bytes = fs::copy(&metadata, &copied).unwrap();
                    if is_synced {
                        File::open(&copied).unwrap().sync_all().unwrap();
                    }
                    done(&|| bytes);
                }),
        );
        fs::remove_dir_all(&folder).unwrap();
    }
}

/// Writes a row group of a thousand rows; how many rows that were.
fn append(folder: &Path, existing: Existing) -> u64 {
    let store = LocalStore::open(folder).unwrap();
    let names: Vec<String> = (0..COLUMNS)
        .map(|column| format!("column_{column}"))
        .collect();
    let fields = names
        .iter()
        .map(|name| Field::new(name, DataType::Int64, false));
    let schema = Schema::new(fields.collect()).unwrap();
    let layout = Layout::new::<String>(Scheme::Flat, []);
    let options = DatasetOptions {
        existing,
        ..DatasetOptions::default()
    };
    let path = StorePath::new("set").unwrap();
    let mut writer = DatasetWriter::open(&store, path, schema, layout, options).unwrap();
    let rows: Vec<i64> = (0..1_000).collect();
    let columns = names
        .iter()
        .map(|name| Column::new(name, Values::Int64(&rows)));
    writer
        .write_row_group(&[Batch::new(columns.collect())])
        .unwrap();
    writer.commit().unwrap().rows
}

/// A data set whose `_metadata` has so many row groups, of files that are there to be listed and
/// nothing else; the path of `_metadata`.
fn make(folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    append(folder, Existing::Fail);
    let path = folder.join("set/_metadata");
    let bytes = fs::read(&path).unwrap();
    let mut metadata: FileMetaData = decode(&bytes[4..bytes.len() - 8]).unwrap().0;
    let group = metadata.row_groups.pop().unwrap();
    for number in 0..ROW_GROUPS {
        let file = format!("part.{}.parquet", number / (ROW_GROUPS / FILES));
        fs::write(folder.join("set").join(&file), "").unwrap();
        let mut group = group.clone();
        group.ordinal = None;
        for column in &mut group.columns {
            column.file_path = Some(file.clone());
        }
        metadata.row_groups.push(group);
    }
    metadata.num_rows = group.num_rows * ROW_GROUPS as i64;
    let (mut footer, mut file) = (Vec::new(), b"PAR1".to_vec());
    encode(&metadata, &mut footer).unwrap();
    append_footer(&footer, &mut file).unwrap();
    fs::write(&path, file).unwrap();
    path
}
