//! Symbolic links that lead out of the root, from the start or swapped in later.
#![cfg(target_os = "linux")]

use pq_store::blocking::BlockingStore;
use pq_store::{LocalStore, PutMode, ReadRange, StoreError, StorePath};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SECRET: &[u8] = b"secret";
/// Objects of the same names are inside and outside.
const NAMES: [&str; 3] = ["a/b/c/x", "a/b/x", "a/x"];

fn path(text: &str) -> StorePath {
    StorePath::new(text).unwrap()
}

/// A root and a place outside of it.
struct Places {
    directory: TempDir,
    store: BlockingStore,
    before: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

impl Places {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (place, bytes) in [("root", b"inside"), ("outside", b"secret")] {
            for name in NAMES {
                let file = directory.path().join(place).join(name);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, bytes).unwrap();
            }
        }
        fs::create_dir(directory.path().join("outside/a/empty")).unwrap();
        let store = LocalStore::open(directory.path().join("root")).unwrap();
        let before = everything(&directory.path().join("outside"));
        Self {
            directory,
            store: BlockingStore::new(store),
            before,
        }
    }

    fn inside(&self, name: &str) -> PathBuf {
        self.directory.path().join("root").join(name)
    }

    fn outside(&self, name: &str) -> PathBuf {
        self.directory.path().join("outside").join(name)
    }

    /// Puts a link to the place of this name outside where it was inside. That stays inside, under
    /// another name.
    fn link(&self, name: &str) {
        fs::rename(self.inside(name), self.inside("moved")).unwrap();
        symlink(self.outside(name), self.inside(name)).unwrap();
    }

    /// What is outside is as it was.
    fn check(&self, context: &str) {
        let after = everything(&self.outside(""));
        assert_eq!(after, self.before, "{context}");
    }
}

/// Names, and the bytes of files.
fn everything(directory: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap() {
        let place = entry.unwrap().path();
        if place.is_dir() {
            found.extend(everything(&place));
        }
        found.insert(place.clone(), fs::read(place).ok());
    }
    found
}

#[test]
fn a_link_at_any_place_leads_nowhere() {
    for link in ["a", "a/b", "a/b/c", "a/b/c/x"] {
        let places = Places::new();
        places.link(link);
        let store = &places.store;
        let refused = |what: &str, result: Result<(), StoreError>| {
            let is_refused = matches!(result, Err(StoreError::InvalidPath { .. }));
            assert!(is_refused, "{what} with a link at {link}: {result:?}");
            places.check(what);
        };
        let target = path("a/b/c/x");
        for mode in [PutMode::Always, PutMode::IfAbsent] {
            let put = store.put(&target, b"", mode.clone());
            refused("put", put.map(drop));
            let put = store.put_unsynced(&target, b"", mode.clone());
            refused("put_unsynced", put.map(drop));
            let opened = store.open_write(&target, mode);
            refused("open_write", opened.map(drop));
        }
        refused("read", store.read(&target, ReadRange::All).map(drop));
        let mut upload = store.open_write(&path("copy"), PutMode::Always).unwrap();
        refused("copy_from", upload.copy_from(&target, 0..6));
        drop(upload);
        if link != "a/b/c/x" {
            refused("delete", store.delete(&target));
            refused("list", store.list(&path("a/b/c")).map(drop));
            refused("leftovers", store.leftovers(&path("a/b/c")).map(drop));
            let made = store.make_directories(&path("a/b/c/new"));
            refused("make_directories", made.map(drop));
            let removed = store.remove_directory(&path("a/b/c/empty"));
            refused("remove_directory", removed);
        }
        let listed = store.list(&StorePath::root()).unwrap();
        let names = listed.iter().map(|entry| entry.path.as_str());
        let names: Vec<_> = names.filter(|name| !name.starts_with("moved")).collect();
        assert!(
            names.iter().all(|name| !name.starts_with(link)),
            "{names:?}"
        );
        // The link goes, what it leads to stays.
        store.delete(&path(link)).unwrap();
        assert!(fs::symlink_metadata(places.inside(link)).is_err());
        places.check("delete of a link");
    }
}

#[test]
fn a_link_that_comes_during_an_upload_leads_nowhere() {
    for link in ["a", "a/b", "a/b/c", "a/b/c/x"] {
        for mode in ["always", "if absent", "if version"] {
            for end in ["finish", "abort", "drop"] {
                let places = Places::new();
                let target = path("a/b/c/x");
                let read = places.store.read(&target, ReadRange::All).unwrap();
                let mode = match mode {
                    "always" => PutMode::Always,
                    "if version" => PutMode::IfVersion(read.version),
                    _ => {
                        places.store.delete(&target).unwrap();
                        PutMode::IfAbsent
                    }
                };
                let mut upload = places.store.open_write(&target, mode.clone()).unwrap();
                upload.write_all(b"bytes").unwrap();
                if places.inside(link).exists() {
                    places.link(link);
                } else {
                    symlink(places.outside(link), places.inside(link)).unwrap();
                }
                upload.write_all(b" and more").unwrap();
                match end {
                    "finish" => _ = upload.finish().unwrap_err(),
                    "abort" => _ = upload.abort(),
                    _ => drop(upload),
                }
                places.check(&format!("{end} with a link at {link}, {mode:?}"));
            }
        }
    }
}

/// Swaps two names until it is told to stop.
fn swap(left: &Path, right: &Path, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        renameat_with(CWD, left, CWD, right, RenameFlags::EXCHANGE).unwrap();
    }
}

/// Whether the kernel can open a file without following any link.
fn is_supported() -> bool {
    use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
    let resolve = ResolveFlags::NO_SYMLINKS;
    openat2(CWD, ".", OFlags::PATH, Mode::empty(), resolve).is_ok()
}

#[test]
#[allow(clippy::print_stderr, reason = "a test that checks nothing says so")]
fn a_link_that_comes_and_goes_during_calls_leads_to_no_file() {
    if !is_supported() {
        eprintln!("SKIPPED: the kernel has no openat2");
        return;
    }
    for link in ["a", "a/b", "a/b/x"] {
        let places = Places::new();
        let other = places.inside("other");
        symlink(places.outside(link), &other).unwrap();
        let (stop, target) = (AtomicBool::new(false), path("a/b/x"));
        let place = places.inside(link);
        let mut done = [0_u32; 2];
        thread::scope(|scope| {
            let swapper = scope.spawn(|| swap(&place, &other, &stop));
            // Some calls find the link, and some do not.
            let start = Instant::now();
            let is_enough = |done: &[u32]| done.iter().all(|count| *count >= 100);
            for turn in 0.. {
                if is_enough(&done) || start.elapsed() > Duration::from_secs(60) {
                    break;
                }
                let result = match turn % 5 {
                    0 => places
                        .store
                        .put(&target, b"inside", PutMode::Always)
                        .map(drop),
                    1 => places
                        .store
                        .put_unsynced(&target, b"inside", PutMode::IfAbsent)
                        .map(drop),
                    2 if link != "a/b/x" => places.store.delete(&target),
                    _ => places.store.read(&target, ReadRange::All).map(|content| {
                        assert_ne!(content.bytes, SECRET, "a link at {link}");
                    }),
                };
                done[usize::from(result.is_ok())] += 1;
            }
            stop.store(true, Ordering::Relaxed);
            swapper.join().unwrap();
        });
        assert!(done.iter().all(|count| *count > 0), "{link}: {done:?}");
        places.check(link);
    }
}
