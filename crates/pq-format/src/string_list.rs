//! Lists of strings, kept as one run of bytes.

use crate::compact::push_varint;
use crate::short_list::ShortList;
use pq_encoding::varint;
use std::fmt;

/// A list of strings, such as the path of a column in the schema.
///
/// The strings stand one behind the other, each behind its length; up to 30 bytes are kept in
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
    count: usize,
    /// Lengths and strings as in thrift's compact protocol; all of them UTF-8.
    bytes: ShortList<u8, 30>,
}

impl StringList {
    /// Number of strings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The strings, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        let mut rest = &*self.bytes;
        std::iter::from_fn(move || {
            let (len, used) = varint::decode_u64(rest).ok()?;
            let (string, after) = rest
                .get(used..)?
                .split_at_checked(usize::try_from(len).ok()?)?;
            rest = after;
            std::str::from_utf8(string).ok()
        })
    }

    /// The strings' encoding, without their count.
    pub(crate) fn encoded(&self) -> &ShortList<u8, 30> {
        &self.bytes
    }

    /// Becomes one string, encoded in the first `len` of these bytes and found to be UTF-8.
    #[inline(always)]
    pub(crate) fn set_one(&mut self, bytes: &[u8; 30], len: usize) {
        self.copy_from(1, bytes, len);
    }

    /// Becomes so many strings, encoded in the first `len` bytes of `tail` and found to be UTF-8.
    #[inline]
    pub(crate) fn copy_from(&mut self, count: usize, tail: &[u8], len: usize) {
        self.count = count;
        self.bytes.copy_from(tail, len);
    }
}

impl<S: AsRef<str>> FromIterator<S> for StringList {
    fn from_iter<I: IntoIterator<Item = S>>(strings: I) -> Self {
        let (mut count, mut bytes) = (0, Vec::new());
        for string in strings {
            let string = string.as_ref();
            push_varint(string.len() as u64, &mut bytes);
            bytes.extend_from_slice(string.as_bytes());
            count += 1;
        }
        let bytes = bytes.into();
        Self { count, bytes }
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
        self.count == other.count && (self.bytes == other.bytes || self.iter().eq(other.iter()))
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
        long.copy_from(1, &[0x81, 0, b'a'], 3);
        assert_eq!(long, StringList::from(["a"]));
        assert_ne!(long, StringList::from(["b"]));
        assert!(long.iter().eq(["a"]));
    }
}
