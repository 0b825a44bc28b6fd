//! Dictionaries: the distinct values of a chunk and a code for each value that is not null.

use crate::batch::{Column, Values, bad_code, byte_string};
use crate::convert::{Physical, Piece, PieceValues};
use crate::error::WriteError;
use crate::schema::Leaf;
use pq_format::Type;
use std::borrow::Cow;

/// A probe that runs longer than this means values made to collide: no dictionary then.
const LONGEST_PROBE: usize = 256;

/// The number of values after which a column of mostly distinct ones gives up.
const SAMPLE: usize = 4096;

/// The distinct values of a chunk in the order of their first row, and their codes.
#[derive(Debug)]
pub(crate) struct Dictionary {
    pub(crate) entries: Physical<'static>,
    /// A code for each row that is not null.
    pub(crate) codes: Vec<u32>,
}

/// The dictionary of a chunk, or `None` if storing the values themselves takes less room or the
/// dictionary more than `limit` bytes. If all pieces came as dictionaries, theirs are kept
/// whatever their size, and their values are not hashed row by row.
pub(crate) fn build(
    leaf: &Leaf,
    pieces: &[Piece<'_>],
    limit: usize,
    codes: Vec<u32>,
) -> Result<Option<Dictionary>, WriteError> {
    if leaf.physical == Type::BOOLEAN {
        return Ok(None);
    }
    let brought = pieces
        .iter()
        .all(|piece| !matches!(piece.values, PieceValues::Plain(_)))
        && pieces
            .iter()
            .any(|piece| matches!(piece.values, PieceValues::Coded { .. }));
    let mut builder = Builder {
        entries: Entries::new(leaf),
        table: Table::default(),
        codes,
        limit: if brought { i32::MAX as usize } else { limit },
        plain_bytes: 0,
    };
    builder.codes.clear();
    for piece in pieces {
        let kept = match &piece.values {
            PieceValues::Null(_) => true,
            PieceValues::Plain(values) => builder.plain(piece, values, brought),
            PieceValues::Coded { column, entries } => builder.coded(piece, column, entries)?,
        };
        if !kept {
            return Ok(None);
        }
    }
    let entries = builder.entries.len();
    let code_bytes = builder.codes.len() * usize::from(index_width(entries)) / 8;
    if builder.codes.is_empty()
        || (!brought && builder.entries.bytes() + code_bytes >= builder.plain_bytes)
    {
        return Ok(None);
    }
    Ok(Some(Dictionary {
        entries: builder.entries.finish(),
        codes: builder.codes,
    }))
}

/// Bits a code of a dictionary of so many entries, at least one.
pub(crate) fn index_width(entries: usize) -> u8 {
    let largest = u32::try_from(entries.saturating_sub(1)).unwrap_or(u32::MAX);
    pq_encoding::bit_width::of_u32(largest).max(1)
}

struct Builder {
    entries: Entries,
    table: Table,
    codes: Vec<u32>,
    limit: usize,
    /// What the values take without a dictionary.
    plain_bytes: usize,
}

impl Builder {
    /// Takes the values of a piece; false when a dictionary does not pay.
    fn plain(&mut self, piece: &Piece<'_>, values: &Physical<'_>, brought: bool) -> bool {
        for row in 0..values.len() {
            if piece.is_null(row) {
                continue;
            }
            let Some(code) = self.intern(values, row) else {
                return false;
            };
            self.codes.push(code);
            let seen = self.codes.len();
            if !brought && seen.is_multiple_of(SAMPLE) && self.entries.len() > seen / 4 * 3 {
                return false;
            }
        }
        true
    }

    /// Takes the codes of a piece, each dictionary value looked up once.
    fn coded(
        &mut self,
        piece: &Piece<'_>,
        column: &Column<'_>,
        entries: &Physical<'_>,
    ) -> Result<bool, WriteError> {
        let Values::Dictionary { keys, .. } = &column.values else {
            return Ok(false);
        };
        let mut remap = vec![u32::MAX; entries.len()];
        for row in 0..keys.len() {
            if column.validity.is_some_and(|bits| !bits.get(row)) {
                continue;
            }
            let Some(position) = keys.get(row).filter(|&position| position < remap.len()) else {
                return Err(bad_code(column, piece.first_row + row));
            };
            if column.is_null(row) {
                continue;
            }
            if remap[position] == u32::MAX {
                let Some(code) = self.intern(entries, position) else {
                    return Ok(false);
                };
                remap[position] = code;
            } else {
                self.plain_bytes += self.entries.size(entries, position);
            }
            self.codes.push(remap[position]);
        }
        Ok(true)
    }

    /// The code of a value, new or known; `None` when the dictionary outgrows its limit.
    fn intern(&mut self, values: &Physical<'_>, row: usize) -> Option<u32> {
        self.plain_bytes += self.entries.size(values, row);
        let hash = Entries::hash(values, row);
        let entries = &self.entries;
        match self
            .table
            .find(hash, |code| entries.equals(code, values, row))?
        {
            Ok(code) => Some(code),
            Err(slot) => {
                let code = u32::try_from(self.entries.len())
                    .ok()
                    .filter(|&code| code < i32::MAX as u32)?;
                self.entries.push(values, row);
                self.table.insert(slot, hash, code);
                (self.entries.bytes() <= self.limit).then_some(code)
            }
        }
    }
}

/// Open addressing from hashes to codes; the values stand in the entries.
#[derive(Default)]
struct Table {
    slots: Vec<(u32, u32)>,
    used: usize,
}

const EMPTY: u32 = u32::MAX;

impl Table {
    /// The code of the value, or the slot where it belongs; `None` if the probe is too long.
    #[inline]
    fn find(&mut self, hash: u64, equals: impl Fn(u32) -> bool) -> Option<Result<u32, usize>> {
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let tag = (hash >> 32) as u32;
        let mut slot = hash as usize & mask;
        for _ in 0..LONGEST_PROBE {
            match self.slots.get(slot) {
                Some(&(_, EMPTY)) | None => return Some(Err(slot)),
                Some(&(other, code)) if other == tag && equals(code) => return Some(Ok(code)),
                Some(_) => slot = (slot + 1) & mask,
            }
        }
        None
    }

    fn insert(&mut self, slot: usize, hash: u64, code: u32) {
        if let Some(free) = self.slots.get_mut(slot) {
            *free = ((hash >> 32) as u32, code);
            self.used += 1;
        }
    }

    /// Twice the slots. The low half of a hash is its high half multiplied, so that tags suffice.
    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(256);
        let old = std::mem::replace(&mut self.slots, vec![(0, EMPTY); slots]);
        for (tag, code) in old.into_iter().filter(|&(_, code)| code != EMPTY) {
            let mut slot = spread(tag) as usize & (slots - 1);
            while self.slots.get(slot).is_some_and(|&(_, code)| code != EMPTY) {
                slot = (slot + 1) & (slots - 1);
            }
            if let Some(free) = self.slots.get_mut(slot) {
                *free = (tag, code);
            }
        }
    }
}

