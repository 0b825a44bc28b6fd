//! Edits of a footer: what changes is written, the rest is copied.

use super::row_group::push_str;
use super::{FieldSpan, RawFooter, RawRowGroup, id, slice};
use crate::compact::{CompactReader, CompactWriter, field_header, list_header, push_varint};
use crate::error::FormatError;
use crate::protocol::code;
use crate::schema::SchemaElement;
use crate::value::Value;
use pq_encoding::zigzag;
use std::borrow::Cow;
use std::ops::Range;

/// Changes to a footer, and the footer they are made to.
///
/// Bytes that no change concerns are copied as they are; without changes the
/// result is the footer itself, whoever wrote it. Row counts are summed anew
/// only when row groups come or go.
#[derive(Debug, Clone)]
pub struct FooterEdit<'a> {
    footer: RawFooter<'a>,
    /// The row groups of the result, in order.
    row_groups: Vec<Group>,
    key_values: Vec<Entry<'a>>,
    row_groups_changed: bool,
    key_values_changed: bool,
    /// The bytes of another schema.
    schema: Option<Vec<u8>>,
    drops_column_orders: bool,
}

/// A row group of the result: one of the footer's, by index, or a new one's bytes and rows.
#[derive(Debug, Clone)]
enum Group {
    Kept(usize),
    New(Vec<u8>, i64),
}

/// A key-value of the result: one that was there, or a new one's bytes.
#[derive(Debug, Clone)]
enum Entry<'a> {
    Kept(super::RawKeyValue<'a>),
    New { key: String, bytes: Vec<u8> },
}

impl Entry<'_> {
    fn key(&self) -> &[u8] {
        match self {
            Self::Kept(entry) => entry.key_bytes(),
            Self::New { key, .. } => key.as_bytes(),
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Kept(entry) => entry.bytes(),
            Self::New { bytes, .. } => bytes,
        }
    }
}

impl<'a> FooterEdit<'a> {
    pub(super) fn new(footer: RawFooter<'a>) -> Self {
        Self {
            row_groups: (0..footer.row_groups.len()).map(Group::Kept).collect(),
            key_values: footer.key_values.iter().copied().map(Entry::Kept).collect(),
            row_groups_changed: false,
            key_values_changed: false,
            schema: None,
            drops_column_orders: false,
            footer,
        }
    }

    /// Adds a `RowGroup` in the compact protocol after all others.
    ///
    /// # Errors
    ///
    /// [`FormatError::EncryptedUnsupported`] for signed footers;
    /// [`FormatError::Malformed`], [`FormatError::FieldType`] or
    /// [`FormatError::MissingField`] if the bytes are no row group. The edit
    /// is then unchanged.
    pub fn append_row_group(&mut self, row_group: Vec<u8>) -> Result<&mut Self, FormatError> {
        if self.footer.is_signed() {
            return Err(FormatError::EncryptedUnsupported);
        }
        let num_rows = RawRowGroup::parse(&row_group)?.num_rows();
        self.row_groups.push(Group::New(row_group, num_rows));
        self.row_groups_changed = true;
        Ok(self)
    }

    /// Keeps the row groups for which `keep` is true and drops the others.
    /// Indices count the row groups of the edit as it stands.
    pub fn retain_row_groups(&mut self, mut keep: impl FnMut(usize) -> bool) -> &mut Self {
        let before = self.num_row_groups();
        let mut index = 0;
        self.row_groups.retain(|_| {
            index += 1;
            keep(index - 1)
        });
        self.row_groups_changed |= self.num_row_groups() != before;
        self
    }

    /// Sorts the row groups by a key of their index in the edit as it stands.
    /// Those of equal keys keep their order.
    pub fn sort_row_groups_by_key<K: Ord>(&mut self, key: impl FnMut(usize) -> K) -> &mut Self {
        let mut keys: Vec<K> = (0..self.row_groups.len()).map(key).collect();
        if keys.is_sorted() {
            return self;
        }
        let groups = self.row_groups.drain(..);
        let mut sorted: Vec<(K, Group)> = keys.drain(..).zip(groups).collect();
        sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
        self.row_groups = sorted.into_iter().map(|(_, group)| group).collect();
        self.row_groups_changed = true;
        self
    }

    /// Number of row groups of the edit as it stands.
    #[must_use]
    pub fn num_row_groups(&self) -> usize {
        self.row_groups.len()
    }

    /// Sets a key's value, in the place of the first key-value with this key
    /// or at the end; with `None` removes the key. Further key-values with
    /// the same key go.
    pub fn set_key_value(&mut self, key: &str, value: Option<&str>) -> &mut Self {
        let matches: Vec<usize> = (0..)
            .zip(&self.key_values)
            .filter(|(_, entry)| entry.key() == key.as_bytes())
            .map(|(index, _)| index)
            .collect();
        let mut new = value.map(|value| Entry::New {
            key: key.to_owned(),
            bytes: key_value_bytes(key, value),
        });
        if let ([index], Some(value)) = (matches.as_slice(), value)
            && let Some(Entry::Kept(entry)) = self.key_values.get(*index)
            && entry.value_bytes() == Some(value.as_bytes())
        {
            return self;
        }
        if matches.is_empty() && new.is_none() {
            return self;
        }
        self.key_values_changed = true;
        let mut entries = Vec::with_capacity(self.key_values.len() + 1);
        for entry in self.key_values.drain(..) {
            if entry.key() == key.as_bytes() {
                entries.extend(new.take());
            } else {
                entries.push(entry);
            }
        }
        entries.extend(new);
        self.key_values = entries;
        self
    }

