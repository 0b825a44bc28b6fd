//! Running a scenario below `strace`.

use pq_store::LocalStore;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

const SCENARIO: &str = "PQ_STORE_TEST_SCENARIO";
const DIRECTORY: &str = "PQ_STORE_TEST_DIRECTORY";
/// Where a scenario says what it found.
const REPORT: &str = "PQ_STORE_TEST_REPORT";

/// What to run, if this is the process that is to run it.
pub fn asked() -> Option<(String, LocalStore)> {
    let name = env::var(SCENARIO).ok()?;
    let store = LocalStore::open(env::var_os(DIRECTORY)?).unwrap();
    Some((name, store))
}

/// One line for the test that started the scenario.
pub fn report(line: impl ToString) {
    let path = PathBuf::from(env::var_os(REPORT).unwrap());
    let before = fs::read_to_string(&path).unwrap_or_default();
    fs::write(path, format!("{before}{}\n", line.to_string())).unwrap();
}

/// What a scenario did.
#[derive(Debug)]
pub struct Trace {
    /// System calls that name the directory of the store, which is cut off, as `strace` prints
    /// them; those that make the store's own file system durable too.
    pub calls: Vec<String>,
    /// What the scenario reported.
    pub report: String,
    pub directory: TempDir,
}

impl Trace {
    /// The calls of these names, such as `fsync a/x`: the name and what the first path is.
    pub fn named(&self, names: &[&str]) -> Vec<String> {
        let calls = self.calls.iter().filter_map(|call| {
            let (name, arguments) = call.split_once('(')?;
            names.contains(&name).then(|| match first_path(arguments) {
                Some(path) => format!("{name} {path}"),
                None => name.to_owned(),
            })
        });
        calls.collect()
    }
}

/// In `"a/x", …` and `3<a/x>, …`.
fn first_path(arguments: &str) -> Option<&str> {
    let start = arguments.find(['"', '<'])? + 1;
    let length = arguments[start..].find(['"', '>'])?;
    Some(&arguments[start..start + length])
}

/// Runs a scenario and tells what it did. `None`, and a line that says so, where there is no
/// `strace`. `faults` are what `strace` is to inject, such as `fsync:error=EIO:when=1`.
pub fn run(scenario: &str, faults: &[&str]) -> Option<Trace> {
    run_in(tempfile::tempdir().unwrap(), scenario, faults)
}

/// As [`run`], in a directory that may hold something.
pub fn run_in(directory: TempDir, scenario: &str, faults: &[&str]) -> Option<Trace> {
    let outside = tempfile::tempdir().unwrap();
    let (log, reported) = (outside.path().join("log"), outside.path().join("report"));
    let real = directory.path().canonicalize().unwrap();
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-s", "4096", "-o"]).arg(&log);
    command.args(["-e", "trace=file,desc,fsync,syncfs"]);
    for fault in faults {
        command.arg("-e").arg(format!("inject={fault}"));
    }
    command.arg(env::current_exe().unwrap());
    command.args(["--exact", "scenario", "--nocapture", "--test-threads=1"]);
    command.env(SCENARIO, scenario);
    command.env(DIRECTORY, &real).env(REPORT, &reported);
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => return skip(&error.to_string()),
    };
    let text = fs::read_to_string(&log).unwrap_or_default();
    if text.is_empty() {
        return skip(&String::from_utf8_lossy(&output.stderr));
    }
    let prefix = format!("{}/", real.display());
    let calls = text.lines().filter_map(|line| {
        // The thread comes first.
        let call = line.split_once(char::is_whitespace)?.1.trim_start();
        let is_ours = call.contains(&*real.to_string_lossy());
        let call = call.replace(&prefix, "");
        is_ours.then(|| call.replace(&*real.to_string_lossy(), "."))
    });
    Some(Trace {
        calls: calls.collect(),
        report: fs::read_to_string(reported).unwrap_or_default(),
        directory,
    })
}

#[allow(clippy::print_stderr, reason = "a test that checks nothing says so")]
fn skip(why: &str) -> Option<Trace> {
    eprintln!("SKIPPED: strace does not run: {}", why.trim());
    None
}
