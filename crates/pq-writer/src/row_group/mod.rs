//! A row group: all of it is checked before the first byte, then its column chunks are encoded one
//! by one, or several at once.

mod chunks;
#[cfg(feature = "parallel")]
mod parallel;
mod resolve;

pub(crate) use chunks::Sink;

use crate::batch::{Batch, Column};
use crate::convert;
use crate::encode::ChunkEncoder;
use crate::error::WriteError;
use crate::leaf::LeafChunk;
use crate::nested::{Shredded, shred};
use crate::options::{SortingColumn, WriterOptions};
use crate::schema::{Field, Leaf, Schema};
use crate::settings::LeafSettings;
use crate::stats;

/// What a file needs to encode its row groups.
#[derive(Debug)]
pub(crate) struct RowGroupEncoder {
    settings: Vec<LeafSettings>,
    /// The leaf of each sorting column.
    sorting: Vec<(usize, SortingColumn)>,
    threads: usize,
    /// One for each thread.
    encoders: Vec<ChunkEncoder>,
    #[cfg(feature = "parallel")]
    helpers: crate::encode::Helpers,
}

/// The rows of a row group, checked: nothing in them can fail any more but what is too large for
/// the format.
pub(crate) struct CheckedRows<'a> {
    pub(crate) rows: usize,
    leaves: Vec<Shredded<'a>>,
}

impl RowGroupEncoder {
    /// # Errors
    ///
    /// Options that name what is not in the schema, that contradict it or each other, or that ask
    /// for a codec or level that is not there.
    pub(crate) fn new(schema: &Schema, options: &WriterOptions) -> Result<Self, WriteError> {
        let settings = LeafSettings::resolve(schema, options)?;
        for (leaf, settings) in schema.leaves().iter().zip(&settings) {
            crate::encode::check_settings(leaf, settings)?;
        }
        Ok(Self {
            settings,
            sorting: sorting_leaves(schema, &options.sorting_columns)?,
            threads: if cfg!(feature = "parallel") {
                options.threads.max(1)
            } else {
                1
            },
            encoders: Vec::new(),
            #[cfg(feature = "parallel")]
            helpers: crate::encode::Helpers::default(),
        })
    }

    /// The sorting columns as a row group states them.
    pub(crate) fn sorting_columns(&self) -> Option<Vec<pq_format::SortingColumn>> {
        let stated = self
            .sorting
            .iter()
            .map(|(leaf, column)| pq_format::SortingColumn {
                column_idx: i32::try_from(*leaf).unwrap_or(i32::MAX),
                descending: column.descending,
                nulls_first: column.nulls_first,
                ..pq_format::SortingColumn::default()
            });
        (!self.sorting.is_empty()).then(|| stated.collect())
    }

