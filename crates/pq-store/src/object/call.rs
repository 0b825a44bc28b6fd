//! What is known of the requests that one operation makes.
//!
//! A client of `object_store` tries again on its own and tells only how its last attempt ended.
//! [`http`](super::http) writes each attempt down in the call that is current.

use crate::progress::{Progress, ProgressListener};
use std::sync::{Arc, Mutex, PoisonError};

tokio::task_local! {
    static CURRENT: Arc<Call>;
}

/// How one request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The server answered with this status.
    Status(u16),
    /// No connection: nothing was sent.
    NotSent,
    /// The request may have arrived; the answer did not.
    Lost,
}

impl Answer {
    /// Whether the request may have been carried out although it is not known to be.
    fn is_ambiguous(self) -> bool {
        matches!(self, Self::Lost | Self::Status(408 | 500 | 502..=599))
    }

    fn is_failure(self) -> bool {
        !matches!(self, Self::Status(0..=407 | 409..=428 | 430..=499))
    }

    fn why(self) -> String {
        match self {
            Self::Status(status) => format!("status {status}"),
            Self::NotSent => "no connection".into(),
            Self::Lost => "no answer".into(),
        }
    }
}

/// The requests of one operation on one object.
pub(super) struct Call {
    path: String,
    listener: Option<ProgressListener>,
    /// A header for the request that completes a multipart upload.
    completion: Option<(&'static str, String)>,
    answers: Mutex<Vec<Answer>>,
}

impl Call {
    /// `path` is the object as messages show it.
    pub(super) fn new(path: String, listener: Option<ProgressListener>) -> Self {
        Self {
            path,
            listener,
            completion: None,
            answers: Mutex::default(),
        }
    }

    pub(super) fn completing_with(mut self, header: &'static str, value: String) -> Self {
        self.completion = Some((header, value));
        self
    }

    /// Runs a future; its requests belong to this call.
    pub(super) async fn run<F: Future>(self: &Arc<Self>, future: F) -> F::Output {
        CURRENT.scope(Arc::clone(self), future).await
    }

    /// The call that the task is in.
    pub(super) fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    pub(super) fn completion(&self) -> Option<(&'static str, &str)> {
        let (header, value) = self.completion.as_ref()?;
        Some((header, value))
    }

    /// A request is about to be made.
    pub(super) fn attempt(&self) {
        let failures = {
            let answers = self.answers();
            let failed = answers
                .iter()
                .rev()
                .take_while(|answer| answer.is_failure());
            failed.copied().collect::<Vec<_>>()
        };
        if let Some(last) = failures.first() {
            self.tell_retry(failures.len() as u32 + 1, last.why());
        }
    }

    pub(super) fn answered(&self, answer: Answer) {
        self.answers().push(answer);
    }

    pub(super) fn tell_retry(&self, attempt: u32, why: String) {
        if let Some(listener) = &self.listener {
            let path = self.path.clone();
            listener(&Progress::Retry { path, attempt, why });
        }
    }

    /// How the last request ended.
    pub(super) fn last(&self) -> Option<Answer> {
        self.answers().last().copied()
    }

    /// Whether one of the requests before the last may have been carried out.
    pub(super) fn was_ambiguous_before(&self) -> bool {
        let answers = self.answers();
        let before = answers.len().saturating_sub(1);
        answers
            .iter()
            .take(before)
            .any(|answer| answer.is_ambiguous())
    }

    fn answers(&self) -> std::sync::MutexGuard<'_, Vec<Answer>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
