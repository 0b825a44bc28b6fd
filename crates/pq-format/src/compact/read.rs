//! Reading: a position in a slice, with limits.

use super::push_varint;
use crate::error::{FormatError, Malformed};
use crate::packed_list;
use crate::protocol::{Field, Input, code};
use crate::short_list::Binary;
use crate::string_list::StringList;
use crate::value::{Value, begin_list};
use pq_encoding::{varint, zigzag};

/// How deep structs and containers may nest.
pub const MAX_DEPTH: usize = 64;

/// Memory that a decoded footer may take for each of its bytes.
const MEMORY_PER_BYTE: usize = 16;

/// Memory that every footer may take.
const MEMORY_AT_LEAST: usize = 64 << 20;

/// Reads thrift's compact protocol from a slice.
///
/// Counts of containers and lengths of strings are checked against the bytes that are left
/// before anything is allocated, nesting stops at [`MAX_DEPTH`], and what is allocated in all
/// at 16 times the slice and 64 MiB.
#[derive(Debug, Clone)]
pub struct CompactReader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) position: usize,
    /// Structs and containers that are open.
    pub(super) depth: usize,
    /// Bytes that may still be allocated.
    memory: usize,
}

/// Where a field's header stands, and what it says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldHeader {
    pub(crate) id: i16,
    pub(crate) code: u8,
    /// Whether the header holds the id itself instead of its distance from the one before.
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
            depth: 0,
            memory: bytes
                .len()
                .saturating_mul(MEMORY_PER_BYTE)
                .saturating_add(MEMORY_AT_LEAST),
        }
    }

    /// The same for what will stand in so many structs and containers.
    pub(crate) fn inside(self, depth: usize) -> Self {
        Self { depth, ..self }
    }

    /// Bytes read so far.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.position)
    }

    /// The next eight bytes.
    #[inline(always)]
    pub(super) fn word(&self) -> Option<u64> {
        self.block().map(u64::from_le_bytes)
    }

    /// The next bytes.
    #[inline(always)]
    pub(super) fn block<const N: usize>(&self) -> Option<[u8; N]> {
        let block = self.bytes.get(self.position..self.position + N)?;
        block.first_chunk().copied()
    }

    /// The bytes that are left.
    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    #[cold]
    fn end_inside(&self) -> Malformed {
        Malformed::UnexpectedEnd {
            offset: self.position,
        }
    }

    /// The next `length` bytes.
    #[inline]
    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let taken = self.rest().get(..length).ok_or_else(|| self.end_inside())?;
        self.position += length;
        Ok(taken)
    }

    #[inline]
    pub(super) fn take_byte(&mut self) -> Result<u8, Malformed> {
        let byte = *self
            .bytes
            .get(self.position)
            .ok_or_else(|| self.end_inside())?;
        self.position += 1;
        Ok(byte)
    }

    #[inline]
    pub(super) fn take_array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let array = *self.rest().first_chunk().ok_or_else(|| self.end_inside())?;
        self.position += N;
        Ok(array)
    }

    #[inline]
    pub(super) fn take_varint(&mut self) -> Result<u64, Malformed> {
        // Most integers in metadata are a byte.
        if let Some(&byte) = self.bytes.get(self.position)
            && byte < 0x80
        {
            self.position += 1;
            return Ok(u64::from(byte));
        }
        match varint::decode_u64(self.rest()) {
            Ok((value, used)) => {
                self.position += used;
                Ok(value)
            }
            Err(_) => Err(self.bad_varint()),
        }
    }

    #[cold]
    fn bad_varint(&self) -> Malformed {
        let offset = self.position;
        let rest = self.rest();
        if rest.len() < varint::MAX_LEN_U64 && rest.iter().all(|byte| *byte >= 0x80) {
            Malformed::UnexpectedEnd { offset }
        } else {
            Malformed::Integer { offset }
        }
    }

    #[inline]
    pub(super) fn take_i16(&mut self) -> Result<i16, Malformed> {
        let offset = self.position;
        i16::try_from(self.take_i32()?).map_err(|_| Malformed::Integer { offset })
    }

    #[inline]
    pub(super) fn take_i32(&mut self) -> Result<i32, Malformed> {
        let offset = self.position;
        let value =
            u32::try_from(self.take_varint()?).map_err(|_| Malformed::Integer { offset })?;
        Ok(zigzag::decode_i32(value))
    }

    #[inline]
    pub(crate) fn take_i64(&mut self) -> Result<i64, Malformed> {
        Ok(zigzag::decode_i64(self.take_varint()?))
    }

    /// The length of a string whose bytes follow.
    #[inline]
    pub(crate) fn take_length(&mut self) -> Result<usize, Malformed> {
        let claimed = self.take_varint()?;
        self.check_length(claimed, 1)
    }

    /// A string's bytes, borrowed.
    #[inline]
    pub(crate) fn take_binary(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.take_length()?;
        self.take(length)
    }

    /// A string, borrowed.
    #[inline]
    pub(crate) fn take_str(&mut self) -> Result<&'a str, Malformed> {
        let bytes = self.take_binary()?;
        std::str::from_utf8(bytes).map_err(|_| Malformed::Utf8 {
            offset: self.position - bytes.len(),
        })
    }

    /// Steps over a string.
    #[inline]
    fn skip_str(&mut self) -> Result<(), Malformed> {
        let length = self.take_length()?;
        // Names mostly are ASCII, which is quicker to see.
        let bytes = self.take(length)?;
        if bytes.is_ascii() || std::str::from_utf8(bytes).is_ok() {
            return Ok(());
        }
        Err(Malformed::Utf8 {
            offset: self.position - bytes.len(),
        })
    }

    /// Checks that `claimed` items of at least `size` bytes can follow.
    #[inline]
    fn check_length(&self, claimed: u64, size: usize) -> Result<usize, Malformed> {
        let remaining = self.remaining();
        // Below 2^31, so the product stays below 2^63.
        if claimed <= i32::MAX as u64 && claimed * size as u64 <= remaining as u64 {
            return Ok(claimed as usize);
        }
        Err(Malformed::Length {
            offset: self.position,
            claimed,
            remaining,
        })
    }

    /// Begins a struct or a container.
    #[inline]
    pub(crate) fn open(&mut self) -> Result<(), Malformed> {
        if self.depth >= MAX_DEPTH {
            return Err(Malformed::Depth {
                offset: self.position,
                limit: MAX_DEPTH,
            });
        }
        self.depth += 1;
        Ok(())
    }

    /// Ends it.
    #[inline]
    pub(crate) fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// The next field's header; `None` at the end of the struct. `id` is the field before's.
    #[inline]
    pub(crate) fn take_field(&mut self, id: i16) -> Result<Option<FieldHeader>, Malformed> {
        let offset = self.position;
        let byte = self.take_byte()?;
        let code = byte & 0x0f;
        if code == code::STOP {
            return Ok(None);
        }
        if code > code::UUID {
            return Err(Malformed::TypeCode { offset, code });
        }
        let delta = byte >> 4;
        let id = if delta == 0 {
            self.take_i16()?
        } else {
            id.checked_add(i16::from(delta))
                .ok_or(Malformed::FieldId { offset })?
        };
        Ok(Some(FieldHeader {
            id,
            code,
            absolute: delta == 0,
            offset,
        }))
    }

    /// The next field's header, and its value if that is an integer.
    #[inline(never)]
    fn next_field_of_any_form(&mut self, previous_id: i16) -> Result<Field, (i16, FormatError)> {
        let header = self
            .take_field(previous_id)
            .map_err(|error| (0, error.into()))?;
        let (id, code) = header.map_or((previous_id, code::STOP), |field| (field.id, field.code));
        let integer = match is_integer(code) {
            true => self.take_i64().map_err(|error| (id, error.into()))?,
            false => 0,
        };
        Ok(Field { id, code, integer })
    }

    #[inline(never)]
    fn binary_of_any_length(&mut self, value: &mut Binary) -> Result<(), FormatError> {
        let length = self.take_length()?;
        let tail = self.rest();
        self.position += length;
        value.copy_from(tail, length);
        Ok(())
    }

    #[inline(never)]
    fn string_list_of_any_length(&mut self, list: &mut StringList) -> Result<(), FormatError> {
        let tail = self.rest();
        let start = self.position;
        let count = begin_list::<String, _>(self)?;
        for index in 0..count {
            self.skip_str()
                .map_err(|error| FormatError::from(error).in_element(index))?;
        }
        list.copy_from(tail, self.position - start);
        self.end_list()
    }

    /// The value of a field whose header is next.
    #[inline(never)]
    fn take_long_integer(&mut self) -> Result<i64, FormatError> {
        self.take_byte()?;
        Ok(self.take_i64()?)
    }

    /// Code of the elements' type and their count. The list stays open until
    /// [`Self::close`].
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

