//! From parts to an object.

use super::super::error::{Effect, effect};
use super::super::inner::Inner;
use super::super::put::{Condition, Found, Write};
use super::super::settings::ConditionalPut;
use super::super::state::State;
use super::{RemoteUpload, Sent};
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::Version;
use futures_util::FutureExt;
use object_store::path::Path;
use object_store::{CopyMode, CopyOptions, Error};
use std::io;
use std::sync::Arc;

impl RemoteUpload {
    pub(super) async fn publish(mut self) -> Result<Version, StoreError> {
        let last = self.filling.take().filter(|buffer| buffer.len() > 0);
        let last = last.map(super::super::pool::Buffer::freeze);
        let Some(mut sent) = self.sent.take() else {
            let mut pieces = std::mem::take(&mut self.waiting);
            pieces.extend(last);
            let payload = pieces.into_iter().collect();
            return self.inner.put(&self.path, payload, self.condition).await;
        };
        if let Some(last) = last {
            sent.parts.send(last).await?;
        }
        sent.parts.arrived().await?;
        let inner = &self.inner;
        if inner.settings.conditional_put == ConditionalPut::LastWriterWins {
            let (path, location) = (&self.path, &self.location);
            inner.check_now(path, location, &self.condition).await?;
            self.condition = Condition::Anything;
        }
        let write = Write {
            path: &self.path,
            location: &self.location,
            condition: &self.condition,
            token: &self.token,
        };
        match sent.staged.take() {
            None => inner.complete(&write, &mut sent, self.written).await,
            Some(staged) => {
                let staging = Write {
                    location: &staged,
                    condition: &Condition::Anything,
                    ..write
                };
                inner.complete(&staging, &mut sent, self.written).await?;
                let copied = inner.copy_into_place(&write, &staged).await;
                // As long as it is not known, the store may be copying.
                if !matches!(copied, Err(StoreError::CommitUnknown { .. })) {
                    inner.remove_staged(&self.path, &staged).await;
                }
                copied
            }
        }
    }
}

impl Inner {
    /// Makes an object of parts that have all arrived, under the condition of the write.
    async fn complete(
        &self,
        write: &Write<'_>,
        sent: &mut Sent,
        size: u64,
    ) -> Result<Version, StoreError> {
        let mut call = self.call(write.path);
        match write.condition {
            Condition::Anything => {}
            Condition::Nothing => call = call.completing_with("if-none-match", "*".into()),
            Condition::State(state) => match state.quoted_etag() {
                Some(etag) => call = call.completing_with("if-match", etag),
                None => return Err(self.refusal(write.path, write.condition)),
            },
        }
        let call = Arc::new(call);
        let upload = sent.parts.arrived().await?;
        match call.run(upload.complete()).await {
            Ok(result) => {
                sent.parts.are_complete();
                let head = call.run(self.head(write.location)).await;
                let Ok(Some(current)) = head else {
                    // It is there, and was perhaps replaced or deleted since.
                    let state = State::of_put(result, write.token, self.has_generations);
                    return Ok(state.to_version());
                };
                let is_ours = current.state.is_of(write.token);
                if is_ours && current.size != size {
                    let got = current.size;
                    return Err(StoreError::CommitUnknown {
                        path: self.describe(write.path),
                        source: io::Error::other(format!(
                            "the store made {got} bytes of the {size} that were sent"
                        )),
                    });
                }
                Ok(match is_ours {
                    true => current.state.to_version(),
                    false => State::of_put(result, write.token, self.has_generations).to_version(),
                })
            }
            Err(error) => {
                let effect = effect(&error, &call);
                // A client that keeps its attempts to itself may have asked a second time for
                // what was done.
                let is_repeated = matches!(error, Error::NotFound { .. }) && call.last().is_none();
                let is_ambiguous =
                    effect == Effect::Unknown || is_repeated || call.was_ambiguous_before();
                match self.find(write, is_ambiguous, &error).await {
                    Found::Ours(version) => {
                        sent.parts.are_complete();
                        Ok(version)
                    }
                    Found::Lost(error) => Err(error),
                    Found::Unchanged => Err(self.give_up(write.path, is_ambiguous, &error)),
                }
            }
        }
    }

    /// Gives the staged object its name, if nothing has it.
    async fn copy_into_place(
        &self,
        write: &Write<'_>,
        staged: &Path,
    ) -> Result<Version, StoreError> {
        let copy = || {
            let options = CopyOptions::new().with_mode(CopyMode::Create);
            let copied = self.single.copy_opts(staged, write.location, options);
            copied.map(|copied| copied.map(|()| None)).boxed()
        };
        self.until_known(write, copy).await
    }

    async fn remove_staged(&self, path: &StorePath, staged: &Path) {
        let call = Arc::new(self.call(path));
        // What cannot be removed is a leftover.
        let _ = call.run(self.remove(staged)).await;
    }
}
