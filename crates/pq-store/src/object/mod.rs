//! Stores behind a network: S3, Google Cloud Storage, Azure, and whatever implements
//! `object_store::ObjectStore`.

#[cfg(feature = "azure")]
pub(crate) mod azure;
mod backoff;
// The clients of the clouds write answers down; a client that one has already does not.
#[cfg_attr(
    not(any(feature = "s3", feature = "gcs", feature = "azure")),
    expect(dead_code)
)]
mod call;
#[cfg(any(feature = "s3", feature = "gcs", feature = "azure"))]
mod client;
mod error;
#[cfg(feature = "gcs")]
pub(crate) mod gcs;
#[cfg(any(feature = "s3", feature = "gcs", feature = "azure"))]
mod http;
mod inner;
mod list;
mod pool;
mod probe;
mod put;
mod read;
mod runtime;
#[cfg(feature = "s3")]
pub(crate) mod s3;
// So are the secrets of the clouds.
#[cfg_attr(
    not(any(feature = "s3", feature = "gcs", feature = "azure")),
    allow(dead_code)
)]
mod scrub;
mod settings;
mod state;
mod upload;

#[cfg(test)]
mod tests;

use crate::error::StoreError;
use crate::options::{self, StoreOptions};
use crate::path::StorePath;
use crate::store::{
    BoxFuture, Content, Entry, Leftover, PutMode, ReadRange, Store, Upload, Version,
};
use inner::{Inner, LargeWrites};
use object_store::ObjectStore;
use pool::Pool;
use scrub::Secrets;
use settings::Settings;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use upload::RemoteUpload;

/// A bucket or container of an object store.
///
/// The store needs no async runtime: it has one of its own, on two threads that all stores of the
/// process share, and its futures can be awaited anywhere. An operation whose future is dropped
/// goes on.
///
/// # What can be relied on
///
/// Every write carries a random token in the metadata of the object (`pqtoken`). After any error
/// that leaves it open whether the write happened, the object is looked up. Its token there is a
/// success, whatever the error was. The old state means another attempt, with the same token.
/// Another object means [`AlreadyExists`](StoreError::AlreadyExists) or
/// [`Conflict`](StoreError::Conflict), unless an earlier attempt may have been carried out and
/// replaced since: that, and an object that cannot be looked up, is
/// [`CommitUnknown`](StoreError::CommitUnknown).
///
/// Before the first write under a condition, the store is probed, unless it is a cloud's own: in
/// the directory of the object, a hidden one is created, which must not work twice, and replaced,
/// which must not work in a wrong version. A store that overwrites all the same is
/// [`Unsafe`](StoreError::Unsafe). A probe cannot find out whether conditions hold when two
/// writers come at the same instant.
///
/// A [`Version`] is the token, the entity tag and, with Google, the generation. On S3 a write
/// under [`IfVersion`](PutMode::IfVersion) compares the entity tag alone, which may be a hash of
/// the content: an object that was replaced by the same bytes counts as unchanged. Where that
/// matters, write something that differs each time.
///
/// # Large objects
///
/// An upload keeps what fits one request, and sends more as parts: `upload_concurrency` at a time
/// while the next one is filled, so that it holds at most `upload_concurrency` + 1 parts in
/// memory. The store keeps as many buffers for later uploads. Parts double in size after every
/// thousand of them; an object may have 10,000.
///
/// A put or upload under a condition is one request up to `conditional_put_bytes`. Beyond:
///
/// | store | if absent | if version |
/// |---|---|---|
/// | S3 | the request that completes the upload carries the condition | the same |
/// | Google, Azure, [`new`](Self::new) | uploaded under a hidden name, copied if nothing is there | [`Unsupported`](StoreError::Unsupported) |
///
/// Servers that complete uploads whatever is there are found out by a probe, before anything is
/// sent: `Unsupported`. Cloudflare R2 is one; its option is
/// `copy_if_not_exists=header:cf-copy-destination-if-none-match:*`.
///
/// Bytes of other objects are copied by reading and sending them again.
///
/// # What writers leave
///
/// An upload that fails or is dropped removes its parts, in the background when dropped. Those of
/// a process that was killed stay, cost money on S3 and Google and cannot be listed here: give the
/// bucket a lifecycle rule that aborts incomplete uploads. Azure drops them after a week. Hidden
/// objects that stay are [`leftovers`](Store::leftovers).
///
/// # Options
///
/// | option | by default | |
/// |---|---|---|
/// | `conditional_put` | `probe` | `trust`: no probe; `last_writer_wins`: conditions are looked up, then written without, for one writer at a time |
/// | `conditional_put_bytes` | 64 MiB | the largest object that is put under a condition in one request |
/// | `part_size` | 8 MiB | bytes of the first thousand parts; S3 and Google want at least 5 MiB |
/// | `upload_concurrency` | 8 | parts on their way at a time |
/// | `max_retries` | 10 | attempts after the first |
/// | `retry_timeout` | 180 | seconds after which nothing is tried again |
///
/// Sizes are numbers of bytes or such as `16 MiB`, at most 2 GiB. A request may take 30 seconds,
/// one with a large body longer, unless the option `timeout` says otherwise.
#[derive(Clone)]
pub struct RemoteStore {
    inner: Arc<Inner>,
}

