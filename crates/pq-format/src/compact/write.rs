//! Writing: a `Vec<u8>` that grows.

use crate::error::FormatError;
use crate::protocol::{Output, code};
use crate::short_list::{Binary, ShortList};
use crate::string_list::StringList;
use pq_encoding::{varint, zigzag};

/// Appends thrift's compact protocol to a buffer that the caller owns.
#[derive(Debug)]
pub struct CompactWriter<'a> {
    out: &'a mut Vec<u8>,
}

impl<'a> CompactWriter<'a> {
    /// A writer that appends to `out`.
    #[must_use]
    pub fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out }
    }

    #[inline]
    fn length(&mut self, length: usize) -> Result<(), FormatError> {
        check_length(length)?;
        push_varint(length as u64, self.out);
        Ok(())
    }
}

/// Checks a length against what thrift can say.
#[inline]
pub(crate) fn check_length(length: usize) -> Result<(), FormatError> {
    if length > i32::MAX as usize {
        let path = String::new();
        return Err(FormatError::TooLong { path, length });
    }
    Ok(())
}

/// A field's header: its distance from the field before where that fits, else its id.
#[inline]
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
    push_first(&bytes, len, out);
}

/// Appends the first `len` bytes: all of them, of which too many are taken back, which is quicker
/// than as many as it takes.
#[inline]
fn push_first<const N: usize>(bytes: &[u8; N], len: usize, out: &mut Vec<u8>) {
    let end = out.len() + len;
    out.extend_from_slice(bytes);
    out.truncate(end);
}

/// Appends bytes that mostly are few.
#[inline]
fn push_short<const N: usize>(bytes: &ShortList<u8, N>, out: &mut Vec<u8>) {
    match bytes.items_in_place() {
        Some(items) => push_first(items, bytes.len(), out),
        None => out.extend_from_slice(bytes),
    }
}

/// A list's header.
#[inline]
pub(crate) fn list_header(out: &mut Vec<u8>, code: u8, count: u64) {
    if count < 15 {
        out.push((count as u8) << 4 | code);
    } else {
        out.push(0xf0 | code);
        push_varint(count, out);
    }
}

impl Output for CompactWriter<'_> {
    #[inline]
    fn begin_struct(&mut self) -> Result<(), FormatError> {
        Ok(())
    }

    #[inline]
    fn end_struct(&mut self) -> Result<(), FormatError> {
        self.out.push(code::STOP);
        Ok(())
    }

    #[inline(always)]
    fn field(&mut self, last: &mut i16, id: i16, code: u8) -> Result<(), FormatError> {
        field_header(self.out, *last, id, code);
        *last = id;
        Ok(())
    }

    #[inline(always)]
    fn integer_field(
        &mut self,
        last: &mut i16,
        id: i16,
        code: u8,
        value: i64,
    ) -> Result<(), FormatError> {
        let value = zigzag::encode_i64(value);
        let delta = i32::from(id) - i32::from(*last);
        let header = (delta as u8) << 4 | code;
        // A distance, and a value of one byte or of up to seven.
        if !(1..=15).contains(&delta) || value >> 49 != 0 {
            field_header(self.out, *last, id, code);
            push_varint(value, self.out);
        } else if value < 0x80 {
            self.out.extend_from_slice(&[header, value as u8]);
        } else if let Some((word, len)) = varint::encode_word(value) {
            let word = word << 8 | u64::from(header);
            push_first(&word.to_le_bytes(), 1 + len, self.out);
        }
        *last = id;
        Ok(())
    }

    #[inline]
    fn end_field(&mut self) -> Result<(), FormatError> {
        Ok(())
    }

    #[inline]
    fn bool(&mut self, value: bool) -> Result<(), FormatError> {
        self.out.push(if value { code::TRUE } else { code::FALSE });
        Ok(())
    }

    #[inline]
    fn i8(&mut self, value: i8) -> Result<(), FormatError> {
        self.out.push(value.cast_unsigned());
        Ok(())
    }

    #[inline]
    fn i16(&mut self, value: i16) -> Result<(), FormatError> {
        self.i32(i32::from(value))
    }

    #[inline]
    fn i32(&mut self, value: i32) -> Result<(), FormatError> {
        push_varint(u64::from(zigzag::encode_i32(value)), self.out);
        Ok(())
    }

    #[inline]
    fn i64(&mut self, value: i64) -> Result<(), FormatError> {
        push_varint(zigzag::encode_i64(value), self.out);
        Ok(())
    }

    #[inline]
    fn double(&mut self, value: f64) -> Result<(), FormatError> {
        self.out.extend_from_slice(&value.to_le_bytes());
        Ok(())
    }

    #[inline]
    fn binary(&mut self, value: &Binary) -> Result<(), FormatError> {
        self.length(value.len())?;
        push_short(value, self.out);
        Ok(())
    }

    #[inline]
    fn string(&mut self, value: &str) -> Result<(), FormatError> {
        self.length(value.len())?;
        self.out.extend_from_slice(value.as_bytes());
        Ok(())
    }

    #[inline]
    fn string_list(&mut self, list: &StringList) -> Result<(), FormatError> {
        let bytes = list.encoded();
        if bytes.is_empty() {
            return self.begin_list(code::BINARY, 0);
        }
        push_short(bytes, self.out);
        Ok(())
    }

    #[inline]
    fn packed_list(&mut self, list: &Binary) -> Result<(), FormatError> {
        push_short(list, self.out);
        Ok(())
    }

    #[inline(always)]
    fn begin_list(&mut self, code: u8, count: usize) -> Result<(), FormatError> {
        check_length(count)?;
        list_header(self.out, code, count as u64);
        Ok(())
    }

    #[inline]
    fn end_list(&mut self) -> Result<(), FormatError> {
        Ok(())
    }

    fn compact_value(&mut self, _code: u8, bytes: &[u8]) -> Result<(), FormatError> {
        self.out.extend_from_slice(bytes);
        Ok(())
    }
}
