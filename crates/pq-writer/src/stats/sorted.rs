//! Whether rows are in the order that the caller says.

use super::order::{BigEndian, Kind, each_key};
use crate::leaf::{Definition, LeafChunk, LeafValues};
use crate::options::SortingColumn;
use crate::schema::Leaf;
use pq_format::Type;
use std::cmp::Ordering;

/// The first row of the row group that is not in the order of `sorting`, or `None`. Each chunk is
/// of a leaf that is not repeated, in the order of sorting.
///
/// What is not a number is above all numbers, and zeros are equal. Where no order is defined,
/// bytes compare.
pub(crate) fn first_unsorted_row(
    chunks: &[(&Leaf, &LeafChunk<'_>, &SortingColumn)],
) -> Option<usize> {
    let rows = chunks.iter().map(|(_, chunk, _)| chunk.levels.rows).max()?;
    let mut rest = Rest {
        first_unsorted: rows,
        // One column needs none.
        ties: vec![true; if chunks.len() > 1 { rows } else { 0 }],
    };
    for (leaf, chunk, sorting) in chunks {
        column(leaf, chunk, sorting, &mut rest);
    }
    (rest.first_unsorted < rows).then_some(rest.first_unsorted)
}

/// What the columns so far leave to decide.
struct Rest {
    /// The first row that is not in order; the number of rows if all are.
    first_unsorted: usize,
    /// Whether a row is equal to the one before it in all columns so far; empty if there is one
    /// column only.
    ties: Vec<bool>,
}

/// Values that compare in one way.
trait Values {
    type Value<'v>: Copy + Ord;

    /// Calls `take` with each of `values`, which are not coded.
    fn each<'v>(kind: Kind, values: &'v LeafValues<'_>, take: impl FnMut(Self::Value<'v>));
}

struct Numbers;

impl Values for Numbers {
    type Value<'v> = u64;

    #[inline]
    fn each<'v>(kind: Kind, values: &'v LeafValues<'_>, take: impl FnMut(Self::Value<'v>)) {
        each_key(kind, values, 0..values.len(), take);
    }
}

struct ByteStrings;

impl Values for ByteStrings {
    type Value<'v> = &'v [u8];

    #[inline]
    fn each<'v>(_: Kind, values: &'v LeafValues<'_>, take: impl FnMut(&'v [u8])) {
        match values {
            LeafValues::Bytes(values) => values.iter(0..values.len()).for_each(take),
            LeafValues::Fixed { width, data } => {
                let slices = data.slices(0..data.len());
                slices
                    .flat_map(|slice| slice.chunks_exact((*width).max(1)))
                    .for_each(take);
            }
            _ => {}
        }
    }
}

struct BigEndians;

impl Values for BigEndians {
    type Value<'v> = BigEndian<'v>;

    #[inline]
    fn each<'v>(kind: Kind, values: &'v LeafValues<'_>, mut take: impl FnMut(BigEndian<'v>)) {
        ByteStrings::each(kind, values, |value| take(BigEndian(value)));
    }
}

fn column(leaf: &Leaf, chunk: &LeafChunk<'_>, sorting: &SortingColumn, rest: &mut Rest) {
    let kind = Kind::of(leaf);
    match leaf.physical {
        _ if kind == Kind::BigEndian => rows::<BigEndians>(leaf, chunk, sorting, rest),
        Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY | Type::INT96 if kind != Kind::Half => {
            rows::<ByteStrings>(leaf, chunk, sorting, rest);
        }
        _ => rows::<Numbers>(leaf, chunk, sorting, rest),
    }
}

fn rows<V: Values>(leaf: &Leaf, chunk: &LeafChunk<'_>, sorting: &SortingColumn, rest: &mut Rest) {
    let kind = Kind::of(leaf);
    let mut rows = Rows::new(leaf, chunk, sorting, rest);
    match &chunk.values {
        LeafValues::Coded(coded) => {
            let entries = |values| {
                let mut entries = Vec::new();
                V::each(kind, values, |entry| entries.push(entry));
                entries
            };
            let dictionaries: Vec<Vec<_>> = coded.dictionaries.iter().map(entries).collect();
            for part in &coded.parts {
                let dictionary = dictionaries.get(part.dictionary);
                let entry = |code: u32| dictionary.and_then(|entries| entries.get(code as usize));
                part.codes.for_each(0..part.codes.len(), |codes| {
                    for &entry in codes.iter().filter_map(|&code| entry(code)) {
                        rows.value(entry);
                    }
                });
            }
        }
        values => V::each(kind, values, |value| rows.value(value)),
    }
    rows.finish();
}

/// The rows of a column, value by value.
struct Rows<'a, K> {
    definition: &'a Definition,
    max_definition: u16,
    rows: usize,
    is_descending: bool,
    of_null: Ordering,
    row: usize,
    /// The row before; `None` before the first, `Some(None)` if it is null.
    last: Option<Option<K>>,
    rest: &'a mut Rest,
}

impl<'a, K: Copy + Ord> Rows<'a, K> {
    fn new(
        leaf: &Leaf,
        chunk: &'a LeafChunk<'_>,
        sorting: &SortingColumn,
        rest: &'a mut Rest,
    ) -> Self {
        Self {
            definition: &chunk.levels.definition,
            max_definition: leaf.max_definition,
            rows: chunk.levels.entries,
            is_descending: sorting.descending,
            of_null: match sorting.nulls_first {
                true => Ordering::Less,
                false => Ordering::Greater,
            },
            row: 0,
            last: None,
            rest,
        }
    }

    /// The next row that is not null, and the nulls before it.
    #[inline]
    fn value(&mut self, value: K) {
        while self.row < self.rows && !self.has_value() {
            self.take(None);
        }
        self.take(Some(value));
    }

    /// The nulls at the end.
    fn finish(mut self) {
        while self.row < self.rows {
            self.take(None);
        }
    }

    #[inline]
    fn has_value(&self) -> bool {
        match self.definition {
            Definition::Uniform(level) => *level == self.max_definition,
            Definition::Bits(bits) => {
                let byte = bits.get(self.row / 8).copied().unwrap_or(0);
                byte >> (self.row % 8) & 1 != 0
            }
            Definition::Levels(levels) => levels.get(self.row) == Some(&self.max_definition),
        }
    }

    #[inline]
    fn take(&mut self, value: Option<K>) {
        let order = match (self.last, value) {
            (None, _) => Ordering::Less,
            (Some(Some(last)), Some(value)) if self.is_descending => value.cmp(&last),
            (Some(Some(last)), Some(value)) => last.cmp(&value),
            (Some(None), Some(_)) => self.of_null,
            (Some(Some(_)), None) => self.of_null.reverse(),
            (Some(None), None) => Ordering::Equal,
        };
        self.last = Some(value);
        if order != Ordering::Equal {
            self.decide(order);
        }
        self.row += 1;
    }

    #[inline]
    fn decide(&mut self, order: Ordering) {
        match self.rest.ties.get_mut(self.row) {
            Some(tie) if !*tie => return,
            Some(tie) => *tie = false,
            None => {}
        }
        if order == Ordering::Greater {
            self.rest.first_unsorted = self.rest.first_unsorted.min(self.row);
        }
    }
}
