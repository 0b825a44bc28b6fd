//! Fields and union members this crate does not know, kept as bytes.

use crate::compact::{CompactReader, CompactWriter, MAX_DEPTH, code, code_of_type, type_of_code};
use crate::error::{FormatError, Malformed};
use thrift::protocol::{
    TFieldIdentifier, TInputProtocol, TListIdentifier, TMapIdentifier, TOutputProtocol,
    TSetIdentifier, TStructIdentifier, TType,
};

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
    pub(crate) fn read_field<P: TInputProtocol + ?Sized>(
        &mut self,
        protocol: &mut P,
        field_type: TType,
        id: i16,
    ) -> Result<(), FormatError> {
        self.push(UnknownField::read(protocol, field_type, id)?);
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
    /// that type.
    pub fn from_compact(id: i16, type_code: u8, bytes: Vec<u8>) -> Result<Self, FormatError> {
        let mut reader = CompactReader::new(&bytes);
        if !matches!(type_code, code::TRUE | code::FALSE) {
            reader.skip_code(type_code)?;
        }
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

    pub(crate) fn read<P: TInputProtocol + ?Sized>(
        protocol: &mut P,
        field_type: TType,
        id: i16,
    ) -> Result<Self, FormatError> {
        let mut bytes = Vec::new();
        let type_code = if field_type == TType::Bool {
            match protocol.read_bool().map_err(FormatError::from_thrift)? {
                true => code::TRUE,
                false => code::FALSE,
            }
        } else {
            transcribe(
                protocol,
                &mut CompactWriter::new(&mut bytes),
                field_type,
                MAX_DEPTH,
            )
            .map_err(FormatError::from_thrift)?;
            code_of_type(field_type).ok_or(Malformed::Unsupported { offset: 0 })?
        };
        Ok(Self {
            id,
            type_code,
            bytes,
        })
    }

    pub(crate) fn write<P: TOutputProtocol + ?Sized>(
        &self,
        protocol: &mut P,
    ) -> Result<(), FormatError> {
        self.write_thrift(protocol)
            .map_err(FormatError::from_thrift)
    }

    fn write_thrift<P: TOutputProtocol + ?Sized>(&self, protocol: &mut P) -> thrift::Result<()> {
        let field_type = type_of_code(self.type_code).unwrap_or(TType::Void);
        protocol.write_field_begin(&TFieldIdentifier {
            name: None,
            field_type,
            id: Some(self.id),
        })?;
        if field_type == TType::Bool {
            protocol.write_bool(self.type_code == code::TRUE)?;
        } else {
            let mut reader = CompactReader::new(&self.bytes);
            transcribe(&mut reader, protocol, field_type, MAX_DEPTH)?;
        }
        protocol.write_field_end()
    }
}

/// Writes the leading fields with ids below `id`; returns the others.
pub(crate) fn write_below<'a, P: TOutputProtocol + ?Sized>(
    fields: &'a [UnknownField],
    id: i16,
    protocol: &mut P,
) -> Result<&'a [UnknownField], FormatError> {
    let mut rest = fields;
    while let Some((field, after)) = rest.split_first() {
        if field.id >= id {
            break;
        }
        field.write(protocol)?;
        rest = after;
    }
    Ok(rest)
}

/// Copies one value from a protocol to another.
fn transcribe<I, O>(
    input: &mut I,
    output: &mut O,
    field_type: TType,
    depth: usize,
) -> thrift::Result<()>
where
    I: TInputProtocol + ?Sized,
    O: TOutputProtocol + ?Sized,
{
    let Some(depth) = depth.checked_sub(1) else {
        return Err(thrift::Error::User(Box::new(Malformed::Depth {
            offset: 0,
            limit: MAX_DEPTH,
        })));
    };
    match field_type {
        TType::Bool => output.write_bool(input.read_bool()?),
        TType::I08 => output.write_i8(input.read_i8()?),
        TType::I16 => output.write_i16(input.read_i16()?),
        TType::I32 => output.write_i32(input.read_i32()?),
        TType::I64 => output.write_i64(input.read_i64()?),
        TType::Double => output.write_double(input.read_double()?),
        TType::String => output.write_bytes(&input.read_bytes()?),
        TType::Uuid => output.write_uuid(&input.read_uuid()?),
        TType::Struct => {
            input.read_struct_begin()?;
            output.write_struct_begin(&TStructIdentifier {
                name: String::new(),
            })?;
            loop {
                let field = input.read_field_begin()?;
                if field.field_type == TType::Stop {
                    break;
                }
                output.write_field_begin(&field)?;
                transcribe(input, output, field.field_type, depth)?;
                input.read_field_end()?;
                output.write_field_end()?;
            }
            input.read_struct_end()?;
            output.write_field_stop()?;
            output.write_struct_end()
        }
        TType::List => {
            let list = input.read_list_begin()?;
            output.write_list_begin(&TListIdentifier::new(list.element_type, list.size))?;
            for _ in 0..list.size {
                transcribe(input, output, list.element_type, depth)?;
            }
            input.read_list_end()?;
            output.write_list_end()
        }
        TType::Set => {
            let set = input.read_set_begin()?;
            output.write_set_begin(&TSetIdentifier::new(set.element_type, set.size))?;
            for _ in 0..set.size {
                transcribe(input, output, set.element_type, depth)?;
            }
            input.read_set_end()?;
            output.write_set_end()
        }
        TType::Map => {
            let map = input.read_map_begin()?;
            output.write_map_begin(&TMapIdentifier::new(map.key_type, map.value_type, map.size))?;
            if let (Some(key), Some(value)) = (map.key_type, map.value_type) {
                for _ in 0..map.size {
                    transcribe(input, output, key, depth)?;
                    transcribe(input, output, value, depth)?;
                }
            }
            input.read_map_end()?;
            output.write_map_end()
        }
        TType::Stop | TType::Void | TType::Utf7 => {
            Err(thrift::Error::User(Box::new(Malformed::Unsupported {
                offset: 0,
            })))
        }
    }
}
