//! One value of any kind.

use std::borrow::Cow;

/// One value of an object column: what a dynamic language has in a row.
///
/// ```
/// use pq_writer::Object;
///
/// let event = Object::Map(vec![
///     ("kind".into(), "click".into()),
///     ("at".into(), Object::List(vec![3.into(), 4.5.into()])),
///     ("note".into(), Object::Null),
/// ]);
/// assert!(!event.is_null());
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Object<'a> {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    UInt(u64),
    /// A float.
    Float(f64),
    /// An exact decimal, `unscaled / 10^scale`.
    Decimal {
        /// The digits and the sign.
        unscaled: i128,
        /// How many digits are behind the point.
        scale: u8,
    },
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// A list of objects.
    List(Vec<Object<'a>>),
    /// Objects by key, in order.
    Map(Vec<(Cow<'a, str>, Object<'a>)>),
}

impl Object<'_> {
    /// Whether there is nothing.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The kind of the object, for errors.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::UInt(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Decimal { .. } => "a decimal",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

macro_rules! from {
    ($($from:ty => |$value:ident| $object:expr;)*) => {
        $(impl<'a> From<$from> for Object<'a> {
            fn from($value: $from) -> Self {
                $object
            }
        })*
    };
}

from! {
    bool => |value| Self::Bool(value);
    i8 => |value| Self::Int(value.into());
    i16 => |value| Self::Int(value.into());
    i32 => |value| Self::Int(value.into());
    i64 => |value| Self::Int(value);
    u8 => |value| Self::UInt(value.into());
    u16 => |value| Self::UInt(value.into());
    u32 => |value| Self::UInt(value.into());
    u64 => |value| Self::UInt(value);
    f32 => |value| Self::Float(value.into());
    f64 => |value| Self::Float(value);
    &'a str => |value| Self::Text(Cow::Borrowed(value));
    String => |value| Self::Text(Cow::Owned(value));
    &'a [u8] => |value| Self::Bytes(Cow::Borrowed(value));
    Vec<u8> => |value| Self::Bytes(Cow::Owned(value));
    Vec<Object<'a>> => |value| Self::List(value);
}

impl<'a, T: Into<Object<'a>>> From<Option<T>> for Object<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