impl Input for CompactReader<'_> {
    #[inline]
    fn begin_struct(&mut self) -> Result<(), FormatError> {
        Ok(self.open()?)
    }

    #[inline]
    fn end_struct(&mut self) -> Result<(), FormatError> {
        self.close();
        Ok(())
    }

    #[inline(always)]
    fn next_field(&mut self, previous_id: i16) -> Result<Field, (i16, FormatError)> {
        // A header with a distance, and up to seven bytes of a value.
        if let Some(&word) = self.rest().first_chunk() {
            let word = u64::from_le_bytes(word);
            let (header, value) = (word as u8, (word >> 8) as u8);
            let (delta, code) = (header >> 4, header & 0x0f);
            let mut field = Field {
                id: previous_id.saturating_add(i16::from(delta)),
                code,
                integer: 0,
            };
            if header == code::STOP {
                self.position += 1;
                return Ok(field);
            }
            if delta > 0 && field.id < i16::MAX {
                if !is_integer(code) {
                    self.position += 1;
                    return Ok(field);
                }
                if value < 0x80 {
                    self.position += 2;
                    field.integer = zigzag::decode_i64(u64::from(value));
                    return Ok(field);
                }
                if let Some((value, len)) = varint::decode_word(word >> 8 | 0x80 << 56) {
                    self.position += 1 + len;
                    field.integer = zigzag::decode_i64(value);
                    return Ok(field);
                }
            }
        }
        self.next_field_of_any_form(previous_id)
    }

    #[inline(always)]
    fn peek_word(&self) -> Option<u64> {
        self.word()
    }

    #[inline(always)]
    fn take_header(&mut self) {
        self.position += 1;
    }

    #[inline(always)]
    fn take_integer(&mut self, word: u64) -> Result<i64, FormatError> {
        let value = word >> 8;
        if value & 0x80 == 0 {
            self.position += 2;
            return Ok(zigzag::decode_i64(value & 0xff));
        }
        // Up to seven bytes.
        if let Some((value, len)) = varint::decode_word(value | 0x80 << 56) {
            self.position += 1 + len;
            return Ok(zigzag::decode_i64(value));
        }
        self.take_long_integer()
    }

    #[inline]
    fn position(&self) -> usize {
        self.position
    }

    #[inline]
    fn bool(&mut self) -> Result<bool, FormatError> {
        // 1 is true; false is 2, or 0 from some writers.
        let offset = self.position;
        match self.take_byte()? {
            1 => Ok(true),
            0 | 2 => Ok(false),
            code => Err(Malformed::TypeCode { offset, code }.into()),
        }
    }

    #[inline]
    fn i8(&mut self) -> Result<i8, FormatError> {
        Ok(self.take_byte()?.cast_signed())
    }

    #[inline]
    fn i16(&mut self) -> Result<i16, FormatError> {
        Ok(self.take_i16()?)
    }

    #[inline]
    fn i32(&mut self) -> Result<i32, FormatError> {
        Ok(self.take_i32()?)
    }

    #[inline]
    fn i64(&mut self) -> Result<i64, FormatError> {
        Ok(self.take_i64()?)
    }

    #[inline]
    fn double(&mut self) -> Result<f64, FormatError> {
        Ok(f64::from_le_bytes(self.take_array()?))
    }

    #[inline(always)]
    fn binary(&mut self, value: &mut Binary) -> Result<(), FormatError> {
        // Few bytes behind a length of one, and more behind them.
        if let Some([length, bytes @ ..]) = self.block::<23>()
            && value.set_first(&bytes, length)
        {
            self.position += 1 + usize::from(length);
            return Ok(());
        }
        self.binary_of_any_length(value)
    }

    fn string(&mut self) -> Result<String, FormatError> {
        Ok(self.take_str()?.to_owned())
    }

    #[inline(always)]
    fn string_list(&mut self, list: &mut StringList) -> Result<(), FormatError> {
        if self.depth < MAX_DEPTH
            && let Some(block) = self.block::<30>()
            && let Some(length) = length_of_one_name(&block)
            && list.set_first(&block, length)
        {
            self.position += usize::from(length);
            return Ok(());
        }
        self.string_list_of_any_length(list)
    }

    #[inline(always)]
    fn packed_list<T: Value>(&mut self, list: &mut Binary) -> Result<(), FormatError> {
        let start = self.position;
        if self.skip_usual_list(T::CODE, T::USUAL_FORM)
            && let Some(bytes) = self.bytes.get(start..).and_then(<[u8]>::first_chunk)
            && let Ok(length) = u8::try_from(self.position - start)
            && list.set_first(bytes, length)
        {
            return Ok(());
        }
        self.position = start;
        let tail = self.rest();
        packed_list::check::<T, _>(self)?;
        list.copy_from(tail, self.position - start);
        Ok(())
    }

    #[inline(always)]
    fn begin_list(&mut self) -> Result<(u8, usize), FormatError> {
        // Up to 14 elements of a byte or more.
        if let Some(&header) = self.bytes.get(self.position)
            && let (count @ ..15, code @ 1..code::UUID) = (header >> 4, header & 0x0f)
            && usize::from(count) < self.remaining()
            && self.depth < MAX_DEPTH
        {
            self.position += 1;
            self.depth += 1;
            return Ok((code, usize::from(count)));
        }
        Ok(self.open_list()?)
    }

    #[inline]
    fn end_list(&mut self) -> Result<(), FormatError> {
        self.close();
        Ok(())
    }

    fn charge(&mut self, count: usize, size: usize) -> Result<usize, FormatError> {
        let wanted = count.saturating_mul(size);
        match self.memory.checked_sub(wanted) {
            Some(left) => {
                self.memory = left;
                Ok(count)
            }
            None => Err(Malformed::Memory {
                offset: self.position,
                wanted,
            }
            .into()),
        }
    }

    #[cold]
    fn compact_value(&mut self, field: Field) -> Result<Vec<u8>, FormatError> {
        // What an unknown field takes beside its bytes, if it is the only one of its struct.
        self.charge(5, size_of::<crate::UnknownField>())?;
        if is_integer(field.code) {
            let mut value = Vec::new();
            push_varint(zigzag::encode_i64(field.integer), &mut value);
            return Ok(value);
        }
        let tail = self.rest();
        let start = self.position;
        self.skip_field(field.code)?;
        Ok(tail
            .get(..self.position - start)
            .unwrap_or_default()
            .to_vec())
    }
}

/// The length of the list that `block` begins with, if it is of one string, of 1 to 16 bytes of
/// ASCII.
#[inline(always)]
fn length_of_one_name(block: &[u8; 30]) -> Option<u8> {
    let [header, length, letters @ ..] = block;
    if *header != 0x10 | code::BINARY || !(1..=16).contains(length) {
        return None;
    }
    let high_bits = u128::from_le_bytes(*letters.first_chunk()?) & u128::from_le_bytes([0x80; 16]);
    let inside = u128::MAX >> (128 - 8 * u32::from(*length));
    (high_bits & inside == 0).then_some(2 + length)
}

/// Whether integers of this code are varints.
#[inline]
fn is_integer(code: u8) -> bool {
    matches!(code, code::I16 | code::I32 | code::I64)
}
