//! The one step that makes rows visible: a compare-and-swap of `_metadata`.

use crate::detect::Existing;
use crate::error::DatasetError;
use crate::footer::Footer;
use crate::metadata_files::{
    COMMON_METADATA, METADATA, at, extended_footer, metadata_file, new_footer, without_row_groups,
};
use crate::writer::Base;
use pq_format::{FileMetaData, RawFooter, RowGroup};
use pq_store::{PutMode, ReadRange, Store, StoreError, StorePath};

/// How often the rows are put on top of what other writers have committed meanwhile. Each time
/// somebody else got in, so only a crowd of hundreds comes near it.
const MOST_REBASES: u32 = 1_000;

/// What is to be committed.
#[derive(Debug)]
pub(crate) struct Commit<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) root: &'a StorePath,
    /// The footer of a data set without rows.
    pub(crate) empty: &'a FileMetaData,
    /// Those that the caller gave: what is there already stays as it is.
    pub(crate) key_values: &'a [(String, String)],
    /// With the paths of their files.
    pub(crate) row_groups: &'a [RowGroup],
    pub(crate) parts: &'a [StorePath],
}

/// How it went, where that is known.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The rows are visible.
    Committed(Committed),
    /// They are not, and never will be: the parts can go.
    Lost(DatasetError),
}

/// A commit that happened.
#[derive(Debug)]
pub(crate) struct Committed {
    /// The footer in `_metadata`.
    pub(crate) footer: Vec<u8>,
    /// Whether the store said that it outlasts a crash.
    pub(crate) is_durable: bool,
}

impl Commit<'_> {
    /// Commits.
    ///
    /// # Errors
    ///
    /// It is not known whether the commit happened: the parts must stay.
    pub(crate) async fn run(
        &self,
        base: &Base,
        recheck: impl Fn(&Existing) -> Result<(), DatasetError>,
    ) -> Result<Outcome, DatasetError> {
        let lost = |error| Ok(Outcome::Lost(error));
        let mut reloaded: Option<Existing> = None;
        let path = match self.root.join(METADATA) {
            Ok(path) => path,
            Err(error) => return lost(error.into()),
        };
        let location = self.store.describe(&path);
        for _ in 0..=MOST_REBASES {
            let (footer, mode) = match (base, &reloaded) {
                (Base::Append(existing), None) | (Base::Append(_), Some(existing)) => {
                    let old = &existing.footer;
                    let footer = extended_footer(&old.bytes, self.row_groups, self.key_values);
                    (footer, PutMode::IfVersion(old.version.clone()))
                }
                (Base::Replace(existing), _) => (
                    new_footer(self.empty, self.row_groups),
                    PutMode::IfVersion(existing.footer.version.clone()),
                ),
                (Base::Nothing | Base::Orphans(_), _) => {
                    (new_footer(self.empty, self.row_groups), PutMode::IfAbsent)
                }
            };
            let made = at(&location, footer)
                .and_then(|footer| Ok((at(&location, metadata_file(&footer))?, footer)));
            let (file, footer) = match made {
                Ok(made) => made,
                Err(error) => return lost(error),
            };
            let error = match self.store.put(&path, &file, mode).await {
                Ok(_) => {
                    return Ok(Outcome::Committed(Committed {
                        footer,
                        is_durable: true,
                    }));
                }
                Err(error) => error,
            };
            let is_unknown = matches!(error, StoreError::CommitUnknown { .. });
            // The answer of a put that went through may be lost: what is there tells. What is
            // not there may still come.
            match self.is_visible(&path, &footer).await {
                Ok(true) => {
                    return Ok(Outcome::Committed(Committed {
                        footer,
                        is_durable: !is_unknown,
                    }));
                }
                Ok(false) if !is_unknown => {}
                _ => {
                    return Err(DatasetError::CommitUnknown {
                        location,
                        source: error,
                    });
                }
            }
            match (error, base) {
                (StoreError::AlreadyExists { .. }, Base::Nothing | Base::Orphans(_)) => {
                    return lost(DatasetError::Conflict {
                        location,
                        reason: "another writer made this data set meanwhile".to_owned(),
                    });
                }
                (StoreError::Conflict { .. }, Base::Append(existing)) => {
                    let next = match Existing::reload(self.store, self.root).await {
                        Ok(next) => next,
                        Err(error) => return lost(error),
                    };
                    let last = reloaded.as_ref().unwrap_or(existing);
                    let checked = match recheck(&next) {
                        Ok(()) => self.check_parts(last, &next).await,
                        Err(error) => Err(error),
                    };
                    if let Err(error) = checked {
                        return lost(error);
                    }
                    reloaded = Some(next);
                }
                (StoreError::Conflict { .. }, _) => {
                    return lost(DatasetError::Conflict {
                        location,
                        reason: "changed by another writer meanwhile; nothing was replaced"
                            .to_owned(),
                    });
                }
                (error, _) => return lost(error.into()),
            }
        }
        lost(DatasetError::Conflict {
            location,
            reason: format!("other writers were faster {MOST_REBASES} times"),
        })
    }

    /// Whether `_metadata` is ours: it names our first part or, without any, is what we wrote.
    async fn is_visible(&self, path: &StorePath, written: &[u8]) -> Result<bool, DatasetError> {
        let footer = match Footer::read(self.store, path).await {
            Ok(footer) => footer,
            Err(DatasetError::Store(StoreError::NotFound { .. })) => return Ok(false),
            Err(error) => return Err(error),
        };
        let Some(ours) = self.parts.first().and_then(|part| self.relative(part)) else {
            return Ok(footer.bytes == written);
        };
        let location = self.store.describe(path);
        let raw = at(&location, RawFooter::parse(&footer.bytes))?;
        let mut paths = raw.row_groups().iter().map(|group| group.first_file_path());
        Ok(paths.any(|path| path == Some(ours)))
    }

    fn relative<'p>(&self, path: &'p StorePath) -> Option<&'p str> {
        path.strip_prefix(self.root)
    }

    /// Errors unless all our parts are there still, where somebody replaced the data set
    /// meanwhile and may have tidied up.
    async fn check_parts(&self, last: &Existing, next: &Existing) -> Result<(), DatasetError> {
        let is_there = |file: &String| next.files.binary_search(file).is_ok();
        if last.files.iter().all(is_there) {
            return Ok(());
        }
        for part in self.parts {
            self.store.read(part, ReadRange::Suffix(8)).await?;
        }
        Ok(())
    }

    /// Writes `_common_metadata`, which readers can do without.
    pub(crate) async fn put_common_metadata(&self, committed: &[u8], warnings: &mut Vec<String>) {
        let put = async {
            let path = self.root.join(COMMON_METADATA)?;
            let location = self.store.describe(&path);
            let footer = at(&location, without_row_groups(committed))?;
            let file = at(&location, metadata_file(&footer))?;
            self.store.put(&path, &file, PutMode::Always).await?;
            Ok::<(), DatasetError>(())
        };
        if let Err(error) = put.await {
            warnings.push(format!("{COMMON_METADATA} was not written: {error}"));
        }
    }
}
