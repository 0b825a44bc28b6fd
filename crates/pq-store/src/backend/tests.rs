use super::{Backend, BackendStore, BackendWriter};
use crate::blocking::BlockingStore;
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{Entry, PutMode, ReadRange, Version};
use crate::testing::conformance;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn path(text: &str) -> StorePath {
    StorePath::new(text).unwrap()
}

/// A directory of the disk, by `std` alone.
#[derive(Debug)]
struct Directory {
    files: PathBuf,
    unfinished: PathBuf,
    count: AtomicUsize,
}

impl Directory {
    fn new(root: &Path) -> Self {
        let [files, unfinished] = ["files", "unfinished"].map(|name| root.join(name));
        fs::create_dir(&files).unwrap();
        fs::create_dir(&unfinished).unwrap();
        let count = AtomicUsize::new(0);
        Self {
            files,
            unfinished,
            count,
        }
    }

    fn place(&self, path: &StorePath) -> PathBuf {
        self.files.join(path.as_str())
    }

    fn collect(&self, directory: &StorePath, found: &mut Vec<Entry>) -> io::Result<()> {
        for entry in fs::read_dir(self.place(directory))? {
            let entry = entry?;
            let path = directory.join(entry.file_name().to_str().unwrap());
            let path = path.map_err(io::Error::from)?;
            if entry.file_type()?.is_dir() {
                self.collect(&path, found)?;
            } else {
                let size = entry.metadata()?.len();
                found.push(Entry { path, size });
            }
        }
        Ok(())
    }
}

impl Backend for Directory {
    fn create(&self, path: &StorePath) -> io::Result<Box<dyn BackendWriter>> {
        let target = self.place(path);
        assert!(target.parent().unwrap().is_dir(), "made before");
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let temp = self.unfinished.join(count.to_string());
        let file = File::create_new(&temp)?;
        Ok(Box::new(Unfinished { file, temp, target }))
    }

    fn make_directories(&self, path: &StorePath) -> io::Result<()> {
        fs::create_dir_all(self.place(path))
    }

    fn size(&self, path: &StorePath) -> io::Result<Option<u64>> {
        match fs::metadata(self.place(path)) {
            Ok(metadata) => Ok(metadata.is_file().then_some(metadata.len())),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn read(&self, path: &StorePath, range: Range<u64>) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.place(path))?;
        file.seek(SeekFrom::Start(range.start))?;
        let mut bytes = vec![0; (range.end - range.start) as usize];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn list(&self, _prefix: &StorePath) -> io::Result<Vec<Entry>> {
        let mut found = Vec::new();
        self.collect(&StorePath::root(), &mut found)?;
        Ok(found)
    }

    fn delete(&self, path: &StorePath) -> io::Result<()> {
        fs::remove_file(self.place(path))
    }

    fn describe(&self, path: &StorePath) -> String {
        format!("directory:/{path}")
    }
}

struct Unfinished {
    file: File,
    temp: PathBuf,
    target: PathBuf,
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl BackendWriter for Unfinished {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.temp, &self.target)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temp);
    }
}

#[test]
fn a_directory_conforms() {
    let root = tempfile::tempdir().unwrap();
    let store = BackendStore::new(Directory::new(root.path())).last_writer_wins();
    pollster::block_on(conformance::check(&store));
    conformance::races(Arc::new(store), |future| pollster::block_on(future));
    let left = fs::read_dir(root.path().join("unfinished")).unwrap();
    assert_eq!(left.count(), 2, "of the writers that die in `leftovers`");
}

/// What can be told to fail of a file that goes nowhere.
#[derive(Clone, Copy, Debug, Default)]
struct Nowhere {
    write_fails: bool,
    flush_fails: bool,
    finish_fails: bool,
}

impl Backend for Nowhere {
    fn create(&self, _path: &StorePath) -> io::Result<Box<dyn BackendWriter>> {
        Ok(Box::new(*self))
    }

    fn describe(&self, path: &StorePath) -> String {
        format!("nowhere:/{path}")
    }
}

fn outcome(fails: bool) -> io::Result<()> {
    if fails {
        return Err(io::Error::other("unplugged"));
    }
    Ok(())
}

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        outcome(self.write_fails).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        outcome(self.flush_fails)
    }
}

impl BackendWriter for Nowhere {
    fn finish(self: Box<Self>) -> io::Result<()> {
        outcome(self.finish_fails)
    }
}

