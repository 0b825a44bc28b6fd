//! What is to happen to a data set, as a value: it can be printed, and is carried out in one
//! place.

mod base;
pub(crate) mod change;
pub(crate) mod commit;
pub(crate) mod compact;
pub(crate) mod copy;
pub(crate) mod merge;
pub(crate) mod replace;
pub(crate) mod rewrite;
pub(crate) mod select;
pub(crate) mod sort;
pub(crate) mod tidy;
pub(crate) mod write;

use crate::detect::Existing;
use crate::error::DatasetError;
use crate::options::Summary;
use change::Change;
use commit::{Outcome, Recheck};
use copy::Copy;
use pq_store::{ReadRange, Store, StoreError, StorePath, Version};
use rewrite::Rewrite;
use std::fmt;

/// What is to happen to a data set. Nothing has happened yet; [`Display`](fmt::Display) says what
/// would, a line for each step.
///
/// The step that counts is one compare-and-swap of `_metadata`. A plan is carried out on the data
/// set as it is by then: where other writers have changed it since it was read, the plan still
/// holds, or the error is [`DatasetError::Conflict`].
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) root: StorePath,
    pub(crate) location: String,
    /// What the plan is, in a line.
    pub(crate) title: String,
    /// New parts, made of bytes of files that are there; the change then gets their row groups.
    pub(crate) copies: Vec<Copy>,
    /// The number that the first of them tries.
    pub(crate) next_part: u64,
    /// Files that must be what they were when they were read, relative to the root.
    pub(crate) unchanged: Vec<(String, Version)>,
    /// What a person should know, a line each.
    pub(crate) notes: Vec<String>,
    /// What is new in `_metadata`; `None` where it stays as it is.
    pub(crate) change: Option<Change>,
    /// A new footer, where the plan is for one file.
    pub(crate) rewrite: Option<Rewrite>,
    /// Files to delete besides those that the change replaces, relative to the root.
    pub(crate) deletes: Vec<String>,
    /// Parts to delete if `_metadata` still does not name them, relative to the root.
    pub(crate) orphans: Vec<String>,
    /// Whether replaced files stay for readers that are still at them.
    pub(crate) keeps_replaced: bool,
}

impl Plan {
    /// A plan that does nothing yet.
    pub(crate) fn new(root: StorePath, location: String, title: String) -> Self {
        Self {
            root,
            location,
            title,
            copies: Vec::new(),
            next_part: 0,
            unchanged: Vec::new(),
            notes: Vec::new(),
            change: None,
            rewrite: None,
            deletes: Vec::new(),
            orphans: Vec::new(),
            keeps_replaced: false,
        }
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.change.is_none()
            && self.rewrite.is_none()
            && self.deletes.is_empty()
            && self.orphans.is_empty()
    }

    /// What a person should know before it is carried out, a line each: what stays as it is and
    /// why, and of which key-values only one stays.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Files that `_metadata` does not name any more are not deleted: readers that have read it
    /// before go on undisturbed. [`Dataset::recover`](crate::Dataset::recover) deletes them later.
    #[must_use]
    pub fn keep_replaced(mut self) -> Self {
        self.keeps_replaced = true;
        self
    }

    /// Carries the plan out.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Conflict`] where another writer changed the data set so that the plan does
    /// not hold; [`DatasetError::CommitUnknown`]; what the store says. Save with `CommitUnknown`
    /// the data set is as it was.
    pub async fn execute(mut self, store: &dyn Store) -> Result<Summary, DatasetError> {
        let mut summary = Summary::at(self.location.clone());
        let mut unneeded = Vec::new();
        if let Some(mut change) = self.change.take() {
            let mut parts = Vec::new();
            let prepared = self.prepare(store, &mut change, &mut parts, &mut summary);
            let lost = match prepared.await {
                // What was there when the plan was made.
                Err(DatasetError::Store(StoreError::NotFound { path })) => {
                    Some(DatasetError::Conflict {
                        location: path,
                        reason: "removed since it was read; nothing was committed".to_owned(),
                    })
                }
                Err(error) => Some(error),
                Ok(()) => {
                    let end = End {
                        store,
                        root: &self.root,
                        keeps_replaced: self.keeps_replaced,
                    };
                    let outcome = end.commit(change, &|_: &Existing| Ok(()), &mut summary);
                    outcome.await?
                }
            };
            if let Some(error) = lost {
                // Nothing of it is visible, and why is the news, not how tidying goes.
                let _tidied = tidy::abort(store, &self.root, &parts, false).await;
                return Err(error);
            }
        }
        if let Some(rewrite) = &self.rewrite {
            summary.bytes += rewrite.execute(store, &self.root).await?;
        }
        for file in self
            .deletes
            .iter()
            .cloned()
            .chain(self.unnamed(store).await?)
        {
            unneeded.push(self.root.join(&file)?);
        }
        tidy::remove_files(store, &self.root, &unneeded, &mut summary.warnings).await;
        summary.removed += unneeded.len() as u64;
        Ok(summary)
    }
}

