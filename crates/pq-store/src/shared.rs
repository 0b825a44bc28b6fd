//! Stores that are shared.

use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{
    BoxFuture, Content, Entry, Leftover, PutMode, ReadRange, Store, Upload, Version,
};
use std::sync::Arc;
use std::time::Duration;

/// What is shared is used as it is.
impl<S: Store + ?Sized> Store for Arc<S> {
    fn read<'a>(
        &'a self,
        path: &'a StorePath,
        range: ReadRange,
    ) -> BoxFuture<'a, Result<Content, StoreError>> {
        (**self).read(path, range)
    }

    fn put<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        (**self).put(path, bytes, mode)
    }

    fn put_pieces<'a>(
        &'a self,
        path: &'a StorePath,
        pieces: &'a [&'a [u8]],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        (**self).put_pieces(path, pieces, mode)
    }

    fn put_unsynced<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        (**self).put_unsynced(path, bytes, mode)
    }

    fn sync(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        (**self).sync()
    }

    fn open_write<'a>(
        &'a self,
        path: &'a StorePath,
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Box<dyn Upload>, StoreError>> {
        (**self).open_write(path, mode)
    }

    fn list<'a>(&'a self, prefix: &'a StorePath) -> BoxFuture<'a, Result<Vec<Entry>, StoreError>> {
        (**self).list(prefix)
    }

    fn delete<'a>(&'a self, path: &'a StorePath) -> BoxFuture<'a, Result<(), StoreError>> {
        (**self).delete(path)
    }

    fn leftovers<'a>(
        &'a self,
        prefix: &'a StorePath,
    ) -> BoxFuture<'a, Result<Vec<Leftover>, StoreError>> {
        (**self).leftovers(prefix)
    }

    fn age<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<Option<Duration>, StoreError>> {
        (**self).age(path)
    }

    fn largest_conditional_put(&self) -> Option<u64> {
        (**self).largest_conditional_put()
    }

    fn remove_directory<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        (**self).remove_directory(path)
    }

    fn make_directories<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        (**self).make_directories(path)
    }

    fn describe(&self, path: &StorePath) -> String {
        (**self).describe(path)
    }
}
