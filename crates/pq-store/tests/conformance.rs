//! The stores against the conformance suite.

use pq_store::testing::VolatileStore;
use pq_store::testing::conformance;
use pq_store::testing::fault::FaultStore;
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

#[test]
fn volatile_and_without_a_fault() {
    conforms(Arc::new(FaultStore::new(VolatileStore::default())));
}

#[cfg(unix)]
#[test]
fn local() {
    let directory = tempfile::tempdir().unwrap();
    let store = pq_store::LocalStore::open(directory.path()).unwrap();
    conforms(Arc::new(FaultStore::new(store.clone())));
    conforms(Arc::new(store));
    // Nothing stays: no object, no temporary file, no lock, no directory of a check.
    let left: Vec<_> = std::fs::read_dir(directory.path().join("conformance"))
        .unwrap()
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
