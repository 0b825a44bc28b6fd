//! Writing whole objects, and finding out what became of a write whose answer is lost.

use super::backoff::Backoff;
use super::error::{Effect, effect};
use super::inner::Inner;
use super::settings::ConditionalPut;
use super::state::{self, State};
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{PutMode, Version};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, TryFutureExt};
use object_store::path::Path;
use object_store::{Error, PutOptions, PutPayload, PutResult};
use std::sync::Arc;

/// What must be there for a write to happen, in the words of this store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Anything,
    Nothing,
    State(State),
}

/// What was found where a write may have landed.
pub(super) enum Found {
    /// The write landed.
    Ours(Version),
    /// All is as it was before.
    Unchanged,
    /// The write did not happen, or it is not known.
    Lost(StoreError),
}

/// One write, which may take several attempts.
pub(super) struct Write<'w> {
    pub(super) path: &'w StorePath,
    pub(super) location: &'w Path,
    pub(super) condition: &'w Condition,
    pub(super) token: &'w str,
}

impl Inner {
    /// The condition of a mode.
    pub(super) fn condition(
        &self,
        path: &StorePath,
        mode: &PutMode,
    ) -> Result<Condition, StoreError> {
        match mode {
            PutMode::Always => Ok(Condition::Anything),
            PutMode::IfAbsent => Ok(Condition::Nothing),
            PutMode::IfVersion(version) => match State::from_version(version) {
                Some(state) if state.is_comparable() => Ok(Condition::State(state)),
                // No object of this store ever had this version.
                _ => Err(StoreError::Conflict {
                    path: self.describe(path),
                }),
            },
        }
    }

    /// Puts an object in one request.
    pub(super) async fn put(
        &self,
        path: &StorePath,
        payload: PutPayload,
        condition: Condition,
    ) -> Result<Version, StoreError> {
        let location = self.location(path)?;
        let condition = self.settle_condition(path, &location, condition).await?;
        let token = state::new_token();
        let write = Write {
            path,
            location: &location,
            condition: &condition,
            token: &token,
        };
        let attempt = || {
            let options = PutOptions {
                mode: put_mode(write.condition),
                attributes: state::attributes(write.token),
                ..PutOptions::default()
            };
            let put = self.single.put_opts(&location, payload.clone(), options);
            put.map_ok(Some).boxed()
        };
        self.until_known(&write, attempt).await
    }

    /// The condition that is left to the store: none where the last writer is to win.
    pub(super) async fn settle_condition(
        &self,
        path: &StorePath,
        location: &Path,
        condition: Condition,
    ) -> Result<Condition, StoreError> {
        if condition == Condition::Anything {
            return Ok(condition);
        }
        if self.settings.conditional_put == ConditionalPut::LastWriterWins {
            self.check_now(path, location, &condition).await?;
            return Ok(Condition::Anything);
        }
        self.probe_puts(path, &condition).await?;
        Ok(condition)
    }

    /// Fails where the condition does not hold now.
    pub(super) async fn check_now(
        &self,
        path: &StorePath,
        location: &Path,
        condition: &Condition,
    ) -> Result<(), StoreError> {
        if *condition == Condition::Anything {
            return Ok(());
        }
        let call = Arc::new(self.call(path));
        let current = call.run(self.head(location)).await;
        let current = current.map_err(|error| self.context(path, "read").error(&error))?;
        let current = current.map(|current| current.state);
        match self.holds(condition, current.as_ref()) {
            true => Ok(()),
            false => Err(self.refusal(path, condition)),
        }
    }

    fn holds(&self, condition: &Condition, current: Option<&State>) -> bool {
        match condition {
            Condition::Anything => true,
            Condition::Nothing => current.is_none(),
            Condition::State(state) => current == Some(state),
        }
    }

    pub(super) fn refusal(&self, path: &StorePath, condition: &Condition) -> StoreError {
        let path = self.describe(path);
        match condition {
            Condition::State(_) => StoreError::Conflict { path },
            _ => StoreError::AlreadyExists { path },
        }
    }