    /// Puts another schema in the place of the one there is. Whether the row groups fit it is the
    /// caller's affair.
    ///
    /// # Errors
    ///
    /// As [`encode`](crate::encode). The edit is then unchanged.
    pub fn set_schema(&mut self, schema: &[SchemaElement]) -> Result<&mut Self, FormatError> {
        let mut bytes = Vec::new();
        schema
            .to_vec()
            .write(&mut CompactWriter::new(&mut bytes))
            .map_err(|error| error.in_field("schema"))?;
        self.schema = (bytes != self.footer.schema_bytes()).then_some(bytes);
        Ok(self)
    }

    /// Takes `column_orders` away: readers then do not trust `min_value` and `max_value` of row
    /// groups of which it is not known how they are ordered.
    pub fn remove_column_orders(&mut self) -> &mut Self {
        self.drops_column_orders = self.footer.field(id::COLUMN_ORDERS).is_some();
        self
    }

    /// The row group at this index of the edit as it stands.
    #[must_use]
    pub fn row_group(&self, index: usize) -> Option<RawRowGroup<'_>> {
        match self.row_groups.get(index)? {
            Group::Kept(index) => self.kept(*index).copied(),
            // It was parsed when it came.
            Group::New(bytes, _) => RawRowGroup::parse(bytes).ok(),
        }
    }

    /// Whether the result may differ from the footer: something was added, dropped, put elsewhere
    /// or set to another value.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.row_groups_changed
            || self.key_values_changed
            || self.schema.is_some()
            || self.drops_column_orders
    }

    /// Appends the edited metadata to `out`, in the compact protocol.
    ///
    /// # Errors
    ///
    /// As [`pieces`](Self::pieces). `out` is then unchanged.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let pieces = self.pieces()?;
        out.reserve(pieces.iter().map(|piece| piece.len()).sum());
        for piece in &pieces {
            out.extend_from_slice(piece);
        }
        Ok(())
    }

    /// The edited metadata, in the compact protocol, as pieces to be put one behind the other. What
    /// is long and stays as it was is not copied: a footer of a gigabyte with one more row group is
    /// a piece of a gigabyte that is there already, and little before and behind it.
    ///
    /// # Errors
    ///
    /// [`FormatError::EncryptedUnsupported`] if a signed footer has changes,
    /// [`FormatError::RowCount`] if row groups come or go and the rows cannot
    /// be summed up,
    /// [`FormatError::TooLong`] if there are more than 2³¹ − 1 row groups or
    /// key-values.
    pub fn pieces(&self) -> Result<Vec<Cow<'_, [u8]>>, FormatError> {
        let bytes = self.footer.bytes;
        if !self.has_changes() {
            return Ok(vec![Cow::Borrowed(bytes)]);
        }
        if self.footer.is_signed() {
            return Err(FormatError::EncryptedUnsupported);
        }
        // A wrong row count is not ours to correct while row groups stay.
        let num_rows = match self.row_groups_changed {
            true => self.sum_rows()?,
            false => self.footer.num_rows,
        };
        let row_groups = check_count("row_groups", self.num_row_groups())?;
        let key_values = check_count("key_value_metadata", self.key_values.len())?;

        let mut out = Pieces::default();
        let mut previous_id = 0;
        // A footer without key-values gets them before its first later field.
        let mut insert = self.key_values_changed
            && key_values > 0
            && self.footer.field(id::KEY_VALUES).is_none();
        let mut end = 0;
        for field in &self.footer.fields {
            if insert && field.id > id::KEY_VALUES {
                self.insert_key_values(&mut previous_id, key_values, &mut out);
                insert = false;
            }
            end = field.end;
            if field.id == id::COLUMN_ORDERS && self.drops_column_orders {
                continue;
            }
            if field.id == id::KEY_VALUES && self.key_values_changed && key_values == 0 {
                continue;
            }
            field.copy_header(bytes, &mut previous_id, &mut out.new);
            match field.id {
                id::SCHEMA if self.schema.is_some() => {
                    out.borrow(self.schema.as_deref().unwrap_or_default());
                }
                id::NUM_ROWS if num_rows != self.footer.num_rows => {
                    push_varint(zigzag::encode_i64(num_rows), &mut out.new);
                }
                id::ROW_GROUPS if self.row_groups_changed => {
                    let before = self.footer.row_groups.len();
                    copy_list_header(bytes, field, before, row_groups, &mut out.new)?;
                    self.push_row_groups(field.end, &mut out);
                }
                id::KEY_VALUES if self.key_values_changed => {
                    let before = self.footer.key_values.len();
                    copy_list_header(bytes, field, before, key_values, &mut out.new)?;
                    self.push_key_values(&mut out);
                }
                _ => out.borrow(slice(bytes, field.value..field.end)),
            }
        }
        if insert {
            self.insert_key_values(&mut previous_id, key_values, &mut out);
        }
        out.borrow(slice(bytes, end..bytes.len()));
        Ok(out.finish())
    }

    fn insert_key_values<'e>(&'e self, previous_id: &mut i16, count: u64, out: &mut Pieces<'e>) {
        field_header(&mut out.new, *previous_id, id::KEY_VALUES, code::LIST);
        *previous_id = id::KEY_VALUES;
        list_header(&mut out.new, code::STRUCT, count);
        self.push_key_values(out);
    }

    fn push_key_values<'e>(&'e self, out: &mut Pieces<'e>) {
        for entry in &self.key_values {
            out.borrow(entry.bytes());
        }
    }

    /// The list of the footer ends at `end`.
    fn push_row_groups<'e>(&'e self, end: usize, out: &mut Pieces<'e>) {
        let lengths = self
            .footer
            .row_groups
            .iter()
            .map(|group| group.bytes().len());
        let mut start = end - lengths.clone().sum::<usize>();
        let mut starts = Vec::with_capacity(lengths.len() + 1);
        starts.push(start);
        starts.extend(lengths.map(|length| {
            start += length;
            start
        }));
        // Neighbours that stay beside each other are one piece.
        let kept = |run: &Range<usize>| match (starts.get(run.start), starts.get(run.end)) {
            (Some(start), Some(end)) => slice(self.footer.bytes, *start..*end),
            _ => &[],
        };
        let mut run = 0..0;
        for group in &self.row_groups {
            match group {
                Group::Kept(index) if *index == run.end => run.end += 1,
                Group::Kept(index) => {
                    out.borrow(kept(&run));
                    run = *index..index + 1;
                }
                Group::New(bytes, _) => {
                    out.borrow(kept(&run));
                    run = 0..0;
                    out.borrow(bytes);
                }
            }
        }
        out.borrow(kept(&run));
    }

    fn kept(&self, index: usize) -> Option<&RawRowGroup<'a>> {
        self.footer.row_groups.get(index)
    }

    fn sum_rows(&self) -> Result<i64, FormatError> {
        let rows = self.row_groups.iter().map(|group| match group {
            Group::Kept(index) => self.kept(*index).map_or(0, RawRowGroup::num_rows),
            Group::New(_, num_rows) => *num_rows,
        });
        let mut sum = 0_i64;
        for (row_group, num_rows) in rows.enumerate() {
            sum = Some(num_rows)
                .filter(|rows| *rows >= 0)
                .and_then(|rows| sum.checked_add(rows))
                .ok_or(FormatError::RowCount {
                    row_group,
                    num_rows,
                })?;
        }
        Ok(sum)
    }
}

