//! What reads and writes the parts of structs: our slice reader and writer, or another protocol.

use crate::error::FormatError;
use crate::packed_list;
use crate::short_list::Binary;
use crate::string_list::StringList;
use crate::value::Value;

/// Codes of types, as in the compact protocol.
pub mod code {
    /// The end of a struct.
    pub const STOP: u8 = 0;
    /// A boolean field that is true; the code of booleans in containers.
    pub const TRUE: u8 = 1;
    /// A boolean field that is false.
    pub const FALSE: u8 = 2;
    /// An integer of 8 bits.
    pub const I8: u8 = 3;
    /// An integer of 16 bits.
    pub const I16: u8 = 4;
    /// An integer of 32 bits.
    pub const I32: u8 = 5;
    /// An integer of 64 bits.
    pub const I64: u8 = 6;
    /// A floating-point number of 64 bits.
    pub const DOUBLE: u8 = 7;
    /// Bytes, or text.
    pub const BINARY: u8 = 8;
    /// A list.
    pub const LIST: u8 = 9;
    /// A set.
    pub const SET: u8 = 10;
    /// A map.
    pub const MAP: u8 = 11;
    /// A struct or union.
    pub const STRUCT: u8 = 12;
    /// A UUID.
    pub const UUID: u8 = 13;

    /// The name of a code's type, as the IDL spells it.
    #[must_use]
    pub const fn name(code: u8) -> &'static str {
        match code {
            STOP => "stop",
            TRUE | FALSE => "bool",
            I8 => "i8",
            I16 => "i16",
            I32 => "i32",
            I64 => "i64",
            DOUBLE => "double",
            BINARY => "binary",
            LIST => "list",
            SET => "set",
            MAP => "map",
            STRUCT => "struct",
            UUID => "uuid",
            _ => "unknown",
        }
    }
}

/// A field's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The id.
    pub id: i16,
    /// The code of the type; [`code::STOP`] if the struct ends here instead.
    pub code: u8,
    /// The value, if the code is [`code::I16`], [`code::I32`] or [`code::I64`].
    pub integer: i64,
}

/// The header that comes next, as it is compared with those of fields in order.
#[derive(Debug, Clone, Copy)]
pub struct NextHeader {
    /// What the input has next.
    word: u64,
    /// An id above the code of a type; negative if there is no word.
    header: i32,
    /// The id that is asked for.
    id: i32,
}

impl NextHeader {
    /// The header behind the field with this id, at first 0.
    #[doc(hidden)]
    #[inline(always)]
    pub fn behind<I: Input>(id: i32, input: &I) -> Self {
        match input.peek_word() {
            // Without a distance it is taken for that of the field before, which nobody asks for.
            Some(word) => Self {
                word,
                header: (id << 4) + i32::from(word as u8),
                id,
            },
            None => Self {
                word: 1,
                header: -1,
                id,
            },
        }
    }

    /// The same, when it is asked for the field with this id, above that before.
    #[doc(hidden)]
    #[inline(always)]
    #[must_use]
    pub const fn of(self, id: i32) -> Self {
        Self { id, ..self }
    }

    /// Whether it is that of the field that is asked for, with a value of the type with this code.
    #[inline(always)]
    #[must_use]
    pub const fn has(self, code: u8) -> bool {
        self.header == self.id << 4 | code as i32
    }

    /// The code of the field that is asked for, if it is the one that comes next.
    #[inline]
    #[must_use]
    pub fn code(self) -> Option<u8> {
        let code = u8::try_from(self.header - (self.id << 4)).ok()?;
        (code <= 0x0f).then_some(code)
    }

    /// Whether it is the end of the struct.
    #[doc(hidden)]
    #[inline(always)]
    #[must_use]
    pub const fn is_stop(self) -> bool {
        self.word as u8 == code::STOP
    }

    /// The header and what is behind it, as [`Input::peek_word`] found it.
    #[inline(always)]
    #[must_use]
    pub const fn word(self) -> u64 {
        self.word
    }
}

/// Where structs are read from.
///
/// [`CompactReader`](crate::CompactReader) reads slices. With the feature `thrift`, every
/// protocol of that crate is one too.
pub trait Input {
    /// Begins a struct.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`] if it is nested too deep.
    fn begin_struct(&mut self) -> Result<(), FormatError>;

    /// Ends the struct begun last, after [`code::STOP`].
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn end_struct(&mut self) -> Result<(), FormatError>;

    /// Reads the next field's header, and the value if that is an integer of 16 to 64 bits.
    /// `previous_id` is the id of the field before, at first 0.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports, with the id of the field whose
    /// value it is that cannot be read, or 0.
    fn next_field(&mut self, previous_id: i16) -> Result<Field, (i16, FormatError)>;

    /// The next eight bytes as a little-endian word, if the compact protocol is read, and a field's
    /// header or the end of the struct comes next. Where there is no such word it may be `None`,
    /// and the two methods that follow are never called.
    #[inline]
    fn peek_word(&self) -> Option<u64> {
        None
    }

    /// Steps over a header of one byte that [`Input::peek_word`] found.
    #[inline]
    fn take_header(&mut self) {}

    /// Reads a field whose header and value [`Input::peek_word`] found; its code is that of an
    /// integer of 16 to 64 bits.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    #[inline]
    fn take_integer(&mut self, _word: u64) -> Result<i64, FormatError> {
        Ok(self.next_field(0).map_err(|(_, error)| error)?.integer)
    }

