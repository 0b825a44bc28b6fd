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

/// How often the rows are put on top of what another writer has committed meanwhile.
const MOST_REBASES: u32 = 64;

/// What is to be committed.
#[derive(Debug)]
pub(crate) struct Commit<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) root: &'a StorePath,
    /// The footer of a data set without rows.
    pub(crate) empty: &'a FileMetaData,
    pub(crate) key_values: &'a [(String, String)],
    /// With the paths of their files.
    pub(crate) row_groups: &'a [RowGroup],
    pub(crate) parts: &'a [StorePath],
}

/// How it went.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The rows are visible; `_metadata` takes so many bytes.
    Committed { bytes: u64 },
    /// They are not, and never will be: the parts can go.
    Lost(DatasetError),
}

impl Commit<'_> {
    /// Commits. An error means that the outcome is not known.
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
            let file = match at(&location, footer.and_then(|footer| metadata_file(&footer))) {
                Ok(file) => file,
                Err(error) => return lost(error),
            };
            let committed = Outcome::Committed {
                bytes: file.len() as u64,
            };
            let error = match self.store.put(&path, &file, mode).await {
                Ok(_) => return Ok(committed),
                Err(error) => error,
            };
            // The answer of a put that went through may be lost: what is there decides.
            match self.is_visible(&path).await {
                Ok(true) => return Ok(committed),
                Ok(false) => {}
                Err(_) if matches!(error, StoreError::CommitUnknown { .. }) => {
                    return Err(DatasetError::CommitUnknown {
                        location,
                        source: error,
                    });
                }
                Err(_) => return lost(error.into()),
            }
            match (error, base) {
                (StoreError::AlreadyExists { .. }, Base::Nothing | Base::Orphans(_)) => {
                    return lost(DatasetError::Conflict {
                        location,
                        reason: "another writer made this data set meanwhile".to_owned(),
                    });
                }
                (StoreError::Conflict { .. }, Base::Append(existing)) => {
                    let next = match existing.reload(self.store, self.root).await {
                        Ok(next) => next,
                        Err(error) => return lost(error),
                    };
                    if let Err(error) = recheck(&next) {
                        return lost(error);
                    }
                    if let Err(error) = self.check_parts().await {
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

    /// Whether `_metadata` names our first part.
    async fn is_visible(&self, path: &StorePath) -> Result<bool, DatasetError> {
        let Some(ours) = self.parts.first().and_then(|part| self.relative(part)) else {
            return Ok(false);
        };
        let footer = match Footer::read(self.store, path).await {
            Ok(footer) => footer,
            Err(DatasetError::Store(StoreError::NotFound { .. })) => return Ok(false),
            Err(error) => return Err(error),
        };
        let location = self.store.describe(path);
        let raw = at(&location, RawFooter::parse(&footer.bytes))?;
        let mut paths = raw.row_groups().iter().map(|group| group.first_file_path());
        Ok(paths.any(|path| path == Some(ours)))
    }

    fn relative<'p>(&self, path: &'p StorePath) -> Option<&'p str> {
        path.strip_prefix(self.root)
    }

    /// Errors unless all our parts are there still: whoever replaced the data set meanwhile may
    /// have tidied up.
    async fn check_parts(&self) -> Result<(), DatasetError> {
        for part in self.parts {
            self.store.read(part, ReadRange::Suffix(8)).await?;
        }
        Ok(())
    }

    /// Writes `_common_metadata`, which readers can do without.
    pub(crate) async fn put_common_metadata(&self, base: &Base, warnings: &mut Vec<String>) {
        let put = async {
            let path = self.root.join(COMMON_METADATA)?;
            let location = self.store.describe(&path);
            let footer = match base {
                Base::Append(existing) => {
                    let bytes = &existing.footer.bytes;
                    let extended = extended_footer(bytes, &[], self.key_values);
                    extended.and_then(|footer| without_row_groups(&footer))
                }
                _ => new_footer(self.empty, &[]),
            };
            let file = at(&location, footer.and_then(|footer| metadata_file(&footer)))?;
            self.store.put(&path, &file, PutMode::Always).await?;
            Ok::<(), DatasetError>(())
        };
        if let Err(error) = put.await {
            warnings.push(format!("{COMMON_METADATA} was not written: {error}"));
        }
    }
}
