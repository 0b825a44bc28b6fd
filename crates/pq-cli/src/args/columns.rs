//! Values of options by column: `NAME=VALUE,…`.

use crate::error::CliError;
use std::collections::BTreeMap;

/// The column that stands for all that are not named.
pub(super) const DEFAULT_KEY: &str = "_default";

/// What is given for all columns, and for single ones.
pub(super) type ByColumn<T> = (Option<T>, BTreeMap<String, T>);

/// Reads `VALUE` for all columns, or `NAME=VALUE` by column, separated by commas; the name
/// `_default` means all columns that are not named.
///
/// # Errors
///
/// What `value` cannot read, and a column that is named twice.
pub(super) fn by_column<T>(
    option: &'static str,
    text: &str,
    value: impl Fn(&str) -> Result<T, CliError>,
) -> Result<ByColumn<T>, CliError> {
    let mut default = None;
    let mut columns = BTreeMap::new();
    for item in text.split(',').map(str::trim) {
        let (name, text) = item.rsplit_once('=').unwrap_or((DEFAULT_KEY, item));
        let found = value(text)?;
        let taken = if name == DEFAULT_KEY {
            default.replace(found).is_some()
        } else {
            columns.insert(name.to_owned(), found).is_some()
        };
        if taken {
            return Err(CliError::Argument {
                option,
                reason: format!("{name:?} is given twice"),
            });
        }
    }
    Ok((default, columns))
}
