//! Each format in, the right rows out.

mod common;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use common::{Room, csv, succeeded};
use serde_json::json;
use std::fs;
use std::sync::Arc;

fn batch() -> RecordBatch {
    let times = TimestampMicrosecondArray::from(vec![0, 1_500_000, -1]).with_timezone("UTC");
    let words: DictionaryArray<Int32Type> = [Some("x"), None, Some("y")].into_iter().collect();
    let columns: [(&str, ArrayRef, bool); 5] = [
        ("id", Arc::new(Int64Array::from(vec![1, 2, 3])), false),
        (
            "x",
            Arc::new(Float64Array::from(vec![Some(0.5), None, Some(-1.0)])),
            true,
        ),
        (
            "s",
            Arc::new(StringArray::from(vec![Some("a"), Some(""), None])),
            true,
        ),
        ("t", Arc::new(times), false),
        ("w", Arc::new(words), true),
    ];
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

fn stream() -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batch().schema()).unwrap();
    writer.write(&batch()).unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn comma_separated_values() {
    let room = Room::new();
    room.file(
        "rows.csv",
        "id,x,s,d\n1,0.5,a,2024-02-29\n2,,\"b,\nc\",\n,NA,,2024-03-01\n",
    );
    room.succeeds(&["write", "rows.csv", "out.parquet", "--null-value=NA"]);
    let rows = room.rows("out.parquet");
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), Some(2), None]));
    let names: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), Some("b,\nc"), None]));
    assert_eq!(rows[0].column(0), &ids);
    assert_eq!(rows[0].column(1).null_count(), 2);
    assert_eq!(rows[0].column(2), &names);
    let document = room.inspect("out.parquet");
    let columns = &document["row_groups"][0]["columns"];
    assert_eq!(columns[3]["min"]["value"], "2024-02-29");
    assert_eq!(columns[3]["max"]["value"], "2024-03-01");
    assert_eq!(columns[0]["codec"], "SNAPPY");
    assert_eq!(document["schema"][0]["repetition"], "OPTIONAL");
}

#[test]
fn json_lines() {
    let room = Room::new();
    room.file(
        "rows.jsonl",
        "{\"b\": 1, \"a\": \"x\"}\n{\"a\": null, \"b\": 2}\n",
    );
    room.succeeds(&["write", "rows.jsonl", "out.parquet"]);
    let rows = room.rows("out.parquet");
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    assert_eq!(rows[0].schema().field(0).name(), "b");
    assert_eq!(rows[0].column(0), &numbers);
    assert_eq!(rows[0].column(1).null_count(), 1);
}

#[test]
fn arrow_and_parquet_keep_their_types() {
    let room = Room::new();
    let mut writer = FileWriter::try_new(Vec::new(), &batch().schema()).unwrap();
    writer.write(&batch()).unwrap();
    room.file("rows.arrow", writer.into_inner().unwrap());
    room.file("rows.arrows", stream());
    room.succeeds(&["write", "rows.arrow", "a.parquet"]);
    room.succeeds(&["write", "rows.arrows", "b.parquet"]);
    room.succeeds(&["write", "a.parquet", "c.parquet"]);
    let piped = room.pq_with_input(&["write", "-", "d.parquet"], &stream());
    succeeded(&piped);
    for name in ["a.parquet", "b.parquet", "c.parquet", "d.parquet"] {
        let rows = room.rows(name);
        assert_eq!(
            rows[0].schema().fields(),
            batch().schema().fields(),
            "{name}"
        );
        assert_eq!(rows[0].columns(), batch().columns(), "{name}");
    }
    let bytes = |name: &str| fs::read(room.path(name)).unwrap();
    assert_eq!(
        bytes("a.parquet"),
        bytes("b.parquet"),
        "equal rows, equal bytes"
    );
    let schema = room.inspect("a.parquet")["schema"].clone();
    let repetition = |index: usize| schema[index]["repetition"].clone();
    assert_eq!([repetition(0), repetition(1)], ["REQUIRED", "OPTIONAL"]);
}

#[test]
fn standard_input_of_other_formats() {
    let room = Room::new();
    let arguments = ["write", "-", "out.parquet", "--input-format=csv"];
    let summary = succeeded(&room.pq_with_input(&arguments, csv(10).as_bytes()));
    assert!(summary.contains("rows        10"), "{summary}");
    assert_eq!(room.rows("out.parquet")[0].num_rows(), 10);
}

