//! The place that an argument names: a path, or the URL of an object store.

use crate::args::StoreArgs;
use crate::error::CliError;
use pq_store::{Location, Store, StoreOptions, StorePath};
use std::sync::Arc;

/// Opens the store that holds `place`.
///
/// # Errors
///
/// A URL or an option that is wrong, a directory that is not there or cannot be read.
pub fn open(place: &str, args: &StoreArgs) -> Result<Location, CliError> {
    Ok(options(args)?.open(place)?)
}

/// Opens the one store that holds all of `places`.
///
/// # Errors
///
/// As [`open`]; places that are not all on the local disk or in one bucket.
pub fn open_all(
    places: &[&str],
    args: &StoreArgs,
) -> Result<(Arc<dyn Store>, Vec<StorePath>), CliError> {
    Ok(options(args)?.open_all(places)?)
}

fn options(args: &StoreArgs) -> Result<StoreOptions, CliError> {
    let mut options = StoreOptions::new();
    for text in &args.store_option {
        let pair = text.split_once('=').filter(|(key, _)| !key.is_empty());
        // The text may hold a secret, and is not repeated.
        let (key, value) = pair.ok_or_else(|| CliError::Argument {
            option: "--store-option",
            reason: "it is not KEY=VALUE".to_owned(),
        })?;
        options = options.set(key, value);
    }
    Ok(options)
}
