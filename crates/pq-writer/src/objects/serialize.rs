//! Values of `serde` to objects.

use super::{DEEPEST, Object, too_deep};
use serde::ser::{self, Serialize};
use std::borrow::Cow;
use std::fmt::Display;
use std::{error, fmt};

/// Why a value could not become an [`Object`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerializeError {
    reason: String,
}

impl fmt::Display for SerializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl error::Error for SerializeError {}

impl ser::Error for SerializeError {
    fn custom<T: Display>(reason: T) -> Self {
        Self {
            reason: reason.to_string(),
        }
    }
}

/// Any value that can be serialised, as an object: structs and maps become maps, options their
/// value or null, enums as `serde` has them by default (`"Unit"`, `{"Variant": …}`).
///
/// ```
/// use pq_writer::{Object, from_serialize};
///
/// #[derive(serde::Serialize)]
/// struct Point {
///     x: f64,
///     label: Option<String>,
/// }
///
/// let object = from_serialize(&Point { x: 1.5, label: None })?;
/// let expected = vec![("x".into(), 1.5.into()), ("label".into(), Object::Null)];
/// assert_eq!(object, Object::Map(expected));
/// # Ok::<(), pq_writer::SerializeError>(())
/// ```
///
/// # Errors
///
/// Values, options and newtypes counted, more than 100 deep; integers of 128 bits that an `i128`
/// does not hold; keys of maps that are neither text, integers, booleans nor characters; and
/// whatever the value itself says.
pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Object<'static>, SerializeError> {
    value.serialize(ToObject { depth: 0 })
}

fn error(reason: impl Into<String>) -> SerializeError {
    SerializeError {
        reason: reason.into(),
    }
}

type Entry = (Cow<'static, str>, Object<'static>);

/// `{"variant": object}`.
fn variant_of(variant: &'static str, object: Object<'static>) -> Object<'static> {
    Object::Map(vec![(Cow::Borrowed(variant), object)])
}

#[derive(Clone, Copy)]
struct ToObject {
    depth: usize,
}

impl ToObject {
    fn below(self) -> Result<Self, SerializeError> {
        if self.depth >= DEEPEST {
            return Err(error(too_deep()));
        }
        Ok(Self {
            depth: self.depth + 1,
        })
    }
}

impl ser::Serializer for ToObject {
    type Ok = Object<'static>;
    type Error = SerializeError;
    type SerializeSeq = ListBuilder;
    type SerializeTuple = ListBuilder;
    type SerializeTupleStruct = ListBuilder;
    type SerializeTupleVariant = ListBuilder;
    type SerializeMap = MapBuilder;
    type SerializeStruct = MapBuilder;
    type SerializeStructVariant = MapBuilder;

    fn serialize_bool(self, value: bool) -> Result<Self::Ok, Self::Error> {
        Ok(value.into())
    }

