//! Where encoders put their bytes.

use crate::error::EncodeError;

/// A buffer of the caller's that encoders append to: a `Vec<u8>`, which grows (feature `alloc`),
/// or a [`SliceOutput`], which does not.
///
/// An error of the input leaves the output as it was. If a slice is full, encoders stop there, and
/// what they appended before stands, unless they say otherwise.
pub trait Output {
    /// Appends bytes.
    ///
    /// # Errors
    ///
    /// There is no room for all of them; none is appended then.
    fn put(&mut self, bytes: &[u8]) -> Result<(), EncodeError>;

    /// Appends the first `len` of `N` bytes: cheaper than [`put`](Self::put) where the number is
    /// small and not known when the program is compiled.
    ///
    /// # Errors
    ///
    /// There is no room for them; none is appended then.
    #[inline]
    fn put_first<const N: usize>(
        &mut self,
        bytes: &[u8; N],
        len: usize,
    ) -> Result<(), EncodeError> {
        self.put(bytes.get(..len).unwrap_or(bytes))
    }

    /// Appends `len` zeros and lends them to be overwritten.
    ///
    /// # Errors
    ///
    /// There is no room for all of them; none is appended then.
    fn grow(&mut self, len: usize) -> Result<&mut [u8], EncodeError>;

    /// Prepares for about so many bytes more.
    fn reserve(&mut self, len: usize);

    /// All bytes so far.
    fn written(&mut self) -> &mut [u8];

    /// Forgets all bytes but the first `len`.
    fn truncate(&mut self, len: usize);
}

#[cfg(feature = "alloc")]
impl Output for alloc::vec::Vec<u8> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    #[inline(always)]
    fn put_first<const N: usize>(
        &mut self,
        bytes: &[u8; N],
        len: usize,
    ) -> Result<(), EncodeError> {
        /// Apart, or the compiler makes one copy of both, of a size that is not known.
        #[cold]
        #[inline(never)]
        fn put_apart(out: &mut alloc::vec::Vec<u8>, bytes: &[u8]) {
            out.extend_from_slice(bytes);
        }
        /// Of bytes that stay in registers, as nothing takes their address.
        #[cold]
        #[inline(never)]
        fn put_few_apart<const N: usize>(
            out: &mut alloc::vec::Vec<u8>,
            bytes: [u8; N],
            len: usize,
        ) {
            put_apart(out, bytes.get(..len).unwrap_or(&bytes));
        }
        let len = len.min(N);
        if self.capacity() - self.len() < N {
            // Not more memory than is needed.
            if N <= 16 {
                put_few_apart(self, *bytes, len);
            } else {
                put_apart(self, bytes.get(..len).unwrap_or_default());
            }
            return Ok(());
        }
        // A copy of a size that is known, the rest of it to be overwritten by the next one.
        let end = self.len() + len;
        self.extend_from_slice(bytes);
        Self::truncate(self, end);
        Ok(())
    }

    #[inline]
    fn grow(&mut self, len: usize) -> Result<&mut [u8], EncodeError> {
        let start = self.len();
        self.resize(start + len, 0);
        Ok(self.get_mut(start..).unwrap_or_default())
    }

    #[inline]
    fn reserve(&mut self, len: usize) {
        Self::reserve(self, len);
    }

    #[inline]
    fn written(&mut self) -> &mut [u8] {
        self
    }

    #[inline]
    fn truncate(&mut self, len: usize) {
        Self::truncate(self, len);
    }
}

/// A slice that fills from the front.
///
/// ```
/// use pq_encoding::{SliceOutput, rle};
///
/// let mut buffer = [0; 16];
/// let mut out = SliceOutput::new(&mut buffer);
/// rle::encode_u32(&[5; 100], 3, &mut out)?;
/// assert_eq!(out.len(), 3);
/// assert_eq!(buffer[..3], [0xc8, 0x01, 5]);
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
#[derive(Debug)]
pub struct SliceOutput<'a> {
    bytes: &'a mut [u8],
    len: usize,
}

impl<'a> SliceOutput<'a> {
    /// An output to `bytes`, from its first byte on.
    pub fn new(bytes: &'a mut [u8]) -> Self {
        Self { bytes, len: 0 }
    }

    /// How many bytes are written.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is written yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The next `len` bytes, whatever they hold.
    #[inline]
    fn room(&mut self, len: usize) -> Result<&mut [u8], EncodeError> {
        let rest = self.bytes.get_mut(self.len..).unwrap_or_default();
        let available = rest.len();
        let Some(room) = rest.get_mut(..len) else {
            return Err(EncodeError::OutputFull {
                needed: len,
                available,
            });
        };
        self.len += len;
        Ok(room)
    }
}

impl Output for SliceOutput<'_> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.room(bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }

    #[inline]
    fn grow(&mut self, len: usize) -> Result<&mut [u8], EncodeError> {
        let room = self.room(len)?;
        room.fill(0);
        Ok(room)
    }

    #[inline]
    fn reserve(&mut self, _len: usize) {}

    #[inline]
    fn written(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.len).unwrap_or_default()
    }

    #[inline]
    fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }
}

#[cfg(test)]
mod tests {
    use super::{Output, SliceOutput};
    use crate::error::EncodeError;

    #[cfg(feature = "alloc")]
    #[test]
    fn the_first_of_a_few_bytes_in_a_vector() {
        let mut out = std::vec::Vec::with_capacity(9);
        for len in [0, 3, 8, 9] {
            out.put_first(b"abcdefgh", len).unwrap();
        }
        assert_eq!(out, b"abcabcdefghabcdefgh");
    }

    #[test]
    fn the_first_of_a_few_bytes_in_a_slice() {
        let mut buffer = [9; 4];
        let mut out = SliceOutput::new(&mut buffer);
        out.put_first(b"abcdefgh", 3).unwrap();
        let full = EncodeError::OutputFull {
            needed: 8,
            available: 1,
        };
        assert_eq!(out.put_first(b"abcdefgh", 8), Err(full));
        assert_eq!(out.put_first(b"abcdefgh", 9), Err(full));
        assert_eq!(buffer, *b"abc\x09");
    }

    #[test]
    fn a_full_slice_takes_nothing_more() {
        let mut buffer = [9; 4];
        let mut out = SliceOutput::new(&mut buffer);
        out.put(&[1, 2]).unwrap();
        out.grow(1).unwrap();
        let full = EncodeError::OutputFull {
            needed: 2,
            available: 1,
        };
        assert_eq!(out.put(&[1, 2]), Err(full));
        assert_eq!(out.grow(2), Err(full));
        assert_eq!(out.written(), [1, 2, 0]);
        out.truncate(1);
        assert_eq!((out.len(), out.is_empty()), (1, false));
        out.put(&[7, 8, 9]).unwrap();
        assert_eq!(buffer, [1, 7, 8, 9]);
    }
}
