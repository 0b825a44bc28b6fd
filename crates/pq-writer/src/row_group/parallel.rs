//! Several column chunks at once, handed on in the order of the leaves.

use super::chunks::{Sink, Work};
use crate::batch::Strings;
use crate::encode::{Blocks, ChunkEncoder, EncodedChunk, Helpers, Output};
use crate::error::WriteError;
use crate::nested::{LeafPiece, Shredded};
use crate::schema::Leaf;
use pq_format::Type;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What `make` makes of `0 .. count`, on so many threads, in order.
pub(super) fn each<T: Send>(
    threads: usize,
    count: usize,
    make: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut made = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return made;
            }
            made.push((index, make(index)));
        }
    };
    let mut all = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for other in others {
            match other.join() {
                Ok(made) => all.extend(made),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, made)| made).collect()
}

/// One thread an encoder. The caller's takes the first chunk that nobody has, which mostly can go
/// out while it is made, and hands on what the others have done. These take the largest one, so that
/// none is left to one thread at the end.
pub(super) fn encode(
    work: Work<'_, '_>,
    encoders: &mut [ChunkEncoder],
    helpers: &mut Helpers,
    out: &mut Vec<u8>,
    sink: &mut dyn Sink,
) -> Result<(), WriteError> {
    helpers.dismiss();
    let helpers = &*helpers;
    let leaves = work.leaves.iter().zip(work.shredded);
    let sizes: Vec<usize> = leaves.map(|(leaf, rows)| size(leaf, rows)).collect();
    let mut by_size: Vec<usize> = (0..sizes.len()).collect();
    // The largest last: they are taken from there. Of equal ones the first is the last.
    by_size.sort_by_key(|&index| (sizes.get(index).copied(), std::cmp::Reverse(index)));
    let total = sizes
        .iter()
        .fold(0, |total: usize, size| total.saturating_add(*size));
    let queue = Queue {
        work,
        most_bytes: MOST_BYTES.max(total / 4),
        helpers,
        state: Mutex::new(State {
            is_taken: vec![false; sizes.len()],
            by_size,
            ..State::default()
        }),
        sizes,
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
        queue.lead(own, out, sink)
    })
}

/// About how many bytes a chunk takes, PLAIN.
fn size(leaf: &Leaf, rows: &Shredded<'_>) -> usize {
    let width = match leaf.physical {
        Type::BOOLEAN => 1,
        Type::INT32 | Type::FLOAT => 4,
        Type::INT64 | Type::DOUBLE => 8,
        Type::BYTE_ARRAY => {
            let lens = rows.pieces.iter().map(string_len);
            4 + lens.max().unwrap_or(0)
        }
        _ => leaf.fixed_width(),
    };
    rows.levels.values.saturating_mul(width)
}

/// About how long the byte strings of a piece are; those of dictionaries are not written.
fn string_len(piece: &LeafPiece<'_>) -> usize {
    const FEW: usize = 64;
    let Some(strings) = Strings::of(&piece.column.values) else {
        return 0;
    };
    let rows = piece.column.len();
    let few = rows.min(FEW);
    let at = |index: usize| index * (rows / few.max(1));
    let lens = (0..few).filter_map(|index| Some(strings.get(at(index))?.as_bytes().len()));
    lens.sum::<usize>() / few.max(1)
}

/// The most bytes of chunks that wait for those before them or are being made to wait, as far as
/// they can be estimated; or a quarter of the row group if that is more, so that all threads have
/// work.
const MOST_BYTES: usize = 64 << 20;

/// The same where chunks are small: there are enough others, and memory that was used is quicker
/// than new one.
const FEW_BYTES: usize = 16 << 20;

/// Bytes of a chunk that is not small.
const LARGE: usize = 4 << 20;

