//! Several writers at once.

use super::{Room, good};
use crate::{BoxFuture, PutMode, ReadRange, Store, StoreError, StorePath, Version};
use std::sync::{Arc, Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;

const WRITERS: usize = 16;
const COUNTERS: usize = 8;
const INCREMENTS: usize = 10;

/// Threads that write the same object: of those that create it, or replace the same version of it,
/// by whatever call, one wins; of those that increment a number in it no increment is lost; and
/// readers see whole objects. `block_on` runs a future to its end on the thread that calls it.
///
/// # Panics
///
/// With what the store did instead.
pub fn races(store: Arc<dyn Store>, block_on: fn(BoxFuture<'_, ()>)) {
    let store = &*store;
    for call in [Call::Put, Call::PutUnsynced, Call::Upload] {
        one_wins(store, block_on, call, false);
        one_wins(store, block_on, call, true);
    }
    counters(store, block_on);
    readers(store, block_on);
}

/// The ways to write an object.
#[derive(Clone, Copy, Debug)]
enum Call {
    Put,
    PutUnsynced,
    Upload,
}

impl Call {
    async fn write(
        self,
        store: &dyn Store,
        path: &StorePath,
        bytes: &[u8],
        mode: PutMode,
    ) -> Result<Version, StoreError> {
        match self {
            Self::Put => store.put(path, bytes, mode).await,
            Self::PutUnsynced => store.put_unsynced(path, bytes, mode).await,
            Self::Upload => {
                let mut upload = store.open_write(path, mode).await?;
                upload.write(bytes).await?;
                upload.finish().await
            }
        }
    }
}

fn one_wins(store: &dyn Store, block_on: fn(BoxFuture<'_, ()>), call: Call, is_there: bool) {
    let name = format!("race-{call:?}-{is_there}").to_lowercase();
    let path = &super::path(&format!("conformance/{name}/d/x"));
    let mode = Mutex::new(PutMode::IfAbsent);
    if is_there {
        let mode = &mode;
        block_on(Box::pin(async move {
            let put = store.put(path, b"replaced", PutMode::IfAbsent).await;
            *lock(mode) = PutMode::IfVersion(good(put, "put"));
        }));
    }
    let (winners, barrier) = (Mutex::new(Vec::new()), Barrier::new(WRITERS));
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (winners, barrier, mode) = (&winners, &barrier, lock(&mode).clone());
            scope.spawn(move || {
                barrier.wait();
                block_on(Box::pin(async move {
                    let bytes = vec![writer as u8; 1000];
                    match call.write(store, path, &bytes, mode).await {
                        Ok(version) => lock(winners).push((bytes, version)),
                        Err(StoreError::AlreadyExists { .. }) if !is_there => {}
                        Err(StoreError::Conflict { .. }) if is_there => {}
                        Err(error) => panic!("a race for {path}: {error}"),
                    }
                }));
            });
        }
    });
    let winners = winners.into_inner().unwrap_or_else(PoisonError::into_inner);
    let count = winners.len();
    assert_eq!(count, 1, "{name}: {count} of {WRITERS} won");
    block_on(Box::pin(async move {
        for (bytes, version) in winners {
            let content = good(store.read(path, ReadRange::All).await, "read");
            assert!(content.bytes == bytes, "{name}: a loser's bytes are there");
            assert_eq!(content.version, version, "{name}: another's version");
        }
        clear(store, name).await;
    }));
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

async fn increment(store: &dyn Store, path: &StorePath) {
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
    let count = listed.len();
    assert_eq!(count, 1, "{name}: not one object is listed: {listed:?}");
    room.empty().await;
}
