//! Every type, scheme and codec, read by every reader. `cargo xtask interop` runs these: they
//! need the readers' environment and the binary.

mod common;

use arrow_array::RecordBatch;
use common::table::{PARTITIONS, all_types, in_pieces, nested, odd_partitions, wide_decimals};
use common::{Readings, write, write_arrow};
use std::path::{Path, PathBuf};

const ROWS: usize = 2_000;

const SCHEMES: [(&str, &[&str]); 4] = [
    ("simple", &[]),
    ("flat", &[]),
    ("hive", &PARTITIONS),
    ("drill", &PARTITIONS),
];

fn source(folder: &Path, name: &str, rows: &RecordBatch) -> PathBuf {
    let path = folder.join(name);
    write_arrow(&path, &in_pieces(rows, 700));
    path
}

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn every_codec() {
    let folder = tempfile::tempdir().unwrap();
    let source = source(folder.path(), "source.arrow", &all_types(ROWS));
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
    let rows = all_types(ROWS + ROWS / 2);
    let both = source(folder.path(), "both.arrow", &rows);
    let first = source(folder.path(), "first.arrow", &rows.slice(0, ROWS));
    let second = source(folder.path(), "second.arrow", &rows.slice(ROWS, ROWS / 2));
    let mut readings = Readings::default();
    for (scheme, partition_on) in SCHEMES {
        let columns = partition_on.join(",");
        let mut options = vec!["--scheme", scheme, "--row-group-rows", "800"];
        if !columns.is_empty() {
            options.extend(["--partition-on", &columns]);
        }
        let extension = if scheme == "simple" { ".parquet" } else { "" };
        let once = folder.path().join(format!("{scheme}_once{extension}"));
        write(&first, &once, &options);
        readings.add(&first, &once, scheme, partition_on);

        let twice = folder.path().join(format!("{scheme}_twice{extension}"));
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
    let readers = ["pyarrow", "datafusion", "java"];
    readings.add_for(&readers, &source, &path, "simple", &[]);
    readings.check(folder.path());
}

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn odd_partition_values() {
    let folder = tempfile::tempdir().unwrap();
    let mut readings = Readings::default();
    // fastparquet does not decode folders' names and guesses the types of their values;
    // DataFusion does not know hive's null.
    let readers = ["pyarrow", "pyarrow_metadata", "duckdb", "polars", "java"];
    let rows = odd_partitions();
    let source = source(folder.path(), "hive.arrow", &rows);
    let hive = folder.path().join("hive");
    write(&source, &hive, &["--partition-on", "p_odd"]);
    readings.add_for(&readers, &source, &hive, "hive", &["p_odd"]);

    // Drill has no folder for null.
    let source = self::source(
        folder.path(),
        "drill.arrow",
        &rows.slice(0, rows.num_rows() - 1),
    );
    let drill = folder.path().join("drill");
    write(
        &source,
        &drill,
        &["--partition-on", "p_odd", "--scheme", "drill"],
    );
    readings.add_for(&readers, &source, &drill, "drill", &["p_odd"]);
    readings.check(folder.path());
}

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn every_page_version_and_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let source = source(folder.path(), "source.arrow", &all_types(ROWS));
    let mut readings = Readings::default();
    // Encodings are those of the columns that they are for; the others are chosen as by default.
    for (name, options, readers) in [
        (
            "fast",
            &["--profile", "fast", "--page-checksums"][..],
            &[][..],
        ),
        (
            "dictionary",
            &["--encoding", "dictionary", "--page-checksums"],
            &[],
        ),
        ("plain", &["--encoding", "plain"], &[]),
        (
            "delta",
            &["--encoding", "delta_binary_packed"],
            WITHOUT_FASTPARQUET,
        ),
        (
            "filtered",
            &[
                "--bloom-filter",
                "row_id,text,p_text",
                "--sorted-by",
                "row_id",
            ],
            &[],
        ),
        (
            "v2",
            &["--page-version", "2", "--page-checksums"],
            WITHOUT_FASTPARQUET,
        ),
        ("small", &["--profile", "small"], WITHOUT_FASTPARQUET),
        (
            "small_v2",
            &["--profile", "small", "--page-version", "2"],
            WITHOUT_FASTPARQUET,
        ),
        (
            "split",
            &["--encoding", "byte_stream_split"],
            WITHOUT_FASTPARQUET,
        ),
        (
            "lengths",
            &["--encoding", "delta_length_byte_array"],
            WITHOUT_FASTPARQUET,
        ),
        (
            "prefixes",
            &["--encoding", "delta_byte_array"],
            WITHOUT_FASTPARQUET,
        ),
        (
            "runs",
            &["--encoding", "rle", "--page-version", "2"],
            WITHOUT_FASTPARQUET,
        ),
    ] {
        let path = folder.path().join(format!("{name}.parquet"));
        let mut all = vec!["--row-group-rows", "900"];
        all.extend(options);
        write(&source, &path, &all);
        if readers.is_empty() {
            readings.add(&source, &path, "simple", &[]);
        } else {
            readings.add_for(readers, &source, &path, "simple", &[]);
        }
    }
    readings.check(folder.path());
}

/// fastparquet lacks encodings, and its process ends on deltas of more than 28 bits.
const WITHOUT_FASTPARQUET: &[&str] = &["pyarrow", "duckdb", "polars", "datafusion", "java"];

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn nested_columns() {
    let folder = tempfile::tempdir().unwrap();
    let source = source(folder.path(), "nested.arrow", &nested(ROWS));
    let mut readings = Readings::default();
    for (name, options) in [
        ("nested", &["--page-checksums"][..]),
        ("nested_v2", &["--page-version", "2", "--profile", "small"]),
        (
            "nested_none",
            &["--compression", "none", "--encoding", "plain"],
        ),
    ] {
        let path = folder.path().join(format!("{name}.parquet"));
        let mut all = vec!["--row-group-rows", "900"];
        all.extend(options);
        write(&source, &path, &all);
        // fastparquet gives other shapes for lists of structs and lists of lists.
        readings.add_for(WITHOUT_FASTPARQUET, &source, &path, "simple", &[]);
    }
    readings.check(folder.path());
}
