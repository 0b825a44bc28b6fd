use super::LocalStore;
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{PutMode, ReadRange, Store};
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use tempfile::TempDir;

fn store() -> (TempDir, LocalStore) {
    let directory = tempfile::tempdir().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    (directory, store)
}

fn path(text: &str) -> StorePath {
    StorePath::new(text).unwrap()
}

fn put(
    store: &LocalStore,
    text: &str,
    bytes: &[u8],
    mode: PutMode,
) -> Result<crate::Version, StoreError> {
    pollster::block_on(store.put(&path(text), bytes, mode))
}

fn read(store: &LocalStore, text: &str) -> Result<Vec<u8>, StoreError> {
    pollster::block_on(store.read(&path(text), ReadRange::All)).map(|content| content.bytes)
}

fn list(store: &LocalStore, prefix: &StorePath) -> Result<Vec<String>, StoreError> {
    let entries = pollster::block_on(store.list(prefix))?;
    Ok(entries.iter().map(|entry| entry.path.to_string()).collect())
}

/// Every name below a directory, hidden ones too.
fn everything(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(directory) = pending.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                pending.push(entry.path());
            }
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

fn names(directory: &TempDir) -> Vec<String> {
    let found = everything(directory.path());
    let relative = |path: &PathBuf| path.strip_prefix(directory.path()).unwrap().to_owned();
    found
        .iter()
        .map(|path| relative(path).to_string_lossy().into_owned())
        .collect()
}

fn mode_of(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn open_wants_a_directory() {
    let (directory, _) = store();
    let absent = LocalStore::open(directory.path().join("absent"));
    assert!(matches!(absent, Err(StoreError::NotFound { .. })));
    File::create(directory.path().join("file")).unwrap();
    let file = LocalStore::open(directory.path().join("file"));
    assert!(matches!(file, Err(StoreError::InvalidPath { .. })));
}

#[test]
fn messages_show_the_full_path() {
    let (directory, store) = store();
    put(&store, "d/x", b"1", PutMode::IfAbsent).unwrap();
    let error = put(&store, "d/x", b"2", PutMode::IfAbsent).unwrap_err();
    let expected = format!("{}/d/x: already exists", directory.path().display());
    assert_eq!(error.to_string(), expected);
    let root = store.describe(&StorePath::root());
    assert_eq!(root, directory.path().display().to_string());
    assert_eq!(LocalStore::open("/").unwrap().describe(&path("x")), "/x");
}

#[test]
fn parents_are_made_and_only_the_file_stays() {
    let (directory, store) = store();
    put(&store, "a/b/c/x", b"1", PutMode::IfAbsent).unwrap();
    put(&store, "a/b/c/x", b"2", PutMode::Always).unwrap();
    assert_eq!(names(&directory), ["a", "a/b", "a/b/c", "a/b/c/x"]);
}

#[test]
fn an_abandoned_upload_takes_its_directories_with_it() {
    let (directory, store) = store();
    assert!(pollster::block_on(store.make_directories(&path("a"))).unwrap());
    assert!(!pollster::block_on(store.make_directories(&path("a"))).unwrap());
    for abort in [true, false] {
        let mut upload =
            pollster::block_on(store.open_write(&path("a/b/c/x"), PutMode::Always)).unwrap();
        pollster::block_on(upload.write(b"bytes")).unwrap();
        assert_eq!(names(&directory).len(), 4);
        if abort {
            pollster::block_on(upload.abort()).unwrap();
        } else {
            drop(upload);
        }
        assert_eq!(names(&directory), ["a"]);
    }
    let upload = pollster::block_on(store.open_write(&path("a/b/x"), PutMode::Always)).unwrap();
    drop(upload.finish());
    assert_eq!(names(&directory), ["a"], "a finish that is never polled");
}

#[test]
fn refused_writes_leave_nothing() {
    let (directory, store) = store();
    let version = put(&store, "x", b"1", PutMode::Always).unwrap();
    put(&store, "x", b"2", PutMode::Always).unwrap();
    put(&store, "x", b"late", PutMode::IfVersion(version.clone())).unwrap_err();
    put(&store, "x", b"late", PutMode::IfAbsent).unwrap_err();
    put(&store, "y/z", b"late", PutMode::IfVersion(version)).unwrap_err();
    pollster::block_on(store.open_write(&path("x"), PutMode::IfAbsent)).unwrap_err();
    let upload = pollster::block_on(store.open_write(&path("y"), PutMode::IfAbsent)).unwrap();
    put(&store, "y", b"3", PutMode::Always).unwrap();
    pollster::block_on(upload.finish()).unwrap_err();
    pollster::block_on(store.delete(&path("y"))).unwrap();
    assert_eq!(names(&directory), ["x"]);
    assert_eq!(read(&store, "x").unwrap(), b"2");
}

#[test]
fn a_file_in_the_way_is_named() {
    let (directory, store) = store();
    put(&store, "file", b"1", PutMode::Always).unwrap();
    fs::create_dir(directory.path().join("d")).unwrap();
    for target in ["file/x", "file/a/b/x", "d"] {
        for mode in [PutMode::Always, PutMode::IfAbsent] {
            let error = put(&store, target, b"2", mode).unwrap_err();
            assert!(matches!(error, StoreError::InvalidPath { .. }), "{error}");
        }
        let absent = read(&store, target);
        assert!(matches!(absent, Err(StoreError::NotFound { .. })));
    }
    let made = pollster::block_on(store.make_directories(&path("file/x")));
    assert!(matches!(made, Err(StoreError::InvalidPath { .. })));
    let root = pollster::block_on(store.put(&StorePath::root(), b"", PutMode::Always));
    assert!(matches!(root, Err(StoreError::InvalidPath { .. })));
    assert_eq!(names(&directory), ["d", "file"]);
}

#[test]
fn a_pipe_is_neither_waited_for_nor_replaced() {
    let (directory, store) = store();
    let pipe = directory.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    assert!(matches!(
        read(&store, "pipe"),
        Err(StoreError::InvalidPath { .. })
    ));
    let replaced = put(&store, "pipe", b"", PutMode::Always);
    assert!(matches!(replaced, Err(StoreError::InvalidPath { .. })));
    assert!(list(&store, &StorePath::root()).unwrap().is_empty());
}

#[test]
fn a_read_only_directory_is_a_typed_error() {
    let (directory, store) = store();
    let locked = directory.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, Permissions::from_mode(0o555)).unwrap();
    let put = put(&store, "locked/x", b"1", PutMode::Always);
    let left = everything(&locked).len();
    fs::set_permissions(&locked, Permissions::from_mode(0o755)).unwrap();
    if put.is_ok() {
        return; // Permissions do not bind this user.
    }
    assert!(matches!(put, Err(StoreError::PermissionDenied { .. })));
    assert_eq!(left, 0);
}

