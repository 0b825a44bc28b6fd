//! Reading ranges of objects.

use super::inner::Inner;
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{Content, ReadRange};
use futures_util::StreamExt;
use object_store::path::Path;
use object_store::{Error, GetOptions, GetRange, GetResult};
use std::ops::Range;
use std::sync::Arc;

/// How often a read starts over because the object was replaced in the middle of it.
const ATTEMPTS: u32 = 8;
/// A suffix this long is all of the object: some servers count in 64 bits with a sign.
const LONGEST_SUFFIX: u64 = 1 << 60;

impl Inner {
    pub(super) async fn read(
        &self,
        path: &StorePath,
        range: ReadRange,
    ) -> Result<Content, StoreError> {
        if path.is_root() {
            return Err(StoreError::NotFound {
                path: self.describe(path),
            });
        }
        let location = self.location(path)?;
        let call = Arc::new(self.call(path));
        call.run(self.read_at(path, &location, range)).await
    }

    async fn read_at(
        &self,
        path: &StorePath,
        location: &Path,
        range: ReadRange,
    ) -> Result<Content, StoreError> {
        let direct = match &range {
            ReadRange::All => Some(None),
            ReadRange::Suffix(length) if *length >= LONGEST_SUFFIX => Some(None),
            // No header can ask for nothing.
            ReadRange::Suffix(0) => None,
            ReadRange::Suffix(length) => Some(Some(GetRange::Suffix(*length))),
            ReadRange::Bytes(bytes) if bytes.start >= bytes.end => None,
            ReadRange::Bytes(bytes) => Some(Some(GetRange::Bounded(bytes.clone()))),
        };
        let Some(direct) = direct else {
            return self.read_in_two_steps(path, location, &range).await;
        };
        let is_all = direct.is_none();
        match self.get(location, direct, None).await {
            Ok(result) => {
                range.check(result.meta.size, &self.describe(path))?;
                self.content(path, result).await
            }
            Err(error @ Error::NotFound { .. }) => Err(self.context(path, "read").error(&error)),
            Err(error) if is_all || is_refused_access(&error) => {
                Err(self.context(path, "read").error(&error))
            }
            // The range lies outside, or is of a kind that the store does not know.
            Err(_) => self.read_in_two_steps(path, location, &range).await,
        }
    }

    /// Asks for the size, and then for the range, of one and the same state of the object.
    async fn read_in_two_steps(
        &self,
        path: &StorePath,
        location: &Path,
        range: &ReadRange,
    ) -> Result<Content, StoreError> {
        let fail = |error: Error| self.context(path, "read").error(&error);
        let mut attempts = 1;
        loop {
            let current = self.head(location).await.map_err(fail)?;
            let current = current.ok_or_else(|| StoreError::NotFound {
                path: self.describe(path),
            })?;
            let bytes = range.check(current.size, &self.describe(path))?;
            if bytes.is_empty() {
                return Ok(Content {
                    bytes: Vec::new(),
                    version: current.state.to_version(),
                    size: current.size,
                });
            }
            let etag = current.state.quoted_etag();
            // Some servers do not call all of an object a part of it.
            let part = (bytes != (0..current.size)).then_some(GetRange::Bounded(bytes));
            match self.get(location, part, etag).await {
                Ok(result) => return self.content(path, result).await,
                Err(Error::Precondition { .. }) if attempts < ATTEMPTS => attempts += 1,
                Err(error) => return Err(fail(error)),
            }
        }
    }

    async fn get(
        &self,
        location: &Path,
        range: Option<GetRange>,
        if_match: Option<String>,
    ) -> Result<GetResult, Error> {
        let options = GetOptions {
            range,
            if_match,
            ..GetOptions::default()
        };
        self.client.get_opts(location, options).await
    }

    async fn content(&self, path: &StorePath, result: GetResult) -> Result<Content, StoreError> {
        let version = self.version(&result);
        let size = result.meta.size;
        let length = result.range.end - result.range.start;
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        let mut stream = result.into_stream();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|error| self.context(path, "read").error(&error))?;
            bytes.extend_from_slice(&piece);
        }
        if bytes.len() as u64 != length {
            let got = bytes.len();
            return Err(StoreError::Io {
                path: self.describe(path),
                operation: "read",
                source: std::io::Error::new(
                    std::io::ErrorKind::UnexpectedEof,
                    format!("the store sent {got} bytes of {length}"),
                ),
            });
        }
        Ok(Content {
            bytes,
            version,
            size,
        })
    }

    /// The entity tag of an object that has these bytes.
    pub(super) async fn find_range(
        &self,
        path: &StorePath,
        range: &Range<u64>,
    ) -> Result<Option<String>, StoreError> {
        let absent = || StoreError::NotFound {
            path: self.describe(path),
        };
        if path.is_root() {
            return Err(absent());
        }
        let location = self.location(path)?;
        let call = Arc::new(self.call(path));
        let current = call.run(self.head(&location)).await;
        let current = current.map_err(|error| self.context(path, "read").error(&error))?;
        let current = current.ok_or_else(absent)?;
        ReadRange::Bytes(range.clone()).check(current.size, &self.describe(path))?;
        Ok(current.state.quoted_etag())
    }

    /// Bytes that [`find_range`](Self::find_range) found, of the same state of the object.
    pub(super) async fn read_piece(
        &self,
        path: &StorePath,
        range: Range<u64>,
        if_match: Option<String>,
    ) -> Result<Vec<u8>, StoreError> {
        let location = self.location(path)?;
        let call = Arc::new(self.call(path));
        call.run(async {
            let range = Some(GetRange::Bounded(range));
            let result = self.get(&location, range, if_match).await;
            let result = result.map_err(|error| self.context(path, "read").error(&error))?;
            Ok(self.content(path, result).await?.bytes)
        })
        .await
    }
}

fn is_refused_access(error: &Error) -> bool {
    matches!(
        error,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. }
    )
}
