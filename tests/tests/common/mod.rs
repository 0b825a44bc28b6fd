//! What the tests share: the binary, the readers, tables.
#![allow(dead_code, reason = "each test uses some of it")]
#![allow(
    clippy::print_stdout,
    reason = "what the readers found is worth seeing"
)]

pub mod table;

use arrow_array::RecordBatch;
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file or folder of the project, from its root.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn from_environment(variable: &str, default: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| project(default), PathBuf::from)
}

/// Runs the binary with these arguments; fails the test if it fails.
pub fn pq<A: AsRef<OsStr>>(arguments: &[A]) {
    let binary = from_environment("PQ_BIN", "target/debug/pq");
    let output = Command::new(&binary)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}; build pq-cli first", binary.display()));
    let arguments: Vec<_> = arguments.iter().map(AsRef::as_ref).collect();
    assert!(
        output.status.success(),
        "pq {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// `pq write` of a source to a path.
pub fn write(source: &Path, path: &Path, options: &[&str]) {
    let mut arguments: Vec<&OsStr> = vec!["write".as_ref(), source.as_ref(), path.as_ref()];
    arguments.extend(options.iter().map(|option| OsStr::new(*option)));
    pq(&arguments);
}

/// Runs the readers' script.
pub fn python(arguments: &[&OsStr]) {
    script("read.py", arguments);
}

/// Runs a script of the readers' folder.
pub fn script(name: &str, arguments: &[&OsStr]) {
    let python = from_environment("PQ_PYTHON", ".venv/bin/python");
    let output = Command::new(&python)
        .arg(project("tests/readers").join(name))
        .args(arguments)
        .output()
        .unwrap_or_else(|error| {
            panic!(
                "{}: {error}; run cargo xtask readers first",
                python.display()
            )
        });
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Files and data sets to be read by every reader and compared with their sources.
#[derive(Debug, Default)]
pub struct Readings(Vec<Value>);

impl Readings {
    pub fn add(&mut self, source: &Path, path: &Path, scheme: &str, partition_on: &[&str]) {
        self.add_with_codec(source, path, scheme, partition_on, "snappy");
    }

    pub fn add_with_codec(
        &mut self,
        source: &Path,
        path: &Path,
        scheme: &str,
        partition_on: &[&str],
        codec: &str,
    ) {
        self.0.push(json!({
            "source": source,
            "path": path,
            "scheme": scheme,
            "partition_on": partition_on,
            "codec": codec,
        }));
    }

    /// What only some readers can read, and why the others cannot is the caller's to say.
    pub fn add_for(
        &mut self,
        readers: &[&str],
        source: &Path,
        path: &Path,
        scheme: &str,
        partition_on: &[&str],
    ) {
        self.add(source, path, scheme, partition_on);
        if let Some(last) = self.0.last_mut() {
            last["readers"] = json!(readers);
        }
    }

    /// Fails the test where a rule of the format is not kept, or a reader finds another value.
    pub fn check(self, folder: &Path) {
        for job in &self.0 {
            let path = Path::new(job["path"].as_str().unwrap());
            let report = pq_verify::verify_path(path, &pq_verify::Options::default());
            let found: Vec<String> = report.findings().iter().map(ToString::to_string).collect();
            assert!(report.is_clean(), "{found:#?}");
        }
        let jobs = folder.join("jobs.json");
        std::fs::write(&jobs, Value::Array(self.0).to_string()).unwrap();
        python(&["jobs".as_ref(), jobs.as_ref()]);
    }
}

/// Writes batches as an Arrow IPC file.
pub fn write_arrow(path: &Path, batches: &[RecordBatch]) {
    let schema = batches[0].schema();
    let file = File::create(path).unwrap();
    let mut writer = arrow_ipc::writer::FileWriter::try_new(file, &schema).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.finish().unwrap();
}
