//! Commands that change a data set that is there.

mod common;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use common::Room;
use std::fmt::Write;
use std::fs;

fn csv(rows: std::ops::Range<u32>) -> String {
    let mut text = "group,x\n".to_owned();
    for row in rows {
        writeln!(text, "{},{row}", ["a b", "c", "d"][row as usize % 3]).unwrap();
    }
    text
}

/// A data set of three partitions in a directory of its own.
fn room() -> Room {
    let room = Room::new();
    room.file("rows.csv", csv(0..9));
    room.file("more.csv", csv(9..10));
    room.succeeds(&["write", "rows.csv", "set", "--partition-on=group"]);
    room
}

fn rows(room: &Room, name: &str) -> u64 {
    room.inspect(name)["rows"].as_u64().unwrap()
}

#[test]
fn append_and_overwrite() {
    let room = room();
    let before = room.snapshot();
    let shown = room.succeeds(&["append", "more.csv", "set", "--dry-run"]);
    assert!(shown.contains("part.1.parquet"), "{shown}");
    let shown = room.succeeds(&["overwrite", "more.csv", "set", "--dry-run"]);
    assert!(shown.contains("overwrite partitions"), "{shown}");
    let shown = room.succeeds(&["write", "more.csv", "new", "--dry-run", "--scheme=flat"]);
    assert!(shown.contains("create"), "{shown}");
    assert!(room.snapshot() == before, "a dry run does nothing");
    room.succeeds(&["append", "more.csv", "set"]);
    assert_eq!(rows(&room, "set"), 10);
    room.succeeds(&["overwrite", "more.csv", "set"]);
    assert_eq!(rows(&room, "set"), 7);
    room.fails(&["overwrite", "more.csv", "none"], &["none", "not found"]);
    room.succeeds(&["write", "rows.csv", "one.parquet"]);
    let shown = room.succeeds(&["append", "more.csv", "one.parquet", "--dry-run"]);
    assert!(shown.contains("append to the file"), "{shown}");
    room.fails(&["overwrite", "more.csv", "one.parquet"], &["Not possible"]);
    let over = ["write", "rows.csv", "set", "--overwrite", "--scheme=simple"];
    for arguments in [&over[..], &[&over[..], &["--dry-run"]].concat()] {
        room.fails(arguments, &["a directory"]);
    }
}

#[test]
fn remove() {
    let room = room();
    let partition = ["remove", "set", "--partition", "group=a b"];
    let before = room.snapshot();
    let shown = room.succeeds(&[&partition[..], &["--dry-run"]].concat());
    assert!(
        shown.contains("delete group=a%20b/part.0.parquet"),
        "{shown}"
    );
    assert!(room.snapshot() == before, "a dry run does nothing");
    room.succeeds(&partition);
    assert_eq!(rows(&room, "set"), 6);
    room.fails(&partition, &["set", "partition"]);
    room.succeeds(&["remove", "set", "--row-groups=0", "--keep-replaced"]);
    assert_eq!(rows(&room, "set"), 3);
    room.succeeds(&["remove", "set", "--file", "group=d/part.0.parquet"]);
    assert_eq!(rows(&room, "set"), 0);
    assert!(room.path("set/group=c/part.0.parquet").exists(), "kept");
    room.fails(&["remove", "set", "--file", "../rows.csv"], &["rows.csv"]);
    room.fails(&["remove", "rows.csv", "--row-groups=0"], &["rows.csv"]);
}

#[test]
fn sort() {
    let room = room();
    room.succeeds(&["append", "more.csv", "set"]);
    let files = || {
        let inspected = room.inspect("set");
        let groups = inspected["row_groups"].as_array().unwrap().clone();
        let file =
            |group: &serde_json::Value| group["columns"][0]["file"].as_str().unwrap().to_owned();
        groups.iter().map(file).collect::<Vec<_>>()
    };
    room.succeeds(&["sort", "set", "--by=x", "--descending"]);
    let expected = ["a%20b/part.1", "d/part.0", "c/part.0", "a%20b/part.0"];
    assert_eq!(
        files(),
        expected.map(|name| format!("group={name}.parquet"))
    );
    let shown = room.succeeds(&["sort", "set", "--by-file"]);
    assert!(shown.contains("sort row groups"), "{shown}");
    assert!(files().is_sorted());
    let shown = room.succeeds(&["sort", "set", "--by-file"]);
    assert!(shown.contains("nothing to do"), "{shown}");
    room.fails(&["sort", "set", "--by=y"], &["\"y\""]);
}

