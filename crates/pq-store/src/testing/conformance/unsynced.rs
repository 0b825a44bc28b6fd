//! Objects that are put in no hurry.

use super::{Room, good, refused};
use crate::{PutMode, ReadRange, Store, StoreError, Version};

/// Enough that a store may take another way to sync them.
const MANY: usize = 70;

/// What is put unsynced is seen at once, in every mode, and is as it was after a sync. Durable
/// puts, deletes and unsynced ones may come in any order.
///
/// # Panics
///
/// With what the store did instead.
pub async fn unsynced(store: &dyn Store) {
    let room = Room::new(store, "unsynced").await;
    good(store.sync().await, "sync of nothing");

    let first = put(&room, "d/x", b"first", PutMode::IfAbsent).await;
    let first = good(first, "put_unsynced if absent");
    room.expect("d/x", b"first").await;
    let read = room.read("d/x").await.version;
    assert_eq!(read, first, "put_unsynced and read differ in the version");
    let late = put(&room, "d/x", b"late", PutMode::IfAbsent).await;
    refused!(
        late,
        AlreadyExists,
        "put_unsynced if absent of what is there"
    );

    let mode = PutMode::IfVersion(first.clone());
    let second = put(&room, "d/x", b"second", mode).await;
    let second = good(second, "put_unsynced if version");
    let mode = PutMode::IfVersion(first);
    let late = put(&room, "d/x", b"late", mode.clone()).await;
    refused!(late, Conflict, "put_unsynced of a replaced version");
    let late = put(&room, "absent", b"late", mode).await;
    refused!(
        late,
        Conflict,
        "put_unsynced of a version of another object"
    );
    room.expect("d/x", b"second").await;

    let third = room.put("d/x", b"third", PutMode::IfVersion(second)).await;
    let fourth = put(&room, "d/x", b"fourth", PutMode::IfVersion(third)).await;
    good(fourth, "put_unsynced of what was put");
    for (name, bytes) in [("gone", &b"gone"[..]), ("back", b"gone"), ("empty", b"")] {
        let put = put(&room, name, bytes, PutMode::Always).await;
        good(put, "put_unsynced always");
    }
    for name in ["gone", "back"] {
        good(store.delete(&room.path(name)).await, "delete");
    }
    let back = put(&room, "back", b"back", PutMode::IfAbsent).await;
    good(back, "put_unsynced of what was deleted");
    for _ in 0..2 {
        good(store.sync().await, "sync");
        room.expect("d/x", b"fourth").await;
        room.expect("back", b"back").await;
        room.expect("empty", b"").await;
        let gone = room.try_read("gone", ReadRange::All).await;
        refused!(gone, NotFound, "read of what was deleted before a sync");
    }

    for number in 0..MANY {
        let name = format!("many/{}/{number}", number % 3);
        let put = put(&room, &name, name.as_bytes(), PutMode::IfAbsent).await;
        good(put, "put_unsynced of many");
    }
    good(store.sync().await, "sync of many");
    for number in 0..MANY {
        let name = format!("many/{}/{number}", number % 3);
        room.expect(&name, name.as_bytes()).await;
    }
    room.empty().await;
}

async fn put(
    room: &Room<'_>,
    relative: &str,
    bytes: &[u8],
    mode: PutMode,
) -> Result<Version, StoreError> {
    let path = room.path(relative);
    room.store.put_unsynced(&path, bytes, mode).await
}
