//! A store in memory whose writes fail when they are told to.

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    Attributes, CopyMode, CopyOptions, Error, GetOptions, GetRange, GetResult, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result, UploadPart,
};
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of one write of an object: a put, a copy, the completion of an upload.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// It goes well.
    None,
    /// It fails and has no effect.
    Before,
    /// It has its effect, and its answer is lost.
    After,
    /// So, and then another writer replaces the object.
    AfterAndReplaced,
    /// So, and then another writer deletes the object.
    AfterAndDeleted,
    /// Nobody may write here.
    Denied,
    /// Refused, whatever is there.
    Refused,
}

#[derive(Default)]
struct State {
    faults: VecDeque<Fault>,
    ignores_conditions: bool,
    ignores_updates: bool,
    loses_metadata: bool,
    has_no_copies: bool,
    fails_reads: bool,
    has_no_suffixes: bool,
    replaced_after: Option<usize>,
    markers: Vec<Path>,
    panics_on: Option<&'static str>,
    part_delay: Duration,
    fails_part: Option<usize>,
}

#[derive(Default)]
pub(super) struct Faulty {
    pub(super) inner: InMemory,
    state: Mutex<State>,
    pub(super) puts: AtomicUsize,
    pub(super) aborts: Arc<AtomicUsize>,
    pub(super) parts: Arc<Parts>,
}

/// Parts on their way, now and at most.
#[derive(Default)]
pub(super) struct Parts {
    now: AtomicUsize,
    pub(super) most: AtomicUsize,
}

impl Faulty {
    pub(super) fn new() -> Arc<Self> {
        Arc::default()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What becomes of the next writes, in order.
    pub(super) fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state().faults = faults.into_iter().collect();
    }

    pub(super) fn is_done(&self) -> bool {
        self.state().faults.is_empty()
    }

    pub(super) fn ignore_conditions(&self) {
        self.state().ignores_conditions = true;
    }

    pub(super) fn ignore_updates(&self) {
        self.state().ignores_updates = true;
    }

    pub(super) fn lose_metadata(&self) {
        self.state().loses_metadata = true;
    }

    pub(super) fn have_no_copies(&self) {
        self.state().has_no_copies = true;
    }

    pub(super) fn fail_reads(&self, fails: bool) {
        self.state().fails_reads = fails;
    }

    pub(super) fn have_no_suffixes(&self) {
        self.state().has_no_suffixes = true;
    }

    /// Another writer replaces the object that the n-th read from now on, from 0, is of.
    pub(super) fn replace_after(&self, reads: usize) {
        self.state().replaced_after = Some(reads);
    }

    /// An empty object whose name ends in `/`.
    pub(super) fn mark_directory(&self, name: &str) {
        let path = Path::parse(name).unwrap();
        self.state().markers.push(path);
    }

    pub(super) fn panic_on(&self, operation: &'static str) {
        self.state().panics_on = Some(operation);
    }

    pub(super) fn delay_parts(&self, delay: Duration) {
        self.state().part_delay = delay;
    }

    pub(super) fn fail_part(&self, number: usize) {
        self.state().fails_part = Some(number);
    }

    /// Paths of all objects, hidden ones too.
    pub(super) fn names(&self) -> Vec<String> {
        let list = self.inner.list(None);
        let names = list.map(|meta| meta.unwrap().location.to_string());
        pollster::block_on(names.collect())
    }

    async fn write<T>(
        &self,
        location: &Path,
        effect: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        self.puts.fetch_add(1, Ordering::Relaxed);
        let fault = self.state().faults.pop_front().unwrap_or(Fault::None);
        match fault {
            Fault::None => return effect.await,
            Fault::Before => {}
            Fault::After => drop(effect.await?),
            Fault::AfterAndReplaced => {
                effect.await?;
                self.inner.put(location, "another".into()).await?;
            }
            Fault::AfterAndDeleted => {
                effect.await?;
                self.inner.delete(location).await?;
            }
            Fault::Denied => {
                return Err(Error::PermissionDenied {
                    path: location.to_string(),
                    source: "not you".into(),
                });
            }
            Fault::Refused => {
                return Err(Error::Precondition {
                    path: location.to_string(),
                    source: "as it pleases".into(),
                });
            }
        }
        Err(broken())
    }
}

