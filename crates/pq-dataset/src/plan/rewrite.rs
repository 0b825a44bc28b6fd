//! A new footer for one file: the rows stay where they are.

use crate::error::DatasetError;
use crate::footer::Footer;
use crate::metadata_files::at;
use pq_format::append_footer;
use pq_store::{PutMode, Store, StoreError, StorePath, Version};
use std::fmt;

/// A new footer for one file.
#[derive(Debug, Clone)]
pub(crate) struct Rewrite {
    /// Bytes before the footer.
    start: u64,
    version: Version,
    footer: Vec<u8>,
    key_values: Vec<(String, Option<String>)>,
}

impl Rewrite {
    /// The file with these key-values; `None` if it has them.
    pub(crate) fn key_values(
        location: &str,
        old: &Footer,
        key_values: &[(String, Option<String>)],
    ) -> Result<Option<Self>, DatasetError> {
        let mut edit = old.raw().edit();
        for (key, value) in key_values {
            edit.set_key_value(key, value.as_deref());
        }
        let mut footer = Vec::new();
        at(location, edit.encode(&mut footer))?;
        Ok((footer != old.bytes()).then(|| Self {
            start: old.start,
            version: old.version.clone(),
            footer,
            key_values: key_values.to_vec(),
        }))
    }

    /// Writes the file anew, if it is the one that was read.
    pub(crate) async fn execute(
        &self,
        store: &dyn Store,
        path: &StorePath,
    ) -> Result<u64, DatasetError> {
        let location = store.describe(path);
        let mut tail = Vec::new();
        at(&location, append_footer(&self.footer, &mut tail))?;
        match self.put(store, path, &tail).await {
            Ok(()) => Ok(tail.len() as u64),
            Err(StoreError::Conflict { .. }) => Err(DatasetError::Conflict {
                location,
                reason: "changed by another writer meanwhile; nothing was written".to_owned(),
            }),
            Err(source @ StoreError::CommitUnknown { .. }) => {
                Err(DatasetError::CommitUnknown { location, source })
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn put(
        &self,
        store: &dyn Store,
        path: &StorePath,
        tail: &[u8],
    ) -> Result<(), StoreError> {
        let mode = PutMode::IfVersion(self.version.clone());
        let mut upload = store.open_write(path, mode).await?;
        upload.copy_from(path, 0..self.start).await?;
        upload.write(tail).await?;
        upload.finish().await?;
        Ok(())
    }
}

impl fmt::Display for Rewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "\n  rewrite the footer behind {} bytes, if the file is unchanged",
            self.start
        )?;
        for (key, value) in &self.key_values {
            match value {
                Some(value) => write!(f, "\n    with the key-value {key:?}: {value:?}")?,
                None => write!(f, "\n    without the key-value {key:?}")?,
            }
        }
        Ok(())
    }
}
