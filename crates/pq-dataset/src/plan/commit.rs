//! The one step that makes rows visible: a compare-and-swap of `_metadata`.

use super::change::{Change, Start};
use crate::detect::Existing;
use crate::error::DatasetError;
use crate::footer::Footer;
use crate::metadata_files::{COMMON_METADATA, METADATA, at, revision};
use pq_format::{FormatError, MAGIC, append_footer, footer_tail};
use pq_store::{PutMode, ReadRange, Store, StoreError, StorePath, Version};
use std::borrow::Cow;

/// How often the change is made to what other writers have committed meanwhile. Each time
/// somebody else got in, so only a crowd of hundreds comes near it.
const MOST_REBASES: u32 = 1_000;

/// How often a put is looked into of which the store does not know what became.
const MOST_UNKNOWN: u32 = 5;

/// Errors unless a change fits what another writer has left.
pub(crate) type Recheck<'a> = &'a (dyn Fn(&Existing) -> Result<(), DatasetError> + Send + Sync);

/// How it went, where that is known.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The change is visible.
    Committed(Box<Committed>),
    /// It is not, and never will be: the parts can go.
    Lost(DatasetError),
}

/// A commit that happened.
#[derive(Debug)]
pub(crate) struct Committed {
    /// Those of the footer in `_metadata`.
    pub(crate) bytes: u64,
    /// The footer without row groups.
    pub(crate) common: Result<Vec<u8>, FormatError>,
    /// Files that it does not name any more, relative to the root.
    pub(crate) replaced: Vec<String>,
    /// Whether the store said that it outlasts a crash.
    pub(crate) is_durable: bool,
}

/// Commits.
///
/// # Errors
///
/// It is not known whether the commit happened: the parts must stay.
pub(crate) async fn commit(
    store: &dyn Store,
    root: &StorePath,
    change: Change,
    recheck: Recheck<'_>,
) -> Result<Outcome, DatasetError> {
    let lost = |error| Ok(Outcome::Lost(error));
    let path = match root.join(METADATA) {
        Ok(path) => path,
        Err(error) => return lost(error.into()),
    };
    let location = store.describe(&path);
    let mut change = change;
    let mut unknown = 0;
    for _ in 0..=MOST_REBASES {
        let attempt = match Attempt::make(store, &path, &location, &change).await {
            Ok(attempt) => attempt,
            Err(error) => return lost(error),
        };
        let committed = |is_durable: bool| {
            Ok(Outcome::Committed(Box::new(Committed {
                bytes: attempt.bytes,
                common: attempt.common,
                replaced: change.replaced(),
                is_durable,
            })))
        };
        let Err(error) = attempt.put else {
            return committed(true);
        };
        let is_unknown = matches!(error, StoreError::CommitUnknown { .. });
        match attempt.is_visible {
            Ok(true) => return committed(!is_unknown),
            Ok(false) if !is_unknown => {}
            visible => {
                unknown += 1;
                let since = match visible {
                    Ok(_) if unknown <= MOST_UNKNOWN => since(store, root, &change).await,
                    _ => Since::Unknown,
                };
                match (since, &change.start) {
                    (Since::Nothing, _) => continue,
                    (Since::Others, Start::On(_)) => {}
                    (Since::Others, _) => return lost(replaced_meanwhile(location)),
                    (Since::Unknown, _) => {
                        return Err(DatasetError::CommitUnknown {
                            location,
                            source: error,
                        });
                    }
                }
            }
        }
        // Whether the store says so or it was found out: another writer was faster.
        let error = match error {
            StoreError::CommitUnknown { path, .. } => StoreError::Conflict { path },
            error => error,
        };
        match (error, &change.start) {
            (StoreError::AlreadyExists { .. }, Start::Absent(_)) => {
                return lost(DatasetError::Conflict {
                    location,
                    reason: "another writer made this data set meanwhile".to_owned(),
                });
            }
            (StoreError::Conflict { .. }, Start::On(last)) => {
                let next = match Existing::reload(store, root).await {
                    Ok(next) => next,
                    Err(error) => return lost(error),
                };
                let checked = match recheck(&next) {
                    Ok(()) => check_parts(store, root, &change, last, &next).await,
                    Err(error) => Err(error),
                };
                change = match checked.and_then(|()| change.rebased(&location, next)) {
                    Ok(rebased) => rebased,
                    Err(error) => return lost(error),
                };
            }
            (StoreError::Conflict { .. }, _) => return lost(replaced_meanwhile(location)),
            (error, _) => return lost(error.into()),
        }
    }
    lost(DatasetError::Conflict {
        location,
        reason: format!("other writers were faster {MOST_REBASES} times"),
    })
}

fn replaced_meanwhile(location: String) -> DatasetError {
    DatasetError::Conflict {
        location,
        reason: "changed by another writer meanwhile; nothing was replaced".to_owned(),
    }
}

/// What happened since the `_metadata` was read that a change is made to, where a put has no answer
/// and is not visible.
enum Since {
    /// Nothing: the put may be made again. Of it and the one without answer at most one can find
    /// the version that it asks for.
    Nothing,
    /// Others have appended. The put has not landed, and cannot any more.
    Others,
    /// Perhaps the put has landed, and another writer has taken away what it brought.
    Unknown,
}

