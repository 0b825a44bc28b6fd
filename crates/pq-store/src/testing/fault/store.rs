//! The store around another one.

use super::Fault;
use super::log::{Log, Operation, OperationKind};
use super::state::{Due, Late, Shared, Ticket};
use super::upload::FaultUpload;
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{
    BoxFuture, Content, Entry, Leftover, PutMode, ReadRange, Store, Upload, Version,
};
use std::fmt;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

/// A store that does what another one does, takes note of it, and lets one operation fail.
///
/// Operations are those of [`Store`] and [`Upload`] that return futures; they count when they are
/// polled for the first time. What happens depends on nothing but the calls: the same calls give
/// the same log. A clone shares the log and what is to fail.
#[derive(Clone)]
pub struct FaultStore {
    inner: Arc<dyn Store>,
    shared: Shared,
}

impl fmt::Debug for FaultStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultStore")
            .field("inner", &self.inner)
            .field("operations", &self.count())
            .finish()
    }
}

impl FaultStore {
    /// The store `inner`, so far without a fault.
    pub fn new(inner: impl Store + 'static) -> Self {
        Self {
            inner: Arc::new(inner),
            shared: Shared::default(),
        }
    }

    /// Lets the `n`-th operation from now on fail: 0 is the next one. There is one fault at a
    /// time; this replaces one that was not due yet.
    pub fn fail_nth(&self, n: usize, fault: Fault) {
        self.shared.fail(Due::At(n), fault);
    }

    /// Lets the next operation fail that `is_like` is true for. There is one fault at a time; this
    /// replaces one that was not due yet.
    pub fn fail_next(
        &self,
        is_like: impl FnMut(&Operation) -> bool + Send + 'static,
        fault: Fault,
    ) {
        self.shared.fail(Due::Like(Box::new(is_like)), fault);
    }

    /// Whether an operation was made to fail since one was last told to.
    pub fn has_failed(&self) -> bool {
        self.shared.has_failed()
    }

    /// From now on nothing fails.
    pub fn revive(&self) {
        self.shared.revive();
    }

    /// Lets the puts and finishes arrive that were [`Lost`](Fault::Lost), and says what came of
    /// them. They are no operations of this store.
    pub async fn deliver(&self) -> Vec<Result<Version, StoreError>> {
        let mut arrived = Vec::new();
        for late in self.shared.take_late() {
            arrived.push(match late {
                Late::Put { path, bytes, mode } => self.inner.put(&path, &bytes, mode).await,
                Late::Upload(upload) => upload.finish().await,
            });
        }
        arrived
    }

    /// What was asked for so far.
    pub fn log(&self) -> Log {
        self.shared.log()
    }

    /// How many operations there were so far.
    pub fn count(&self) -> usize {
        self.shared.log().operations().len()
    }

    fn begin(&self, kind: OperationKind, path: &StorePath) -> Ticket {
        self.shared.begin(Operation::new(kind, path))
    }

    /// A put of either kind, that `effect` does.
    async fn put_with(
        &self,
        kind: OperationKind,
        path: &StorePath,
        bytes: &[u8],
        mode: PutMode,
        effect: impl Future<Output = Result<Version, StoreError>>,
    ) -> Result<Version, StoreError> {
        let operation = Operation::new(kind, path)
            .with_mode(&mode)
            .with_bytes(bytes.len() as u64);
        let ticket = self.shared.begin(operation);
        match ticket.fault {
            Some(Fault::Torn(at)) => {
                if let Ok(mut upload) = self.inner.open_write(path, mode).await {
                    let _unheard = upload.write(&bytes[..at.min(bytes.len())]).await;
                    // As a process that dies here leaves it.
                    mem::forget(upload);
                }
            }
            Some(Fault::Lost) => self.shared.keep(Late::Put {
                path: path.clone(),
                bytes: bytes.to_vec(),
                mode,
            }),
            _ => {}
        }
        ticket.run(self.describe(path), effect).await
    }
}

impl Store for FaultStore {
    fn read<'a>(
        &'a self,
        path: &'a StorePath,
        range: ReadRange,
    ) -> BoxFuture<'a, Result<Content, StoreError>> {
        Box::pin(async move {
            let ticket = self.begin(OperationKind::Read, path);
            let effect = self.inner.read(path, range);
            ticket.run(self.describe(path), effect).await
        })
    }

    fn put<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        let effect = self.inner.put(path, bytes, mode.clone());
        Box::pin(self.put_with(OperationKind::Put, path, bytes, mode, effect))
    }

    fn put_unsynced<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        let effect = self.inner.put_unsynced(path, bytes, mode.clone());
        Box::pin(self.put_with(OperationKind::PutUnsynced, path, bytes, mode, effect))
    }

    fn sync(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let root = StorePath::root();
            let ticket = self.begin(OperationKind::Sync, &root);
            ticket.run(self.describe(&root), self.inner.sync()).await
        })
    }

    fn open_write<'a>(
        &'a self,
        path: &'a StorePath,
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Box<dyn Upload>, StoreError>> {
        Box::pin(async move {
            let operation = Operation::new(OperationKind::OpenWrite, path).with_mode(&mode);
            let ticket = self.shared.begin(operation);
            let shown = self.describe(path);
            if let Some(Fault::After | Fault::Refused) = ticket.fault {
                if let Ok(upload) = self.inner.open_write(path, mode).await {
                    // Open, and nobody has it.
                    mem::forget(upload);
                }
                return ticket.fail(shown);
            }
            let effect = self.inner.open_write(path, mode.clone());
            let upload = ticket.run(shown.clone(), effect).await?;
            let shared = self.shared.clone();
            let upload = FaultUpload::new(upload, shared, path.clone(), mode, shown);
            Ok(Box::new(upload) as Box<dyn Upload>)
        })
    }

    fn list<'a>(&'a self, prefix: &'a StorePath) -> BoxFuture<'a, Result<Vec<Entry>, StoreError>> {
        Box::pin(async move {
            let ticket = self.begin(OperationKind::List, prefix);
            let effect = self.inner.list(prefix);
            ticket.run(self.describe(prefix), effect).await
        })
    }

    fn delete<'a>(&'a self, path: &'a StorePath) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let ticket = self.begin(OperationKind::Delete, path);
            let effect = self.inner.delete(path);
            ticket.run(self.describe(path), effect).await
        })
    }

    fn leftovers<'a>(
        &'a self,
        prefix: &'a StorePath,
    ) -> BoxFuture<'a, Result<Vec<Leftover>, StoreError>> {
        Box::pin(async move {
            let ticket = self.begin(OperationKind::Leftovers, prefix);
            let effect = self.inner.leftovers(prefix);
            ticket.run(self.describe(prefix), effect).await
        })
    }

    fn age<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<Option<Duration>, StoreError>> {
        Box::pin(async move {
            let ticket = self.begin(OperationKind::Age, path);
            let effect = self.inner.age(path);
            ticket.run(self.describe(path), effect).await
        })
    }

    fn largest_conditional_put(&self) -> Option<u64> {
        self.inner.largest_conditional_put()
    }

    fn remove_directory<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let ticket = self.begin(OperationKind::RemoveDirectory, path);
            let effect = self.inner.remove_directory(path);
            ticket.run(self.describe(path), effect).await
        })
    }

    fn make_directories<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let ticket = self.begin(OperationKind::MakeDirectories, path);
            let effect = self.inner.make_directories(path);
            ticket.run(self.describe(path), effect).await
        })
    }

    fn describe(&self, path: &StorePath) -> String {
        self.inner.describe(path)
    }
}
