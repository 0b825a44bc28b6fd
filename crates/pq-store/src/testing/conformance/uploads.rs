//! Objects in pieces.

use super::{Room, good, pattern, refused};
use crate::{PutMode, Store, StoreError, Upload, Version};

async fn open(room: &Room<'_>, name: &str, mode: PutMode) -> Box<dyn Upload> {
    let opened = room.store.open_write(&room.path(name), mode).await;
    good(opened, &format!("open_write {name}"))
}

async fn write(upload: &mut Box<dyn Upload>, bytes: &[u8]) {
    good(upload.write(bytes).await, "write");
}

/// Pieces become one object, seen only when finished, in every mode.
///
/// # Panics
///
/// With what the store did instead.
pub async fn uploads(store: &dyn Store) {
    let room = Room::new(store, "uploads").await;
    let mut upload = open(&room, "d/x", PutMode::IfAbsent).await;
    let mut late = open(&room, "d/x", PutMode::IfAbsent).await;
    write(&mut upload, b"one ").await;
    write(&mut upload, b"").await;
    write(&mut upload, b"two").await;
    assert_eq!(room.list().await, [], "an unfinished upload is listed");
    let version = good(upload.finish().await, "finish");
    room.expect("d/x", b"one two").await;
    let read = room.read("d/x").await.version;
    assert_eq!(read, version, "finish and read differ in the version");

    write(&mut late, b"late").await;
    let late = late.finish().await;
    refused!(late, AlreadyExists, "finish if absent of what is there");

    let mode = PutMode::IfVersion(version);
    let mut upload = open(&room, "d/x", mode.clone()).await;
    let mut late = open(&room, "d/x", mode).await;
    write(&mut upload, b"three").await;
    room.expect("d/x", b"one two").await;
    good(upload.finish().await, "finish if version");
    room.expect("d/x", b"three").await;

    write(&mut late, b"late").await;
    let late = late.finish().await;
    refused!(late, Conflict, "finish if version of a replaced version");

    let mut upload = open(&room, "d/x", PutMode::Always).await;
    let bytes = pattern(5 << 20);
    for piece in bytes.chunks(1_000_003) {
        write(&mut upload, piece).await;
    }
    good(upload.finish().await, "finish");
    room.expect("d/x", &bytes).await;

    let upload = open(&room, "empty", PutMode::IfAbsent).await;
    good(upload.finish().await, "finish of nothing");
    room.expect("empty", b"").await;
    room.empty().await;
}

/// An upload whose condition does not hold is refused when it is opened or when it is finished,
/// changes nothing and leaves nothing.
///
/// # Panics
///
/// With what the store did instead.
pub async fn late_uploads(store: &dyn Store) {
    let room = Room::new(store, "late-uploads").await;
    let replaced = room.put("x", b"replaced", PutMode::Always).await;
    let version = room.put("x", b"there", PutMode::Always).await;
    let late = upload(&room, "x", PutMode::IfAbsent).await;
    refused!(late, AlreadyExists, "upload if absent of what is there");
    let mode = PutMode::IfVersion(replaced);
    let late = upload(&room, "x", mode).await;
    refused!(late, Conflict, "upload of a replaced version");
    let mode = PutMode::IfVersion(version);
    let late = upload(&room, "absent", mode.clone()).await;
    refused!(late, Conflict, "upload of a version of another object");
    room.expect("x", b"there").await;
    assert_eq!(room.list().await.len(), 1, "a refused upload is listed");
    assert_eq!(room.leftovers().await, [], "of refused uploads");
    good(store.delete(&room.path("x")).await, "delete");
    let late = upload(&room, "x", mode).await;
    refused!(late, Conflict, "upload of a version of a deleted object");
    good(upload(&room, "x", PutMode::IfAbsent).await, "upload");
    room.expect("x", b"late").await;
    room.empty().await;
}

async fn upload(room: &Room<'_>, name: &str, mode: PutMode) -> Result<Version, StoreError> {
    let mut upload = room.store.open_write(&room.path(name), mode).await?;
    upload.write(b"late").await?;
    upload.finish().await
}

/// An upload that is aborted or dropped, or a finish that is never awaited, leaves nothing, and
/// not a changed object.
///
/// # Panics
///
/// With what the store did instead.
pub async fn leaves_nothing(store: &dyn Store) {
    let room = Room::new(store, "leaves-nothing").await;
    let mut kept = Vec::new();
    for length in [100_000, 5] {
        for way in 0..4 {
            let mut upload = open(&room, "d/x", PutMode::Always).await;
            if way > 0 {
                write(&mut upload, &pattern(length)).await;
            }
            match way {
                1 => good(upload.abort().await, "abort"),
                2 => drop(upload.finish()),
                _ => drop(upload),
            }
            assert_eq!(room.list().await, kept, "an abandoned upload is listed");
            assert_eq!(room.leftovers().await, [], "an abandoned upload stays");
            if !kept.is_empty() {
                room.expect("d/x", b"kept").await;
            }
        }
        room.put("d/x", b"kept", PutMode::Always).await;
        kept = vec![("d/x".to_owned(), 4)];
    }
    room.empty().await;
}

/// Bytes of other objects, and of the old state of the same one, are copied; ranges that do not
/// lie in them are refused, and the upload goes on.
///
/// # Panics
///
/// With what the store did instead.
pub async fn copies(store: &dyn Store) {
    let room = Room::new(store, "copies").await;
    let bytes = pattern(300_000);
    room.put("source", &bytes, PutMode::Always).await;
    room.put("x", b"old footer", PutMode::Always).await;
    let size = bytes.len() as u64;
    let source = room.path("source");

    let mut upload = open(&room, "x", PutMode::Always).await;
    let copied = upload.copy_from(&room.path("x"), 0..4).await;
    good(copied, "copy_from of the old state");
    write(&mut upload, b"[").await;
    good(upload.copy_from(&source, 10..200_000).await, "copy_from");
    write(&mut upload, b"][").await;
    good(upload.copy_from(&source, 0..size).await, "copy_from of all");
    good(upload.copy_from(&source, size..size).await, "of nothing");
    let beyond = upload.copy_from(&source, 1..size + 1).await;
    refused!(beyond, OutOfRange, "copy_from beyond the end");
    let absent = upload.copy_from(&room.path("absent"), 0..0).await;
    refused!(absent, NotFound, "copy_from of an absent object");
    write(&mut upload, b"]").await;
    good(upload.finish().await, "finish");

    let mut expected = b"old [".to_vec();
    expected.extend_from_slice(&bytes[10..200_000]);
    expected.extend_from_slice(b"][");
    expected.extend_from_slice(&bytes);
    expected.extend_from_slice(b"]");
    room.expect("x", &expected).await;
    room.expect("source", &bytes).await;
    room.empty().await;
}
