//! The values of one partition column, numbered as they come.

use super::cell::{Cell, cell, text};
use super::options::PartitionNulls;
use super::path::segment;
use crate::scheme::Scheme;
use pq_writer::{Column, Field, Keys, Values};
use std::collections::HashMap;

/// The number of rows that are left out.
pub(crate) const DROPPED: u32 = u32::MAX;

/// No value has this number.
const UNKNOWN: u32 = u32::MAX - 1;

/// Integers that lie so close together are looked up without hashing.
const NEAR: usize = 1 << 16;

/// Values that were seen lately; a power of two.
const RECENT: usize = 1 << 10;

/// Longer ones are not remembered with them.
const LONGEST_RECENT: usize = 256;

/// What is a folder, and what comes before what: null last, numbers in their own order and before
/// what is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Value {
    is_null: bool,
    number: Option<i128>,
    text: String,
    /// The name of its folder.
    pub(super) segment: String,
}

/// How values become folders.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) scheme: Scheme,
    pub(super) nulls: PartitionNulls,
    pub(super) escapes: bool,
}

/// The values of a partition column.
#[derive(Debug)]
pub(super) struct PartitionValues {
    pub(super) field: Field,
    rules: Rules,
    known: Vec<Value>,
    short: HashMap<Cell<'static>, u32>,
    long: HashMap<Box<[u8]>, u32>,
    /// Values that are written alike are the same.
    by_text: HashMap<Option<String>, u32>,
    /// Numbers of the integers from `near_from` on.
    near: Vec<u32>,
    near_from: i64,
    recent: Vec<(Cell<'static>, u32)>,
    recent_views: Vec<(u128, u32)>,
    recent_texts: Vec<(Box<[u8]>, u32)>,
}

/// Why there is no number: the row, and what is wrong with its value.
pub(super) type Refused = (usize, String);

/// A number that is rarely the same for two pairs.
fn mixed(low: u64, high: u64) -> usize {
    let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 40) as usize
}

impl PartitionValues {
    pub(super) fn new(field: Field, rules: Rules) -> Self {
        Self {
            field,
            rules,
            known: Vec::new(),
            short: HashMap::new(),
            long: HashMap::new(),
            by_text: HashMap::new(),
            near: Vec::new(),
            near_from: 0,
            recent: Vec::new(),
            recent_views: Vec::new(),
            recent_texts: Vec::new(),
        }
    }

    /// How many different values there were.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// The value of this number.
    pub(super) fn get(&self, number: u32) -> Option<&Value> {
        self.known.get(number as usize)
    }

    /// Puts the number of each row's value into `numbers`.
    pub(super) fn number(
        &mut self,
        column: &Column<'_>,
        numbers: &mut Vec<u32>,
    ) -> Result<(), Refused> {
        numbers.clear();
        numbers.reserve(column.len());
        match &column.values {
            Values::Int8(values) => self.integers(column, values, numbers),
            Values::Int16(values) => self.integers(column, values, numbers),
            Values::Int32(values) => self.integers(column, values, numbers),
            Values::Int64(values) => self.integers(column, values, numbers),
            Values::UInt8(values) => self.integers(column, values, numbers),
            Values::UInt16(values) => self.integers(column, values, numbers),
            Values::UInt32(values) => self.integers(column, values, numbers),
            Values::Dictionary { keys, values } => self.codes(column, keys, values.len(), numbers),
            Values::BytesView { views, .. } => self.views(column, views, numbers),
            Values::Bytes32 { .. } | Values::Bytes64 { .. } => {
                for row in 0..column.len() {
                    numbers.push(self.text(column, row)?);
                }
                Ok(())
            }
            _ => {
                for row in 0..column.len() {
                    numbers.push(self.one(column, row)?);
                }
                Ok(())
            }
        }
    }

    /// Integers that lie close together are found in a table.
    fn integers<T: Copy + Into<i64> + Ord>(
        &mut self,
        column: &Column<'_>,
        values: &[T],
        numbers: &mut Vec<u32>,
    ) -> Result<(), Refused> {
        let (Some(&least), Some(&most)) = (values.iter().min(), values.iter().max()) else {
            return Ok(());
        };
        let is_near = self.cover(least.into(), most.into());
        for (row, &value) in values.iter().enumerate() {
            let place = (value.into().wrapping_sub(self.near_from)) as usize;
            let is_there = column.validity.is_none_or(|bits| bits.get(row));
            if !is_near || !is_there {
                numbers.push(self.one(column, row)?);
                continue;
            }
            let number = match self.near.get(place) {
                Some(&number) if number != UNKNOWN => number,
                _ => {
                    let number = self.one(column, row)?;
                    if let Some(known) = self.near.get_mut(place) {
                        *known = number;
                    }
                    number
                }
            };
            numbers.push(number);
        }
        Ok(())
    }

    /// Whether the table has room for these integers now.
    fn cover(&mut self, least: i64, most: i64) -> bool {
        let end = |from: i64, len: usize| i128::from(from) + len as i128;
        let room = |from: i64, to: i128| usize::try_from(to - i128::from(from)).ok();
        let fits = |len: &usize| *len <= NEAR;
        let Some(wanted) = room(least, i128::from(most) + 1).filter(fits) else {
            return false;
        };
        let known_end = end(self.near_from, self.near.len());
        if !self.near.is_empty() && least >= self.near_from && i128::from(most) < known_end {
            return true;
        }
        let from = least.min(self.near_from);
        let to = known_end.max(i128::from(most) + 1);
        let all = room(from, to)
            .filter(fits)
            .filter(|_| !self.near.is_empty());
        match all {
            Some(len) => {
                let mut near = vec![UNKNOWN; len];
                let first = room(from, self.near_from.into()).unwrap_or(0);
                for (new, old) in near.iter_mut().skip(first).zip(&self.near) {
                    *new = *old;
                }
                self.near = near;
                self.near_from = from;
            }
            None => {
                self.near = vec![UNKNOWN; wanted];
                self.near_from = least;
            }
        }
        true
    }