impl RemoteStore {
    /// A store behind a client that one has already. `url` is its root as messages show it, such
    /// as `s3://bucket`; with `gs://`, versions carry the generation that Google asks for.
    ///
    /// The client tries reads and parts of uploads again or not as it was made. For writes under a condition it is better not
    /// to: see [`with_conditional_client`](Self::with_conditional_client).
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidOption`] for options other than [those of this type](Self#options).
    pub fn new(
        client: Arc<dyn ObjectStore>,
        url: &str,
        options: &StoreOptions,
    ) -> Result<Self, StoreError> {
        let (settings, others) = Settings::parse(options, 1)?;
        if let Some((key, _)) = others.first() {
            let known = settings::KEYS.join(", ");
            return Err(options::invalid(key, format!("is not one of {known}")));
        }
        Ok(Self::with(Parameters {
            single: Arc::clone(&client),
            client,
            url: url.trim_end_matches('/').to_owned(),
            settings,
            secrets: Secrets::default(),
            has_generations: url.starts_with("gs:"),
            large_writes: LargeWrites::Copy,
            is_known: false,
        }))
    }

    /// Uses another client of the same bucket for writes under a condition: one that tries
    /// nothing again (`RetryConfig { max_retries: 0, .. }`). The store tries again itself, and
    /// knows of every attempt. With a client that hides some, a write that was done, whose answer
    /// was lost and that another writer replaced at once is reported as refused.
    #[must_use]
    pub fn with_conditional_client(self, client: Arc<dyn ObjectStore>) -> Self {
        let inner = &self.inner;
        Self::with(Parameters {
            single: client,
            client: Arc::clone(&inner.client),
            url: inner.url.clone(),
            settings: inner.settings.clone(),
            secrets: inner.secrets.clone(),
            has_generations: inner.has_generations,
            large_writes: inner.large_writes,
            is_known: inner.is_known,
        })
    }

    fn with(parameters: Parameters) -> Self {
        let settings = &parameters.settings;
        let size = usize::try_from(settings.part_size).unwrap_or(usize::MAX);
        let inner = Arc::new(Inner {
            pool: Pool::new(size, settings.upload_concurrency + 1),
            client: parameters.client,
            single: parameters.single,
            url: parameters.url,
            settings: parameters.settings,
            secrets: parameters.secrets,
            has_generations: parameters.has_generations,
            large_writes: parameters.large_writes,
            is_known: parameters.is_known,
            probes: probe::Probes::default(),
        });
        Self { inner }
    }

    async fn upload(&self, path: &StorePath, mode: &PutMode) -> Result<RemoteUpload, StoreError> {
        let condition = self.inner.condition(path, mode)?;
        let (inner, of, checked) = (Arc::clone(&self.inner), path.clone(), condition.clone());
        self.run(path, runtime::WRITE, async move {
            let location = inner.location(&of)?;
            inner.check_now(&of, &location, &checked).await?;
            inner.probe_puts(&of, &checked).await
        })
        .await?;
        RemoteUpload::new(Arc::clone(&self.inner), path.clone(), condition)
    }

    async fn run<T: Send + 'static>(
        &self,
        path: &StorePath,
        operation: &'static str,
        future: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        runtime::run(self.inner.describe(path), operation, future).await
    }
}

/// What a store is made of.
struct Parameters {
    client: Arc<dyn ObjectStore>,
    single: Arc<dyn ObjectStore>,
    url: String,
    settings: Settings,
    secrets: Secrets,
    has_generations: bool,
    large_writes: LargeWrites,
    is_known: bool,
}

/// Shows where it is, and nothing of how one gets in.
impl fmt::Debug for RemoteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteStore")
            .field("url", &self.inner.url)
            .finish_non_exhaustive()
    }
}

impl RemoteStore {
    async fn put_all(
        &self,
        path: &StorePath,
        pieces: &[&[u8]],
        mode: PutMode,
    ) -> Result<Version, StoreError> {
        let length: u64 = pieces.iter().map(|piece| piece.len() as u64).sum();
        if length > self.inner.settings.conditional_put_bytes {
            let mut upload = self.upload(path, &mode).await?;
            for piece in pieces {
                upload.append(piece).await?;
            }
            return Box::new(upload).finish().await;
        }
        let condition = self.inner.condition(path, &mode)?;
        let pool = &self.inner.pool;
        let payload = pieces.iter().flat_map(|piece| pool.copy(piece)).collect();
        let (inner, of) = (Arc::clone(&self.inner), path.clone());
        self.run(path, runtime::WRITE, async move {
            inner.put(&of, payload, condition).await
        })
        .await
    }
}

impl Store for RemoteStore {
    fn read<'a>(
        &'a self,
        path: &'a StorePath,
        range: ReadRange,
    ) -> BoxFuture<'a, Result<Content, StoreError>> {
        let (inner, of) = (Arc::clone(&self.inner), path.clone());
        Box::pin(self.run(path, "read", async move { inner.read(&of, range).await }))
    }

    fn put<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(async move { self.put_all(path, &[bytes], mode).await })
    }

    fn put_pieces<'a>(
        &'a self,
        path: &'a StorePath,
        pieces: &'a [&'a [u8]],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(self.put_all(path, pieces, mode))
    }

    fn open_write<'a>(
        &'a self,
        path: &'a StorePath,
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Box<dyn Upload>, StoreError>> {
        Box::pin(async move {
            let upload = self.upload(path, &mode).await?;
            Ok(Box::new(upload) as Box<dyn Upload>)
        })
    }

    fn list<'a>(&'a self, prefix: &'a StorePath) -> BoxFuture<'a, Result<Vec<Entry>, StoreError>> {
        let (inner, of) = (Arc::clone(&self.inner), prefix.clone());
        Box::pin(self.run(prefix, "list", async move { inner.list(&of).await }))
    }

    fn delete<'a>(&'a self, path: &'a StorePath) -> BoxFuture<'a, Result<(), StoreError>> {
        let (inner, of) = (Arc::clone(&self.inner), path.clone());
        Box::pin(self.run(path, "delete", async move { inner.delete(&of).await }))
    }

    fn leftovers<'a>(
        &'a self,
        prefix: &'a StorePath,
    ) -> BoxFuture<'a, Result<Vec<Leftover>, StoreError>> {
        let (inner, of) = (Arc::clone(&self.inner), prefix.clone());
        Box::pin(self.run(prefix, "list", async move { inner.leftovers(&of).await }))
    }

    fn age<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<Option<Duration>, StoreError>> {
        let (inner, of) = (Arc::clone(&self.inner), path.clone());
        Box::pin(self.run(path, "list", async move { inner.age(&of).await }))
    }

    fn largest_conditional_put(&self) -> Option<u64> {
        let inner = &self.inner;
        let is_free = inner.large_writes == LargeWrites::ConditionalCompletion && inner.is_known;
        (!is_free).then_some(inner.settings.conditional_put_bytes)
    }

    fn remove_directory<'a>(
        &'a self,
        _path: &'a StorePath,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }

    fn make_directories<'a>(
        &'a self,
        _path: &'a StorePath,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async { Ok(false) })
    }

    fn describe(&self, path: &StorePath) -> String {
        self.inner.describe(path)
    }
}