struct Queue<'w, 'a> {
    work: Work<'w, 'a>,
    sizes: Vec<usize>,
    most_bytes: usize,
    helpers: &'w Helpers,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    is_taken: Vec<bool>,
    /// The first leaf that may not be taken.
    first: usize,
    /// All leaves, the largest last; not those at the end that are taken.
    by_size: Vec<usize>,
    /// Chunks that are done and wait for those before them.
    waiting: BTreeMap<usize, Encoded>,
    /// Bytes of these, and of those that are being made.
    held: usize,
    /// The chunk that is handed on next.
    wanted: usize,
    stop: bool,
}

type Encoded = (Result<EncodedChunk, WriteError>, Blocks);

struct StopOnDrop<'q, 'w, 'a>(&'q Queue<'w, 'a>);

impl Drop for StopOnDrop<'_, '_, '_> {
    fn drop(&mut self) {
        self.0.lock().stop = true;
        self.0.changed.notify_all();
    }
}

/// What a thread finds to do.
enum Next {
    /// A chunk that is handed on when it is done.
    Chunk(usize),
    /// The one that is handed on next.
    Wanted(usize),
    /// There will be more, once others are handed on.
    Wait,
    /// All are taken.
    Nothing,
}

impl State {
    /// The first leaf that nobody has, if it is handed on next or there is memory for it.
    fn first(&mut self, sizes: &[usize], most_bytes: usize) -> Next {
        while self.is_taken.get(self.first) == Some(&true) {
            self.first += 1;
        }
        let Some(size) = sizes.get(self.first) else {
            return Next::Nothing;
        };
        if self.first == self.wanted {
            self.take(self.first);
            return Next::Wanted(self.first);
        }
        if self.held.saturating_add(*size) > most_bytes {
            return Next::Wait;
        }
        self.take(self.first);
        self.held += size;
        Next::Chunk(self.first)
    }

    /// The largest leaf that nobody has and for which there is memory.
    fn largest(&mut self, sizes: &[usize], most_bytes: usize) -> Next {
        let is_taken = |index: &usize| self.is_taken.get(*index).is_none_or(|taken| *taken);
        while self.by_size.pop_if(|index| is_taken(index)).is_some() {}
        if self.by_size.is_empty() {
            return Next::Nothing;
        }
        let size = |index: usize| sizes.get(index).copied().unwrap_or(0);
        let mut free = self.by_size.iter().rev().filter(|index| !is_taken(index));
        let fits = |size: usize| {
            let most = if size < LARGE { FEW_BYTES } else { most_bytes };
            size <= most.saturating_sub(self.held)
        };
        match free.find(|&&index| fits(size(index))) {
            Some(&index) => {
                self.take(index);
                self.held += size(index);
                Next::Chunk(index)
            }
            None => Next::Wait,
        }
    }