    /// Each value of a dictionary is looked at once.
    fn codes(
        &mut self,
        column: &Column<'_>,
        keys: &Keys<'_>,
        values: usize,
        numbers: &mut Vec<u32>,
    ) -> Result<(), Refused> {
        let mut of_codes = vec![UNKNOWN; values];
        for row in 0..keys.len() {
            let is_there = column.validity.is_none_or(|bits| bits.get(row));
            let code = keys.get(row).filter(|_| is_there);
            let known = code.and_then(|code| of_codes.get_mut(code));
            let number = match known {
                Some(&mut number) if number != UNKNOWN => number,
                Some(known) => {
                    let number = self.one(column, row)?;
                    *known = number;
                    number
                }
                None => self.one(column, row)?,
            };
            numbers.push(number);
        }
        Ok(())
    }

    /// Short texts are in their views.
    fn views(
        &mut self,
        column: &Column<'_>,
        views: &[u128],
        numbers: &mut Vec<u32>,
    ) -> Result<(), Refused> {
        self.recent_views.resize(RECENT, (0, UNKNOWN));
        for (row, &view) in views.iter().enumerate() {
            let is_short = view as u32 <= 12 && column.validity.is_none_or(|bits| bits.get(row));
            if !is_short {
                numbers.push(self.text(column, row)?);
                continue;
            }
            let place = mixed(view as u64, (view >> 64) as u64) % RECENT;
            let number = match self.recent_views.get(place) {
                Some(&(recent, number)) if recent == view && number != UNKNOWN => number,
                _ => {
                    let number = self.one(column, row)?;
                    if let Some(recent) = self.recent_views.get_mut(place) {
                        *recent = (view, number);
                    }
                    number
                }
            };
            numbers.push(number);
        }
        Ok(())
    }

    /// The number of the text of one row.
    fn text(&mut self, column: &Column<'_>, row: usize) -> Result<u32, Refused> {
        let text = match column.is_null(row) {
            true => None,
            false => column.byte_string(row),
        };
        let Some(text) = text else {
            return self.one(column, row);
        };
        let text = text.as_bytes();
        let place = match (text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last)) => {
                let length = (text.len() as u64) << 56;
                mixed(
                    u64::from_le_bytes(*first) ^ length,
                    u64::from_le_bytes(*last),
                )
            }
            _ => mixed(
                text.iter().fold(text.len() as u64, |sum, byte| {
                    sum.rotate_left(8) ^ u64::from(*byte)
                }),
                0,
            ),
        } % RECENT;
        if let Some((recent, number)) = self.recent_texts.get(place)
            && **recent == *text
            && *number != UNKNOWN
        {
            return Ok(*number);
        }
        let number = self.one(column, row)?;
        if text.len() > LONGEST_RECENT {
            return Ok(number);
        }
        self.recent_texts.resize(RECENT, (Box::default(), UNKNOWN));
        if let Some(recent) = self.recent_texts.get_mut(place) {
            *recent = (text.into(), number);
        }
        Ok(number)
    }

    /// The number of the value of one row.
    fn one(&mut self, column: &Column<'_>, row: usize) -> Result<u32, Refused> {
        let Some(value) = cell(column, row) else {
            return Err((row, "no such value".to_owned()));
        };
        self.number_of(value).map_err(|reason| (row, reason))
    }

    fn number_of(&mut self, value: Cell<'_>) -> Result<u32, String> {
        let short = match value.short() {
            Ok(short) => short,
            Err(long) => {
                if let Some(number) = self.long.get(long) {
                    return Ok(*number);
                }
                let number = self.add(value)?;
                self.long.insert(long.into(), number);
                return Ok(number);
            }
        };
        let place = short.mixed() as usize % RECENT;
        match self.recent.get(place) {
            Some((recent, number)) if *recent == short && *number != UNKNOWN => {
                return Ok(*number);
            }
            Some(_) => {}
            None => self.recent.resize(RECENT, (Cell::Null, UNKNOWN)),
        }
        let number = match self.short.get(&short) {
            Some(number) => *number,
            None => {
                let number = self.add(value)?;
                self.short.insert(short, number);
                number
            }
        };
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = (short, number);
        }
        Ok(number)
    }

    fn add(&mut self, value: Cell<'_>) -> Result<u32, String> {
        let is_null = value == Cell::Null;
        if is_null && !self.field.nullable {
            return Err("null in a required column".to_owned());
        }
        match self.rules.nulls {
            PartitionNulls::Drop if is_null => return Ok(DROPPED),
            PartitionNulls::Refuse if is_null => return Err("null, which is refused".to_owned()),
            _ => {}
        }
        let text = match is_null {
            true => None,
            false => Some(text(value, &self.field.data_type)?),
        };
        if let Some(number) = self.by_text.get(&text) {
            return Ok(*number);
        }
        let segment = segment(self.rules.scheme, &self.field.name, text.as_deref())?;
        if !self.rules.escapes && segment.contains('%') {
            return Err(format!(
                "its folder {segment} would be escaped, which is not to be, or unlike those there are"
            ));
        }
        let number = u32::try_from(self.known.len())
            .ok()
            .filter(|number| *number < UNKNOWN)
            .ok_or("too many different values")?;
        self.known.push(Value {
            is_null,
            number: match value {
                Cell::Integer(number) => Some(number),
                _ => None,
            },
            text: text.clone().unwrap_or_default(),
            segment,
        });
        self.by_text.insert(text, number);
        Ok(number)
    }
}
