//! What was asked of a store, in order.

use super::Fault;
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::PutMode;
use std::fmt;

/// What is asked of a store or an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "named as the methods are")]
pub enum OperationKind {
    Read,
    Put,
    PutUnsynced,
    Sync,
    OpenWrite,
    Write,
    CopyFrom,
    Finish,
    Abort,
    List,
    Delete,
    Leftovers,
    Age,
    RemoveDirectory,
    MakeDirectories,
}

impl OperationKind {
    /// The name of the method.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Put => "put",
            Self::PutUnsynced => "put_unsynced",
            Self::Sync => "sync",
            Self::OpenWrite => "open_write",
            Self::Write => "write",
            Self::CopyFrom => "copy_from",
            Self::Finish => "finish",
            Self::Abort => "abort",
            Self::List => "list",
            Self::Delete => "delete",
            Self::Leftovers => "leftovers",
            Self::Age => "age",
            Self::RemoveDirectory => "remove_directory",
            Self::MakeDirectories => "make_directories",
        }
    }

    /// Whether others may see what it does.
    pub(super) fn is_change(self) -> bool {
        match self {
            Self::Put | Self::PutUnsynced | Self::Sync | Self::Finish | Self::Delete => true,
            Self::RemoveDirectory | Self::MakeDirectories => true,
            Self::Read | Self::OpenWrite | Self::Write | Self::CopyFrom | Self::Abort => false,
            Self::List | Self::Leftovers | Self::Age => false,
        }
    }
}

/// A [`PutMode`] without the version, which no two runs have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "named as the modes are")]
pub enum Condition {
    Always,
    IfAbsent,
    IfVersion,
}

impl From<&PutMode> for Condition {
    fn from(mode: &PutMode) -> Self {
        match mode {
            PutMode::Always => Self::Always,
            PutMode::IfAbsent => Self::IfAbsent,
            PutMode::IfVersion(_) => Self::IfVersion,
        }
    }
}

/// How an operation went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is at work, or was dropped before it was done.
    Unfinished,
    /// `Ok`.
    Done,
    /// The store itself said no: the name of the [`StoreError`].
    Error(String),
    /// It was made to fail.
    Fault(Fault),
}

impl Outcome {
    pub(super) fn of<T>(result: &Result<T, StoreError>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(error) => {
                let name = format!("{error:?}");
                let end = name.find(|character: char| !character.is_alphanumeric());
                Self::Error(name[..end.unwrap_or(name.len())].to_owned())
            }
        }
    }
}

/// What a store was asked for once, and how that went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// What was asked for.
    pub kind: OperationKind,
    /// Of which object; of an upload, the object that it is to become; of a listing, the prefix.
    /// The root for a sync.
    pub path: StorePath,
    /// What must be there, for puts and uploads that are opened and finished.
    pub condition: Option<Condition>,
    /// The bytes that are put, written or copied.
    pub bytes: Option<u64>,
    /// How it went.
    pub outcome: Outcome,
}

impl Operation {
    pub(super) fn new(kind: OperationKind, path: &StorePath) -> Self {
        Self {
            kind,
            path: path.clone(),
            condition: None,
            bytes: None,
            outcome: Outcome::Unfinished,
        }
    }

    pub(super) fn with_mode(mut self, mode: &PutMode) -> Self {
        self.condition = Some(mode.into());
        self
    }

    pub(super) fn with_bytes(mut self, bytes: u64) -> Self {
        self.bytes = Some(bytes);
        self
    }
}

/// Such as `put d/x if absent, 12 bytes: torn at 5`.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind.name())?;
        if !self.path.is_root() {
            write!(f, " {}", self.path)?;
        }
        match self.condition {
            None => {}
            Some(Condition::Always) => write!(f, " always")?,
            Some(Condition::IfAbsent) => write!(f, " if absent")?,
            Some(Condition::IfVersion) => write!(f, " if version")?,
        }
        if let Some(bytes) = self.bytes {
            write!(f, ", {bytes} bytes")?;
        }
        match &self.outcome {
            Outcome::Unfinished => write!(f, ": unfinished"),
            Outcome::Done => Ok(()),
            Outcome::Error(name) => write!(f, ": {name}"),
            Outcome::Fault(fault) => match fault {
                Fault::Before => write!(f, ": failed before"),
                Fault::After => write!(f, ": failed after"),
                Fault::Refused => write!(f, ": done and refused"),
                Fault::Lost => write!(f, ": lost"),
                Fault::Torn(at) => write!(f, ": torn at {at}"),
                Fault::Dead => write!(f, ": dead"),
            },
        }
    }
}

/// What a store was asked for, in the order in which it was asked. Printed, it has a numbered line
/// for each operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    pub(super) operations: Vec<Operation>,
}

impl Log {
    /// The operations, the first one first.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, operation) in self.operations.iter().enumerate() {
            writeln!(f, "{number} {operation}")?;
        }
        Ok(())
    }
}
