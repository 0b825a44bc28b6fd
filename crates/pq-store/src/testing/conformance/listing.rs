//! What is listed, and what is gone.

use super::{Room, good, refused};
use crate::{PutMode, ReadRange, Store};

/// Listings are recursive and sorted, with sizes, of objects only, of whole segments; an object
/// lists itself; nothing lists nothing.
///
/// # Panics
///
/// With what the store did instead.
pub async fn list(store: &dyn Store) {
    let room = Room::new(store, "list").await;
    let names = ["a-b", "a/1", "a/b/2", "a.c", "a0", "b", ".hidden", "a/.h/3"];
    for (size, name) in names.iter().enumerate() {
        let bytes = vec![0; size];
        room.put(name, &bytes, PutMode::Always).await;
    }
    let made = store.make_directories(&room.path("made/of/nothing")).await;
    good(made, "make_directories");
    let made = store.make_directories(&room.path("a/b")).await;
    let made = good(made, "make_directories of what is there");
    assert!(!made, "make_directories tells of what was there");

    let mut expected: Vec<_> = names
        .iter()
        .map(|name| (*name).to_owned())
        .zip(0..)
        .collect();
    expected.sort();
    assert_eq!(room.list().await, expected, "list");

    for (prefix, expected) in [
        ("a", &["a/.h/3", "a/1", "a/b/2"][..]),
        ("a/b", &["a/b/2"]),
        ("b", &["b"]),
        ("a/1", &["a/1"]),
        ("absent", &[]),
        ("absent/too", &[]),
        ("b/below-an-object", &[]),
        ("made", &[]),
    ] {
        let entries = good(store.list(&room.path(prefix)).await, prefix);
        let paths = entries.iter().map(|entry| entry.path.clone());
        let expected = expected.iter().map(|name| room.path(name));
        assert!(paths.eq(expected), "list of {prefix}: got {entries:?}");
    }
    for name in ["made/of/nothing", "made/of", "made"] {
        let removed = store.remove_directory(&room.path(name)).await;
        good(removed, "remove_directory");
    }
    room.empty().await;
}

/// What is deleted is gone; what is absent, or a directory, may be deleted all the same.
///
/// # Panics
///
/// With what the store did instead.
pub async fn delete(store: &dyn Store) {
    let room = Room::new(store, "delete").await;
    room.put("d/x", b"x", PutMode::Always).await;
    room.put("d/y", b"y", PutMode::Always).await;
    for name in ["absent", "absent/too", "d", "d/x", "d/x"] {
        let deleted = store.delete(&room.path(name)).await;
        good(deleted, &format!("delete {name}"));
    }
    let read = room.try_read("d/x", ReadRange::All).await;
    refused!(read, NotFound, "read of a deleted object");
    room.expect("d/y", b"y").await;
    for name in ["d", "absent"] {
        let removed = store.remove_directory(&room.path(name)).await;
        good(removed, "remove_directory");
    }
    room.expect("d/y", b"y").await;
    room.empty().await;
}
