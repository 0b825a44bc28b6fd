//! Whether objects that take several requests are made under a condition.

use super::super::error::{Effect, effect};
use super::super::state;
use super::{Heeded, Probe, WRONG, is_about_the_request};
use crate::error::StoreError;
use object_store::{CopyMode, CopyOptions, Error, PutMode, PutMultipartOptions};
use std::sync::Arc;

const IGNORES: &str = "the store completes large uploads whatever is there";
const REFUSES: &str = "the store does not complete large uploads under a condition";
const COPIES_OVER: &str = "the store copies over what is there";
const DOES_NOT_COPY: &str = "the store does not copy objects to where nothing is";
const LOSES_TOKEN: &str = "the store does not keep the metadata of objects that it copies";

impl Probe<'_> {
    /// Whether the completion of an upload heeds its condition.
    pub(super) async fn completion(&self, is_update: bool) -> Result<Heeded, StoreError> {
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
            Ok(_) => Ok(Err(IGNORES)),
            Err(error) => match effect(&error, &call) {
                Effect::Refused => Ok(Ok(())),
                Effect::Rejected if is_about_the_request(&error) => Ok(Err(REFUSES)),
                _ => Err(self.fail(&error)),
            },
        };
        if !matches!(verdict, Ok(Err(IGNORES))) {
            let _ = call.run(upload.abort()).await;
        }
        verdict
    }

    /// Whether a copy heeds that its target must not be there, and keeps the token.
    pub(super) async fn copy(&self) -> Result<Heeded, StoreError> {
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
                return Ok(Err(DOES_NOT_COPY));
            }
            Err(error) => return Err(self.fail(&error)),
        }
        let copied = call.run(self.inner.head(&self.copy)).await;
        let copied = copied.map_err(|error| self.fail(&error))?;
        if !copied.is_some_and(|current| current.state.is_of(&token)) {
            return Ok(Err(LOSES_TOKEN));
        }
        match call.run(copy()).await {
            Ok(()) => Ok(Err(COPIES_OVER)),
            Err(error) => match effect(&error, &call) {
                Effect::Refused => Ok(Ok(())),
                _ => Err(self.fail(&error)),
            },
        }
    }
}
