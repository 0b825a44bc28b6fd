//! Rows that wait to become row groups, partition by partition, within a budget of memory.

#[cfg(test)]
mod tests;

use crate::error::DatasetError;
use crate::options::Collecting;
use crate::partition::{Partitions, Sorted, Sorter};
use pq_writer::{Batch, CollectedColumn, Column, Field, WriteError};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// At most so many rows are looked at together: their values stay in the near caches.
const SLICE_ROWS: usize = 1 << 16;

/// Bytes of rows that a partition has to wait for, if memory allows.
const MOST_OF_PARTITION: usize = 8 << 20;

/// A slice takes at most this share of the budget.
const SLICE_SHARE: usize = 16;

/// Rows of one partition.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Columns of the same length, and more of them wherever the form of the input has changed.
    pieces: Vec<Vec<CollectedColumn>>,
    /// Which form the last piece is of.
    form: usize,
    rows: usize,
    /// Bytes of all pieces but the last.
    before: usize,
    bytes: usize,
}

/// Collects rows, and gives them out as row groups.
#[derive(Debug)]
pub(super) struct Collector {
    pub(super) partitions: Partitions,
    /// Names of all columns of a batch, and whether files have them.
    names: Vec<(String, bool)>,
    options: Collecting,
    /// Empty columns of the form of the last batch, and how many forms there were.
    model: Vec<CollectedColumn>,
    forms: usize,
    /// By partition.
    waiting: Vec<Waiting>,
    /// Row groups that are complete.
    full: Vec<(u32, Waiting)>,
    bytes: usize,
    /// Rows that were left out.
    pub(super) dropped: u64,
    groups: Vec<u32>,
    sorter: Sorter,
    sorted: Sorted,
}

impl Waiting {
    /// The rows, lent.
    pub(super) fn batches(&self) -> Vec<Batch<'_>> {
        let pieces = self.pieces.iter();
        let lent = pieces.map(|piece| piece.iter().map(CollectedColumn::as_column).collect());
        lent.map(Batch::new).collect()
    }

    /// Bytes that they take.
    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes
    }

    fn measure(&mut self) {
        self.bytes = self.before + self.pieces.last().map_or(0, memory_bytes);
    }
}

fn memory_bytes(piece: &Vec<CollectedColumn>) -> usize {
    let below = piece.iter().map(CollectedColumn::memory_bytes);
    piece.capacity() * size_of::<CollectedColumn>() + below.sum::<usize>()
}

impl Collector {
    /// A collector of rows of `fields`, of which files have those that are not in `partition_on`.
    pub(super) fn new(
        partitions: Partitions,
        fields: &[Field],
        partition_on: &[String],
        options: Collecting,
    ) -> Self {
        let name = |field: &Field| (field.name.clone(), !partition_on.contains(&field.name));
        Self {
            partitions,
            names: fields.iter().map(name).collect(),
            options,
            model: Vec::new(),
            forms: 0,
            waiting: Vec::new(),
            full: Vec::new(),
            bytes: 0,
            dropped: 0,
            groups: Vec::new(),
            sorter: Sorter::default(),
            sorted: Sorted::default(),
        }
    }

    /// Errors unless a batch has the columns that it should.
    pub(super) fn check(&self, batch: &Batch<'_>) -> Result<(), DatasetError> {
        stored(batch, &self.names)?;
        Ok(())
    }