#[test]
fn permissions_of_the_replaced_file_are_kept() {
    let (directory, store) = store();
    let file = directory.path().join("x");
    let new = directory.path().join("new");
    put(&store, "x", b"1", PutMode::Always).unwrap();
    File::create(&new).unwrap();
    assert_eq!(
        mode_of(&file),
        mode_of(&new),
        "a new file has the usual mode"
    );
    for mode in [0o600, 0o640, 0o666, 0o755, 0o444] {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        put(&store, "x", b"2", PutMode::Always).unwrap();
        assert_eq!(mode_of(&file), mode);
    }
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    let upload = pollster::block_on(store.open_write(&path("x"), PutMode::Always)).unwrap();
    for path in everything(directory.path()) {
        assert!(path == new || mode_of(&path) == 0o600, "{}", path.display());
    }
    drop(upload);
}

#[test]
fn links_out_of_the_root_are_refused() {
    let (outside, _) = store();
    fs::write(outside.path().join("secret"), b"secret").unwrap();
    fs::create_dir(outside.path().join("empty")).unwrap();
    let (directory, store) = store();
    symlink(outside.path(), directory.path().join("out")).unwrap();
    symlink("..", directory.path().join("up")).unwrap();
    symlink(outside.path().join("secret"), directory.path().join("file")).unwrap();
    symlink("nowhere", directory.path().join("dangling")).unwrap();
    symlink("loop", directory.path().join("loop")).unwrap();

    let invalid = |result: Result<(), StoreError>, what: &str| {
        assert!(
            matches!(
                result,
                Err(StoreError::InvalidPath { .. } | StoreError::Io { .. })
            ),
            "{what}: {result:?}"
        );
    };
    for target in [
        "out/secret",
        "up/x",
        "file",
        "dangling",
        "dangling/x",
        "loop",
        "loop/x",
    ] {
        invalid(read(&store, target).map(drop), "read");
        for mode in [PutMode::Always, PutMode::IfAbsent] {
            invalid(put(&store, target, b"", mode).map(drop), "put");
        }
        let opened = pollster::block_on(store.open_write(&path(target), PutMode::Always));
        invalid(opened.map(drop), "open_write");
    }
    for target in ["out/secret", "up/x", "dangling/x"] {
        invalid(pollster::block_on(store.delete(&path(target))), "delete");
    }
    for target in ["out", "up", "out/empty"] {
        let target = path(target);
        invalid(list(&store, &target).map(drop), "list");
        let made = pollster::block_on(store.make_directories(&target));
        invalid(made.map(drop), "make");
        invalid(
            pollster::block_on(store.remove_directory(&target)),
            "remove",
        );
    }
    put(&store, "own", b"own", PutMode::Always).unwrap();
    let mut upload = pollster::block_on(store.open_write(&path("copy"), PutMode::Always)).unwrap();
    let copied = pollster::block_on(upload.copy_from(&path("out/secret"), 0..6));
    invalid(copied, "copy_from");
    drop(upload);

    assert_eq!(list(&store, &StorePath::root()).unwrap(), ["own"]);
    pollster::block_on(store.make_directories(&path("empty/below"))).unwrap();
    pollster::block_on(store.remove_directory(&path("empty"))).unwrap();
    assert!(names(&directory).contains(&"empty".to_owned()));
    pollster::block_on(store.remove_directory(&path("empty/below"))).unwrap();
    pollster::block_on(store.remove_directory(&path("empty"))).unwrap();
    assert!(!names(&directory).contains(&"empty".to_owned()));
    // The link goes, what it leads to stays.
    pollster::block_on(store.delete(&path("file"))).unwrap();
    assert_eq!(names(&outside), ["empty", "secret"]);
    assert!(!names(&directory).contains(&"file".to_owned()));
}

