//! Several processes on one directory, and processes that may not open many files.
//!
//! The others are this binary once more, where [`child`] does what it reads from its input.
#![cfg(unix)]

mod child;
mod descriptors;
mod kill;

use child::Child;
use pq_store::blocking::BlockingStore;
use pq_store::{LocalStore, PutMode, ReadRange, StorePath};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const PROCESSES: usize = 8;

/// What child processes run; nothing in others.
#[test]
fn child() {
    child::serve();
}

fn path(text: &str) -> StorePath {
    StorePath::new(text).unwrap()
}

fn store() -> (TempDir, BlockingStore) {
    let directory = tempfile::tempdir().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    (directory, BlockingStore::new(store))
}

/// Every name below a directory, hidden ones too, directories not.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

#[test]
fn one_process_creates() {
    let (directory, store) = store();
    let mut children = [(); PROCESSES].map(|()| Child::start(directory.path()));
    for round in 0..30 {
        let call = ["put", "put_unsynced", "upload"][round % 3];
        let name = format!("{round}/d/x");
        for (writer, child) in children.iter_mut().enumerate() {
            child.ask(&format!("create {call} {name} {writer}"));
        }
        let answers: Vec<_> = children.iter_mut().map(Child::answer).collect();
        let winners: Vec<_> = (0..).zip(&answers).filter(|(_, a)| *a == "done").collect();
        let losers = answers.iter().filter(|answer| *answer == "AlreadyExists");
        assert_eq!(losers.count(), PROCESSES - 1, "{call}: {answers:?}");
        let [(winner, _)] = winners[..] else {
            panic!("{call}: {answers:?}");
        };
        let content = store.read(&path(&name), ReadRange::All).unwrap();
        assert_eq!(content.bytes, [winner; child::LENGTH], "{call}");
    }
    for child in children {
        child.end();
    }
    assert_eq!(files(directory.path()).len(), 30, "nothing else stays");
}

#[test]
fn no_increment_is_lost() {
    const INCREMENTS: usize = 10;
    let (directory, store) = store();
    let count = path("count");
    store.put(&count, b"0", PutMode::IfAbsent).unwrap();
    let mut children = [(); PROCESSES].map(|()| Child::start(directory.path()));
    for child in &mut children {
        child.ask(&format!("increment count {INCREMENTS}"));
    }
    for child in &mut children {
        assert_eq!(child.answer(), "done");
    }
    for child in children {
        child.end();
    }
    let content = store.read(&count, ReadRange::All).unwrap();
    let expected = (PROCESSES * INCREMENTS).to_string();
    assert_eq!(content.bytes, expected.as_bytes());
    assert_eq!(files(directory.path()), [directory.path().join("count")]);
}
