//! Buffers that are used again: memory that was never touched costs more than the copy into it.

use bytes::Bytes;
use std::sync::{Arc, Mutex, PoisonError};

/// Buffers of parts that have arrived, for parts to come.
#[derive(Debug)]
pub(super) struct Pool {
    /// Bytes of each buffer.
    size: usize,
    /// Buffers that are kept.
    most: usize,
    free: Mutex<Vec<Vec<u8>>>,
}

impl Pool {
    pub(super) fn new(size: usize, most: usize) -> Arc<Self> {
        Arc::new(Self {
            size,
            most,
            free: Mutex::default(),
        })
    }

    /// An empty buffer with room for `size` bytes.
    pub(super) fn take(self: &Arc<Self>, size: usize) -> Buffer {
        let free = (size <= self.size).then(|| self.free().pop()).flatten();
        let bytes = free.unwrap_or_else(|| Vec::with_capacity(size.max(self.size)));
        Buffer {
            bytes,
            pool: Arc::clone(self),
        }
    }

    /// A copy of `bytes` in buffers of the pool.
    pub(super) fn copy(self: &Arc<Self>, bytes: &[u8]) -> Vec<Bytes> {
        let pieces = bytes.chunks(self.size.max(1));
        pieces
            .map(|piece| {
                let mut buffer = self.take(piece.len());
                buffer.append(piece);
                buffer.freeze()
            })
            .collect()
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Vec<u8>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A buffer that goes back to its pool when nobody needs it any more.
#[derive(Debug)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    pool: Arc<Pool>,
}

impl Buffer {
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn append(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn freeze(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        // Larger ones are rare, and too large to keep.
        if bytes.capacity() == self.pool.size {
            let mut free = self.pool.free();
            if free.len() < self.pool.most {
                bytes.clear();
                free.push(bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pool;

    #[test]
    fn buffers_come_back_when_the_last_copy_is_gone() {
        let pool = Pool::new(8, 2);
        let mut buffer = pool.take(8);
        buffer.append(b"12345678");
        let place = buffer.as_ref().as_ptr();
        let bytes = buffer.freeze();
        let copy = bytes.clone();
        drop(bytes);
        assert_eq!(pool.free().len(), 0);
        assert_eq!(copy, "12345678");
        drop(copy);
        let again = pool.take(3);
        assert_eq!((again.len(), again.as_ref().as_ptr()), (0, place));
    }

    #[test]
    fn no_more_are_kept_than_allowed_and_none_of_another_size() {
        let pool = Pool::new(8, 2);
        drop([pool.take(8), pool.take(1), pool.take(8), pool.take(100)]);
        assert_eq!(pool.free().len(), 2);
        let pieces = pool.copy(&[7; 20]);
        let lengths: Vec<_> = pieces.iter().map(bytes::Bytes::len).collect();
        assert_eq!(lengths, [8, 8, 4]);
        assert!(pool.copy(b"").is_empty());
    }
}
