//! A place to write of one's own: a backend of a few calls, here a map, and the store that is made
//! of it. Instead of a map it could be an FTP server, a database or a file object of Python.

use pq_store::blocking::BlockingStore;
use pq_store::testing::conformance;
use pq_store::{Backend, BackendStore, BackendWriter, Entry, PutMode, StoreError, StorePath};
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Debug, Default)]
struct Map(Arc<Mutex<BTreeMap<StorePath, Vec<u8>>>>);

impl Map {
    fn files(&self) -> MutexGuard<'_, BTreeMap<StorePath, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Backend for Map {
    fn create(&self, path: &StorePath) -> io::Result<Box<dyn BackendWriter>> {
        let (map, path, bytes) = (self.clone(), path.clone(), Vec::new());
        Ok(Box::new(File { map, path, bytes }))
    }

    fn describe(&self, path: &StorePath) -> String {
        format!("map:/{path}")
    }

    // With these, data sets can be appended to and replaced.

    fn size(&self, path: &StorePath) -> io::Result<Option<u64>> {
        Ok(self.files().get(path).map(|bytes| bytes.len() as u64))
    }

    fn read(&self, path: &StorePath, range: Range<u64>) -> io::Result<Vec<u8>> {
        let files = self.files();
        let bytes = files.get(path).ok_or(io::ErrorKind::NotFound)?;
        let bytes = bytes.get(range.start as usize..range.end as usize);
        Ok(bytes.ok_or(io::ErrorKind::UnexpectedEof)?.to_vec())
    }

    fn list(&self, _prefix: &StorePath) -> io::Result<Vec<Entry>> {
        let size = |bytes: &Vec<u8>| bytes.len() as u64;
        let files = self.files();
        let entries = files.iter().map(|(path, bytes)| Entry {
            path: path.clone(),
            size: size(bytes),
        });
        Ok(entries.collect())
    }

    fn delete(&self, path: &StorePath) -> io::Result<()> {
        self.files().remove(path);
        Ok(())
    }
}

/// A file that is in the map when it is finished.
struct File {
    map: Map,
    path: StorePath,
    bytes: Vec<u8>,
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl BackendWriter for File {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.map.files().insert(self.path, self.bytes);
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let store = BackendStore::new(Map::default());
    let blocking = BlockingStore::new(store.clone());
    let path = StorePath::new("year=2024/part.0.parquet")?;

    let mut upload = blocking.open_write(&path, PutMode::Always)?;
    upload.write_all(b"rows")?;
    upload.finish()?;
    eprintln!("{:?}", blocking.list(&StorePath::root())?);

    // There is no condition that two writers could rely on.
    let refused = blocking.put(&path, b"other rows", PutMode::IfAbsent);
    assert!(matches!(refused, Err(StoreError::Unsupported { .. })));

    // Who is the only writer can say so. The store then does all that a store must.
    let alone = store.last_writer_wins();
    let refused = BlockingStore::new(alone.clone()).put(&path, b"other rows", PutMode::IfAbsent);
    assert!(matches!(refused, Err(StoreError::AlreadyExists { .. })));
    pollster::block_on(conformance::check(&alone));
    conformance::races(Arc::new(alone), |future| pollster::block_on(future));
    eprintln!("the conformance suite passes");
    Ok(())
}
