//! Several writers at once.

use super::{Room, good};
use crate::{BoxFuture, PutMode, ReadRange, Store, StoreError};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

const CREATORS: usize = 16;
const COUNTERS: usize = 4;
const INCREMENTS: usize = 25;

/// Threads that write the same object: of those that create it one wins, of those that increment
/// a number in it no increment is lost, and readers see whole objects. `block_on` runs a future
/// to its end on the thread that calls it.
///
/// # Panics
///
/// With what the store did instead.
pub fn races(store: Arc<dyn Store>, block_on: fn(BoxFuture<'_, ()>)) {
    let store = &*store;
    for round in 0..4 {
        creators(store, block_on, round);
    }
    counters(store, block_on);
    readers(store, block_on);
}

fn creators(store: &dyn Store, block_on: fn(BoxFuture<'_, ()>), round: usize) {
    let name = format!("create-race-{round}");
    let winners = AtomicUsize::new(0);
    let barrier = Barrier::new(CREATORS);
    thread::scope(|scope| {
        for writer in 0..CREATORS {
            let (winners, barrier, name) = (&winners, &barrier, &name);
            scope.spawn(move || {
                barrier.wait();
                block_on(Box::pin(async move {
                    let path = super::path(&format!("conformance/{name}/d/x"));
                    let bytes = vec![writer as u8; 1000];
                    match store.put(&path, &bytes, PutMode::IfAbsent).await {
                        Ok(_) => {
                            winners.fetch_add(1, Ordering::Relaxed);
                            let content = store.read(&path, ReadRange::All).await;
                            let content = good(content, "read of what was created");
                            assert!(content.bytes == bytes, "the loser's bytes are there");
                        }
                        Err(StoreError::AlreadyExists { .. }) => {}
                        Err(error) => panic!("put if absent in a race: {error}"),
                    }
                }));
            });
        }
    });
    let winners = winners.into_inner();
    assert_eq!(winners, 1, "put if absent: {winners} of {CREATORS} won");
    block_on(Box::pin(clear(store, format!("create-race-{round}"))));
}

fn counters(store: &dyn Store, block_on: fn(BoxFuture<'_, ()>)) {
    let path = &super::path("conformance/count-race/x");
    block_on(Box::pin(async move {
        let created = store.put(path, b"0", PutMode::IfAbsent).await;
        good(created, "put of the counter");
    }));
    thread::scope(|scope| {
        for _ in 0..COUNTERS {
            scope.spawn(move || {
                block_on(Box::pin(async move {
                    for _ in 0..INCREMENTS {
                        increment(store, path).await;
                    }
                }));
            });
        }
    });
    block_on(Box::pin(async move {
        let count = good(
            store.read(path, ReadRange::All).await,
            "read of the counter",
        );
        let expected = (COUNTERS * INCREMENTS).to_string().into_bytes();
        assert_eq!(count.bytes, expected, "put if version: increments are lost");
        clear(store, "count-race".into()).await;
    }));
}

async fn increment(store: &dyn Store, path: &crate::StorePath) {
    loop {
        let current = good(store.read(path, ReadRange::All).await, "read of a counter");
        let text = String::from_utf8_lossy(&current.bytes).into_owned();
        let Ok(count) = text.parse::<usize>() else {
            panic!("read of a counter: {text:?}")
        };
        let next = (count + 1).to_string();
        let mode = PutMode::IfVersion(current.version);
        match store.put(path, next.as_bytes(), mode).await {
            Ok(_) => return,
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => panic!("put if version in a race: {error}"),
        }
    }
}

fn readers(store: &dyn Store, block_on: fn(BoxFuture<'_, ()>)) {
    let path = &super::path("conformance/read-race/x");
    let put = async move |byte: u8| {
        let bytes = vec![byte; 10_000 + usize::from(byte)];
        good(store.put(path, &bytes, PutMode::Always).await, "put");
    };
    block_on(Box::pin(async move { put(0).await }));
    thread::scope(|scope| {
        scope.spawn(move || {
            block_on(Box::pin(async move {
                for byte in 1..50 {
                    put(byte).await;
                }
            }));
        });
        scope.spawn(move || {
            block_on(Box::pin(async move {
                for _ in 0..200 {
                    let content = good(store.read(path, ReadRange::All).await, "read");
                    let byte = content.bytes.first().copied().unwrap_or_default();
                    let whole = content.bytes.len() == 10_000 + usize::from(byte)
                        && content.bytes.iter().all(|other| *other == byte);
                    assert!(whole, "a reader saw half an object");
                }
            }));
        });
    });
    block_on(Box::pin(clear(store, "read-race".into())));
}

async fn clear(store: &dyn Store, name: String) {
    let room = Room::of(store, &name);
    let listed = room.list().await;
    assert_eq!(
        listed.len(),
        1,
        "{name}: not one object is listed: {listed:?}"
    );
    room.empty().await;
}
