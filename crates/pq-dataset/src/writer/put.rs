//! Row groups to part files.

use super::collect::Waiting;
use super::parts::{Naming, PartWriter};
use crate::error::DatasetError;
use crate::metadata_files::at;
use crate::part::{MOST_TAKEN, part_name};
use crate::receipt::Part;
use futures_util::future::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use pq_format::RowGroup;
use pq_store::{BoxFuture, PutMode, Store, StoreError, StorePath};
use pq_writer::{Batch, FileEncoder, WriteError};
use std::sync::{Mutex, PoisonError, mpsc};

/// At most so many parts are on their way at once.
const MOST_PUTS: usize = 32;

/// At most so many parts are encoded together.
const MOST_TOGETHER: usize = 64;

/// Rows that are to be a part.
struct Job {
    /// Which of those that were begun together.
    place: usize,
    group: u32,
    number: u64,
    waiting: Waiting,
    buffer: Vec<u8>,
}

/// Rows that are a part, or cannot be.
struct Made {
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
    /// above.
    pub(super) async fn put_collected(
        &mut self,
        due: Vec<(u32, Waiting)>,
        number: u64,
    ) -> Result<(), DatasetError> {
        let mut puts = Puts::new(self);
        let is_one = due.len() == 1;
        let mut jobs = due
            .into_iter()
            .enumerate()
            .map(|(place, (group, waiting))| Job {
                place,
                group,
                number,
                waiting,
                buffer: Vec::new(),
            });
        while puts.failed.is_none() {
            let mut together = Vec::new();
            let mut bytes = 0;
            let most = if self.encoders.is_empty() {
                1
            } else {
                MOST_TOGETHER
            };
            while together.len() < most
                && bytes <= self.most_bytes
                && let Some(mut job) = jobs.next()
            {
                bytes += job.waiting.memory_bytes();
                job.number = self.number_for(job.group, number);
                job.buffer = self.spare.pop().unwrap_or_default();
                together.push(job);
            }
            match together.len() {
                0 => break,
                1 => {
                    for job in together {
                        let made = job.make(&mut self.encoder);
                        match is_one {
                            true => puts.run(made, self).await,
                            false => puts.start(made, self),
                        }
                    }
                }
                _ => self.make_together(together, &mut puts),
            }
            puts.limit(self).await;
        }
        puts.finish(self).await
    }

    /// Encodes parts on several threads, and begins to put each when it is there.
    fn make_together(&mut self, jobs: Vec<Job>, puts: &mut Puts<'s>) {
        let mut encoders = std::mem::take(&mut self.encoders);
        let jobs = Mutex::new(jobs.into_iter());
        let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
        std::thread::scope(|scope| {
            let (sender, made) = mpsc::channel();
            let Some((ours, others)) = encoders.split_first_mut() else {
                return;
            };
            for encoder in others {
                let sender = sender.clone();
                scope.spawn(move || {
                    while let Some(job) = next() {
                        if sender.send(job.make(encoder)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            while let Some(job) = next() {
                puts.start(job.make(ours), self);
                for made in made.try_iter() {
                    puts.start(made, self);
                }
            }
            for made in made {
                puts.start(made, self);
            }
        });
        self.encoders = encoders;
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
            place: 0,
            group,
            number: self.number_for(group, number),
            bytes,
            row_groups,
        };
        let mut puts = Puts::new(self);
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
    fn make(self, encoder: &mut FileEncoder) -> Made {
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
    /// Where those that are done were among the begun: the writer has them behind the parts that
    /// it had.
    done: Vec<usize>,
    before: usize,
    /// The first of those begun that failed.
    failed: Option<(usize, DatasetError)>,
}

struct Done<'s> {
    put: Put<'s>,
    place: usize,
    result: Result<(Part, u64), DatasetError>,
}

impl<'s> Puts<'s> {
    fn new(writer: &PartWriter<'s>) -> Self {
        Self {
            running: FuturesUnordered::new(),
            bytes: 0,
            done: Vec::new(),
            before: writer.parts.len(),
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
                self.done.push(place);
                writer.parts.push(part);
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
        let parts = writer.parts.drain(self.before..);
        let mut parts: Vec<(usize, Part)> = self.done.into_iter().zip(parts).collect();
        parts.sort_by_key(|(place, _)| *place);
        writer.parts.extend(parts.into_iter().map(|(_, part)| part));
        match self.failed {
            Some((_, error)) => Err(error),
            None => Ok(()),
        }
    }
}
