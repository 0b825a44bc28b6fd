//! What fields and elements can be, and how each is read and written.

use crate::error::FormatError;
use crate::packed_list::Number;
use crate::protocol::{Field, Input, NextHeader, Output, code};
use crate::short_list::{Binary, ShortList};
use crate::string_list::StringList;
use crate::usual_form::UsualForm;

/// A struct or union of the IDL, declared by [`structs!`](crate::structs) or
/// [`unions!`](crate::unions).
///
/// [`encode`](crate::encode) and [`decode`](crate::decode) go to and from the compact protocol,
/// the only one that Parquet files use.
pub trait ThriftStruct: Default {
    /// Reads the struct in place of `self`, which is the default.
    ///
    /// # Errors
    ///
    /// What the input reports, a missing required field, a field of another type than declared,
    /// or one that comes twice, with the path of the field.
    fn read<I: Input>(&mut self, input: &mut I) -> Result<(), FormatError>;

    /// Writes the struct, its unknown fields included.
    ///
    /// # Errors
    ///
    /// What the output reports, or what [`Validate`] finds, with the path of the field.
    fn write<O: Output>(&self, output: &mut O) -> Result<(), FormatError>;
}

/// What a struct must keep to, beyond what its declaration says. Checked before it is written.
pub trait Validate {
    /// Looks at the struct itself; its fields look at themselves.
    ///
    /// # Errors
    ///
    /// [`FormatError::Inconsistent`] with the path of the field from this struct on.
    fn validate(&self) -> Result<(), FormatError> {
        Ok(())
    }
}

/// What a field or a list's element can be: numbers, text, bytes, lists, structs, unions, enums.
pub trait Value: Default {
    /// The code of the type; of booleans that of true.
    const CODE: u8;

    /// What values mostly look like, if that is short.
    const USUAL_FORM: UsualForm = UsualForm::None;

    /// Whether a field whose header has this code can be read.
    #[inline]
    fn reads(code: u8) -> bool {
        code == Self::CODE
    }

    /// Reads an element in place of `self`, which is the default.
    ///
    /// # Errors
    ///
    /// What the input reports, with the path from this value on.
    fn read<I: Input>(&mut self, input: &mut I) -> Result<(), FormatError>;

    /// Reads the value of a field with this header.
    ///
    /// # Errors
    ///
    /// As [`Value::read`].
    #[inline]
    fn read_field<I: Input>(&mut self, input: &mut I, _field: Field) -> Result<(), FormatError> {
        self.read(input)
    }

    /// Reads a field to its place, if it is the one that comes next, with a header in the usual
    /// form. Returns whether it is; else nothing is read.
    ///
    /// # Errors
    ///
    /// As [`Value::read`].
    #[inline(always)]
    fn read_next<I: Input>(
        input: &mut I,
        next: NextHeader,
        place: &mut impl Place<Self>,
    ) -> Result<bool, FormatError> {
        if !next.has(Self::CODE) {
            return Ok(false);
        }
        input.take_header();
        place.begin().read(input)?;
        Ok(true)
    }

    /// Writes an element.
    ///
    /// # Errors
    ///
    /// What the output reports, with the path from this value on.
    fn write<O: Output>(&self, output: &mut O) -> Result<(), FormatError>;

    /// Writes a field with its header; `last` is the id of the field before.
    ///
    /// # Errors
    ///
    /// As [`Value::write`].
    #[inline]
    fn write_field<O: Output>(
        &self,
        output: &mut O,
        last: &mut i16,
        id: i16,
    ) -> Result<(), FormatError> {
        output.field(last, id, Self::CODE)?;
        self.write(output)?;
        output.end_field()
    }
}

/// Where a field of a struct goes: to a `T` or an `Option<T>`.
#[doc(hidden)]
pub trait Place<T> {
    /// A value to read in place.
    fn begin(&mut self) -> &mut T;

    /// Puts a value.
    fn set(&mut self, value: T);
}

impl<T> Place<T> for T {
    #[inline(always)]
    fn begin(&mut self) -> &mut T {
        self
    }

    #[inline(always)]
    fn set(&mut self, value: T) {
        *self = value;
    }
}

impl<T: Default> Place<T> for Option<T> {
    #[inline(always)]
    fn begin(&mut self) -> &mut T {
        if self.is_none() {
            // Nothing is dropped.
            std::mem::forget(self.replace(T::default()));
        }
        self.get_or_insert_default()
    }

    #[inline(always)]
    fn set(&mut self, value: T) {
        *self = Some(value);
    }
}

