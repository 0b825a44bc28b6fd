//! When the next fault is due.

use super::Fault;
use super::log::{Condition, Log, Operation, OperationKind, Outcome};
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{PutMode, Upload};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What all clones of a store, and its uploads, have in common.
#[derive(Clone, Default)]
pub(super) struct Shared(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    log: Log,
    due: Option<(Due, Fault)>,
    has_failed: bool,
    is_dead: bool,
    late: Vec<Late>,
}

/// Which operation is to fail.
pub(super) enum Due {
    /// By its place in the log.
    At(usize),
    /// The first like this.
    Like(Box<dyn FnMut(&Operation) -> bool + Send>),
}

/// A request that may still arrive.
pub(super) enum Late {
    Put {
        path: StorePath,
        bytes: Vec<u8>,
        mode: PutMode,
    },
    Upload(Box<dyn Upload>),
}

/// An operation at work.
pub(super) struct Ticket {
    shared: Shared,
    number: usize,
    kind: OperationKind,
    condition: Option<Condition>,
    pub(super) fault: Option<Fault>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // A closure that panics leaves nothing half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn fail(&self, due: Due, fault: Fault) {
        let mut state = self.state();
        let due = match due {
            Due::At(n) => Due::At(state.log.operations.len().saturating_add(n)),
            due => due,
        };
        state.due = Some((due, fault));
        state.has_failed = false;
    }

    pub(super) fn revive(&self) {
        let mut state = self.state();
        state.due = None;
        state.is_dead = false;
    }

    pub(super) fn log(&self) -> Log {
        self.state().log.clone()
    }

    pub(super) fn has_failed(&self) -> bool {
        self.state().has_failed
    }

    pub(super) fn is_dead(&self) -> bool {
        self.state().is_dead
    }

    pub(super) fn keep(&self, late: Late) {
        self.state().late.push(late);
    }

    pub(super) fn take_late(&self) -> Vec<Late> {
        std::mem::take(&mut self.state().late)
    }

    /// Takes note of an operation and says how it is to fail, if it is.
    pub(super) fn begin(&self, operation: Operation) -> Ticket {
        let mut state = self.state();
        let number = state.log.operations.len();
        let mut is_due = false;
        if let Some((due, _)) = &mut state.due {
            is_due = match due {
                Due::At(at) => *at == number,
                Due::Like(is_like) => is_like(&operation),
            };
        }
        let mut fault = None;
        if state.is_dead {
            fault = Some(Fault::Dead);
        } else if is_due && let Some((_, due)) = state.due.take() {
            fault = Some(due);
            state.has_failed = true;
            state.is_dead = due == Fault::Dead;
        }
        let (kind, condition) = (operation.kind, operation.condition);
        state.log.operations.push(operation);
        Ticket {
            shared: self.clone(),
            number,
            kind,
            condition,
            fault,
        }
    }
}

impl Ticket {
    /// Does all of it or nothing, and answers as the fault says.
    pub(super) async fn run<T>(
        self,
        shown: String,
        effect: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        match self.fault {
            None => self.answer(effect.await),
            Some(Fault::After | Fault::Refused) => {
                // Nobody hears how it went.
                let _unheard = effect.await;
                self.fail(shown)
            }
            Some(_) => self.fail(shown),
        }
    }

    /// The answer of the store itself.
    pub(super) fn answer<T>(self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        self.note(Outcome::of(&result));
        result
    }

    /// The answer that the fault makes of it.
    pub(super) fn fail<T>(self, shown: String) -> Result<T, StoreError> {
        let fault = self.fault.unwrap_or(Fault::Before);
        self.note(Outcome::Fault(fault));
        let source = |text| io::Error::other(text);
        let is_change = self.kind.is_change();
        Err(match (fault, self.condition) {
            (Fault::Refused, Some(Condition::IfAbsent)) if is_change => {
                StoreError::AlreadyExists { path: shown }
            }
            (Fault::Refused, Some(Condition::IfVersion)) if is_change => {
                StoreError::Conflict { path: shown }
            }
            (Fault::After | Fault::Refused | Fault::Lost, _) if is_change => {
                StoreError::CommitUnknown {
                    path: shown,
                    source: source("no answer (a fault of the test)"),
                }
            }
            _ => StoreError::Io {
                path: shown,
                operation: self.kind.name(),
                source: source("a fault of the test"),
            },
        })
    }

    fn note(&self, outcome: Outcome) {
        let mut state = self.shared.state();
        if let Some(operation) = state.log.operations.get_mut(self.number) {
            operation.outcome = outcome;
        }
    }
}
