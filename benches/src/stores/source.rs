//! The bytes that are written: a file in memory, if the machine has such a place.

use std::error::Error;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What is read and written at a time.
pub const PIECE: usize = 1 << 20;

/// A file that is deleted when this is dropped.
pub struct Source {
    pub path: PathBuf,
    pub bytes: u64,
}

/// Bytes, and where they start.
pub type Sample = (u64, Vec<u8>);

impl Source {
    pub fn make(bytes: u64) -> Result<Self, Box<dyn Error>> {
        let memory = Path::new("/dev/shm");
        let parent = match memory.is_dir() {
            true => memory.to_path_buf(),
            false => std::env::temp_dir(),
        };
        let path = parent.join(format!("pq-benches-{}", std::process::id()));
        let mut file = File::create(&path)?;
        let source = Self { path, bytes };
        let mut state = 1_u64;
        let mut piece = vec![0; PIECE];
        let mut rest = bytes;
        while rest > 0 {
            // No server is to find anything to compress.
            for word in piece.chunks_exact_mut(8) {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                word.copy_from_slice(&state.to_le_bytes());
            }
            let length = rest.min(PIECE as u64);
            file.write_all(&piece[..length as usize])?;
            rest -= length;
        }
        Ok(source)
    }

    /// Bytes at the start, in the middle and at the end, and where they are.
    pub fn samples(&self) -> Result<Vec<Sample>, Box<dyn Error>> {
        let length = self.bytes.min(100_000);
        let mut file = File::open(&self.path)?;
        let places = [0, (self.bytes - length) / 2, self.bytes - length];
        let sample = |start| {
            let mut sample = vec![0; length as usize];
            file.seek(SeekFrom::Start(start))?;
            file.read_exact(&mut sample)?;
            Ok((start, sample))
        };
        places.into_iter().map(sample).collect()
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Reads a file piece by piece.
pub fn pieces(
    path: &Path,
    mut each: impl FnMut(&[u8]) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut file = File::open(path)?;
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(()),
            length => each(&piece[..length])?,
        }
    }
}
