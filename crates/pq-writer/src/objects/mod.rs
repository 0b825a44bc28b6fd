//! Object columns: values of dynamic languages and of `serde`, typed column by column.

mod column;
mod decimal;
mod encoding;
mod object;

#[cfg(feature = "bson")]
mod bson;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "serde")]
mod records;
#[cfg(feature = "serde")]
mod serialize;

#[cfg(test)]
mod tests;

pub use column::object_column;
pub use encoding::ObjectEncoding;
pub use object::Object;
#[cfg(feature = "serde")]
pub use records::RecordColumns;
#[cfg(feature = "serde")]
pub use serialize::{SerializeError, from_serialize};

/// Lists and maps within lists and maps may be this deep. Readers of JSON stop at 128 or so.
#[cfg(any(feature = "bson", feature = "serde"))]
const DEEPEST: usize = 100;

/// What is said of an object that is deeper.
#[cfg(any(feature = "bson", feature = "serde"))]
fn too_deep() -> String {
    format!("lists and maps more than {DEEPEST} deep")
}

/// A key that a map has twice.
#[cfg(any(feature = "bson", feature = "json"))]
fn duplicate_key<'o>(entries: &'o [(std::borrow::Cow<'_, str>, Object<'_>)]) -> Option<&'o str> {
    let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_ref()).collect();
    keys.sort_unstable();
    keys.windows(2)
        .find(|pair| pair[0] == pair[1])
        .map(|pair| pair[0])
}
