//! Both ends of a child process: lines go in, and one line comes out for each.

use super::{descriptors, kill, path};
use pq_store::blocking::BlockingStore;
use pq_store::{LocalStore, PutMode, ReadRange, StoreError, StorePath};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{self, ChildStdin, ChildStdout, Command, Stdio};
use std::{env, io};

const DIRECTORY: &str = "PQ_STORE_TEST_CHILD";
/// What answers begin with, among the lines of the test harness.
const MARK: &str = "answer: ";
/// Bytes of an object that is created.
pub const LENGTH: usize = 10_000;

/// A child process. Dropping kills it.
pub struct Child {
    process: process::Child,
    /// Until no more questions come.
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Child {
    /// A child with a store of the directory.
    pub fn start(directory: &Path) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(DIRECTORY, directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        Self {
            process,
            input,
            output,
        }
    }

    pub fn ask(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        writeln!(input, "{line}").unwrap();
    }

    /// Waits for the answer to the first question that has none yet.
    pub fn answer(&mut self) -> String {
        for line in &mut self.output {
            // The harness does not end its line before it runs a test.
            if let Some((_, answer)) = line.unwrap().split_once(MARK) {
                return answer.to_owned();
            }
        }
        panic!("the child died: {:?}", self.process.wait());
    }

    /// Waits until it is gone, which must go well.
    pub fn end(mut self) {
        self.input = None;
        assert!(self.process.wait().unwrap().success());
    }

    /// As `kill -9`, of a child that is at work: it must not have answered.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        for line in &mut self.output {
            let line = line.unwrap();
            assert!(!line.contains(MARK), "{line}");
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Does what comes in, if this is a child.
pub fn serve() {
    let Some(directory) = env::var_os(DIRECTORY) else {
        return;
    };
    let store = BlockingStore::new(LocalStore::open(directory).unwrap());
    for line in io::stdin().lines() {
        let line = line.unwrap();
        let words: Vec<_> = line.split(' ').collect();
        let answer = match words[..] {
            ["create", call, name, byte] => create(&store, call, name, byte.parse().unwrap()),
            ["increment", name, times] => {
                (0..times.parse().unwrap()).for_each(|_| increment(&store, &path(name)));
                "done".to_owned()
            }
            ["ready"] => "done".to_owned(),
            ["churn", seed] => kill::churn(&store, seed.parse().unwrap()),
            ["exhaust"] => descriptors::exhaust(&store),
            _ => panic!("{line}"),
        };
        let mut output = io::stdout().lock();
        writeln!(output, "{MARK}{answer}").unwrap();
        output.flush().unwrap();
    }
}

fn create(store: &BlockingStore, call: &str, name: &str, byte: u8) -> String {
    let (path, bytes, mode) = (path(name), [byte; LENGTH], PutMode::IfAbsent);
    let created = match call {
        "put" => store.put(&path, &bytes, mode),
        "put_unsynced" => store.put_unsynced(&path, &bytes, mode),
        _ => store.open_write(&path, mode).and_then(|mut upload| {
            upload.write_all(&bytes).unwrap();
            upload.finish()
        }),
    };
    match created {
        Ok(_) => "done".to_owned(),
        Err(StoreError::AlreadyExists { .. }) => "AlreadyExists".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn increment(store: &BlockingStore, path: &StorePath) {
    loop {
        let current = store.read(path, ReadRange::All).unwrap();
        let count: u32 = String::from_utf8(current.bytes).unwrap().parse().unwrap();
        let next = (count + 1).to_string();
        let mode = PutMode::IfVersion(current.version);
        match store.put(path, next.as_bytes(), mode) {
            Ok(_) => return,
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
}