/// The low half of a hash from its high half.
#[inline]
fn spread(tag: u32) -> u32 {
    let mixed = u64::from(tag).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as u32
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ 0x2D35_8DCC_AA6C_78A5) * u128::from(b ^ 0x8BB8_4B93_962E_ACC9);
    product as u64 ^ (product >> 64) as u64
}

/// The distinct values, of the physical type of the column.
enum Entries {
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes { offsets: Vec<i64>, data: Vec<u8> },
    Fixed { width: usize, data: Vec<u8> },
}

impl Entries {
    fn new(leaf: &Leaf) -> Self {
        match leaf.physical {
            Type::INT32 => Self::Int32(Vec::new()),
            Type::INT64 => Self::Int64(Vec::new()),
            Type::FLOAT => Self::Float(Vec::new()),
            Type::DOUBLE => Self::Double(Vec::new()),
            Type::FIXED_LEN_BYTE_ARRAY => Self::Fixed {
                width: leaf.fixed_width(),
                data: Vec::new(),
            },
            _ => Self::Bytes {
                offsets: vec![0],
                data: Vec::new(),
            },
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Int32(values) => values.len(),
            Self::Int64(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Double(values) => values.len(),
            Self::Bytes { offsets, .. } => offsets.len() - 1,
            Self::Fixed { width, data } => data.len().checked_div(*width).unwrap_or(0),
        }
    }

    /// Bytes of the entries, PLAIN.
    fn bytes(&self) -> usize {
        match self {
            Self::Int32(values) => values.len() * 4,
            Self::Int64(values) => values.len() * 8,
            Self::Float(values) => values.len() * 4,
            Self::Double(values) => values.len() * 8,
            Self::Bytes { offsets, data } => data.len() + 4 * (offsets.len() - 1),
            Self::Fixed { data, .. } => data.len(),
        }
    }

    /// Bytes of one value, PLAIN.
    #[inline]
    fn size(&self, values: &Physical<'_>, row: usize) -> usize {
        match self {
            Self::Int32(_) | Self::Float(_) => 4,
            Self::Int64(_) | Self::Double(_) => 8,
            Self::Bytes { .. } => 4 + values.bytes(row).len(),
            Self::Fixed { width, .. } => *width,
        }
    }

    #[inline]
    fn hash(values: &Physical<'_>, row: usize) -> u64 {
        let full = match values {
            Physical::Int32(values) => {
                fold(values.get(row).map_or(0, |&v| v.cast_unsigned().into()), 4)
            }
            Physical::Int64(values) => fold(values.get(row).map_or(0, |&v| v.cast_unsigned()), 8),
            Physical::Float(values) => fold(values.get(row).map_or(0, |v| v.to_bits().into()), 5),
            Physical::Double(values) => fold(values.get(row).map_or(0, |v| v.to_bits()), 9),
            _ => {
                let bytes = values.bytes(row);
                let (words, rest) = bytes.as_chunks::<8>();
                let seed = words.iter().fold(bytes.len() as u64, |hash, word| {
                    fold(hash, u64::from_le_bytes(*word))
                });
                let mut last = [0; 8];
                for (to, from) in last.iter_mut().zip(rest) {
                    *to = *from;
                }
                fold(seed, u64::from_le_bytes(last))
            }
        };
        let tag = (full >> 32) as u32 ^ full as u32;
        u64::from(tag) << 32 | u64::from(spread(tag))
    }

    /// Whether entry `code` is the value, bit for bit.
    #[inline]
    fn equals(&self, code: u32, values: &Physical<'_>, row: usize) -> bool {
        let entry = code as usize;
        match (self, values) {
            (Self::Int32(entries), Physical::Int32(values)) => {
                entries.get(entry) == values.get(row)
            }
            (Self::Int64(entries), Physical::Int64(values)) => {
                entries.get(entry) == values.get(row)
            }
            (Self::Float(entries), Physical::Float(values)) => {
                entries.get(entry).map(|v| v.to_bits()) == values.get(row).map(|v| v.to_bits())
            }
            (Self::Double(entries), Physical::Double(values)) => {
                entries.get(entry).map(|v| v.to_bits()) == values.get(row).map(|v| v.to_bits())
            }
            (Self::Bytes { offsets, data }, values) => {
                byte_string(offsets, data, entry).is_some_and(|bytes| bytes == values.bytes(row))
            }
            (Self::Fixed { width, data }, values) => data
                .get(entry * width..(entry + 1) * width)
                .is_some_and(|bytes| bytes == values.bytes(row)),
            _ => false,
        }
    }

    fn push(&mut self, values: &Physical<'_>, row: usize) {
        match (self, values) {
            (Self::Int32(entries), Physical::Int32(values)) => entries.extend(values.get(row)),
            (Self::Int64(entries), Physical::Int64(values)) => entries.extend(values.get(row)),
            (Self::Float(entries), Physical::Float(values)) => entries.extend(values.get(row)),
            (Self::Double(entries), Physical::Double(values)) => entries.extend(values.get(row)),
            (Self::Bytes { offsets, data }, values) => {
                data.extend_from_slice(values.bytes(row));
                offsets.push(i64::try_from(data.len()).unwrap_or(i64::MAX));
            }
            (Self::Fixed { data, .. }, values) => data.extend_from_slice(values.bytes(row)),
            _ => {}
        }
    }

    fn finish(self) -> Physical<'static> {
        match self {
            Self::Int32(values) => Physical::Int32(Cow::Owned(values)),
            Self::Int64(values) => Physical::Int64(Cow::Owned(values)),
            Self::Float(values) => Physical::Float(Cow::Owned(values)),
            Self::Double(values) => Physical::Double(Cow::Owned(values)),
            Self::Bytes { offsets, data } => Physical::Bytes64 {
                offsets: Cow::Owned(offsets),
                data: Cow::Owned(data),
            },
            Self::Fixed { width, data } => Physical::Fixed {
                width,
                data: Cow::Owned(data),
            },
        }
    }
}
