//! What is in a store.

use super::inner::Inner;
use crate::error::StoreError;
use crate::hidden;
use crate::path::{StorePath, printable};
use crate::store::{Entry, Leftover};
use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{Error, ObjectMeta, ObjectStoreExt};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Requests at a time that find out whether an entry is an object.
const CONCURRENCY: usize = 8;

impl Inner {
    pub(super) async fn list(&self, prefix: &StorePath) -> Result<Vec<Entry>, StoreError> {
        let call = Arc::new(self.call(prefix));
        let found = call.run(self.objects(prefix)).await?;
        let seen = found
            .into_iter()
            .filter(|(entry, _)| !named(entry, hidden::is_hidden_temporary));
        Ok(seen.map(|(entry, _)| entry).collect())
    }

    pub(super) async fn age(&self, path: &StorePath) -> Result<Option<Duration>, StoreError> {
        if path.is_root() {
            return Ok(None);
        }
        let call = Arc::new(self.call(path));
        let found = call.run(self.objects(path)).await?;
        let object = found.into_iter().find(|(entry, _)| entry.path == *path);
        Ok(object.and_then(|(_, age)| age))
    }

    pub(super) async fn leftovers(&self, prefix: &StorePath) -> Result<Vec<Leftover>, StoreError> {
        let call = Arc::new(self.call(prefix));
        let found = call.run(self.objects(prefix)).await?;
        let left = found
            .into_iter()
            .filter(|(entry, _)| named(entry, hidden::is_temporary));
        Ok(left.map(|(entry, age)| Leftover { entry, age }).collect())
    }

    /// All objects at and below `prefix`, sorted by path, and how old they are.
    async fn objects(
        &self,
        prefix: &StorePath,
    ) -> Result<Vec<(Entry, Option<Duration>)>, StoreError> {
        let fail = |error: Error| self.context(prefix, "list").error(&error);
        let location = self.prefix(prefix)?;
        let mut found = Vec::new();
        if !prefix.is_root() {
            // A listing is of what lies below.
            match self.client.head(&location).await {
                Ok(meta) => found.push(self.entry(&meta)?),
                Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(fail(error)),
            }
        }
        let below = (!prefix.is_root()).then_some(&location);
        let metas: Vec<ObjectMeta> = self
            .client
            .list(below)
            .try_filter(|meta| std::future::ready(meta.location != location))
            .map(|meta| self.check(meta))
            .buffered(CONCURRENCY)
            .try_filter_map(|meta| std::future::ready(Ok(meta)))
            .try_collect()
            .await
            .map_err(fail)?;
        for meta in &metas {
            found.push(self.entry(meta)?);
        }
        found.sort_unstable_by(|(left, _), (right, _)| left.path.cmp(&right.path));
        found.dedup_by(|(left, _), (right, _)| left.path == right.path);
        Ok(found)
    }

    /// The entry, unless it is no object. Other programs mark directories by empty objects whose
    /// names end in `/`; the client drops that character.
    async fn check(&self, meta: Result<ObjectMeta, Error>) -> Result<Option<ObjectMeta>, Error> {
        let meta = meta?;
        if meta.size > 0 {
            return Ok(Some(meta));
        }
        match self.client.head(&meta.location).await {
            Ok(_) => Ok(Some(meta)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn entry(&self, meta: &ObjectMeta) -> Result<(Entry, Option<Duration>), StoreError> {
        let text = meta.location.as_ref();
        let path = StorePath::new(text).map_err(|error| match error {
            StoreError::InvalidPath { reason, .. } => {
                StoreError::invalid(format!("{}/{}", self.url, printable(text)), reason)
            }
            error => error,
        })?;
        let age = SystemTime::now().duration_since(meta.last_modified.into());
        let size = meta.size;
        Ok((Entry { path, size }, Some(age.unwrap_or_default())))
    }

    pub(super) async fn delete(&self, path: &StorePath) -> Result<(), StoreError> {
        if path.is_root() {
            return Ok(());
        }
        let location = self.location(path)?;
        let call = Arc::new(self.call(path));
        match call.run(self.remove(&location)).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.context(path, "delete").error(&error)),
        }
    }

    /// Deletes what may be absent.
    pub(super) async fn remove(&self, location: &Path) -> Result<(), Error> {
        match self.client.delete(location).await {
            Err(Error::NotFound { .. }) => Ok(()),
            deleted => deleted,
        }
    }
}

fn named(entry: &Entry, kind: fn(&str) -> bool) -> bool {
    entry.path.file_name().is_some_and(kind)
}
