//! Batches of any size, in any memory.

mod common;

use common::{bytes, files, footer, path, state};
use pq_dataset::blocking::DatasetWriter;
use pq_dataset::{
    Collecting, DatasetError, DatasetOptions, Layout, PartitionEscaping, PartitionNulls, Scheme,
};
use pq_format::{PageHeader, decode};
use pq_store::{LocalStore, MemoryStore, Store};
use pq_writer::{Batch, Bits, Column, ColumnEncoding, DataType, Field, Schema, Values};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of `k` and `x`, as a writer gets them.
#[derive(Debug, Clone)]
struct Rows {
    keys: Vec<Option<i32>>,
    /// Whether they are given as a row group.
    is_row_group: bool,
}

fn options(memory_bytes: usize, row_group_rows: usize) -> DatasetOptions {
    let mut options = DatasetOptions {
        collecting: Collecting {
            memory_bytes,
            row_group_rows,
            ..Collecting::default()
        },
        ..DatasetOptions::default()
    };
    options.writer.encoding = ColumnEncoding::Plain;
    options
}

fn open<'s>(store: &'s dyn Store, scheme: Scheme, options: DatasetOptions) -> DatasetWriter<'s> {
    let fields = vec![
        Field::new("k", DataType::Int32, true),
        Field::new("x", DataType::Int64, false),
    ];
    let layout = match scheme {
        Scheme::Hive | Scheme::Drill => Layout::new(scheme, ["k"]),
        _ => Layout::new::<String>(scheme, []),
    };
    let schema = Schema::new(fields).unwrap();
    DatasetWriter::open(store, path("data"), schema, layout, options).unwrap()
}

/// Writes rows; `x` counts them.
fn write(writer: &mut DatasetWriter<'_>, all: &[Rows]) -> Result<(), DatasetError> {
    let mut first = 0;
    for rows in all {
        let keys: Vec<i32> = rows.keys.iter().map(|key| key.unwrap_or(7)).collect();
        let mut validity = vec![0_u8; keys.len().div_ceil(8)];
        for (row, key) in rows.keys.iter().enumerate() {
            validity[row / 8] |= u8::from(key.is_some()) << (row % 8);
        }
        let numbers: Vec<i64> = (first..).take(keys.len()).collect();
        first += keys.len() as i64;
        let validity = Bits::new(&validity, 0, keys.len()).unwrap();
        let batch = Batch::new(vec![
            Column::new("k", Values::Int32(&keys)).with_validity(validity),
            Column::new("x", Values::Int64(&numbers)),
        ]);
        if rows.is_row_group {
            let middle = keys.len() / 2;
            writer.write_row_group(&[batch.slice(0, middle), batch.slice(middle, keys.len())])?;
        } else {
            writer.write(&batch)?;
        }
    }
    Ok(())
}

/// The values of `x`, the last column and stored PLAIN, of each row group that `file` names.
fn numbers(store: &dyn Store, name: &str) -> Vec<(Option<String>, Vec<i64>)> {
    let mut found = Vec::new();
    for row_group in footer(&bytes(store, name)).row_groups {
        let column = row_group.columns.last().unwrap();
        let file = match &column.file_path {
            Some(part) => bytes(store, &format!("data/{part}")),
            None => bytes(store, name),
        };
        let metadata = column.meta_data.clone().unwrap();
        let mut at = metadata.data_page_offset as usize;
        let mut values = Vec::new();
        while (values.len() as i64) < row_group.num_rows {
            let (header, length) = decode::<PageHeader>(&file[at..]).unwrap();
            at += length;
            let end = at + header.compressed_page_size as usize;
            let page = file[at..end].as_chunks().0.iter();
            values.extend(page.map(|value| i64::from_le_bytes(*value)));
            at = end;
        }
        assert_eq!(values.len() as i64, row_group.num_rows);
        found.push((column.file_path.clone(), values));
    }
    found
}

/// What is in each folder, in the order in which it was written.
fn by_folder(store: &dyn Store) -> BTreeMap<String, Vec<i64>> {
    let mut folders: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (part, values) in numbers(store, "data/_metadata") {
        let part = part.unwrap();
        let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry(folder.to_owned()).or_default().extend(values);
    }
    folders
}