async fn since(store: &dyn Store, root: &StorePath, change: &Change) -> Since {
    let now = Existing::reload(store, root).await;
    match (now, change.start.version()) {
        (Err(DatasetError::Store(StoreError::NotFound { .. })), None) => Since::Nothing,
        (Ok(now), Some(last)) if now.footer.version == *last => Since::Nothing,
        (Ok(now), Some(_)) => {
            let ours = change.added.first().filter(|_| change.is_of_new_files);
            let is_visible = ours.is_some_and(|ours| now.files.binary_search(&ours.file).is_ok());
            let last = change.start.existing();
            let last = last.map_or(0, |last| revision(last.footer.raw()));
            if is_visible {
                // It came after all: the next put finds that out.
                Since::Nothing
            } else if revision(now.footer.raw()) == last {
                Since::Others
            } else {
                Since::Unknown
            }
        }
        _ => Since::Unknown,
    }
}

/// One put of `_metadata`, and what is known after it.
struct Attempt {
    put: Result<Version, StoreError>,
    /// Whether `_metadata` is ours. The answer of a put that went through may be lost: what is
    /// there tells. What is not there may still come.
    is_visible: Result<bool, DatasetError>,
    /// Those of the new footer.
    bytes: u64,
    /// The new footer without row groups. That there is none undoes no commit.
    common: Result<Vec<u8>, FormatError>,
}

impl Attempt {
    /// # Errors
    ///
    /// The change cannot be made. Nothing was tried.
    async fn make(
        store: &dyn Store,
        path: &StorePath,
        location: &str,
        change: &Change,
    ) -> Result<Self, DatasetError> {
        let mode = match change.start.version() {
            Some(version) => PutMode::IfVersion(version.clone()),
            None => PutMode::IfAbsent,
        };
        let base = at(location, change.base())?;
        let (mut edit, _) = change.edit(location, &base)?;
        let pieces = at(location, edit.pieces())?;
        let bytes: usize = pieces.iter().map(|piece| piece.len()).sum();
        let tail = at(location, footer_tail(bytes))?;
        let mut file: Vec<&[u8]> = vec![&MAGIC];
        file.extend(pieces.iter().map(|piece| &**piece));
        file.push(&tail);
        let put = store.put_pieces(path, &file, mode).await;
        let is_visible = match &put {
            Ok(_) => Ok(true),
            Err(_) => is_visible(store, path, change, &pieces).await,
        };
        drop(pieces);
        let mut common = Vec::new();
        edit.retain_row_groups(|_| false);
        let encoded = edit.encode(&mut common);
        Ok(Self {
            put,
            is_visible,
            bytes: bytes as u64,
            common: encoded.map(|()| common),
        })
    }
}

/// Whether `_metadata` is ours: it names our first part or, without any of which nobody else knows,
/// is what we wrote.
async fn is_visible(
    store: &dyn Store,
    path: &StorePath,
    change: &Change,
    written: &[Cow<'_, [u8]>],
) -> Result<bool, DatasetError> {
    let footer = match Footer::read(store, path).await {
        Ok(footer) => footer,
        Err(DatasetError::Store(StoreError::NotFound { .. })) => return Ok(false),
        Err(error) => return Err(error),
    };
    let Some(ours) = change.added.first().filter(|_| change.is_of_new_files) else {
        return Ok(footer.bytes() == written.concat());
    };
    let mut groups = footer.raw().row_groups().iter();
    Ok(groups.any(|group| group.first_file_path() == Some(ours.file.as_str())))
}

/// Errors unless all our parts are there still, where somebody replaced files meanwhile and may
/// have tidied up.
async fn check_parts(
    store: &dyn Store,
    root: &StorePath,
    change: &Change,
    last: &Existing,
    next: &Existing,
) -> Result<(), DatasetError> {
    let is_there = |file: &String| next.files.binary_search(file).is_ok();
    if last.files.iter().all(is_there) {
        return Ok(());
    }
    let mut files: Vec<&str> = change
        .added
        .iter()
        .map(|added| added.file.as_str())
        .collect();
    files.dedup();
    for file in files {
        store.read(&root.join(file)?, ReadRange::Suffix(8)).await?;
    }
    Ok(())
}

/// Writes `_common_metadata`, which readers can do without.
pub(crate) async fn put_common_metadata(
    store: &dyn Store,
    root: &StorePath,
    footer: Result<Vec<u8>, FormatError>,
    warnings: &mut Vec<String>,
) {
    let put = async {
        let path = root.join(COMMON_METADATA)?;
        let location = store.describe(&path);
        let mut file = MAGIC.to_vec();
        at(&location, append_footer(&at(&location, footer)?, &mut file))?;
        store.put(&path, &file, PutMode::Always).await?;
        Ok::<(), DatasetError>(())
    };
    if let Err(error) = put.await {
        warnings.push(format!("{COMMON_METADATA} was not written: {error}"));
    }
}
