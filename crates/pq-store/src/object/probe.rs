//! Finding out whether a store heeds the conditions of writes.
//!
//! Some servers accept the headers and overwrite all the same. Whoever relies on them loses
//! objects without an error.

use super::error::{Effect, effect};
use super::inner::{Inner, LargeWrites};
use super::put::Condition;
use super::settings::ConditionalPut;
use super::state::{self, State};
use crate::error::StoreError;
use crate::hidden;
use crate::path::StorePath;
use object_store::path::Path;
use object_store::{
    CopyMode, CopyOptions, Error, PutMode, PutMultipartOptions, PutOptions, UpdateVersion,
};
use std::sync::Arc;
use tokio::sync::Mutex;

/// What is known of a store: whether a condition is heeded, or why it is not.
type Verdict = Option<Result<(), &'static str>>;

#[derive(Default)]
pub(super) struct Probes(Mutex<Verdicts>);

#[derive(Default)]
struct Verdicts {
    create: Verdict,
    update: Verdict,
    large_create: Verdict,
    large_update: Verdict,
}

const IGNORES_CREATE: &str = "the store overwrites objects that were to be created";
const IGNORES_UPDATE: &str = "the store overwrites objects that others have replaced";
const REFUSES_UPDATE: &str = "the store does not replace objects under a condition";
const REFUSES_CREATE: &str = "the store does not create objects under a condition";
const LOSES_TOKEN: &str = "the store does not keep the metadata of objects";
const IGNORES_LARGE: &str = "the store completes large uploads whatever is there";
const REFUSES_LARGE: &str = "the store does not complete large uploads under a condition";

/// An entity tag and a generation that no object has.
const WRONG: &str = "\"00000000000000000000000000000000\"";
const WRONG_GENERATION: &str = "1";

impl Inner {
    fn is_trusted(&self) -> bool {
        self.is_known || self.settings.conditional_put == ConditionalPut::Trust
    }

