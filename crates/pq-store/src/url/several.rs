//! Several places in one store.

use super::{file_path, invalid, no_options, open_with, split_scheme};
use crate::error::StoreError;
use crate::options::StoreOptions;
use crate::path::StorePath;
use crate::store::Store;
use std::path::Path;
use std::sync::Arc;

/// Opens the one store that holds all of these places.
pub(crate) fn open_all_with(
    urls: &[&str],
    options: &StoreOptions,
) -> Result<(Arc<dyn Store>, Vec<StorePath>), StoreError> {
    let Some(first) = urls.first() else {
        return Err(invalid("", "there is no place"));
    };
    let bucket = bucket(first);
    if let Some(other) = urls.iter().find(|url| self::bucket(url) != bucket) {
        let reason = format!("it is not on the disk or in the bucket of {first}");
        return Err(invalid(other, reason));
    }
    if bucket.is_none() {
        no_options(options, "a local path")?;
        let paths = urls.iter().map(|url| match split_scheme(url) {
            Some((_, rest)) => file_path(url, rest),
            None => Ok(*url),
        });
        return local(&paths.collect::<Result<Vec<_>, _>>()?);
    }
    let place = open_with(first, options)?;
    let mut paths = vec![place.path];
    for url in urls.iter().skip(1) {
        paths.push(open_with(url, options)?.path);
    }
    Ok((place.store, paths))
}

/// Scheme and bucket; `None` for a path of the local disk.
fn bucket(url: &str) -> Option<(String, &str)> {
    let (scheme, rest) = split_scheme(url).filter(|(scheme, _)| scheme != "file")?;
    let bucket = rest.split_once('/').map_or(rest, |(bucket, _)| bucket);
    Some((scheme, bucket))
}

/// The store of the topmost directory: what the paths have in common may be less than a data set.
#[cfg(unix)]
fn local(urls: &[&str]) -> Result<(Arc<dyn Store>, Vec<StorePath>), StoreError> {
    use crate::local::LocalStore;
    use crate::path::printable;

    let mut paths = Vec::with_capacity(urls.len());
    for url in urls {
        let path = Path::new(url);
        // A directory may be reached by links, and then lies elsewhere. What is in it need not be
        // there.
        let absolute = match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => Path::new(".")
                .join(parent)
                .canonicalize()
                .map(|directory| directory.join(name)),
            _ => path.canonicalize(),
        };
        let shown = || printable(url);
        let absolute =
            absolute.map_err(|source| StoreError::from_io(shown(), "resolve", source))?;
        let Some(text) = absolute.to_str() else {
            return Err(StoreError::invalid(shown(), "its directory is not UTF-8"));
        };
        paths.push(super::key(text.trim_start_matches('/'))?);
    }
    Ok((Arc::new(LocalStore::open("/")?), paths))
}

#[cfg(not(unix))]
fn local(urls: &[&str]) -> Result<(Arc<dyn Store>, Vec<StorePath>), StoreError> {
    let path = urls.first().map_or("", |url| *url);
    super::local(Path::new(path)).map(|place| (place.store, vec![place.path]))
}
