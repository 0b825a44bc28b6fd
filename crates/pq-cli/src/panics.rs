//! Panics as errors. The decoders of others panic on some broken inputs; that is told in one line
//! like every other fault, and the target stays as it was.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

/// What the last panic said, until somebody asks.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// From now on panics print nothing; [`caught`] tells them.
pub fn silence() {
    panic::set_hook(Box::new(|panic| {
        let text = panic.to_string();
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
    }));
}

/// Does the work.
///
/// # Errors
///
/// What a panic said. Whatever the work had borrowed must not be used any more.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        last.take().unwrap_or_else(|| "panicked".to_owned())
    })
}
