//! One runtime of the process, for the stores that need one.

use crate::error::StoreError;
use std::io;
use std::sync::OnceLock;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

const THREADS: usize = 2;
/// The operation that may have changed something.
pub(super) const WRITE: &str = "write";

/// The runtime that all stores share. Its threads start with the first store and end with the
/// process.
pub(super) fn handle() -> Result<&'static Handle, StoreError> {
    static RUNTIME: OnceLock<Result<Runtime, io::ErrorKind>> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("pq-store")
            .enable_all()
            .build()
            .map_err(|error| error.kind())
    });
    match runtime {
        Ok(runtime) => Ok(runtime.handle()),
        Err(kind) => Err(StoreError::Io {
            path: "the threads of the store".into(),
            operation: "start",
            source: (*kind).into(),
        }),
    }
}

/// Runs a future on the runtime, whoever waits for it. If nobody does any more, it goes on.
pub(super) async fn run<T, F>(
    path: String,
    operation: &'static str,
    future: F,
) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, StoreError>> + Send + 'static,
{
    join(path, operation, handle()?.spawn(future)).await
}

/// Waits for a future that runs already.
pub(super) async fn join<T>(
    path: String,
    operation: &'static str,
    task: JoinHandle<Result<T, StoreError>>,
) -> Result<T, StoreError> {
    match task.await {
        Ok(result) => result,
        // The client of the store panicked, with a text that may not be for messages.
        Err(_) => {
            let source = io::Error::other("the client of the store failed unexpectedly");
            Err(match operation {
                WRITE => StoreError::CommitUnknown { path, source },
                operation => StoreError::Io {
                    path,
                    operation,
                    source,
                },
            })
        }
    }
}
