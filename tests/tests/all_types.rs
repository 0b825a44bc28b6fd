//! Every type, scheme and codec, read by every reader. `cargo xtask interop` runs these: they
//! need the readers' environment and the binary.

mod common;

use common::table::{PARTITIONS, all_types, in_pieces, wide_decimals};
use common::{Readings, write, write_arrow};
use std::path::{Path, PathBuf};

const ROWS: usize = 2_000;

const SCHEMES: [(&str, &[&str]); 4] = [
    ("simple", &[]),
    ("flat", &[]),
    ("hive", &PARTITIONS),
    ("drill", &PARTITIONS),
];

fn source(folder: &Path, name: &str, first_row: usize, rows: usize) -> PathBuf {
    let path = folder.join(name);
    write_arrow(&path, &in_pieces(&all_types(first_row, rows), 700));
    path
}

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn every_codec() {
    let folder = tempfile::tempdir().unwrap();
    let source = source(folder.path(), "source.arrow", 0, ROWS);
    let mut readings = Readings::default();
    for codec in ["none", "snappy", "gzip:9", "zstd:3", "lz4_raw", "brotli:5"] {
        let name = codec.split(':').next().unwrap_or(codec);
        let path = folder.path().join(format!("{name}.parquet"));
        write(
            &source,
            &path,
            &["--compression", codec, "--row-group-rows", "900"],
        );
        readings.add_with_codec(&source, &path, "simple", &[], name);
    }
    readings.check(folder.path());
}

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn every_scheme_and_appends() {
    let folder = tempfile::tempdir().unwrap();
    let first = source(folder.path(), "first.arrow", 0, ROWS);
    let second = source(folder.path(), "second.arrow", ROWS, ROWS / 2);
    let both = folder.path().join("both.arrow");
    let rows = [all_types(0, ROWS), all_types(ROWS, ROWS / 2)];
    write_arrow(&both, &rows);
    let mut readings = Readings::default();
    for (scheme, partition_on) in SCHEMES {
        let columns = partition_on.join(",");
        let mut options = vec!["--scheme", scheme, "--row-group-rows", "800"];
        if !columns.is_empty() {
            options.extend(["--partition-on", &columns]);
        }
        let once = folder.path().join(format!("{scheme}_once"));
        write(&first, &once, &options);
        readings.add(&first, &once, scheme, partition_on);

        let twice = folder.path().join(format!("{scheme}_twice"));
        write(&first, &twice, &options);
        // Scheme and partition columns are those of what is there.
        write(
            &second,
            &twice,
            &["--append", "--row-group-offsets", "0,300"],
        );
        readings.add(&both, &twice, scheme, partition_on);
    }
    readings.check(folder.path());
}

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn decimals_of_76_digits() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source.arrow");
    write_arrow(&source, &[wide_decimals(ROWS)]);
    let path = folder.path().join("wide.parquet");
    write(&source, &path, &[]);
    let mut readings = Readings::default();
    // Polars and DuckDB stop at 38 digits; fastparquet has no exact decimals.
    readings.add_for(&source, &path, &["pyarrow", "datafusion", "java"]);
    readings.check(folder.path());
}
