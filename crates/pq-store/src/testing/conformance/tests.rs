//! Stores with one vice each: the suite finds it.

use super::{check, path, races};
use crate::error::StoreError;
use crate::memory::MemoryStore;
use crate::path::StorePath;
use crate::store::{
    BoxFuture, Content, Entry, Leftover, PutMode, ReadRange, Store, Upload, Version,
};
use std::ops::Range;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::thread;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Vice {
    ReplacesIfAbsent,
    ReplacesAnyVersion,
    PiecesReplaceAnyVersion,
    LosesTheLastPiece,
    UnsyncedReplacesIfAbsent,
    UnsyncedIsSeenLate,
    SyncFails,
    UploadReplacesIfAbsent,
    UploadReplacesAnyVersion,
    UploadIsSeenEarly,
    DropPublishes,
    AbortPublishes,
    LosesTheFirstWrite,
    CopiesFromTheStart,
    CopiesNothingWhereAbsent,
    ClipsRanges,
    RefusesLongSuffixes,
    TellsTheSizeOfTheRange,
    TellsAnotherVersion,
    ListsNeighbours,
    ListsNoObjectAsPrefix,
    ListsBackwards,
    ListsHiddenNamesNot,
    DeletesDirectories,
    RefusesToDeleteWhatIsAbsent,
    DeletesNothing,
    MakesDirectoriesThatAreThere,
    ShowsAnotherPath,
    TakesTheRootForAnObject,
    DecodesNames,
    TrimsNames,
    ObjectsAreLeftovers,
    /// Only races show it.
    LooksAndThenWrites,
}

const ALL: [Vice; 33] = [
    Vice::ReplacesIfAbsent,
    Vice::ReplacesAnyVersion,
    Vice::PiecesReplaceAnyVersion,
    Vice::LosesTheLastPiece,
    Vice::UnsyncedReplacesIfAbsent,
    Vice::UnsyncedIsSeenLate,
    Vice::SyncFails,
    Vice::UploadReplacesIfAbsent,
    Vice::UploadReplacesAnyVersion,
    Vice::UploadIsSeenEarly,
    Vice::DropPublishes,
    Vice::AbortPublishes,
    Vice::LosesTheFirstWrite,
    Vice::CopiesFromTheStart,
    Vice::CopiesNothingWhereAbsent,
    Vice::ClipsRanges,
    Vice::RefusesLongSuffixes,
    Vice::TellsTheSizeOfTheRange,
    Vice::TellsAnotherVersion,
    Vice::ListsNeighbours,
    Vice::ListsNoObjectAsPrefix,
    Vice::ListsBackwards,
    Vice::ListsHiddenNamesNot,
    Vice::DeletesDirectories,
    Vice::RefusesToDeleteWhatIsAbsent,
    Vice::DeletesNothing,
    Vice::MakesDirectoriesThatAreThere,
    Vice::ShowsAnotherPath,
    Vice::TakesTheRootForAnObject,
    Vice::DecodesNames,
    Vice::TrimsNames,
    Vice::ObjectsAreLeftovers,
    Vice::LooksAndThenWrites,
];

#[derive(Clone, Debug)]
struct Wrong {
    inner: MemoryStore,
    vice: Option<Vice>,
}

impl Wrong {
    fn new(vice: Option<Vice>) -> Self {
        let inner = MemoryStore::default();
        Self { inner, vice }
    }

    fn has(&self, vice: Vice) -> bool {
        self.vice == Some(vice)
    }

    /// The object that is meant by a path.
    fn at(&self, given: &StorePath) -> StorePath {
        let text = given.as_str();
        match self.vice {
            Some(Vice::TakesTheRootForAnObject) if given.is_root() => path("root"),
            Some(Vice::DecodesNames) => path(&text.replace("%25", "%").replace("%20", " ")),
            Some(Vice::TrimsNames) if !given.is_root() => path(text.trim_end()),
            _ => given.clone(),
        }
    }

    /// The condition without a vice's part of it.
    fn weaken(&self, mode: PutMode, if_absent: Vice, if_version: Vice) -> PutMode {
        match mode {
            PutMode::IfAbsent if self.has(if_absent) => PutMode::Always,
            PutMode::IfVersion(_) if self.has(if_version) => PutMode::Always,
            mode => mode,
        }
    }

