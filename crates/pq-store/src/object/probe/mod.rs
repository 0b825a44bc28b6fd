//! Finding out whether a store heeds the conditions of writes.
//!
//! Some servers accept the headers and overwrite all the same. Whoever relies on them loses
//! objects without an error.

mod large;
mod puts;

use super::error::{Effect, effect};
use super::inner::{Inner, LargeWrites};
use super::put::Condition;
use super::settings::ConditionalPut;
use super::state::{self, State};
use crate::error::StoreError;
use crate::hidden;
use crate::path::StorePath;
use object_store::path::Path;
use object_store::{Error, PutMode, PutOptions};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Whether a condition is heeded, or why it is not.
type Heeded = Result<(), &'static str>;

/// What is known of a store. Whoever asks first finds out, and the others wait.
#[derive(Default)]
pub(super) struct Probes(Mutex<Verdicts>);

#[derive(Default)]
struct Verdicts {
    create: Option<Heeded>,
    update: Option<Heeded>,
    large_create: Option<Heeded>,
    large_update: Option<Heeded>,
}

/// An entity tag that no object has.
const WRONG: &str = "\"00000000000000000000000000000000\"";

impl Inner {
    /// Whether there is no need to ask.
    fn is_trusted(&self) -> bool {
        self.is_known || self.settings.conditional_put != ConditionalPut::Probe
    }

    /// Fails where the condition would not be heeded.
    pub(super) async fn probe_puts(
        &self,
        path: &StorePath,
        condition: &Condition,
    ) -> Result<(), StoreError> {
        if *condition == Condition::Anything || self.is_trusted() {
            return Ok(());
        }
        let mut verdicts = self.probes.0.lock().await;
        if verdicts.create.is_none() {
            let probe = Probe::new(self, path)?;
            let call = Arc::new(self.call(path));
            let result = call.run(probe.puts()).await;
            probe.remove().await;
            let (create, update) = result?;
            verdicts.create = Some(create);
            verdicts.update = Some(update);
        }
        let verdict = match condition {
            Condition::State(_) => verdicts.update,
            _ => verdicts.create,
        };
        match verdict {
            Some(Err(reason)) => Err(StoreError::Unsafe {
                path: self.describe(path),
                reason: format!(
                    "{reason}. Use a store with conditional writes; or, with one writer at a \
                     time, the option conditional_put=last_writer_wins"
                ),
            }),
            _ => Ok(()),
        }
    }

    /// Fails where the condition of an upload that is too large for one request would not be
    /// heeded.
    pub(super) async fn probe_large(
        &self,
        path: &StorePath,
        condition: &Condition,
    ) -> Result<(), StoreError> {
        if self.is_trusted() {
            return Ok(());
        }
        let is_update = matches!(condition, Condition::State(_));
        let mut verdicts = self.probes.0.lock().await;
        let verdict = match is_update {
            true => &mut verdicts.large_update,
            false => &mut verdicts.large_create,
        };
        if verdict.is_none() {
            let probe = Probe::new(self, path)?;
            let result = match self.large_writes {
                LargeWrites::ConditionalCompletion => probe.completion(is_update).await,
                LargeWrites::Copy => probe.copy().await,
            };
            probe.remove().await;
            *verdict = Some(result?);
        }
        match *verdict {
            Some(Err(reason)) => Err(StoreError::Unsupported {
                path: self.describe(path),
                what: format!(
                    "{reason}; an object over {} bytes can only overwrite (option \
                     conditional_put_bytes)",
                    self.settings.conditional_put_bytes
                ),
            }),
            _ => Ok(()),
        }
    }
}

/// One hidden object, and another one that it may be copied to, next to the target.
struct Probe<'p> {
    inner: &'p Inner,
    path: &'p StorePath,
    object: Path,
    copy: Path,
}

impl<'p> Probe<'p> {
    fn new(inner: &'p Inner, path: &'p StorePath) -> Result<Self, StoreError> {
        let directory = path.parent().unwrap_or_else(StorePath::root);
        let object = directory.join(&hidden::temp_name("pq-probe"))?;
        let copy = directory.join(&hidden::temp_name("pq-probe"))?;
        Ok(Self {
            inner,
            path,
            object: inner.location(&object)?,
            copy: inner.location(&copy)?,
        })
    }

    fn fail(&self, error: &Error) -> StoreError {
        let operation = "find out whether conditional writes are safe";
        self.inner.context(self.path, operation).error(error)
    }

    /// Deletes what may be there. What cannot be deleted is a leftover.
    async fn remove(&self) {
        let call = Arc::new(self.inner.call(self.path));
        let _ = call.run(self.inner.remove(&self.object)).await;
        if self.inner.large_writes == LargeWrites::Copy {
            let _ = call.run(self.inner.remove(&self.copy)).await;
        }
    }

    async fn put(&self, token: &str, mode: PutMode) -> (Result<State, Error>, Effect) {
        let options = PutOptions {
            mode,
            attributes: state::attributes(token),
            ..PutOptions::default()
        };
        let call = Arc::new(self.inner.call(self.path));
        let put = self
            .inner
            .client
            .put_opts(&self.object, "probe".into(), options);
        match call.run(put).await {
            Ok(result) => {
                let state = State::of_put(result, token, self.inner.has_generations);
                (Ok(state), Effect::Unknown)
            }
            Err(error) => {
                let effect = effect(&error, &call);
                (Err(error), effect)
            }
        }
    }

    async fn current(&self) -> Result<Option<State>, StoreError> {
        let current = self.inner.head(&self.object).await;
        let current = current.map_err(|error| self.fail(&error))?;
        Ok(current.map(|current| current.state))
    }
}

/// Whether the store rejects this kind of request, and not this user or this bucket.
fn is_about_the_request(error: &Error) -> bool {
    !matches!(
        error,
        Error::NotFound { .. } | Error::PermissionDenied { .. } | Error::Unauthenticated { .. }
    )
}
