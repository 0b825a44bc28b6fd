//! Footers, read from a store.

use crate::error::DatasetError;
use pq_format::{FormatError, TAIL_LEN, footer_range};
use pq_store::{ReadRange, Store, StorePath, Version};

/// The bytes read at first: most footers are shorter.
const FIRST_READ: u64 = 64 * 1024;

/// The footer of a file, and which file it was.
#[derive(Debug, Clone)]
pub(crate) struct Footer {
    /// The thrift bytes.
    pub(crate) bytes: Vec<u8>,
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
        Ok(Self {
            bytes,
            start: range.start,
            version: tail.version,
        })
    }
}
