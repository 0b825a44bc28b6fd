//! What nobody needs any more.

use crate::error::DatasetError;
use pq_store::{Store, StoreError, StorePath};
use std::collections::BTreeSet;

/// Deletes files of the data set at `root`, and the folders that are empty then. What fails is
/// said in `warnings`.
pub(crate) async fn remove_files(
    store: &dyn Store,
    root: &StorePath,
    files: &[StorePath],
    warnings: &mut Vec<String>,
) {
    for path in files {
        if let Err(error) = store.delete(path).await {
            warnings.push(format!("a file that is not needed stays: {error}"));
        }
    }
    if let Err(error) = remove_folders(store, root, files).await {
        warnings.push(format!("an empty folder stays: {error}"));
    }
}

/// Deletes what a writer wrote that does not commit.
///
/// # Errors
///
/// The first that the store says; the rest is deleted all the same.
pub(crate) async fn abort(
    store: &dyn Store,
    root: &StorePath,
    parts: &[StorePath],
    made_root: bool,
) -> Result<(), DatasetError> {
    let mut failed = None;
    for path in parts {
        if let Err(error) = store.delete(path).await {
            failed.get_or_insert(error);
        }
    }
    if let Some(error) = failed {
        return Err(error.into());
    }
    remove_folders(store, root, parts).await?;
    if made_root {
        store.remove_directory(root).await?;
    }
    Ok(())
}

/// Removes the folders of these files as far as they are empty.
async fn remove_folders(
    store: &dyn Store,
    root: &StorePath,
    files: &[StorePath],
) -> Result<(), StoreError> {
    let mut folders = BTreeSet::new();
    for file in files {
        let mut folder = file.parent();
        while let Some(path) = folder.filter(|path| path != root && !path.is_root()) {
            folder = path.parent();
            if !folders.insert(path) {
                break;
            }
        }
    }
    // A folder comes before those in it.
    for folder in folders.iter().rev() {
        store.remove_directory(folder).await?;
    }
    Ok(())
}
