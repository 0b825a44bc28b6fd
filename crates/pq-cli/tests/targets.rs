//! Targets that cannot be written, or are not what the command takes them for: all stays as it
//! was.

mod common;

use common::{Room, csv, failed};
use std::fs;
use std::process::{Command, Output};

#[test]
fn a_target_that_is_there() {
    let room = Room::new();
    room.file("rows.csv", csv(10));
    room.succeeds(&["write", "rows.csv", "one.parquet"]);
    room.succeeds(&["write", "rows.csv", "many", "--partition-on=group"]);
    room.fails(
        &["write", "rows.csv", "one.parquet"],
        &["one.parquet", "exists"],
    );
    room.fails(&["write", "rows.csv", "many"], &["many", "exists"]);
    let hive = ["write", "rows.csv", "many", "--partition-on=group"];
    room.fails(&hive, &["many", "exists"]);
    room.file("notes/readme.txt", "mine");
    for option in ["--overwrite", "--append", "--no-progress"] {
        room.fails(&["write", "rows.csv", "notes", option], &["notes"]);
    }
}

#[test]
fn an_append_with_another_schema() {
    let room = Room::new();
    room.file("rows.csv", csv(10));
    room.file("other.csv", "id,name,group\nx,1,a\n");
    room.file("fewer.csv", "id,name\n1,x\n");
    room.succeeds(&["write", "rows.csv", "one.parquet"]);
    room.succeeds(&["write", "rows.csv", "many", "--partition-on=group"]);
    for target in ["one.parquet", "many"] {
        let parts = [
            target,
            "column \"id\"",
            "expected",
            "INT64",
            "got",
            "BYTE_ARRAY",
        ];
        room.fails(&["write", "other.csv", target, "--append"], &parts);
        room.fails(&["write", "fewer.csv", target, "--append"], &["group"]);
    }
    // Columns may not become OPTIONAL behind the back of those who rely on them.
    room.succeeds(&["write", "rows.csv", "full.parquet", "--has-nulls=false"]);
    room.fails(
        &["write", "rows.csv", "full.parquet", "--append"],
        &["full.parquet", "column \"id\"", "required", "optional"],
    );
    room.succeeds(&[
        "write",
        "rows.csv",
        "full.parquet",
        "--append",
        "--has-nulls=false",
    ]);
    assert_eq!(room.rows("full.parquet")[0].num_rows(), 20);
    // Rows without nulls fit columns that may have them.
    room.succeeds(&[
        "write",
        "rows.csv",
        "one.parquet",
        "--append",
        "--has-nulls=false",
    ]);
    assert_eq!(room.rows("one.parquet")[0].num_rows(), 20);
}

#[test]
fn an_append_with_another_layout() {
    let room = Room::new();
    room.file("rows.csv", csv(10));
    room.succeeds(&["write", "rows.csv", "one.parquet"]);
    room.succeeds(&["write", "rows.csv", "many", "--partition-on=group"]);
    let append = |target, option| ["write", "rows.csv", target, "--append", option];
    room.fails(&append("one.parquet", "--scheme=hive"), &["one.parquet"]);
    room.fails(
        &append("one.parquet", "--partition-on=group"),
        &["one.parquet"],
    );
    room.fails(
        &append("many", "--scheme=drill"),
        &["existing", "hive", "drill"],
    );
    room.fails(
        &append("many", "--partition-on=name"),
        &["existing", "group", "name"],
    );
    room.fails(
        &append("missing.parquet", "--no-progress"),
        &["missing.parquet"],
    );
}

#[test]
fn directories_that_are_not_there() {
    let room = Room::new();
    room.file("rows.csv", csv(10));
    room.fails(
        &["write", "rows.csv", "no/where/out.parquet"],
        &["no/where: not found"],
    );
    room.fails(
        &["write", "rows.csv", "rows.csv/out.parquet"],
        &["rows.csv", "not a directory"],
    );
    for target in ["..", "/", "a/.."] {
        room.fails(&["write", "rows.csv", target], &[target]);
    }
}

