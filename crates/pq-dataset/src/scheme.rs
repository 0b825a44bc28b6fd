//! How files lie in a data set.

use crate::error::DatasetError;
use pq_writer::Schema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How files lie in a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Scheme {
    /// One file.
    Simple,
    /// `part.N.parquet` in one directory.
    Flat,
    /// `key=value/…/part.N.parquet`.
    Hive,
    /// `value/…/part.N.parquet`.
    Drill,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Simple => "simple",
            Self::Flat => "flat",
            Self::Hive => "hive",
            Self::Drill => "drill",
        })
    }
}

impl FromStr for Scheme {
    type Err = DatasetError;

    fn from_str(text: &str) -> Result<Self, DatasetError> {
        [Self::Simple, Self::Flat, Self::Hive, Self::Drill]
            .into_iter()
            .find(|scheme| scheme.to_string() == text)
            .ok_or_else(|| DatasetError::UnknownScheme {
                name: text.to_owned(),
            })
    }
}

/// A scheme, and the columns whose values name folders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// How files lie.
    pub scheme: Scheme,
    /// The partition columns, the outermost folder first. They are not stored in the files.
    pub partition_on: Vec<String>,
}

impl Layout {
    /// A layout of this scheme and these partition columns.
    pub fn new<C: Into<String>>(scheme: Scheme, partition_on: impl IntoIterator<Item = C>) -> Self {
        Self {
            scheme,
            partition_on: partition_on.into_iter().map(Into::into).collect(),
        }
    }

    /// Errors unless the columns of `schema` can be laid out so.
    pub(crate) fn check(&self, schema: &Schema) -> Result<(), DatasetError> {
        if matches!(self.scheme, Scheme::Simple | Scheme::Flat) && !self.partition_on.is_empty() {
            return Err(DatasetError::NoPartitions {
                scheme: self.scheme,
            });
        }
        for (index, column) in self.partition_on.iter().enumerate() {
            let column = column.clone();
            if schema.fields().iter().all(|field| field.name != column) {
                return Err(DatasetError::UnknownPartitionColumn { column });
            }
            if self.partition_on.iter().take(index).any(|c| *c == column) {
                return Err(DatasetError::DuplicatePartitionColumn { column });
            }
        }
        if !self.partition_on.is_empty() && self.partition_on.len() == schema.fields().len() {
            return Err(DatasetError::AllColumnsPartitioned);
        }
        Ok(())
    }

    /// Whether files lie the same way: without partition columns all directories look alike.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.scheme == other.scheme
            || (self.scheme != Scheme::Simple
                && other.scheme != Scheme::Simple
                && self.partition_on.is_empty()
                && other.partition_on.is_empty())
    }
}
