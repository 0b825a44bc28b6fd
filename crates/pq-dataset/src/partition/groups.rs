//! The partition of each row.

use super::options::PartitionNulls;
use super::values::{DROPPED, PartitionValues, Rules};
use crate::error::DatasetError;
use crate::scheme::Layout;
use pq_writer::{Batch, Field};
use std::cmp::Ordering;
use std::collections::HashMap;

/// Pairs that were seen lately; a power of two.
const RECENT: usize = 1 << 12;

/// All partitions that rows were seen of, numbered as they came.
#[derive(Debug)]
pub(crate) struct Partitions {
    columns: Vec<PartitionValues>,
    /// For each column but the first: pairs of the partition so far and a value.
    pairs: Vec<Pairs>,
    /// Rows seen, for errors.
    rows: usize,
    scratch: Vec<u32>,
}

/// Pairs of numbers, numbered.
#[derive(Debug, Default)]
struct Pairs {
    known: HashMap<(u32, u32), u32>,
    all: Vec<(u32, u32)>,
    recent: Vec<((u32, u32), u32)>,
}

impl Partitions {
    /// Partitions of rows of these fields. Without `escapes`, a value that cannot name its folder
    /// as it is is an error.
    pub(crate) fn new(
        layout: &Layout,
        fields: &[Field],
        nulls: PartitionNulls,
        escapes: bool,
    ) -> Result<Self, DatasetError> {
        let rules = Rules {
            scheme: layout.scheme,
            nulls,
            escapes,
        };
        let mut columns = Vec::new();
        for name in &layout.partition_on {
            let field = fields.iter().find(|field| field.name == *name);
            let field = field.ok_or_else(|| DatasetError::UnknownPartitionColumn {
                column: name.clone(),
            })?;
            columns.push(PartitionValues::new(field.clone(), rules.clone()));
        }
        Ok(Self {
            pairs: columns.iter().skip(1).map(|_| Pairs::default()).collect(),
            columns,
            rows: 0,
            scratch: Vec::new(),
        })
    }

    /// Puts the partition of each row into `groups`; [`DROPPED`] for those that are left out.
    pub(crate) fn group(
        &mut self,
        batch: &Batch<'_>,
        groups: &mut Vec<u32>,
    ) -> Result<(), DatasetError> {
        let Some((first, others)) = self.columns.split_first_mut() else {
            groups.clear();
            groups.resize(batch.num_rows(), 0);
            return Ok(());
        };
        let start = self.rows;
        number(first, batch, start, groups)?;
        for (values, pairs) in others.iter_mut().zip(&mut self.pairs) {
            number(values, batch, start, &mut self.scratch)?;
            for (row, (group, value)) in groups.iter_mut().zip(&self.scratch).enumerate() {
                *group = match (*group, *value) {
                    (DROPPED, _) | (_, DROPPED) => DROPPED,
                    pair => pairs
                        .number(pair)
                        .ok_or_else(|| DatasetError::PartitionValue {
                            column: values.field.name.clone(),
                            row: start + row,
                            reason: "too many partitions".to_owned(),
                        })?,
                };
            }
        }
        self.rows += batch.num_rows();
        Ok(())
    }

    /// How many numbers were given.
    pub(crate) fn len(&self) -> usize {
        match (self.pairs.last(), self.columns.first()) {
            (Some(pairs), _) => pairs.all.len(),
            (None, Some(values)) => values.len(),
            (None, None) => 1,
        }
    }

    /// The folders of a partition below the root of the data set; empty without partition columns.
    pub(crate) fn folder(&self, group: u32) -> String {
        let mut folder = String::new();
        for (values, number) in self.columns.iter().zip(self.numbers(group)) {
            if let Some(value) = values.get(number) {
                folder.push_str(&value.segment);
                folder.push('/');
            }
        }
        folder
    }

