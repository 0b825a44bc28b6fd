//! Names that are easily mangled.

use super::{Room, good};
use crate::{PutMode, Store};

/// Objects of unusual names are apart, are listed under their names, and come with several modes.
///
/// # Panics
///
/// With what the store did instead.
pub async fn names(store: &dyn Store) {
    let room = Room::new(store, "names").await;
    let (long, wide) = ("x".repeat(255), "é".repeat(127));
    let names = [
        "año/日本 語.parquet",
        "e\u{301}", // é in two characters
        "\u{e9}",   // é in one
        "100%",
        "100%25",
        "%2F",
        "%2e%2e",
        "a b",
        "a%20b",
        "a+b",
        "year=2024/month=01/part.0.parquet",
        "key=a b/x",
        " leading and trailing ",
        "#1",
        "a?b&c+d",
        "a:b*\"<>|",
        "'quoted'",
        "...",
        "~",
        "-rf",
        "__HIVE_DEFAULT_PARTITION__",
        "_metadata",
        "🦀",
        &long,
        &wide,
    ];
    for name in names {
        let version = room.put(name, b"?", PutMode::IfAbsent).await;
        let mode = PutMode::IfVersion(version);
        room.put(name, name.as_bytes(), mode).await;
    }
    for name in names {
        room.expect(name, name.as_bytes()).await;
        let described = store.describe(&room.path(name));
        assert!(
            described.ends_with(room.path(name).as_str()),
            "describe: {described} does not show {name}"
        );
    }
    let mut expected: Vec<_> = names
        .iter()
        .map(|name| ((*name).to_owned(), name.len() as u64))
        .collect();
    expected.sort();
    assert_eq!(room.list().await, expected, "list of unusual names");
    let one = good(store.list(&room.path(&long)).await, "list of a long name");
    assert_eq!(one.len(), 1, "list of a long name");
    room.empty().await;
}
