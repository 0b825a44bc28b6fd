//! What all operations of one store share.

use super::call::Call;
use super::error::Context;
use super::pool::Pool;
use super::probe::Probes;
use super::scrub::Secrets;
use super::settings::Settings;
use super::state::State;
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::Version;
use object_store::path::Path;
use object_store::{Error, GetOptions, GetResult, ObjectStore};
use std::sync::Arc;

/// How an object that is too large for one conditional request is made under a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LargeWrites {
    /// The request that completes a multipart upload carries the condition.
    ConditionalCompletion,
    /// The object is uploaded under a hidden name and copied to where nothing is.
    Copy,
}

pub(super) struct Inner {
    /// Tries again what it may.
    pub(super) client: Arc<dyn ObjectStore>,
    /// Tries nothing again, so that it is known how each attempt ended.
    pub(super) single: Arc<dyn ObjectStore>,
    /// The root as messages show it, without `/` at the end.
    pub(super) url: String,
    pub(super) settings: Settings,
    pub(super) secrets: Secrets,
    pub(super) has_generations: bool,
    pub(super) large_writes: LargeWrites,
    /// Whether the conditions of this store are known to hold, so that there is no need to probe.
    pub(super) is_known: bool,
    pub(super) probes: Probes,
    pub(super) pool: Arc<Pool>,
}

/// An object as it is now.
pub(super) struct Current {
    pub(super) state: State,
    pub(super) size: u64,
}

impl Inner {
    pub(super) fn describe(&self, path: &StorePath) -> String {
        format!("{}/{path}", self.url)
    }

    /// The path of an object in the words of the client.
    pub(super) fn location(&self, path: &StorePath) -> Result<Path, StoreError> {
        if path.is_root() {
            return Err(StoreError::invalid(
                self.describe(path),
                "the root is no object",
            ));
        }
        self.prefix(path)
    }

    /// As [`location`](Self::location), but the root is a prefix.
    pub(super) fn prefix(&self, path: &StorePath) -> Result<Path, StoreError> {
        // Not `Path::from`, which would encode what is already a name.
        Path::parse(path.as_str())
            .map_err(|error| StoreError::invalid(self.describe(path), error.to_string()))
    }

    pub(super) fn call(&self, path: &StorePath) -> Call {
        Call::new(self.describe(path), self.settings.listener.clone())
    }

    pub(super) fn context(&self, path: &StorePath, operation: &'static str) -> Context<'_> {
        Context {
            path: self.describe(path),
            bucket: &self.url,
            operation,
            secrets: &self.secrets,
        }
    }

    pub(super) fn state(&self, result: &GetResult) -> State {
        State::of_get(result, self.has_generations)
    }

    pub(super) fn version(&self, result: &GetResult) -> Version {
        self.state(result).to_version()
    }

    /// What is there now; `None` where there is nothing.
    pub(super) async fn head(&self, location: &Path) -> Result<Option<Current>, Error> {
        let options = GetOptions {
            head: true,
            ..GetOptions::default()
        };
        match self.client.get_opts(location, options).await {
            Ok(result) => Ok(Some(Current {
                state: self.state(&result),
                size: result.meta.size,
            })),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
