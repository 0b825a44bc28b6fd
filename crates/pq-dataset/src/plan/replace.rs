//! Files take the place of others: the same rows written again, or what became of them.

use super::Plan;
use super::change::{Change, Placement, Start};
use super::merge::{Input, input, row_groups};
use super::select::Selection;
use crate::compare::joint::join;
use crate::detect::Existing;
use crate::error::DatasetError;
use crate::footer::Footer;
use crate::metadata_files::at;
use crate::part::is_within_root;
use pq_format::FormatError;
use pq_store::{Store, StorePath};

/// Plans that files of the data set at `root` make place for others that are there already.
pub(crate) async fn replace(
    store: &dyn Store,
    root: &StorePath,
    existing: &Existing,
    files: &[String],
    by: &[String],
) -> Result<Plan, DatasetError> {
    let location = store.describe(root);
    let removed = Selection::Files(files.to_vec()).files(&location, existing)?;
    let mut plan = Plan::new(root.clone(), location.clone(), String::new());
    for file in &removed {
        let version = Footer::read(store, &root.join(file)?).await?.version;
        plan.unchanged.push((file.clone(), version));
    }
    let mut inputs: Vec<Input> = Vec::with_capacity(by.len());
    let mut names: Vec<String> = Vec::with_capacity(by.len());
    for file in by {
        if names.contains(file) || existing.files.binary_search(file).is_ok() {
            let reason = format!("{file:?} is of the data set already");
            return Err(DatasetError::Selection { location, reason });
        }
        check_place(&location, existing, file)?;
        let input = input(store, root.join(file)?).await?;
        plan.unchanged
            .push((file.clone(), input.footer.version.clone()));
        names.push(file.clone());
        inputs.push(input);
    }
    let metadata = existing.footer.raw();
    if metadata.is_signed() {
        return at(&location, Err(FormatError::EncryptedUnsupported));
    }
    let schema = at(&location, metadata.schema())?;
    let (mut raw, mut differences) = (Vec::new(), Vec::new());
    for (file, input) in names.iter().zip(&inputs) {
        let of_file = store.describe(&input.path);
        let footer = input.footer.raw();
        if footer.is_signed() {
            return at(&of_file, Err(FormatError::EncryptedUnsupported));
        }
        if let Err(more) = join(&schema, file, &at(&of_file, footer.schema())?, false) {
            differences.extend(more);
        }
        raw.push(footer);
    }
    if !differences.is_empty() {
        return Err(DatasetError::SchemaMismatches {
            location,
            differences,
        });
    }
    plan.title = format!("replace {} files by {}", removed.len(), names.len());
    let mut change = Change::on(Start::On(Box::new(existing.clone())));
    change.added = at(&location, row_groups(&names, &raw, &vec![None; raw.len()]))?;
    change.removed = removed;
    change.placement = Placement::InPlace;
    change.is_of_new_files = false;
    // What cannot be done is known before it is tried.
    if change.changes_anything(&location)? {
        plan.change = Some(change);
    }
    Ok(plan)
}

/// Errors unless a file may lie there: within the data set, in a folder of its layout.
fn check_place(location: &str, existing: &Existing, file: &str) -> Result<(), DatasetError> {
    let layout = &existing.layout;
    if !is_within_root(file, Some(layout.scheme)) {
        return Err(DatasetError::HostilePath {
            location: location.to_owned(),
            path: file.to_owned(),
        });
    }
    if file.matches('/').count() != layout.partition_on.len() {
        return Err(DatasetError::Selection {
            location: location.to_owned(),
            reason: format!("{file:?} lies in too few or too many folders"),
        });
    }
    Ok(())
}
