//! What writers that died have left, and a `_metadata` that is lost.

use crate::detect::{Existing, Found};
use crate::error::DatasetError;
use crate::metadata_files::{COMMON_METADATA, METADATA};
use crate::part::part_number;
use crate::plan::Plan;
use crate::plan::merge::{Input, by_name, input, is_data, merge_at};
use pq_format::FormatError;
use pq_store::{Entry, Store, StoreError, StorePath};
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

/// How a data set is recovered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoverOptions {
    /// What was written more recently may be of a writer that is at work, and stays. So does that
    /// of which the store does not know the age, unless this is zero.
    pub grace: Duration,
    /// When `_metadata` is made anew from the footers of the parts.
    pub rebuild: Rebuild,
}

/// When `_metadata` is made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Rebuild {
    /// If it is absent or damaged. Which parts were committed is not known then: all that can be
    /// read are named, also those of a writer that died before its commit, and those that were
    /// replaced and are not deleted yet. For a data set that is meant to have none,
    /// [`Never`](Self::Never) is right.
    #[default]
    IfNeeded,
    /// Always: from the parts that it names, or all if it is absent or damaged. Parts that are
    /// missing are not named any more.
    Always,
    /// Never.
    Never,
}

impl Default for RecoverOptions {
    /// A day, and a new `_metadata` if needed.
    fn default() -> Self {
        Self {
            grace: Duration::from_secs(24 * 60 * 60),
            rebuild: Rebuild::IfNeeded,
        }
    }
}

/// What was found, and what is to be done. [`Display`](fmt::Display) gives a report; nothing
/// happens before [`plan`](Self::plan) is carried out.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Recovery {
    /// Where, as a person would name it.
    pub location: String,
    /// What is with `_metadata`.
    pub metadata: MetadataState,
    /// Files that `_metadata` names and that are not there: their rows are lost.
    pub missing: Vec<String>,
    /// Parts that `_metadata` does not name: of writers that died, or are at work.
    pub orphans: Vec<Remnant>,
    /// Files of rows that cannot be read, and why; a new `_metadata` does not name them.
    pub unreadable: Vec<(String, String)>,
    /// Other files that `_metadata` does not name. They are nobody's to delete.
    pub others: Vec<String>,
    /// Temporary files and the like.
    pub leftovers: Vec<Remnant>,
    /// What is to be done.
    pub plan: Plan,
}

/// What is with `_metadata`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetadataState {
    /// It can be read.
    Sound,
    /// There is none, and none is needed: one file, or nothing.
    NotNeeded,
    /// There is none.
    Absent,
    /// It cannot be read.
    Damaged(String),
}

/// A file that nothing names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remnant {
    /// Its path, relative to the data set.
    pub file: String,
    /// Its size in bytes.
    pub size: u64,
    /// How long ago it was written, where the store knows.
    pub age: Option<Duration>,
    /// Whether the plan deletes it.
    pub goes: bool,
}

impl Recovery {
    fn of(location: String, root: StorePath, metadata: MetadataState) -> Self {
        let plan = Plan::new(root, location.clone(), "recover".to_owned());
        Self {
            location,
            metadata,
            missing: Vec::new(),
            orphans: Vec::new(),
            unreadable: Vec::new(),
            others: Vec::new(),
            leftovers: Vec::new(),
            plan,
        }
    }

    /// Whether there is nothing to be said: all that is named is there, and nothing else.
    pub fn is_sound(&self) -> bool {
        matches!(
            self.metadata,
            MetadataState::Sound | MetadataState::NotNeeded
        ) && self.missing.is_empty()
            && self.orphans.is_empty()
            && self.unreadable.is_empty()
            && self.leftovers.is_empty()
    }
}

