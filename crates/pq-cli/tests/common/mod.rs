//! A directory to run `pq` in, and what there is to check afterwards.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const PQ: &str = env!("CARGO_BIN_EXE_pq");

/// Every file below a directory with its bytes, hidden ones included, and every directory.
pub type Snapshot = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// An empty directory, gone at the end of the test.
pub struct Room(TempDir);

impl Room {
    pub fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// `pq` with these arguments, in this directory.
    pub fn pq(&self, arguments: &[&str]) -> Output {
        self.command(PQ).args(arguments).output().unwrap()
    }

    pub fn pq_with_input(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = self
            .command(PQ)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that refuses its options closes the pipe without reading.
        let _ = stdin.write_all(input);
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    /// A program that is run in this directory.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    /// Runs `pq`, which must succeed; returns what it printed.
    #[track_caller]
    pub fn succeeds(&self, arguments: &[&str]) -> String {
        succeeded(&self.pq(arguments))
    }

    /// Runs `pq`, which must fail with one line on standard error that has all `parts`, and
    /// leave everything as it was.
    #[track_caller]
    pub fn fails(&self, arguments: &[&str], parts: &[&str]) {
        let before = self.snapshot();
        let output = self.pq(arguments);
        failed(&output, parts);
        assert!(
            self.snapshot() == before,
            "the files are not what they were"
        );
    }

    /// `pq inspect --json`, parsed.
    #[track_caller]
    pub fn inspect(&self, name: &str) -> Value {
        serde_json::from_str(&self.succeeds(&["inspect", name, "--json"])).unwrap()
    }

    /// The rows of a Parquet file, as another reader sees them.
    #[track_caller]
    pub fn rows(&self, name: &str) -> Vec<RecordBatch> {
        rows_of(&self.path(name))
    }

    pub fn snapshot(&self) -> Snapshot {
        let mut found = Snapshot::new();
        walk(self.0.path(), &mut found);
        found
    }
}

/// The rows of a Parquet file, as another reader sees them.
#[track_caller]
pub fn rows_of(path: &Path) -> Vec<RecordBatch> {
    let file = File::open(path).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let reader = reader.with_batch_size(1 << 20).build().unwrap();
    reader.collect::<Result<_, _>>().unwrap()
}

fn walk(directory: &Path, found: &mut Snapshot) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
            found.insert(path, None);
        } else {
            let content = fs::read(&path).unwrap();
            found.insert(path, Some(content));
        }
    }
}

#[track_caller]
pub fn succeeded(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {stderr}", output.status);
    assert_eq!(stderr, "", "nothing on standard error");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[track_caller]
pub fn failed(output: &Output, parts: &[&str]) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{}: {stderr}", output.status);
    assert_eq!(stderr.lines().count(), 1, "one line: {stderr}");
    assert!(stderr.starts_with("pq: error: "), "{stderr}");
    assert!(stderr.ends_with('\n'), "{stderr}");
    assert!(output.stdout.is_empty(), "nothing on standard output");
    for part in parts {
        assert!(stderr.contains(part), "{part:?} in {stderr:?}");
    }
}

/// Comma-separated values: `id`, `name` and `group`, with a header.
pub fn csv(rows: usize) -> String {
    let mut text = "id,name,group\n".to_owned();
    for row in 0..rows {
        text.push_str(&format!("{row},name {row},{}\n", ["a", "b", "c"][row % 3]));
    }
    text
}
