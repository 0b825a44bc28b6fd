//! Many small parts become few: the bytes of their row groups are copied.

mod choose;
mod part;
mod place;
mod read;

use super::Plan;
use super::change::{Change, Placement, Start};
use super::copy::Copy;
use crate::detect::Existing;
use crate::error::DatasetError;
use crate::metadata_files::at;
use crate::part::next_part_number;
use choose::{Choice, choose};
use part::part;
use pq_store::{Store, StorePath};
use read::{read, sources};

/// How parts are compacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompactOptions {
    /// Bytes that a new part has at most. Files of half of it or more stay as they are. A store
    /// that cannot put so much on a condition makes it less.
    pub target_bytes: u64,
    /// Files with a row group of fewer bytes stay as they are: their rows are better written again
    /// than copied. By default none.
    pub smallest_row_group: u64,
}

impl Default for CompactOptions {
    fn default() -> Self {
        Self {
            target_bytes: 128 << 20,
            smallest_row_group: 0,
        }
    }
}

/// Plans the compaction of the data set at `root`.
///
/// # Errors
///
/// What the store says; a file that is not the one `_metadata` speaks of.
pub(crate) async fn compact(
    store: &dyn Store,
    root: &StorePath,
    existing: &Existing,
    options: &CompactOptions,
) -> Result<Plan, DatasetError> {
    let location = store.describe(root);
    let mut notes = Vec::new();
    let candidates = read(store, root, existing, options, &mut notes).await?;
    let target = match store.largest_conditional_put() {
        Some(largest) => options.target_bytes.min(largest),
        None => options.target_bytes,
    };
    let Choice { groups, left } = choose(candidates, target);
    notes.extend(left);

    let mut change = Change::on(Start::On(Box::new(existing.clone())));
    change.placement = Placement::InPlace;
    let mut plan = Plan::new(root.clone(), location.clone(), String::new());
    let (mut files, mut copies) = (0, Vec::<Copy>::new());
    for group in groups {
        let read = sources(store, root, &group).await?;
        let (copy, warnings) = at(&location, part(&group.folder, &read))?;
        notes.extend(warnings);
        files += copy.sources.len();
        change.removed.extend(copy.sources.iter().cloned());
        plan.unchanged.extend(
            group
                .files
                .into_iter()
                .map(|file| (file.file, file.footer.version)),
        );
        copies.push(copy);
    }
    plan.title = format!("compact {files} files to {}", copies.len());
    if !copies.is_empty() {
        let listed = store.list(root).await?;
        let listed = listed.iter().map(|entry| entry.path.as_str());
        plan.next_part = next_part_number(listed.chain(existing.files.iter().map(String::as_str)));
        plan.copies = copies;
        plan.change = Some(change);
    }
    plan.notes = notes;
    Ok(plan)
}
