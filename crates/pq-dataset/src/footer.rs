//! Footers, read from a store.

use crate::error::DatasetError;
use pq_format::{FormatError, RawFooter, TAIL_LEN, footer_range};
use pq_store::{ReadRange, Store, StorePath, Version};
use std::sync::Arc;

/// The bytes read at first: most footers are shorter.
const FIRST_READ: u64 = 64 * 1024;

self_cell::self_cell!(
    /// Thrift bytes, and where in them everything is.
    struct Parsed {
        owner: Vec<u8>,
        #[covariant]
        dependent: RawFooter,
    }
    impl {Debug}
);

/// The footer of a file, and which file it was. Clones share it: it may be long.
#[derive(Debug, Clone)]
pub(crate) struct Footer {
    parsed: Arc<Parsed>,
    /// Where in the file they start: what lies before it stays when rows are appended.
    pub(crate) start: u64,
    /// The state of the file they were read from.
    pub(crate) version: Version,
}

impl Footer {
    pub(crate) async fn read(store: &dyn Store, path: &StorePath) -> Result<Self, DatasetError> {
        let location = || store.describe(path);
        let format = |source: FormatError| DatasetError::Format {
            location: location(),
            source,
        };
        let tail = store.read(path, ReadRange::Suffix(FIRST_READ)).await?;
        let frame_at = tail.bytes.len().saturating_sub(TAIL_LEN);
        let frame = tail.bytes.get(frame_at..).unwrap_or_default();
        let range = footer_range(frame, tail.size).map_err(format)?;
        let tail_start = tail.size.saturating_sub(tail.bytes.len() as u64);
        let bytes = if range.start >= tail_start {
            let from = (range.start - tail_start) as usize;
            let to = (range.end - tail_start) as usize;
            tail.bytes.get(from..to).unwrap_or_default().to_vec()
        } else {
            let content = store.read(path, ReadRange::Bytes(range.clone())).await?;
            if content.version != tail.version {
                return Err(DatasetError::Conflict {
                    location: location(),
                    reason: "changed while it was read".to_owned(),
                });
            }
            content.bytes
        };
        let parsed = Parsed::try_new(bytes, |bytes| RawFooter::parse(bytes)).map_err(format)?;
        Ok(Self {
            parsed: Arc::new(parsed),
            start: range.start,
            version: tail.version,
        })
    }

    /// The thrift bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.parsed.borrow_owner()
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        match Arc::try_unwrap(self.parsed) {
            Ok(parsed) => parsed.into_owner(),
            Err(shared) => shared.borrow_owner().clone(),
        }
    }

    /// What is in it, found once.
    pub(crate) fn raw(&self) -> &RawFooter<'_> {
        self.parsed.borrow_dependent()
    }
}
