//! Objects as BSON.

use super::{DEEPEST, Object, decimal, duplicate_key, too_deep};
use bson::raw::CString;
use bson::spec::BinarySubtype;
use bson::{Binary, Decimal128, RawArrayBuf, RawBson, RawDocumentBuf};
use std::borrow::Cow;

/// Appends the object, a map, as a BSON document.
pub(super) fn append(object: &Object<'_>, data: &mut Vec<u8>) -> Result<(), String> {
    let Object::Map(entries) = object else {
        return Err(format!("{} in a column of BSON documents", object.kind()));
    };
    let document = document(entries, 0)?;
    let bytes = document.as_bytes();
    // The length of a document, and of whatever is in it, is stated in 32 bits with a sign.
    if i32::try_from(bytes.len()).is_err() {
        return Err("the document is longer than BSON can state".to_owned());
    }
    data.extend_from_slice(bytes);
    Ok(())
}

fn document(
    entries: &[(Cow<'_, str>, Object<'_>)],
    depth: usize,
) -> Result<RawDocumentBuf, String> {
    if let Some(key) = duplicate_key(entries) {
        return Err(format!("the key {key:?} twice in a map"));
    }
    let mut document = RawDocumentBuf::new();
    for (key, object) in entries {
        let name = CString::try_from(key.as_ref())
            .map_err(|_| format!("BSON cannot hold the key {key:?}, which has a NUL"))?;
        document.append(name, element(object, depth)?);
    }
    Ok(document)
}

/// One element of a document or an array that is `depth` deep.
fn element(object: &Object<'_>, depth: usize) -> Result<RawBson, String> {
    Ok(match object {
        Object::Null => RawBson::Null,
        Object::Bool(value) => RawBson::Boolean(*value),
        Object::Int(value) => integer(*value),
        Object::UInt(value) => integer(
            i64::try_from(*value).map_err(|_| format!("BSON cannot hold the integer {value}"))?,
        ),
        Object::Float(value) => RawBson::Double(*value),
        Object::Decimal { unscaled, scale } => {
            let text = decimal::text(*unscaled, *scale);
            RawBson::Decimal128(
                text.parse::<Decimal128>()
                    .map_err(|_| format!("BSON cannot hold the decimal {text}"))?,
            )
        }
        Object::Text(value) => RawBson::String(value.clone().into_owned()),
        Object::Bytes(value) => RawBson::Binary(Binary {
            subtype: BinarySubtype::Generic,
            bytes: value.clone().into_owned(),
        }),
        Object::List(_) | Object::Map(_) if depth >= DEEPEST => return Err(too_deep()),
        Object::List(objects) => {
            let mut array = RawArrayBuf::new();
            for object in objects {
                array.push(element(object, depth + 1)?);
            }
            RawBson::Array(array)
        }
        Object::Map(entries) => RawBson::Document(document(entries, depth + 1)?),
    })
}

fn integer(value: i64) -> RawBson {
    i32::try_from(value).map_or(RawBson::Int64(value), RawBson::Int32)
}
