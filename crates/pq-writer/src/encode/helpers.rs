//! Threads that have nothing to do, and memory that is used again.

use super::tools::Tools;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes in pieces of a few pages: what was one chunk can be used by others, so no more is taken
/// from the system than there is at a time.
pub(crate) type Blocks = Vec<Vec<u8>>;

/// Who may help with the pages of a large chunk. Without anyone, which is the default, one thread
/// makes them all.
#[derive(Debug, Default)]
pub(crate) struct Helpers {
    /// How many threads are free.
    threads: AtomicUsize,
    tools: Mutex<Vec<Tools>>,
    blocks: Mutex<Blocks>,
}

impl Helpers {
    /// A thread has nothing to do any more.
    pub(crate) fn add(&self) {
        self.threads.fetch_add(1, Ordering::Relaxed);
    }

    /// Nobody is free, as those who were are gone.
    #[cfg(feature = "parallel")]
    pub(crate) fn dismiss(&mut self) {
        *self.threads.get_mut() = 0;
    }

    /// Takes a thread that is free; the caller starts it, and [`add`](Self::add)s it again.
    pub(super) fn take(&self) -> bool {
        let less = |threads: usize| threads.checked_sub(1);
        self.threads
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }

    /// Does some work with tools that were used before.
    pub(super) fn with_tools<T>(&self, work: impl FnOnce(&mut Tools) -> T) -> T {
        let mut tools = lock(&self.tools).pop().unwrap_or_default();
        let done = work(&mut tools);
        lock(&self.tools).push(tools);
        done
    }

    /// An empty block.
    pub(crate) fn block(&self) -> Vec<u8> {
        lock(&self.blocks).pop().unwrap_or_default()
    }

    /// Takes a block back.
    pub(crate) fn give_back(&self, mut block: Vec<u8>) {
        block.clear();
        lock(&self.blocks).push(block);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
