//! The protocols of the crate `thrift`, so that the structs of this crate go through any of them.

use crate::compact::{CompactWriter, MAX_DEPTH, check_length};
use crate::error::{FormatError, Malformed};
use crate::protocol::{Field, Input, Output, code};
use crate::short_list::Binary;
use crate::string_list::StringList;
use crate::value::{ThriftStruct, begin_list};
use thrift::protocol::{
    TCompactInputProtocol, TCompactOutputProtocol, TFieldIdentifier, TInputProtocol,
    TListIdentifier, TMapIdentifier, TOutputProtocol, TSetIdentifier, TStructIdentifier, TType,
};

/// Reads a struct from a protocol of the crate `thrift`.
///
/// Lists grow as they are read; other limits than that on nesting are the protocol's own.
///
/// # Errors
///
/// [`FormatError::Protocol`] with what the protocol reports, or as [`decode`](crate::decode).
pub fn read<T: ThriftStruct, P: TInputProtocol + ?Sized>(
    protocol: &mut P,
) -> Result<T, FormatError> {
    let mut value = T::default();
    let mut input = ThriftInput { protocol, depth: 0 };
    value.read(&mut input)?;
    Ok(value)
}

/// Writes a struct to a protocol of the crate `thrift`. After an error a part of it is written.
///
/// # Errors
///
/// [`FormatError::Protocol`] with what the protocol reports, or as [`encode`](crate::encode).
pub fn write<T: ThriftStruct, P: TOutputProtocol + ?Sized>(
    value: &T,
    protocol: &mut P,
) -> Result<(), FormatError> {
    value.write(&mut ThriftOutput { protocol })
}

/// Elements reserved before any is read: the protocol does not say what is left.
const AT_ONCE: usize = 64;

struct ThriftInput<'p, P: ?Sized> {
    protocol: &'p mut P,
    depth: usize,
}

struct ThriftOutput<'p, P: ?Sized> {
    protocol: &'p mut P,
}

fn type_of_code(type_code: u8) -> Result<TType, FormatError> {
    Ok(match type_code {
        code::STOP => TType::Stop,
        code::TRUE | code::FALSE => TType::Bool,
        code::I8 => TType::I08,
        code::I16 => TType::I16,
        code::I32 => TType::I32,
        code::I64 => TType::I64,
        code::DOUBLE => TType::Double,
        code::BINARY => TType::String,
        code::LIST => TType::List,
        code::SET => TType::Set,
        code::MAP => TType::Map,
        code::STRUCT => TType::Struct,
        code::UUID => TType::Uuid,
        code => return Err(Malformed::TypeCode { offset: 0, code }.into()),
    })
}

fn code_of_type(field_type: TType) -> Result<u8, FormatError> {
    Ok(match field_type {
        TType::Stop => code::STOP,
        TType::Bool => code::TRUE,
        TType::I08 => code::I8,
        TType::I16 => code::I16,
        TType::I32 => code::I32,
        TType::I64 => code::I64,
        TType::Double => code::DOUBLE,
        TType::String => code::BINARY,
        TType::List => code::LIST,
        TType::Set => code::SET,
        TType::Map => code::MAP,
        TType::Struct => code::STRUCT,
        TType::Uuid => code::UUID,
        TType::Void | TType::Utf7 => return Err(Malformed::Unsupported { offset: 0 }.into()),
    })
}

fn nameless() -> TStructIdentifier {
    TStructIdentifier {
        name: String::new(),
    }
}

