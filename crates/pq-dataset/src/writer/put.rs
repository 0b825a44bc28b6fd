//! Row groups to part files.

use super::collect::Waiting;
use super::parts::{Naming, PartWriter};
use crate::error::DatasetError;
use crate::metadata_files::at;
use crate::part::part_name;
use crate::receipt::Part;
use futures_util::future::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use pq_format::RowGroup;
use pq_store::{BoxFuture, PutMode, Store, StoreError, StorePath};
use pq_writer::{Batch, FileEncoder};

/// How many taken names are passed over before a writer gives up.
const MOST_TAKEN: u32 = 10_000;

/// At most so many parts are on their way at once.
const MOST_PUTS: usize = 32;

/// A part that is to be put where no file is yet.
#[derive(Debug)]
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
        for (group, waiting) in due {
            let begun = self.begin(group, &waiting.batches(), number);
            // Its memory is for the next.
            drop(waiting);
            match begun {
                Ok(Some(put)) if is_one => puts.run(put, self).await,
                Ok(Some(put)) => puts.start(put, self).await,
                Ok(None) => {}
                Err(error) => puts.fail(puts.begun, error),
            }
            if puts.failed.is_some() {
                break;
            }
        }
        puts.finish(self).await
    }

    /// Writes one row group as it lies.
    pub(super) async fn put_lent(
        &mut self,
        group: u32,
        batches: &[Batch<'_>],
        number: u64,
    ) -> Result<(), DatasetError> {
        let mut puts = Puts::new(self);
        if let Some(put) = self.begin(group, batches, number)? {
            puts.run(put, self).await;
        }
        puts.finish(self).await
    }

    /// The part of these rows; `None` if there are none.
    fn begin(
        &mut self,
        group: u32,
        batches: &[Batch<'_>],
        number: u64,
    ) -> Result<Option<Put<'s>>, DatasetError> {
        let mut bytes = self.spare.pop().unwrap_or_default();
        bytes.clear();
        let row_groups = encode(&mut self.encoder, batches, &mut bytes)?;
        if row_groups.is_empty() {
            return Ok(None);
        }
        let place = group as usize;
        if self.next_parts.len() <= place {
            self.next_parts.resize(place + 1, 0);
        }
        let next = self.next_parts.get_mut(place);
        let number = next.as_deref().map_or(number, |next| number.max(*next));
        if let Some(next) = next {
            *next = number + 1;
        }
        Ok(Some(Put {
            store: self.store,
            root: self.root.clone(),
            folder: self.collector.partitions.folder(group),
            naming: self.naming,
            number,
            bytes,
            row_groups,
            group,
        }))
    }
}

/// One file of these rows.
fn encode(
    encoder: &mut FileEncoder,
    batches: &[Batch<'_>],
    out: &mut Vec<u8>,
) -> Result<Vec<RowGroup>, DatasetError> {
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
    begun: usize,
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
            begun: 0,
            done: Vec::new(),
            before: writer.parts.len(),
            failed: None,
        }
    }

    /// Puts a part.
    async fn run(&mut self, mut put: Put<'s>, writer: &mut PartWriter<'s>) {
        let (len, place) = (put.bytes.len(), self.begun);
        self.begun += 1;
        self.bytes += len;
        let result = put.put().await;
        self.take(Done { put, place, result }, writer);
    }

    /// Begins to put a part, and waits if there are too many.
    async fn start(&mut self, mut put: Put<'s>, writer: &mut PartWriter<'s>) {
        self.bytes += put.bytes.len();
        let place = self.begun;
        self.begun += 1;
        self.running.push(Box::pin(async move {
            let result = put.put().await;
            Done { put, place, result }
        }));
        // Stores that work on their own begin with it, others are done with it.
        while let Some(Some(done)) = self.running.next().now_or_never() {
            self.take(done, writer);
        }
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