#[test]
fn metadata() {
    let room = room();
    room.succeeds(&["write", "rows.csv", "one.parquet"]);
    for target in ["set", "one.parquet"] {
        room.succeeds(&["metadata", "set", target, "owner=ann=a", "x=", "--remove=y"]);
        let pairs = room.inspect(target)["key_values"].to_string();
        assert!(pairs.contains("ann=a"), "{pairs}");
        room.succeeds(&["metadata", "set", target, "--remove=owner", "--remove=x"]);
        let pairs = room.inspect(target)["key_values"].to_string();
        assert!(!pairs.contains("ann"), "{pairs}");
        assert_eq!(rows(&room, target), 9);
        room.fails(&["metadata", "set", target, "=v"], &["KEY=VALUE"]);
        let both = ["metadata", "set", target, "a=b", "--remove=a"];
        room.fails(&both, &["--remove"]);
        room.fails(&["metadata", "set", target, "pandas=v"], &["pandas"]);
    }
    assert_eq!(room.rows("one.parquet")[0].num_rows(), 9);
    room.fails(&["metadata", "set", "rows.csv", "a=b"], &["rows.csv"]);
}

#[test]
fn without_metadata() {
    let room = room();
    let write = [
        "write",
        "rows.csv",
        "bare",
        "--scheme=flat",
        "--metadata-file=never",
    ];
    room.succeeds(&write);
    assert!(!room.path("bare/_metadata").exists());
    room.fails(&["append", "more.csv", "bare"], &["without _metadata"]);
    room.succeeds(&["append", "more.csv", "bare", "--metadata-file=if-there"]);
    assert_eq!(room.rows("bare/part.1.parquet")[0].num_rows(), 1);
    room.fails(
        &["append", "more.csv", "set", "--metadata-file=never"],
        &["out of date"],
    );
}

#[test]
fn merge() {
    let room = room();
    for name in ["all/year=1/a.parquet", "all/year=2/b.parquet"] {
        fs::create_dir_all(room.path(name).parent().unwrap()).unwrap();
        room.succeeds(&["write", "rows.csv", name]);
    }
    let before = room.snapshot();
    let files = ["all/year=1/a.parquet", "all/year=2/b.parquet"];
    let shown = room.succeeds(&["merge", files[0], files[1], "--dry-run"]);
    assert!(shown.contains("merge 2 files"), "{shown}");
    assert!(room.snapshot() == before, "a dry run does nothing");
    room.succeeds(&["merge", files[0], files[1]]);
    assert_eq!(rows(&room, "all"), 18);
    assert_eq!(room.inspect("all")["partition_on"][0], "year");
    room.succeeds(&["merge", "all/year=1", "--root=all/year=1"]);
    assert_eq!(rows(&room, "all/year=1"), 9);

    room.file("other.csv", "group,y\na,1\n");
    room.succeeds(&["write", "other.csv", "all/year=2/c.parquet"]);
    room.fails(&["merge", "all"], &["\"x\"", "\"y\"", "c.parquet"]);
    room.fails(&["merge", "none"], &["none"]);
    room.fails(&["merge", "rows.csv"], &["rows.csv"]);
    room.fails(
        &["merge", "all", "s3://bucket/all"],
        &["s3://bucket/all", "all"],
    );
}

#[test]
fn merge_of_different_columns() {
    let room = Room::new();
    fs::create_dir(room.path("set")).unwrap();
    room.file("wide.csv", "id,price,name\n1,1.5,a\n2,,b\n");
    room.file("narrow.ndjson", "{\"id\":3}\n{\"id\":4}\n");
    let wide = [
        "write",
        "wide.csv",
        "set/1.parquet",
        "--custom-metadata=owner=ann",
    ];
    room.succeeds(&wide);
    room.succeeds(&[
        "write",
        "narrow.ndjson",
        "set/2.parquet",
        "--has-nulls=false",
    ]);
    room.succeeds(&[
        "write",
        "wide.csv",
        "set/3.parquet",
        "--has-nulls=price,name",
    ]);
    room.fails(&["merge", "set"], &["price", "name"]);
    let before = room.snapshot();
    let shown = room.succeeds(&["merge", "set", "--rewrite", "--dry-run"]);
    assert!(shown.contains("price: null"), "{shown}");
    assert!(shown.contains("id: required to optional"), "{shown}");
    assert!(room.snapshot() == before, "a dry run does nothing");
    room.succeeds(&["merge", "set", "--rewrite", "--compression=zstd"]);
    let after = room.snapshot();
    let first = room.path("set/1.parquet");
    assert_eq!(after[&first], before[&first], "it has all columns");
    let rows_of_two = room.rows("set/2.parquet");
    assert_eq!(
        rows_of_two[0]
            .column(0)
            .as_primitive::<Int64Type>()
            .values()
            .as_ref(),
        [3, 4]
    );
    assert_eq!(rows_of_two[0].column(1).null_count(), 2);
    assert_eq!(rows(&room, "set"), 6);
    room.succeeds(&["verify", "set"]);

    room.file("other.csv", "id\nx\n");
    room.succeeds(&["write", "other.csv", "set/4.parquet"]);
    room.fails(&["merge", "set", "--rewrite"], &["4.parquet", "id"]);
}

