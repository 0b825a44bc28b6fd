//! What commands find, what they make of it, and what may be there after a fault.

use crate::common::Room;
use pq_dataset::DatasetError;
use pq_format::{FileMetaData, decode};
use pq_store::{LocalStore, StorePath};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

/// A command that changes a file or a data set.
#[derive(Debug, Clone)]
pub struct Command {
    pub name: &'static str,
    /// What is done first.
    before: &'static [&'static str],
    pub arguments: Vec<&'static str>,
    /// The file or data set.
    pub target: &'static str,
    /// Values of `x` before it and after it; `None` where nothing is there.
    old: Option<&'static [i64]>,
    new: &'static [i64],
}

impl Command {
    /// Whether it reads rows from a file.
    pub fn writes_rows(&self) -> bool {
        ["write", "append", "overwrite"].contains(&self.arguments[0])
    }
}

/// All commands that change something, on small inputs.
pub fn commands() -> Vec<Command> {
    const FILE: &[&str] = &["write rows.csv one"];
    const SET: &[&str] = &["write rows.csv set --partition-on=group"];
    const BARE: &[&str] = &["write rows.csv set --partition-on=group --metadata-file=never"];
    const GROWN: &[&str] = &[
        "write rows.csv set --partition-on=group",
        "append more.csv set",
        "append more.csv set",
    ];
    let command = |name, before, line: &'static str, target, old, new| Command {
        name,
        before,
        arguments: line.split(' ').collect(),
        target,
        old,
        new,
    };
    let (rows, both): (&[i64], &[i64]) = (&[1, 2, 3], &[1, 2, 3, 4]);
    vec![
        command(
            "create a file",
            &[],
            "write rows.csv one --no-progress",
            "one",
            None,
            rows,
        ),
        command(
            "replace a file",
            FILE,
            "write more.csv one --overwrite --no-progress",
            "one",
            Some(rows),
            &[4],
        ),
        command(
            "append to a file",
            FILE,
            "append more.csv one --no-progress",
            "one",
            Some(rows),
            both,
        ),
        command(
            "create a data set",
            &[],
            "write rows.csv set --partition-on=group --no-progress",
            "set",
            None,
            rows,
        ),
        command(
            "replace a data set",
            SET,
            "write more.csv set --overwrite --partition-on=group",
            "set",
            Some(rows),
            &[4],
        ),
        command(
            "append",
            SET,
            "append more.csv set --no-progress",
            "set",
            Some(rows),
            both,
        ),
        command(
            "overwrite partitions",
            SET,
            "overwrite more.csv set --no-progress",
            "set",
            Some(rows),
            &[2, 3, 4],
        ),
        command(
            "remove",
            SET,
            "remove set --partition=group=c",
            "set",
            Some(rows),
            &[1, 2],
        ),
        command(
            "compact",
            GROWN,
            "compact set",
            "set",
            Some(&[1, 2, 3, 4, 4]),
            &[1, 2, 3, 4, 4],
        ),
        command(
            "rewrite",
            GROWN,
            "compact set --rewrite",
            "set",
            Some(&[1, 2, 3, 4, 4]),
            &[1, 2, 3, 4, 4],
        ),
        command(
            "sort",
            SET,
            "sort set --by=x --descending",
            "set",
            Some(rows),
            rows,
        ),
        command(
            "set metadata",
            SET,
            "metadata set set owner=ann",
            "set",
            Some(rows),
            rows,
        ),
        command(
            "set metadata of a file",
            FILE,
            "metadata set one owner=ann",
            "one",
            Some(rows),
            rows,
        ),
        command("merge", BARE, "merge set --root=set", "set", None, rows),
    ]
}

/// What a command finds.
pub struct Scene(Room);

impl Scene {
    pub fn new(command: &Command) -> Self {
        let room = Room::new();
        room.file("rows.csv", "group,x\na,1\nb,2\nc,3\n");
        room.file("more.csv", "group,x\na,4\n");
        for line in command.before {
            room.succeeds(&line.split(' ').collect::<Vec<_>>());
        }
        assert_eq!(seen(room.root(), command.target).as_deref(), command.old);
        Self(room)
    }