    async fn put_now(
        &self,
        path: &StorePath,
        bytes: &[u8],
        mode: PutMode,
    ) -> Result<Version, StoreError> {
        let (at, mut mode) = (self.at(path), mode);
        if self.has(Vice::LooksAndThenWrites) {
            drop(self.inner.open_write(&at, mode).await?);
            thread::yield_now();
            mode = PutMode::Always;
        }
        self.inner.put(&at, bytes, mode).await
    }
}

impl Store for Wrong {
    fn read<'a>(
        &'a self,
        path: &'a StorePath,
        range: ReadRange,
    ) -> BoxFuture<'a, Result<Content, StoreError>> {
        Box::pin(async move {
            let at = self.at(path);
            let whole = self.inner.read(&at, ReadRange::All).await?;
            let range = match range {
                ReadRange::Bytes(range) if self.has(Vice::ClipsRanges) => {
                    let end = range.end.min(whole.size);
                    ReadRange::Bytes(range.start.min(end)..end)
                }
                ReadRange::Suffix(length) if self.has(Vice::RefusesLongSuffixes) => {
                    ReadRange::Bytes(whole.size.wrapping_sub(length)..whole.size)
                }
                range => range,
            };
            let mut content = self.inner.read(&at, range).await?;
            if self.has(Vice::TellsTheSizeOfTheRange) {
                content.size = content.bytes.len() as u64;
            }
            if self.has(Vice::TellsAnotherVersion) {
                content.version = Version::new("another");
            }
            Ok(content)
        })
    }

    fn put<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        let mode = self.weaken(mode, Vice::ReplacesIfAbsent, Vice::ReplacesAnyVersion);
        Box::pin(self.put_now(path, bytes, mode))
    }

    fn put_pieces<'a>(
        &'a self,
        path: &'a StorePath,
        pieces: &'a [&'a [u8]],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(async move {
            let vice = Vice::PiecesReplaceAnyVersion;
            let mode = self.weaken(mode, vice, vice);
            let lost = usize::from(self.has(Vice::LosesTheLastPiece));
            let kept = &pieces[..pieces.len().saturating_sub(lost)];
            self.put_now(path, &kept.concat(), mode).await
        })
    }

    fn put_unsynced<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        let vice = Vice::UnsyncedReplacesIfAbsent;
        let mode = self.weaken(mode, vice, vice);
        if self.has(Vice::UnsyncedIsSeenLate) {
            return Box::pin(async { Ok(Version::new("later")) });
        }
        Box::pin(self.put_now(path, bytes, mode))
    }

    fn sync(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        let fails = self.has(Vice::SyncFails);
        Box::pin(async move {
            match fails {
                true => Err(StoreError::invalid("", "no")),
                false => Ok(()),
            }
        })
    }

    fn open_write<'a>(
        &'a self,
        path: &'a StorePath,
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Box<dyn Upload>, StoreError>> {
        Box::pin(async move {
            let at = self.at(path);
            let (absent, version) = (Vice::UploadReplacesIfAbsent, Vice::UploadReplacesAnyVersion);
            let mode = self.weaken(mode, absent, version);
            drop(self.inner.open_write(&at, mode.clone()).await?);
            if self.has(Vice::UploadIsSeenEarly) {
                self.inner.put(&at, b"", mode.clone()).await?;
            }
            let (store, bytes, is_done) = (self.clone(), Vec::new(), false);
            Ok(Box::new(WrongUpload {
                store,
                at,
                mode,
                bytes,
                is_done,
            }) as Box<dyn Upload>)
        })
    }

    fn list<'a>(&'a self, prefix: &'a StorePath) -> BoxFuture<'a, Result<Vec<Entry>, StoreError>> {
        Box::pin(async move {
            let mut listed = self.inner.list(prefix).await?;
            match self.vice {
                Some(Vice::ListsNeighbours) => {
                    listed = self.inner.list(&StorePath::root()).await?;
                    listed.retain(|entry| entry.path.as_str().starts_with(prefix.as_str()));
                }
                Some(Vice::ListsNoObjectAsPrefix) => listed.retain(|entry| entry.path != *prefix),
                Some(Vice::ListsBackwards) => listed.reverse(),
                Some(Vice::ListsHiddenNamesNot) => {
                    listed.retain(|entry| !entry.path.as_str().contains("/."));
                }
                _ => {}
            }
            Ok(listed)
        })
    }

    fn delete<'a>(&'a self, path: &'a StorePath) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            match self.vice {
                Some(Vice::DeletesDirectories) => {
                    for entry in self.inner.list(path).await? {
                        self.inner.delete(&entry.path).await?;
                    }
                }
                Some(Vice::RefusesToDeleteWhatIsAbsent) => {
                    self.inner.read(path, ReadRange::All).await?;
                }
                Some(Vice::DeletesNothing) => return Ok(()),
                _ => {}
            }
            self.inner.delete(&self.at(path)).await
        })
    }

    fn leftovers<'a>(
        &'a self,
        prefix: &'a StorePath,
    ) -> BoxFuture<'a, Result<Vec<Leftover>, StoreError>> {
        Box::pin(async move {
            let mut left = self.inner.list(prefix).await?;
            left.retain(|_| self.has(Vice::ObjectsAreLeftovers));
            let left = left.into_iter();
            Ok(left.map(|entry| Leftover { entry, age: None }).collect())
        })
    }

    fn remove_directory<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.inner.remove_directory(path)
    }

    fn make_directories<'a>(
        &'a self,
        _path: &'a StorePath,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let is_new = self.has(Vice::MakesDirectoriesThatAreThere);
        Box::pin(async move { Ok(is_new) })
    }

    fn describe(&self, path: &StorePath) -> String {
        match self.vice {
            Some(Vice::ShowsAnotherPath) => format!("elsewhere:/{path}"),
            _ => self.inner.describe(path),
        }
    }
}

