//! Where bytes come from.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of known length that can be read from anywhere.
pub trait Source {
    /// How many bytes there are.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `out` with the bytes from `offset` on.
    ///
    /// # Errors
    ///
    /// The system's, or `UnexpectedEof` where there are not so many.
    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()>;
}

impl Source for &[u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let bytes = usize::try_from(offset)
            .ok()
            .and_then(|start| self.get(start..)?.get(..out.len()))
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }
}

/// What can be read and sought in, such as a file.
#[derive(Debug)]
pub struct SeekSource<R> {
    inner: R,
    len: u64,
}

impl<R: Read + Seek> SeekSource<R> {
    /// A source of all of it, from its start to its end as it is now.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn new(mut inner: R) -> io::Result<Self> {
        let len = inner.seek(SeekFrom::End(0))?;
        Ok(Self { inner, len })
    }
}

impl SeekSource<File> {
    /// A source of a file.
    ///
    /// # Errors
    ///
    /// The system's; so is the error of a directory.
    pub fn open(path: &std::path::Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Self::new(file)
    }
}

impl<R: Read + Seek> Source for SeekSource<R> {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.inner.seek(SeekFrom::Start(offset))?;
        self.inner.read_exact(out)
    }
}

/// How many bytes are read at least, if there are so many.
const BLOCK: u64 = 4 << 20;

/// Reads a range of a source from front to back, in blocks.
#[derive(Debug)]
pub(crate) struct Window<'a, S: ?Sized> {
    source: &'a mut S,
    /// Where reading ahead stops.
    ahead: u64,
    /// Where all reading stops.
    end: u64,
    /// Where the buffer's bytes start.
    start: u64,
    buffer: Vec<u8>,
}

impl<'a, S: Source + ?Sized> Window<'a, S> {
    pub(crate) fn new(source: &'a mut S, ahead: u64, end: u64) -> Self {
        Self {
            source,
            ahead,
            end,
            start: 0,
            buffer: Vec::new(),
        }
    }

    /// The `len` bytes from `offset` on, fewer where the range ends before.
    pub(crate) fn bytes(&mut self, offset: u64, len: usize) -> io::Result<&[u8]> {
        let left = self.end.saturating_sub(offset);
        let wanted = left.min(len as u64);
        let known = offset
            .checked_sub(self.start)
            .filter(|skipped| skipped + wanted <= self.buffer.len() as u64);
        let skipped = match known {
            Some(skipped) => skipped as usize,
            None => {
                let ahead = self.ahead.saturating_sub(offset).min(left).min(BLOCK);
                let ahead = wanted.max(ahead);
                self.buffer.clear();
                self.buffer.resize(ahead as usize, 0);
                self.start = offset;
                if let Err(error) = self.source.read_at(offset, &mut self.buffer) {
                    self.buffer.clear();
                    return Err(error);
                }
                0
            }
        };
        let bytes = self.buffer.get(skipped..).unwrap_or_default();
        Ok(bytes.get(..wanted as usize).unwrap_or(bytes))
    }
}

/// The `len` bytes from `offset` on, which are within the source.
pub(crate) fn read<S: Source + ?Sized>(
    source: &mut S,
    offset: u64,
    len: usize,
) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; len];
    source.read_at(offset, &mut bytes)?;
    Ok(bytes)
}
