//! Row groups to part files.

use super::collect::Waiting;
use super::parts::{Naming, PartWriter};
use super::workers::Workers;
use crate::error::DatasetError;
use crate::metadata_files::at;
use crate::part::{MOST_TAKEN, part_name};
use crate::receipt::Part;
use futures_util::future::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use pq_format::RowGroup;
use pq_store::{BoxFuture, PutMode, Store, StoreError, StorePath};
use pq_writer::{Batch, FileEncoder, WriteError};

/// At most so many parts are on their way at once.
const MOST_PUTS: usize = 32;

/// Rows that are to be a part.
pub(super) struct Job {
    /// Which of the writer's parts.
    place: usize,
    group: u32,
    number: u64,
    waiting: Waiting,
    buffer: Vec<u8>,
}

/// Rows that are a part, or cannot be.
pub(super) struct Made {
    place: usize,
    group: u32,
    number: u64,
    bytes: Vec<u8>,
    row_groups: Result<Vec<RowGroup>, WriteError>,
}

/// A part that is to be put where no file is yet.
struct Put<'s> {
    store: &'s dyn Store,
    root: StorePath,
    folder: String,
    naming: Naming,
    number: u64,
    bytes: Vec<u8>,
    row_groups: Vec<RowGroup>,
    group: u32,
}

impl<'s> PartWriter<'s> {
    /// Writes row groups, each as a part; parts of partitions without one get this number or one
    /// above. Where there are workers, some of it may be left to them.
    pub(super) async fn put_collected(
        &mut self,
        due: Vec<(u32, Waiting)>,
        number: u64,
    ) -> Result<(), DatasetError> {
        let most = self.collector.most_waiting() / 4;
        let is_one = due.len() == 1;
        let mut puts = Puts::new();
        for (group, waiting) in due {
            if puts.failed.is_some() {
                break;
            }
            let job = Job {
                place: self.next_place(),
                group,
                number: self.number_for(group, number),
                waiting,
                buffer: self.spare.pop().unwrap_or_default(),
            };
            match &self.workers {
                Some(workers) if job.memory_bytes() <= most => {
                    workers.give(job);
                    self.work_until(most, &mut puts);
                }
                _ => {
                    let made = job.make(&mut self.encoder);
                    match is_one {
                        true => puts.run(made, self).await,
                        false => puts.start(made, self),
                    }
                }
            }
            puts.limit(self).await;
        }
        // Where something failed, all are waited for: the error is that of the first part that has
        // one.
        let left = if puts.failed.is_some() { 0 } else { usize::MAX };
        self.work_until(left, &mut puts);
        puts.finish(self).await
    }

    /// Writes what is left to the workers.
    pub(super) async fn settle(&mut self) -> Result<(), DatasetError> {
        let mut puts = Puts::new();
        self.work_until(0, &mut puts);
        puts.finish(self).await
    }

    /// Works with the workers until no more than these bytes of rows are left to them.
    fn work_until(&mut self, most: usize, puts: &mut Puts<'s>) {
        while let Some(workers) = &mut self.workers
            && workers.bytes() > most
            && workers.help()
        {
            self.start_made(puts);
        }
        self.start_made(puts);
    }

    /// Begins to put what the workers have made.
    fn start_made(&mut self, puts: &mut Puts<'s>) {
        let made = self.workers.as_ref().map(Workers::made);
        for made in made.unwrap_or_default() {
            puts.start(made, self);
        }
    }

    fn next_place(&mut self) -> usize {
        self.begun += 1;
        self.begun
    }

    /// Writes one row group as it lies.
    pub(super) async fn put_lent(
        &mut self,
        group: u32,
        batches: &[Batch<'_>],
        number: u64,
    ) -> Result<(), DatasetError> {
        let mut bytes = self.spare.pop().unwrap_or_default();
        bytes.clear();
        let row_groups = encode(&mut self.encoder, batches, &mut bytes);
        let made = Made {
            place: self.next_place(),
            group,
            number: self.number_for(group, number),
            bytes,
            row_groups,
        };
        let mut puts = Puts::new();
        puts.run(made, self).await;
        puts.finish(self).await
    }

    /// The number of the next part of a partition: this or a larger one.
    fn number_for(&mut self, group: u32, number: u64) -> u64 {
        let place = group as usize;
        if self.next_parts.len() <= place {
            self.next_parts.resize(place + 1, 0);
        }
        match self.next_parts.get_mut(place) {
            Some(next) => {
                let number = number.max(*next);
                *next = number + 1;
                number
            }
            None => number,
        }
    }
}

impl Job {
    /// Bytes that the rows take.
    pub(super) fn memory_bytes(&self) -> usize {
        self.waiting.memory_bytes()
    }