#[test]
fn directories_that_may_not_be_written() {
    // Nobody creates files there, whatever his rights.
    let room = Room::new();
    room.file("rows.csv", csv(10));
    if !fs::exists("/proc/self").unwrap() {
        eprintln!("SKIPPED: there is no /proc here");
        return;
    }
    room.fails(
        &["write", "rows.csv", "/proc/out.parquet"],
        &["/proc/out.parquet"],
    );
    room.fails(
        &["write", "rows.csv", "/proc/out", "--scheme=flat"],
        &["/proc/out"],
    );
}

#[test]
#[cfg(unix)]
fn directories_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new();
    room.file("rows.csv", csv(10));
    let locked = room.path("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(locked.join("probe"), "").is_ok() {
        eprintln!("SKIPPED: permissions do not bind this user");
        return;
    }
    let parts = ["locked/out.parquet", "ermission denied"];
    room.fails(&["write", "rows.csv", "locked/out.parquet"], &parts);
}

/// Rows that do not compress, several times as large as the disks of these tests.
fn large() -> String {
    let mut text = "a,b\n".to_owned();
    let mut state = 1_u64;
    for _ in 0..40_000 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        text.push_str(&format!("{},{}\n", state >> 2, state % 1_000_003));
    }
    text
}

#[cfg(target_os = "linux")]
fn bash(room: &Room, script: &str) -> Output {
    let mut command = Command::new("bash");
    command.args(["-c", script, env!("CARGO_BIN_EXE_pq")]);
    command.current_dir(room.path("")).output().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn files_that_may_not_grow() {
    let room = Room::new();
    room.file("rows.csv", large());
    room.file("small.csv", "a,b\n1,2\n");
    room.succeeds(&["write", "small.csv", "one.parquet"]);
    room.succeeds(&["write", "small.csv", "many", "--scheme=flat"]);
    let before = room.snapshot();
    for arguments in [
        "new.parquet",
        "new --scheme=flat",
        "one.parquet --append",
        "one.parquet --overwrite",
        "many --append",
        "many --overwrite --scheme=flat",
    ] {
        // The signal is ignored, so that writes fail with an error.
        let limits = "trap '' XFSZ; ulimit -f 128";
        let options = "--compression=none --row-group-rows=20000";
        let script = format!("{limits}; exec \"$0\" write rows.csv {arguments} {options}");
        failed(&bash(&room, &script), &["File too large"]);
        assert!(
            room.snapshot() == before,
            "{arguments}: files are not what they were"
        );
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full() {
    let room = Room::new();
    room.file("rows.csv", large());
    room.file("small.csv", "a,b\n1,2\n");
    fs::create_dir(room.path("disk")).unwrap();
    // A file system of our own, which nobody else sees.
    let disk = |script: &str| {
        let mount = "mount -t tmpfs -o size=256k tmpfs disk";
        bash(
            &room,
            &format!("unshare -rm bash -c '{mount} && {script}' \"$0\""),
        )
    };
    let probe = disk("true");
    if !probe.status.success() {
        let reason = String::from_utf8_lossy(&probe.stderr);
        eprintln!("SKIPPED: no file system of our own here: {reason}");
        return;
    }
    let list = "(cd disk && find . -type f -exec sha256sum {} + | sort)";
    for (first, arguments) in [
        ("true", "disk/new.parquet"),
        ("true", "disk/new --scheme=flat"),
        ("\"$0\" write small.csv disk/one", "disk/one --append"),
        ("\"$0\" write small.csv disk/one", "disk/one --overwrite"),
        (
            "\"$0\" write small.csv disk/many --scheme=flat",
            "disk/many --append",
        ),
    ] {
        let options = "--compression=none --row-group-rows=20000";
        let output = disk(&format!(
            "{first} >/dev/null && {list} >before; \
             \"$0\" write rows.csv {arguments} {options}; code=$?; \
             {list} >after; cmp before after >&2 && exit $code"
        ));
        failed(&output, &["No space left"]);
        if first == "true" {
            assert_eq!(fs::read_to_string(room.path("after")).unwrap(), "");
        }
    }
}
