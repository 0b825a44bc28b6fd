//! Lists of strings, kept as one run of bytes.

use crate::compact::{CompactReader, list_header, push_varint};
use crate::protocol::code;
use crate::short_list::ShortList;
use std::fmt;

/// A list of strings, such as the path of a column in the schema.
///
/// The strings stand one behind the other, each behind its length; up to 29 bytes are kept in
/// place. Made of strings by `collect` or `from`.
///
/// ```
/// use pq_format::StringList;
///
/// let path = StringList::from(["tags", "list", "element"]);
/// assert_eq!(path.len(), 3);
/// assert_eq!(path.to_string(), "tags.list.element");
/// assert!(path.iter().eq(["tags", "list", "element"]));
/// ```
#[derive(Clone, Default)]
pub struct StringList {
    /// The list with its header, as thrift's compact protocol has it; no bytes if there are no
    /// strings. All of them are UTF-8.
    bytes: ShortList<u8, 30>,
}

impl StringList {
    /// Number of strings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.begin().1
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The strings, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        let (mut reader, count) = self.begin();
        (0..count).map_while(move |_| reader.take_str().ok())
    }

    /// A reader behind the list's header, and the number of strings.
    fn begin(&self) -> (CompactReader<'_>, usize) {
        let mut reader = CompactReader::new(&self.bytes);
        let count = reader.open_list().map_or(0, |(_, count)| count);
        (reader, count)
    }

    /// The list's encoding; empty if it is.
    pub(crate) fn encoded(&self) -> &ShortList<u8, 30> {
        &self.bytes
    }

    /// Becomes the list that is encoded in the first `len` bytes of `tail`, of strings that were
    /// found to be UTF-8.
    #[inline]
    pub(crate) fn copy_from(&mut self, tail: &[u8], len: usize) {
        self.bytes.copy_from(tail, len);
    }

    /// The same, of up to 30 bytes; `false` if they are more, or what it was before was long.
    #[inline(always)]
    pub(crate) fn set_first(&mut self, bytes: &[u8; 30], len: u8) -> bool {
        self.bytes.set_first(bytes, len)
    }
}

impl<S: AsRef<str>> FromIterator<S> for StringList {
    fn from_iter<I: IntoIterator<Item = S>>(iter: I) -> Self {
        let (mut count, mut strings) = (0, Vec::new());
        for string in iter {
            let string = string.as_ref();
            push_varint(string.len() as u64, &mut strings);
            strings.extend_from_slice(string.as_bytes());
            count += 1;
        }
        let mut bytes = Vec::new();
        if count > 0 {
            list_header(&mut bytes, code::BINARY, count);
            bytes.append(&mut strings);
        }
        let bytes = bytes.into();
        Self { bytes }
    }
}

impl<S: AsRef<str>> From<&[S]> for StringList {
    fn from(strings: &[S]) -> Self {
        strings.iter().collect()
    }
}

impl<S: AsRef<str>> From<Vec<S>> for StringList {
    fn from(strings: Vec<S>) -> Self {
        strings.into_iter().collect()
    }
}

impl<S: AsRef<str>, const N: usize> From<[S; N]> for StringList {
    fn from(strings: [S; N]) -> Self {
        strings.into_iter().collect()
    }
}

impl fmt::Debug for StringList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The strings with dots between them.
impl fmt::Display for StringList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, string) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            f.write_str(string)?;
        }
        Ok(())
    }
}

/// Equal strings in equal order; a length may have been written in more bytes than it needs.
impl PartialEq for StringList {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes || self.iter().eq(other.iter())
    }
}

impl Eq for StringList {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn holds_what_it_is_made_of(strings in prop::collection::vec(".{0,200}", 0..5)) {
            let list: StringList = strings.iter().collect();
            prop_assert_eq!(list.len(), strings.len());
            prop_assert_eq!(list.is_empty(), strings.is_empty());
            prop_assert!(list.iter().eq(&strings));
            prop_assert_eq!(list.to_string(), strings.join("."));
            prop_assert_eq!(format!("{list:?}"), format!("{strings:?}"));
            prop_assert_eq!(&list, &StringList::from(strings.as_slice()));
            let fewer = strings.get(1..).unwrap_or_default();
            prop_assert_eq!(list == StringList::from(fewer), strings.is_empty());
        }
    }

    #[test]
    fn equal_strings_are_equal_however_their_lengths_are_written() {
        let mut long = StringList::default();
        long.copy_from(&[0x18, 0x81, 0, b'a'], 4);
        assert_eq!(long, StringList::from(["a"]));
        assert_ne!(long, StringList::from(["b"]));
        assert!(long.iter().eq(["a"]));
    }
}
