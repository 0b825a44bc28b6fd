//! A new part made of bytes of files that are there.

use super::change::Added;
use crate::error::DatasetError;
use crate::metadata_files::at;
use crate::part::{MOST_TAKEN, part_name};
use pq_format::RawRowGroup;
use pq_store::{PutMode, Store, StoreError, StorePath};
use std::fmt;
use std::ops::Range;

/// Bytes of a new part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// These.
    Literal(Vec<u8>),
    /// Those of a file, by its position among the sources.
    Range(usize, Range<u64>),
}

/// A new part, made of bytes of files that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copy {
    /// Its folder below the root, with a slash; empty for the root.
    pub(crate) folder: String,
    /// The files that bytes come from, relative to the root.
    pub(crate) sources: Vec<String>,
    /// What the part has, in order.
    pub(crate) pieces: Vec<Piece>,
    /// Bytes of the part.
    pub(crate) size: u64,
    /// Rows of the part.
    pub(crate) rows: u64,
    /// Its row groups, as its own footer has them.
    pub(crate) row_groups: Vec<Vec<u8>>,
}

impl Copy {
    /// Makes the part, under the first number from this one on that nobody has taken. Returns its
    /// path relative to the root, and the number.
    ///
    /// # Errors
    ///
    /// What the store says. No part is there then, unless that is not known.
    pub(crate) async fn execute(
        &self,
        store: &dyn Store,
        root: &StorePath,
        first: u64,
    ) -> Result<(String, u64), DatasetError> {
        for number in (first..).take(MOST_TAKEN as usize) {
            let relative = format!("{}{}", self.folder, part_name(number));
            match self.put(store, root, &root.join(&relative)?).await {
                Ok(()) => return Ok((relative, number)),
                Err(StoreError::AlreadyExists { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DatasetError::Conflict {
            location: store.describe(root),
            reason: format!("{MOST_TAKEN} part numbers from {first} on are taken"),
        })
    }

    async fn put(
        &self,
        store: &dyn Store,
        root: &StorePath,
        path: &StorePath,
    ) -> Result<(), StoreError> {
        let sources: Vec<StorePath> = self
            .sources
            .iter()
            .map(|source| root.join(source))
            .collect::<Result<_, _>>()?;
        let mut upload = store.open_write(path, PutMode::IfAbsent).await?;
        for piece in &self.pieces {
            let written = match piece {
                Piece::Literal(bytes) => upload.write(bytes).await,
                Piece::Range(source, range) => match sources.get(*source) {
                    Some(source) => upload.copy_from(source, range.clone()).await,
                    None => Ok(()),
                },
            };
            if let Err(error) = written {
                // Why it is not written is the news, not how tidying goes.
                let _tidied = upload.abort().await;
                return Err(error);
            }
        }
        upload.finish().await?;
        Ok(())
    }

    /// The row groups as `_metadata` names them, of the part at this path. Their numbers are of
    /// the part, and not of `_metadata`.
    pub(crate) fn added(&self, location: &str, file: &str) -> Result<Vec<Added>, DatasetError> {
        let named = |bytes: &Vec<u8>| {
            let unnumbered = RawRowGroup::parse(bytes)?.with_ordinal(None)?;
            RawRowGroup::parse(&unnumbered)?.with_file_path(file)
        };
        let groups = self.row_groups.iter();
        groups
            .map(|bytes| {
                Ok(Added {
                    file: file.to_owned(),
                    bytes: at(location, named(bytes))?,
                })
            })
            .collect()
    }
}

impl fmt::Display for Copy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "\n  copy {} row groups of {} rows to a new part of {} bytes in {:?}, from",
            self.row_groups.len(),
            self.rows,
            self.size,
            self.folder
        )?;
        for source in &self.sources {
            write!(f, "\n    {source}")?;
        }
        Ok(())
    }
}