/// Finds out what writers have left at `path`, and plans what to do.
pub(crate) async fn recover(
    store: &dyn Store,
    path: &StorePath,
    options: &RecoverOptions,
) -> Result<Recovery, DatasetError> {
    let found = Found::at(store, path).await;
    let (state, existing, entries) = match found {
        Ok(Found::Nothing) => (MetadataState::NotNeeded, None, Vec::new()),
        Ok(Found::File) => return of_file(store, path, options).await,
        Ok(Found::Dataset(existing, entries)) => (MetadataState::Sound, Some(existing), entries),
        Ok(Found::Other(entries)) => (MetadataState::Absent, None, entries),
        Err(error) if !is_damage(&error) => return Err(error),
        Err(error) => {
            let entries = store.list(path).await?;
            (MetadataState::Damaged(error.to_string()), None, entries)
        }
    };
    let mut recovery = Recovery::of(store.describe(path), path.clone(), state);
    let named: BTreeSet<&str> = existing.iter().flat_map(names).collect();
    let listed: BTreeSet<&str> = entries
        .iter()
        .filter_map(|e| e.path.strip_prefix(path))
        .collect();
    let missing = named.iter().filter(|file| !listed.contains(*file));
    recovery.missing = missing.map(|file| (*file).to_owned()).collect();
    let nested = nested(path, &entries);
    let is_nested = |file: &StorePath| {
        let mut above = nested.iter().filter_map(|root| file.strip_prefix(root));
        above.next().is_some()
    };
    let is_rebuilt = match (options.rebuild, &recovery.metadata) {
        (_, MetadataState::NotNeeded) | (Rebuild::Never, _) => false,
        (Rebuild::Always, _) => true,
        (Rebuild::IfNeeded, state) => *state != MetadataState::Sound,
    };
    if is_rebuilt {
        let is_wanted = |file: &&StorePath| {
            let relative = file.strip_prefix(path).unwrap_or_default();
            match existing {
                Some(_) => named.contains(relative),
                None => is_data(relative) && !is_nested(file),
            }
        };
        let mut files: Vec<StorePath> = entries
            .iter()
            .map(|entry| &entry.path)
            .filter(is_wanted)
            .cloned()
            .collect();
        files.sort_by(by_name);
        rebuild(store, path, files, &mut recovery).await?;
    }
    for entry in &entries {
        let relative = entry.path.strip_prefix(path).unwrap_or_default();
        if named.contains(relative) || [METADATA, COMMON_METADATA].contains(&relative) {
            continue;
        }
        let name = entry.path.file_name().unwrap_or_default();
        let is_foreign = part_number(name).is_none() || is_nested(&entry.path);
        if is_foreign || existing.is_none() {
            // Without `_metadata` nobody knows which parts were committed.
            if is_foreign && (existing.is_some() || !is_data(relative) || is_nested(&entry.path)) {
                recovery.others.push(relative.to_owned());
            }
            continue;
        }
        let age = store.age(&entry.path).await?;
        recovery
            .orphans
            .push(remnant(relative, entry, age, options));
    }
    for left in store.leftovers(path).await? {
        let relative = left.entry.path.strip_prefix(path).unwrap_or_default();
        recovery
            .leftovers
            .push(remnant(relative, &left.entry, left.age, options));
    }
    recovery.plan.orphans = going(&recovery.orphans);
    recovery.plan.deletes = going(&recovery.leftovers);
    Ok(recovery)
}

/// Whether this says that a `_metadata` is damaged. One that is encrypted, or that names files
/// outside, is whole: somebody meant it so.
fn is_damage(error: &DatasetError) -> bool {
    match error {
        DatasetError::Format { source, .. } => !matches!(
            source,
            FormatError::Encrypted | FormatError::EncryptedUnsupported
        ),
        DatasetError::Store(_)
        | DatasetError::Conflict { .. }
        | DatasetError::HostilePath { .. } => false,
        _ => true,
    }
}

/// Folders of data sets below this one: their parts are named by a `_metadata` of their own.
fn nested(root: &StorePath, entries: &[Entry]) -> BTreeSet<StorePath> {
    let metadata = entries
        .iter()
        .filter(|entry| entry.path.file_name() == Some(METADATA));
    let folders = metadata.filter_map(|entry| entry.path.parent());
    folders.filter(|folder| folder != root).collect()
}

