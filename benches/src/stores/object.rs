//! Uploads to an object store.

use crate::source;
use object_store::aws::AmazonS3Builder;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use pq_store::blocking::BlockingStore;
use pq_store::{PutMode, StoreOptions, StorePath};
use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::Path;

/// What pq has by default.
const PART: usize = 8 << 20;
const CONCURRENCY: usize = 8;

/// A bucket of a server.
#[derive(serde::Deserialize)]
pub struct Place {
    url: String,
    options: BTreeMap<String, String>,
}

impl Place {
    /// The server that the environment tells of.
    pub fn of_environment() -> Result<Self, Box<dyn Error>> {
        let variable = "PQ_STORE_SEAWEEDFS";
        let place = std::env::var(variable)
            .map_err(|_| format!("{variable} is not set; cargo xtask bench stores sets it"))?;
        Ok(serde_json::from_str(&place)?)
    }

    pub fn open(&self) -> Result<BlockingStore, Box<dyn Error>> {
        let options: StoreOptions = self.options.clone().into_iter().collect();
        Ok(BlockingStore::new(options.open(&self.url)?.store))
    }
}

pub fn pq(source: &Path, key: &str) -> Result<(), Box<dyn Error>> {
    let store = Place::of_environment()?.open()?;
    let mut upload = store.open_write(&StorePath::new(key)?, PutMode::Always)?;
    source::pieces(source, |piece| Ok(upload.write_all(piece)?))?;
    upload.finish()?;
    Ok(())
}

/// `waits`: with the part size and the concurrency of pq.
pub fn object_store(source: &Path, key: &str, waits: bool) -> Result<(), Box<dyn Error>> {
    let place = Place::of_environment()?;
    let mut builder = AmazonS3Builder::new().with_url(&place.url);
    for (key, value) in &place.options {
        builder = builder.with_config(key.parse()?, value);
    }
    let store: Box<dyn ObjectStore> = Box::new(builder.build()?);
    let path = object_store::path::Path::parse(key)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    // Parts are sent as tasks of the runtime that is entered.
    let _entered = runtime.enter();
    let upload = runtime.block_on(store.put_multipart(&path))?;
    let mut writer = match waits {
        true => WriteMultipart::new_with_chunk_size(upload, PART),
        false => WriteMultipart::new(upload),
    };
    source::pieces(source, |piece| {
        if waits {
            runtime.block_on(writer.wait_for_capacity(CONCURRENCY))?;
        }
        writer.write(piece);
        Ok(())
    })?;
    runtime.block_on(writer.finish())?;
    Ok(())
}
