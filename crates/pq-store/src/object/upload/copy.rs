//! Appending bytes of other objects: they are read and sent again.

use super::super::runtime;
use super::RemoteUpload;
use crate::error::StoreError;
use crate::path::StorePath;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// Pieces that are read ahead, the one that is appended next included.
const AHEAD: usize = 2;

impl RemoteUpload {
    pub(super) async fn copy(
        &mut self,
        source: &StorePath,
        range: Range<u64>,
    ) -> Result<(), StoreError> {
        self.refuse_broken()?;
        let (inner, path, wanted) = (Arc::clone(&self.inner), source.clone(), range.clone());
        let shown = inner.describe(source);
        let found = runtime::run(shown.clone(), "read", async move {
            inner.find_range(&path, &wanted).await
        });
        let etag = found.await?;

        self.is_broken = true;
        let mut pieces = VecDeque::new();
        let mut start = range.start;
        loop {
            while pieces.len() < AHEAD && start < range.end {
                let end = range
                    .end
                    .min(start.saturating_add(self.inner.settings.part_size));
                let (inner, path) = (Arc::clone(&self.inner), source.clone());
                let etag = etag.clone();
                let read = async move { inner.read_piece(&path, start..end, etag).await };
                let read = runtime::handle()?.spawn(read);
                pieces.push_back(runtime::join(shown.clone(), "read", read));
                start = end;
            }
            let Some(piece) = pieces.pop_front() else {
                break;
            };
            self.fill(&piece.await?).await?;
        }
        self.is_broken = false;
        Ok(())
    }
}