fn expected(all: &[Rows]) -> BTreeMap<String, Vec<i64>> {
    let mut folders: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (number, key) in (0..).zip(all.iter().flat_map(|rows| &rows.keys)) {
        let folder = match key {
            Some(key) => format!("k={key}"),
            None => "k=__HIVE_DEFAULT_PARTITION__".to_owned(),
        };
        folders.entry(folder).or_default().push(number);
    }
    folders
}

fn any_rows() -> impl Strategy<Value = Vec<Rows>> {
    let key = prop_oneof![1 => Just(None), 9 => (0_i32..20).prop_map(Some)];
    let rows = (
        proptest::collection::vec(key, 1..200),
        proptest::bool::weighted(0.2),
    );
    let rows = rows.prop_map(|(keys, is_row_group)| Rows { keys, is_row_group });
    proptest::collection::vec(rows, 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_partition_has_its_rows_in_order(
        all in any_rows(),
        memory_bytes in prop_oneof![Just(0), 1000_usize..30_000, Just(1 << 28)],
        row_group_rows in prop_oneof![1_usize..50, Just(1 << 20)],
    ) {
        let states: Vec<_> = [1, 1, 3]
            .into_iter()
            .map(|threads| {
                let store = MemoryStore::default();
                let mut options = options(memory_bytes, row_group_rows);
                options.writer.threads = threads;
                let mut writer = open(&store, Scheme::Hive, options);
                write(&mut writer, &all).unwrap();
                let summary = writer.commit().unwrap();
                let count = all.iter().map(|rows| rows.keys.len() as u64).sum();
                assert_eq!((summary.rows, summary.dropped), (count, 0));
                assert_eq!(by_folder(&store), expected(&all));
                state(&store)
            })
            .collect();
        prop_assert!(states.iter().all(|state| *state == states[0]), "the same bytes and names");
    }

    #[test]
    fn so_has_a_file(all in any_rows(), row_group_rows in 1_usize..300) {
        for scheme in [Scheme::Simple, Scheme::Flat] {
            let store = MemoryStore::default();
            let mut writer = open(&store, scheme, options(1 << 20, row_group_rows));
            write(&mut writer, &all).unwrap();
            writer.commit().unwrap();
            let name = if scheme == Scheme::Simple { "data" } else { "data/_metadata" };
            let found = numbers(&store, name);
            let most = found.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
            let largest = all.iter().filter(|rows| rows.is_row_group).map(|rows| rows.keys.len());
            prop_assert!(most <= row_group_rows.max(largest.max().unwrap_or(0)));
            let values: Vec<i64> = found.into_iter().flat_map(|(_, values)| values).collect();
            let count = all.iter().map(|rows| rows.keys.len() as i64).sum();
            prop_assert_eq!(values, (0..count).collect::<Vec<i64>>());
        }
    }
}

fn some_rows(keys: &[Option<i32>]) -> [Rows; 1] {
    [Rows {
        keys: keys.to_vec(),
        is_row_group: false,
    }]
}

#[test]
fn many_partitions_on_disk_in_little_memory() {
    let directory = tempfile::tempdir().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    let keys: Vec<Option<i32>> = (0..20_000).map(|row| Some(row * 7919 % 300)).collect();
    let mut writer = open(&store, Scheme::Hive, options(100_000, 1 << 20));
    let all = some_rows(&keys);
    write(&mut writer, &all).unwrap();
    let spilled = files(&store).len();
    let summary = writer.commit().unwrap();
    assert!(
        spilled > 0 && summary.files > 300,
        "{spilled}, {}",
        summary.files
    );
    assert_eq!(by_folder(&store), expected(&all));
}

#[test]
fn rows_without_a_partition_may_be_left_out() {
    let keys = [Some(1), None, Some(2), None, None];
    let written = |nulls, scheme| {
        let store = MemoryStore::default();
        let mut options = options(1 << 20, 1 << 20);
        options.partition_nulls = nulls;
        let mut writer = open(&store, scheme, options);
        write(&mut writer, &some_rows(&keys))?;
        let summary = writer.commit()?;
        let folders = by_folder(&store).into_keys().collect::<Vec<_>>();
        Ok::<_, DatasetError>((summary.rows, summary.dropped, folders))
    };
    let folders = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        written(PartitionNulls::Drop, Scheme::Hive).unwrap(),
        (2, 3, folders(&["k=1", "k=2"]))
    );
    assert_eq!(
        written(PartitionNulls::Drop, Scheme::Drill).unwrap(),
        (2, 3, folders(&["1", "2"]))
    );
    assert_eq!(written(PartitionNulls::Keep, Scheme::Hive).unwrap().0, 5);
    for (nulls, scheme) in [
        (PartitionNulls::Refuse, Scheme::Hive),
        (PartitionNulls::Keep, Scheme::Drill),
    ] {
        let error = written(nulls, scheme).unwrap_err();
        assert!(
            matches!(error, DatasetError::PartitionValue { row: 1, .. }),
            "{error}"
        );
    }
}

