//! From URLs to stores.

use crate::error::StoreError;
use crate::memory::MemoryStore;
use crate::options::{self, StoreOptions};
use crate::path::{StorePath, printable};
use crate::store::Store;
use std::path::Path;
use std::sync::Arc;

/// A place: a store, and a path in it.
#[derive(Clone, Debug)]
pub struct Location {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The path; the root where the URL names a whole bucket.
    pub path: StorePath,
}

/// What a URL may begin with, and the feature that it needs.
const SCHEMES: [(&str, Option<&str>); 7] = [
    ("file", None),
    ("memory", None),
    ("s3", Some("s3")),
    ("gs", Some("gcs")),
    ("az", Some("azure")),
    ("abfs", Some("azure")),
    ("abfss", Some("azure")),
];

/// Opens the place that a URL names.
///
/// | URL | place | feature |
/// |---|---|---|
/// | a path, `file:///directory/name` | the local disk; the store is the directory, which must be there | |
/// | `memory:name` | a new store in memory | |
/// | `s3://bucket/key` | Amazon S3, or with the option `endpoint` a server that speaks its protocol | `s3` |
/// | `gs://bucket/key` | Google Cloud Storage | `gcs` |
/// | `az://container/key` | Azure Blob Storage, with the option `account_name` | `azure` |
/// | `abfss://container@account.dfs.core.windows.net/key` | the same | `azure` |
///
/// What follows the bucket is the key, letter by letter: `%20` is three characters. One `/` at
/// the end does not count.
///
/// A store of a cloud takes the options of the crate `object_store` for it (such as `region`,
/// `access_key_id`, `account_key`, `service_account`, `timeout`), and those of `RemoteStore`.
/// What is not given is taken from the environment (`AWS_…`, `GOOGLE_…`, `AZURE_…`) and from the
/// machine's own credentials. Plain http needs an `endpoint` (for `gs` a `base_url`) and
/// `allow_http`. The other places have no options.
///
/// To follow the progress of uploads, see [`StoreOptions`].
///
/// ```
/// use pq_store::{PutMode, StoreError};
///
/// # fn main() -> Result<(), StoreError> {
/// let place = pq_store::open("memory:a/part.0.parquet", [] as [(&str, &str); 0])?;
/// # pollster::block_on(async {
/// place.store.put(&place.path, b"PAR1", PutMode::IfAbsent).await?;
/// # Ok(())
/// # })
/// # }
/// ```
///
/// # Errors
///
/// [`StoreError::InvalidUrl`] for a scheme that is not in the table or whose feature is off, for
/// user information, queries and fragments; [`StoreError::InvalidPath`];
/// [`StoreError::InvalidOption`]; for the local disk what the system says.
pub fn open(
    url: &str,
    options: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
) -> Result<Location, StoreError> {
    open_with(url, &options.into_iter().collect())
}

pub(crate) fn open_with(url: &str, options: &StoreOptions) -> Result<Location, StoreError> {
    let Some((scheme, rest)) = split_scheme(url) else {
        no_options(options, "a local path")?;
        return local(Path::new(url));
    };
    let known = SCHEMES.iter().find(|(known, _)| *known == scheme);
    let Some((_, feature)) = known else {
        let known = SCHEMES.map(|(scheme, _)| scheme).join(", ");
        let reason = format!("the scheme {scheme} is not one of {known}");
        return Err(invalid(url, reason));
    };
    if rest.contains(['?', '#']) {
        return Err(invalid(url, "a URL of a store has no query or fragment"));
    }
    match scheme.as_str() {
        "file" => {
            no_options(options, "a local path")?;
            local(Path::new(file_path(url, rest)?))
        }
        "memory" => {
            no_options(options, "memory")?;
            Ok(Location {
                store: Arc::new(MemoryStore::default()),
                path: key(rest.trim_start_matches('/'))?,
            })
        }
        #[cfg(feature = "s3")]
        "s3" => {
            let (bucket, key) = bucket_and_key(url, rest)?;
            located(crate::object::s3::open(bucket, options)?, key)
        }
        #[cfg(feature = "gcs")]
        "gs" => {
            let (bucket, key) = bucket_and_key(url, rest)?;
            located(crate::object::gcs::open(bucket, options)?, key)
        }
        #[cfg(feature = "azure")]
        "az" | "abfs" | "abfss" => {
            let (container, account, key) = azure_parts(url, rest)?;
            let store = crate::object::azure::open(&scheme, container, account, options)?;
            located(store, key)
        }
        _ => {
            let feature = feature.unwrap_or_default();
            let reason = format!("needs pq-store built with the feature `{feature}`");
            Err(invalid(url, reason))
        }
    }
}

