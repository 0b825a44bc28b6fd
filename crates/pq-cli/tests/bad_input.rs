//! Every bad input: one line on standard error, exit status 1, nothing written.

mod common;

use common::{Room, csv, failed};

#[test]
fn input_that_is_not_there() {
    let room = Room::new();
    room.fails(
        &["write", "missing.csv", "out.parquet"],
        &["missing.csv", "No such file"],
    );
    room.fails(
        &["write", ".", "out.parquet", "--input-format", "csv"],
        &["directory"],
    );
    room.fails(
        &["inspect", "missing.parquet"],
        &["missing.parquet", "not found"],
    );
}

#[test]
fn input_of_unknown_format() {
    let room = Room::new();
    room.file("rows.xyz", csv(3));
    room.fails(
        &["write", "rows.xyz", "out.parquet"],
        &["rows.xyz", "--input-format"],
    );
}

#[test]
fn rows_that_are_malformed() {
    let room = Room::new();
    room.file("short.csv", "a,b\n1,2\n3\n");
    room.fails(
        &["write", "short.csv", "out.parquet"],
        &["short.csv", "line 3"],
    );
    room.file("long.csv", "a,b\n1,2\n3,4\n5,6,7\n");
    room.fails(
        &["write", "long.csv", "out.parquet"],
        &["long.csv", "line 4", "3 fields"],
    );
    room.file("date.csv", "a,b\n1,2024-01-01\n\n3,2024-02-30\n");
    let parts = ["date.csv", "line 4", "column \"b\"", "2024-02-30"];
    room.fails(&["write", "date.csv", "out.parquet"], &parts);
    room.file("rows.ndjson", "{\"a\": 1}\n{\"a\": \n");
    room.fails(
        &["write", "rows.ndjson", "out.parquet"],
        &["rows.ndjson", "line 2"],
    );
    room.file("empty.csv", "");
    room.fails(
        &["write", "empty.csv", "out.parquet"],
        &["empty.csv", "no header"],
    );
    room.file("cut.parquet", "PAR1");
    room.fails(&["write", "cut.parquet", "out.parquet"], &["cut.parquet"]);
    room.file("cut.arrow", "ARROW1");
    room.fails(&["write", "cut.arrow", "out.parquet"], &["cut.arrow"]);
}

#[test]
fn a_bad_value_after_the_first_row_group_takes_it_all_back() {
    let room = Room::new();
    let mut text = "a,d\n".to_owned();
    for row in 0..100_000 {
        text.push_str(&format!("{row},2024-01-01\n"));
    }
    text.push_str("1,2024-99-99\n");
    room.file("rows.csv", text);
    let parts = ["rows.csv", "line 100002", "column \"d\""];
    let small = "--row-group-rows=1000";
    room.fails(&["write", "rows.csv", "out.parquet", small], &parts);
    room.fails(
        &["write", "rows.csv", "out", small, "--scheme=flat"],
        &parts,
    );
    room.file("good.csv", "a,d\n1,2024-01-01\n");
    room.succeeds(&["write", "good.csv", "out", "--scheme=flat"]);
    room.fails(&["write", "rows.csv", "out", small, "--append"], &parts);
    room.fails(
        &[
            "write",
            "rows.csv",
            "out",
            small,
            "--overwrite",
            "--scheme=flat",
        ],
        &parts,
    );
}

#[test]
fn columns_that_are_named_twice() {
    let room = Room::new();
    room.file("rows.csv", "a,b,a\n1,2,3\n");
    let parts = ["rows.csv", "duplicate column name \"a\""];
    room.fails(&["write", "rows.csv", "out.parquet"], &parts);
}

#[test]
fn columns_that_are_not_there() {
    let room = Room::new();
    room.file("rows.csv", csv(3));
    for option in ["--partition-on=nope", "--stats=id,nope", "--has-nulls=nope"] {
        let name = option.split('=').next().unwrap();
        room.fails(&["write", "rows.csv", "out", option], &[name, "\"nope\""]);
    }
    let option = "--compression=nope=zstd,_default=snappy";
    room.fails(
        &["write", "rows.csv", "out", option],
        &["--compression", "\"nope\""],
    );
}

#[test]
fn partitions_that_leave_no_column() {
    let room = Room::new();
    room.file("rows.csv", csv(3));
    room.fails(
        &["write", "rows.csv", "out", "--partition-on=id,name,group"],
        &["Cannot include all columns in partition_on"],
    );
    let twice = "--partition-on=group,group";
    room.fails(&["write", "rows.csv", "out", twice], &["\"group\""]);
    let simple = [
        "write",
        "rows.csv",
        "out",
        "--scheme=simple",
        "--partition-on=group",
    ];
    room.fails(&simple, &["simple"]);
}

#[test]
fn options_that_cannot_be_read() {
    let room = Room::new();
    room.file("rows.csv", csv(3));
    for (option, part) in [
        ("--compression=lzo", "unknown codec"),
        ("--compression=zstd:99", "level"),
        ("--compression=gzip:x", "level"),
        ("--compression=id=zstd:23", "level"),
        ("--custom-metadata=novalue", "KEY=VALUE"),
        ("--row-group-offsets=5,10", "start at 0"),
        ("--row-group-offsets=0,10,10", "ascend"),
    ] {
        room.fails(&["write", "rows.csv", "out.parquet", option], &[part]);
    }
    for arguments in [
        &["write", "rows.csv"][..],
        &["write", "rows.csv", "out", "--append", "--overwrite"],
        &["write", "rows.csv", "out", "--scheme=tree"],
        &["write", "rows.csv", "out", "--row-group-rows=0"],
        &["frobnicate"],
    ] {
        let output = room.pq(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
    assert!(!room.path("out").exists());
}

#[test]
fn nested_columns_are_refused_by_name() {
    let room = Room::new();
    room.file("rows.ndjson", "{\"a\": 1, \"tags\": [\"x\"]}\n");
    room.fails(
        &["write", "rows.ndjson", "out.parquet"],
        &["line 1", "\"tags\""],
    );
}

#[test]
fn nulls_where_none_may_be() {
    let room = Room::new();
    room.file("rows.csv", "a,b\n1,2\n,4\n");
    let arguments = ["write", "rows.csv", "out.parquet", "--has-nulls=false"];
    room.fails(&arguments, &["\"a\"", "row 1", "null"]);
}

#[test]
fn standard_input_that_is_no_arrow_stream() {
    let room = Room::new();
    let output = room.pq_with_input(&["write", "-", "out.parquet"], b"id\n1\n");
    failed(&output, &["standard input"]);
    let arguments = ["write", "-", "out.parquet", "--input-format", "csv"];
    failed(
        &room.pq_with_input(&arguments, b"a,b\n1\n"),
        &["standard input, line 2"],
    );
    assert!(room.snapshot().is_empty());
}

#[test]
fn files_that_are_no_parquet() {
    let room = Room::new();
    room.file("text.parquet", "this is no Parquet file at all");
    room.fails(
        &["inspect", "text.parquet"],
        &["text.parquet", "not a Parquet file"],
    );
    room.file("short.parquet", "PAR1");
    room.fails(&["inspect", "short.parquet"], &["short.parquet"]);
    room.file("other/readme.txt", "hello");
    room.fails(&["inspect", "other"], &["other"]);
    let mut claims = b"PAR1\x15\x02garbage".to_vec();
    claims.extend([9, 0, 0, 0]);
    claims.extend(b"PAR1");
    room.file("garbage.parquet", claims);
    room.fails(&["inspect", "garbage.parquet"], &["garbage.parquet"]);
}
