//! Many puts and one sync.

use crate::trace::{self, report};
use crate::{Scenario, path, put_unsynced, sync};
use pq_store::{LocalStore, PutMode, Store, StoreError};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

pub const SCENARIOS: &[Scenario] = &[
    ("few", few),
    ("many", many),
    ("replaced", replaced),
    ("gone", gone),
    ("no descriptors", no_descriptors),
];

const DURABLE: [&str; 3] = ["fsync", "fdatasync", "syncfs"];

fn few(store: &LocalStore) {
    for name in ["x", "a/b/x", "a/b/y", "a/c/x"] {
        put_unsynced(store, name, PutMode::IfAbsent).unwrap();
    }
    report("put");
    // Clones share what is not synced yet.
    for _ in 0..2 {
        report(show(sync(&store.clone())));
    }
}

fn many(store: &LocalStore) {
    for number in 0..100 {
        put_unsynced(store, &format!("{number}/x"), PutMode::IfAbsent).unwrap();
    }
    for _ in 0..2 {
        report(show(sync(store)));
    }
}

fn replaced(store: &LocalStore) {
    let version = put_unsynced(store, "x", PutMode::Always).unwrap();
    put_unsynced(store, "x", PutMode::IfVersion(version)).unwrap();
    report(show(sync(store)));
}

fn gone(store: &LocalStore) {
    for name in ["d/x", "y", "z"] {
        put_unsynced(store, name, PutMode::IfAbsent).unwrap();
    }
    pollster::block_on(store.delete(&path("d/x"))).unwrap();
    pollster::block_on(store.remove_directory(&path("d"))).unwrap();
    let place = |name| std::path::PathBuf::from(store.describe(&path(name)));
    std::fs::remove_file(place("y")).unwrap();
    std::os::unix::fs::symlink("z", place("y")).unwrap();
    report(show(sync(store)));
}

fn no_descriptors(store: &LocalStore) {
    put_unsynced(store, "x", PutMode::IfAbsent).unwrap();
    let limit = getrlimit(Resource::Nofile);
    let current = Some(0);
    setrlimit(Resource::Nofile, Rlimit { current, ..limit }).unwrap();
    let first = sync(store);
    setrlimit(Resource::Nofile, limit).unwrap();
    report(show(first));
    report(show(sync(store)));
}

fn show(synced: Result<(), StoreError>) -> String {
    match synced {
        Ok(()) => "synced".to_owned(),
        Err(error @ StoreError::CommitUnknown { .. }) => format!("unknown: {error}"),
        Err(error) => format!("wrong: {error:?}"),
    }
}

#[test]
fn few_files_are_synced_one_by_one_and_directories_once() {
    let Some(trace) = trace::run("few", &[]) else {
        return;
    };
    assert_eq!(trace.report, "put\nsynced\nsynced\n");
    let synced = [
        "fsync a/b/x",
        "fsync a/b/y",
        "fsync a/c/x",
        "fsync x",
        "fsync a/c",
        "fsync a/b",
        "fsync a",
        "fsync .",
    ];
    assert_eq!(trace.named(&DURABLE), synced);
    let before_the_first = trace
        .calls
        .iter()
        .position(|call| call.starts_with("fsync"));
    let after_the_last = trace
        .calls
        .iter()
        .rposition(|call| call.starts_with("rename"));
    assert!(before_the_first > after_the_last, "{:?}", trace.calls);
}

#[test]
fn many_files_are_synced_at_once() {
    let Some(trace) = trace::run("many", &[]) else {
        return;
    };
    assert_eq!(trace.report, "synced\nsynced\n");
    let synced = trace.named(&DURABLE);
    // Not every file system can.
    assert!(synced == ["syncfs 0"] || synced.len() == 201, "{synced:?}");
}

#[test]
fn what_replaces_something_is_synced_before_it_is_seen() {
    let Some(trace) = trace::run("replaced", &[]) else {
        return;
    };
    assert_eq!(trace.report, "synced\n");
    let calls = trace.named(&["fsync", "renameat", "renameat2"]);
    let verbs: Vec<_> = calls
        .iter()
        .map(|call| {
            if call.starts_with("rename") {
                "rename"
            } else {
                "fsync"
            }
        })
        .collect();
    assert_eq!(
        verbs,
        ["fsync", "rename", "fsync", "rename", "fsync", "fsync"]
    );
    assert_eq!(calls[4..], ["fsync x", "fsync ."]);
}

#[test]
fn what_is_gone_needs_no_sync() {
    let Some(trace) = trace::run("gone", &[]) else {
        return;
    };
    assert_eq!(trace.report, "synced\n");
    let synced = trace.named(&DURABLE);
    assert_eq!(synced[synced.len() - 2..], ["fsync z", "fsync ."]);
}

#[test]
fn a_sync_that_failed_is_not_tried_again() {
    for (scenario, fault) in [
        ("few", "fsync:error=EIO:when=2"),
        ("many", "syncfs:error=EIO"),
    ] {
        let Some(trace) = trace::run(scenario, &[fault]) else {
            return;
        };
        let lines: Vec<_> = trace.report.trim_start_matches("put\n").lines().collect();
        if scenario == "many" && lines == ["synced", "synced"] {
            continue; // Not a file system that is synced at once.
        }
        assert_eq!(lines.len(), 2, "{lines:?}");
        for line in &lines {
            assert!(
                line.starts_with("unknown: ") && line.contains("nput/output"),
                "{line}"
            );
        }
        let directory = trace.directory.path().display().to_string();
        let expected = if scenario == "few" { "/a/b/y:" } else { ":" };
        assert!(
            lines[0].contains(&format!("{directory}{expected}")),
            "{lines:?}"
        );
        assert!(lines[1].contains("an earlier sync failed"), "{lines:?}");
        let synced = trace.named(&DURABLE);
        let expected = if scenario == "few" { 2 } else { 1 };
        assert_eq!(synced.len(), expected, "{synced:?}");
    }
}

#[test]
fn a_sync_that_could_not_begin_is_tried_again() {
    let Some(trace) = trace::run("no descriptors", &[]) else {
        return;
    };
    let (first, second) = trace.report.split_once('\n').unwrap();
    assert!(first.starts_with("unknown: ") && first.contains("Too many open files"));
    assert_eq!(second, "synced\n");
    assert_eq!(trace.named(&DURABLE), ["fsync x", "fsync ."]);
}
