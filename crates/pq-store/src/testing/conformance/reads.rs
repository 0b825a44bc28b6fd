//! Parts of objects.

use super::{Room, good, pattern, refused};
use crate::{PutMode, ReadRange, Store};

/// Ranges and suffixes: what lies in the object is read, a longer suffix is all of it, a range
/// that does not lie in it is refused.
///
/// # Panics
///
/// With what the store did instead.
pub async fn ranges(store: &dyn Store) {
    let room = Room::new(store, "ranges").await;
    let bytes = pattern(100_000);
    let version = room.put("x", &bytes, PutMode::Always).await;
    room.put("empty", b"", PutMode::Always).await;
    let size = bytes.len() as u64;
    for range in [
        ReadRange::All,
        ReadRange::Bytes(0..size),
        ReadRange::Bytes(0..1),
        ReadRange::Bytes(5..70_000),
        ReadRange::Bytes(size - 1..size),
        ReadRange::Bytes(size..size),
        ReadRange::Bytes(0..0),
        ReadRange::Suffix(8),
        ReadRange::Suffix(0),
        ReadRange::Suffix(size),
        ReadRange::Suffix(size + 1),
        ReadRange::Suffix(u64::MAX),
    ] {
        let what = format!("read of {range:?}");
        let content = good(room.try_read("x", range.clone()).await, &what);
        let Some(expected) = range.within(size) else {
            continue;
        };
        let expected = &bytes[expected.start as usize..expected.end as usize];
        assert!(content.bytes == expected, "{what}: other bytes");
        assert_eq!(content.size, size, "{what}: size of the whole object");
        assert_eq!(content.version, version, "{what}: version");
    }
    let (start, end) = (7, 6);
    for range in [
        0..size + 1,
        size..size + 1,
        size + 5..size + 6,
        0..u64::MAX,
        u64::MAX..u64::MAX,
        start..end,
    ] {
        let what = format!("read of {range:?} of {size} bytes");
        let read = room.try_read("x", ReadRange::Bytes(range)).await;
        refused!(read, OutOfRange, &what);
    }
    for range in [
        ReadRange::All,
        ReadRange::Bytes(0..0),
        ReadRange::Suffix(0),
        ReadRange::Suffix(8),
    ] {
        let what = format!("read of {range:?} of an empty object");
        let content = good(room.try_read("empty", range).await, &what);
        assert_eq!((&content.bytes[..], content.size), (&b""[..], 0), "{what}");
    }
    let beyond = room.try_read("empty", ReadRange::Bytes(0..1)).await;
    refused!(beyond, OutOfRange, "read beyond an empty object");
    let absent = room.try_read("absent", ReadRange::Suffix(8)).await;
    refused!(absent, NotFound, "suffix of an absent object");
    room.empty().await;
}
