//! What the tests of data sets share.
#![allow(dead_code, reason = "each test uses some of it")]

use pq_dataset::blocking::DatasetWriter;
use pq_dataset::{DatasetError, DatasetOptions, Existing, Layout, Scheme, Summary};
use pq_format::{ColumnChunk, FileMetaData, PageHeader, PageType, TAIL_LEN, decode, footer_range};
use pq_store::testing::fault::Fault;
use pq_store::{ReadRange, Store, StorePath};
use pq_writer::{Batch, Column, DataType, Field, Schema, Values};

/// The ways in which an operation fails.
pub const FAULTS: [Fault; 6] = [
    Fault::Before,
    Fault::After,
    Fault::Refused,
    Fault::Lost,
    Fault::Torn(5),
    Fault::Dead,
];

pub fn path(text: &str) -> StorePath {
    StorePath::new(text).unwrap()
}

pub fn schema() -> Schema {
    Schema::new(vec![
        Field::new("k", DataType::Int32, false),
        Field::new("x", DataType::Int64, false),
    ])
    .unwrap()
}

pub fn layout(scheme: Scheme) -> Layout {
    match scheme {
        Scheme::Hive | Scheme::Drill => Layout::new(scheme, ["k"]),
        _ => Layout::new::<String>(scheme, []),
    }
}

pub fn options(existing: Existing) -> DatasetOptions {
    DatasetOptions {
        existing,
        ..DatasetOptions::default()
    }
}

/// Writes one row group with these values; `k` is the value modulo 3.
pub fn write(
    store: &dyn Store,
    scheme: Scheme,
    existing: Existing,
    values: &[i64],
) -> Result<Summary, DatasetError> {
    let mut writer = DatasetWriter::open(
        store,
        path("data"),
        schema(),
        layout(scheme),
        options(existing),
    )?;
    put(&mut writer, values)?;
    writer.commit()
}

pub fn put(writer: &mut DatasetWriter<'_>, values: &[i64]) -> Result<(), DatasetError> {
    let keys: Vec<i32> = values.iter().map(|value| (value % 3) as i32).collect();
    writer.write_row_group(&[Batch::new(vec![
        Column::new("k", Values::Int32(&keys)),
        Column::new("x", Values::Int64(values)),
    ])])
}

pub fn bytes(store: &dyn Store, name: &str) -> Vec<u8> {
    pollster::block_on(store.read(&path(name), ReadRange::All))
        .unwrap()
        .bytes
}

/// The names of all files, sorted.
pub fn files(store: &dyn Store) -> Vec<String> {
    pollster::block_on(store.list(&path("data")))
        .unwrap()
        .into_iter()
        .map(|entry| entry.path.as_str().to_owned())
        .collect()
}

/// Names and bytes of everything there.
pub fn state(store: &dyn Store) -> Vec<(String, Vec<u8>)> {
    let names = files(store).into_iter();
    names
        .map(|name| (name.clone(), bytes(store, &name)))
        .collect()
}

pub fn footer(file: &[u8]) -> FileMetaData {
    let tail = &file[file.len() - TAIL_LEN..];
    let range = footer_range(tail, file.len() as u64).unwrap();
    decode(&file[range.start as usize..range.end as usize])
        .unwrap()
        .0
}

/// The metadata without the count of commits that were more than an append.
pub fn uncounted(mut metadata: FileMetaData) -> FileMetaData {
    if let Some(pairs) = &mut metadata.key_value_metadata {
        pairs.retain(|pair| pair.key != "pq.revision");
    }
    metadata
}

/// The values of `x`, stored PLAIN or in a dictionary, that the metadata leads to: minimum and
/// maximum of each row group, which for row groups of one or two values are the values.
pub fn visible(store: &dyn Store, scheme: Scheme) -> Vec<i64> {
    let metadata = match scheme {
        Scheme::Simple => footer(&bytes(store, "data")),
        _ => footer(&bytes(store, "data/_metadata")),
    };
    let mut values = Vec::new();
    for row_group in &metadata.row_groups {
        let chunk = row_group.columns.last().unwrap();
        let (file, file_bytes, chunk) = match &chunk.file_path {
            None => (metadata.clone(), bytes(store, "data"), chunk.clone()),
            Some(part) => {
                let part_bytes = bytes(store, &format!("data/{part}"));
                let part = footer(&part_bytes);
                let place =
                    |chunk: &ColumnChunk| chunk.meta_data.as_ref().unwrap().data_page_offset;
                let own = part
                    .row_groups
                    .iter()
                    .map(|own| own.columns.last().unwrap());
                let mut own = own.filter(|own| place(own) == place(chunk));
                let chunk = own.next().unwrap().clone();
                (part, part_bytes, chunk)
            }
        };
        assert_eq!(
            file.num_rows,
            file.row_groups
                .iter()
                .map(|group| group.num_rows)
                .sum::<i64>()
        );
        let metadata = chunk.meta_data.unwrap();
        let first_page = metadata.data_page_offset as usize;
        let page = decode::<PageHeader>(&file_bytes[first_page..]).unwrap().0;
        assert_eq!(page.r#type, PageType::DATA_PAGE, "offsets lead to pages");
        assert_eq!(
            i64::from(page.data_page_header.unwrap().num_values),
            row_group.num_rows
        );
        let statistics = metadata.statistics.unwrap();
        let bound = |bytes: Option<&[u8]>| i64::from_le_bytes(bytes.unwrap().try_into().unwrap());
        values.push(bound(statistics.min_value.as_deref()));
        let max = bound(statistics.max_value.as_deref());
        if row_group.num_rows > 1 {
            values.push(max);
        }
    }
    values.sort_unstable();
    values
}