fn broken() -> Error {
    Error::Generic {
        store: "faulty",
        source: "the connection broke".into(),
    }
}

impl fmt::Debug for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faulty")
    }
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faulty")
    }
}

#[async_trait]
impl ObjectStore for Faulty {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        mut options: PutOptions,
    ) -> Result<PutResult> {
        {
            let state = self.state();
            let is_update = matches!(options.mode, PutMode::Update(_));
            if state.ignores_conditions || state.ignores_updates && is_update {
                options.mode = PutMode::Overwrite;
            }
            if state.loses_metadata {
                options.attributes = Attributes::new();
            }
        }
        let effect = self.inner.put_opts(location, payload, options);
        self.write(location, effect).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let upload = self.inner.put_multipart_opts(location, options).await?;
        let (fault, delay, fails) = {
            let mut state = self.state();
            // The completion is the next write.
            let fault = state.faults.pop_front().unwrap_or(Fault::None);
            (fault, state.part_delay, state.fails_part)
        };
        Ok(Box::new(FaultyUpload {
            store: self.inner.clone(),
            location: location.clone(),
            upload,
            fault,
            delay,
            fails,
            number: 0,
            aborts: Arc::clone(&self.aborts),
            parts: Arc::clone(&self.parts),
        }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let is_replaced = {
            let mut state = self.state();
            assert!(state.panics_on != Some("get"), "told to");
            let is_suffix = matches!(options.range, Some(GetRange::Suffix(_)));
            if state.has_no_suffixes && is_suffix {
                let source = "no suffixes".into();
                return Err(Error::NotSupported { source });
            }
            if state.fails_reads {
                return Err(broken());
            }
            let left = state.replaced_after;
            state.replaced_after = left.and_then(|left| left.checked_sub(1));
            left == Some(0)
        };
        let result = self.inner.get_opts(location, options).await;
        if is_replaced {
            self.inner.put(location, "another".into()).await?;
        }
        result
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let objects = self.inner.list(prefix);
        let prefix = prefix.cloned().unwrap_or_default();
        let markers = self.state().markers.clone();
        let below = markers.into_iter();
        let below = below.filter(move |marker| marker.prefix_match(&prefix).is_some());
        let markers = below.map(|location| {
            Ok(ObjectMeta {
                location,
                last_modified: Default::default(),
                size: 0,
                e_tag: None,
                version: None,
            })
        });
        objects
            .chain(futures_util::stream::iter(markers.collect::<Vec<_>>()))
            .boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, mut options: CopyOptions) -> Result<()> {
        {
            let state = self.state();
            if state.has_no_copies {
                return Err(Error::NotSupported {
                    source: "no copies".into(),
                });
            }
            if state.ignores_conditions {
                options.mode = CopyMode::Overwrite;
            }
        }
        self.write(to, self.inner.copy_opts(from, to, options))
            .await
    }
}

#[derive(Debug)]
struct FaultyUpload {
    store: InMemory,
    location: Path,
    upload: Box<dyn MultipartUpload>,
    fault: Fault,
    delay: Duration,
    fails: Option<usize>,
    number: usize,
    aborts: Arc<AtomicUsize>,
    parts: Arc<Parts>,
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parts")
    }
}

#[async_trait]
impl MultipartUpload for FaultyUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let part = self.upload.put_part(data);
        let fails = self.fails == Some(self.number);
        self.number += 1;
        let (delay, parts) = (self.delay, Arc::clone(&self.parts));
        Box::pin(async move {
            let now = parts.now.fetch_add(1, Ordering::SeqCst) + 1;
            parts.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(delay).await;
            let result = if fails { Err(broken()) } else { part.await };
            parts.now.fetch_sub(1, Ordering::SeqCst);
            result
        })
    }

    async fn complete(&mut self) -> Result<PutResult> {
        match self.fault {
            Fault::None => return self.upload.complete().await,
            Fault::After => drop(self.upload.complete().await?),
            Fault::AfterAndReplaced => {
                self.upload.complete().await?;
                self.store.put(&self.location, "another".into()).await?;
            }
            _ => {}
        }
        Err(broken())
    }

    async fn abort(&mut self) -> Result<()> {
        self.aborts.fetch_add(1, Ordering::SeqCst);
        self.upload.abort().await
    }
}
