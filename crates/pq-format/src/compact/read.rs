//! Reading: a position in a slice behind thrift's input trait.

use super::{code, type_of_code};
use crate::error::Malformed;
use pq_encoding::{varint, zigzag};
use thrift::protocol::{
    TFieldIdentifier, TInputProtocol, TListIdentifier, TMapIdentifier, TMessageIdentifier,
    TSetIdentifier, TStructIdentifier, TType,
};

/// How deep structs and containers may nest.
pub const MAX_DEPTH: usize = 64;

/// Reads thrift's compact protocol from a slice.
///
/// Counts of containers and lengths of strings are checked against the bytes
/// that are left before anything is allocated, and nesting stops at
/// [`MAX_DEPTH`].
#[derive(Debug, Clone)]
pub struct CompactReader<'a> {
    bytes: &'a [u8],
    position: usize,
    /// Id of the last field of the innermost struct.
    last_field_id: i16,
    /// The same for the structs around it.
    outer_field_ids: Vec<i16>,
    /// Structs and containers that are open.
    depth: usize,
    /// Value of a boolean field, known since its header.
    pending_bool: Option<bool>,
}

/// Where a field stands: its header is `header..value`, its value `value..end`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldHeader {
    pub(crate) id: i16,
    pub(crate) code: u8,
    /// Id the header's delta counts from.
    pub(crate) previous_id: i16,
    /// Whether the header holds the id itself instead of a delta.
    pub(crate) absolute: bool,
    /// Offset of the header.
    pub(crate) offset: usize,
}