#[test]
fn what_a_backend_cannot_do_is_unsupported() {
    let store = BackendStore::new(Nowhere::default());
    let alone = BlockingStore::new(store.clone().last_writer_wins());
    let store = BlockingStore::new(store);
    let (x, version) = (path("d/x"), Version::new("1"));
    store.put(&x, b"x", PutMode::Always).unwrap();
    store.make_directories(&path("d")).unwrap();
    store.remove_directory(&path("d")).unwrap();
    store.sync().unwrap();
    assert_eq!(store.leftovers(&x).unwrap(), []);

    let unsupported = |result: Result<(), StoreError>, text: &str| match result {
        Err(StoreError::Unsupported { path, what }) => {
            assert_eq!(path, "nowhere:/d/x");
            assert!(what.contains(text), "{what}");
        }
        other => panic!("{other:?}"),
    };
    let no_look = "cannot look whether a file is there";
    unsupported(store.read(&x, ReadRange::All).map(drop), no_look);
    unsupported(store.list(&x).map(drop), "cannot list");
    unsupported(store.delete(&x), "cannot delete");
    for mode in [PutMode::IfAbsent, PutMode::IfVersion(version)] {
        let text = "no writes under a condition";
        unsupported(store.put(&x, b"", mode.clone()).map(drop), text);
        unsupported(store.open_write(&x, mode.clone()).map(drop), text);
        unsupported(alone.put(&x, b"", mode).map(drop), no_look);
    }
}

#[test]
fn errors_say_what_became_of_the_object() {
    let put = |nowhere: Nowhere| {
        let store = BlockingStore::new(BackendStore::new(nowhere));
        store.put(&path("x"), b"x", PutMode::Always).unwrap_err()
    };
    let mut nowhere = Nowhere {
        finish_fails: true,
        ..Nowhere::default()
    };
    let error = put(nowhere);
    assert!(
        matches!(error, StoreError::CommitUnknown { .. }),
        "{error:?}"
    );
    nowhere.flush_fails = true;
    let error = put(nowhere);
    assert_eq!(
        error.to_string(),
        "nowhere:/x: cannot write: unplugged",
        "nothing can be there yet"
    );
    nowhere.write_fails = true;
    let store = BlockingStore::new(BackendStore::new(nowhere));
    let mut upload = store.open_write(&path("x"), PutMode::Always).unwrap();
    upload.write_all(b"x").unwrap_err();
    let error = upload.finish().unwrap_err();
    assert!(error.to_string().contains("an earlier write failed"));
}

/// Every object has four bytes, but only so many can be read.
#[derive(Debug)]
struct Short(usize);

impl Backend for Short {
    fn create(&self, path: &StorePath) -> io::Result<Box<dyn BackendWriter>> {
        Nowhere::default().create(path)
    }

    fn size(&self, _path: &StorePath) -> io::Result<Option<u64>> {
        Ok(Some(4))
    }

    fn read(&self, _path: &StorePath, _range: Range<u64>) -> io::Result<Vec<u8>> {
        Ok(vec![0; self.0])
    }

    fn list(&self, _prefix: &StorePath) -> io::Result<Vec<Entry>> {
        let entry = |text| Entry {
            path: path(text),
            size: 4,
        };
        Ok(["b/2", "ab", "b", "a", "b/1", "b-"].map(entry).to_vec())
    }

    fn describe(&self, path: &StorePath) -> String {
        path.to_string()
    }
}

#[test]
fn bytes_that_are_missing_are_missed() {
    for length in [0, 3, 5] {
        let store = BlockingStore::new(BackendStore::new(Short(length)));
        let error = store.read(&path("x"), ReadRange::All).unwrap_err();
        let expected = format!("x: cannot read: got {length} bytes of 4");
        assert_eq!(error.to_string(), expected);
        let mut upload = store.open_write(&path("y"), PutMode::Always).unwrap();
        upload.copy_from(&path("x"), 0..4).unwrap_err();
    }
    let store = BlockingStore::new(BackendStore::new(Short(4)));
    assert_eq!(
        store.read(&path("x"), ReadRange::All).unwrap().bytes,
        [0; 4]
    );
}

#[test]
fn listings_are_sorted_and_cut() {
    let store = BlockingStore::new(BackendStore::new(Short(4)));
    let listed = store.list(&path("b")).unwrap();
    let names: Vec<_> = listed.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(names, ["b", "b/1", "b/2"]);
}

#[test]
fn versions_do_not_depend_on_the_pieces() {
    let root = tempfile::tempdir().unwrap();
    let store = BackendStore::new(Directory::new(root.path())).last_writer_wins();
    let store = BlockingStore::new(store);
    let mebibyte = 1 << 20;
    for size in [0, 1, mebibyte, mebibyte + 1, 2 * mebibyte, 5 * mebibyte + 7] {
        let bytes: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
        for piece in [mebibyte / 3, mebibyte, 3 * mebibyte] {
            let mut upload = store.open_write(&path("x"), PutMode::Always).unwrap();
            for piece in bytes.chunks(piece) {
                upload.write_all(piece).unwrap();
            }
            let version = upload.finish().unwrap();
            for range in [ReadRange::All, ReadRange::Suffix(3)] {
                let read = store.read(&path("x"), range).unwrap();
                assert_eq!(read.version, version, "{size} bytes");
            }
        }
    }
}
