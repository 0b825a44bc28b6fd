//! From errors of `object_store` to those of this crate.

use super::call::{Answer, Call};
use super::scrub::Secrets;
use crate::error::StoreError;
use object_store::Error;
use std::{error, fmt, io};

/// What an error of a write says about the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The store looked at the condition and did not write.
    Refused,
    /// The store did not write, and will not.
    Rejected,
    /// Nothing was written, but it may be if it is tried again.
    Nothing,
    /// Written or not.
    Unknown,
}

pub(super) fn effect(error: &Error, call: &Call) -> Effect {
    match error {
        Error::AlreadyExists { .. } | Error::Precondition { .. } | Error::NotModified { .. } => {
            Effect::Refused
        }
        Error::NotFound { .. }
        | Error::InvalidPath { .. }
        | Error::NotSupported { .. }
        | Error::NotImplemented { .. }
        | Error::PermissionDenied { .. }
        | Error::Unauthenticated { .. }
        | Error::UnknownConfigurationKey { .. } => Effect::Rejected,
        _ => match call.last() {
            Some(Answer::NotSent | Answer::Status(429)) => Effect::Nothing,
            // S3 says so when it got no more of the body for a while.
            Some(Answer::Status(400)) if text(error).contains("RequestTimeout") => Effect::Nothing,
            Some(Answer::Status(408)) => Effect::Unknown,
            Some(Answer::Status(300..=499 | 501)) => Effect::Rejected,
            _ => Effect::Unknown,
        },
    }
}

/// What an error is made from.
pub(super) struct Context<'c> {
    /// The object, as messages show it.
    pub(super) path: String,
    /// The bucket, as messages show it.
    pub(super) bucket: &'c str,
    pub(super) operation: &'static str,
    pub(super) secrets: &'c Secrets,
}

impl Context<'_> {
    pub(super) fn error(self, error: &Error) -> StoreError {
        let text = text(error);
        let path = self.path.clone();
        if is_absent_bucket(&text) {
            let source = io::Error::new(io::ErrorKind::NotFound, "there is no such bucket");
            return StoreError::Io {
                path: self.bucket.to_owned(),
                operation: self.operation,
                source,
            };
        }
        match error {
            Error::NotFound { .. } => StoreError::NotFound { path },
            Error::AlreadyExists { .. } => StoreError::AlreadyExists { path },
            Error::Precondition { .. } | Error::NotModified { .. } => StoreError::Conflict { path },
            Error::InvalidPath { source } => StoreError::InvalidPath {
                path: self.bucket.to_owned(),
                reason: self.secrets.scrub(&source.to_string()),
            },
            Error::NotSupported { .. } | Error::NotImplemented { .. } => StoreError::Unsupported {
                path,
                what: self.secrets.scrub(&text),
            },
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
                StoreError::PermissionDenied {
                    path,
                    operation: self.operation,
                    source: self.source(error),
                }
            }
            _ => {
                let operation = self.operation;
                let source = self.source(error);
                match source.kind() {
                    io::ErrorKind::StorageFull => StoreError::NoSpace {
                        path,
                        operation,
                        source,
                    },
                    _ => StoreError::Io {
                        path,
                        operation,
                        source,
                    },
                }
            }
        }
    }

    /// The object may be written.
    pub(super) fn unknown(self, error: &Error) -> StoreError {
        StoreError::CommitUnknown {
            source: self.source(error),
            path: self.path,
        }
    }

    fn source(&self, error: &Error) -> io::Error {
        let text = text(error);
        let (kind, plain) = kind(error, &text);
        let text = self.secrets.scrub(&text);
        let text = match plain {
            Some(plain) => format!("{plain}: {text}"),
            None => text,
        };
        io::Error::new(kind, RemoteError(text))
    }
}

/// What a store or its client said, without secrets.
#[derive(Debug)]
struct RemoteError(String);

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for RemoteError {}

/// The texts of an error and of what caused it, without repetitions.
fn text(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error::Error::source(error);
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}

/// A 404 that is not about the object.
fn is_absent_bucket(text: &str) -> bool {
    let codes = ["NoSuchBucket", "ContainerNotFound"];
    codes.iter().any(|code| text.contains(code))
}

/// The kind of an error, and a few words for what is often met.
fn kind(error: &Error, text: &str) -> (io::ErrorKind, Option<&'static str>) {
    let has = |codes: &[&str]| codes.iter().any(|code| text.contains(code));
    if matches!(
        error,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. }
    ) {
        return (io::ErrorKind::PermissionDenied, None);
    }
    if has(&["SlowDown", "TooManyRequests", "ServerBusy", "429 Too Many"]) {
        let plain = "the store asks for fewer requests";
        return (io::ErrorKind::ResourceBusy, Some(plain));
    }
    if has(&["507 Insufficient", "QuotaExceeded"]) {
        return (io::ErrorKind::StorageFull, None);
    }
    if has_timed_out(error) {
        return (io::ErrorKind::TimedOut, Some("the request timed out"));
    }
    if has(&["Connection refused", "tcp connect error", "dns error"]) {
        let plain = "the store cannot be reached";
        return (io::ErrorKind::ConnectionRefused, Some(plain));
    }
    (io::ErrorKind::Other, None)
}

#[cfg(any(feature = "s3", feature = "gcs", feature = "azure"))]
fn has_timed_out(error: &Error) -> bool {
    use object_store::client::{HttpError, HttpErrorKind};
    let mut cause = error::Error::source(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<HttpError>() {
            return error.kind() == HttpErrorKind::Timeout;
        }
        cause = error.source();
    }
    false
}

#[cfg(not(any(feature = "s3", feature = "gcs", feature = "azure")))]
fn has_timed_out(_: &Error) -> bool {
    false
}
