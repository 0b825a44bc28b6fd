//! Whole objects, in every mode.

use super::{Room, good, pattern, refused};
use crate::{PutMode, ReadRange, Store};

/// Objects are read as they were put: empty, small, 5 MiB; what is not there is not found.
///
/// # Panics
///
/// With what the store did instead.
pub async fn create(store: &dyn Store) {
    let room = Room::new(store, "create").await;
    let what = "read of an absent object";
    refused!(
        room.try_read("absent", ReadRange::All).await,
        NotFound,
        what
    );
    refused!(room.try_read("a/b/c", ReadRange::All).await, NotFound, what);
    for (name, bytes) in [
        ("empty", Vec::new()),
        ("small", b"small".to_vec()),
        ("a/b/c/deep", b"deep".to_vec()),
        ("big", pattern(5 << 20)),
    ] {
        let version = room.put(name, &bytes, PutMode::Always).await;
        room.expect(name, &bytes).await;
        let read = room.read(name).await.version;
        assert_eq!(read, version, "{name}: put and read differ in the version");
    }
    let what = "read of a directory";
    refused!(room.try_read("a/b", ReadRange::All).await, NotFound, what);
    room.empty().await;
}

/// `Always` replaces, by something longer or shorter, and each state has a version of its own.
///
/// # Panics
///
/// With what the store did instead.
pub async fn overwrite(store: &dyn Store) {
    let room = Room::new(store, "overwrite").await;
    let mut versions = Vec::new();
    for bytes in [&b"first"[..], b"the second", b"3", b"", b"first"] {
        versions.push(room.put("x", bytes, PutMode::Always).await);
        room.expect("x", bytes).await;
    }
    let pairs = versions.windows(2);
    for pair in pairs {
        assert_ne!(pair[0], pair[1], "overwrite: the version is the same");
    }
    room.empty().await;
}

/// `IfAbsent` creates, and never replaces.
///
/// # Panics
///
/// With what the store did instead.
pub async fn if_absent(store: &dyn Store) {
    let room = Room::new(store, "if-absent").await;
    room.put("x", b"first", PutMode::IfAbsent).await;
    let second = room.try_put("x", b"second", PutMode::IfAbsent).await;
    refused!(second, AlreadyExists, "put if absent of what is there");
    room.expect("x", b"first").await;
    good(store.delete(&room.path("x")).await, "delete");
    room.put("x", b"third", PutMode::IfAbsent).await;
    room.expect("x", b"third").await;
    room.empty().await;
}

/// `IfVersion` replaces what was read or written, and nothing else.
///
/// # Panics
///
/// With what the store did instead.
pub async fn if_version(store: &dyn Store) {
    let room = Room::new(store, "if-version").await;
    let first = room.put("x", b"first", PutMode::Always).await;
    let second = PutMode::IfVersion(first.clone());
    let second = room.put("x", b"second", second).await;
    room.expect("x", b"second").await;

    let late = room.try_put("x", b"late", PutMode::IfVersion(first)).await;
    refused!(late, Conflict, "put if version of a replaced version");
    room.expect("x", b"second").await;

    let read = room.read("x").await.version;
    room.put("x", b"third!", PutMode::IfVersion(read)).await;
    let late = PutMode::IfVersion(second);
    refused!(
        room.try_put("x", b"late", late).await,
        Conflict,
        "put if version of a replaced version"
    );
    room.expect("x", b"third!").await;

    let gone = PutMode::IfVersion(room.read("x").await.version);
    good(store.delete(&room.path("x")).await, "delete");
    refused!(
        room.try_put("x", b"late", gone.clone()).await,
        Conflict,
        "put if version of a deleted object"
    );
    room.put("x", b"third!", PutMode::Always).await;
    refused!(
        room.try_put("never", b"late", gone).await,
        Conflict,
        "put if version of another object"
    );
    room.empty().await;
}

/// Pieces become one object, in every mode.
///
/// # Panics
///
/// With what the store did instead.
pub async fn pieces(store: &dyn Store) {
    let room = Room::new(store, "pieces").await;
    let path = room.path("d/x");
    let big = pattern(5 << 20);
    let first: &[&[u8]] = &[b"a", b"", &big, b"bc"];
    let version = store.put_pieces(&path, first, PutMode::IfAbsent).await;
    let version = good(version, "put_pieces if absent");
    room.expect("d/x", &first.concat()).await;
    let read = room.read("d/x").await.version;
    assert_eq!(read, version, "put_pieces and read differ in the version");
    let late = store.put_pieces(&path, &[b"late"], PutMode::IfAbsent).await;
    refused!(late, AlreadyExists, "put_pieces if absent of what is there");

    let mode = PutMode::IfVersion(version);
    let second = store.put_pieces(&path, &[b"second", b"!"], mode.clone());
    good(second.await, "put_pieces if version");
    let late = store.put_pieces(&path, &[b"late"], mode).await;
    refused!(late, Conflict, "put_pieces of a replaced version");
    room.expect("d/x", b"second!").await;

    let none = store.put_pieces(&path, &[], PutMode::Always).await;
    good(none, "put_pieces always, of nothing");
    room.expect("d/x", b"").await;
    room.empty().await;
}
