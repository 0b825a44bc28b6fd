//! Threads that encode parts while rows are collected.

use super::put::{Job, Made};
use pq_writer::FileEncoder;
use std::any::Any;
use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// Threads that encode parts. They end when this is dropped, each after the part that it is at.
pub(super) struct Workers {
    /// Of who gives the jobs, and helps.
    own: FileEncoder,
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// There is a job, or no more will come.
    work: Condvar,
    /// A part is made.
    made: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    made: Vec<Made>,
    /// Jobs that threads are at.
    running: usize,
    /// Bytes of the rows of all jobs that are not made yet.
    bytes: usize,
    is_over: bool,
    /// Of a thread.
    panic: Option<Box<dyn Any + Send>>,
}

impl Workers {
    /// A thread for each of the other encoders, or fewer where the system has no more.
    pub(super) fn start(own: FileEncoder, others: Vec<FileEncoder>) -> Self {
        let shared = Arc::new(Shared::default());
        let mut threads = Vec::new();
        for encoder in others {
            let of_thread = Arc::clone(&shared);
            let name = "pq-encode".to_owned();
            let spawned = thread::Builder::new().name(name);
            match spawned.spawn(move || of_thread.work(encoder)) {
                Ok(thread) => threads.push(thread),
                // Whoever gives jobs does them as well.
                Err(_) => break,
            }
        }
        Self {
            own,
            shared,
            threads,
        }
    }

    pub(super) fn give(&self, job: Job) {
        let mut state = self.shared.lock();
        state.bytes += job.memory_bytes();
        state.jobs.push_back(job);
        drop(state);
        self.shared.work.notify_one();
    }

    /// Bytes of the rows of jobs that are not made yet.
    pub(super) fn bytes(&self) -> usize {
        self.shared.lock().bytes
    }

    /// Threads that have nothing to do, if none has.
    pub(super) fn idle(&self) -> usize {
        match self.bytes() {
            0 => self.threads.len(),
            _ => 0,
        }
    }

    /// Gets on with it: does a job that no thread has begun, or waits for one that a thread is at.
    /// False where there is nothing to wait for.
    pub(super) fn help(&mut self) -> bool {
        let mut state = self.shared.lock();
        if let Some(job) = state.jobs.pop_front() {
            drop(state);
            let bytes = job.memory_bytes();
            let made = job.make(&mut self.own);
            let mut state = self.shared.lock();
            state.bytes -= bytes;
            state.made.push(made);
            return true;
        }
        while state.made.is_empty() && state.running > 0 {
            let woken = self.shared.made.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
        !state.made.is_empty()
    }

    /// What was made since.
    ///
    /// # Panics
    ///
    /// If a thread did.
    pub(super) fn made(&self) -> Vec<Made> {
        let mut state = self.shared.lock();
        if let Some(panic) = state.panic.take() {
            drop(state);
            resume_unwind(panic);
        }
        std::mem::take(&mut state.made)
    }
}

impl Shared {
    /// No code under this lock leaves anything half changed.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, mut encoder: FileEncoder) {
        while let Some(job) = self.next() {
            let bytes = job.memory_bytes();
            let made = catch_unwind(AssertUnwindSafe(|| job.make(&mut encoder)));
            let mut state = self.lock();
            state.running -= 1;
            state.bytes -= bytes;
            let is_over = made.is_err();
            match made {
                Ok(made) => state.made.push(made),
                Err(panic) => state.panic = Some(panic),
            }
            drop(state);
            self.made.notify_all();
            if is_over {
                return;
            }
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.is_over {
                return None;
            }
            if let Some(job) = state.jobs.pop_front() {
                state.running += 1;
                return Some(job);
            }
            state = self
                .work
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.work.notify_all();
        for thread in self.threads.drain(..) {
            // A panic was told, or nobody asks any more.
            let _ended = thread.join();
        }
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers")
            .field("threads", &self.threads.len())
            .finish_non_exhaustive()
    }
}