    /// Which partition comes first in the order of its values.
    pub(crate) fn compare(&self, left: u32, right: u32) -> Ordering {
        let (left, right) = (self.numbers(left), self.numbers(right));
        let columns = self.columns.iter().zip(left.into_iter().zip(right));
        columns
            .map(|(values, (left, right))| values.get(left).cmp(&values.get(right)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// The numbers of the values of a partition.
    fn numbers(&self, group: u32) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(self.columns.len());
        let mut rest = group;
        for pairs in self.pairs.iter().rev() {
            if let Some((above, value)) = pairs.all.get(rest as usize) {
                numbers.push(*value);
                rest = *above;
            }
        }
        numbers.push(rest);
        numbers.reverse();
        numbers
    }
}

fn number(
    values: &mut PartitionValues,
    batch: &Batch<'_>,
    start: usize,
    numbers: &mut Vec<u32>,
) -> Result<(), DatasetError> {
    let column = batch.column(&values.field.name);
    let column = column.ok_or_else(|| DatasetError::UnknownPartitionColumn {
        column: values.field.name.clone(),
    })?;
    values
        .number(column, numbers)
        .map_err(|(row, reason)| DatasetError::PartitionValue {
            column: column.name.to_owned(),
            row: start + row,
            reason,
        })
}

impl Pairs {
    #[inline]
    fn number(&mut self, pair: (u32, u32)) -> Option<u32> {
        let mixed = u64::from(pair.0) << 32 | u64::from(pair.1);
        let place = (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize % RECENT;
        match self.recent.get(place) {
            Some((recent, number)) if *recent == pair => return Some(*number),
            Some(_) => {}
            None => self.recent.resize(RECENT, ((DROPPED, DROPPED), DROPPED)),
        }
        let number = match self.known.get(&pair) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.all.len()).ok();
                let number = number.filter(|number| *number < DROPPED)?;
                self.known.insert(pair, number);
                self.all.push(pair);
                number
            }
        };
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = (pair, number);
        }
        Some(number)
    }
}

/// The rows of a batch, partition by partition.
#[derive(Debug, Default)]
pub(crate) struct Sorted {
    rows: Vec<u32>,
    /// Partitions and where their rows end, in the order in which they came.
    ends: Vec<(u32, usize)>,
}

/// Sorts rows by partition, by counting.
#[derive(Debug, Default)]
pub(crate) struct Sorter {
    /// By partition; all zero in between.
    counts: Vec<usize>,
}

impl Sorter {
    /// Sorts the rows of a batch whose partitions these are, of `len` in all; returns how many rows
    /// are left out.
    pub(crate) fn sort(&mut self, groups: &[u32], len: usize, sorted: &mut Sorted) -> usize {
        if self.counts.len() < len {
            self.counts.resize(len, 0);
        }
        sorted.ends.clear();
        for &group in groups {
            if let Some(count) = self.counts.get_mut(group as usize) {
                if *count == 0 {
                    sorted.ends.push((group, 0));
                }
                *count += 1;
            }
        }
        let mut end = 0;
        for (group, _) in &sorted.ends {
            if let Some(count) = self.counts.get_mut(*group as usize) {
                // From now on where the next row goes.
                end += std::mem::replace(count, end);
            }
        }
        sorted.rows.clear();
        sorted.rows.resize(end, 0);
        for (row, &group) in (0..).zip(groups) {
            if let Some(at) = self.counts.get_mut(group as usize)
                && let Some(place) = sorted.rows.get_mut(*at)
            {
                *place = row;
                *at += 1;
            }
        }
        for (group, end) in &mut sorted.ends {
            if let Some(count) = self.counts.get_mut(*group as usize) {
                *end = std::mem::take(count);
            }
        }
        groups.len() - end
    }
}

impl Sorted {
    /// Partitions and their rows, in the order in which partitions came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &[u32])> {
        let mut start = 0;
        self.ends.iter().map(move |&(group, end)| {
            let rows = self.rows.get(start..end).unwrap_or_default();
            start = end;
            (group, rows)
        })
    }
}