impl<P: TInputProtocol + ?Sized> Input for ThriftInput<'_, P> {
    fn begin_struct(&mut self) -> Result<(), FormatError> {
        if self.depth >= MAX_DEPTH {
            let limit = MAX_DEPTH;
            return Err(Malformed::Depth { offset: 0, limit }.into());
        }
        self.depth += 1;
        self.protocol
            .read_struct_begin()
            .map_err(FormatError::protocol)?;
        Ok(())
    }

    fn end_struct(&mut self) -> Result<(), FormatError> {
        self.depth = self.depth.saturating_sub(1);
        self.protocol
            .read_struct_end()
            .map_err(FormatError::protocol)
    }

    fn next_field(&mut self, previous_id: i16) -> Result<Field, (i16, FormatError)> {
        let header = self.protocol.read_field_begin();
        let header = header.map_err(|error| (0, FormatError::protocol(error)))?;
        let id = header.id.unwrap_or(previous_id);
        let value = code_of_type(header.field_type).and_then(|code| match code {
            code::TRUE if self.bool()? => Ok((code::TRUE, 0)),
            code::TRUE => Ok((code::FALSE, 0)),
            code::I16 => Ok((code, self.i16()?.into())),
            code::I32 => Ok((code, self.i32()?.into())),
            code::I64 => Ok((code, self.i64()?)),
            code => Ok((code, 0)),
        });
        let (code, integer) = value.map_err(|error| (id, error))?;
        Ok(Field { id, code, integer })
    }

    fn position(&self) -> usize {
        0
    }

    fn bool(&mut self) -> Result<bool, FormatError> {
        self.protocol.read_bool().map_err(FormatError::protocol)
    }

    fn i8(&mut self) -> Result<i8, FormatError> {
        self.protocol.read_i8().map_err(FormatError::protocol)
    }

    fn i16(&mut self) -> Result<i16, FormatError> {
        self.protocol.read_i16().map_err(FormatError::protocol)
    }

    fn i32(&mut self) -> Result<i32, FormatError> {
        self.protocol.read_i32().map_err(FormatError::protocol)
    }

    fn i64(&mut self) -> Result<i64, FormatError> {
        self.protocol.read_i64().map_err(FormatError::protocol)
    }

    fn double(&mut self) -> Result<f64, FormatError> {
        self.protocol.read_double().map_err(FormatError::protocol)
    }

    fn binary(&mut self, value: &mut Binary) -> Result<(), FormatError> {
        *value = self
            .protocol
            .read_bytes()
            .map_err(FormatError::protocol)?
            .into();
        Ok(())
    }

    fn string(&mut self) -> Result<String, FormatError> {
        self.protocol.read_string().map_err(FormatError::protocol)
    }

    fn string_list(&mut self, list: &mut StringList) -> Result<(), FormatError> {
        let count = begin_list::<String, _>(self)?;
        let read: Result<StringList, FormatError> = (0..count).map(|_| self.string()).collect();
        *list = read?;
        self.end_list()
    }

    fn begin_list(&mut self) -> Result<(u8, usize), FormatError> {
        let list = self
            .protocol
            .read_list_begin()
            .map_err(FormatError::protocol)?;
        let code = code_of_type(list.element_type)?;
        match usize::try_from(list.size) {
            Ok(count) => Ok((code, count)),
            Err(_) => Err(Malformed::Unsupported { offset: 0 }.into()),
        }
    }

    fn end_list(&mut self) -> Result<(), FormatError> {
        self.protocol.read_list_end().map_err(FormatError::protocol)
    }

    fn charge(&mut self, count: usize, _size: usize) -> Result<usize, FormatError> {
        Ok(count.min(AT_ONCE))
    }

    fn compact_value(&mut self, field: Field) -> Result<Vec<u8>, FormatError> {
        let mut bytes = Vec::new();
        match field.code {
            code::TRUE | code::FALSE => {}
            code::I16 | code::I32 | code::I64 => {
                CompactWriter::new(&mut bytes).i64(field.integer)?;
            }
            _ => {
                let mut copy = TCompactOutputProtocol::new(&mut bytes);
                let field_type = type_of_code(field.code)?;
                transcribe(self.protocol, &mut copy, field_type, MAX_DEPTH)
                    .map_err(FormatError::protocol)?;
            }
        }
        Ok(bytes)
    }
}

