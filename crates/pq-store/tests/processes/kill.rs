//! Processes that are killed while they write.

use super::{Child, files, path, store};
use pq_store::blocking::BlockingStore;
use pq_store::{PutMode, ReadRange, StoreError, StorePath};
use std::io::Write;
use std::thread;
use std::time::Duration;

const NAMES: [&str; 3] = ["d/x", "d/y", "e/z"];

/// As many bytes as the byte says.
fn bytes(byte: u8) -> Vec<u8> {
    vec![byte; 20_000 + usize::from(byte)]
}

/// Writes by every call until it is killed.
pub fn churn(store: &BlockingStore, seed: usize) -> String {
    for turn in seed.. {
        let target = path(NAMES[turn % NAMES.len()]);
        let bytes = bytes((turn % 251) as u8);
        let result = match turn % 5 {
            0 => store.put(&target, &bytes, PutMode::Always).map(drop),
            1 => store
                .put_unsynced(&target, &bytes, PutMode::Always)
                .map(drop),
            2 => store.delete(&target),
            3 => replace(store, &target, &bytes),
            _ => upload(store, &target, &bytes),
        };
        match result {
            Ok(()) | Err(StoreError::Conflict { .. } | StoreError::NotFound { .. }) => {}
            Err(error) => return error.to_string(),
        }
    }
    String::new()
}

fn replace(store: &BlockingStore, target: &StorePath, bytes: &[u8]) -> Result<(), StoreError> {
    let current = store.read(target, ReadRange::Suffix(1))?;
    let mode = PutMode::IfVersion(current.version);
    store.put(target, bytes, mode).map(drop)
}

fn upload(store: &BlockingStore, target: &StorePath, bytes: &[u8]) -> Result<(), StoreError> {
    let mut upload = store.open_write(target, PutMode::Always)?;
    for piece in bytes.chunks(3000) {
        upload.write_all(piece).unwrap();
    }
    upload.finish().map(drop)
}

#[test]
fn who_is_killed_leaves_whole_objects_and_keeps_nobody_waiting() {
    let (directory, store) = store();
    for round in 0..30 {
        let mut children = [0, 1, 2].map(|_| Child::start(directory.path()));
        for (seed, child) in children.iter_mut().enumerate() {
            child.ask("ready");
            assert_eq!(child.answer(), "done");
            child.ask(&format!("churn {}", round * 10 + seed));
        }
        // Another moment each time.
        thread::sleep(Duration::from_micros(300) * round as u32);
        for child in children {
            child.kill();
        }
        for entry in store.list(&StorePath::root()).unwrap() {
            let content = store.read(&entry.path, ReadRange::All).unwrap();
            let byte = content.bytes.first().copied().unwrap_or_default();
            assert!(content.bytes == bytes(byte), "{} is not whole", entry.path);
        }
    }
    let left = store.leftovers(&StorePath::root()).unwrap();
    assert!(!left.is_empty(), "nobody was killed while writing");
    // The locks of the dead are nobody's.
    for name in NAMES {
        store.put(&path(name), b"alive", PutMode::Always).unwrap();
    }
    for leftover in left {
        store.delete(&leftover.entry.path).unwrap();
    }
    let expected = NAMES.map(|name| directory.path().join(name));
    assert_eq!(files(directory.path()), expected);
}
