//! What errors say.

use super::{Room, good, refused};
use crate::{PutMode, ReadRange, Store, StoreError, StorePath};

/// Errors name the object as [`Store::describe`] shows it; the root is no object.
///
/// # Panics
///
/// With what the store did instead.
pub async fn messages(store: &dyn Store) {
    let room = Room::new(store, "messages").await;
    let version = room.put("x", b"1", PutMode::Always).await;
    room.put("x", b"2", PutMode::Always).await;

    let absent = room.try_read("absent", ReadRange::All).await;
    let beyond = room.try_read("x", ReadRange::Bytes(0..2)).await;
    let taken = room.try_put("x", b"late", PutMode::IfAbsent).await;
    let late = room
        .try_put("x", b"late", PutMode::IfVersion(version))
        .await;
    for (name, error) in [
        ("absent", absent.err()),
        ("x", beyond.err()),
        ("x", taken.err()),
        ("x", late.err()),
    ] {
        let expected = store.describe(&room.path(name));
        match error {
            Some(
                StoreError::NotFound { path }
                | StoreError::AlreadyExists { path }
                | StoreError::Conflict { path }
                | StoreError::OutOfRange { path, .. },
            ) => assert_eq!(path, expected, "the path of an error"),
            other => panic!("an error of {expected}: got {other:?}"),
        }
    }

    let root = StorePath::root();
    let read = store.read(&root, ReadRange::All).await;
    refused!(read, NotFound, "read of the root");
    let put = store.put(&root, b"x", PutMode::Always).await;
    refused!(put, InvalidPath, "put of the root");
    let put = store.put_unsynced(&root, b"x", PutMode::IfAbsent).await;
    refused!(put, InvalidPath, "put_unsynced of the root");
    let opened = store.open_write(&root, PutMode::Always).await;
    refused!(opened, InvalidPath, "open_write of the root");
    good(store.delete(&root).await, "delete of the root");
    room.expect("x", b"2").await;
    room.empty().await;
}
