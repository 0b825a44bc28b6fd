//! The store over `object_store`'s memory, with what a network and bad servers do to it.

#[cfg(all(feature = "s3", feature = "gcs", feature = "azure"))]
mod canary;
mod faulty;
mod listing;
mod probes;
mod puts;
mod reads;
#[cfg(feature = "s3")]
mod server;
mod uploads;
#[cfg(feature = "s3")]
mod wire;

use super::RemoteStore;
use crate::options::StoreOptions;
use crate::path::StorePath;
use crate::progress::Progress;
use crate::store::{PutMode, ReadRange, Store};
use crate::testing::conformance;
use faulty::Faulty;
use pollster::block_on;
use std::sync::{Arc, Mutex};

/// A store with parts of 16 KiB, two at a time, and one request for up to 64 KiB.
fn small(client: &Arc<Faulty>) -> RemoteStore {
    with(client, small_options())
}

fn small_options() -> StoreOptions {
    let options = [
        ("part_size", "16KiB"),
        ("upload_concurrency", "2"),
        ("conditional_put_bytes", "64KiB"),
        ("max_retries", "2"),
    ];
    options.into_iter().collect()
}

fn with(client: &Arc<Faulty>, options: StoreOptions) -> RemoteStore {
    let client = Arc::clone(client);
    RemoteStore::new(client, "s3://bucket/", &options).unwrap()
}

/// Options that write down what happens.
fn watched() -> (StoreOptions, Arc<Mutex<Vec<Progress>>>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&events);
    let options = small_options().on_progress(move |event| {
        seen.lock().unwrap().push(event.clone());
    });
    (options, events)
}

fn path(text: &str) -> StorePath {
    StorePath::new(text).unwrap()
}

fn read(store: &RemoteStore, text: &str) -> Vec<u8> {
    let path = path(text);
    block_on(store.read(&path, ReadRange::All)).unwrap().bytes
}

#[test]
fn conforms() {
    let store = small(&Faulty::new());
    block_on(conformance::check(&store));
    conformance::races(Arc::new(store), |future| block_on(future));
}

#[test]
fn conforms_where_conditions_are_not_used_and_nobody_else_writes() {
    let client = Faulty::new();
    client.ignore_conditions();
    let options = small_options().set("conditional_put", "last_writer_wins");
    block_on(conformance::check(&with(&client, options)));
}

#[test]
fn nothing_but_the_place_is_shown() {
    let store = small(&Faulty::new());
    assert_eq!(
        format!("{store:?}"),
        "RemoteStore { url: \"s3://bucket\", .. }"
    );
    assert_eq!(store.describe(&path("a/b")), "s3://bucket/a/b");
    let upload = block_on(store.open_write(&path("x"), PutMode::Always)).unwrap();
    assert_eq!(
        format!("{upload:?}"),
        "RemoteUpload { path: \"s3://bucket/x\", bytes: 0, .. }"
    );
}

#[test]
fn options_of_others_are_refused() {
    let options = StoreOptions::new().set("region", "here");
    let error = RemoteStore::new(Faulty::new(), "s3://b", &options).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("option region: is not one of ")
    );
}

#[test]
fn a_client_that_panics_is_an_error() {
    let client = Faulty::new();
    let store = small(&client);
    client.panic_on("get");
    let error = block_on(store.read(&path("x"), ReadRange::All)).unwrap_err();
    assert!(error.to_string().contains("failed unexpectedly"), "{error}");
}