impl<'a> CompactReader<'a> {
    /// A reader at the start of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            position: 0,
            last_field_id: 0,
            outer_field_ids: Vec::new(),
            depth: 0,
            pending_bool: None,
        }
    }

    /// Bytes read so far.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    fn remaining(&self) -> usize {
        self.bytes.len() - self.position
    }

    /// The next `length` bytes.
    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let taken = self
            .bytes
            .get(self.position..)
            .and_then(|rest| rest.get(..length))
            .ok_or(Malformed::UnexpectedEnd {
                offset: self.position,
            })?;
        self.position += length;
        Ok(taken)
    }

    fn take_byte(&mut self) -> Result<u8, Malformed> {
        let byte = *self
            .bytes
            .get(self.position)
            .ok_or(Malformed::UnexpectedEnd {
                offset: self.position,
            })?;
        self.position += 1;
        Ok(byte)
    }

    fn take_array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let offset = self.position;
        self.take(N)?
            .try_into()
            .map_err(|_| Malformed::UnexpectedEnd { offset })
    }

    fn take_varint(&mut self) -> Result<u64, Malformed> {
        let offset = self.position;
        let rest = self.bytes.get(offset..).unwrap_or_default();
        // Most integers in metadata are a byte.
        if let Some(&byte) = rest.first()
            && byte < 0x80
        {
            self.position += 1;
            return Ok(u64::from(byte));
        }
        match varint::decode_u64(rest) {
            Ok((value, used)) => {
                self.position += used;
                Ok(value)
            }
            Err(_) if rest.iter().all(|byte| *byte >= 0x80) && rest.len() < 10 => {
                Err(Malformed::UnexpectedEnd { offset })
            }
            Err(_) => Err(Malformed::Integer { offset }),
        }
    }

    fn take_i16(&mut self) -> Result<i16, Malformed> {
        let offset = self.position;
        i16::try_from(self.take_i32()?).map_err(|_| Malformed::Integer { offset })
    }

    fn take_i32(&mut self) -> Result<i32, Malformed> {
        let offset = self.position;
        let value =
            u32::try_from(self.take_varint()?).map_err(|_| Malformed::Integer { offset })?;
        Ok(zigzag::decode_i32(value))
    }

    pub(crate) fn take_i64(&mut self) -> Result<i64, Malformed> {
        Ok(zigzag::decode_i64(self.take_varint()?))
    }

    /// A string's bytes, borrowed.
    pub(crate) fn take_binary(&mut self) -> Result<&'a [u8], Malformed> {
        let claimed = self.take_varint()?;
        let length = self.check_length(claimed, 1)?;
        self.take(length)
    }

    /// A string, borrowed.
    pub(crate) fn take_str(&mut self) -> Result<&'a str, Malformed> {
        let bytes = self.take_binary()?;
        std::str::from_utf8(bytes).map_err(|_| Malformed::Utf8 {
            offset: self.position - bytes.len(),
        })
    }

    /// Checks that `claimed` items of at least `size` bytes can follow.
    fn check_length(&self, claimed: u64, size: usize) -> Result<usize, Malformed> {
        let remaining = self.remaining();
        usize::try_from(claimed)
            .ok()
            .filter(|length| {
                i32::try_from(claimed).is_ok()
                    && length
                        .checked_mul(size)
                        .is_some_and(|bytes| bytes <= remaining)
            })
            .ok_or(Malformed::Length {
                offset: self.position,
                claimed,
                remaining,
            })
    }

    fn open(&mut self) -> Result<(), Malformed> {
        if self.depth >= MAX_DEPTH {
            return Err(Malformed::Depth {
                offset: self.position,
                limit: MAX_DEPTH,
            });
        }
        self.depth += 1;
        Ok(())
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    pub(crate) fn open_struct(&mut self) -> Result<(), Malformed> {
        self.open()?;
        self.outer_field_ids.push(self.last_field_id);
        self.last_field_id = 0;
        Ok(())
    }

    pub(crate) fn close_struct(&mut self) {
        self.close();
        self.last_field_id = self.outer_field_ids.pop().unwrap_or(0);
    }

    /// The next field's header; `None` at the end of the struct.
    pub(crate) fn next_field(&mut self) -> Result<Option<FieldHeader>, Malformed> {
        let offset = self.position;
        let byte = self.take_byte()?;
        let code = byte & 0x0f;
        if code == code::STOP {
            return Ok(None);
        }
        if code > code::UUID {
            return Err(Malformed::TypeCode { offset, code });
        }
        let previous_id = self.last_field_id;
        let delta = byte >> 4;
        let id = if delta == 0 {
            self.take_i16()?
        } else {
            previous_id
                .checked_add(i16::from(delta))
                .ok_or(Malformed::FieldId { offset })?
        };
        self.last_field_id = id;
        self.pending_bool = match code {
            code::TRUE => Some(true),
            code::FALSE => Some(false),
            _ => None,
        };
        Ok(Some(FieldHeader {
            id,
            code,
            previous_id,
            absolute: delta == 0,
            offset,
        }))
    }

    /// Code of the elements' type and their count. The list stays open until
    /// [`Self::close_list`].
    pub(crate) fn open_list(&mut self) -> Result<(u8, usize), Malformed> {
        self.open()?;
        let offset = self.position;
        let byte = self.take_byte()?;
        let code = byte & 0x0f;
        let claimed = match byte >> 4 {
            15 => self.take_varint()?,
            short => u64::from(short),
        };
        // An empty list may leave its elements' type open.
        if code > code::UUID || (code == code::STOP && claimed > 0) {
            return Err(Malformed::TypeCode { offset, code });
        }
        let size = if code == code::UUID { 16 } else { 1 };
        Ok((code, self.check_length(claimed, size)?))
    }

    pub(crate) fn close_list(&mut self) {
        self.close();
    }

    /// Steps over a value whose header or list has been read.
    pub(crate) fn skip_code(&mut self, code: u8) -> Result<(), Malformed> {
        match code {
            code::TRUE | code::FALSE => {
                if self.pending_bool.take().is_none() {
                    self.take(1)?;
                }
            }
            code::I8 => {
                self.take(1)?;
            }
            code::I16 | code::I32 | code::I64 => {
                self.take_varint()?;
            }
            code::DOUBLE => {
                self.take(8)?;
            }
            code::BINARY => {
                self.take_binary()?;
            }
            code::UUID => {
                self.take(16)?;
            }
            code::LIST | code::SET => {
                let (element, count) = self.open_list()?;
                for _ in 0..count {
                    self.skip_code(element)?;
                }
                self.close_list();
            }
            code::MAP => {
                let (key, value, count) = self.open_map()?;
                for _ in 0..count {
                    self.skip_code(key)?;
                    self.skip_code(value)?;
                }
                self.close();
            }
            code::STRUCT => {
                self.open_struct()?;
                while let Some(field) = self.next_field()? {
                    self.skip_code(field.code)?;
                }
                self.close_struct();
            }
            _ => {
                return Err(Malformed::TypeCode {
                    offset: self.position,
                    code,
                });
            }
        }
        Ok(())
    }

    fn open_map(&mut self) -> Result<(u8, u8, usize), Malformed> {
        self.open()?;
        let claimed = self.take_varint()?;
        if claimed == 0 {
            return Ok((code::STOP, code::STOP, 0));
        }
        let offset = self.position;
        let types = self.take_byte()?;
        let (key, value) = (types >> 4, types & 0x0f);
        for code in [key, value] {
            if code == code::STOP || code > code::UUID {
                return Err(Malformed::TypeCode { offset, code });
            }
        }
        Ok((key, value, self.check_length(claimed, 2)?))
    }

    fn type_at(&self, code: u8) -> Result<TType, Malformed> {
        type_of_code(code).ok_or(Malformed::TypeCode {
            offset: self.position,
            code,
        })
    }

    fn unsupported<T>(&self) -> thrift::Result<T> {
        fail(Malformed::Unsupported {
            offset: self.position,
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
        let offset = self.position;
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
