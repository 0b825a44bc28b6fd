//! The reader behind thrift's input trait.

use super::{CompactReader, type_of_code};
use crate::error::Malformed;
use thrift::protocol::{
    TFieldIdentifier, TInputProtocol, TListIdentifier, TMapIdentifier, TMessageIdentifier,
    TSetIdentifier, TStructIdentifier, TType,
};

impl CompactReader<'_> {
    fn type_at(&self, code: u8) -> Result<TType, Malformed> {
        type_of_code(code).ok_or(Malformed::TypeCode {
            offset: self.position(),
            code,
        })
    }

    fn unsupported<T>(&self) -> thrift::Result<T> {
        fail(Malformed::Unsupported {
            offset: self.position(),
        })
    }
}

#[cold]
fn thrift_error(malformed: Malformed) -> thrift::Error {
    thrift::Error::User(Box::new(malformed))
}

fn fail<T>(malformed: Malformed) -> thrift::Result<T> {
    Err(thrift_error(malformed))
}

/// A container's count as thrift counts; `check_length` keeps it in range.
fn thrift_count(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl TInputProtocol for CompactReader<'_> {
    fn read_message_begin(&mut self) -> thrift::Result<TMessageIdentifier> {
        self.unsupported()
    }

    fn read_message_end(&mut self) -> thrift::Result<()> {
        self.unsupported()
    }

    fn read_struct_begin(&mut self) -> thrift::Result<Option<TStructIdentifier>> {
        self.open_struct().map_err(thrift_error)?;
        Ok(None)
    }

    fn read_struct_end(&mut self) -> thrift::Result<()> {
        self.close_struct();
        Ok(())
    }

    fn read_field_begin(&mut self) -> thrift::Result<TFieldIdentifier> {
        let (field_type, id) = match self.next_field().map_err(thrift_error)? {
            Some(field) => (
                self.type_at(field.code).map_err(thrift_error)?,
                Some(field.id),
            ),
            None => (TType::Stop, None),
        };
        Ok(TFieldIdentifier {
            name: None,
            field_type,
            id,
        })
    }

    fn read_field_end(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn read_bool(&mut self) -> thrift::Result<bool> {
        if let Some(value) = self.pending_bool.take() {
            return Ok(value);
        }
        // In lists a boolean is a byte: 1 is true; false is 2, or 0 from some writers.
        let offset = self.position();
        match self.take_byte().map_err(thrift_error)? {
            1 => Ok(true),
            0 | 2 => Ok(false),
            code => fail(Malformed::TypeCode { offset, code }),
        }
    }

    fn read_bytes(&mut self) -> thrift::Result<Vec<u8>> {
        Ok(self.take_binary().map_err(thrift_error)?.to_vec())
    }

    fn read_i8(&mut self) -> thrift::Result<i8> {
        Ok(self.take_byte().map_err(thrift_error)?.cast_signed())
    }

    fn read_i16(&mut self) -> thrift::Result<i16> {
        self.take_i16().map_err(thrift_error)
    }

    fn read_i32(&mut self) -> thrift::Result<i32> {
        self.take_i32().map_err(thrift_error)
    }

    fn read_i64(&mut self) -> thrift::Result<i64> {
        self.take_i64().map_err(thrift_error)
    }

    fn read_double(&mut self) -> thrift::Result<f64> {
        Ok(f64::from_le_bytes(self.take_array().map_err(thrift_error)?))
    }

    fn read_uuid(&mut self) -> thrift::Result<uuid::Uuid> {
        Ok(uuid::Uuid::from_bytes(
            self.take_array().map_err(thrift_error)?,
        ))
    }

    fn read_string(&mut self) -> thrift::Result<String> {
        Ok(self.take_str().map_err(thrift_error)?.to_owned())
    }

    fn read_list_begin(&mut self) -> thrift::Result<TListIdentifier> {
        let (code, count) = self.open_list().map_err(thrift_error)?;
        let element_type = self.type_at(code).map_err(thrift_error)?;
        Ok(TListIdentifier::new(element_type, thrift_count(count)))
    }

    fn read_list_end(&mut self) -> thrift::Result<()> {
        self.close();
        Ok(())
    }

    fn read_set_begin(&mut self) -> thrift::Result<TSetIdentifier> {
        let list = self.read_list_begin()?;
        Ok(TSetIdentifier::new(list.element_type, list.size))
    }

    fn read_set_end(&mut self) -> thrift::Result<()> {
        self.close();
        Ok(())
    }

    fn read_map_begin(&mut self) -> thrift::Result<TMapIdentifier> {
        let (key, value, count) = self.open_map().map_err(thrift_error)?;
        if count == 0 {
            return Ok(TMapIdentifier::new(None, None, 0));
        }
        Ok(TMapIdentifier::new(
            self.type_at(key).map_err(thrift_error)?,
            self.type_at(value).map_err(thrift_error)?,
            thrift_count(count),
        ))
    }

    fn read_map_end(&mut self) -> thrift::Result<()> {
        self.close();
        Ok(())
    }

    fn skip_till_depth(&mut self, field_type: TType, _depth: i8) -> thrift::Result<()> {
        match super::code_of_type(field_type) {
            Some(code) => self.skip_code(code).map_err(thrift_error),
            None => self.unsupported(),
        }
    }

    fn skip_binary(&mut self) -> thrift::Result<()> {
        self.take_binary().map_err(thrift_error)?;
        Ok(())
    }

    fn read_byte(&mut self) -> thrift::Result<u8> {
        self.take_byte().map_err(thrift_error)
    }
}
