use super::{Condition, Fault, FaultStore, OperationKind, Outcome};
use crate::blocking::BlockingStore;
use crate::error::StoreError;
use crate::memory::MemoryStore;
use crate::path::StorePath;
use crate::store::{PutMode, ReadRange};
use crate::testing::VolatileStore;
use std::io::Write;

const ALL: [Fault; 6] = [
    Fault::Before,
    Fault::After,
    Fault::Refused,
    Fault::Lost,
    Fault::Torn(2),
    Fault::Dead,
];

fn path(text: &str) -> StorePath {
    StorePath::new(text).unwrap()
}

fn faulty() -> (BlockingStore, FaultStore, BlockingStore) {
    let memory = MemoryStore::default();
    let inner = BlockingStore::new(memory.clone());
    let faulty = FaultStore::new(memory);
    (inner, faulty.clone(), BlockingStore::new(faulty))
}

fn bytes(store: &BlockingStore, text: &str) -> Option<Vec<u8>> {
    match store.read(&path(text), ReadRange::All) {
        Ok(content) => Some(content.bytes),
        Err(StoreError::NotFound { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

/// The name of the error.
fn name<T>(result: Result<T, StoreError>) -> String {
    match Outcome::of(&result) {
        Outcome::Error(name) => name,
        outcome => format!("{outcome:?}"),
    }
}

/// Every operation of a store and of uploads, once or twice; errors are passed over.
fn everything(store: &BlockingStore) {
    let (x, y, root) = (path("d/x"), path("y"), StorePath::root());
    let _ = store.put(&x, b"12345", PutMode::IfAbsent);
    let _ = store.put(&x, b"taken", PutMode::IfAbsent);
    let _ = store.put_unsynced(&y, b"why", PutMode::Always);
    let _ = store.sync();
    if let Ok(content) = store.read(&x, ReadRange::Suffix(2)) {
        let mode = PutMode::IfVersion(content.version);
        if let Ok(mut upload) = store.open_write(&x, mode) {
            let _ = upload.write_all(b"abc");
            let _ = upload.copy_from(&y, 0..3);
            let _ = upload.finish();
        }
    }
    if let Ok(upload) = store.open_write(&y, PutMode::Always) {
        let _ = upload.abort();
    }
    drop(store.open_write(&y, PutMode::Always));
    let _ = store.make_directories(&path("d"));
    let _ = store.list(&path("d"));
    let _ = store.leftovers(&root);
    let _ = store.delete(&y);
    let _ = store.remove_directory(&path("d"));
}

#[test]
fn the_log_tells_all() {
    let (_, faulty, store) = faulty();
    faulty.fail_nth(8, Fault::Torn(1));
    everything(&store);
    let expected = "\
        0 put d/x if absent, 5 bytes\n\
        1 put d/x if absent, 5 bytes: AlreadyExists\n\
        2 put_unsynced y always, 3 bytes\n\
        3 sync\n\
        4 read d/x\n\
        5 open_write d/x if version\n\
        6 write d/x, 3 bytes\n\
        7 copy_from d/x, 3 bytes\n\
        8 finish d/x if version: torn at 1\n\
        9 open_write y always\n\
        10 abort y\n\
        11 open_write y always\n\
        12 make_directories d\n\
        13 list d\n\
        14 leftovers\n\
        15 delete y\n\
        16 remove_directory d\n";
    assert_eq!(faulty.log().to_string(), expected);
    let log = faulty.log();
    let operation = &log.operations()[8];
    assert_eq!(operation.kind, OperationKind::Finish);
    assert_eq!(operation.condition, Some(Condition::IfVersion));
    assert_eq!(operation.outcome, Outcome::Fault(Fault::Torn(1)));
    assert_eq!(faulty.count(), 17);
    // What is never polled is never asked for; what is dropped meanwhile is not done.
    drop(crate::Store::sync(&faulty));
    assert_eq!(faulty.count(), 17);
}

#[test]
fn equal_calls_give_equal_logs() {
    for fault in ALL {
        let mut runs = 0;
        loop {
            let logs = [0, 1].map(|_| {
                let (_, faulty, store) = faulty();
                faulty.fail_nth(runs, fault);
                everything(&store);
                (faulty.log(), faulty.has_failed())
            });
            assert_eq!(logs[0], logs[1]);
            let (log, has_failed) = &logs[0];
            let failed = log.operations().iter();
            let failed = failed.filter(|operation| operation.outcome == Outcome::Fault(fault));
            match fault {
                Fault::Dead => assert_eq!(failed.count(), log.operations().len().max(runs) - runs),
                _ => assert_eq!(failed.count(), usize::from(*has_failed)),
            }
            if !has_failed {
                break;
            }
            runs += 1;
        }
        assert_eq!(runs, 17, "{fault:?}");
    }
}

#[test]
fn what_happens_and_what_is_told_of_a_put() {
    for (fault, seen, told) in [
        (Fault::Before, None, "Io"),
        (Fault::After, Some("new"), "CommitUnknown"),
        (Fault::Refused, Some("new"), "AlreadyExists"),
        (Fault::Lost, None, "CommitUnknown"),
        (Fault::Torn(2), None, "Io"),
        (Fault::Torn(100), None, "Io"),
        (Fault::Dead, None, "Io"),
    ] {
        for how in ["put", "put_unsynced", "finish"] {
            let (inner, faulty, store) = faulty();
            let x = path("x");
            let mode = PutMode::IfAbsent;
            faulty.fail_next(move |operation| operation.kind.name() == how, fault);
            let told_now = match how {
                "put" => name(store.put(&x, b"new", mode)),
                "put_unsynced" => name(store.put_unsynced(&x, b"new", mode)),
                _ => {
                    let mut upload = store.open_write(&x, mode).unwrap();
                    upload.write_all(b"new").unwrap();
                    name(upload.finish())
                }
            };
            assert_eq!(told_now, told, "{how} {fault:?}");
            assert_eq!(bytes(&inner, "x").as_deref(), seen.map(str::as_bytes));
            assert!(faulty.has_failed());
            let next = name(store.put(&path("y"), b"", PutMode::Always));
            let expected = if fault == Fault::Dead { "Io" } else { "Done" };
            assert_eq!(next, expected, "{how} after {fault:?}");

            let arrived = pollster::block_on(faulty.deliver());
            assert_eq!(arrived.len(), usize::from(fault == Fault::Lost));
            if fault == Fault::Lost {
                assert_eq!(bytes(&inner, "x").unwrap(), b"new", "{how} arrives late");
            }
            faulty.revive();
            store.put(&path("z"), b"", PutMode::Always).unwrap();
        }
    }
}

#[test]
fn a_refusal_fits_the_condition() {
    let (inner, faulty, store) = faulty();
    let x = path("x");
    let version = store.put(&x, b"old", PutMode::Always).unwrap();
    faulty.fail_nth(0, Fault::Refused);
    let told = store.put(&x, b"new", PutMode::IfVersion(version));
    assert_eq!(name(told), "Conflict");
    faulty.fail_nth(0, Fault::Refused);
    assert_eq!(
        name(store.put(&x, b"newer", PutMode::Always)),
        "CommitUnknown"
    );
    assert_eq!(bytes(&inner, "x").unwrap(), b"newer");
}

#[test]
fn a_write_that_fails_spoils_the_upload() {
    for fault in ALL {
        for is_copy in [false, true] {
            let (inner, faulty, store) = faulty();
            inner
                .put(&path("source"), b"123456", PutMode::Always)
                .unwrap();
            let mut upload = store.open_write(&path("x"), PutMode::Always).unwrap();
            upload.write_all(b"first ").unwrap();
            faulty.fail_nth(0, fault);
            let written = if is_copy {
                upload.copy_from(&path("source"), 0..6)
            } else {
                upload.write_all(b"123456").map_err(|error| {
                    *error
                        .into_inner()
                        .unwrap()
                        .downcast::<StoreError>()
                        .unwrap()
                })
            };
            assert_eq!(name(written), "Io", "{fault:?}");
            assert!(upload.write_all(b"more").is_err());
            assert_eq!(name(upload.finish()), "Io");
            assert_eq!(bytes(&inner, "x"), None, "{fault:?}");
        }
    }
    let (inner, _, store) = faulty();
    inner
        .put(&path("source"), b"123456", PutMode::Always)
        .unwrap();
    let mut upload = store.open_write(&path("x"), PutMode::Always).unwrap();
    assert_eq!(name(upload.copy_from(&path("absent"), 0..1)), "NotFound");
    assert_eq!(name(upload.copy_from(&path("source"), 0..7)), "OutOfRange");
    upload.finish().unwrap();
}

#[test]
fn other_changes_happen_or_not() {
    for fault in ALL {
        let (inner, faulty, store) = faulty();
        let (x, is_done) = (path("x"), matches!(fault, Fault::After | Fault::Refused));
        inner.put(&x, b"x", PutMode::Always).unwrap();
        let is_unknown = is_done || fault == Fault::Lost;
        let unknown = if is_unknown { "CommitUnknown" } else { "Io" };
        faulty.fail_nth(0, fault);
        assert_eq!(name(store.delete(&x)), unknown, "{fault:?}");
        assert_eq!(bytes(&inner, "x").is_none(), is_done, "{fault:?}");
        faulty.fail_nth(0, fault);
        assert_eq!(name(store.make_directories(&x)), unknown);
        faulty.fail_nth(0, fault);
        assert_eq!(name(store.remove_directory(&x)), unknown);
        for read in [
            |store: &BlockingStore| name(store.read(&path("x"), ReadRange::All)),
            |store: &BlockingStore| name(store.list(&StorePath::root())),
            |store: &BlockingStore| name(store.leftovers(&StorePath::root())),
            |store: &BlockingStore| name(store.open_write(&path("x"), PutMode::Always)),
        ] {
            faulty.fail_nth(0, fault);
            assert_eq!(read(&store), "Io", "{fault:?}");
        }
    }
}

#[test]
fn a_sync_that_fails_syncs_or_not() {
    for fault in ALL {
        let volatile = VolatileStore::default();
        let faulty = FaultStore::new(volatile.clone());
        let store = BlockingStore::new(faulty.clone());
        store
            .put_unsynced(&path("x"), b"x", PutMode::IfAbsent)
            .unwrap();
        faulty.fail_nth(0, fault);
        store.sync().unwrap_err();
        let is_synced = volatile.crashes().count() == 1;
        assert_eq!(is_synced, matches!(fault, Fault::After | Fault::Refused));
    }
}

#[cfg(unix)]
mod local {
    use super::{ALL, Fault, FaultStore, name, path};
    use crate::LocalStore;
    use crate::blocking::BlockingStore;
    use crate::path::StorePath;
    use crate::store::PutMode;
    use std::io::Write;

    /// What each fault of `operation` leaves in the directory: objects, and bytes of temporary
    /// files.
    fn left(fault: Fault, operation: &str) -> (usize, Vec<u64>) {
        let directory = tempfile::tempdir().unwrap();
        let inner = LocalStore::open(directory.path()).unwrap();
        let faulty = FaultStore::new(inner.clone());
        let store = BlockingStore::new(faulty.clone());
        let wanted = operation.to_owned();
        faulty.fail_next(move |operation| operation.kind.name() == wanted, fault);
        match operation {
            "put" => _ = store.put(&path("x"), b"12345", PutMode::IfAbsent),
            "drop" => {
                let mut upload = store.open_write(&path("x"), PutMode::IfAbsent).unwrap();
                upload.write_all(b"12345").unwrap();
                faulty.fail_nth(0, fault);
                store.sync().unwrap_err();
                drop(upload);
            }
            _ => {
                let opened = store.open_write(&path("x"), PutMode::IfAbsent);
                if let Ok(mut upload) = opened {
                    let _ = upload.write_all(b"12345");
                    let _ = if operation == "abort" {
                        upload.abort()
                    } else {
                        upload.finish().map(drop)
                    };
                }
            }
        }
        assert!(faulty.has_failed(), "{operation}");
        let inner = BlockingStore::new(inner);
        let root = StorePath::root();
        let objects = inner.list(&root).unwrap().len();
        let leftovers = inner.leftovers(&root).unwrap();
        let sizes = leftovers.iter().map(|left| left.entry.size).collect();
        for leftover in &leftovers {
            assert_eq!(name(inner.delete(&leftover.entry.path)), "Done");
        }
        (objects, sizes)
    }

    #[test]
    fn who_dies_leaves_pieces_and_who_lives_does_not() {
        for (operation, expected) in [
            //          Before     After      Refused    Lost       Torn(2)    Dead
            ("put", [&[][..], &[], &[], &[], &[2], &[]]),
            ("open_write", [&[], &[0], &[0], &[], &[], &[]]),
            ("write", [&[], &[], &[], &[], &[], &[0]]),
            ("finish", [&[], &[], &[], &[5], &[5], &[5]]),
            ("abort", [&[5], &[], &[], &[5], &[5], &[5]]),
            ("drop", [&[], &[], &[], &[], &[], &[5]]),
        ] {
            for (fault, pieces) in ALL.into_iter().zip(expected) {
                let is_published = matches!(fault, Fault::After | Fault::Refused)
                    && matches!(operation, "put" | "finish");
                let expected = (usize::from(is_published), pieces.to_vec());
                assert_eq!(left(fault, operation), expected, "{operation} {fault:?}");
            }
        }
    }
}