    fn serialize_i8(self, value: i8) -> Result<Self::Ok, Self::Error> {
        Ok(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<Self::Ok, Self::Error> {
        Ok(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<Self::Ok, Self::Error> {
        Ok(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<Self::Ok, Self::Error> {
        Ok(value.into())
    }

    fn serialize_i128(self, unscaled: i128) -> Result<Self::Ok, Self::Error> {
        Ok(Object::Decimal { unscaled, scale: 0 })
    }

    fn serialize_u8(self, value: u8) -> Result<Self::Ok, Self::Error> {
        Ok(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<Self::Ok, Self::Error> {
        Ok(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<Self::Ok, Self::Error> {
        Ok(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<Self::Ok, Self::Error> {
        Ok(value.into())
    }

    fn serialize_u128(self, value: u128) -> Result<Self::Ok, Self::Error> {
        let unscaled = i128::try_from(value)
            .map_err(|_| error(format!("the integer {value} is out of range")))?;
        Ok(Object::Decimal { unscaled, scale: 0 })
    }

    fn serialize_f32(self, value: f32) -> Result<Self::Ok, Self::Error> {
        Ok(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Self::Ok, Self::Error> {
        Ok(value.into())
    }

    fn serialize_char(self, value: char) -> Result<Self::Ok, Self::Error> {
        Ok(value.to_string().into())
    }

    fn serialize_str(self, value: &str) -> Result<Self::Ok, Self::Error> {
        Ok(value.to_owned().into())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Self::Ok, Self::Error> {
        Ok(value.to_vec().into())
    }

    fn serialize_none(self) -> Result<Self::Ok, Self::Error> {
        Ok(Object::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Self::Ok, Self::Error> {
        value.serialize(self.below()?)
    }

    fn serialize_unit(self) -> Result<Self::Ok, Self::Error> {
        Ok(Object::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Self::Ok, Self::Error> {
        Ok(Object::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Self::Ok, Self::Error> {
        Ok(variant.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Self::Ok, Self::Error> {
        value.serialize(self.below()?)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Self::Ok, Self::Error> {
        Ok(variant_of(variant, value.serialize(self.below()?)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<ListBuilder, Self::Error> {
        ListBuilder::new(self, None)
    }

    fn serialize_tuple(self, _: usize) -> Result<ListBuilder, Self::Error> {
        ListBuilder::new(self, None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<ListBuilder, Self::Error> {
        ListBuilder::new(self, None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<ListBuilder, Self::Error> {
        ListBuilder::new(self.below()?, Some(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<MapBuilder, Self::Error> {
        MapBuilder::new(self, None)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<MapBuilder, Self::Error> {
        MapBuilder::new(self, None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<MapBuilder, Self::Error> {
        MapBuilder::new(self.below()?, Some(variant))
    }
}

/// A list, within `{"variant": …}` if it is one of an enum.
struct ListBuilder {
    objects: Vec<Object<'static>>,
    variant: Option<&'static str>,
    below: ToObject,
}

impl ListBuilder {
    fn new(at: ToObject, variant: Option<&'static str>) -> Result<Self, SerializeError> {
        Ok(Self {
            objects: Vec::new(),
            variant,
            below: at.below()?,
        })
    }

    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        self.objects.push(value.serialize(self.below)?);
        Ok(())
    }

    fn finish(self) -> Object<'static> {
        let list = Object::List(self.objects);
        match self.variant {
            Some(variant) => variant_of(variant, list),
            None => list,
        }
    }
}

macro_rules! list {
    ($($of:ident $push:ident)*) => {
        $(impl ser::$of for ListBuilder {
            type Ok = Object<'static>;
            type Error = SerializeError;

            fn $push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
                self.push(value)
            }

            fn end(self) -> Result<Object<'static>, SerializeError> {
                Ok(self.finish())
            }
        })*
    };
}

list! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

/// A map, within `{"variant": …}` if it is one of an enum.
struct MapBuilder {
    entries: Vec<Entry>,
    variant: Option<&'static str>,
    key: Option<String>,
    below: ToObject,
}

impl MapBuilder {
    fn new(at: ToObject, variant: Option<&'static str>) -> Result<Self, SerializeError> {
        Ok(Self {
            entries: Vec::new(),
            variant,
            key: None,
            below: at.below()?,
        })
    }

    fn push<T: Serialize + ?Sized>(
        &mut self,
        key: Cow<'static, str>,
        value: &T,
    ) -> Result<(), SerializeError> {
        self.entries.push((key, value.serialize(self.below)?));
        Ok(())
    }

    fn finish(self) -> Object<'static> {
        let map = Object::Map(self.entries);
        match self.variant {
            Some(variant) => variant_of(variant, map),
            None => map,
        }
    }
}

impl ser::SerializeMap for MapBuilder {
    type Ok = Object<'static>;
    type Error = SerializeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), SerializeError> {
        self.key = Some(match key.serialize(self.below)? {
            Object::Text(text) => text.into_owned(),
            Object::Int(value) => value.to_string(),
            Object::UInt(value) => value.to_string(),
            Object::Bool(value) => value.to_string(),
            other => return Err(error(format!("{} as the key of a map", other.kind()))),
        });
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        let key = self.key.take();
        let key = key.ok_or_else(|| error("a value without a key in a map"))?;
        self.push(Cow::Owned(key), value)
    }

    fn end(self) -> Result<Object<'static>, SerializeError> {
        Ok(self.finish())
    }
}

macro_rules! map {
    ($($of:ident)*) => {
        $(impl ser::$of for MapBuilder {
            type Ok = Object<'static>;
            type Error = SerializeError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), SerializeError> {
                self.push(Cow::Borrowed(key), value)
            }

            fn end(self) -> Result<Object<'static>, SerializeError> {
                Ok(self.finish())
            }
        })*
    };
}

map! {
    SerializeStruct
    SerializeStructVariant
}
