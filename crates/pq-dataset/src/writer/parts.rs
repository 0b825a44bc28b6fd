//! Part files: one for each row group and partition.

use crate::error::DatasetError;
use crate::metadata_files::at;
use crate::part::{MOST_TAKEN, part_name};
use crate::partition::{Partition, split};
use crate::plan::tidy;
use crate::plan::write::WritePlan;
use crate::receipt::{Part, PartReceipt};
use crate::scheme::Layout;
use pq_store::{PutMode, Store, StoreError, StorePath};
use pq_writer::{Batch, Field, FileEncoder};

/// How parts are named.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Naming {
    /// By numbers.
    Numbered,
    /// By numbers behind a prefix of the writer's own, so that many writers do not meet.
    Prefixed(u32),
}

/// Writes the part files of a piece of a [`WritePlan`]; they are committed by
/// [`WritePlan::commit`] with the receipt.
///
/// A writer that is dropped leaves its parts as orphans, which [`abort`](Self::abort) removes.
#[derive(Debug)]
pub struct PartWriter<'s> {
    store: &'s dyn Store,
    root: StorePath,
    plan: String,
    task: String,
    made_root: bool,
    layout: Layout,
    /// All columns, those of the partitions among them.
    fields: Vec<Field>,
    /// Encodes one part after the other.
    encoder: FileEncoder,
    /// Whether folders' names may be escaped.
    escapes: bool,
    naming: Naming,
    next_part: u64,
    parts: Vec<Part>,
    buffer: Vec<u8>,
    poisoned: bool,
}

impl<'s> PartWriter<'s> {
    pub(crate) fn new(
        store: &'s dyn Store,
        plan: &WritePlan,
        naming: Naming,
        task: String,
    ) -> Result<Self, DatasetError> {
        Ok(Self {
            store,
            root: plan.root.clone(),
            plan: plan.id.clone(),
            task,
            made_root: plan.made_root,
            layout: plan.layout.clone(),
            fields: plan.schema.fields().to_vec(),
            encoder: FileEncoder::new(plan.stored.clone(), plan.writer.clone())?,
            escapes: plan.escapes,
            naming,
            next_part: plan.next_part,
            parts: Vec::new(),
            buffer: Vec::new(),
            poisoned: false,
        })
    }

    pub(crate) fn store(&self) -> &'s dyn Store {
        self.store
    }

    /// Writes one row group with the rows of all `batches`, or one for each partition that they
    /// have rows of. Without a row nothing is written.
    ///
    /// # Errors
    ///
    /// Batches that do not fit the schema, values that cannot be stored or cannot name folders,
    /// and what the store says. The writer takes nothing more then.
    pub async fn write_row_group(&mut self, batches: &[Batch<'_>]) -> Result<(), DatasetError> {
        if self.poisoned {
            return Err(DatasetError::Poisoned);
        }
        // Until it is known to be well: a future that is dropped half-way spoils the writer too.
        self.poisoned = true;
        let partitions = split(batches, &self.layout, &self.fields, self.escapes)?;
        let number = self.next_part;
        for partition in &partitions {
            self.put_part(partition, number).await?;
        }
        self.next_part = self.next_part.max(number + 1);
        self.poisoned = false;
        Ok(())
    }

    /// What was written, for [`WritePlan::commit`].
    ///
    /// # Errors
    ///
    /// The writer failed before; its parts are removed.
    pub async fn finish(self) -> Result<PartReceipt, DatasetError> {
        if self.poisoned {
            // What spoilt it was told already; how tidying goes is no news beside that.
            let _tidied = self.abort().await;
            return Err(DatasetError::Poisoned);
        }
        Ok(PartReceipt {
            plan: self.plan,
            task: self.task,
            parts: self.parts,
        })
    }

    /// Removes what was written.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn abort(self) -> Result<(), DatasetError> {
        let paths = self.parts.iter().map(|part| self.root.join(&part.file));
        let paths: Vec<StorePath> = paths.collect::<Result<_, _>>()?;
        tidy::abort(self.store, &self.root, &paths, self.made_root).await
    }

    async fn put_part(
        &mut self,
        partition: &Partition<'_>,
        number: u64,
    ) -> Result<(), DatasetError> {
        self.buffer.clear();
        let encoder = &mut self.encoder;
        encoder.begin(&mut self.buffer);
        encoder.row_group(&partition.batches(), &mut self.buffer)?;
        let metadata = encoder.finish_and_restart(&mut self.buffer)?;
        if metadata.row_groups.is_empty() {
            return Ok(());
        }
        let file = self.put_at_free_name(&partition.folder, number).await?;
        let location = || self.store.describe(&self.root);
        let bytes = self.buffer.len() as u64;
        let part = Part::new(file, bytes, metadata.row_groups);
        self.parts.push(at(&location(), part)?);
        Ok(())
    }

    /// Puts the buffer where no file is yet, and returns its path relative to the root.
    async fn put_at_free_name(
        &mut self,
        folder: &str,
        mut number: u64,
    ) -> Result<String, DatasetError> {
        for _ in 0..MOST_TAKEN {
            let name = part_name(number);
            let relative = match self.naming {
                Naming::Numbered => format!("{folder}{name}"),
                Naming::Prefixed(prefix) => format!("{folder}{prefix:08x}-{name}"),
            };
            let path = self.root.join(&relative)?;
            let put = self.store.put(&path, &self.buffer, PutMode::IfAbsent).await;
            match put {
                Ok(_) => {
                    self.next_part = self.next_part.max(number + 1);
                    return Ok(relative);
                }
                // Another writer was faster: the loser takes the next number.
                Err(StoreError::AlreadyExists { .. }) => number += 1,
                // If it is not known whether the part is there, it may be another writer's by
                // the time it is removed: an orphan does less harm.
                Err(error) => return Err(error.into()),
            }
        }
        Err(DatasetError::Conflict {
            location: self.store.describe(&self.root),
            reason: format!(
                "{MOST_TAKEN} part numbers from {} on are taken",
                self.next_part
            ),
        })
    }
}
