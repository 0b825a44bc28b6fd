//! The cases: small tables of each kind, and footers.

use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use pq_arrow::{ArrowWriter, ArrowWriterOptions};
use pq_benches::numbers::Numbers;
use pq_benches::sink::Sink;
use pq_benches::tables::{self, Table};
use pq_format::{FileMetaData, decode, encode, footer_range};
use pq_writer::{ColumnEncoding, Compression, WriterOptions};
use std::hint::black_box;
use std::sync::Arc;

/// Rows of most tables.
const ROWS: usize = 100_000;

/// The part of lineitem that has about as many rows.
const LINEITEM: f64 = 1.0 / 60.0;

/// All cases.
pub const NAMES: &[&str] = &[
    "lineitem",
    "lineitem-snappy",
    "categorical",
    "text-views",
    "ints-random",
    "ints-sorted",
    "ints-low-card",
    "ints-delta",
    "floats",
    "floats-two-decimals",
    "half-null",
    "bools",
    "events",
    "lists",
    "wide",
    "footer-encode",
    "footer-decode",
];

/// Does the work of a case, the counted part in [`measured`].
pub fn run(name: &str) -> Result<(), String> {
    let mut options = WriterOptions::default();
    match name {
        "lineitem" => write(tables::lineitem(LINEITEM), options),
        "lineitem-snappy" => {
            options.compression = Compression::Snappy;
            write(tables::lineitem(LINEITEM), options);
        }
        "categorical" => write(tables::single("categorical", ROWS), options),
        "text-views" => write(tables::texts_as_views(ROWS), options),
        "ints-random" => write(tables::single("ints random", ROWS), options),
        "ints-sorted" => write(tables::single("ints sorted", ROWS), options),
        "ints-low-card" => write(tables::single("ints low-card", ROWS), options),
        "ints-delta" => {
            options.encoding = ColumnEncoding::DeltaBinaryPacked;
            write(tables::single("ints random", ROWS), options);
        }
        "floats" => write(tables::single("floats random", ROWS), options),
        // Enough of them that a dictionary pays.
        "floats-two-decimals" => write(tables::single("floats two decimals", 4 * ROWS), options),
        "half-null" => write(tables::single("half null", ROWS), options),
        "bools" => write(tables::single("bools", ROWS), options),
        "events" => write(tables::events(ROWS / 4), options),
        "lists" => write_batches(&[lists()], options),
        "wide" => write(tables::wide(200, 1_000), options),
        "footer-encode" => {
            let metadata = footer();
            measured(&mut || {
                let mut bytes = Vec::new();
                encode(black_box(&metadata), &mut bytes).expect("the footer is valid");
                black_box(bytes);
            });
        }
        "footer-decode" => {
            let mut bytes = Vec::new();
            encode(&footer(), &mut bytes).expect("the footer is valid");
            measured(&mut || {
                let metadata = decode::<FileMetaData>(black_box(&bytes));
                black_box(metadata.expect("the footer is valid"));
            });
        }
        _ => return Err(format!("there is no case {name}")),
    }
    Ok(())
}

/// Callgrind counts what happens in here. Its name is that in `callgrind.rs`.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
}

fn write(table: Table, options: WriterOptions) {
    let batches: Vec<RecordBatch> = table.batches.collect();
    write_batches(&batches, options);
}

fn write_batches(batches: &[RecordBatch], options: WriterOptions) {
    let options = ArrowWriterOptions::from(options);
    let write = || {
        let schema = batches[0].schema();
        let mut writer = ArrowWriter::new(Sink::default(), &schema, options.clone())?;
        for batch in batches {
            writer.write(batch)?;
        }
        writer.finish()
    };
    measured(&mut || {
        let (sink, _) = black_box(write()).expect("all tables can be written");
        assert!(sink.bytes > 0);
    });
}

/// Lists of up to six integers, some of them null.
fn lists() -> RecordBatch {
    let mut numbers = Numbers::new();
    let mut lists = ListBuilder::new(Int64Builder::new());
    for _ in 0..ROWS / 4 {
        for _ in 0..numbers.below(7) {
            let value = numbers.below(1_000) as i64;
            lists.values().append_option((value > 100).then_some(value));
        }
        lists.append(numbers.below(10) != 0);
    }
    let lists: ArrayRef = Arc::new(lists.finish());
    RecordBatch::try_from_iter([("list", lists)]).expect("one column makes a batch")
}

/// The footer of a file of 200 columns in ten row groups.
fn footer() -> FileMetaData {
    let table = tables::wide(200, 100);
    let mut options = ArrowWriterOptions::default();
    options.row_groups = pq_writer::RowGroupCuts::rows(10);
    let mut writer =
        ArrowWriter::new(Vec::new(), &table.schema, options).expect("the table can be written");
    for batch in table.batches {
        writer.write(&batch).expect("the table can be written");
    }
    let (file, _) = writer.finish().expect("the table can be written");
    let range = footer_range(&file, file.len() as u64).expect("the file has a footer");
    let bytes = &file[range.start as usize..range.end as usize];
    decode(bytes).expect("the footer is valid").0
}
