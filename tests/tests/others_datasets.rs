//! Files of other writers become data sets, and are compacted: readers see the same rows as
//! before, and no rule of the format is broken that was not. `cargo xtask interop` runs this: it
//! needs the readers' environment, in which the writers are.

use pq_dataset::{CompactOptions, MergeOptions, Plan, blocking};
use pq_store::{LocalStore, StorePath};
use pq_verify::{Options, Rule, verify_path};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Files of a writer that have one schema.
const SETS: &[(&str, &str, &[&str])] = &[
    ("pyarrow", "flat", &["flat", "flat_v2"]),
    ("pyarrow", "nested", &["nested", "nested_v2"]),
    ("pyarrow", "bloom", &["bloom", "bloom"]),
    ("java", "v1", &["PARQUET_1_0_SNAPPY", "PARQUET_1_0_ZSTD"]),
    (
        "java",
        "v2",
        &["PARQUET_2_0_SNAPPY", "PARQUET_2_0_UNCOMPRESSED"],
    ),
    ("duckdb", "flat", &["flat_0", "flat_2"]),
    ("duckdb", "nested", &["nested_0", "nested_2"]),
    ("polars", "flat", &["flat_lazy", "flat_snappy", "flat_zstd"]),
    ("polars", "nested", &["nested_lazy", "nested_zstd"]),
    ("fastparquet", "flat", &["flat", "flat"]),
    ("datafusion", "flat", &["flat_0", "flat_1"]),
    ("datafusion", "nested", &["nested_0", "nested_1"]),
];

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn files_of_other_writers_are_merged_and_compacted() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("others_datasets");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = std::env::var_os("PQ_PYTHON")
        .map_or_else(|| project.join("../.venv/bin/python"), Into::into);
    let (written, made) = (folder.join("written"), folder.join("made"));
    succeeds(
        Command::new(&python)
            .arg(project.join("readers/write.py"))
            .arg(&written),
    );
    for (writer, table, files) in SETS {
        let sources: Vec<_> = files
            .iter()
            .map(|file| written.join(writer).join(format!("{file}.parquet")))
            .collect();
        let merged = made.join(format!("{writer}-{table}-merged"));
        let compacted = made.join(format!("{writer}-{table}-compacted"));
        for set in [&merged, &compacted] {
            for (index, source) in sources.iter().enumerate() {
                for below in ["files", "data"] {
                    fs::create_dir_all(set.join(below)).unwrap();
                    let copy = set.join(below).join(format!("file.{index}.parquet"));
                    fs::copy(source, copy).unwrap();
                }
            }
            merge(set);
        }
        compact(&compacted, writer, table);
        for set in [merged, compacted] {
            let (before, after) = (broken(&set.join("files")), broken(&set.join("data")));
            assert!(
                after.is_subset(&before),
                "{}: {after:?}, {before:?}",
                set.display()
            );
        }
    }
    succeeds(
        Command::new(&python)
            .arg(project.join("readers/same.py"))
            .arg(&made),
    );
}

fn execute(plan: Plan, store: &LocalStore) {
    let shown = plan.to_string();
    let summary = blocking::execute(plan, store).unwrap_or_else(|error| panic!("{error}\n{shown}"));
    assert_eq!(summary.warnings, Vec::<String>::new(), "{shown}");
}

fn merge(set: &Path) {
    let store = LocalStore::open(set).unwrap();
    let data = StorePath::new("data").unwrap();
    let options = MergeOptions::default();
    let plan = blocking::merge(&store, &[data], &options)
        .unwrap_or_else(|error| panic!("{}: {error}", set.display()));
    execute(plan, &store);
}

fn compact(set: &Path, writer: &str, table: &str) {
    let store = LocalStore::open(set).unwrap();
    let data = StorePath::new("data").unwrap();
    let plan = blocking::compact(&store, data, &CompactOptions::default()).unwrap();
    let shown = plan.to_string();
    execute(plan, &store);
    let parts = fs::read_dir(set.join("data")).unwrap().count();
    assert_eq!(parts, 3, "{writer} {table}: {shown}");
}

/// The rules that files below this folder do not keep.
fn broken(folder: &Path) -> BTreeSet<Rule> {
    let report = verify_path(folder, &Options::default());
    assert!(report.checked().files > 0, "{}", folder.display());
    report.counts().map(|(rule, _)| rule).collect()
}

fn succeeds(command: &mut Command) {
    let status = command
        .status()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; run cargo xtask readers first"));
    assert!(status.success(), "{command:?}: {status}");
}
