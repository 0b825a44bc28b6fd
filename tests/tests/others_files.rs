//! Files of others that are not in this repository are appended to and merged: no old byte changes,
//! and what cannot be done is refused with nothing changed. `PQ_PARQUET_TESTING` and
//! `PQ_FASTPARQUET_DATA` say where they are; CONTRIBUTING.md has where they come from.

use std::path::Path;
use std::process::Command;

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn parquet_testing() {
    check("PQ_PARQUET_TESTING");
}

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn fastparquet_test_data() {
    check("PQ_FASTPARQUET_DATA");
}

#[allow(clippy::print_stderr, reason = "what is not checked is not missed")]
fn check(variable: &str) {
    let Some(files) = std::env::var_os(variable) else {
        eprintln!("SKIPPED: {variable} does not say where the files are");
        return;
    };
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let or = |variable, default| {
        std::env::var_os(variable).map_or_else(|| project.join(default), Into::into)
    };
    let scratch = std::env::temp_dir().join(format!("pq_{variable}_{}", std::process::id()));
    let status = Command::new(or("PQ_PYTHON", "../.venv/bin/python"))
        .arg(project.join("readers/others_files.py"))
        .arg(or("PQ_BIN", "../target/debug/pq"))
        .args([files.as_ref(), scratch.as_os_str()])
        .status()
        .unwrap_or_else(|error| panic!("{error}; run cargo xtask readers first"));
    // It may never have been made.
    let _removed = std::fs::remove_dir_all(&scratch);
    assert!(status.success(), "{variable}: {status}");
}
