//! A store in a directory of the local disk.

mod beneath;
mod directory;
mod list;
mod lock;
mod publish;
mod read;
mod root;
mod stat;
mod temp;
mod unsynced;
mod upload;
mod whole;

#[cfg(test)]
mod tests;

use crate::error::StoreError;
use crate::path::{StorePath, printable};
use crate::store::{
    BoxFuture, Content, Entry, Leftover, PutMode, ReadRange, Store, Upload, Version,
};
use root::Root;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use unsynced::Unsynced;
use upload::LocalUpload;

/// The files below a directory.
///
/// A write goes to a hidden temporary file in the directory of its target, which is synced and
/// then renamed; then the directory is synced. [`PutMode::IfVersion`] compares and renames under
/// a lock on a hidden file next to the target, which writers of this crate honour and other
/// programs do not. A file that replaces another keeps its permissions.
///
/// [`put_unsynced`](Store::put_unsynced) syncs no new file, and [`sync`](Store::sync) catches up:
/// file by file and then directory by directory or, from 64 files on, with the whole file system
/// where that reports its errors: ext4, XFS, Btrfs and F2FS under Linux 5.8 or later. One
/// directory of each file system stays open for that, and at most 10,000 names are remembered;
/// beyond them, a put is durable at once. Clones share all this. After an error a sync of the
/// same store, and of its clones, does not succeed again.
///
/// A writer that dies leaves its temporary file, `.name.<16 hexadecimal digits>.pq-tmp`:
/// [`leftovers`](Store::leftovers) lists them. It may leave a lock file too, which nobody minds.
///
/// A version is made of device, inode, size, time of change and a hash of the last MiB.
///
/// Nothing outside the directory is read or written: a symbolic link to a directory or, for
/// reading, to a file is followed if it leads to a place inside. A symbolic link is never
/// written through, but may be deleted. Under Linux 5.6 or later this holds for the bytes of files
/// and for their names even where somebody changes directories into links while a call runs: it
/// may then list or sync what is outside, make or remove an empty directory there, and remove
/// hidden files of names that this crate gives. Elsewhere he can defeat these checks.
///
/// The futures do their I/O while they are polled, on the thread that polls, and are then done.
#[derive(Clone, Debug)]
pub struct LocalStore {
    root: Arc<Root>,
    /// Of all clones.
    unsynced: Arc<Unsynced>,
}

impl LocalStore {
    /// The store of a directory, which must exist.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`]; [`StoreError::InvalidPath`] where it is no directory; what the
    /// system says.
    pub fn open(root: impl AsRef<Path>) -> Result<Self, StoreError> {
        let root = Arc::new(Root::open(root.as_ref())?);
        Ok(Self {
            root,
            unsynced: Arc::default(),
        })
    }

    /// The store of the directory that holds `path`, and the path in it. The directory must
    /// exist; what `path` names need not.
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidPath`] where the path has no name, or one that a [`StorePath`] cannot
    /// have; as [`open`](Self::open) for the directory.
    pub fn locate(path: impl AsRef<Path>) -> Result<(Self, StorePath), StoreError> {
        let path = path.as_ref();
        let Some(name) = path.file_name() else {
            let shown = printable(&path.to_string_lossy());
            return Err(StoreError::invalid(
                shown,
                "it names nothing in a directory",
            ));
        };
        let Some(name) = name.to_str() else {
            let shown = printable(&path.to_string_lossy());
            return Err(StoreError::invalid(shown, "the name is not UTF-8"));
        };
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        Ok((Self::open(parent)?, StorePath::new(name)?))
    }

    fn put_all(
        &self,
        path: &StorePath,
        pieces: &[&[u8]],
        mode: PutMode,
    ) -> Result<Version, StoreError> {
        let mut upload = LocalUpload::open(&self.root, path, mode)?;
        for piece in pieces {
            upload.append(piece)?;
        }
        upload.publish()
    }
}

impl Store for LocalStore {
    fn read<'a>(
        &'a self,
        path: &'a StorePath,
        range: ReadRange,
    ) -> BoxFuture<'a, Result<Content, StoreError>> {
        Box::pin(async move { read::read(&self.root, path, &range) })
    }

    fn put<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(async move { self.put_all(path, &[bytes], mode) })
    }

    fn put_pieces<'a>(
        &'a self,
        path: &'a StorePath,
        pieces: &'a [&'a [u8]],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(async move { self.put_all(path, pieces, mode) })
    }

    fn put_unsynced<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(async move {
            let upload = LocalUpload::open(&self.root, path, mode)?;
            upload.put_unsynced(bytes, &self.unsynced)
        })
    }

    fn sync(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { self.unsynced.sync(&self.root) })
    }

    fn open_write<'a>(
        &'a self,
        path: &'a StorePath,
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Box<dyn Upload>, StoreError>> {
        Box::pin(async move {
            let upload = LocalUpload::open(&self.root, path, mode)?;
            Ok(Box::new(upload) as Box<dyn Upload>)
        })
    }

    fn list<'a>(&'a self, prefix: &'a StorePath) -> BoxFuture<'a, Result<Vec<Entry>, StoreError>> {
        Box::pin(async move { list::list(&self.root, prefix) })
    }

    fn delete<'a>(&'a self, path: &'a StorePath) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { publish::delete(&self.root, path) })
    }

    fn leftovers<'a>(
        &'a self,
        prefix: &'a StorePath,
    ) -> BoxFuture<'a, Result<Vec<Leftover>, StoreError>> {
        Box::pin(async move { list::leftovers(&self.root, prefix) })
    }

    fn age<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<Option<Duration>, StoreError>> {
        Box::pin(async move { list::age(&self.root, path) })
    }

    fn remove_directory<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            // What the system will not remove is not empty, not there or not ours.
            let _ = std::fs::remove_dir(self.root.directory(path)?);
            Ok(())
        })
    }

    fn make_directories<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let directory = self.root.directory(path)?;
            let shown = self.root.describe(path);
            let mut made = directory::make(&directory, &shown)?;
            directory::sync_up_to(self.root.real(), &directory)
                .map_err(|source| StoreError::from_io(&shown, "sync", source))?;
            let is_new = !made.is_empty();
            made.keep();
            Ok(is_new)
        })
    }

    fn describe(&self, path: &StorePath) -> String {
        self.root.describe(path)
    }
}