/// What is put one behind the other.
#[derive(Debug, Default)]
struct Pieces<'e> {
    done: Vec<Cow<'e, [u8]>>,
    /// What is new behind that.
    new: Vec<u8>,
}

/// Shorter ones are copied.
const SHORTEST_BORROWED: usize = 4096;

impl<'e> Pieces<'e> {
    fn borrow(&mut self, bytes: &'e [u8]) {
        if bytes.len() < SHORTEST_BORROWED {
            self.new.extend_from_slice(bytes);
            return;
        }
        self.end_new();
        self.done.push(Cow::Borrowed(bytes));
    }

    fn end_new(&mut self) {
        if !self.new.is_empty() {
            self.done.push(Cow::Owned(std::mem::take(&mut self.new)));
        }
    }

    fn finish(mut self) -> Vec<Cow<'e, [u8]>> {
        self.end_new();
        self.done
    }
}

/// A list's header as it is if the count has not changed, else a new one.
fn copy_list_header(
    bytes: &[u8],
    field: &FieldSpan,
    before: usize,
    after: u64,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    if before as u64 == after {
        let value = slice(bytes, field.value..field.end);
        let mut reader = CompactReader::new(value);
        reader.open_list()?;
        out.extend_from_slice(slice(value, 0..reader.position()));
    } else {
        list_header(out, code::STRUCT, after);
    }
    Ok(())
}

/// A `KeyValue` in the compact protocol.
fn key_value_bytes(key: &str, value: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(key.len() + value.len() + 8);
    field_header(&mut out, 0, 1, code::BINARY);
    push_str(&mut out, key);
    field_header(&mut out, 1, 2, code::BINARY);
    push_str(&mut out, value);
    out.push(code::STOP);
    out
}

fn check_count(path: &str, length: usize) -> Result<u64, FormatError> {
    i32::try_from(length)
        .map(|count| u64::from(count.unsigned_abs()))
        .map_err(|_| FormatError::TooLong {
            path: path.to_owned(),
            length,
        })
}