    /// A directory with the same in it.
    pub fn copy(&self) -> Room {
        let room = Room::new();
        self.copy_to(room.root());
        room
    }

    pub fn copy_to(&self, directory: &Path) {
        copy(self.0.root(), directory);
    }

    /// Checks what is there after a fault, gives the command again, and lets `pq recover` remove
    /// what was left.
    pub fn check(&self, room: &Room, command: &Command, output: &Output, at: &str) {
        let (root, target) = (room.root(), command.target);
        let context = || format!("{}, {at}: {output:?}", command.name);
        let after = seen(root, target);
        let is_old = after.as_deref() == command.old;
        let is_new = after.as_deref() == Some(command.new);
        assert!(is_old || is_new, "{}: {after:?}", context());
        if output.status.success() {
            assert!(is_new, "{}: {after:?}", context());
        } else if output.status.code().is_some() {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.starts_with("pq: error: "), "{}", context());
        }
        if is_old {
            let mut arguments = command.arguments.clone();
            let is_made = fs::exists(root.join(target)).unwrap();
            if command.old.is_none() && is_made && arguments[0] == "write" {
                // Parts without `_metadata`: the error of a second attempt says so.
                arguments.push("--overwrite");
            }
            let again = room.pq(&arguments);
            assert!(again.status.success(), "{}: {again:?}", context());
        }
        assert_eq!(
            seen(root, target).as_deref(),
            Some(command.new),
            "{}",
            context()
        );
        room.succeeds(&["recover", target, "--grace=0s"]);
        assert_eq!(
            seen(root, target).as_deref(),
            Some(command.new),
            "{}",
            context()
        );
        assert_eq!(unnamed(root, target), [""; 0], "{}", context());
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir(&copied).unwrap();
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).unwrap();
        }
    }
}

fn metadata(root: &Path, target: &str) -> Option<FileMetaData> {
    let store = LocalStore::open(root).unwrap();
    let path = StorePath::new(target).unwrap();
    match pq_dataset::blocking::read_metadata(&store, &path) {
        Ok(metadata) => Some(decode(&metadata.bytes).unwrap().0),
        Err(DatasetError::NotFound { .. } | DatasetError::NotADataset { .. }) => None,
        Err(error) => panic!("{target}: {error}"),
    }
}

/// The files that `_metadata` names, or the one file.
fn files(root: &Path, target: &str) -> Option<BTreeSet<String>> {
    let groups = metadata(root, target)?.row_groups;
    let file = |path: &Option<String>| match path {
        Some(path) => format!("{target}/{path}"),
        None => target.to_owned(),
    };
    Some(
        groups
            .iter()
            .map(|group| file(&group.columns[0].file_path))
            .collect(),
    )
}

/// The values of `x`, sorted, as another reader finds them in the files that `_metadata` names.
pub fn seen(root: &Path, target: &str) -> Option<Vec<i64>> {
    let mut values = Vec::new();
    for file in files(root, target)? {
        for batch in crate::common::rows_of(&root.join(file)) {
            let column = batch.column_by_name("x").unwrap();
            let column: &arrow_array::Int64Array = column.as_any().downcast_ref().unwrap();
            values.extend(column.values());
        }
    }
    values.sort_unstable();
    Some(values)
}

/// Files, hidden ones too, that are not of the target.
fn unnamed(root: &Path, target: &str) -> Vec<String> {
    let known = files(root, target).unwrap();
    let ours = ["rows.csv", "more.csv", "trace.log"].map(str::to_owned);
    let metadata = ["_metadata", "_common_metadata"].map(|name| format!("{target}/{name}"));
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let is_known = [&ours[..], &metadata[..]].concat().contains(&name);
            // An empty lock of one who died is for the next who needs it.
            if !is_known && !known.contains(&name) && !name.ends_with(".pq-lock") {
                found.push(name);
            }
        }
    }
    found
}
