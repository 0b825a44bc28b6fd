//! What the user of a store may choose, as keys and values.

use crate::error::StoreError;
use crate::path::StorePath;
use crate::progress::{Progress, ProgressListener};
use crate::store::Store;
use crate::url::{self, Location};
use std::fmt;
use std::sync::Arc;

/// Options of a store, and who is told of its progress.
///
/// Keys are those of the store that a URL names (see [`open`](crate::open)); they are checked
/// when it is opened.
#[derive(Clone, Default)]
pub struct StoreOptions {
    pairs: Vec<(String, String)>,
    listener: Option<ProgressListener>,
}

impl StoreOptions {
    /// No options: everything as it is by default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an option. Of several values of one key the last one counts.
    #[must_use]
    pub fn set(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.pairs.push((key.into(), value.into()));
        self
    }

    /// Calls `listener` whenever there is progress. It is called on threads of the store, and
    /// should not take long.
    #[must_use]
    pub fn on_progress(mut self, listener: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Opens the place that a URL names, with these options. See [`open`](crate::open).
    ///
    /// # Errors
    ///
    /// As [`open`](crate::open).
    pub fn open(&self, url: &str) -> Result<Location, StoreError> {
        url::open_with(url, self)
    }

    /// Opens the one store that holds all the places that these URLs name: a bucket, or of the local
    /// disk its topmost directory.
    ///
    /// # Errors
    ///
    /// As [`open`](crate::open); [`StoreError::InvalidUrl`] for no places, and for one that is in
    /// another bucket than the first.
    pub fn open_all(&self, urls: &[&str]) -> Result<(Arc<dyn Store>, Vec<StorePath>), StoreError> {
        url::open_all_with(urls, self)
    }

    /// Keys in lower case, and values.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (String, &str)> {
        let pairs = self.pairs.iter();
        pairs.map(|(key, value)| (key.to_ascii_lowercase(), value.as_str()))
    }

    #[cfg(feature = "object_store")]
    pub(crate) fn listener(&self) -> Option<ProgressListener> {
        self.listener.clone()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for StoreOptions {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        Self {
            pairs: pairs
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
            listener: None,
        }
    }
}

/// Shows keys and no values: some are secret.
impl fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<&str> = self.pairs.iter().map(|(key, _)| key.as_str()).collect();
        f.debug_struct("StoreOptions")
            .field("keys", &keys)
            .field("listener", &self.listener.is_some())
            .finish()
    }
}

pub(crate) fn invalid(option: impl Into<String>, reason: impl Into<String>) -> StoreError {
    StoreError::InvalidOption {
        option: crate::path::printable(&option.into()),
        reason: reason.into(),
    }
}
