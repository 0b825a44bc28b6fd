//! Fields and union members this crate does not know, kept as bytes.

use crate::compact::CompactReader;
use crate::error::{FormatError, Malformed};
use crate::protocol::{Field, Input, Output};

/// A field of a struct, or a member of a union, that this crate does not know.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnknownField {
    id: i16,
    type_code: u8,
    bytes: Vec<u8>,
}

/// The fields of a struct that this crate does not know, in the order read.
///
/// The default is empty and allocates nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct UnknownFields(Option<Box<Fields>>);

/// Boxed as a whole: nearly every struct has none, which then takes one word.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Fields {
    fields: Vec<UnknownField>,
}

impl UnknownFields {
    /// The fields.
    #[must_use]
    pub fn as_slice(&self) -> &[UnknownField] {
        self.0.as_ref().map_or(&[], |list| &list.fields)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// Adds a field; it is written before the first known field with a higher
    /// id, and after the fields added before it.
    pub fn push(&mut self, field: UnknownField) {
        self.0.get_or_insert_default().fields.push(field);
    }

    #[cold]
    #[doc(hidden)]
    pub fn read_field<I: Input>(&mut self, input: &mut I, field: Field) -> Result<(), FormatError> {
        self.push(UnknownField::read(input, field)?);
        Ok(())
    }
}

impl UnknownField {
    /// A field from its id, the compact protocol's code of its type, and its
    /// value in the compact protocol. Booleans have code 1 (true) or 2 (false)
    /// and no bytes.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`] if the bytes are not exactly one value of
    /// that type. How deep the field will stand is not known here: what then
    /// passes [`MAX_DEPTH`](crate::MAX_DEPTH) is written and not read again.
    pub fn from_compact(id: i16, type_code: u8, bytes: Vec<u8>) -> Result<Self, FormatError> {
        let mut reader = CompactReader::new(&bytes);
        reader.skip_field(type_code)?;
        let (offset, remaining) = (reader.position(), bytes.len() - reader.position());
        if remaining > 0 {
            return Err(Malformed::TrailingBytes { offset, remaining }.into());
        }
        Ok(Self {
            id,
            type_code,
            bytes,
        })
    }

    /// The field's id.
    #[must_use]
    pub fn id(&self) -> i16 {
        self.id
    }

    /// The code of the field's type in the compact protocol, 1 to 13.
    #[must_use]
    pub fn type_code(&self) -> u8 {
        self.type_code
    }

    /// The field's value in the compact protocol; empty for booleans, whose
    /// value is in the type code.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads the value of a field whose header says this.
    ///
    /// # Errors
    ///
    /// What the input reports.
    #[doc(hidden)]
    pub fn read<I: Input>(input: &mut I, field: Field) -> Result<Self, FormatError> {
        Ok(Self {
            id: field.id,
            type_code: field.code,
            bytes: input.compact_value(field)?,
        })
    }

    /// Writes the field with its header.
    ///
    /// # Errors
    ///
    /// What the output reports.
    #[doc(hidden)]
    pub fn write<O: Output>(&self, output: &mut O, last: &mut i16) -> Result<(), FormatError> {
        output.field(last, self.id, self.type_code)?;
        output.compact_value(self.type_code, &self.bytes)?;
        output.end_field()
    }

    /// Writes the leading fields with ids below `id`; returns the others.
    #[doc(hidden)]
    pub fn write_below<'a, O: Output>(
        fields: &'a [Self],
        id: i16,
        output: &mut O,
        last: &mut i16,
    ) -> Result<&'a [Self], FormatError> {
        let mut rest = fields;
        while let Some((field, after)) = rest.split_first() {
            if field.id >= id {
                break;
            }
            field.write(output, last)?;
            rest = after;
        }
        Ok(rest)
    }
}
