//! From row groups to a committed file or data set.

mod collect;
mod parts;
mod put;
mod single;
mod workers;

use crate::detect;
use crate::error::DatasetError;
use crate::options::{DatasetOptions, Summary};
use crate::plan::write::WritePlan;
use crate::receipt::Part;
use crate::scheme::{Layout, Scheme};
pub(crate) use parts::Naming;
pub use parts::PartWriter;
use pq_store::{Store, StorePath};
use pq_writer::{Batch, Schema};
use single::SingleWriter;

/// Writes one file or data set: row groups first, one commit at the end.
///
/// After an error the writer takes nothing more, and [`commit`](Self::commit) fails. A writer that
/// is dropped commits nothing; parts of a data set that it wrote stay as orphans then, which
/// [`abort`](Self::abort) removes.
#[derive(Debug)]
pub struct DatasetWriter<'s> {
    kind: Kind<'s>,
    poisoned: bool,
}

#[derive(Debug)]
enum Kind<'s> {
    Single(Box<SingleWriter<'s>>),
    Parts(Box<Parts<'s>>),
}

/// The plan, the parts and the commit, by one writer.
#[derive(Debug)]
struct Parts<'s> {
    plan: WritePlan,
    /// The data set that was there.
    there: Option<detect::Existing>,
    writer: PartWriter<'s>,
}

impl<'s> DatasetWriter<'s> {
    /// A writer of rows of `schema`, the partition columns among them, to `path`.
    ///
    /// # Errors
    ///
    /// Everything that can be known before the first row: options that do not fit the schema, a
    /// target that exists or does not, that is of another kind, or has another scheme, other
    /// partition columns or another schema. Nothing is written then.
    pub async fn open(
        store: &'s dyn Store,
        path: StorePath,
        schema: Schema,
        layout: Layout,
        options: DatasetOptions,
    ) -> Result<Self, DatasetError> {
        layout.check(&schema)?;
        let kind = if layout.scheme == Scheme::Simple {
            let writer = SingleWriter::open(store, path, schema, options).await?;
            Kind::Single(Box::new(writer))
        } else {
            let found = WritePlan::find(store, path, schema, layout, options).await?;
            let (mut plan, there) = found;
            // Whether there can be anything at all at the place is known before the first row.
            plan.made_root = store.make_directories(plan.path()).await?;
            let writer = PartWriter::new(store, &plan, Naming::Numbered, String::new())?;
            Kind::Parts(Box::new(Parts {
                plan,
                there,
                writer,
            }))
        };
        Ok(Self {
            kind,
            poisoned: false,
        })
    }

    /// Takes the rows of a batch of any size. They are collected, partition by partition, and written
    /// as [`DatasetOptions::collecting`] says: no more of them is in memory than that allows, and the
    /// rest is written by [`commit`](Self::commit). What is in a file, and its name, is the same for
    /// the same batches and options.
    ///
    /// # Errors
    ///
    /// A batch that does not fit the schema, values that cannot name folders, and what the store
    /// says. Of values that cannot be stored a later call may tell, or the commit, and rows in such
    /// an error count from the start of their row group.
    pub async fn write(&mut self, batch: &Batch<'_>) -> Result<(), DatasetError> {
        if self.poisoned {
            return Err(DatasetError::Poisoned);
        }
        self.poisoned = true;
        match &mut self.kind {
            Kind::Single(writer) => writer.write(batch).await?,
            Kind::Parts(parts) => parts.writer.write(batch).await?,
        }
        self.poisoned = false;
        Ok(())
    }

    /// Writes one row group with the rows of all `batches`, or one for each partition that they
    /// have rows of. Without a row nothing is written. Rows that were collected before are written
    /// before.
    ///
    /// # Errors
    ///
    /// Batches that do not fit the schema, values that cannot be stored or cannot name folders,
    /// and what the store says.
    pub async fn write_row_group(&mut self, batches: &[Batch<'_>]) -> Result<(), DatasetError> {
        if self.poisoned {
            return Err(DatasetError::Poisoned);
        }
        // Until it is known to be well: a future that is dropped half-way spoils the writer too.
        self.poisoned = true;
        match &mut self.kind {
            Kind::Single(writer) => writer.write_row_group(batches).await?,
            Kind::Parts(parts) => parts.writer.write_row_group(batches).await?,
        }
        self.poisoned = false;
        Ok(())
    }

    /// Makes all rows visible at once.
    ///
    /// # Errors
    ///
    /// Another writer was faster and the rows do not fit what is there now, or the store fails:
    /// nothing is visible then, and what was written is removed. After
    /// [`DatasetError::CommitUnknown`] the rows may be there.
    pub async fn commit(self) -> Result<Summary, DatasetError> {
        if self.poisoned {
            // What spoilt it was told already; how tidying goes is no news beside that.
            let _tidied = self.abort().await;
            return Err(DatasetError::Poisoned);
        }
        match self.kind {
            Kind::Single(writer) => writer.commit().await,
            Kind::Parts(parts) => {
                let store = parts.writer.store();
                let receipt = parts.writer.finish().await?;
                let written: Vec<&Part> = receipt.parts.iter().collect();
                let committed = parts.plan.commit_parts(store, parts.there, &written).await;
                let mut summary = committed?;
                summary.dropped = receipt.dropped;
                Ok(summary)
            }
        }
    }

    /// Removes what was written.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn abort(self) -> Result<(), DatasetError> {
        match self.kind {
            Kind::Single(writer) => writer.abort().await,
            Kind::Parts(parts) => parts.writer.abort().await,
        }
    }
}
