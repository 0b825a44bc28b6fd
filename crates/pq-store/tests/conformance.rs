//! Both stores against the conformance suite.

use pq_store::testing::conformance;
use pq_store::{MemoryStore, Store};
use std::sync::Arc;

fn conforms(store: Arc<dyn Store>) {
    pollster::block_on(conformance::check(&*store));
    conformance::races(store, |future| pollster::block_on(future));
}

#[test]
fn memory() {
    conforms(Arc::new(MemoryStore::default()));
}

#[cfg(unix)]
#[test]
fn local() {
    let directory = tempfile::tempdir().unwrap();
    let store = pq_store::LocalStore::open(directory.path()).unwrap();
    conforms(Arc::new(store));
    // Nothing stays: no object, no temporary file, no lock, no directory of a check.
    let left: Vec<_> = std::fs::read_dir(directory.path().join("conformance"))
        .unwrap()
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
