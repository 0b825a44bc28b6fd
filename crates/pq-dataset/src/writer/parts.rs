//! Part files: one for each row group and partition.

use super::collect::Collector;
use super::workers::Workers;
use crate::error::DatasetError;
use crate::partition::{Partitions, Sorted};
use crate::plan::tidy;
use crate::plan::write::WritePlan;
use crate::receipt::{Part, PartReceipt};
use pq_store::{Store, StorePath};
use pq_writer::{Batch, FileEncoder};

/// Fewer rows are collected before other threads have begun to.
const MANY_ROWS: usize = 1 << 13;

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
    pub(super) store: &'s dyn Store,
    pub(super) root: StorePath,
    plan: String,
    task: String,
    made_root: bool,
    pub(super) collector: Collector,
    /// Encodes one part after the other, each on as many threads as there are.
    pub(super) encoder: FileEncoder,
    /// Encode parts while rows are collected; none where there is one thread.
    pub(super) workers: Option<Workers>,
    pub(super) naming: Naming,
    first_part: u64,
    pub(super) next_part: u64,
    /// By partition, one above the number of its last part; 0 where there is none.
    pub(super) next_parts: Vec<u64>,
    /// How many parts were begun.
    pub(super) begun: usize,
    /// The parts that are put, each with which of the begun it was.
    pub(super) parts: Vec<(usize, Part)>,
    /// Buffers that were used before.
    pub(super) spare: Vec<Vec<u8>>,
    /// Bytes of parts that may be on their way at once.
    pub(super) most_bytes: usize,
    poisoned: bool,
}

impl<'s> PartWriter<'s> {
    pub(crate) fn new(
        store: &'s dyn Store,
        plan: &WritePlan,
        naming: Naming,
        task: String,
    ) -> Result<Self, DatasetError> {
        let mut one = plan.writer.clone();
        one.threads = 1;
        let encoder = || FileEncoder::new(plan.stored.clone(), one.clone());
        let workers = match plan.writer.threads {
            threads @ 2.. if cfg!(feature = "parallel") => {
                let others = (1..threads).map(|_| encoder()).collect::<Result<_, _>>()?;
                Some(Workers::start(encoder()?, others))
            }
            _ => None,
        };
        let (fields, partition_on) = (plan.schema.fields(), &plan.layout.partition_on);
        let partitions = Partitions::new(&plan.layout, fields, plan.nulls, plan.escapes)?;
        Ok(Self {
            store,
            root: plan.root.clone(),
            plan: plan.id.clone(),
            task,
            made_root: plan.made_root,
            collector: Collector::new(partitions, fields, partition_on, plan.collecting),
            encoder: FileEncoder::new(plan.stored.clone(), plan.writer.clone())?,
            workers,
            naming,
            first_part: plan.next_part,
            next_part: plan.next_part,
            next_parts: Vec::new(),
            begun: 0,
            parts: Vec::new(),
            spare: Vec::new(),
            most_bytes: plan.collecting.memory_bytes / 4,
            poisoned: false,
        })
    }

    pub(crate) fn store(&self) -> &'s dyn Store {
        self.store
    }

    /// As [`DatasetWriter::write`](crate::DatasetWriter::write); the rest is written by
    /// [`finish`](Self::finish).
    ///
    /// # Errors
    ///
    /// As [`DatasetWriter::write`](crate::DatasetWriter::write). The writer takes nothing more
    /// then.
    pub async fn write(&mut self, batch: &Batch<'_>) -> Result<(), DatasetError> {
        if self.poisoned {
            return Err(DatasetError::Poisoned);
        }
        // Until it is known to be well: a future that is dropped half-way spoils the writer too.
        self.poisoned = true;
        self.collector.check(batch)?;
        for slice in self.collector.slices(batch) {
            let idle = match &self.workers {
                Some(workers) if slice.num_rows() >= MANY_ROWS => workers.idle(),
                _ => 0,
            };
            self.collector.push(&slice, 1 + idle)?;
            let due = self.collector.due();
            self.put_collected(due, self.first_part).await?;
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
    /// and what the store says. The writer takes nothing more then.
    pub async fn write_row_group(&mut self, batches: &[Batch<'_>]) -> Result<(), DatasetError> {
        if self.poisoned {
            return Err(DatasetError::Poisoned);
        }
        self.poisoned = true;
        self.put_rest().await?;
        let number = self.next_part;
        let mut rows = Vec::with_capacity(batches.len());
        for batch in batches {
            let mut sorted = Sorted::default();
            self.collector.sort_rows(batch, &mut sorted)?;
            rows.push(sorted);
        }
        let total: usize = batches.iter().map(Batch::num_rows).sum();
        let groups = self.collector.groups(&rows);
        match groups.as_slice() {
            // As they lie, if they are all of one partition.
            [(group, all)] if *all == total => {
                let lent = batches.iter().map(|batch| self.collector.lend(batch));
                let lent = lent.collect::<Result<Vec<_>, _>>()?;
                self.put_lent(*group, &lent, number).await?;
            }
            _ => {
                for chunk in self.collector.chunks(batches, &groups) {
                    for (batch, rows) in batches.iter().zip(&rows) {
                        self.collector.push_chosen(batch, rows, &chunk)?;
                    }
                    let chunk = self.collector.rest();
                    self.put_collected(chunk, number).await?;
                }
                self.settle().await?;
            }
        }
        self.next_part = self.next_part.max(number + 1);
        self.poisoned = false;
        Ok(())
    }

    /// What was written, for [`WritePlan::commit`].
    ///
    /// # Errors
    ///
    /// The writer failed before, or the rest cannot be written or be made durable; its parts are
    /// removed.
    pub async fn finish(mut self) -> Result<PartReceipt, DatasetError> {
        if self.poisoned {
            // What spoilt it was told already; how tidying goes is no news beside that.
            let _tidied = self.abort().await;
            return Err(DatasetError::Poisoned);
        }
        if let Err(error) = self.put_durably().await {
            let _tidied = self.abort().await;
            return Err(error);
        }
        self.parts.sort_by_key(|(place, _)| *place);
        Ok(PartReceipt {
            plan: self.plan,
            task: self.task,
            dropped: self.collector.dropped,
            parts: self.parts.into_iter().map(|(_, part)| part).collect(),
        })
    }

    /// Writes what waits.
    async fn put_rest(&mut self) -> Result<(), DatasetError> {
        let rest = self.collector.rest();
        self.put_collected(rest, self.first_part).await?;
        self.settle().await
    }

    /// Writes what waits, and makes all parts durable.
    async fn put_durably(&mut self) -> Result<(), DatasetError> {
        self.put_rest().await?;
        if !self.parts.is_empty() {
            self.store.sync().await?;
        }
        Ok(())
    }

    /// Removes what was written.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn abort(self) -> Result<(), DatasetError> {
        let paths = self
            .parts
            .iter()
            .map(|(_, part)| self.root.join(&part.file));
        let paths: Vec<StorePath> = paths.collect::<Result<_, _>>()?;
        tidy::abort(self.store, &self.root, &paths, self.made_root).await
    }
}
