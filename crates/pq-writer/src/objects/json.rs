//! Objects as JSON.

use super::{DEEPEST, Object, decimal, duplicate_key, too_deep};
use serde::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

/// Appends the object as JSON.
pub(super) fn append(object: &Object<'_>, data: &mut Vec<u8>) -> Result<(), String> {
    let document = Node { object, depth: 0 };
    serde_json::to_writer(data, &document).map_err(|error| error.to_string())
}

/// An object at some depth of a document, of what JSON can hold.
struct Node<'o, 'a> {
    object: &'o Object<'a>,
    depth: usize,
}

impl<'o, 'a> Node<'o, 'a> {
    fn below<E: Error>(&self, object: &'o Object<'a>) -> Result<Self, E> {
        if self.depth >= DEEPEST {
            return Err(E::custom(too_deep()));
        }
        Ok(Self {
            object,
            depth: self.depth + 1,
        })
    }
}

impl Serialize for Node<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.object {
            Object::Null => serializer.serialize_unit(),
            Object::Bool(value) => serializer.serialize_bool(*value),
            Object::Int(value) => serializer.serialize_i64(*value),
            Object::UInt(value) => serializer.serialize_u64(*value),
            Object::Float(value) if value.is_finite() => serializer.serialize_f64(*value),
            Object::Float(value) => Err(S::Error::custom(format!("JSON cannot hold {value}"))),
            Object::Decimal { unscaled, scale } => {
                RawValue::from_string(decimal::text(*unscaled, *scale))
                    .map_err(S::Error::custom)?
                    .serialize(serializer)
            }
            Object::Text(value) => serializer.serialize_str(value),
            Object::Bytes(_) => Err(S::Error::custom("JSON cannot hold bytes")),
            Object::List(objects) => {
                let mut list = serializer.serialize_seq(Some(objects.len()))?;
                for object in objects {
                    list.serialize_element(&self.below(object)?)?;
                }
                list.end()
            }
            Object::Map(entries) => {
                if let Some(key) = duplicate_key(entries) {
                    return Err(S::Error::custom(format!("the key {key:?} twice in a map")));
                }
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, object) in entries {
                    map.serialize_entry(key.as_ref(), &self.below(object)?)?;
                }
                map.end()
            }
        }
    }
}