#[test]
fn appends_that_widen() {
    let room = Room::new();
    room.file("wide.csv", "id,price,group\n1,1.5,a\n2,,b\n");
    room.file("narrow.csv", "group,id\na,3\nc,4\n");
    room.succeeds(&["write", "wide.csv", "set", "--partition-on=group"]);
    room.succeeds(&["write", "wide.csv", "one.parquet"]);
    for target in ["set", "one.parquet"] {
        room.fails(&["append", "narrow.csv", target], &["price"]);
        room.succeeds(&["append", "narrow.csv", target, "--widen"]);
        assert_eq!(rows(&room, target), 4);
    }
    let added = &room.rows("set/group=a/part.1.parquet")[0];
    assert_eq!(
        added
            .column(0)
            .as_primitive::<Int64Type>()
            .values()
            .as_ref(),
        [3]
    );
    assert_eq!(added.column(1).null_count(), 1);
    // Wider than what is there, and columns that are not there, are refused as ever.
    room.file("other.csv", "id,price,group,more\n1.5,2.5,a,1\n");
    for target in ["set", "one.parquet"] {
        room.fails(&["append", "other.csv", target, "--widen"], &["more"]);
    }
    room.succeeds(&["overwrite", "narrow.csv", "set", "--widen"]);
    assert_eq!(rows(&room, "set"), 3);
}

#[test]
fn compact() {
    let room = room();
    for _ in 0..4 {
        room.succeeds(&["append", "more.csv", "set"]);
    }
    let names = || fs::read_dir(room.path("set/group=a%20b")).unwrap().count();
    let before = room.snapshot();
    let shown = room.succeeds(&["compact", "set", "--dry-run"]);
    assert!(shown.contains("compact 5 files to 1"), "{shown}");
    assert!(room.snapshot() == before, "a dry run does nothing");
    room.succeeds(&["compact", "set", "--keep-replaced"]);
    assert_eq!((names(), rows(&room, "set")), (6, 13));
    let shown = room.succeeds(&["recover", "set"]);
    assert!(
        shown.contains("part.0.parquet") && shown.contains("stays"),
        "{shown}"
    );
    assert_eq!(names(), 6);
    room.succeeds(&["recover", "set", "--grace=0s"]);
    assert_eq!((names(), rows(&room, "set")), (1, 13));
    room.fails(&["compact", "rows.csv"], &["rows.csv"]);
}

#[test]
fn rewrite() {
    let room = room();
    for _ in 0..4 {
        room.succeeds(&["append", "more.csv", "set"]);
    }
    let groups = || room.inspect("set")["row_groups"].as_array().unwrap().len();
    let before = room.snapshot();
    let compact = ["compact", "set", "--rewrite", "--compression=zstd"];
    let shown = room.succeeds(&[&compact[..], &["--dry-run"]].concat());
    assert!(
        shown.contains("5 files to group=a%20b/part.5.parquet"),
        "{shown}"
    );
    assert!(room.snapshot() == before, "a dry run does nothing");
    assert_eq!(groups(), 7);
    room.succeeds(&[&compact[..], &["--keep-replaced"]].concat());
    assert_eq!((groups(), rows(&room, "set")), (3, 13));
    let replaced = room.path("set/group=a%20b/part.0.parquet");
    assert!(replaced.exists(), "for readers that are at it");
    room.succeeds(&["recover", "set", "--grace=0s"]);
    assert!(!replaced.exists());
    let rows = room.rows("set/group=a%20b/part.5.parquet");
    let x = rows[0].column(0).as_primitive::<Int64Type>();
    assert_eq!(x.values().as_ref(), [0, 3, 6, 9, 9, 9, 9]);
    let shown = room.succeeds(&compact);
    assert!(shown.contains("nothing to do"), "{shown}");
    room.succeeds(&["verify", "set"]);

    // What cannot be read stays as it is, and so does the rest.
    room.succeeds(&["append", "more.csv", "set"]);
    let damaged = "set/group=a%20b/part.6.parquet";
    let bytes = fs::read(room.path(damaged)).unwrap();
    fs::write(room.path(damaged), &bytes[..bytes.len() / 2]).unwrap();
    room.fails(&compact, &["part.6.parquet"]);
    fs::remove_file(room.path(damaged)).unwrap();
    room.fails(&compact, &["part.6.parquet", "not found"]);
}