    /// Fails where the condition would not be heeded.
    pub(super) async fn probe_puts(
        &self,
        path: &StorePath,
        condition: &Condition,
    ) -> Result<(), StoreError> {
        if self.is_trusted() {
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
        self.judge(path, verdict)
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

    fn judge(&self, path: &StorePath, verdict: Verdict) -> Result<(), StoreError> {
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

    /// Whether creating and replacing are safe.
    async fn puts(
        &self,
    ) -> Result<(Result<(), &'static str>, Result<(), &'static str>), StoreError> {
        let both = |reason| Ok((Err(reason), Err(reason)));
        let tokens = [(); 4].map(|()| state::new_token());
        let [first, second, third, fourth] = tokens;
        match self.put(&first, PutMode::Create).await {
            (Ok(_), _) => {}
            // Nobody else has this name: it was made, and the answer lost.
            (Err(_), Effect::Refused) => {}
            (Err(error), Effect::Rejected) if is_about_the_request(&error) => {
                return both(REFUSES_CREATE);
            }
            (Err(error), _) => return Err(self.fail(&error)),
        }
        let Some(current) = self.current().await? else {
            return both(LOSES_TOKEN);
        };
        if !current.is_of(&first) {
            return both(LOSES_TOKEN);
        }
        match self.put(&second, PutMode::Create).await {
            (Ok(_), _) => return both(IGNORES_CREATE),
            (Err(_), Effect::Refused) => {}
            (Err(error), _) => return Err(self.fail(&error)),
        }
        Ok((Ok(()), self.update(&current, &third, &fourth).await?))
    }

    async fn update(
        &self,
        current: &State,
        wrong: &str,
        right: &str,
    ) -> Result<Result<(), &'static str>, StoreError> {
        let mode = PutMode::Update(UpdateVersion {
            e_tag: Some(WRONG.to_owned()),
            version: Some(WRONG_GENERATION.to_owned()),
        });
        match self.put(wrong, mode).await {
            (Ok(_), _) => return Ok(Err(IGNORES_UPDATE)),
            (Err(_), Effect::Refused) => {}
            (Err(_), Effect::Rejected) => return Ok(Err(REFUSES_UPDATE)),
            (Err(error), _) => return Err(self.fail(&error)),
        }
        match self.put(right, PutMode::Update(current.to_update())).await {
            (Ok(_), _) => Ok(Ok(())),
            (Err(error), Effect::Unknown | Effect::Nothing) => Err(self.fail(&error)),
            // Perhaps the answer was lost, and the client tried again.
            (Err(_), _) => match self.current().await? {
                Some(state) if state.is_of(right) => Ok(Ok(())),
                _ => Ok(Err(REFUSES_UPDATE)),
            },
        }
    }

    async fn current(&self) -> Result<Option<State>, StoreError> {
        let current = self.inner.head(&self.object).await;
        let current = current.map_err(|error| self.fail(&error))?;
        Ok(current.map(|current| current.state))
    }

    /// Whether the completion of an upload heeds its condition.
    async fn completion(&self, is_update: bool) -> Result<Result<(), &'static str>, StoreError> {
        if let (Err(error), _) = self.put(&state::new_token(), PutMode::Overwrite).await {
            return Err(self.fail(&error));
        }
        let condition = match is_update {
            true => ("if-match", WRONG.to_owned()),
            false => ("if-none-match", "*".to_owned()),
        };
        let call = self.inner.call(self.path);
        let call = Arc::new(call.completing_with(condition.0, condition.1));
        let client = &self.inner.client;
        let upload =
            call.run(client.put_multipart_opts(&self.object, PutMultipartOptions::default()));
        let mut upload = upload.await.map_err(|error| self.fail(&error))?;
        let part = call.run(upload.put_part("part".into())).await;
        let completed = match part {
            Ok(()) => call.run(upload.complete()).await,
            Err(error) => Err(error),
        };
        let verdict = match completed {
            Ok(_) => Ok(Err(IGNORES_LARGE)),
            Err(error) => match effect(&error, &call) {
                Effect::Refused => Ok(Ok(())),
                Effect::Rejected if is_about_the_request(&error) => Ok(Err(REFUSES_LARGE)),
                _ => Err(self.fail(&error)),
            },
        };
        if !matches!(verdict, Ok(Err(IGNORES_LARGE))) {
            let _ = call.run(upload.abort()).await;
        }
        verdict
    }

    /// Whether a copy heeds that its target must not be there, and keeps the token.
    async fn copy(&self) -> Result<Result<(), &'static str>, StoreError> {
        let token = state::new_token();
        if let (Err(error), _) = self.put(&token, PutMode::Overwrite).await {
            return Err(self.fail(&error));
        }
        let call = Arc::new(self.inner.call(self.path));
        let copy = || {
            let options = CopyOptions::new().with_mode(CopyMode::Create);
            self.inner
                .client
                .copy_opts(&self.object, &self.copy, options)
        };
        match call.run(copy()).await {
            Ok(()) | Err(Error::AlreadyExists { .. }) => {}
            Err(error)
                if effect(&error, &call) == Effect::Rejected && is_about_the_request(&error) =>
            {
                return Ok(Err("the store does not copy objects to where nothing is"));
            }
            Err(error) => return Err(self.fail(&error)),
        }
        let copied = call.run(self.inner.head(&self.copy)).await;
        let copied = copied.map_err(|error| self.fail(&error))?;
        if !copied.is_some_and(|current| current.state.is_of(&token)) {
            return Ok(Err(
                "the store does not keep the metadata of objects that it copies",
            ));
        }
        match call.run(copy()).await {
            Ok(()) => Ok(Err("the store copies over what is there")),
            Err(error) => match effect(&error, &call) {
                Effect::Refused => Ok(Ok(())),
                _ => Err(self.fail(&error)),
            },
        }
    }
}

/// Whether the store rejects this kind of request, and not this user or this bucket.
fn is_about_the_request(error: &Error) -> bool {
    !matches!(
        error,
        Error::NotFound { .. } | Error::PermissionDenied { .. } | Error::Unauthenticated { .. }
    )
}
