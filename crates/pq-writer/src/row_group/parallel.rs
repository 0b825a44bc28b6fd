//! Several column chunks at once, handed on in the order of the leaves.

use super::chunks::{Done, Work};
use crate::encode::{ChunkEncoder, EncodedChunk};
use crate::error::WriteError;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// One thread an encoder: each takes the next leaf that nobody has. The caller's thread is the
/// first of them, and hands on what is done.
pub(super) fn encode(
    work: Work<'_, '_>,
    encoders: &mut [ChunkEncoder],
    out: &mut Vec<u8>,
    done: &mut Done<'_>,
) -> Result<(), WriteError> {
    let queue = Queue {
        work,
        next: AtomicUsize::new(0),
        ahead: encoders.len() * 2,
        state: Mutex::default(),
        changed: Condvar::new(),
    };
    let Some((own, others)) = encoders.split_first_mut() else {
        return Ok(());
    };
    std::thread::scope(|scope| {
        for encoder in others {
            scope.spawn(|| queue.work_along(encoder));
        }
        // However this ends, the others stop.
        let _stop = StopOnDrop(&queue);
        queue.lead(own, out, done)
    })
}

struct Queue<'w, 'a> {
    work: Work<'w, 'a>,
    /// The next leaf that nobody has.
    next: AtomicUsize,
    /// A thread that is this far ahead waits, so that memory stays bounded.
    ahead: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Chunks that are done and wait for those before them.
    waiting: BTreeMap<usize, Encoded>,
    /// The chunk that is handed on next.
    wanted: usize,
    /// Buffers that are free again.
    buffers: Vec<Vec<u8>>,
    stop: bool,
}

type Encoded = (Result<EncodedChunk, WriteError>, Vec<u8>);

struct StopOnDrop<'q, 'w, 'a>(&'q Queue<'w, 'a>);

impl Drop for StopOnDrop<'_, '_, '_> {
    fn drop(&mut self) {
        self.0.lock().stop = true;
        self.0.changed.notify_all();
    }
}

impl Queue<'_, '_> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        self.changed
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The next leaf, if there is one.
    fn take(&self) -> Option<usize> {
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        (index < self.work.leaves.len()).then_some(index)
    }

    fn encode(&self, index: usize, encoder: &mut ChunkEncoder) {
        let mut buffer = self.lock().buffers.pop().unwrap_or_default();
        if let Some(encoded) = self.work.encode(index, encoder, &mut buffer) {
            self.lock().waiting.insert(index, (encoded, buffer));
            self.changed.notify_all();
        }
    }

    fn work_along(&self, encoder: &mut ChunkEncoder) {
        // A thread that panics must not be waited for.
        let stop_if_unwinding = StopOnDrop(self);
        while let Some(index) = self.take() {
            let mut state = self.lock();
            while !state.stop && index > state.wanted + self.ahead {
                state = self.wait(state);
            }
            if state.stop {
                break;
            }
            drop(state);
            self.encode(index, encoder);
        }
        std::mem::forget(stop_if_unwinding);
    }

    fn lead(
        &self,
        encoder: &mut ChunkEncoder,
        out: &mut Vec<u8>,
        done: &mut Done<'_>,
    ) -> Result<(), WriteError> {
        while let Some(index) = self.take() {
            while index > self.lock().wanted + self.ahead {
                self.hand_on(true, out, done)?;
            }
            self.encode(index, encoder);
            while self.hand_on(false, out, done)? {}
        }
        while self.hand_on(true, out, done)? {}
        Ok(())
    }

    /// Hands on the chunk that is wanted, if it is there or, with `wait`, as soon as it is. False
    /// if it is not or all were handed on.
    fn hand_on(
        &self,
        wait: bool,
        out: &mut Vec<u8>,
        done: &mut Done<'_>,
    ) -> Result<bool, WriteError> {
        let mut state = self.lock();
        let wanted = state.wanted;
        if wanted >= self.work.leaves.len() {
            return Ok(false);
        }
        let (encoded, mut bytes) = loop {
            if let Some(encoded) = state.waiting.remove(&wanted) {
                break encoded;
            }
            if !wait {
                return Ok(false);
            }
            if state.stop {
                return Err(WriteError::Poisoned);
            }
            state = self.wait(state);
        };
        state.wanted += 1;
        drop(state);
        self.changed.notify_all();
        let encoded = encoded?;
        if out.is_empty() {
            std::mem::swap(out, &mut bytes);
        } else {
            out.extend_from_slice(&bytes);
        }
        done(encoded, out)?;
        bytes.clear();
        self.lock().buffers.push(bytes);
        Ok(true)
    }
}