    /// The batch in pieces that are small beside the budget.
    pub(super) fn slices<'b>(
        &self,
        batch: &'b Batch<'b>,
    ) -> impl Iterator<Item = Batch<'b>> + use<'b> {
        let rows = batch.num_rows();
        let each = batch.memory_bytes().div_ceil(rows.max(1) as u64).max(1);
        let share = self.options.memory_bytes / SLICE_SHARE;
        let most = (share as u64 / each).clamp(1, SLICE_ROWS as u64) as usize;
        (0..rows)
            .step_by(most)
            .map(move |start| batch.slice(start, most))
    }

    /// Takes rows, on so many threads.
    pub(super) fn push(&mut self, batch: &Batch<'_>, threads: usize) -> Result<(), DatasetError> {
        let mut sorted = std::mem::take(&mut self.sorted);
        self.sort_rows(batch, &mut sorted)?;
        let most = self.options.row_group_rows.max(1);
        let most_bytes = self.options.row_group_bytes;
        let columns = stored(batch, &self.names)?;
        let mut rest: Vec<(u32, &[u32])> = sorted.iter().collect();
        while !rest.is_empty() {
            rest = self.push_some(&columns, &rest, most, most_bytes, threads)?;
        }
        self.sorted = sorted;
        Ok(())
    }

    /// Takes those rows of a batch that are of these partitions, in ascending order, in row groups
    /// without an end.
    pub(super) fn push_chosen(
        &mut self,
        batch: &Batch<'_>,
        rows: &Sorted,
        chosen: &[u32],
    ) -> Result<(), DatasetError> {
        let columns = stored(batch, &self.names)?;
        let is_chosen = |(group, _): &(u32, &[u32])| chosen.binary_search(group).is_ok();
        let rows: Vec<_> = rows.iter().filter(is_chosen).collect();
        self.push_some(&columns, &rows, usize::MAX, usize::MAX, 1)?;
        Ok(())
    }

    /// The partitions of these rows and how many each has, in the order of their values.
    pub(super) fn groups(&self, rows: &[Sorted]) -> Vec<(u32, usize)> {
        let mut groups: BTreeMap<u32, usize> = BTreeMap::new();
        for (group, rows) in rows.iter().flat_map(Sorted::iter) {
            *groups.entry(group).or_insert(0) += rows.len();
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by(|(left, _), (right, _)| self.partitions.compare(*left, *right));
        groups
    }

    /// These partitions, as many together as have rows that fit the budget.
    pub(super) fn chunks(&self, batches: &[Batch<'_>], groups: &[(u32, usize)]) -> Vec<Vec<u32>> {
        let rows = batches.iter().map(Batch::num_rows).sum::<usize>().max(1);
        let bytes = batches.iter().map(Batch::memory_bytes).sum::<u64>();
        let each = usize::try_from(bytes).unwrap_or(usize::MAX).div_ceil(rows);
        let mut chunks: Vec<Vec<u32>> = Vec::new();
        let mut room = 0_usize;
        for &(group, rows) in groups {
            let bytes = rows.saturating_mul(each);
            match chunks.last_mut().filter(|_| bytes <= room) {
                Some(chunk) => chunk.push(group),
                None => {
                    chunks.push(vec![group]);
                    room = self.options.memory_bytes;
                }
            }
            room = room.saturating_sub(bytes);
        }
        for chunk in &mut chunks {
            chunk.sort_unstable();
        }
        chunks
    }

    /// Finds the partition of each row.
    pub(super) fn sort_rows(
        &mut self,
        batch: &Batch<'_>,
        sorted: &mut Sorted,
    ) -> Result<(), DatasetError> {
        stored(batch, &self.names)?;
        self.partitions.group(batch, &mut self.groups)?;
        let partitions = self.partitions.len();
        let dropped = self.sorter.sort(&self.groups, partitions, sorted);
        self.dropped += dropped as u64;
        Ok(())
    }

    /// The columns of a batch that files have, lent.
    pub(super) fn lend<'b>(&self, batch: &Batch<'b>) -> Result<Batch<'b>, DatasetError> {
        let columns = stored(batch, &self.names)?;
        Ok(Batch::new(columns.into_iter().cloned().collect()))
    }

    /// Takes rows of these partitions as far as row groups of `most` rows have room; returns the
    /// others.
    fn push_some<'r>(
        &mut self,
        columns: &[&Column<'_>],
        rows: &[(u32, &'r [u32])],
        most: usize,
        most_bytes: usize,
        threads: usize,
    ) -> Result<Vec<(u32, &'r [u32])>, DatasetError> {
        self.set_form(columns);
        let partitions = self.partitions.len();
        if self.waiting.len() < partitions {
            self.waiting.resize_with(partitions, Waiting::default);
        }
        // Taken out, so that several threads can have a part of each.
        let mut some = Vec::with_capacity(rows.len());
        let mut rest = Vec::new();
        for &(group, rows) in rows {
            let Some(waiting) = self.waiting.get_mut(group as usize) else {
                continue;
            };
            let mut waiting = std::mem::take(waiting);
            self.bytes -= waiting.bytes;
            if waiting.form != self.forms || waiting.pieces.is_empty() {
                waiting.before = waiting.bytes;
                waiting.form = self.forms;
                let piece = self.model.iter().map(CollectedColumn::empty);
                waiting.pieces.push(piece.collect());
            }
            let room = most.saturating_sub(waiting.rows).min(rows.len());
            let (now, later) = rows.split_at(room);
            waiting.rows += room;
            some.push((group, now, waiting));
            if !later.is_empty() {
                rest.push((group, later));
            }
        }
        append(columns, &mut some, threads)?;
        for (group, _, mut waiting) in some {
            waiting.measure();
            self.bytes += waiting.bytes;
            if waiting.rows >= most || waiting.bytes >= most_bytes {
                self.full.push((group, waiting));
            } else if let Some(place) = self.waiting.get_mut(group as usize) {
                *place = waiting;
            }
        }
        Ok(rest)
    }

    /// Bytes of rows that may wait: the budget but for what is being encoded. Half of it has to do
    /// for few partitions, as each then has many rows.
    pub(super) fn most_waiting(&self) -> usize {
        let all = self.options.memory_bytes / 5 * 4;
        let wanted = self.partitions.len().saturating_mul(MOST_OF_PARTITION);
        wanted.clamp(all / 2, all)
    }

    /// Row groups that are to be written now: those that are complete and, where all that wait
    /// take more than the budget, the largest.
    pub(super) fn due(&mut self) -> Vec<(u32, Waiting)> {
        let mut due = std::mem::take(&mut self.full);
        let of_full = due.iter().map(|(_, waiting)| waiting.bytes);
        self.bytes -= of_full.sum::<usize>();
        let most = self.most_waiting();
        if self.bytes > most {
            // Room for a while, so that the next is not due at once.
            let enough = most / 4 * 3;
            let all = (0..).zip(&self.waiting);
            let mut largest: Vec<(Reverse<usize>, u32)> = all
                .filter(|(_, waiting)| waiting.rows > 0)
                .map(|(group, waiting)| (Reverse(waiting.bytes), group))
                .collect();
            largest.sort_unstable();
            for (_, group) in largest {
                if self.bytes <= enough {
                    break;
                }
                due.extend(self.take(group));
            }
        }
        self.sort(&mut due);
        due
    }

    /// All that wait.
    pub(super) fn rest(&mut self) -> Vec<(u32, Waiting)> {
        let mut rest = self.due();
        for group in (0..).take(self.waiting.len()) {
            rest.extend(self.take(group));
        }
        self.sort(&mut rest);
        rest
    }

    fn take(&mut self, group: u32) -> Option<(u32, Waiting)> {
        let waiting = self.waiting.get_mut(group as usize)?;
        if waiting.rows == 0 {
            return None;
        }
        let waiting = std::mem::take(waiting);
        self.bytes -= waiting.bytes;
        Some((group, waiting))
    }

    /// In the order of the partitions' values; those of one partition stay in order.
    fn sort(&self, due: &mut [(u32, Waiting)]) {
        due.sort_by(|(left, _), (right, _)| self.partitions.compare(*left, *right));
    }

    fn set_form(&mut self, columns: &[&Column<'_>]) {
        let is_same = self.model.len() == columns.len()
            && self
                .model
                .iter()
                .zip(columns)
                .all(|(ours, column)| ours.takes(column));
        if !is_same {
            self.model = columns
                .iter()
                .map(|column| CollectedColumn::like(column))
                .collect();
            self.forms += 1;
        }
    }
}

/// Appends these rows of a batch to the last piece of each partition, on so many threads.
fn append(
    columns: &[&Column<'_>],
    some: &mut [(u32, &[u32], Waiting)],
    threads: usize,
) -> Result<(), WriteError> {
    let mut appends: Vec<Vec<(&mut CollectedColumn, &[u32])>> = Vec::new();
    appends.resize_with(columns.len(), || Vec::with_capacity(some.len()));
    for (_, rows, waiting) in some {
        let piece = waiting.pieces.last_mut().into_iter().flatten();
        for (appends, ours) in appends.iter_mut().zip(piece) {
            appends.push((ours, rows));
        }
    }
    // A column of the input at a time, so that it stays in the near caches.
    let jobs = Mutex::new(columns.iter().zip(appends).enumerate());
    let failed: Mutex<Option<(usize, WriteError)>> = Mutex::default();
    let work = || {
        let next = || lock(&jobs).next();
        while let Some((index, (column, appends))) = next() {
            for (ours, rows) in appends {
                if let Err(error) = ours.append(column, rows) {
                    let mut failed = lock(&failed);
                    // The error is that of the first column that has one.
                    if failed.as_ref().is_none_or(|(first, _)| index < *first) {
                        *failed = Some((index, error));
                    }
                    break;
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(columns.len()) {
            // Where the system has no more threads, this one does it.
            let _spawned = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some((_, error)) => Err(error),
        None => Ok(()),
    }
}

/// A thread that panics ends the scope of all.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The columns of a batch that files have, in the order of the schema.
fn stored<'b, 'c>(
    batch: &'b Batch<'c>,
    names: &[(String, bool)],
) -> Result<Vec<&'b Column<'c>>, WriteError> {
    let mut columns = Vec::with_capacity(names.len());
    let rows = batch.num_rows();
    for (place, (name, is_stored)) in names.iter().enumerate() {
        // Mostly they come in order.
        let in_order = batch
            .columns
            .get(place)
            .filter(|column| column.name == name);
        let column = in_order.or_else(|| batch.column(name));
        let column = column.ok_or_else(|| WriteError::MissingColumn {
            column: name.clone(),
        })?;
        if column.len() != rows {
            return Err(WriteError::RaggedColumn {
                column: name.clone(),
                expected: rows,
                got: column.len(),
            });
        }
        if *is_stored {
            columns.push(column);
        }
    }
    if batch.columns.len() > names.len() {
        return Err(superfluous(batch, names));
    }
    Ok(columns)
}

/// What is wrong where a batch has all columns and more.
fn superfluous(batch: &Batch<'_>, names: &[(String, bool)]) -> WriteError {
    let is_known = |column: &&Column<'_>| names.iter().any(|(name, _)| column.name == name);
    match batch.columns.iter().find(|column| !is_known(column)) {
        Some(unknown) => WriteError::UnknownColumn {
            column: unknown.name.to_owned(),
        },
        None => {
            let columns = batch.columns.iter().enumerate();
            let mut twice = columns.filter(|(place, column)| {
                let before = batch.columns.get(..*place).unwrap_or_default();
                before.iter().any(|other| other.name == column.name)
            });
            WriteError::DuplicateColumn {
                column: twice
                    .next()
                    .map_or("", |(_, column)| column.name)
                    .to_owned(),
            }
        }
    }
}