    /// Attempts the write until it is known what became of it, or time is up. An attempt that
    /// goes well gives what the store tells of the object, if it does.
    pub(super) async fn until_known<'f>(
        &self,
        write: &Write<'_>,
        attempt: impl Fn() -> BoxFuture<'f, Result<Option<PutResult>, Error>>,
    ) -> Result<Version, StoreError> {
        let mut is_ambiguous = false;
        let mut backoff = Backoff::new(&self.settings);
        loop {
            let call = Arc::new(self.call(write.path));
            let error = match call.run(attempt()).await {
                Ok(result) => return Ok(self.written(write, result).await),
                Err(error) => error,
            };
            let effect = effect(&error, &call);
            is_ambiguous |= effect == Effect::Unknown || call.was_ambiguous_before();
            if effect == Effect::Rejected && !is_ambiguous {
                return Err(self.context(write.path, "write").error(&error));
            }
            // What was never sent has changed nothing.
            if effect != Effect::Nothing || is_ambiguous {
                match self.find(write, is_ambiguous, &error).await {
                    Found::Ours(version) => return Ok(version),
                    Found::Lost(error) => return Err(error),
                    Found::Unchanged => {}
                }
            }
            let next = backoff.next_attempt();
            if effect == Effect::Rejected || !backoff.wait().await {
                return Err(self.give_up(write.path, is_ambiguous, &error));
            }
            let why = self.secrets.scrub(&error.to_string());
            self.call(write.path).tell_retry(next, why);
        }
    }

    /// The version of an object that was just written.
    async fn written(&self, write: &Write<'_>, result: Option<PutResult>) -> Version {
        let state = match result {
            Some(result) => State::of_put(result, write.token, self.has_generations),
            None => match self.head(write.location).await {
                Ok(Some(current)) if current.state.is_of(write.token) => current.state,
                // It was there, and is no longer, or cannot be looked at.
                _ => State::of_token(write.token),
            },
        };
        state.to_version()
    }

    /// Looks at what is there after a write that ended in `error`.
    pub(super) async fn find(&self, write: &Write<'_>, is_ambiguous: bool, error: &Error) -> Found {
        let call = Arc::new(self.call(write.path));
        let Ok(current) = call.run(self.head(write.location)).await else {
            return Found::Lost(self.context(write.path, "write").unknown(error));
        };
        let current = current.map(|current| current.state);
        if let Some(state) = &current
            && state.is_of(write.token)
        {
            return Found::Ours(state.to_version());
        }
        if self.holds(write.condition, current.as_ref()) {
            return Found::Unchanged;
        }
        // Ours may have been there, and have been replaced or deleted.
        Found::Lost(match is_ambiguous {
            true => self.context(write.path, "write").unknown(error),
            false => self.refusal(write.path, write.condition),
        })
    }

    /// The error of a write that is not tried again. A request whose answer is lost may still be
    /// on its way.
    pub(super) fn give_up(
        &self,
        path: &StorePath,
        is_ambiguous: bool,
        error: &Error,
    ) -> StoreError {
        let context = self.context(path, "write");
        match (is_ambiguous, error) {
            (true, _) => context.unknown(error),
            // It holds, and the store refuses it all the same.
            (false, Error::AlreadyExists { .. } | Error::Precondition { .. }) => StoreError::Io {
                path: self.describe(path),
                operation: "write",
                source: std::io::Error::other(
                    "the store refuses the condition although the object is as it should be",
                ),
            },
            (false, error) => context.error(error),
        }
    }
}

fn put_mode(condition: &Condition) -> object_store::PutMode {
    match condition {
        Condition::Anything => object_store::PutMode::Overwrite,
        Condition::Nothing => object_store::PutMode::Create,
        Condition::State(state) => object_store::PutMode::Update(state.to_update()),
    }
}
