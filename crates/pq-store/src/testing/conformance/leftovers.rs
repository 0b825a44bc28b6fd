//! What writers leave that die.

use super::{Room, good};
use crate::{PutMode, Store};
use std::mem;
use std::time::Duration;

/// What a writer leaves that dies is not listed, is in nobody's way, and can be found and removed.
///
/// # Panics
///
/// With what the store did instead.
pub async fn leftovers(store: &dyn Store) {
    let room = Room::new(store, "leftovers").await;
    room.put("kept", b"kept", PutMode::Always).await;
    assert_eq!(room.leftovers().await, [], "an object is a leftover");
    for name in ["d/x", "kept"] {
        let opened = store.open_write(&room.path(name), PutMode::Always).await;
        let mut upload = good(opened, "open_write");
        good(upload.write(b"of a writer that dies").await, "write");
        mem::forget(upload);
    }
    let kept = ("kept".to_owned(), 4);
    assert_eq!(room.list().await, [kept], "list shows leftovers");

    let found = room.leftovers().await;
    let is_sorted = found.is_sorted_by(|left, right| left.entry.path < right.entry.path);
    assert!(is_sorted, "leftovers are not sorted: {found:?}");
    let directory = room.path("d");
    let below = good(store.leftovers(&directory).await, "leftovers");
    let entries = found.iter().map(|left| &left.entry);
    let expected = entries.filter(|entry| entry.path.strip_prefix(&directory).is_some());
    let is_same = below.iter().map(|left| &left.entry).eq(expected);
    assert!(is_same, "leftovers of d: {below:?}, of all: {found:?}");
    for leftover in &found {
        let is_old = leftover
            .age
            .is_some_and(|age| age > Duration::from_secs(3600));
        assert!(!is_old, "left just now: {leftover:?}");
    }

    room.put("d/x", b"in nobody's way", PutMode::IfAbsent).await;
    room.put("kept", b"replaced", PutMode::Always).await;
    for leftover in found {
        let deleted = store.delete(&leftover.entry.path).await;
        good(deleted, "delete of a leftover");
    }
    assert_eq!(room.leftovers().await, [], "leftovers that were deleted");
    room.expect("d/x", b"in nobody's way").await;
    room.expect("kept", b"replaced").await;
    room.empty().await;
}
