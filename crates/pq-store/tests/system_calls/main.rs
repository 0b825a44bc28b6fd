//! What `LocalStore` asks of the system, and what it does with errors, by `strace`.
//!
//! Each scenario is run by this binary once more, below `strace`. Where that is not installed, or
//! not allowed, these tests say so and check nothing.
#![cfg(target_os = "linux")]

mod batches;
mod trace;

use pq_store::{LocalStore, PutMode, Store, StoreError, StorePath, Version};

/// What is done below `strace`, and its name.
type Scenario = (&'static str, fn(&LocalStore));

/// The scenarios, run where the variables are set that [`trace::run`] sets.
#[test]
fn scenario() {
    if let Some((name, store)) = trace::asked() {
        let scenarios = batches::SCENARIOS;
        let (_, run) = scenarios.iter().find(|(known, _)| *known == name).unwrap();
        run(&store);
    }
}

fn path(text: &str) -> StorePath {
    StorePath::new(text).unwrap()
}

fn put_unsynced(store: &LocalStore, text: &str, mode: PutMode) -> Result<Version, StoreError> {
    pollster::block_on(store.put_unsynced(&path(text), b"bytes", mode))
}

fn sync(store: &LocalStore) -> Result<(), StoreError> {
    pollster::block_on(store.sync())
}