/// Values that fill a byte or are behind their length.
macro_rules! values {
    ($($type:ty, $code:ident, $method:ident, |$value:ident| $as_argument:expr;)*) => {$(
        impl Value for $type {
            const CODE: u8 = code::$code;

            #[inline]
            fn read<I: Input>(&mut self, input: &mut I) -> Result<(), FormatError> {
                *self = input.$method()?;
                Ok(())
            }

            #[inline]
            fn write<O: Output>(&self, output: &mut O) -> Result<(), FormatError> {
                let $value = self;
                output.$method($as_argument)
            }
        }
    )*};
}

values! {
    i8, I8, i8, |value| *value;
    f64, DOUBLE, double, |value| *value;
    String, BINARY, string, |value| value;
}

/// Integers of which a field's header is read with the value.
macro_rules! integers {
    ($($type:ident, $code:ident, $bytes:literal;)*) => {$(
        impl Value for $type {
            const CODE: u8 = code::$code;
            const USUAL_FORM: UsualForm = UsualForm::Integer { bytes: $bytes };

            #[inline]
            fn read<I: Input>(&mut self, input: &mut I) -> Result<(), FormatError> {
                *self = input.$type()?;
                Ok(())
            }

            #[inline]
            fn read_field<I: Input>(&mut self, input: &mut I, field: Field) -> Result<(), FormatError> {
                match Self::try_from(field.integer) {
                    Ok(value) => {
                        *self = value;
                        Ok(())
                    }
                    Err(_) => Err(FormatError::integer(input.position())),
                }
            }

            #[inline(always)]
            fn read_next<I: Input>(
                input: &mut I,
                next: NextHeader,
                place: &mut impl Place<Self>,
            ) -> Result<bool, FormatError> {
                if !next.has(Self::CODE) {
                    return Ok(false);
                }
                match Self::try_from(input.take_integer(next.word())?) {
                    Ok(value) => {
                        place.set(value);
                        Ok(true)
                    }
                    Err(_) => Err(FormatError::integer(input.position())),
                }
            }

            #[inline]
            fn write<O: Output>(&self, output: &mut O) -> Result<(), FormatError> {
                output.$type(*self)
            }

            #[inline(always)]
            fn write_field<O: Output>(
                &self,
                output: &mut O,
                last: &mut i16,
                id: i16,
            ) -> Result<(), FormatError> {
                output.integer_field(last, id, Self::CODE, i64::from(*self))
            }
        }
    )*};
}

integers! {
    i16, I16, 2;
    i32, I32, 4;
    i64, I64, 8;
}

impl Number for bool {}
impl Number for i8 {}
impl Number for f64 {}
impl Number for i16 {}
impl Number for i32 {}
impl Number for i64 {}

impl Value for Binary {
    const CODE: u8 = code::BINARY;

    #[inline(always)]
    fn read<I: Input>(&mut self, input: &mut I) -> Result<(), FormatError> {
        input.binary(self)
    }

    #[inline]
    fn write<O: Output>(&self, output: &mut O) -> Result<(), FormatError> {
        output.binary(self)
    }
}

impl Value for bool {
    const CODE: u8 = code::TRUE;

    #[inline]
    fn reads(code: u8) -> bool {
        matches!(code, code::TRUE | code::FALSE)
    }

    #[inline]
    fn read<I: Input>(&mut self, input: &mut I) -> Result<(), FormatError> {
        *self = input.bool()?;
        Ok(())
    }

    /// The code says it all.
    #[inline]
    fn read_field<I: Input>(&mut self, _input: &mut I, field: Field) -> Result<(), FormatError> {
        *self = field.code == code::TRUE;
        Ok(())
    }

    #[inline(always)]
    fn read_next<I: Input>(
        input: &mut I,
        next: NextHeader,
        place: &mut impl Place<Self>,
    ) -> Result<bool, FormatError> {
        let value = next.has(code::TRUE);
        if !value && !next.has(code::FALSE) {
            return Ok(false);
        }
        input.take_header();
        place.set(value);
        Ok(true)
    }

    #[inline]
    fn write<O: Output>(&self, output: &mut O) -> Result<(), FormatError> {
        output.bool(*self)
    }

    #[inline]
    fn write_field<O: Output>(
        &self,
        output: &mut O,
        last: &mut i16,
        id: i16,
    ) -> Result<(), FormatError> {
        let code = if *self { code::TRUE } else { code::FALSE };
        output.field(last, id, code)?;
        output.end_field()
    }
}

/// A value on the heap, for structs that are rare and large.
impl<T: Value> Value for Box<T> {
    const CODE: u8 = T::CODE;

    fn reads(code: u8) -> bool {
        T::reads(code)
    }

