//! What is listed, and what is not.

use super::faulty::Faulty;
use super::{path, small};
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{PutMode, Store};
use object_store::ObjectStoreExt;
use object_store::path::Path;
use pollster::block_on;
use std::time::Duration;

fn listed(store: &super::RemoteStore, prefix: &StorePath) -> Vec<String> {
    let entries = block_on(store.list(prefix)).unwrap();
    entries
        .into_iter()
        .map(|entry| entry.path.to_string())
        .collect()
}

#[test]
fn what_writers_left_is_hidden_and_can_be_asked_for() {
    let client = Faulty::new();
    let store = small(&client);
    for name in [
        "d/.x.0123456789abcdef.pq-tmp",
        "d/.pq-probe.0123456789abcdef.pq-tmp",
        ".y.0123456789abcdef.pq-tmp",
    ] {
        let name = Path::parse(name).unwrap();
        block_on(client.inner.put(&name, "left".into())).unwrap();
    }
    block_on(store.put(&path("d/x"), b"x", PutMode::Always)).unwrap();
    assert_eq!(listed(&store, &StorePath::root()), ["d/x"]);

    let left = block_on(store.leftovers(&path("d"))).unwrap();
    let names: Vec<_> = left.iter().map(|left| left.entry.path.as_str()).collect();
    assert_eq!(
        names,
        [
            "d/.pq-probe.0123456789abcdef.pq-tmp",
            "d/.x.0123456789abcdef.pq-tmp"
        ]
    );
    for left in left {
        assert_eq!(left.entry.size, 4);
        assert!(left.age.unwrap() < Duration::from_secs(3600));
        block_on(store.delete(&left.entry.path)).unwrap();
    }
    let left = block_on(store.leftovers(&StorePath::root())).unwrap();
    assert_eq!(left.len(), 1);
}

#[test]
fn marks_of_directories_are_no_objects() {
    let client = Faulty::new();
    let store = small(&client);
    block_on(store.put(&path("a/empty"), b"", PutMode::Always)).unwrap();
    block_on(store.put(&path("a/b/x"), b"x", PutMode::Always)).unwrap();
    for name in ["a", "a/b", "a/c"] {
        client.mark_directory(name);
    }
    assert_eq!(listed(&store, &StorePath::root()), ["a/b/x", "a/empty"]);
    assert_eq!(listed(&store, &path("a")), ["a/b/x", "a/empty"]);
    assert_eq!(listed(&store, &path("a/c")), [""; 0]);
}

#[test]
fn names_that_no_path_has_are_errors() {
    let client = Faulty::new();
    let name = Path::parse("d/back\\slash").unwrap();
    block_on(client.inner.put(&name, "x".into())).unwrap();
    let error = block_on(small(&client).list(&path("d"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "s3://bucket/d/back\\slash: invalid path: it has a backslash"
    );
}

#[test]
fn an_object_and_what_lies_below_its_name_are_listed_together() {
    let client = Faulty::new();
    let store = small(&client);
    for name in ["a", "a/b", "ab"] {
        block_on(store.put(&path(name), b"x", PutMode::Always)).unwrap();
    }
    assert_eq!(listed(&store, &path("a")), ["a", "a/b"]);
}

#[test]
fn the_root_is_no_object() {
    let store = small(&Faulty::new());
    let root = StorePath::root();
    let error = block_on(store.put(&root, b"x", PutMode::Always)).unwrap_err();
    assert!(matches!(error, StoreError::InvalidPath { .. }), "{error}");
    let error = block_on(store.open_write(&root, PutMode::Always)).unwrap_err();
    assert!(matches!(error, StoreError::InvalidPath { .. }), "{error}");
    let error = block_on(store.read(&root, crate::ReadRange::All)).unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    block_on(store.delete(&root)).unwrap();
}