#[derive(Debug)]
struct WrongUpload {
    store: Wrong,
    at: StorePath,
    mode: PutMode,
    bytes: Vec<u8>,
    is_done: bool,
}

impl Upload for WrongUpload {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            if self.store.has(Vice::LosesTheFirstWrite) && self.mode == PutMode::Always {
                self.store.vice = None;
                return Ok(());
            }
            self.bytes.extend_from_slice(bytes);
            Ok(())
        })
    }

    fn copy_from<'a>(
        &'a mut self,
        source: &'a StorePath,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let range = match self.store.vice {
                Some(Vice::CopiesFromTheStart) => 0..range.end - range.start,
                _ => range,
            };
            match self.store.inner.read(source, ReadRange::Bytes(range)).await {
                Ok(content) => self.bytes.extend(content.bytes),
                Err(_) if self.store.has(Vice::CopiesNothingWhereAbsent) => {}
                Err(error) => return Err(error),
            }
            Ok(())
        })
    }

    fn finish(mut self: Box<Self>) -> BoxFuture<'static, Result<Version, StoreError>> {
        Box::pin(async move {
            self.is_done = true;
            let (bytes, mode) = (std::mem::take(&mut self.bytes), self.mode.clone());
            self.store.put_now(&self.at, &bytes, mode).await
        })
    }

    fn abort(mut self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        if self.store.has(Vice::AbortPublishes) {
            return Box::pin(async move { self.finish().await.map(drop) });
        }
        self.is_done = true;
        Box::pin(async { Ok(()) })
    }
}

impl Drop for WrongUpload {
    fn drop(&mut self) {
        if self.store.has(Vice::DropPublishes) && !self.is_done {
            let (bytes, mode) = (std::mem::take(&mut self.bytes).into(), &self.mode);
            let _put = self.store.inner.insert(&self.at, bytes, mode);
        }
    }
}

fn suite(vice: Option<Vice>) {
    pollster::block_on(check(&Wrong::new(vice)));
    // Whether a race is lost is a matter of chance.
    for _ in 0..50 {
        races(Arc::new(Wrong::new(vice)), |future| {
            pollster::block_on(future)
        });
        if vice.is_none() {
            return;
        }
    }
}

#[test]
fn every_vice_is_found() {
    suite(None);
    let passed: Vec<_> = ALL
        .into_iter()
        .filter(|vice| catch_unwind(|| suite(Some(*vice))).is_ok())
        .collect();
    assert_eq!(passed, []);
}