    fn read<I: Input>(&mut self, input: &mut I) -> Result<(), FormatError> {
        input.charge(1, size_of::<T>())?;
        T::read(self, input)
    }

    fn read_field<I: Input>(&mut self, input: &mut I, field: Field) -> Result<(), FormatError> {
        input.charge(1, size_of::<T>())?;
        T::read_field(self, input, field)
    }

    #[inline(always)]
    fn read_next<I: Input>(
        input: &mut I,
        next: NextHeader,
        place: &mut impl Place<Self>,
    ) -> Result<bool, FormatError> {
        if !next.code().is_some_and(T::reads) {
            return Ok(false);
        }
        input.charge(1, size_of::<T>())?;
        T::read_next(input, next, &mut **place.begin())
    }

    fn write<O: Output>(&self, output: &mut O) -> Result<(), FormatError> {
        T::write(self, output)
    }

    fn write_field<O: Output>(
        &self,
        output: &mut O,
        last: &mut i16,
        id: i16,
    ) -> Result<(), FormatError> {
        T::write_field(self, output, last, id)
    }
}

/// Reads the header of a list whose elements are `T`; returns their number.
#[inline]
pub(crate) fn begin_list<T: Value, I: Input>(input: &mut I) -> Result<usize, FormatError> {
    let (code, count) = input.begin_list()?;
    if count > 0 && !T::reads(code) {
        return Err(FormatError::field_type(T::CODE, code).in_element(0));
    }
    Ok(count)
}

/// Reads elements in place; the first of them has this index.
#[inline]
fn read_elements<T: Value, I: Input>(
    values: &mut [T],
    first: usize,
    input: &mut I,
) -> Result<(), FormatError> {
    for (index, value) in values.iter_mut().enumerate() {
        value
            .read(input)
            .map_err(|error| error.in_element(first + index))?;
    }
    Ok(())
}

/// Elements made at once before they are read in place.
const AHEAD: usize = 8;

/// Appends so many elements.
fn read_more<T: Value, I: Input>(
    values: &mut Vec<T>,
    count: usize,
    input: &mut I,
) -> Result<(), FormatError> {
    values.reserve_exact(input.charge(count, size_of::<T>())?);
    while values.len() < count {
        let done = values.len();
        let ahead = AHEAD.min(count - done);
        values.extend((0..ahead).map(|_| T::default()));
        read_elements(values.split_at_mut(done).1, done, input)?;
    }
    Ok(())
}

#[inline]
pub(crate) fn write_list<T: Value, O: Output>(
    values: &[T],
    output: &mut O,
) -> Result<(), FormatError> {
    output.begin_list(T::CODE, values.len())?;
    for (index, value) in values.iter().enumerate() {
        value
            .write(output)
            .map_err(|error| error.in_element(index))?;
    }
    output.end_list()
}

impl<T: Value> Value for Vec<T> {
    const CODE: u8 = code::LIST;

    fn read<I: Input>(&mut self, input: &mut I) -> Result<(), FormatError> {
        let count = begin_list::<T, _>(input)?;
        read_more(self, count, input)?;
        input.end_list()
    }

    #[inline]
    fn write<O: Output>(&self, output: &mut O) -> Result<(), FormatError> {
        write_list(self, output)
    }
}

impl<T: Value, const N: usize> Value for ShortList<T, N> {
    const CODE: u8 = code::LIST;

    #[inline]
    fn read<I: Input>(&mut self, input: &mut I) -> Result<(), FormatError> {
        let count = begin_list::<T, _>(input)?;
        if self.make_room(count) {
            read_elements(self, 0, input)?;
        } else {
            let mut values = Vec::new();
            read_more(&mut values, count, input)?;
            *self = values.into();
        }
        input.end_list()
    }

    #[inline]
    fn write<O: Output>(&self, output: &mut O) -> Result<(), FormatError> {
        write_list(self, output)
    }
}

impl Value for StringList {
    const CODE: u8 = code::LIST;

    #[inline(always)]
    fn read<I: Input>(&mut self, input: &mut I) -> Result<(), FormatError> {
        input.string_list(self)
    }

    #[inline]
    fn write<O: Output>(&self, output: &mut O) -> Result<(), FormatError> {
        output.string_list(self)
    }
}

/// Reads the member of a union.
#[doc(hidden)]
pub fn read_member<T: Value, I: Input>(
    input: &mut I,
    field: Field,
    name: &str,
) -> Result<T, FormatError> {
    let mut value = T::default();
    let read = if T::reads(field.code) {
        value.read_field(input, field)
    } else {
        Err(FormatError::field_type(T::CODE, field.code))
    };
    match read {
        Ok(()) => Ok(value),
        Err(error) => Err(error.in_field(name)),
    }
}
