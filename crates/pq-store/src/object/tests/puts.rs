//! "Never reports failure for what landed, nor success for what did not."

use super::faulty::{Fault, Faulty};
use super::{path, read, small, watched, with};
use crate::error::StoreError;
use crate::progress::Progress;
use crate::store::{PutMode, ReadRange, Store, Version};
use Fault::{After, AfterAndDeleted, AfterAndReplaced, Before, Denied, None as Well, Refused};
use pollster::block_on;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A store that has been probed, with an object of this version at `x`.
fn probed() -> (Arc<Faulty>, super::RemoteStore, Version) {
    let client = Faulty::new();
    let store = small(&client);
    let version = block_on(store.put(&path("x"), b"old", PutMode::IfAbsent)).unwrap();
    (client, store, version)
}

fn put(store: &super::RemoteStore, name: &str, mode: PutMode) -> Result<Version, StoreError> {
    block_on(store.put(&path(name), b"new", mode))
}

#[test]
fn what_landed_is_a_success_whatever_the_answer() {
    for faults in [
        vec![After],
        vec![Before, After],
        vec![Before, Well],
        vec![Refused, Well],
        vec![Before, Before],
    ] {
        let (client, store, version) = probed();
        for (name, mode) in [
            ("y", PutMode::IfAbsent),
            ("x", PutMode::IfVersion(version)),
            ("z", PutMode::Always),
        ] {
            client.plan(faults.clone());
            let written = put(&store, name, mode.clone());
            let written = written.unwrap_or_else(|error| panic!("{faults:?} {mode:?}: {error}"));
            let found = block_on(store.read(&path(name), ReadRange::All)).unwrap();
            assert_eq!((&*found.bytes, found.version), (&b"new"[..], written));
            assert!(client.is_done(), "{faults:?} {mode:?}");
        }
    }
}

#[test]
fn a_refusal_is_told_as_it_is() {
    let (_, store, version) = probed();
    let exists = put(&store, "x", PutMode::IfAbsent).unwrap_err();
    assert!(
        matches!(exists, StoreError::AlreadyExists { .. }),
        "{exists}"
    );
    put(&store, "x", PutMode::IfVersion(version.clone())).unwrap();
    for mode in [
        PutMode::IfVersion(version),
        PutMode::IfVersion(Version::new("7")),
        PutMode::IfVersion(Version::new("||")),
    ] {
        let conflict = put(&store, "x", mode).unwrap_err();
        assert!(
            matches!(conflict, StoreError::Conflict { .. }),
            "{conflict}"
        );
    }
    assert_eq!(read(&store, "x"), b"new");
}

#[test]
fn what_may_have_landed_is_not_known() {
    for fault in [AfterAndReplaced, AfterAndDeleted] {
        let (client, store, version) = probed();
        for (name, mode) in [("y", PutMode::IfAbsent), ("x", PutMode::IfVersion(version))] {
            // Where nothing is there again, another attempt lands.
            let lands = matches!((fault, &mode), (AfterAndDeleted, PutMode::IfAbsent));
            client.plan([fault]);
            let result = put(&store, name, mode);
            if lands {
                result.unwrap();
                continue;
            }
            let error = result.unwrap_err();
            assert!(matches!(error, StoreError::CommitUnknown { .. }), "{error}");
        }
    }
}

#[test]
fn an_object_that_cannot_be_read_back_is_not_known() {
    for fault in [Before, After, Refused] {
        let (client, store, version) = probed();
        client.plan([fault]);
        client.fail_reads(true);
        let error = put(&store, "x", PutMode::IfVersion(version)).unwrap_err();
        assert!(matches!(error, StoreError::CommitUnknown { .. }), "{error}");
    }
}

#[test]
fn attempts_end() {
    let (options, events) = watched();
    let client = Faulty::new();
    let store = with(&client, options);
    put(&store, "x", PutMode::IfAbsent).unwrap();
    let before = client.puts.load(Ordering::Relaxed);
    client.plan([Before; 3]);
    let error = put(&store, "y", PutMode::IfAbsent).unwrap_err();
    assert!(matches!(error, StoreError::CommitUnknown { .. }), "{error}");
    assert_eq!(client.puts.load(Ordering::Relaxed) - before, 3);
    let events = events.lock().unwrap();
    let attempts: Vec<u32> = events
        .iter()
        .map(|event| match event {
            Progress::Retry { path, attempt, why } => {
                assert_eq!(path, "s3://bucket/y");
                assert!(why.contains("the connection broke"), "{why}");
                *attempt
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(attempts, [2, 3]);
}

#[test]
fn a_store_that_refuses_for_no_reason_is_not_asked_for_ever() {
    let (client, store, version) = probed();
    client.plan([Refused; 3]);
    let error = put(&store, "x", PutMode::IfVersion(version)).unwrap_err();
    assert!(matches!(error, StoreError::Io { .. }), "{error}");
    assert_eq!(read(&store, "x"), b"old");
}

#[test]
fn a_denial_is_final() {
    let (client, store, _) = probed();
    for mode in [PutMode::IfAbsent, PutMode::Always] {
        client.plan([Denied]);
        // Not even a look at what is there.
        client.fail_reads(true);
        let error = put(&store, "y", mode).unwrap_err();
        assert!(
            matches!(error, StoreError::PermissionDenied { .. }),
            "{error}"
        );
        client.fail_reads(false);
    }
    // After an attempt that may have landed, it is not.
    client.plan([Before, Denied]);
    let error = put(&store, "y", PutMode::IfAbsent).unwrap_err();
    assert!(matches!(error, StoreError::CommitUnknown { .. }), "{error}");
}

#[test]
fn the_last_writer_wins_where_it_may() {
    let client = Faulty::new();
    client.ignore_conditions();
    let options = super::small_options().set("conditional_put", "last_writer_wins");
    let store = with(&client, options);
    let first = put(&store, "x", PutMode::IfAbsent).unwrap();
    let exists = put(&store, "x", PutMode::IfAbsent).unwrap_err();
    assert!(
        matches!(exists, StoreError::AlreadyExists { .. }),
        "{exists}"
    );
    put(&store, "x", PutMode::IfVersion(first.clone())).unwrap();
    let conflict = put(&store, "x", PutMode::IfVersion(first)).unwrap_err();
    assert!(
        matches!(conflict, StoreError::Conflict { .. }),
        "{conflict}"
    );
    assert_eq!(client.names(), ["x"]);
}
