//! What the declarations in this crate stand on: structs, fields and lists
//! through thrift's protocol traits.

use crate::compact::type_name;
use crate::error::FormatError;
use thrift::protocol::{
    TFieldIdentifier, TInputProtocol, TListIdentifier, TOutputProtocol, TStructIdentifier, TType,
};

/// A struct or union that goes through thrift's protocol traits.
///
/// [`encode`](crate::encode) and [`decode`](crate::decode) do this with the
/// compact protocol, the only one that Parquet files use.
pub trait ThriftStruct: Sized {
    /// Reads the struct.
    ///
    /// # Errors
    ///
    /// What the protocol reports, a missing required field, or a field of
    /// another type than the specification's, with the path of the field.
    fn read<P: TInputProtocol + ?Sized>(protocol: &mut P) -> Result<Self, FormatError>;

    /// Writes the struct, its unknown fields included.
    ///
    /// # Errors
    ///
    /// What the protocol reports, or [`FormatError::TooLong`].
    fn write<P: TOutputProtocol + ?Sized>(&self, protocol: &mut P) -> Result<(), FormatError>;
}

/// What a field or a list element can be.
pub(crate) trait Value: Sized {
    const TYPE: TType;
    fn read_value<P: TInputProtocol + ?Sized>(protocol: &mut P) -> Result<Self, FormatError>;
    fn write_value<P: TOutputProtocol + ?Sized>(&self, protocol: &mut P)
    -> Result<(), FormatError>;
}

macro_rules! primitives {
    ($($type:ty, $thrift:ident, $read:ident, $write:ident, |$value:ident| $as_argument:expr;)*) => {$(
        impl Value for $type {
            const TYPE: TType = TType::$thrift;
            fn read_value<P: TInputProtocol + ?Sized>(protocol: &mut P) -> Result<Self, FormatError> {
                protocol.$read().map_err(FormatError::from_thrift)
            }
            fn write_value<P: TOutputProtocol + ?Sized>(&self, protocol: &mut P) -> Result<(), FormatError> {
                let $value = self;
                protocol.$write($as_argument).map_err(FormatError::from_thrift)
            }
        }
    )*};
}

primitives! {
    bool, Bool, read_bool, write_bool, |value| *value;
    i8, I08, read_i8, write_i8, |value| *value;
    i16, I16, read_i16, write_i16, |value| *value;
    i32, I32, read_i32, write_i32, |value| *value;
    i64, I64, read_i64, write_i64, |value| *value;
    f64, Double, read_double, write_double, |value| *value;
    String, String, read_string, write_string, |value| value;
    Vec<u8>, String, read_bytes, write_bytes, |value| value;
}

/// Elements reserved before any is read; longer lists grow as they arrive.
const MAX_RESERVED: usize = 1024;

impl<T: Value> Value for Vec<T> {
    const TYPE: TType = TType::List;

    fn read_value<P: TInputProtocol + ?Sized>(protocol: &mut P) -> Result<Self, FormatError> {
        let list = protocol
            .read_list_begin()
            .map_err(FormatError::from_thrift)?;
        let count = usize::try_from(list.size).unwrap_or(0);
        if count > 0 {
            check_type(T::TYPE, list.element_type).map_err(|error| error.in_element(0))?;
        }
        let mut values = Vec::with_capacity(count.min(MAX_RESERVED));
        for index in 0..count {
            values.push(T::read_value(protocol).map_err(|error| error.in_element(index))?);
        }
        protocol.read_list_end().map_err(FormatError::from_thrift)?;
        Ok(values)
    }

    fn write_value<P: TOutputProtocol + ?Sized>(
        &self,
        protocol: &mut P,
    ) -> Result<(), FormatError> {
        let size = i32::try_from(self.len()).map_err(|_| FormatError::TooLong {
            path: String::new(),
            length: self.len(),
        })?;
        protocol
            .write_list_begin(&TListIdentifier::new(T::TYPE, size))
            .map_err(FormatError::from_thrift)?;
        for (index, value) in self.iter().enumerate() {
            value
                .write_value(protocol)
                .map_err(|error| error.in_element(index))?;
        }
        protocol.write_list_end().map_err(FormatError::from_thrift)
    }
}

/// Checks a field's or element's type against the specification's.
pub(crate) fn check_type(expected: TType, got: TType) -> Result<(), FormatError> {
    if expected == got {
        return Ok(());
    }
    Err(FormatError::FieldType {
        path: String::new(),
        expected: type_name(expected),
        got: type_name(got),
    })
}

/// Reads a field's value after its header.
pub(crate) fn read_field<T: Value, P: TInputProtocol + ?Sized>(
    protocol: &mut P,
    field_type: TType,
    name: &str,
) -> Result<T, FormatError> {
    check_type(T::TYPE, field_type)
        .and_then(|()| T::read_value(protocol))
        .map_err(|error| error.in_field(name))
}

/// Writes a field with its header.
pub(crate) fn write_field<T: Value, P: TOutputProtocol + ?Sized>(
    value: &T,
    protocol: &mut P,
    id: i16,
    name: &str,
) -> Result<(), FormatError> {
    let header = TFieldIdentifier {
        name: None,
        field_type: T::TYPE,
        id: Some(id),
    };
    protocol
        .write_field_begin(&header)
        .map_err(FormatError::from_thrift)
        .and_then(|()| value.write_value(protocol))
        .and_then(|()| protocol.write_field_end().map_err(FormatError::from_thrift))
        .map_err(|error| error.in_field(name))
}

/// The next field's type and id; `None` at the end of the struct.
pub(crate) fn next_field<P: TInputProtocol + ?Sized>(
    protocol: &mut P,
) -> Result<Option<(TType, i16)>, FormatError> {
    let field = protocol
        .read_field_begin()
        .map_err(FormatError::from_thrift)?;
    Ok(match (field.field_type, field.id) {
        (TType::Stop, _) | (_, None) => None,
        (field_type, Some(id)) => Some((field_type, id)),
    })
}

/// Begins a struct; the compact protocol writes no names, so there is none.
pub(crate) fn begin_struct<P: TOutputProtocol + ?Sized>(
    protocol: &mut P,
) -> Result<(), FormatError> {
    let nameless = TStructIdentifier {
        name: String::new(),
    };
    protocol
        .write_struct_begin(&nameless)
        .map_err(FormatError::from_thrift)
}

/// Ends a struct.
pub(crate) fn end_struct<P: TOutputProtocol + ?Sized>(protocol: &mut P) -> Result<(), FormatError> {
    protocol
        .write_field_stop()
        .and_then(|()| protocol.write_struct_end())
        .map_err(FormatError::from_thrift)
}
