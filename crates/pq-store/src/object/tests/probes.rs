//! Stores that do not heed conditions.

use super::faulty::Faulty;
use super::{path, read, small, small_options, with};
use crate::error::StoreError;
use crate::store::{PutMode, Store};
use pollster::block_on;
use std::sync::Arc;
use std::sync::atomic::Ordering;

fn create(store: &super::RemoteStore) -> Result<(), StoreError> {
    block_on(store.put(&path("d/x"), b"new", PutMode::IfAbsent)).map(drop)
}

fn refuses_to_create(client: &Arc<Faulty>, reason: &str) {
    let store = small(client);
    for _ in 0..2 {
        let error = create(&store).unwrap_err();
        assert!(matches!(error, StoreError::Unsafe { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(reason), "{text}");
        assert!(text.contains("conditional_put=last_writer_wins"), "{text}");
    }
    let opened = block_on(store.open_write(&path("d/x"), PutMode::IfAbsent));
    assert!(matches!(opened, Err(StoreError::Unsafe { .. })));
    assert_eq!(client.names(), [""; 0], "something was written");
    // Without a condition all is well.
    block_on(store.put(&path("d/x"), b"new", PutMode::Always)).unwrap();
    assert_eq!(read(&store, "d/x"), b"new");
}

#[test]
fn one_that_overwrites_is_refused() {
    let client = Faulty::new();
    client.ignore_conditions();
    refuses_to_create(&client, "overwrites objects that were to be created");
    let trusting = with(&client, small_options().set("conditional_put", "trust"));
    block_on(trusting.delete(&path("d/x"))).unwrap();
    create(&trusting).unwrap();
    create(&trusting).unwrap();
}

#[test]
fn one_that_loses_metadata_is_refused() {
    let client = Faulty::new();
    client.lose_metadata();
    refuses_to_create(&client, "does not keep the metadata");
}

#[test]
fn one_that_only_creates_safely_may_create() {
    let client = Faulty::new();
    client.ignore_updates();
    let store = small(&client);
    let version = block_on(store.put(&path("x"), b"old", PutMode::IfAbsent)).unwrap();
    let update = block_on(store.put(&path("x"), b"new", PutMode::IfVersion(version)));
    let error = update.unwrap_err();
    assert!(matches!(error, StoreError::Unsafe { .. }), "{error}");
    assert_eq!(read(&store, "x"), b"old");
}

#[test]
fn a_store_is_probed_once() {
    let client = Faulty::new();
    let store = small(&client);
    create(&store).unwrap();
    let probed = client.puts.load(Ordering::Relaxed);
    block_on(store.put(&path("y"), b"new", PutMode::IfAbsent)).unwrap();
    assert_eq!(client.puts.load(Ordering::Relaxed), probed + 1);
    assert_eq!(client.names(), ["d/x", "y"]);
}

#[test]
fn a_probe_that_could_not_be_made_is_made_again() {
    let client = Faulty::new();
    let store = small(&client);
    client.plan([super::faulty::Fault::Before]);
    let error = create(&store).unwrap_err();
    assert!(matches!(error, StoreError::Io { .. }), "{error}");
    create(&store).unwrap();
}

#[test]
fn large_uploads_are_refused_before_their_bytes_are_sent() {
    let client = Faulty::new();
    client.have_no_copies();
    let store = small(&client);
    let bytes = vec![7; 100_000];
    let mut upload = block_on(store.open_write(&path("x"), PutMode::IfAbsent)).unwrap();
    let error = block_on(upload.write(&bytes)).unwrap_err();
    assert!(matches!(error, StoreError::Unsupported { .. }), "{error}");
    assert!(
        error.to_string().contains("conditional_put_bytes"),
        "{error}"
    );
    // It stays that way.
    assert!(matches!(
        block_on(upload.finish()),
        Err(StoreError::Io { .. })
    ));
    assert_eq!(client.parts.most.load(Ordering::SeqCst), 0);
    assert_eq!(client.names(), [""; 0]);
}
