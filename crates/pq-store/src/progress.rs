//! What a store tells while it works.

use std::sync::Arc;

/// Something that happened during an upload, or before a request was tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// A part of an object has arrived.
    PartUploaded {
        /// The object, as messages show it.
        path: String,
        /// Bytes of the part.
        bytes: u64,
        /// Bytes of the object that have arrived so far.
        total: u64,
    },
    /// A request failed and is made again.
    Retry {
        /// The object, as messages show it.
        path: String,
        /// Which attempt follows, from 2.
        attempt: u32,
        /// Why the one before failed.
        why: String,
    },
    /// An upload was given up, and what had arrived is removed.
    Aborted {
        /// The object, as messages show it.
        path: String,
    },
}

/// Who is told. It is called on threads of the store, and should not take long.
pub type ProgressListener = Arc<dyn Fn(&Progress) + Send + Sync>;
