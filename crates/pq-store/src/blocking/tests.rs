use super::BlockingStore;
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{BoxFuture, Content, Entry, PutMode, ReadRange, Store, Upload, Version};
use crate::testing::conformance;
use crate::{Leftover, MemoryStore};
use std::error::Error;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

/// Ready when another thread says so.
#[derive(Debug, Default)]
struct Nap {
    is_over: Arc<AtomicBool>,
    is_asked: bool,
}

impl Future for Nap {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.is_over.load(Ordering::Acquire) {
            return Poll::Ready(());
        }
        if !self.is_asked {
            self.is_asked = true;
            let (waker, is_over) = (context.waker().clone(), Arc::clone(&self.is_over));
            thread::spawn(move || {
                thread::sleep(Duration::from_micros(50));
                is_over.store(true, Ordering::Release);
                waker.wake();
            });
        }
        Poll::Pending
    }
}

/// A store that lets each call wait for another thread.
#[derive(Clone, Debug, Default)]
struct Sleepy(MemoryStore);

/// Sleeps and then does it.
macro_rules! sleepy {
    ($call:expr) => {
        Box::pin(async move {
            Nap::default().await;
            $call.await
        })
    };
}

impl Store for Sleepy {
    fn read<'a>(
        &'a self,
        path: &'a StorePath,
        range: ReadRange,
    ) -> BoxFuture<'a, Result<Content, StoreError>> {
        sleepy!(self.0.read(path, range))
    }

    fn put<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        sleepy!(self.0.put(path, bytes, mode))
    }

    fn open_write<'a>(
        &'a self,
        path: &'a StorePath,
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Box<dyn Upload>, StoreError>> {
        Box::pin(async move {
            Nap::default().await;
            let upload = self.0.open_write(path, mode).await?;
            Ok(Box::new(SleepyUpload(upload)) as Box<dyn Upload>)
        })
    }

    fn list<'a>(&'a self, prefix: &'a StorePath) -> BoxFuture<'a, Result<Vec<Entry>, StoreError>> {
        sleepy!(self.0.list(prefix))
    }

    fn delete<'a>(&'a self, path: &'a StorePath) -> BoxFuture<'a, Result<(), StoreError>> {
        sleepy!(self.0.delete(path))
    }

    fn leftovers<'a>(
        &'a self,
        prefix: &'a StorePath,
    ) -> BoxFuture<'a, Result<Vec<Leftover>, StoreError>> {
        sleepy!(self.0.leftovers(prefix))
    }

    fn remove_directory<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        sleepy!(self.0.remove_directory(path))
    }

    fn make_directories<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        sleepy!(self.0.make_directories(path))
    }

    fn describe(&self, path: &StorePath) -> String {
        self.0.describe(path)
    }
}

#[derive(Debug)]
struct SleepyUpload(Box<dyn Upload>);

impl Upload for SleepyUpload {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>> {
        sleepy!(self.0.write(bytes))
    }

    fn copy_from<'a>(
        &'a mut self,
        source: &'a StorePath,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        sleepy!(self.0.copy_from(source, range))
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<Version, StoreError>> {
        sleepy!(self.0.finish())
    }

    fn abort(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        sleepy!(self.0.abort())
    }
}

fn path(text: &str) -> StorePath {
    StorePath::new(text).unwrap()
}

#[test]
fn futures_that_other_threads_wake() {
    let store: Arc<dyn Store> = Arc::new(Sleepy::default());
    pollster::block_on(conformance::check(&store));
    conformance::races(store, |future| pollster::block_on(future));
}

#[test]
fn every_call() {
    let store = BlockingStore::new(Sleepy::default());
    let (x, y, root) = (path("d/x"), path("y"), StorePath::root());
    let version = store.put(&x, b"one", PutMode::IfAbsent).unwrap();
    let taken = store.put(&x, b"two", PutMode::IfAbsent);
    assert!(matches!(taken, Err(StoreError::AlreadyExists { .. })));
    store.put_unsynced(&y, b"why", PutMode::Always).unwrap();
    store.sync().unwrap();

    let mut upload = store.open_write(&x, PutMode::IfVersion(version)).unwrap();
    upload.write_all(b"two ").unwrap();
    upload.copy_from(&y, 1..3).unwrap();
    upload.flush().unwrap();
    let version = upload.finish().unwrap();
    let content = store.clone().read(&x, ReadRange::All).unwrap();
    assert_eq!((&content.bytes[..], content.size), (&b"two hy"[..], 6));
    assert_eq!(content.version, version);

    let mut upload = BufWriter::new(store.open_write(&y, PutMode::Always).unwrap());
    for number in 0..1000 {
        writeln!(upload, "{number}").unwrap();
    }
    upload.into_inner().unwrap().finish().unwrap();
    let sizes: Vec<_> = store.list(&root).unwrap().iter().map(|e| e.size).collect();
    assert_eq!(sizes, [6, 3890]);

    store
        .open_write(&y, PutMode::Always)
        .unwrap()
        .abort()
        .unwrap();
    drop(store.open_write(&y, PutMode::Always).unwrap());
    store.delete(&y).unwrap();
    assert_eq!(store.list(&y).unwrap(), []);
    assert_eq!(store.leftovers(&root).unwrap(), []);
    assert!(!store.make_directories(&path("d")).unwrap());
    store.remove_directory(&path("d")).unwrap();
    assert_eq!(store.largest_conditional_put(), None);
    assert_eq!(store.describe(&x), "memory:/d/x");
    let shared = BlockingStore::new(Arc::clone(store.store()));
    assert_eq!(shared.read(&x, ReadRange::Suffix(2)).unwrap().bytes, b"hy");
}

#[test]
fn an_error_of_a_writer_is_the_store_s() {
    let error = io::Error::from(StoreError::from_io(
        "/x",
        "write",
        io::ErrorKind::StorageFull.into(),
    ));
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    assert!(matches!(inner, Some(StoreError::NoSpace { .. })));
    assert!(error.source().is_some());
    assert!(error.to_string().starts_with("/x: cannot write: "));
    let again = io::ErrorKind::Interrupted.into();
    let error = io::Error::from(StoreError::from_io("/x", "write", again));
    assert_eq!(error.kind(), io::ErrorKind::Other, "nobody writes it again");
    let error = io::Error::from(StoreError::NotFound { path: "/y".into() });
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert_eq!(error.to_string(), "/y: not found");
}
