//! What can go wrong.

use std::ops::Range;
use std::{error, fmt, io};

/// Why a store did not do what it was asked. `path` is the path as
/// [`Store::describe`](crate::Store::describe) gives it.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no object here.
    NotFound {
        /// Where.
        path: String,
    },
    /// There is something here, and nothing was to be replaced.
    AlreadyExists {
        /// Where.
        path: String,
    },
    /// The object is no longer the one that was to be replaced.
    Conflict {
        /// Where.
        path: String,
    },
    /// A path that no object can have, or that leads out of the store.
    InvalidPath {
        /// The path.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A range that does not lie in the object.
    OutOfRange {
        /// The object.
        path: String,
        /// The range that was asked for, in bytes.
        range: Range<u64>,
        /// Bytes of the object.
        size: u64,
    },
    /// The store is not to be read or written by this user.
    PermissionDenied {
        /// Where.
        path: String,
        /// What was done.
        operation: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// The disk or the quota is full.
    NoSpace {
        /// Where.
        path: String,
        /// What was done.
        operation: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// Reading or writing failed.
    Io {
        /// Where.
        path: String,
        /// What was done.
        operation: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// The change is made, or may be made, but may not outlast a crash. Read again to know.
    CommitUnknown {
        /// Where.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// The store does not heed the conditions of writes, so that several writers would overwrite
    /// each other's objects. Nothing was written.
    Unsafe {
        /// Where.
        path: String,
        /// What it did, and what can be done about it.
        reason: String,
    },
    /// A URL that names no place to write.
    InvalidUrl {
        /// The URL, without what may be secret.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An option that a store does not have, or a value that it cannot have.
    InvalidOption {
        /// The name of the option.
        option: String,
        /// What is wrong with it; without the value of a secret.
        reason: String,
    },
    /// The store cannot do this.
    Unsupported {
        /// Where.
        path: String,
        /// What it cannot do.
        what: String,
    },
}

impl StoreError {
    /// The variant that fits the kind of an I/O error. `operation` is a verb, such as `"write"`.
    pub fn from_io(path: impl Into<String>, operation: &'static str, source: io::Error) -> Self {
        use io::ErrorKind;
        let path = path.into();
        match source.kind() {
            ErrorKind::NotFound => Self::NotFound { path },
            ErrorKind::AlreadyExists => Self::AlreadyExists { path },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::PermissionDenied {
                path,
                operation,
                source,
            },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::NoSpace {
                path,
                operation,
                source,
            },
            ErrorKind::InvalidFilename => Self::InvalidPath {
                path,
                reason: source.to_string(),
            },
            _ => Self::Io {
                path,
                operation,
                source,
            },
        }
    }

    pub(crate) fn invalid(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::InvalidPath {
            path: path.into(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { path } => write!(f, "{path}: not found"),
            Self::AlreadyExists { path } => write!(f, "{path}: already exists"),
            Self::Conflict { path } => write!(f, "{path}: changed by another writer"),
            Self::InvalidPath { path, reason } => write!(f, "{path}: invalid path: {reason}"),
            Self::OutOfRange { path, range, size } => write!(
                f,
                "{path}: bytes {}..{} do not lie in its {size} bytes",
                range.start, range.end
            ),
            Self::PermissionDenied {
                path,
                operation,
                source,
            }
            | Self::NoSpace {
                path,
                operation,
                source,
            }
            | Self::Io {
                path,
                operation,
                source,
            } => write!(f, "{path}: cannot {operation}: {source}"),
            Self::CommitUnknown { path, source } => {
                write!(f, "{path}: not known to be committed: {source}")
            }
            Self::Unsafe { path, reason } => write!(f, "{path}: not safe to write: {reason}"),
            Self::InvalidUrl { url, reason } => write!(f, "{url}: {reason}"),
            Self::InvalidOption { option, reason } => write!(f, "option {option}: {reason}"),
            Self::Unsupported { path, what } => write!(f, "{path}: unsupported: {what}"),
        }
    }
}

impl error::Error for StoreError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::PermissionDenied { source, .. }
            | Self::NoSpace { source, .. }
            | Self::Io { source, .. }
            | Self::CommitUnknown { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The store's error is inside, and its kind that of the system's error or the nearest one.
impl From<StoreError> for io::Error {
    fn from(error: StoreError) -> Self {
        use io::ErrorKind;
        let kind = match &error {
            StoreError::NotFound { .. } => ErrorKind::NotFound,
            StoreError::AlreadyExists { .. } => ErrorKind::AlreadyExists,
            StoreError::Conflict { .. } => ErrorKind::Other,
            StoreError::InvalidPath { .. } => ErrorKind::InvalidFilename,
            StoreError::OutOfRange { .. } => ErrorKind::UnexpectedEof,
            StoreError::PermissionDenied { source, .. }
            | StoreError::NoSpace { source, .. }
            | StoreError::Io { source, .. }
            | StoreError::CommitUnknown { source, .. } => match source.kind() {
                // To those who use writers these mean: the same again.
                ErrorKind::Interrupted | ErrorKind::WouldBlock => ErrorKind::Other,
                kind => kind,
            },
            StoreError::InvalidUrl { .. } | StoreError::InvalidOption { .. } => {
                ErrorKind::InvalidInput
            }
            StoreError::Unsupported { .. } | StoreError::Unsafe { .. } => ErrorKind::Unsupported,
        };
        Self::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::StoreError;
    use std::error::Error;
    use std::io;

    #[test]
    fn kinds_find_their_variants() {
        let of = |kind: io::ErrorKind| StoreError::from_io("/x", "write", kind.into());
        assert!(matches!(
            of(io::ErrorKind::NotFound),
            StoreError::NotFound { .. }
        ));
        assert!(matches!(
            of(io::ErrorKind::StorageFull),
            StoreError::NoSpace { .. }
        ));
        assert!(matches!(
            of(io::ErrorKind::ReadOnlyFilesystem),
            StoreError::PermissionDenied { .. }
        ));
        assert!(matches!(
            of(io::ErrorKind::BrokenPipe),
            StoreError::Io { .. }
        ));
    }

    #[test]
    fn display_is_one_line_with_the_system_text() {
        let error = StoreError::from_io("/data/x", "write", io::Error::other("bad sector"));
        assert_eq!(error.to_string(), "/data/x: cannot write: bad sector");
        assert_eq!(error.source().unwrap().to_string(), "bad sector");
        let exists = StoreError::AlreadyExists {
            path: "/data/x.parquet".into(),
        };
        assert_eq!(exists.to_string(), "/data/x.parquet: already exists");
    }
}