#[test]
fn values_that_need_escapes_may_be_refused() {
    let write = |escaping, text: &str| {
        let store = MemoryStore::default();
        let fields = vec![
            Field::new("k", DataType::String, false),
            Field::new("x", DataType::Int64, false),
        ];
        let options = DatasetOptions {
            partition_escaping: escaping,
            ..DatasetOptions::default()
        };
        let layout = Layout::new(Scheme::Hive, ["k"]);
        let schema = Schema::new(fields).unwrap();
        let mut writer =
            DatasetWriter::open(&store, path("data"), schema, layout, options).unwrap();
        writer.write(&Batch::new(vec![
            Column::new(
                "k",
                Values::Bytes32 {
                    offsets: &[0, text.len() as i32],
                    data: text.as_bytes(),
                },
            ),
            Column::new("x", Values::Int64(&[1])),
        ]))?;
        writer.commit()
    };
    write(PartitionEscaping::Percent, "a/b").unwrap();
    write(PartitionEscaping::None, "a-b").unwrap();
    let error = write(PartitionEscaping::None, "a/b").unwrap_err();
    assert!(error.to_string().contains("would be escaped"), "{error}");
}

/// Of many parts that several threads encode, some cannot be: the error is always that of the
/// first, at whichever call it comes, and nothing is left.
#[test]
fn of_all_that_cannot_be_stored_the_first_is_told() {
    let mut told = BTreeSet::new();
    for round in 0..20 {
        let store = MemoryStore::default();
        let fields = vec![
            Field::new("k", DataType::Int32, false),
            Field::new("x", DataType::String, true),
        ];
        let schema = Schema::new(fields).unwrap();
        let layout = Layout::new(Scheme::Hive, ["k"]);
        let mut options = options(1 << 20, 2);
        options.writer.threads = 1 + round % 4;
        let mut writer =
            DatasetWriter::open(&store, path("data"), schema, layout, options).unwrap();
        let mut write = || {
            for _ in 0..10 {
                let keys: Vec<i32> = (0..40).map(|row| row / 2).collect();
                let offsets: Vec<i32> = (0..=40).collect();
                let mut data = [b'x'; 40];
                // In the row groups of 5 and 13, of each of the batches, is no UTF-8.
                (data[11], data[26]) = (0xff, 0xff);
                let (offsets, data) = (&offsets, &data);
                writer.write(&Batch::new(vec![
                    Column::new("k", Values::Int32(&keys)),
                    Column::new("x", Values::Bytes32 { offsets, data }),
                ]))?;
            }
            Ok::<(), DatasetError>(())
        };
        let error = match write() {
            Err(error) => {
                assert!(writer.commit().is_err());
                error
            }
            Ok(()) => writer.commit().unwrap_err(),
        };
        told.insert(error.to_string());
        assert_eq!(files(&store), Vec::<String>::new());
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told.iter().all(|told| told.contains("row 1")), "{told:?}");
}

#[test]
fn a_value_that_cannot_be_stored_leaves_nothing() {
    let store = MemoryStore::default();
    let fields = vec![
        Field::new("k", DataType::Int32, false),
        Field::new("x", DataType::Date, true),
    ];
    let schema = Schema::new(fields).unwrap();
    let layout = Layout::new(Scheme::Hive, ["k"]);
    let options = options(0, 1 << 20);
    let mut writer = DatasetWriter::open(&store, path("data"), schema, layout, options).unwrap();
    let batch = |days| {
        Batch::new(vec![
            Column::new("k", Values::Int32(&[1])),
            Column::new("x", days),
        ])
    };
    writer.write(&batch(Values::Int32(&[1]))).unwrap();
    assert_eq!(files(&store).len(), 1);
    assert!(writer.write(&batch(Values::Float64(&[1.5]))).is_err());
    assert!(matches!(
        writer.write(&batch(Values::Int32(&[1]))),
        Err(DatasetError::Poisoned)
    ));
    assert!(matches!(writer.commit(), Err(DatasetError::Poisoned)));
    assert_eq!(files(&store), Vec::<String>::new());
}
