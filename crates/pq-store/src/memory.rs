//! A store in memory, for tests and small things.

use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{BoxFuture, Content, Entry, PutMode, ReadRange, Store, Upload, Version};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Versions count up over all stores, so that none comes twice.
static NEXT_VERSION: AtomicU64 = AtomicU64::new(1);

#[derive(Clone)]
struct Object {
    bytes: Arc<[u8]>,
    version: u64,
}

impl Object {
    fn version(&self) -> Version {
        Version::new(self.version.to_string())
    }
}

/// Objects in memory. A clone shares them.
///
/// There are no directories: an object may lie below another one.
#[derive(Clone, Default)]
pub struct MemoryStore {
    objects: Arc<Mutex<BTreeMap<String, Object>>>,
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("objects", &self.objects().len())
            .finish()
    }
}

impl MemoryStore {
    fn objects(&self) -> MutexGuard<'_, BTreeMap<String, Object>> {
        // No code under the lock leaves the map half changed.
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes of an object.
    #[cfg(feature = "testing")]
    pub(crate) fn bytes(&self, path: &StorePath) -> Option<Arc<[u8]>> {
        let objects = self.objects();
        objects
            .get(path.as_str())
            .map(|object| Arc::clone(&object.bytes))
    }

    pub(crate) fn remove(&self, path: &StorePath) {
        self.objects().remove(path.as_str());
    }

    /// A store of its own with the same objects.
    #[cfg(feature = "testing")]
    pub(crate) fn copy(&self) -> Self {
        let objects = self.objects().clone();
        Self {
            objects: Arc::new(Mutex::new(objects)),
        }
    }

    fn slice(
        &self,
        path: &StorePath,
        range: &ReadRange,
    ) -> Result<(Object, Range<usize>), StoreError> {
        let object = self.objects().get(path.as_str()).cloned();
        let object = object.ok_or_else(|| StoreError::NotFound {
            path: self.describe(path),
        })?;
        let range = range.check(object.bytes.len() as u64, &self.describe(path))?;
        // Both ends lie in the slice.
        let range = range.start as usize..range.end as usize;
        Ok((object, range))
    }

    /// Whether an object may be put here.
    fn check(
        &self,
        objects: &BTreeMap<String, Object>,
        path: &StorePath,
        mode: &PutMode,
    ) -> Result<(), StoreError> {
        self.refuse_root(path)?;
        let current = objects.get(path.as_str()).map(Object::version);
        match (mode, current) {
            (PutMode::IfAbsent, Some(_)) => Err(StoreError::AlreadyExists {
                path: self.describe(path),
            }),
            (PutMode::IfVersion(expected), current) if current.as_ref() != Some(expected) => {
                Err(StoreError::Conflict {
                    path: self.describe(path),
                })
            }
            _ => Ok(()),
        }
    }

    /// Puts an object, if it may be put.
    pub(crate) fn insert(
        &self,
        path: &StorePath,
        bytes: Arc<[u8]>,
        mode: &PutMode,
    ) -> Result<Version, StoreError> {
        let mut objects = self.objects();
        self.check(&objects, path, mode)?;
        let version = NEXT_VERSION.fetch_add(1, Ordering::Relaxed);
        let object = Object { bytes, version };
        let version = object.version();
        objects.insert(path.as_str().to_owned(), object);
        Ok(version)
    }

    fn refuse_root(&self, path: &StorePath) -> Result<(), StoreError> {
        if path.is_root() {
            return Err(StoreError::invalid(
                self.describe(path),
                "the root is no object",
            ));
        }
        Ok(())
    }
}

impl Store for MemoryStore {
    fn read<'a>(
        &'a self,
        path: &'a StorePath,
        range: ReadRange,
    ) -> BoxFuture<'a, Result<Content, StoreError>> {
        Box::pin(async move {
            let (object, range) = self.slice(path, &range)?;
            Ok(Content {
                bytes: object.bytes[range].to_vec(),
                version: object.version(),
                size: object.bytes.len() as u64,
            })
        })
    }

    fn put<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(async move { self.insert(path, bytes.into(), &mode) })
    }

    fn open_write<'a>(
        &'a self,
        path: &'a StorePath,
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Box<dyn Upload>, StoreError>> {
        Box::pin(async move {
            self.check(&self.objects(), path, &mode)?;
            Ok(Box::new(MemoryUpload {
                store: self.clone(),
                path: path.clone(),
                mode,
                bytes: Vec::new(),
            }) as Box<dyn Upload>)
        })
    }

    fn list<'a>(&'a self, prefix: &'a StorePath) -> BoxFuture<'a, Result<Vec<Entry>, StoreError>> {
        Box::pin(async move {
            let objects = self.objects();
            let from_prefix = objects.range(prefix.as_str().to_owned()..);
            let mut entries = Vec::new();
            for (text, object) in from_prefix {
                if !text.starts_with(prefix.as_str()) {
                    break;
                }
                let path = StorePath::new(text)?;
                if path.strip_prefix(prefix).is_some() {
                    let size = object.bytes.len() as u64;
                    entries.push(Entry { path, size });
                }
            }
            Ok(entries)
        })
    }

    fn delete<'a>(&'a self, path: &'a StorePath) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.remove(path);
            Ok(())
        })
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
        format!("memory:/{path}")
    }
}

struct MemoryUpload {
    store: MemoryStore,
    path: StorePath,
    mode: PutMode,
    bytes: Vec<u8>,
}

impl fmt::Debug for MemoryUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryUpload")
            .field("path", &self.path)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

impl Upload for MemoryUpload {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.bytes.extend_from_slice(bytes);
            Ok(())
        })
    }

    fn copy_from<'a>(
        &'a mut self,
        source: &'a StorePath,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let (object, range) = self.store.slice(source, &ReadRange::Bytes(range))?;
            self.bytes.extend_from_slice(&object.bytes[range]);
            Ok(())
        })
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<Version, StoreError>> {
        Box::pin(async move {
            let bytes = self.bytes.into();
            self.store.insert(&self.path, bytes, &self.mode)
        })
    }

    fn abort(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
            drop(self);
            Ok(())
        })
    }
}
