//! A process that may not open many files.

use super::{Child, files, path, store};
use pq_store::blocking::BlockingStore;
use pq_store::{PutMode, ReadRange, StoreError, StorePath};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::error::Error;
use std::io::Write;

const LIMIT: u64 = 48;
/// Objects that are put one after the other, and then made durable.
const MANY: usize = 300;

#[test]
fn too_many_open_files_is_an_error_and_leaves_nothing() {
    let (directory, store) = store();
    let mut child = Child::start(directory.path());
    child.ask("exhaust");
    assert_eq!(child.answer(), "done");
    child.end();
    let mut names: Vec<_> = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = ["many", "new", "old", "unknown"];
    assert_eq!(names, expected, "directories of uploads that failed");
    assert_eq!(files(&directory.path().join("many")).len(), MANY);
    assert_eq!(files(directory.path()).len(), MANY + 3);
    assert_eq!(store.leftovers(&StorePath::root()).unwrap(), []);
}

/// What the child does.
pub fn exhaust(store: &BlockingStore) -> String {
    let [old, new, unknown] = ["old", "new", "unknown"].map(path);
    store.put(&old, b"old", PutMode::IfAbsent).unwrap();
    let hard = getrlimit(Resource::Nofile).maximum;
    let limit = Rlimit {
        current: Some(LIMIT),
        maximum: hard,
    };
    setrlimit(Resource::Nofile, limit).unwrap();

    let mut first = store.open_write(&new, PutMode::IfAbsent).unwrap();
    let mut second = store.open_write(&unknown, PutMode::IfAbsent).unwrap();
    let mut uploads = Vec::new();
    let error = loop {
        let name = format!("uploads/{}/x", uploads.len());
        match store.open_write(&path(&name), PutMode::IfAbsent) {
            Ok(upload) => uploads.push(upload),
            Err(error) => break error,
        }
        assert!(uploads.len() < LIMIT as usize, "the limit is not kept");
    };
    assert!(uploads.len() > LIMIT as usize / 2, "{}", uploads.len());
    is_exhausted(&error);
    // What is open can be written to.
    first.write_all(b"new").unwrap();
    second.write_all(b"unknown").unwrap();
    for upload in &mut uploads {
        upload.write_all(b"lost").unwrap();
    }
    // Every other call says why it cannot be done, and changes nothing.
    is_exhausted(&store.put(&path("n/x"), b"", PutMode::IfAbsent).unwrap_err());
    is_exhausted(&store.put(&old, b"", PutMode::Always).unwrap_err());
    is_exhausted(
        &store
            .put_unsynced(&path("n/x"), b"", PutMode::Always)
            .unwrap_err(),
    );
    is_exhausted(&store.read(&old, ReadRange::All).unwrap_err());
    is_exhausted(&store.list(&StorePath::root()).unwrap_err());
    is_exhausted(&store.delete(&old).unwrap_err());
    // This has its name, and its directory cannot be opened to make that durable.
    let error = second.finish().unwrap_err();
    assert!(matches!(error, StoreError::CommitUnknown { .. }), "{error}");

    // The last one first: directories go with who made them, if they are empty then.
    while uploads.pop().is_some() {}
    first.finish().unwrap();
    let content = |path| store.read(path, ReadRange::All).unwrap().bytes;
    assert_eq!(content(&new), b"new");
    assert_eq!(content(&old), b"old");
    assert_eq!(content(&unknown), b"unknown");
    for number in 0..MANY {
        let target = path(&format!("many/{}/{number}", number % 100));
        store
            .put_unsynced(&target, b"x", PutMode::IfAbsent)
            .unwrap();
    }
    store.sync().unwrap();
    "done".to_owned()
}

/// The error is that of the system, and no other.
fn is_exhausted(error: &StoreError) {
    let source = error.source().and_then(|source| source.downcast_ref());
    let source: &std::io::Error = source.unwrap_or_else(|| panic!("{error:?}"));
    let expected = rustix::io::Errno::MFILE.raw_os_error();
    assert_eq!(source.raw_os_error(), Some(expected), "{error:?}");
}