#[test]
fn links_inside_the_root_are_followed_for_reading() {
    let (directory, store) = store();
    put(&store, "real/x", b"x", PutMode::Always).unwrap();
    symlink("real", directory.path().join("linked")).unwrap();
    symlink(directory.path().join("real/x"), directory.path().join("y")).unwrap();

    assert_eq!(read(&store, "linked/x").unwrap(), b"x");
    assert_eq!(read(&store, "y").unwrap(), b"x");
    put(&store, "linked/new", b"new", PutMode::IfAbsent).unwrap();
    assert_eq!(read(&store, "real/new").unwrap(), b"new");
    let through = put(&store, "y", b"", PutMode::Always);
    assert!(matches!(through, Err(StoreError::InvalidPath { .. })));

    let all = list(&store, &StorePath::root()).unwrap();
    assert_eq!(
        all,
        ["real/new", "real/x", "y"],
        "no directory is listed twice"
    );
    let linked = list(&store, &path("linked")).unwrap();
    assert_eq!(linked, ["linked/new", "linked/x"]);
}

#[test]
fn a_root_that_is_a_link_is_resolved_once() {
    let (directory, _) = store();
    fs::create_dir(directory.path().join("real")).unwrap();
    let link = directory.path().join("link");
    symlink("real", &link).unwrap();
    let store = LocalStore::open(&link).unwrap();
    put(&store, "x", b"x", PutMode::IfAbsent).unwrap();
    assert_eq!(names(&directory), ["link", "real", "real/x"]);
    assert_eq!(
        store.describe(&path("x")),
        link.join("x").display().to_string()
    );
}

#[test]
fn temporary_and_lock_files_are_hidden_and_their_names_kept() {
    let (directory, store) = store();
    fs::write(directory.path().join(".x.0123456789abcdef.pq-tmp"), b"").unwrap();
    fs::write(directory.path().join(".x.pq-lock"), b"").unwrap();
    assert!(list(&store, &StorePath::root()).unwrap().is_empty());
    let kept = put(&store, ".x.pq-tmp", b"", PutMode::Always);
    assert!(matches!(kept, Err(StoreError::InvalidPath { .. })));
    // A lock file that a crash left is in nobody's way, and goes with the next lock.
    put(&store, "x", b"x", PutMode::Always).unwrap();
    assert_eq!(names(&directory), [".x.0123456789abcdef.pq-tmp", "x"]);
}

