//! The edit of `_metadata` that a commit makes: a value that can be applied again to what another
//! writer has left meanwhile.

use crate::detect::Existing;
use crate::error::DatasetError;
use crate::metadata_files::{REVISION, append_row_groups, at, is_kept, new_footer, revision};
use pq_format::{FileMetaData, FooterEdit, FormatError, RawFooter};
use pq_store::Version;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Which `_metadata` the edit is made to.
#[derive(Debug, Clone)]
pub(crate) enum Start {
    /// None may be there; the new one begins with this footer.
    Absent(Vec<u8>),
    /// The one of this version goes, with all that it names; the new one begins with this footer.
    Instead(Box<Existing>, Vec<u8>),
    /// The one of this version goes, which cannot be read; the new one begins with this footer.
    InsteadOfDamaged(Version, Vec<u8>),
    /// What is there stays, save what is removed, and what other writers add meanwhile, too.
    On(Box<Existing>),
}

impl Start {
    /// What was there and could be read.
    pub(crate) fn existing(&self) -> Option<&Existing> {
        match self {
            Self::Absent(_) | Self::InsteadOfDamaged(..) => None,
            Self::Instead(existing, _) | Self::On(existing) => Some(existing),
        }
    }

    /// The version that a put of the result asks for.
    pub(crate) fn version(&self) -> Option<&Version> {
        match self {
            Self::Absent(_) => None,
            Self::InsteadOfDamaged(version, _) => Some(version),
            Self::Instead(existing, _) | Self::On(existing) => Some(&existing.footer.version),
        }
    }
}

/// A row group that comes.
#[derive(Debug, Clone)]
pub(crate) struct Added {
    /// The file that it is in, relative to the root.
    pub(crate) file: String,
    /// The `RowGroup` in thrift's compact protocol, with that path.
    pub(crate) bytes: Vec<u8>,
}

/// Where row groups that come are put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Placement {
    /// Behind all others.
    #[default]
    End,
    /// Where the first that goes stood in the same folder; behind all others where none goes.
    InPlace,
}

/// The edit.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) start: Start,
    /// Files of which all row groups go, relative to the root.
    pub(crate) removed: BTreeSet<String>,
    /// Folders of which no other file may be there than those removed: what another writer has
    /// put there meanwhile is a conflict.
    pub(crate) exclusive: BTreeSet<String>,
    pub(crate) added: Vec<Added>,
    /// Whether nobody else knows the files of what is added: who names one of them is us.
    pub(crate) is_of_new_files: bool,
    pub(crate) placement: Placement,
    /// How all row groups are sorted afterwards; by default they are not.
    pub(crate) sort: Option<super::sort::SortBy>,
    /// Key-values to set, or with `None` to remove.
    pub(crate) key_values: Vec<(String, Option<String>)>,
}

impl Change {
    /// A change that changes nothing yet.
    pub(crate) fn on(start: Start) -> Self {
        Self {
            start,
            removed: BTreeSet::new(),
            exclusive: BTreeSet::new(),
            added: Vec::new(),
            is_of_new_files: true,
            placement: Placement::End,
            sort: None,
            key_values: Vec::new(),
        }
    }

    /// The start of a data set without rows.
    pub(crate) fn empty(location: &str, metadata: &FileMetaData) -> Result<Vec<u8>, DatasetError> {
        at(location, new_footer(metadata))
    }

    /// The files that nobody needs when the change is committed.
    pub(crate) fn replaced(&self) -> Vec<String> {
        match &self.start {
            Start::Instead(existing, _) => existing.files.clone(),
            Start::On(_) | Start::Absent(_) | Start::InsteadOfDamaged(..) => {
                self.removed.iter().cloned().collect()
            }
        }
    }

    /// What the change is made to.
    ///
    /// # Errors
    ///
    /// Metadata that is none.
    pub(crate) fn base(&self) -> Result<Cow<'_, RawFooter<'_>>, FormatError> {
        match &self.start {
            Start::Absent(empty) | Start::Instead(_, empty) | Start::InsteadOfDamaged(_, empty) => {
                RawFooter::parse(empty).map(Cow::Owned)
            }
            Start::On(existing) => Ok(Cow::Borrowed(existing.footer.raw())),
        }
    }

    /// Whether anything is another then than it is.
    ///
    /// # Errors
    ///
    /// As [`edit`](Self::edit); a sum of rows that the format cannot hold.
    pub(crate) fn changes_anything(&self, location: &str) -> Result<bool, DatasetError> {
        let base = at(location, self.base())?;
        let (edit, changes) = self.edit(location, &base)?;
        at(location, edit.pieces())?;
        Ok(changes)
    }