pub(crate) use several::open_all_with;

/// The scheme in lower case and what follows `:`, without the `//` of an authority; `None` for a
/// path.
fn split_scheme(url: &str) -> Option<(String, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
    let scheme = scheme.to_ascii_lowercase();
    match rest.strip_prefix("//") {
        Some(rest) if is_scheme => Some((scheme, rest)),
        None if scheme == "memory" || scheme == "file" => Some((scheme, rest)),
        _ => None,
    }
}

fn no_options(options: &StoreOptions, place: &str) -> Result<(), StoreError> {
    match options.pairs().next() {
        None => Ok(()),
        Some((key, _)) => Err(options::invalid(key, format!("{place} has no options"))),
    }
}

fn invalid(url: &str, reason: impl Into<String>) -> StoreError {
    StoreError::InvalidUrl {
        url: printable(&without_secrets(url)),
        reason: reason.into(),
    }
}

/// The URL without user information, query and fragment.
fn without_secrets(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let url = url.get(..end).unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    // A password may have a slash in it.
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    format!("{scheme}://{place}")
}

/// `rest` is what follows `file:` or `file://`.
fn file_path<'u>(url: &str, rest: &'u str) -> Result<&'u str, StoreError> {
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if path.starts_with('/') {
        return Ok(path);
    }
    Err(invalid(url, "a file URL is file:/// and an absolute path"))
}

fn key(text: &str) -> Result<StorePath, StoreError> {
    let text = text.strip_suffix('/').unwrap_or(text);
    if text.is_empty() {
        return Ok(StorePath::root());
    }
    StorePath::new(text)
}

#[cfg(unix)]
fn local(path: &Path) -> Result<Location, StoreError> {
    let (store, path) = crate::local::LocalStore::locate(path)?;
    let store = Arc::new(store);
    Ok(Location { store, path })
}

#[cfg(not(unix))]
fn local(path: &Path) -> Result<Location, StoreError> {
    Err(StoreError::Unsupported {
        path: printable(&path.to_string_lossy()),
        what: "the local disk, on this system".into(),
    })
}

#[cfg(any(feature = "s3", feature = "gcs", feature = "azure"))]
fn located(store: crate::RemoteStore, key: StorePath) -> Result<Location, StoreError> {
    let store = Arc::new(store);
    Ok(Location { store, path: key })
}

#[cfg(any(feature = "s3", feature = "gcs"))]
fn bucket_and_key<'u>(url: &str, rest: &'u str) -> Result<(&'u str, StorePath), StoreError> {
    let (bucket, text) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.contains('@') {
        return Err(invalid(url, "a URL of a store has no user information"));
    }
    check_bucket(url, bucket)?;
    Ok((bucket, key(text)?))
}

#[cfg(any(feature = "s3", feature = "gcs", feature = "azure"))]
fn check_bucket(url: &str, bucket: &str) -> Result<(), StoreError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.$".contains(c);
    if bucket.is_empty() || !bucket.chars().all(allowed) || bucket.starts_with('.') {
        let reason = "the name of a bucket or container has letters, digits, '-', '_' and '.'";
        return Err(invalid(url, reason));
    }
    Ok(())
}

/// Container, account if the URL has it, and key.
#[cfg(feature = "azure")]
fn azure_parts<'u>(
    url: &str,
    rest: &'u str,
) -> Result<(&'u str, Option<&'u str>, StorePath), StoreError> {
    let (authority, text) = rest.split_once('/').unwrap_or((rest, ""));
    let is_short = url
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("az:"));
    let (container, account) = match authority.split_once('@') {
        None => (authority, None),
        Some(_) if is_short => {
            return Err(invalid(url, "a URL of a store has no user information"));
        }
        Some((container, host)) => {
            let account = host
                .strip_suffix(".dfs.core.windows.net")
                .or_else(|| host.strip_suffix(".blob.core.windows.net"))
                .filter(|account| account.chars().all(|c| c.is_ascii_alphanumeric()));
            let Some(account) = account.filter(|account| !account.is_empty()) else {
                let reason = "what follows the container is @account.dfs.core.windows.net; for \
                              another host, use az://container/key and the option endpoint";
                return Err(invalid(url, reason));
            };
            (container, Some(account))
        }
    };
    check_bucket(url, container)?;
    Ok((container, account, key(text)?))
}

mod several;
#[cfg(test)]
mod tests;