#[test]
fn row_groups_are_even_or_where_they_are_wanted() {
    let room = Room::new();
    room.file("rows.csv", csv(100));
    room.succeeds(&["write", "rows.csv", "even.parquet", "--row-group-rows=30"]);
    room.succeeds(&[
        "write",
        "rows.csv",
        "cut.parquet",
        "--row-group-offsets=0,90",
    ]);
    let sizes = |name: &str| {
        let document = room.inspect(name);
        let row_groups = document["row_groups"].as_array().unwrap().iter();
        row_groups
            .map(|group| group["rows"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(sizes("even.parquet"), [25, 25, 25, 25]);
    assert_eq!(sizes("cut.parquet"), [90, 10]);
    let rows = room.rows("even.parquet");
    let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..100));
    assert_eq!(rows[0].column(0), &ids);
}

#[test]
fn metadata_codecs_bounds_and_nulls_by_option() {
    let room = Room::new();
    room.file("rows.csv", csv(100));
    room.succeeds(&[
        "write",
        "rows.csv",
        "out.parquet",
        "--custom-metadata=origin=a=b",
        "--custom-metadata=empty=",
        "--compression=name=zstd:3,group=none,_default=gzip",
        "--stats=id",
        "--has-nulls=name",
    ]);
    let document = room.inspect("out.parquet");
    let key_values = document["key_values"].as_array().unwrap();
    assert!(key_values.contains(&json!({ "key": "origin", "value": "a=b" })));
    assert!(key_values.contains(&json!({ "key": "empty", "value": "" })));
    let columns = document["row_groups"][0]["columns"].as_array().unwrap();
    let codecs: Vec<&str> = columns
        .iter()
        .map(|column| column["codec"].as_str().unwrap())
        .collect();
    assert_eq!(codecs, ["GZIP", "ZSTD", "UNCOMPRESSED"]);
    assert_eq!(columns[0]["max"]["value"], "99");
    assert_eq!(columns[0]["max"]["hex"], "6300000000000000");
    assert!(columns[1]["max"].is_null());
    let schema = document["schema"].as_array().unwrap().iter();
    let repetitions: Vec<&str> = schema
        .map(|field| field["repetition"].as_str().unwrap())
        .collect();
    assert_eq!(repetitions, ["REQUIRED", "OPTIONAL", "REQUIRED"]);
    let tables = room.succeeds(&["inspect", "out.parquet"]);
    for part in [
        "origin",
        "a=b",
        "STRING",
        "ZSTD",
        "row group 0: 100 rows",
        "99",
    ] {
        assert!(tables.contains(part), "{part:?} in {tables}");
    }
}

#[test]
fn appends_and_overwrites() {
    let room = Room::new();
    room.file("rows.csv", csv(10));
    room.file("more.csv", "id,name,group\n10,ten,d\n");
    for (target, option) in [
        ("one.parquet", "--scheme=simple"),
        ("flat", "--scheme=flat"),
        ("hive", "--partition-on=group"),
        ("drill", "--scheme=drill"),
    ] {
        let drill = ["--no-progress", "--partition-on=group"][usize::from(target == "drill")];
        let rows = || room.inspect(target)["rows"].clone();
        room.succeeds(&["write", "rows.csv", target, option, drill]);
        assert_eq!(rows(), 10, "{target}");
        room.succeeds(&["write", "more.csv", target, "--append"]);
        assert_eq!(rows(), 11, "{target}");
        let before = room.inspect(target);
        room.succeeds(&["write", "more.csv", target, option, drill, "--overwrite"]);
        assert_eq!(rows(), 1, "{target}");
        let after = room.inspect(target);
        assert_eq!(before["scheme"], after["scheme"], "{target}");
        assert_eq!(before["schema"], after["schema"], "{target}");
    }
    assert!(room.path("hive/group=d").exists());
    assert!(!room.path("hive/group=a").exists());
}

#[test]
fn tables_without_rows() {
    let room = Room::new();
    room.file("rows.csv", "a,b\n");
    let summary = room.succeeds(&["write", "rows.csv", "out.parquet"]);
    assert!(summary.contains("rows        0"), "{summary}");
    let document = room.inspect("out.parquet");
    assert_eq!(document["rows"], 0);
    assert_eq!(document["schema"].as_array().unwrap().len(), 2);
    room.succeeds(&["inspect", "out.parquet"]);
}

#[test]
fn the_summary_says_what_was_written() {
    let room = Room::new();
    let bytes = csv(10).len();
    room.file("rows.csv", csv(10));
    let summary = room.succeeds(&["write", "rows.csv", "out", "--partition-on=group"]);
    for part in [
        "rows        10",
        "row groups  3",
        "files       3",
        "where",
        "out",
    ] {
        assert!(summary.contains(part), "{part:?} in {summary}");
    }
    assert!(
        summary.contains(&format!("bytes in    {bytes}\n")),
        "{summary}"
    );
}