fn names(existing: &Existing) -> impl Iterator<Item = &str> {
    existing.files.iter().map(String::as_str)
}

fn remnant(file: &str, entry: &Entry, age: Option<Duration>, options: &RecoverOptions) -> Remnant {
    Remnant {
        file: file.to_owned(),
        size: entry.size,
        age,
        goes: age.unwrap_or_default() >= options.grace,
    }
}

fn going(remnants: &[Remnant]) -> Vec<String> {
    let going = remnants.iter().filter(|remnant| remnant.goes);
    going.map(|remnant| remnant.file.clone()).collect()
}

/// What uploads to one file have left beside it.
async fn of_file(
    store: &dyn Store,
    path: &StorePath,
    options: &RecoverOptions,
) -> Result<Recovery, DatasetError> {
    let parent = path.parent().unwrap_or_else(StorePath::root);
    let mut recovery = Recovery::of(
        store.describe(path),
        parent.clone(),
        MetadataState::NotNeeded,
    );
    let beside = format!(".{}.", path.file_name().unwrap_or_default());
    for left in store.leftovers(&parent).await? {
        let relative = left.entry.path.strip_prefix(&parent).unwrap_or_default();
        if relative.starts_with(&beside) && !relative.contains('/') {
            recovery
                .leftovers
                .push(remnant(relative, &left.entry, left.age, options));
        }
    }
    recovery.plan.deletes = going(&recovery.leftovers);
    Ok(recovery)
}

/// Plans a new `_metadata` of these files, without those that cannot be read.
async fn rebuild(
    store: &dyn Store,
    root: &StorePath,
    files: Vec<StorePath>,
    recovery: &mut Recovery,
) -> Result<(), DatasetError> {
    let mut inputs: Vec<Input> = Vec::with_capacity(files.len());
    for path in files {
        let relative = path.strip_prefix(root).unwrap_or_default().to_owned();
        match input(store, path).await {
            Ok(input) => inputs.push(input),
            Err(DatasetError::Store(StoreError::NotFound { .. })) => {
                recovery.missing.push(relative);
            }
            Err(error @ (DatasetError::Store(_) | DatasetError::Conflict { .. })) => {
                return Err(error);
            }
            Err(error) => recovery.unreadable.push((relative, error.to_string())),
        }
    }
    if inputs.is_empty() {
        return Ok(());
    }
    let unreadable = recovery.unreadable.iter().map(|(file, _)| file);
    let dropped = recovery.missing.iter().chain(unreadable).cloned().collect();
    let title = format!("recover: a new _metadata of {} files", inputs.len());
    recovery.plan = merge_at(store, root, &inputs, true, &dropped).await?;
    recovery.plan.title = title;
    Ok(())
}

impl fmt::Display for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.location)?;
        match &self.metadata {
            MetadataState::Sound => write!(f, "_metadata can be read")?,
            MetadataState::NotNeeded => write!(f, "no _metadata is needed")?,
            MetadataState::Absent => write!(f, "there is no _metadata")?,
            MetadataState::Damaged(why) => write!(f, "_metadata is damaged: {why}")?,
        }
        for file in &self.missing {
            write!(f, "\n  missing: {file}")?;
        }
        for (file, why) in &self.unreadable {
            write!(f, "\n  cannot be read: {file}: {why}")?;
        }
        for orphan in &self.orphans {
            write!(f, "\n  named by nothing: {orphan}")?;
        }
        for left in &self.leftovers {
            write!(f, "\n  left behind: {left}")?;
        }
        for file in &self.others {
            write!(f, "\n  not ours: {file}")?;
        }
        write!(f, "\n{}", self.plan)
    }
}

impl fmt::Display for Remnant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} bytes, ", self.file, self.size)?;
        match self.age {
            Some(age) => write!(f, "{} s old", age.as_secs())?,
            None => write!(f, "of unknown age")?,
        }
        match self.goes {
            true => write!(f, ", to be deleted"),
            false => write!(f, ", stays"),
        }
    }
}