    fn take(&mut self, index: usize) {
        if let Some(taken) = self.is_taken.get_mut(index) {
            *taken = true;
        }
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

    fn encode(&self, index: usize, encoder: &mut ChunkEncoder) {
        let mut blocks = Blocks::new();
        let mut buffer = self.helpers.block();
        let output = Output {
            buffer: &mut buffer,
            part: &mut |bytes| {
                blocks.push(std::mem::replace(bytes, self.helpers.block()));
                Ok(())
            },
        };
        let encoded = self.work.encode(index, encoder, self.helpers, output);
        blocks.push(buffer);
        if let Some(encoded) = encoded {
            let mut state = self.lock();
            state.held += len(&blocks);
            state.held -= self.sizes.get(index).copied().unwrap_or(0);
            state.waiting.insert(index, (encoded, blocks));
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Encodes the chunk that is handed on next straight to where it goes.
    fn encode_wanted(
        &self,
        index: usize,
        encoder: &mut ChunkEncoder,
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), WriteError> {
        let output = Output {
            buffer: out,
            part: &mut |bytes| sink.part(bytes),
        };
        if let Some(encoded) = self.work.encode(index, encoder, self.helpers, output) {
            sink.chunk(encoded?, out);
        }
        self.lock().wanted += 1;
        Ok(())
    }

    fn work_along(&self, encoder: &mut ChunkEncoder) {
        // A thread that panics must not be waited for.
        let stop_if_unwinding = StopOnDrop(self);
        let mut state = self.lock();
        while !state.stop {
            match state.largest(&self.sizes, self.most_bytes) {
                Next::Chunk(index) => {
                    drop(state);
                    self.encode(index, encoder);
                    state = self.lock();
                }
                Next::Wait => state = self.wait(state),
                Next::Wanted(_) | Next::Nothing => break,
            }
        }
        drop(state);
        self.helpers.add();
        std::mem::forget(stop_if_unwinding);
    }

    fn lead(
        &self,
        encoder: &mut ChunkEncoder,
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), WriteError> {
        loop {
            while self.hand_on(false, out, sink)? {}
            let next = self.lock().first(&self.sizes, self.most_bytes);
            match next {
                Next::Wanted(index) => self.encode_wanted(index, encoder, out, sink)?,
                Next::Chunk(index) => self.encode(index, encoder),
                Next::Wait => {
                    self.hand_on(true, out, sink)?;
                }
                Next::Nothing => break,
            }
        }
        self.helpers.add();
        while self.hand_on(true, out, sink)? {}
        sink.part(out)
    }

    /// Hands on the chunk that is wanted, if it is there or, with `wait`, as soon as it is. False
    /// if it is not or all were handed on.
    fn hand_on(
        &self,
        wait: bool,
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<bool, WriteError> {
        let mut state = self.lock();
        let wanted = state.wanted;
        if wanted >= self.work.leaves.len() {
            return Ok(false);
        }
        let (encoded, blocks) = loop {
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
        state.held -= len(&blocks);
        drop(state);
        self.changed.notify_all();
        let encoded = encoded?;
        let mut output = Output {
            buffer: &mut *out,
            part: &mut |bytes| sink.part(bytes),
        };
        output.append(blocks, self.helpers)?;
        sink.chunk(encoded, out);
        Ok(true)
    }
}

fn len(blocks: &Blocks) -> usize {
    blocks.iter().map(Vec::len).sum()
}

#[cfg(test)]
mod tests {
    use super::{FEW_BYTES, LARGE, Next, State};

    fn state(sizes: &[usize], held: usize) -> State {
        let mut by_size: Vec<usize> = (0..sizes.len()).collect();
        by_size.sort_by_key(|&index| sizes[index]);
        State {
            is_taken: vec![false; sizes.len()],
            by_size,
            held,
            ..State::default()
        }
    }

    fn largest(state: &mut State, sizes: &[usize], most: usize) -> Option<usize> {
        match state.largest(sizes, most) {
            Next::Chunk(index) => Some(index),
            _ => None,
        }
    }

    #[test]
    fn the_first_thread_goes_in_order_and_others_take_the_largest_that_fits() {
        let sizes = [10, 50 * LARGE, 3 * LARGE, 20, 2 * LARGE];
        let most = 4 * LARGE;
        let mut state = state(&sizes, 0);
        assert!(matches!(state.first(&sizes, most), Next::Wanted(0)));
        // One that is too large for all memory is left to the first thread.
        assert_eq!(largest(&mut state, &sizes, most), Some(2));
        assert_eq!(state.held, 3 * LARGE);
        assert_eq!(largest(&mut state, &sizes, most), Some(3));
        assert!(matches!(state.largest(&sizes, most), Next::Wait));
        state.wanted = 1;
        assert!(matches!(state.first(&sizes, most), Next::Wanted(1)));
        // The last one has to wait until some is handed on.
        assert!(matches!(state.first(&sizes, most), Next::Wait));
        state.held -= 3 * LARGE;
        assert!(matches!(state.first(&sizes, most), Next::Chunk(4)));
        assert!(matches!(state.largest(&sizes, most), Next::Nothing));
        assert!(matches!(state.first(&sizes, most), Next::Nothing));
    }

    #[test]
    fn small_chunks_wait_in_less_memory() {
        let sizes = [10, 20];
        let mut state = state(&sizes, FEW_BYTES);
        assert!(matches!(state.largest(&sizes, usize::MAX), Next::Wait));
        state.held -= 20;
        assert_eq!(largest(&mut state, &sizes, usize::MAX), Some(1));
    }
}
