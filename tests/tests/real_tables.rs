//! Real tables: every row of the flights of 2013, and of a small one, read by every reader.
//! `cargo xtask interop` runs these: they need the readers' environment, the binary and
//! data/flights.csv.

mod common;

use common::{Readings, project, python, write};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;

/// The CSV as a reader that is not ours reads it, with the types that pq found in it.
fn source(csv: &Path, written: &Path, partition_on: &str, source: &Path) {
    let mut arguments: Vec<&OsStr> = vec!["csv".as_ref(), csv.as_ref(), written.as_ref()];
    arguments.push(source.as_ref());
    if !partition_on.is_empty() {
        arguments.extend([OsStr::new("--partition-on"), OsStr::new(partition_on)]);
    }
    python(&arguments);
}

/// The same CSV with a column that numbers the rows: data sets keep no order.
fn numbered(csv: &Path, out: &Path) {
    let text = std::fs::read_to_string(csv).unwrap();
    let mut numbered = String::with_capacity(text.len() * 2);
    for (row, line) in text.lines().enumerate() {
        match row {
            0 => writeln!(numbered, "row_id,{line}").unwrap(),
            row => writeln!(numbered, "{},{line}", row - 1).unwrap(),
        }
    }
    std::fs::write(out, numbered).unwrap();
}

#[test]
#[ignore = "needs the readers and the table: cargo xtask interop"]
fn flights() {
    every_row_of(&project("data/flights.csv"), ["month", "origin"]);
}

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn airports() {
    every_row_of(&project("tests/data/airports.csv"), ["tz", "dst"]);
}

fn every_row_of(csv: &Path, partition_on: [&str; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut readings = Readings::default();

    let file = folder.join("table.parquet");
    write(
        csv,
        &file,
        &["--null-value", "NA", "--compression", "zstd:3"],
    );
    let rows = folder.join("rows.arrow");
    source(csv, &file, "", &rows);
    readings.add_with_codec(&rows, &file, "simple", &[], "zstd");

    let numbered_csv = folder.join("numbered.csv");
    numbered(csv, &numbered_csv);
    for scheme in ["hive", "drill"] {
        let path = folder.join(scheme);
        let columns = partition_on.join(",");
        let options = [
            "--null-value",
            "NA",
            "--scheme",
            scheme,
            "--partition-on",
            &columns,
        ];
        write(&numbered_csv, &path, &options);
        let rows = folder.join("numbered.arrow");
        if scheme == "hive" {
            source(&numbered_csv, &path, &columns, &rows);
        }
        readings.add(&rows, &path, scheme, &partition_on);
    }
    readings.check(folder);
}