    /// Bytes read so far, for errors.
    fn position(&self) -> usize;

    /// Reads a boolean in a container.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    fn bool(&mut self) -> Result<bool, FormatError>;

    /// Reads an integer of 8 bits.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    fn i8(&mut self) -> Result<i8, FormatError>;

    /// Reads an integer of 16 bits.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    fn i16(&mut self) -> Result<i16, FormatError>;

    /// Reads an integer of 32 bits.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    fn i32(&mut self) -> Result<i32, FormatError>;

    /// Reads an integer of 64 bits.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    fn i64(&mut self) -> Result<i64, FormatError>;

    /// Reads a floating-point number.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    fn double(&mut self) -> Result<f64, FormatError>;

    /// Reads bytes in place of `value`.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    fn binary(&mut self, value: &mut Binary) -> Result<(), FormatError>;

    /// Reads text.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    fn string(&mut self) -> Result<String, FormatError>;

    /// Reads a list of strings in place of `list`.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    fn string_list(&mut self, list: &mut StringList) -> Result<(), FormatError>;

    /// Reads a list of `T` in place of `list`, in the compact protocol, and checks its elements.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], what the protocol reports, or as [`Value::read`].
    fn packed_list<T: Value>(&mut self, list: &mut Binary) -> Result<(), FormatError> {
        packed_list::copy::<T, _>(self, list)
    }

    /// Begins a list: the code of its elements' type, and their number.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    fn begin_list(&mut self) -> Result<(u8, usize), FormatError>;

    /// Asks for memory for `count` elements of `size` bytes before it is allocated; returns for how
    /// many of them at once.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`] if all that was asked for passes the input's limit.
    fn charge(&mut self, count: usize, size: usize) -> Result<usize, FormatError>;

    /// Ends the list begun last.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn end_list(&mut self) -> Result<(), FormatError>;

    /// Reads the value of a field that the struct does not know, and returns it in the compact
    /// protocol. Booleans have no bytes: their code says it all.
    ///
    /// # Errors
    ///
    /// [`FormatError::Malformed`], or what the protocol reports.
    fn compact_value(&mut self, field: Field) -> Result<Vec<u8>, FormatError>;
}

/// Where structs are written to.
///
/// [`CompactWriter`](crate::CompactWriter) appends to a `Vec<u8>`. With the feature `thrift`,
/// every protocol of that crate is one too.
pub trait Output {
    /// Begins a struct.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn begin_struct(&mut self) -> Result<(), FormatError>;

    /// Ends the struct begun last.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn end_struct(&mut self) -> Result<(), FormatError>;

    /// Writes a field's header; `last` holds the id of the field before, at first 0, and then
    /// `id`. Of a boolean, this is all.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn field(&mut self, last: &mut i16, id: i16, code: u8) -> Result<(), FormatError>;

    /// Writes a field with an integer; its code is [`code::I16`], [`code::I32`] or [`code::I64`],
    /// and the value fits it.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn integer_field(
        &mut self,
        last: &mut i16,
        id: i16,
        code: u8,
        value: i64,
    ) -> Result<(), FormatError>;

    /// Ends the field begun last.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn end_field(&mut self) -> Result<(), FormatError>;

    /// Writes a boolean in a container.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn bool(&mut self, value: bool) -> Result<(), FormatError>;

    /// Writes an integer of 8 bits.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn i8(&mut self, value: i8) -> Result<(), FormatError>;

    /// Writes an integer of 16 bits.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn i16(&mut self, value: i16) -> Result<(), FormatError>;

    /// Writes an integer of 32 bits.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn i32(&mut self, value: i32) -> Result<(), FormatError>;

    /// Writes an integer of 64 bits.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn i64(&mut self, value: i64) -> Result<(), FormatError>;

    /// Writes a floating-point number.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn double(&mut self, value: f64) -> Result<(), FormatError>;

    /// Writes bytes.
    ///
    /// # Errors
    ///
    /// [`FormatError::TooLong`], or what the protocol reports.
    fn binary(&mut self, value: &Binary) -> Result<(), FormatError>;

    /// Writes text.
    ///
    /// # Errors
    ///
    /// [`FormatError::TooLong`], or what the protocol reports.
    fn string(&mut self, value: &str) -> Result<(), FormatError>;

    /// Writes a list of strings.
    ///
    /// # Errors
    ///
    /// [`FormatError::TooLong`], or what the protocol reports.
    fn string_list(&mut self, list: &StringList) -> Result<(), FormatError>;

    /// Writes a list that is in the compact protocol already.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn packed_list(&mut self, list: &Binary) -> Result<(), FormatError> {
        self.compact_value(code::LIST, list)
    }

    /// Begins a list of `count` elements whose type has this code.
    ///
    /// # Errors
    ///
    /// [`FormatError::TooLong`], or what the protocol reports.
    fn begin_list(&mut self, code: u8, count: usize) -> Result<(), FormatError>;

    /// Ends the list begun last.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn end_list(&mut self) -> Result<(), FormatError>;

    /// Writes a value that is in the compact protocol already.
    ///
    /// # Errors
    ///
    /// What the protocol reports.
    fn compact_value(&mut self, code: u8, bytes: &[u8]) -> Result<(), FormatError>;
}