#[test]
fn recover() {
    let room = room();
    let sound = fs::read(room.path("set/_metadata")).unwrap();
    fs::write(room.path("set/_metadata"), b"PAR1").unwrap();
    fs::write(room.path("set/group=c/.part.9.parquet.0a.tmp"), b"x").unwrap();
    let before = room.snapshot();
    let shown = room.succeeds(&["recover", "set", "--dry-run"]);
    assert!(shown.contains("_metadata is damaged"), "{shown}");
    assert!(room.snapshot() == before, "a dry run does nothing");
    room.succeeds(&["recover", "set"]);
    assert_eq!(rows(&room, "set"), 9);
    let shown = room.succeeds(&["recover", "set", "--rebuild=always"]);
    assert!(shown.contains("a new _metadata of 3 files"), "{shown}");
    fs::write(room.path("set/_metadata"), sound).unwrap();
    let shown = room.succeeds(&["recover", "set"]);
    assert!(shown.contains("nothing to do"), "{shown}");
    room.fails(&["recover", "none/set"], &["none"]);
    let refused = room.pq(&["recover", "set", "--grace=long"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn nulls_and_odd_text_in_partitions() {
    let room = Room::new();
    room.file("rows.csv", "group,x\na,1\n,2\nb c,3\n");
    let write = ["write", "rows.csv", "set", "--partition-on=group"];
    let with = |option: &'static str| [&write[..], &[option]].concat();
    room.fails(&with("--partition-nulls=refuse"), &["group", "null"]);
    room.fails(&with("--no-partition-escaping"), &["group", "b%20c"]);
    let shown = room.succeeds(&with("--partition-nulls=drop"));
    assert!(shown.contains("dropped     1"), "{shown}");
    assert_eq!(rows(&room, "set"), 2);
    room.succeeds(&[&write[..], &["--overwrite", "--memory-bytes=0"]].concat());
    assert_eq!(rows(&room, "set"), 3);
}

/// Eight at a time append to one data set, fifty times each.
#[test]
fn many_append_at_once() {
    const APPENDERS: i64 = 8;
    const APPENDS: i64 = 50;
    let room = Room::new();
    room.file("first.csv", "group,x\na,-1\n");
    room.succeeds(&["write", "first.csv", "set", "--partition-on=group"]);
    std::thread::scope(|scope| {
        for appender in 0..APPENDERS {
            let room = &room;
            scope.spawn(move || {
                for row in appender * APPENDS..(appender + 1) * APPENDS {
                    let rows = format!("group,x\n{},{row}\n", ["a", "b"][row as usize % 2]);
                    let arguments = ["append", "-", "set", "--input-format=csv", "--no-progress"];
                    let output = room.pq_with_input(&arguments, rows.as_bytes());
                    assert!(output.status.success(), "{row}: {output:?}");
                }
            });
        }
    });
    let inspected = room.inspect("set");
    let mut found: Vec<i64> = Vec::new();
    for group in inspected["row_groups"].as_array().unwrap() {
        let file = group["columns"][0]["file"].as_str().unwrap();
        for batch in room.rows(&format!("set/{file}")) {
            found.extend(batch.column(0).as_primitive::<Int64Type>().values());
        }
    }
    found.sort_unstable();
    assert!(
        found.into_iter().eq(-1..APPENDERS * APPENDS),
        "each row once"
    );
    let shown = room.succeeds(&["recover", "set", "--grace=0s"]);
    assert!(
        shown.contains("nothing to do"),
        "no part is left over: {shown}"
    );
}
