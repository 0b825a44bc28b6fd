//! A place of one's own, by a few blocking calls.

mod store;
#[cfg(test)]
mod tests;
mod upload;

pub use store::BackendStore;

use crate::path::StorePath;
use crate::store::Entry;
use std::fmt::Debug;
use std::io::{self, Write};
use std::ops::Range;

/// A place that can open files for writing and make directories, and may be able to do more.
/// [`BackendStore`] makes a [`Store`](crate::Store) of it; `examples/own_backend.rs` has one of
/// thirty lines.
///
/// A program that only writes new things, and never looks whether they are there, needs no more
/// than [`create`](Self::create). What is missing is an error of the kind
/// [`Unsupported`](io::ErrorKind::Unsupported).
pub trait Backend: Debug + Send + Sync {
    /// Opens a file for writing that takes the place of what is there when it is
    /// [finished](BackendWriter::finish). Nothing should be seen of it before; where the place
    /// cannot do that, readers may see half of an object, and a writer that fails leaves that.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn create(&self, path: &StorePath) -> io::Result<Box<dyn BackendWriter>>;

    /// Makes a directory and those above it, unless they are there. It is called before a file in
    /// them is created. Unless a backend says otherwise, there is nothing to do.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn make_directories(&self, _path: &StorePath) -> io::Result<()> {
        Ok(())
    }

    /// Bytes of a file; `None` where there is none, or a directory.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn size(&self, _path: &StorePath) -> io::Result<Option<u64>> {
        unsupported("look whether a file is there")
    }

    /// These bytes of a file, which lie in it.
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) where it is gone; what the system says.
    fn read(&self, _path: &StorePath, _range: Range<u64>) -> io::Result<Vec<u8>> {
        unsupported("read")
    }

    /// All files below `prefix`, at any depth and in any order. What is not below may be among
    /// them.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn list(&self, _prefix: &StorePath) -> io::Result<Vec<Entry>> {
        unsupported("list")
    }

    /// Deletes a file.
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) where it is gone; what the system says.
    fn delete(&self, _path: &StorePath) -> io::Result<()> {
        unsupported("delete")
    }

    /// The path as messages show it, such as `ftp://host/x.parquet`.
    fn describe(&self, path: &StorePath) -> String;
}

/// A file that is being written. Dropping it should forget what was written.
pub trait BackendWriter: Write + Send {
    /// Gives the file its name, in the place of what is there, and makes it last.
    ///
    /// # Errors
    ///
    /// What the system says. The file may be there all the same.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

fn unsupported<T>(what: &str) -> io::Result<T> {
    let text = format!("this backend cannot {what}");
    Err(io::Error::new(io::ErrorKind::Unsupported, text))
}
