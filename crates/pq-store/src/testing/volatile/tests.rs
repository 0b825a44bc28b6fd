use super::VolatileStore;
use crate::blocking::BlockingStore;
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{PutMode, ReadRange, Version};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// Objects and their bytes, sorted.
type Objects = Vec<(String, Vec<u8>)>;

fn objects(store: VolatileStore) -> Objects {
    let store = BlockingStore::new(store);
    let entries = store.list(&StorePath::root()).unwrap();
    let read = |path: &StorePath| store.read(path, ReadRange::All).unwrap().bytes;
    entries
        .iter()
        .map(|entry| (entry.path.to_string(), read(&entry.path)))
        .collect()
}

fn unsynced(store: &VolatileStore, text: &str, bytes: &[u8], mode: PutMode) -> Version {
    let store = BlockingStore::new(store.clone());
    let path = StorePath::new(text).unwrap();
    store.put_unsynced(&path, bytes, mode).unwrap()
}

fn states(store: &VolatileStore) -> Vec<Objects> {
    store.crashes().map(objects).collect()
}

fn of(expected: &[&[(&str, &[u8])]]) -> Vec<Objects> {
    let object = |(name, bytes): &(&str, &[u8])| ((*name).to_owned(), bytes.to_vec());
    expected
        .iter()
        .map(|state| state.iter().map(object).collect())
        .collect()
}

#[test]
fn a_new_object_may_be_lost_torn_or_there() {
    let store = VolatileStore::default();
    unsynced(&store, "x", b"1234", PutMode::IfAbsent);
    let expected: [&[(&str, &[u8])]; 5] = [
        &[],
        &[("x", b"")],
        &[("x", b"12")],
        &[("x", b"\0\0\0\0")],
        &[("x", b"1234")],
    ];
    assert_eq!(states(&store), of(&expected));
    assert_eq!(objects(store.clone()), of(&expected)[4], "nothing is lost");
    unsynced(&store, "x", b"5", PutMode::Always);
    assert_eq!(states(&store)[..5], of(&expected));
    assert_eq!(states(&store)[5..], of(&[&[("x", b"5")]]));
}

#[test]
fn an_object_that_was_there_is_old_or_new() {
    let store = VolatileStore::default();
    let blocking = BlockingStore::new(store.clone());
    let path = StorePath::new("x").unwrap();
    let version = blocking.put(&path, b"old", PutMode::IfAbsent).unwrap();
    assert_eq!(states(&store), of(&[&[("x", b"old")]]));
    let version = unsynced(&store, "x", b"new", PutMode::IfVersion(version));
    unsynced(&store, "x", b"newer", PutMode::IfVersion(version));
    let expected = of(&[&[("x", b"old")], &[("x", b"new")], &[("x", b"newer")]]);
    assert_eq!(states(&store), expected);
    blocking.sync().unwrap();
    assert_eq!(states(&store), expected[2..]);
}

#[test]
fn what_is_durable_does_not_come_back_or_go() {
    let store = VolatileStore::default();
    let blocking = BlockingStore::new(store.clone());
    let path = |text: &str| StorePath::new(text).unwrap();
    for name in ["put", "finished", "deleted"] {
        unsynced(&store, name, b"old", PutMode::Always);
    }
    blocking.put(&path("put"), b"1", PutMode::Always).unwrap();
    blocking.delete(&path("deleted")).unwrap();
    let mut upload = blocking
        .open_write(&path("finished"), PutMode::Always)
        .unwrap();
    upload.write_all(b"2").unwrap();
    upload.finish().unwrap();
    assert_eq!(states(&store), of(&[&[("finished", b"2"), ("put", b"1")]]));
}

#[test]
fn all_combinations_and_seeded_ones() {
    let store = VolatileStore::default();
    for name in ["a", "b", "c"] {
        unsynced(&store, name, name.as_bytes(), PutMode::IfAbsent);
    }
    // Half of one byte is none.
    let all: BTreeSet<_> = states(&store).into_iter().collect();
    assert_eq!(all.len(), 4 * 4 * 4);
    let seeded: BTreeSet<_> = (0..1000).map(|seed| objects(store.crash(seed))).collect();
    assert_eq!(seeded, all);
    assert_eq!(objects(store.crash(7)), objects(store.crash(7)));
}

/// Puts two parts, and then their names where readers look; how the parts are made durable before
/// that is up to `sync`.
fn commit(store: &VolatileStore, sync: fn(&BlockingStore) -> Result<(), StoreError>) {
    let blocking = BlockingStore::new(store.clone());
    for name in ["part.0", "part.1"] {
        unsynced(store, name, b"rows", PutMode::IfAbsent);
    }
    sync(&blocking).unwrap();
    let list = StorePath::new("list").unwrap();
    let names = b"part.0 part.1";
    blocking.put(&list, names, PutMode::IfAbsent).unwrap();
}

/// Whether each part that the list names is whole.
fn is_sound(crashed: VolatileStore) -> bool {
    let objects: BTreeMap<_, _> = objects(crashed).into_iter().collect();
    let names = objects.get("list").cloned().unwrap_or_default();
    let mut names = names.split(|byte| *byte == b' ').filter(|n| !n.is_empty());
    names.all(|name| {
        let name = String::from_utf8_lossy(name);
        objects.get(&*name).is_some_and(|bytes| bytes == b"rows")
    })
}

#[test]
fn a_commit_without_a_sync_is_found_out() {
    let store = VolatileStore::default();
    commit(&store, BlockingStore::sync);
    assert!(store.crashes().all(is_sound));

    let store = VolatileStore::default();
    commit(&store, |_| Ok(()));
    assert!(is_sound(store.clone()), "as long as nothing crashes");
    // Each part is lost, empty, half, zeros or whole.
    assert_eq!(store.crashes().count(), 25);
    let sound = store.crashes().filter(|crashed| is_sound(crashed.clone()));
    assert_eq!(sound.count(), 1);
    assert!((0..10).any(|seed| !is_sound(store.crash(seed))));
}

#[test]
fn conditions_are_those_of_what_is_seen() {
    let store = VolatileStore::default();
    let version = unsynced(&store, "x", b"1", PutMode::IfAbsent);
    let blocking = BlockingStore::new(store.clone());
    let path = StorePath::new("x").unwrap();
    let taken = blocking.put(&path, b"2", PutMode::IfAbsent);
    assert!(matches!(taken, Err(StoreError::AlreadyExists { .. })));
    assert_eq!(
        store.crashes().count(),
        4,
        "a put that is refused syncs nothing"
    );
    blocking
        .put(&path, b"2", PutMode::IfVersion(version))
        .unwrap();
    assert_eq!(states(&store), of(&[&[("x", b"2")]]));
}
