//! Columns, and batches of them.

use super::{Bits, ByteString, Strings, Values};
use crate::error::WriteError;

/// One column of a batch: a name, values and which of them are there.
#[derive(Debug, Clone, PartialEq)]
pub struct Column<'a> {
    /// The name, as in the schema.
    pub name: &'a str,
    /// The values.
    pub values: Values<'a>,
    /// One bit a row, set where there is a value; `None` where there is one in every row.
    pub validity: Option<Bits<'a>>,
    /// Whether byte strings are known to be right: offsets ascend within the data, views lie within
    /// their buffers, text is UTF-8, in all rows that are not null. They are not checked again then,
    /// and where that is wrong, so is the file.
    pub is_checked: bool,
}

impl<'a> Column<'a> {
    /// A column with a value in every row.
    pub fn new(name: &'a str, values: Values<'a>) -> Self {
        Self {
            name,
            values,
            validity: None,
            is_checked: false,
        }
    }

    /// The column with nulls where `validity` has a bit that is not set.
    pub fn with_validity(mut self, validity: Bits<'a>) -> Self {
        self.validity = Some(validity);
        self
    }

    /// The column, its byte strings known to be right, as those of Arrow's arrays are by their type:
    /// see [`is_checked`](Self::is_checked).
    pub fn checked(mut self) -> Self {
        self.is_checked = true;
        self
    }

    /// Errors unless the validity, and that of a dictionary's values, has a bit for each value.
    pub(crate) fn check_validity(&self) -> Result<(), WriteError> {
        if let Some(bits) = self.validity
            && bits.len() != self.len()
        {
            return Err(WriteError::RaggedColumn {
                column: self.name.to_owned(),
                expected: self.len(),
                got: bits.len(),
            });
        }
        match &self.values {
            Values::Dictionary { values, .. } => values.check_validity(),
            Values::RunEnd { ends, values, .. } => {
                if ends.len() != values.len() {
                    return Err(WriteError::RaggedColumn {
                        column: self.name.to_owned(),
                        expected: ends.len(),
                        got: values.len(),
                    });
                }
                self.check_runs()?;
                values.check_validity()
            }
            _ => Ok(()),
        }
    }

    /// Errors unless the ends of runs ascend and reach the last row.
    fn check_runs(&self) -> Result<(), WriteError> {
        let Values::RunEnd {
            ends, offset, len, ..
        } = &self.values
        else {
            return Ok(());
        };
        let invalid = |row: usize, reason: &str| WriteError::InvalidValue {
            column: self.name.to_owned(),
            row,
            reason: reason.to_owned(),
        };
        let mut last = 0;
        for run in 0..ends.len() {
            last = match ends.get(run) {
                Some(end) if end > last => end,
                _ => return Err(invalid(last, "the ends of runs do not ascend")),
            };
        }
        match offset.checked_add(*len) {
            Some(rows) if rows <= last || *len == 0 => Ok(()),
            _ => Err(invalid(last, "the runs end before the last row")),
        }
    }

    /// Whether a row may be null.
    pub(crate) fn may_have_nulls(&self) -> bool {
        self.validity.is_some()
            || match &self.values {
                Values::Null(_) => true,
                Values::Dictionary { values, .. } | Values::RunEnd { values, .. } => {
                    values.may_have_nulls()
                }
                _ => false,
            }
    }

    /// The run that row `index` of runs is in; beyond all if there is none.
    pub(crate) fn run_of(&self, index: usize) -> Option<usize> {
        let Values::RunEnd {
            ends, offset, len, ..
        } = &self.values
        else {
            return None;
        };
        if index >= *len {
            return None;
        }
        let row = offset.checked_add(index)?;
        let (mut low, mut high) = (0, ends.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match ends.get(middle) {
                Some(end) if end > row => high = middle,
                _ => low = middle + 1,
            }
        }
        (low < ends.len()).then_some(low)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Where the value of row `index` is, behind dictionaries and runs: the column and its row
    /// there. `None` if a code or the row is beyond the values; nulls are not looked at.
    pub fn resolve(&self, index: usize) -> Option<(&Self, usize)> {
        match &self.values {
            Values::Dictionary { keys, values } => values.resolve(keys.get(index)?),
            Values::RunEnd { values, .. } => values.resolve(self.run_of(index)?),
            _ => (index < self.len()).then_some((self, index)),
        }
    }

    /// The bytes of row `index` of a column of byte strings in any form; `None` of another one,
    /// or beyond its values. Nulls are not looked at.
    pub fn byte_string(&self, index: usize) -> Option<ByteString<'a>> {
        let (column, index) = self.resolve(index)?;
        Strings::of(&column.values)?.get(index)
    }

    /// Whether row `index` is null.
    pub fn is_null(&self, index: usize) -> bool {
        if self.validity.is_some_and(|bits| !bits.get(index)) {
            return true;
        }
        match &self.values {
            Values::Null(_) => true,
            Values::Dictionary { keys, values } => {
                keys.get(index).is_some_and(|code| values.is_null(code))
            }
            Values::RunEnd { values, .. } => {
                self.run_of(index).is_some_and(|run| values.is_null(run))
            }
            _ => false,
        }
    }
}

/// A table in memory: columns of the same number of rows, borrowed from wherever they lie.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch<'a> {
    /// The columns, in any order; they are found by name.
    pub columns: Vec<Column<'a>>,
}

impl<'a> Batch<'a> {
    /// A batch of these columns.
    pub fn new(columns: Vec<Column<'a>>) -> Self {
        Self { columns }
    }

    /// How many rows the first column has; 0 without columns.
    pub fn num_rows(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column<'a>> {
        self.columns.iter().find(|column| column.name == name)
    }
}
