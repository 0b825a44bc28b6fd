//! Data sets that every command has changed, read by readers that list folders, by those that read
//! `_metadata`, and by Spark. `cargo xtask interop` runs this.

mod common;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array,
    RecordBatch, StringArray, TimestampMicrosecondArray,
};
use common::{Readings, pq, write, write_arrow};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const PARTITIONS: [&str; 4] = ["p_int", "p_text", "p_date", "p_bool"];

/// fastparquet does not decode folders' names, DataFusion does not know hive's null.
const READERS: [&str; 6] = [
    "pyarrow",
    "pyarrow_metadata",
    "duckdb",
    "polars",
    "java",
    "spark",
];

/// So many rows, from a number on; all of partition `p_int` where one is given.
fn rows(first: i64, count: i64, partition: Option<i32>) -> RecordBatch {
    let texts = [Some("a b"), Some("x%2Fy"), Some("k=v"), Some(".."), None];
    let ids: Vec<i64> = (first..first + count)
        .filter(|id| {
            partition.is_none_or(|partition| partition > 3 || id % 4 == i64::from(partition))
        })
        .collect();
    let of = |id: &i64| *id as usize;
    let int = |id: &i64| partition.unwrap_or((id % 4) as i32);
    let columns: [(_, ArrayRef, _); 7] = [
        ("row_id", Arc::new(Int64Array::from(ids.clone())), false),
        (
            "p_int",
            Arc::new(Int32Array::from_iter_values(ids.iter().map(int))),
            false,
        ),
        (
            "p_text",
            Arc::new(StringArray::from_iter(
                ids.iter().map(|id| texts[of(id) % 5]),
            )),
            true,
        ),
        (
            "p_date",
            Arc::new(Date32Array::from_iter_values(
                ids.iter().map(|id| 18_000 + (id % 2) as i32),
            )),
            false,
        ),
        (
            "p_bool",
            Arc::new(BooleanArray::from_iter(
                ids.iter().map(|id| Some(id % 3 == 0)),
            )),
            false,
        ),
        (
            "x",
            Arc::new(Float64Array::from_iter_values(
                ids.iter().map(|id| *id as f64 / 3.0),
            )),
            false,
        ),
        (
            "s",
            Arc::new(StringArray::from_iter(
                ids.iter()
                    .map(|id| (id % 7 > 0).then(|| format!("text {}", id % 11))),
            )),
            true,
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

/// Sources of rows, each a file.
struct Sources(tempfile::TempDir);

impl Sources {
    fn put(&self, name: &str, rows: &RecordBatch) -> PathBuf {
        let path = self.0.path().join(name);
        write_arrow(&path, std::slice::from_ref(rows));
        path
    }
}

fn change(command: &str, set: &Path, options: &[&str]) {
    let mut arguments = vec![command];
    arguments.push(set.to_str().unwrap());
    arguments.extend(options);
    pq(&arguments);
}

fn add(command: &str, source: &Path, set: &Path) {
    pq(&[Path::new(command), source, set]);
}

/// One test: Spark takes its time to start.
#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn readers_see_the_rows() {
    let sources = Sources(tempfile::tempdir().unwrap());
    let mut readings = Readings::default();
    after_every_command(&sources, &mut readings);
    values_of_every_type_as_partitions(&sources, &mut readings);
    readings.check(sources.0.path());
}

fn after_every_command(sources: &Sources, readings: &mut Readings) {
    let all = sources.put("all.arrow", &rows(0, 400, None));
    let first = sources.put("first.arrow", &rows(0, 300, None));
    let second = sources.put("second.arrow", &rows(300, 100, None));
    let third = sources.put("third.arrow", &rows(0, 400, Some(3)));
    let other = sources.put("other.arrow", &rows(1_000, 20, Some(9)));
    let columns = PARTITIONS.join(",");
    for (name, scheme, partition_on) in [
        ("hive", "hive", &PARTITIONS[..]),
        ("merged", "hive", &PARTITIONS[..]),
        ("flat", "flat", &[]),
    ] {
        let set = sources.0.path().join(name);
        let mut options = vec!["--scheme", scheme];
        if !partition_on.is_empty() {
            options.extend(["--partition-on", &columns]);
        }
        if name == "merged" {
            options.extend(["--metadata-file", "never"]);
        }
        write(&first, &set, &options);
        if name == "merged" {
            change("merge", &set, &["--root", set.to_str().unwrap()]);
        }
        add("append", &second, &set);
        change("compact", &set, &[]);
        if !partition_on.is_empty() {
            add("overwrite", &third, &set);
            add("append", &other, &set);
            change("remove", &set, &["--partition=p_int=9"]);
        }
        change("sort", &set, &["--by-file"]);
        change("compact", &set, &["--rewrite"]);
        pq(&["metadata", "set", set.to_str().unwrap(), "owner=ann"]);
        change("recover", &set, &["--grace=0s"]);
        readings.add_for(&READERS, &all, &set, scheme, partition_on);
    }
}

/// Values of all types that can be partitions, as the marker and the folders' names tell them.
fn values_of_every_type_as_partitions(sources: &Sources, readings: &mut Readings) {
    let count = 6_i64;
    let decimals = Decimal128Array::from_iter_values((0..6).map(|n| n * 125 - 250));
    let micros = (0..count).map(|n| n * 1_000_001 + 1_600_000_000_000_000);
    let columns: [(&str, ArrayRef); 5] = [
        (
            "decimal",
            Arc::new(decimals.with_precision_and_scale(9, 3).unwrap()),
        ),
        (
            "timestamp",
            Arc::new(TimestampMicrosecondArray::from_iter_values(micros)),
        ),
        (
            "double",
            Arc::new(Float64Array::from_iter_values(
                (0..6).map(|n| f64::from(n) / 4.0),
            )),
        ),
        (
            "long",
            Arc::new(Int64Array::from_iter_values(
                (0..count).map(|n| n - (1 << 60)),
            )),
        ),
        (
            "date",
            Arc::new(Date32Array::from_iter_values(
                (0..6).map(|n| n * 10_000 - 20_000),
            )),
        ),
    ];
    for (name, values) in columns {
        let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..count));
        let rows = RecordBatch::try_from_iter([("row_id", ids), ("p_value", values)]).unwrap();
        let source = sources.put(&format!("{name}.arrow"), &rows);
        let set = sources.0.path().join(name);
        write(&source, &set, &["--partition-on=p_value"]);
        readings.add_for(&READERS, &source, &set, "hive", &["p_value"]);
    }
}