#[test]
fn leftovers_are_temporary_files_and_their_age() {
    let (directory, store) = store();
    let leftovers = |prefix: &StorePath| pollster::block_on(store.leftovers(prefix)).unwrap();
    put(&store, "d/x", b"x", PutMode::Always).unwrap();
    let mut upload =
        pollster::block_on(store.open_write(&path("d/e/y"), PutMode::IfAbsent)).unwrap();
    pollster::block_on(upload.write(b"four")).unwrap();
    let stale = ".x.0123456789abcdef.pq-tmp";
    for name in [stale, "d/.x.pq-lock", "d/.x.0123.pq-tmp", "d/.other"] {
        fs::write(directory.path().join(name), b"stale").unwrap();
    }
    symlink(stale, directory.path().join(".l.0123456789abcdef.pq-tmp")).unwrap();
    let an_hour = std::time::Duration::from_secs(3600);
    let file = File::open(directory.path().join(stale)).unwrap();
    file.set_modified(std::time::SystemTime::now() - an_hour)
        .unwrap();

    let found = leftovers(&StorePath::root());
    let shown: Vec<_> = found
        .iter()
        .map(|left| (left.entry.path.as_str(), left.entry.size))
        .collect();
    let ours = names(&directory)
        .into_iter()
        .find(|name| name.starts_with("d/e/."))
        .unwrap();
    assert_eq!(shown, [(stale, 5), (ours.as_str(), 4)]);
    let ages: Vec<_> = found.iter().filter_map(|left| left.age).collect();
    assert!(ages[0] >= an_hour && ages[0] < 2 * an_hour, "{ages:?}");
    assert!(ages[1] < an_hour, "{ages:?}");
    let below = leftovers(&path("d"));
    assert_eq!(below.len(), 1);
    assert_eq!(below[0].entry, found[1].entry);
    let age = |name| pollster::block_on(store.age(&path(name))).unwrap();
    assert!(age(stale).unwrap() >= an_hour && age("d/x").unwrap() < an_hour);
    assert_eq!(
        (age("d"), age("none"), age("d/x/below")),
        (None, None, None)
    );

    pollster::block_on(store.delete(&path(stale))).unwrap();
    drop(upload);
    assert!(leftovers(&StorePath::root()).is_empty());
    assert!(leftovers(&path("absent")).is_empty());
    assert!(names(&directory).contains(&"d/.other".to_owned()));
}

#[test]
fn list_names_what_no_path_can_have() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    for name in [&b"\xff"[..], b"a\\b", b"a\nb"] {
        let (directory, store) = store();
        if File::create(directory.path().join(OsStr::from_bytes(name))).is_err() {
            continue; // The file system has only UTF-8.
        }
        let error = list(&store, &StorePath::root()).unwrap_err();
        assert!(matches!(error, StoreError::InvalidPath { .. }), "{error}");
        assert!(!error.to_string().contains('\n'));
    }
}

#[test]
fn a_change_by_another_program_is_a_conflict() {
    let (directory, store) = store();
    let version = put(&store, "x", b"first", PutMode::Always).unwrap();
    fs::write(directory.path().join("x"), b"other").unwrap();
    let late = put(&store, "x", b"late", PutMode::IfVersion(version));
    assert!(matches!(late, Err(StoreError::Conflict { .. })));
    assert_eq!(read(&store, "x").unwrap(), b"other");
}

#[test]
fn two_threads_lose_no_increment() {
    let (directory, store) = store();
    put(&store, "count", b"0", PutMode::Always).unwrap();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let path = path("count");
                for _ in 0..50 {
                    loop {
                        let current =
                            pollster::block_on(store.read(&path, ReadRange::All)).unwrap();
                        let count: u32 = String::from_utf8(current.bytes).unwrap().parse().unwrap();
                        let next = (count + 1).to_string();
                        let mode = PutMode::IfVersion(current.version);
                        match put(&store, "count", next.as_bytes(), mode) {
                            Ok(_) => break,
                            Err(StoreError::Conflict { .. }) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
            });
        }
    });
    assert_eq!(read(&store, "count").unwrap(), b"100");
    assert_eq!(names(&directory), ["count"]);
}

#[test]
fn one_of_sixteen_creates() {
    let (directory, store) = store();
    let (winners, barrier) = (AtomicUsize::new(0), Barrier::new(16));
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                barrier.wait();
                match put(&store, "new/directory/x", b"x", PutMode::IfAbsent) {
                    Ok(_) => _ = winners.fetch_add(1, Ordering::Relaxed),
                    Err(StoreError::AlreadyExists { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            });
        }
    });
    assert_eq!(winners.into_inner(), 1);
    assert_eq!(
        names(&directory),
        ["new", "new/directory", "new/directory/x"]
    );
}

#[test]
fn uploads_survive_who_removes_empty_directories() {
    let (_directory, store) = store();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..100 {
                put(&store, &format!("a/b/{round}/x"), b"x", PutMode::IfAbsent).unwrap();
            }
        });
        while !writer.is_finished() {}
    });
    assert_eq!(list(&store, &path("a")).unwrap().len(), 100);
}
