//! The upload around another one.

use super::Fault;
use super::log::{Operation, OperationKind};
use super::state::{Late, Shared, Ticket};
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{BoxFuture, PutMode, Upload, Version};
use std::fmt;
use std::ops::Range;
use std::{io, mem};

pub(super) struct FaultUpload {
    /// Until it is finished or aborted.
    inner: Option<Box<dyn Upload>>,
    shared: Shared,
    path: StorePath,
    mode: PutMode,
    /// The path as messages show it.
    shown: String,
    has_failed: bool,
}

impl fmt::Debug for FaultUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultUpload")
            .field("inner", &self.inner)
            .field("has_failed", &self.has_failed)
            .finish()
    }
}

impl FaultUpload {
    pub(super) fn new(
        inner: Box<dyn Upload>,
        shared: Shared,
        path: StorePath,
        mode: PutMode,
        shown: String,
    ) -> Self {
        Self {
            inner: Some(inner),
            shared,
            path,
            mode,
            shown,
            has_failed: false,
        }
    }

    /// What is left of an upload of which a write failed.
    fn spoilt(&self, operation: &'static str) -> StoreError {
        StoreError::Io {
            path: self.shown.clone(),
            operation,
            source: io::Error::other("an earlier write failed"),
        }
    }

    fn begin(&self, operation: Operation) -> Ticket {
        self.shared.begin(operation)
    }
}

/// How many of `length` bytes are to be appended.
fn appended(fault: Option<Fault>, length: u64) -> u64 {
    match fault {
        None | Some(Fault::After | Fault::Refused) => length,
        Some(Fault::Torn(at)) => length.min(at as u64),
        Some(_) => 0,
    }
}

impl Upload for FaultUpload {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let length = bytes.len() as u64;
            let operation = Operation::new(OperationKind::Write, &self.path).with_bytes(length);
            let ticket = self.begin(operation);
            let mut written = Ok(());
            if self.has_failed && ticket.fault.is_none() {
                written = Err(self.spoilt("write"));
            } else if let Some(inner) = &mut self.inner {
                let count = appended(ticket.fault, length) as usize;
                written = inner.write(&bytes[..count]).await;
            }
            self.has_failed |= ticket.fault.is_some() || written.is_err();
            match ticket.fault {
                None => ticket.answer(written),
                Some(_) => ticket.fail(self.shown.clone()),
            }
        })
    }

    fn copy_from<'a>(
        &'a mut self,
        source: &'a StorePath,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let length = range.end.saturating_sub(range.start);
            let operation = Operation::new(OperationKind::CopyFrom, &self.path).with_bytes(length);
            let ticket = self.begin(operation);
            let mut copied = Ok(());
            if self.has_failed && ticket.fault.is_none() {
                copied = Err(self.spoilt("copy"));
            } else if let Some(inner) = &mut self.inner {
                let range = match ticket.fault {
                    None => range,
                    fault => range.start..range.start.saturating_add(appended(fault, length)),
                };
                copied = inner.copy_from(source, range).await;
            }
            // A source that is not there spoils nothing.
            let is_spoilt = match &copied {
                Ok(()) | Err(StoreError::NotFound { .. } | StoreError::OutOfRange { .. }) => false,
                Err(_) => true,
            };
            self.has_failed |= ticket.fault.is_some() || is_spoilt;
            match ticket.fault {
                None => ticket.answer(copied),
                Some(_) => ticket.fail(self.shown.clone()),
            }
        })
    }

    fn finish(mut self: Box<Self>) -> BoxFuture<'static, Result<Version, StoreError>> {
        Box::pin(async move {
            let operation = Operation::new(OperationKind::Finish, &self.path).with_mode(&self.mode);
            let ticket = self.begin(operation);
            let shown = self.shown.clone();
            let Some(inner) = self.inner.take() else {
                return ticket.answer(Err(self.spoilt("finish")));
            };
            match ticket.fault {
                Some(Fault::Dead) => mem::forget(inner),
                None if self.has_failed => return ticket.answer(Err(self.spoilt("finish"))),
                Some(_) if self.has_failed => drop(inner),
                // As a process that dies here leaves it.
                Some(Fault::Torn(_)) => mem::forget(inner),
                Some(Fault::Lost) => self.shared.keep(Late::Upload(inner)),
                Some(Fault::Before) => drop(inner),
                _ => return ticket.run(shown, inner.finish()).await,
            }
            ticket.fail(shown)
        })
    }

    fn abort(mut self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
            let ticket = self.begin(Operation::new(OperationKind::Abort, &self.path));
            let shown = self.shown.clone();
            let Some(inner) = self.inner.take() else {
                return ticket.answer(Err(self.spoilt("abort")));
            };
            match ticket.fault {
                None | Some(Fault::After | Fault::Refused) => {
                    ticket.run(shown, inner.abort()).await
                }
                Some(_) => {
                    mem::forget(inner);
                    ticket.fail(shown)
                }
            }
        })
    }
}

impl Drop for FaultUpload {
    fn drop(&mut self) {
        if self.shared.is_dead() {
            // Who is dead does not tidy up.
            mem::forget(self.inner.take());
        }
    }
}