    pub(super) fn make(self, encoder: &mut FileEncoder) -> Made {
        let mut bytes = self.buffer;
        bytes.clear();
        let row_groups = encode(encoder, &self.waiting.batches(), &mut bytes);
        Made {
            place: self.place,
            group: self.group,
            number: self.number,
            bytes,
            row_groups,
        }
    }
}

/// One file of these rows.
fn encode(
    encoder: &mut FileEncoder,
    batches: &[Batch<'_>],
    out: &mut Vec<u8>,
) -> Result<Vec<RowGroup>, WriteError> {
    encoder.begin(out);
    encoder.row_group(batches, out)?;
    Ok(encoder.finish_and_restart(out)?.row_groups)
}

impl Put<'_> {
    /// Puts the bytes where no file is yet; the part, and its number.
    async fn put(&mut self) -> Result<(Part, u64), DatasetError> {
        for number in (self.number..).take(MOST_TAKEN as usize) {
            let (folder, name) = (&self.folder, part_name(number));
            let relative = match self.naming {
                Naming::Numbered => format!("{folder}{name}"),
                Naming::Prefixed(prefix) => format!("{folder}{prefix:08x}-{name}"),
            };
            let path = self.root.join(&relative)?;
            let put = self
                .store
                .put_unsynced(&path, &self.bytes, PutMode::IfAbsent);
            match put.await {
                Ok(_) => {
                    let row_groups = std::mem::take(&mut self.row_groups);
                    let part = Part::new(relative, self.bytes.len() as u64, row_groups);
                    return Ok((at(&self.store.describe(&path), part)?, number));
                }
                // Another writer was faster: the loser takes the next number.
                Err(StoreError::AlreadyExists { .. }) => {}
                // If it is not known whether the part is there, it may be another writer's by
                // the time it is removed: an orphan does less harm.
                Err(error) => return Err(error.into()),
            }
        }
        Err(DatasetError::Conflict {
            location: self.store.describe(&self.root),
            reason: format!(
                "{MOST_TAKEN} part numbers from {} on are taken",
                self.number
            ),
        })
    }
}

/// Parts on their way to the store. They may get there in any order; the receipt has them in the
/// order in which they were begun.
struct Puts<'s> {
    running: FuturesUnordered<BoxFuture<'s, Done<'s>>>,
    /// Bytes of those that run.
    bytes: usize,
    /// The first of those begun that failed.
    failed: Option<(usize, DatasetError)>,
}

struct Done<'s> {
    put: Put<'s>,
    place: usize,
    result: Result<(Part, u64), DatasetError>,
}

impl<'s> Puts<'s> {
    fn new() -> Self {
        Self {
            running: FuturesUnordered::new(),
            bytes: 0,
            failed: None,
        }
    }

    /// Puts a part.
    async fn run(&mut self, made: Made, writer: &mut PartWriter<'s>) {
        let place = made.place;
        if let Some(mut put) = self.begin(made, writer) {
            let result = put.put().await;
            self.take(Done { put, place, result }, writer);
        }
    }

    /// Begins to put a part.
    fn start(&mut self, made: Made, writer: &mut PartWriter<'s>) {
        let place = made.place;
        if let Some(mut put) = self.begin(made, writer) {
            self.running.push(Box::pin(async move {
                let result = put.put().await;
                Done { put, place, result }
            }));
        }
        // Stores that work on their own begin with it, others are done with it.
        while let Some(Some(done)) = self.running.next().now_or_never() {
            self.take(done, writer);
        }
    }

    /// What is to be put, if there is anything.
    fn begin(&mut self, made: Made, writer: &mut PartWriter<'s>) -> Option<Put<'s>> {
        let row_groups = match made.row_groups {
            Ok(row_groups) if row_groups.is_empty() => return None,
            Ok(row_groups) => row_groups,
            Err(error) => {
                self.fail(made.place, error.into());
                return None;
            }
        };
        self.bytes += made.bytes.len();
        Some(Put {
            store: writer.store,
            root: writer.root.clone(),
            folder: writer.collector.partitions.folder(made.group),
            naming: writer.naming,
            number: made.number,
            bytes: made.bytes,
            row_groups,
            group: made.group,
        })
    }

    /// Waits as long as too many run.
    async fn limit(&mut self, writer: &mut PartWriter<'s>) {
        while self.running.len() >= MOST_PUTS || self.bytes > writer.most_bytes {
            let Some(done) = self.running.next().await else {
                break;
            };
            self.take(done, writer);
        }
    }

    fn take(&mut self, done: Done<'s>, writer: &mut PartWriter<'s>) {
        let Done { put, place, result } = done;
        self.bytes -= put.bytes.len();
        match result {
            Ok((part, number)) => {
                writer.parts.push((place, part));
                writer.next_part = writer.next_part.max(number + 1);
                if let Some(next) = writer.next_parts.get_mut(put.group as usize) {
                    *next = (*next).max(number + 1);
                }
            }
            Err(error) => self.fail(place, error),
        }
        writer.spare.push(put.bytes);
    }

    fn fail(&mut self, place: usize, error: DatasetError) {
        if self.failed.as_ref().is_none_or(|(first, _)| place < *first) {
            self.failed = Some((place, error));
        }
    }

    /// Waits for all.
    async fn finish(mut self, writer: &mut PartWriter<'s>) -> Result<(), DatasetError> {
        while let Some(done) = self.running.next().await {
            self.take(done, writer);
        }
        match self.failed {
            Some((_, error)) => Err(error),
            None => Ok(()),
        }
    }
}
