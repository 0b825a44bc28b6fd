//! Reading: a position in a slice, with limits.

use super::code;
use crate::error::Malformed;
use pq_encoding::{varint, zigzag};

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
    pub(super) pending_bool: Option<bool>,
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

    pub(super) fn take_byte(&mut self) -> Result<u8, Malformed> {
        let byte = *self
            .bytes
            .get(self.position)
            .ok_or(Malformed::UnexpectedEnd {
                offset: self.position,
            })?;
        self.position += 1;
        Ok(byte)
    }

    pub(super) fn take_array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
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

    pub(super) fn take_i16(&mut self) -> Result<i16, Malformed> {
        let offset = self.position;
        i16::try_from(self.take_i32()?).map_err(|_| Malformed::Integer { offset })
    }

    pub(super) fn take_i32(&mut self) -> Result<i32, Malformed> {
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

    pub(super) fn close(&mut self) {
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

    pub(super) fn open_map(&mut self) -> Result<(u8, u8, usize), Malformed> {
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
}