    /// Checks the rows of all `batches`.
    ///
    /// # Errors
    ///
    /// Columns that are missing, unknown, of different lengths or of the wrong form, nulls in a
    /// REQUIRED column, values that the type does not allow, rows that are not sorted as declared.
    pub(crate) fn check<'a>(
        &self,
        schema: &Schema,
        batches: &'a [Batch<'a>],
    ) -> Result<CheckedRows<'a>, WriteError> {
        let columns_of = batches
            .iter()
            .map(|batch| resolve::columns(schema, batch))
            .collect::<Result<Vec<_>, _>>()?;
        let mut all = schema.leaves();
        let mut fields = Vec::with_capacity(schema.fields().len());
        for (position, field) in schema.fields().iter().enumerate() {
            let of_field = |leaf: &&Leaf| leaf.column == position;
            let (own, rest) = all.split_at(all.iter().take_while(of_field).count());
            all = rest;
            let pieces = columns_of
                .iter()
                .filter_map(|columns| columns.get(position).copied());
            fields.push((field, own, pieces.collect::<Vec<_>>()));
        }
        let mut leaves = Vec::with_capacity(schema.leaves().len());
        for shredded in self.each(&fields, |(field, own, pieces)| checked(field, own, pieces)) {
            leaves.extend(shredded?);
        }
        let checked = CheckedRows {
            rows: batches.iter().map(Batch::num_rows).sum(),
            leaves,
        };
        self.check_order(schema, &checked)?;
        Ok(checked)
    }

    /// What `make` makes of each of `all`, in order.
    fn each<I: Sync, T: Send>(&self, all: &[I], make: impl Fn(&I) -> T + Sync) -> Vec<T> {
        #[cfg(feature = "parallel")]
        if self.threads > 1 {
            let made = parallel::each(self.threads, all.len(), |index| all.get(index).map(&make));
            return made.into_iter().flatten().collect();
        }
        all.iter().map(make).collect()
    }

    fn check_order(&self, schema: &Schema, rows: &CheckedRows<'_>) -> Result<(), WriteError> {
        let mut chunks = Vec::with_capacity(self.sorting.len());
        for (position, column) in &self.sorting {
            if let (Some(leaf), Some(shredded)) =
                (schema.leaves().get(*position), rows.leaves.get(*position))
            {
                chunks.push((leaf, chunk_of(leaf, shredded)?, column));
            }
        }
        let lent: Vec<_> = chunks
            .iter()
            .map(|(leaf, chunk, column)| (*leaf, chunk, *column))
            .collect();
        match stats::first_unsorted_row(&lent) {
            None => Ok(()),
            Some(row) => Err(WriteError::NotSorted {
                columns: self
                    .sorting
                    .iter()
                    .map(|(_, column)| column.column.clone())
                    .collect(),
                row,
            }),
        }
    }

    /// Encodes checked rows, chunk by chunk in the order of the leaves, to the end of `out`.
    ///
    /// # Errors
    ///
    /// What is too large for the format, or what `sink` returns.
    pub(crate) fn encode(
        &mut self,
        schema: &Schema,
        rows: &CheckedRows<'_>,
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), WriteError> {
        let threads = self.threads.min(schema.leaves().len()).max(1);
        if self.encoders.len() < threads {
            self.encoders.resize_with(threads, ChunkEncoder::default);
        }
        let work = chunks::Work {
            leaves: schema.leaves(),
            settings: &self.settings,
            shredded: &rows.leaves,
        };
        match self.encoders.as_mut_slice() {
            [] => Ok(()),
            [encoder] => chunks::one_by_one(work, encoder, out, sink),
            #[cfg(feature = "parallel")]
            encoders => parallel::encode(work, encoders, &mut self.helpers, out, sink),
            #[cfg(not(feature = "parallel"))]
            [encoder, ..] => chunks::one_by_one(work, encoder, out, sink),
        }
    }
}

/// The leaves of a column, their values checked.
fn checked<'a>(
    field: &Field,
    leaves: &[Leaf],
    pieces: &[&'a Column<'a>],
) -> Result<Vec<Shredded<'a>>, WriteError> {
    let shredded = shred(field, leaves, pieces)?;
    for (leaf, shredded) in leaves.iter().zip(&shredded) {
        convert::check(leaf, shredded)?;
    }
    Ok(shredded)
}

/// A leaf with its values.
fn chunk_of<'a>(leaf: &Leaf, shredded: &Shredded<'a>) -> Result<LeafChunk<'a>, WriteError> {
    Ok(LeafChunk {
        levels: shredded.levels.clone(),
        values: convert::values(leaf, shredded)?,
    })
}

fn sorting_leaves(
    schema: &Schema,
    columns: &[SortingColumn],
) -> Result<Vec<(usize, SortingColumn)>, WriteError> {
    let mut sorting: Vec<(usize, SortingColumn)> = Vec::with_capacity(columns.len());
    for column in columns {
        let position = schema
            .leaves()
            .iter()
            .position(|leaf| leaf.name() == column.column)
            .ok_or_else(|| WriteError::UnknownColumn {
                column: column.column.clone(),
            })?;
        let repeated = schema
            .leaves()
            .get(position)
            .is_some_and(|leaf| leaf.max_repetition > 0);
        let reason = if repeated {
            "rows cannot be sorted by a column within a list"
        } else if sorting.iter().any(|(known, _)| *known == position) {
            "a sorting column is named twice"
        } else {
            sorting.push((position, column.clone()));
            continue;
        };
        return Err(WriteError::UnsupportedType {
            column: column.column.clone(),
            reason: reason.to_owned(),
        });
    }
    Ok(sorting)
}
