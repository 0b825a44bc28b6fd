//! Bytes that pq wrote once must not change unnoticed.

mod common;

use arrow_array::RecordBatch;
use common::table::{all_types, in_pieces};
use pq_arrow::{ArrowBatch, HasNulls};
use pq_dataset::{DatasetOptions, Layout, Scheme, blocking::DatasetWriter};
use pq_store::{MemoryStore, ReadRange, Store, StorePath};
use pq_writer::{FileWriter, WriterOptions};
use std::fs;

fn options(rows: &RecordBatch) -> WriterOptions {
    let mut options = WriterOptions::default();
    // The version is no part of what must stay.
    options.created_by = "golden".to_owned();
    options.data_page_rows = 100;
    options.key_values = vec![pq_arrow::arrow_schema_key_value(&rows.schema())];
    options
}

fn check(name: &str, bytes: &[u8]) {
    let path = common::project("tests/golden").join(name);
    if std::env::var_os("PQ_UPDATE_GOLDEN").is_some() {
        fs::write(&path, bytes).unwrap();
    }
    let golden = fs::read(&path).unwrap_or_default();
    let differs = golden.iter().zip(bytes).position(|(old, new)| old != new);
    assert!(
        differs.is_none() && golden.len() == bytes.len(),
        "{name}: {} bytes, were {}; the first difference is at {:?}",
        bytes.len(),
        golden.len(),
        differs,
    );
}

#[test]
fn a_file_of_every_type() {
    let rows = all_types(250);
    let schema = pq_arrow::schema(&rows.schema(), &HasNulls::AsDeclared).unwrap();
    let mut writer = FileWriter::new(Vec::new(), schema, options(&rows)).unwrap();
    for half in in_pieces(&rows, 150) {
        let batch = ArrowBatch::new(&half).unwrap();
        writer.write_row_group(&[batch.as_batch()]).unwrap();
    }
    check("all_types.parquet", &writer.finish().unwrap().0);
}

#[test]
fn the_metadata_of_a_data_set() {
    let rows = all_types(50).project(&[0, 1, 2]).unwrap();
    let store = MemoryStore::default();
    let schema = pq_arrow::schema(&rows.schema(), &HasNulls::AsDeclared).unwrap();
    let options = DatasetOptions {
        writer: options(&rows.project(&[0]).unwrap()),
        ..DatasetOptions::default()
    };
    let layout = Layout::new(Scheme::Hive, ["p_integer", "p_text"]);
    let path = StorePath::new("data").unwrap();
    let mut writer = DatasetWriter::open(&store, path.clone(), schema, layout, options).unwrap();
    let batch = ArrowBatch::new(&rows).unwrap();
    writer.write_row_group(&[batch.as_batch()]).unwrap();
    writer.commit().unwrap();
    for name in ["_metadata", "_common_metadata"] {
        let path = path.join(name).unwrap();
        let file = pollster::block_on(store.read(&path, ReadRange::All)).unwrap();
        check(name, &file.bytes);
    }
}
