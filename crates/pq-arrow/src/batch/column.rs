//! One column: values, borrowed where they can be, and validity.

use super::values;
use crate::error::ArrowError;
use crate::schema::data_type;
use arrow_array::Array;
use arrow_buffer::BooleanBuffer;
use pq_writer::{Bits, Column, Keys, Values};

/// A column of a record batch.
#[derive(Debug, Clone)]
pub(super) struct PreparedColumn<'a> {
    name: &'a str,
    values: PreparedValues<'a>,
    validity: Option<Bits<'a>>,
}

/// Values, lent by an array or copied out of it.
#[derive(Debug, Clone)]
pub(super) enum PreparedValues<'a> {
    /// As they lie in the array; no dictionary.
    Lent(Values<'a>),
    /// Byte strings one after the other, and one offset more than there are rows.
    Bytes { offsets: Vec<i64>, data: Vec<u8> },
    /// 256-bit integers, little-endian.
    Wide(Vec<[u8; 32]>),
    /// Codes, and what they stand for.
    Dictionary {
        keys: Keys<'a>,
        values: Box<PreparedColumn<'a>>,
    },
}

impl<'a> PreparedColumn<'a> {
    pub(super) fn new(name: &'a str, array: &'a dyn Array) -> Result<Self, ArrowError> {
        // What the schema refuses is refused here, with the same words.
        data_type(name, array.data_type())?;
        let unsupported = || ArrowError::UnsupportedType {
            column: name.to_owned(),
            data_type: array.data_type().clone(),
        };
        let validity = match array.nulls().filter(|nulls| nulls.null_count() > 0) {
            Some(nulls) => Some(bits(nulls.inner()).ok_or_else(unsupported)?),
            None => None,
        };
        let values = match values::dictionary(array) {
            Some((keys, values)) => PreparedValues::Dictionary {
                keys,
                values: Box::new(Self::new(name, values)?),
            },
            None => values::plain(array).ok_or_else(unsupported)?,
        };
        Ok(Self {
            name,
            values,
            validity,
        })
    }

    /// The column as the writer takes it.
    pub(super) fn lend(&self) -> Column<'_> {
        let values = match &self.values {
            PreparedValues::Lent(values) => values.clone(),
            PreparedValues::Bytes { offsets, data } => Values::Bytes64 { offsets, data },
            PreparedValues::Wide(values) => Values::Int256(values),
            PreparedValues::Dictionary { keys, values } => Values::Dictionary {
                keys: *keys,
                values: Box::new(values.lend()),
            },
        };
        Column {
            name: self.name,
            values,
            validity: self.validity,
        }
    }
}

/// The bits of a bitmap of Arrow, which may start within a byte.
pub(super) fn bits(buffer: &BooleanBuffer) -> Option<Bits<'_>> {
    Bits::new(buffer.values(), buffer.offset(), buffer.len())
}
