//! `pq verify`: what `pq write` wrote is clean, and what is broken is named.

mod common;

use common::{Room, csv};
use serde_json::Value;
use std::fs;

#[test]
fn files_and_data_sets_of_ours_are_clean() {
    let room = Room::new();
    room.file("rows.csv", csv(1_000));
    for codec in ["none", "snappy", "gzip", "zstd", "lz4_raw", "brotli"] {
        let name = format!("{codec}.parquet");
        room.succeeds(&["write", "rows.csv", &name, "--compression", codec]);
        let said = room.succeeds(&["verify", &name]);
        let expected = format!("{name}: sound; 1 files, 1 row groups");
        assert!(said.starts_with(&expected), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    room.succeeds(&["write", "rows.csv", "set", "--partition-on", "group"]);
    room.succeeds(&[
        "write",
        "rows.csv",
        "set",
        "--partition-on",
        "group",
        "--append",
    ]);
    let said = room.succeeds(&["verify", "set", "snappy.parquet"]);
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn a_changed_byte_is_found_and_named() {
    let room = Room::new();
    room.file("rows.csv", csv(100));
    room.succeeds(&["write", "rows.csv", "a.parquet", "--compression", "none"]);
    let mut bytes = fs::read(room.path("a.parquet")).unwrap();
    let text = bytes
        .windows(7)
        .position(|bytes| bytes == b"name 42")
        .unwrap();
    bytes[text] = b'a';
    room.file("b.parquet", bytes);
    let output = room.pq(&["verify", "a.parquet", "b.parquet"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("b.parquet, row group 0, column name"),
        "{said}"
    );
    assert!(said.contains("a.parquet: sound"), "{said}");
    assert!(said.contains("b.parquet: not sound"), "{said}");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.starts_with("pq: error: b.parquet: rules are broken in"),
        "{error}"
    );

    let output = room.pq(&["verify", "b.parquet", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document[0]["sound"], false);
    let finding = &document[0]["findings"][0];
    assert_eq!(finding["severity"], "broken");
    assert_eq!(finding["column"], "name");
    assert_eq!(finding["row_group"], 0);
}

#[test]
fn a_data_set_is_compared_with_its_metadata() {
    let room = Room::new();
    room.file("rows.csv", csv(90));
    room.succeeds(&["write", "rows.csv", "set", "--partition-on", "group"]);
    room.succeeds(&["verify", "set"]);
    let mut parts: Vec<_> = room
        .snapshot()
        .into_keys()
        .filter(|path| path.extension().is_some_and(|it| it == "parquet"))
        .collect();
    parts.sort();
    let rules = || {
        let output = room.pq(&["verify", "set", "--json"]);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        document[0]["counts"].clone()
    };
    let extra = parts[0].with_file_name("extra.parquet");
    fs::copy(&parts[0], &extra).unwrap();
    assert_eq!(rules(), serde_json::json!({"part-unlisted": 1}));
    fs::remove_file(&extra).unwrap();
    fs::copy(&parts[0], &parts[1]).unwrap();
    assert_eq!(rules(), serde_json::json!({"part-row-groups": 1}));
    fs::remove_file(&parts[1]).unwrap();
    assert_eq!(rules(), serde_json::json!({"part-missing": 1}));
}

#[test]
fn what_is_not_there_or_no_parquet_is_named() {
    let room = Room::new();
    room.file("text.parquet", "this is no Parquet file");
    fs::create_dir(room.path("empty")).unwrap();
    for (name, rule) in [
        ("nothing.parquet", "unreadable"),
        ("text.parquet", "file-magic"),
        ("empty", "no-data"),
    ] {
        let output = room.pq(&["verify", name]);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains(rule), "{said}");
    }
}