    /// The edit of `base` that the change is, and whether it changes anything.
    ///
    /// # Errors
    ///
    /// Metadata that is none; row groups that cannot be sorted.
    pub(crate) fn edit<'b>(
        &self,
        location: &str,
        base: &RawFooter<'b>,
    ) -> Result<(FooterEdit<'b>, bool), DatasetError> {
        let mut edit = at(location, self.edited(base))?;
        if let Some(by) = &self.sort {
            let layout = self.start.existing().map(|existing| &existing.layout);
            by.sort(location, base, layout, &mut edit)?;
        }
        let changes = at(location, self.count(&mut edit))?;
        Ok((edit, changes))
    }

    /// Counts the change, if it is more than an append and changes anything; whether it does.
    fn count(&self, edit: &mut FooterEdit<'_>) -> Result<bool, FormatError> {
        let count = |edit: &mut FooterEdit<'_>, number: u64| {
            let text = (number > 0).then(|| number.to_string());
            edit.set_key_value(REVISION, text.as_deref());
        };
        match &self.start {
            Start::Absent(_) => Ok(true),
            Start::InsteadOfDamaged(..) => {
                count(edit, 1);
                Ok(true)
            }
            Start::On(existing) => {
                let changes = edit.has_changes();
                let is_append = self.removed.is_empty() && !self.added.is_empty();
                if changes && !is_append {
                    count(edit, revision(existing.footer.raw()).saturating_add(1));
                }
                Ok(changes)
            }
            Start::Instead(existing, _) => {
                let last = revision(existing.footer.raw());
                count(edit, last);
                let changes = edit.pieces()?.concat() != existing.footer.bytes();
                if changes {
                    count(edit, last.saturating_add(1));
                }
                Ok(changes)
            }
        }
    }

    fn edited<'b>(&self, footer: &RawFooter<'b>) -> Result<FooterEdit<'b>, FormatError> {
        let groups = footer.row_groups();
        let mut edit = footer.edit();
        let mut firsts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut kept: Vec<usize> = Vec::new();
        if !self.removed.is_empty() || self.placement == Placement::InPlace {
            for (index, group) in groups.iter().enumerate() {
                let file = group.first_file_path().unwrap_or_default();
                if self.removed.contains(file) {
                    firsts.entry(folder(file)).or_insert(index);
                } else {
                    kept.push(index);
                }
            }
            edit.retain_row_groups(|index| kept.binary_search(&index).is_ok());
        }
        let added = self.added.iter().map(|added| Ok(added.bytes.clone()));
        append_row_groups(footer, added, &mut edit)?;
        if self.placement == Placement::InPlace {
            let place = |index: usize| match kept.get(index) {
                Some(index) => *index,
                None => {
                    let added = self.added.get(index - kept.len());
                    let first = added.and_then(|added| firsts.get(folder(&added.file)));
                    first.copied().unwrap_or(groups.len())
                }
            };
            edit.sort_row_groups_by_key(place);
        }
        for (key, value) in &self.key_values {
            if footer.key_value(key) != value.as_deref() {
                edit.set_key_value(key, value.as_deref());
            }
        }
        Ok(edit)
    }

    /// The same change on what another writer has left.
    ///
    /// # Errors
    ///
    /// What goes is not there any more, or something came where nothing else may be.
    pub(crate) fn rebased(&self, location: &str, next: Existing) -> Result<Self, DatasetError> {
        self.check(location, &next)?;
        Ok(Self {
            start: Start::On(Box::new(next)),
            ..self.clone()
        })
    }

    /// Errors unless the change can be made to this.
    pub(crate) fn check(&self, location: &str, next: &Existing) -> Result<(), DatasetError> {
        let conflict = |reason: String| DatasetError::Conflict {
            location: location.to_owned(),
            reason,
        };
        for file in &self.removed {
            if next.files.binary_search(file).is_err() {
                let reason = format!("another writer removed {file} meanwhile");
                return Err(conflict(reason));
            }
        }
        if self.exclusive.is_empty() {
            return Ok(());
        }
        let came = next.files.iter().find(|file| {
            self.exclusive.contains(folder(file)) && !self.removed.contains(file.as_str())
        });
        match came {
            Some(file) => Err(conflict(format!(
                "another writer put {file} meanwhile where rows are to be replaced"
            ))),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.start {
            Start::Absent(_) => write!(f, "\n  commit a new _metadata, if there is none")?,
            Start::Instead(existing, _) => write!(
                f,
                "\n  commit a new _metadata in the place of that of {} files, if it is unchanged",
                existing.files.len()
            )?,
            Start::InsteadOfDamaged(..) => write!(
                f,
                "\n  commit a new _metadata in the place of a damaged one, if it is unchanged"
            )?,
            Start::On(existing) => write!(
                f,
                "\n  commit _metadata, of {} files, by compare-and-swap",
                existing.files.len()
            )?,
        }
        for file in &self.removed {
            write!(f, "\n    without {file}")?;
        }
        for added in &self.added {
            write!(f, "\n    with a row group of {}", added.file)?;
        }
        if let Some(by) = &self.sort {
            write!(f, "\n    row groups sorted by {by}")?;
        }
        for (key, value) in &self.key_values {
            match value {
                Some(value) => write!(f, "\n    with the key-value {key:?}: {value:?}")?,
                None => write!(f, "\n    without the key-value {key:?}")?,
            }
        }
        Ok(())
    }
}

/// Key-values as those of an append are set: what describes the rows that are there stays.
pub(crate) fn appended_key_values(given: &[(String, String)]) -> Vec<(String, Option<String>)> {
    let given = given.iter().filter(|(key, _)| !is_kept(key));
    given
        .map(|(key, value)| (key.clone(), Some(value.clone())))
        .collect()
}

/// The folder of a file: its path up to the last slash, with it.
pub(crate) fn folder(file: &str) -> &str {
    let end = file.rfind('/').map_or(0, |slash| slash + 1);
    file.get(..end).unwrap_or_default()
}
