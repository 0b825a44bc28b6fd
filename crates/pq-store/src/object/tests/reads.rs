//! Reads of objects that others replace meanwhile.

use super::faulty::Faulty;
use super::{path, small};
use crate::error::StoreError;
use crate::store::{PutMode, ReadRange, Store};
use pollster::block_on;

#[test]
fn a_suffix_is_of_one_state_where_it_takes_two_requests() {
    let client = Faulty::new();
    client.have_no_suffixes();
    let store = small(&client);
    let old = vec![7; 1000];
    block_on(store.put(&path("x"), &old, PutMode::Always)).unwrap();
    let read = |range| block_on(store.read(&path("x"), range)).unwrap();
    assert_eq!(read(ReadRange::Suffix(10)).bytes, old[990..]);
    assert_eq!(read(ReadRange::Suffix(5000)).bytes, old);
    // Replaced by seven bytes when its size is known.
    client.replace_after(0);
    let content = read(ReadRange::Suffix(3));
    assert_eq!((&*content.bytes, content.size), (&b"her"[..], 7));
}

#[test]
fn a_copy_of_a_source_that_is_replaced_is_an_error() {
    let client = Faulty::new();
    let store = small(&client);
    let source = vec![7; 200_000];
    block_on(store.put(&path("source"), &source, PutMode::Always)).unwrap();
    let mut upload = block_on(store.open_write(&path("x"), PutMode::Always)).unwrap();
    // After its size was asked for, and a few pieces read.
    client.replace_after(4);
    let copied = block_on(upload.copy_from(&path("source"), 0..200_000));
    let error = copied.unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
    assert!(block_on(upload.finish()).is_err());
    assert_eq!(client.names(), ["source"]);
}

#[test]
fn a_range_that_ends_outside_is_refused_although_stores_clip_it() {
    let store = small(&Faulty::new());
    block_on(store.put(&path("x"), b"12345", PutMode::Always)).unwrap();
    let error = block_on(store.read(&path("x"), ReadRange::Bytes(2..6))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "s3://bucket/x: bytes 2..6 do not lie in its 5 bytes"
    );
}