impl<P: TOutputProtocol + ?Sized> Output for ThriftOutput<'_, P> {
    fn begin_struct(&mut self) -> Result<(), FormatError> {
        self.protocol
            .write_struct_begin(&nameless())
            .map_err(FormatError::protocol)
    }

    fn end_struct(&mut self) -> Result<(), FormatError> {
        self.protocol
            .write_field_stop()
            .and_then(|()| self.protocol.write_struct_end())
            .map_err(FormatError::protocol)
    }

    fn field(&mut self, last: &mut i16, id: i16, code: u8) -> Result<(), FormatError> {
        *last = id;
        let header = TFieldIdentifier {
            name: None,
            field_type: type_of_code(code)?,
            id: Some(id),
        };
        self.protocol
            .write_field_begin(&header)
            .map_err(FormatError::protocol)?;
        match code {
            code::TRUE | code::FALSE => self.bool(code == code::TRUE),
            _ => Ok(()),
        }
    }

    fn integer_field(
        &mut self,
        last: &mut i16,
        id: i16,
        code: u8,
        value: i64,
    ) -> Result<(), FormatError> {
        self.field(last, id, code)?;
        match code {
            code::I16 => self.i16(value as i16)?,
            code::I32 => self.i32(value as i32)?,
            _ => self.i64(value)?,
        }
        self.end_field()
    }

    fn end_field(&mut self) -> Result<(), FormatError> {
        self.protocol
            .write_field_end()
            .map_err(FormatError::protocol)
    }

    fn bool(&mut self, value: bool) -> Result<(), FormatError> {
        self.protocol
            .write_bool(value)
            .map_err(FormatError::protocol)
    }

    fn i8(&mut self, value: i8) -> Result<(), FormatError> {
        self.protocol.write_i8(value).map_err(FormatError::protocol)
    }

    fn i16(&mut self, value: i16) -> Result<(), FormatError> {
        self.protocol
            .write_i16(value)
            .map_err(FormatError::protocol)
    }

    fn i32(&mut self, value: i32) -> Result<(), FormatError> {
        self.protocol
            .write_i32(value)
            .map_err(FormatError::protocol)
    }

    fn i64(&mut self, value: i64) -> Result<(), FormatError> {
        self.protocol
            .write_i64(value)
            .map_err(FormatError::protocol)
    }

    fn double(&mut self, value: f64) -> Result<(), FormatError> {
        self.protocol
            .write_double(value)
            .map_err(FormatError::protocol)
    }

    fn binary(&mut self, value: &Binary) -> Result<(), FormatError> {
        check_length(value.len())?;
        self.protocol
            .write_bytes(value)
            .map_err(FormatError::protocol)
    }

    fn string(&mut self, value: &str) -> Result<(), FormatError> {
        check_length(value.len())?;
        self.protocol
            .write_string(value)
            .map_err(FormatError::protocol)
    }

    fn string_list(&mut self, list: &StringList) -> Result<(), FormatError> {
        self.begin_list(code::BINARY, list.len())?;
        list.iter().try_for_each(|string| self.string(string))?;
        self.end_list()
    }

    fn begin_list(&mut self, code: u8, count: usize) -> Result<(), FormatError> {
        check_length(count)?;
        let size = i32::try_from(count).unwrap_or(i32::MAX);
        self.protocol
            .write_list_begin(&TListIdentifier::new(type_of_code(code)?, size))
            .map_err(FormatError::protocol)
    }

    fn end_list(&mut self) -> Result<(), FormatError> {
        self.protocol
            .write_list_end()
            .map_err(FormatError::protocol)
    }

    fn compact_value(&mut self, code: u8, bytes: &[u8]) -> Result<(), FormatError> {
        // The header of a boolean has brought its value.
        if matches!(code, code::TRUE | code::FALSE) {
            return Ok(());
        }
        let mut copy = TCompactInputProtocol::new(bytes);
        transcribe(&mut copy, self.protocol, type_of_code(code)?, MAX_DEPTH)
            .map_err(FormatError::protocol)
    }
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
            output.write_struct_begin(&nameless())?;
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
