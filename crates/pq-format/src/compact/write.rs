//! Writing: a `Vec<u8>` behind thrift's output trait.

use super::{code, code_of_type};
use crate::error::{FormatError, Malformed};
use pq_encoding::{varint, zigzag};
use thrift::protocol::{
    TFieldIdentifier, TListIdentifier, TMapIdentifier, TMessageIdentifier, TOutputProtocol,
    TSetIdentifier, TStructIdentifier, TType,
};

/// Appends thrift's compact protocol to a buffer that the caller owns.
#[derive(Debug)]
pub struct CompactWriter<'a> {
    out: &'a mut Vec<u8>,
    last_field_id: i16,
    outer_field_ids: Vec<i16>,
    /// A boolean field whose header waits for its value.
    pending_bool: Option<i16>,
}

impl<'a> CompactWriter<'a> {
    /// A writer that appends to `out`.
    #[must_use]
    pub fn new(out: &'a mut Vec<u8>) -> Self {
        Self {
            out,
            last_field_id: 0,
            outer_field_ids: Vec::new(),
            pending_bool: None,
        }
    }

    fn code(&self, field_type: TType) -> thrift::Result<u8> {
        code_of_type(field_type).ok_or_else(|| self.unsupported())
    }

    #[cold]
    fn unsupported(&self) -> thrift::Error {
        thrift::Error::User(Box::new(Malformed::Unsupported {
            offset: self.out.len(),
        }))
    }

    fn field(&mut self, id: i16, code: u8) {
        field_header(self.out, self.last_field_id, id, code);
        self.last_field_id = id;
    }

    fn binary(&mut self, bytes: &[u8]) -> thrift::Result<()> {
        if i32::try_from(bytes.len()).is_err() {
            return Err(thrift::Error::User(Box::new(FormatError::TooLong {
                path: String::new(),
                length: bytes.len(),
            })));
        }
        push_varint(bytes.len() as u64, self.out);
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn count(&self, size: i32) -> thrift::Result<u64> {
        u64::try_from(size).map_err(|_| self.unsupported())
    }
}

/// A field's header: a delta from the field before where it fits, else the id.
pub(crate) fn field_header(out: &mut Vec<u8>, previous_id: i16, id: i16, code: u8) {
    match i32::from(id) - i32::from(previous_id) {
        delta @ 1..=15 => out.push((delta as u8) << 4 | code),
        _ => {
            out.push(code);
            push_varint(u64::from(zigzag::encode_i32(i32::from(id))), out);
        }
    }
}

/// A varint, to an output that grows: `push` and `encode` in one.
#[inline]
pub(crate) fn push_varint(value: u64, out: &mut Vec<u8>) {
    if value < 0x80 {
        out.push(value as u8);
        return;
    }
    let mut bytes = [0; varint::MAX_LEN_U64];
    let len = varint::encode_u64_to_array(value, &mut bytes);
    out.extend_from_slice(bytes.get(..len).unwrap_or_default());
}

/// A list's header.
pub(crate) fn list_header(out: &mut Vec<u8>, code: u8, count: u64) {
    if count < 15 {
        out.push((count as u8) << 4 | code);
    } else {
        out.push(0xf0 | code);
        push_varint(count, out);
    }
}

impl TOutputProtocol for CompactWriter<'_> {
    fn write_message_begin(&mut self, _identifier: &TMessageIdentifier) -> thrift::Result<()> {
        Err(self.unsupported())
    }

    fn write_message_end(&mut self) -> thrift::Result<()> {
        Err(self.unsupported())
    }

    fn write_struct_begin(&mut self, _identifier: &TStructIdentifier) -> thrift::Result<()> {
        self.outer_field_ids.push(self.last_field_id);
        self.last_field_id = 0;
        Ok(())
    }

    fn write_struct_end(&mut self) -> thrift::Result<()> {
        self.last_field_id = self.outer_field_ids.pop().unwrap_or(0);
        Ok(())
    }

    fn write_field_begin(&mut self, identifier: &TFieldIdentifier) -> thrift::Result<()> {
        let id = identifier.id.ok_or_else(|| self.unsupported())?;
        if identifier.field_type == TType::Bool {
            self.pending_bool = Some(id);
        } else {
            let code = self.code(identifier.field_type)?;
            self.field(id, code);
        }
        Ok(())
    }

    fn write_field_end(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn write_field_stop(&mut self) -> thrift::Result<()> {
        self.out.push(code::STOP);
        Ok(())
    }

    fn write_bool(&mut self, value: bool) -> thrift::Result<()> {
        let code = if value { code::TRUE } else { code::FALSE };
        match self.pending_bool.take() {
            Some(id) => self.field(id, code),
            None => self.out.push(code),
        }
        Ok(())
    }

    fn write_bytes(&mut self, bytes: &[u8]) -> thrift::Result<()> {
        self.binary(bytes)
    }

    fn write_i8(&mut self, value: i8) -> thrift::Result<()> {
        self.out.push(value.cast_unsigned());
        Ok(())
    }

    fn write_i16(&mut self, value: i16) -> thrift::Result<()> {
        self.write_i32(i32::from(value))
    }

    fn write_i32(&mut self, value: i32) -> thrift::Result<()> {
        push_varint(u64::from(zigzag::encode_i32(value)), self.out);
        Ok(())
    }

    fn write_i64(&mut self, value: i64) -> thrift::Result<()> {
        push_varint(zigzag::encode_i64(value), self.out);
        Ok(())
    }

    fn write_double(&mut self, value: f64) -> thrift::Result<()> {
        self.out.extend_from_slice(&value.to_le_bytes());
        Ok(())
    }

    fn write_uuid(&mut self, value: &uuid::Uuid) -> thrift::Result<()> {
        self.out.extend_from_slice(value.as_bytes());
        Ok(())
    }

    fn write_string(&mut self, value: &str) -> thrift::Result<()> {
        self.binary(value.as_bytes())
    }

    fn write_list_begin(&mut self, identifier: &TListIdentifier) -> thrift::Result<()> {
        let count = self.count(identifier.size)?;
        let code = self.code(identifier.element_type)?;
        list_header(self.out, code, count);
        Ok(())
    }

    fn write_list_end(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn write_set_begin(&mut self, identifier: &TSetIdentifier) -> thrift::Result<()> {
        self.write_list_begin(&TListIdentifier::new(
            identifier.element_type,
            identifier.size,
        ))
    }

    fn write_set_end(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn write_map_begin(&mut self, identifier: &TMapIdentifier) -> thrift::Result<()> {
        let count = self.count(identifier.size)?;
        push_varint(count, self.out);
        if count > 0 {
            let (Some(key), Some(value)) = (identifier.key_type, identifier.value_type) else {
                return Err(self.unsupported());
            };
            let types = self.code(key)? << 4 | self.code(value)?;
            self.out.push(types);
        }
        Ok(())
    }

    fn write_map_end(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn write_byte(&mut self, byte: u8) -> thrift::Result<()> {
        self.out.push(byte);
        Ok(())
    }
}