impl Plan {
    /// Makes the new parts, which `parts` then names, and checks the files that must not have
    /// changed.
    async fn prepare(
        &self,
        store: &dyn Store,
        change: &mut Change,
        parts: &mut Vec<StorePath>,
        summary: &mut Summary,
    ) -> Result<(), DatasetError> {
        let mut number = self.next_part;
        for copy in &self.copies {
            let (file, taken) = copy.execute(store, &self.root, number).await?;
            number = taken.saturating_add(1);
            parts.push(self.root.join(&file)?);
            let added = copy.added(&self.location, &file)?;
            summary.rows += copy.rows;
            summary.row_groups += added.len() as u64;
            summary.files += 1;
            summary.bytes += copy.size;
            change.added.extend(added);
        }
        if self.copies.is_empty() {
            summary.count(change);
        }
        for (file, version) in &self.unchanged {
            let path = self.root.join(file)?;
            let now = store.read(&path, ReadRange::Suffix(1)).await?;
            if now.version != *version {
                return Err(DatasetError::Conflict {
                    location: store.describe(&path),
                    reason: "changed since it was read; nothing was committed".to_owned(),
                });
            }
        }
        Ok(())
    }
}

impl Plan {
    /// The orphans that nobody has committed since the plan was made.
    async fn unnamed(&self, store: &dyn Store) -> Result<Vec<String>, DatasetError> {
        if self.orphans.is_empty() {
            return Ok(Vec::new());
        }
        let now = Existing::reload(store, &self.root).await?;
        let is_named = |file: &&String| now.files.binary_search(file).is_ok();
        let unnamed = self.orphans.iter().filter(|file| !is_named(file));
        Ok(unnamed.cloned().collect())
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location, self.title)?;
        if self.is_empty() {
            write!(f, "\n  nothing to do")?;
        }
        for copy in &self.copies {
            write!(f, "{copy}")?;
        }
        if let Some(change) = &self.change {
            write!(f, "{change}")?;
            if !self.keeps_replaced {
                for file in change.replaced() {
                    write!(f, "\n  delete {file}")?;
                }
            }
        }
        if let Some(rewrite) = &self.rewrite {
            write!(f, "{rewrite}")?;
        }
        for file in &self.deletes {
            write!(f, "\n  delete {file}")?;
        }
        for file in &self.orphans {
            write!(f, "\n  delete {file}, if nothing names it by then")?;
        }
        for note in &self.notes {
            write!(f, "\n  note: {note}")?;
        }
        Ok(())
    }
}

/// From the parts to the end: commit, `_common_metadata`, and what nobody needs any more.
pub(crate) struct End<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) root: &'a StorePath,
    pub(crate) keeps_replaced: bool,
}

impl End<'_> {
    /// Commits and tidies up. `Some` is why there was no commit and will be none.
    ///
    /// # Errors
    ///
    /// It is not known whether the commit happened.
    pub(crate) async fn commit(
        &self,
        change: Change,
        recheck: Recheck<'_>,
        summary: &mut Summary,
    ) -> Result<Option<DatasetError>, DatasetError> {
        let committed = match commit::commit(self.store, self.root, change, recheck).await? {
            Outcome::Committed(committed) => committed,
            Outcome::Lost(error) => return Ok(Some(error)),
        };
        summary.bytes += committed.bytes;
        let warnings = &mut summary.warnings;
        commit::put_common_metadata(self.store, self.root, committed.common, warnings).await;
        if committed.is_durable {
            self.remove_replaced(&committed.replaced, summary).await;
        } else {
            summary.warnings.push(
                "the commit may not outlast a crash; what it replaces was not removed".to_owned(),
            );
        }
        Ok(None)
    }

    /// Deletes files that nothing names any more, relative to the root.
    pub(crate) async fn remove_replaced(&self, files: &[String], summary: &mut Summary) {
        if self.keeps_replaced {
            return;
        }
        let paths = files.iter().map(|file| self.root.join(file));
        let paths: Vec<StorePath> = paths.filter_map(Result::ok).collect();
        summary.removed += paths.len() as u64;
        tidy::remove_files(self.store, self.root, &paths, &mut summary.warnings).await;
    }
}
