//! Lists of values, kept as they are encoded.

use crate::compact::{CompactReader, CompactWriter};
use crate::error::FormatError;
use crate::protocol::{Field, Input, Output, code};
use crate::short_list::Binary;
use crate::value::{Value, begin_list};
use std::fmt;
use std::marker::PhantomData;

/// A list of short values that is kept as thrift's compact protocol has it, such as encodings,
/// counts of pages, histograms.
///
/// Up to 22 bytes are kept in place, which is 21 small numbers; values are decoded as they are
/// looked at. What is read from bytes is checked then, and written as it was read. Made of numbers
/// and enums by `collect` or `from`, and of structs by [`PackedList::new`].
///
/// ```
/// use pq_format::{Encoding, PackedList};
///
/// let encodings = PackedList::from([Encoding::PLAIN, Encoding::RLE]);
/// assert!(encodings.contains(&Encoding::RLE));
/// assert_eq!(encodings.len(), 2);
/// assert!(encodings.iter().eq([Encoding::PLAIN, Encoding::RLE]));
/// ```
pub struct PackedList<T> {
    /// The list with its header; no bytes if there are no values.
    bytes: Binary,
    values: PhantomData<T>,
}

/// Numbers, booleans and enums: values that can be written whatever they are.
pub trait Number: Value + Copy {}

impl<T: Value> PackedList<T> {
    /// A list of these values.
    ///
    /// # Errors
    ///
    /// As [`encode`](crate::encode), if one of them cannot be written or what is written could not
    /// be read.
    pub fn new(values: &[T]) -> Result<Self, FormatError> {
        let mut bytes = Vec::new();
        crate::value::write_list(values, &mut CompactWriter::new(&mut bytes))?;
        check::<T, _>(&mut CompactReader::new(&bytes))?;
        Ok(Self {
            bytes: bytes.into(),
            values: PhantomData,
        })
    }

    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.begin().1
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values, in order.
    pub fn iter(&self) -> impl Iterator<Item = T> + Clone + '_ {
        let (mut reader, count) = self.begin();
        (0..count).map_while(move |_| {
            let mut value = T::default();
            value.read(&mut reader).ok()?;
            Some(value)
        })
    }

    /// Whether a value is among them.
    #[must_use]
    pub fn contains(&self, value: &T) -> bool
    where
        T: PartialEq,
    {
        self.iter().any(|found| found == *value)
    }

    /// A reader behind the list's header, and the number of values.
    fn begin(&self) -> (CompactReader<'_>, usize) {
        let mut reader = CompactReader::new(&self.bytes);
        let count = reader.open_list().map_or(0, |(_, count)| count);
        (reader, count)
    }
}

/// Reads a list and leaves its values.
#[inline(never)]
pub(crate) fn check<T: Value, I: Input>(input: &mut I) -> Result<(), FormatError> {
    let count = begin_list::<T, _>(input)?;
    for index in 0..count {
        T::default()
            .read(input)
            .map_err(|error| error.in_element(index))?;
    }
    input.end_list()
}

impl<T: Value> Value for PackedList<T> {
    const CODE: u8 = code::LIST;

    #[inline(always)]
    fn read<I: Input>(&mut self, input: &mut I) -> Result<(), FormatError> {
        input.packed_list::<T>(&mut self.bytes)
    }

    #[inline]
    fn write<O: Output>(&self, output: &mut O) -> Result<(), FormatError> {
        if self.bytes.is_empty() {
            output.begin_list(T::CODE, 0)?;
            return output.end_list();
        }
        output.packed_list(&self.bytes)
    }
}

/// Copies a list from a protocol that is not a slice, and checks it.
pub(crate) fn copy<T: Value, I: Input + ?Sized>(
    input: &mut I,
    list: &mut Binary,
) -> Result<(), FormatError> {
    let bytes = input.compact_value(Field {
        id: 0,
        code: code::LIST,
        integer: 0,
    })?;
    check::<T, _>(&mut CompactReader::new(&bytes))?;
    *list = bytes.into();
    Ok(())
}

impl<T> Clone for PackedList<T> {
    fn clone(&self) -> Self {
        Self {
            bytes: self.bytes.clone(),
            values: PhantomData,
        }
    }
}

impl<T> Default for PackedList<T> {
    #[inline]
    fn default() -> Self {
        Self {
            bytes: Binary::default(),
            values: PhantomData,
        }
    }
}

impl<T: Number> FromIterator<T> for PackedList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        iter.into_iter().collect::<Vec<T>>().into()
    }
}

impl<T: Number> From<&[T]> for PackedList<T> {
    fn from(numbers: &[T]) -> Self {
        let mut bytes = Vec::new();
        let mut writer = CompactWriter::new(&mut bytes);
        // No number fails; a list that is longer than thrift can say is refused when it is written.
        let _ = crate::value::write_list(numbers, &mut writer);
        Self {
            bytes: bytes.into(),
            values: PhantomData,
        }
    }
}

impl<T: Number> From<Vec<T>> for PackedList<T> {
    fn from(numbers: Vec<T>) -> Self {
        numbers.as_slice().into()
    }
}

impl<T: Number, const N: usize> From<[T; N]> for PackedList<T> {
    fn from(numbers: [T; N]) -> Self {
        numbers.as_slice().into()
    }
}

impl<T: Value + fmt::Debug> fmt::Debug for PackedList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Equal values in equal order, however they are encoded.
impl<T: Value + PartialEq> PartialEq for PackedList<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes || (self.len() == other.len() && self.iter().eq(other.iter()))
    }
}

impl<T: Value + PartialEq> PartialEq<[T]> for PackedList<T> {
    fn eq(&self, other: &[T]) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(ours, theirs)| ours == *theirs)
    }
}

impl<T: Value + PartialEq, const N: usize> PartialEq<[T; N]> for PackedList<T> {
    fn eq(&self, other: &[T; N]) -> bool {
        *self == other[..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encoding, PageEncodingStats, PageType};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn holds_what_it_is_made_of(numbers in prop::collection::vec(any::<i64>(), 0..40)) {
            let list: PackedList<i64> = numbers.iter().copied().collect();
            prop_assert_eq!(list.len(), numbers.len());
            prop_assert_eq!(list.is_empty(), numbers.is_empty());
            prop_assert!(list.iter().eq(numbers.iter().copied()));
            prop_assert_eq!(format!("{list:?}"), format!("{numbers:?}"));
            prop_assert_eq!(&list, &PackedList::new(&numbers).unwrap());
            prop_assert!(list == *numbers.as_slice());
            let fewer = numbers.get(1..).unwrap_or_default();
            prop_assert_eq!(list == *fewer, numbers.is_empty());
            let fewer = PackedList::from(fewer);
            prop_assert_eq!(list == fewer, numbers.is_empty());
        }
    }

    #[test]
    fn structs_come_back_with_what_nobody_knows() {
        let mut stats = PageEncodingStats {
            page_type: PageType::DATA_PAGE,
            encoding: Encoding(77),
            count: -3,
            ..Default::default()
        };
        let unknown = crate::UnknownField::from_compact(9, code::I32, vec![4]).unwrap();
        stats.unknown_fields.push(unknown);
        let list = PackedList::new(&[stats.clone(), PageEncodingStats::default()]).unwrap();
        assert!(list.contains(&stats));
        assert_eq!(list, [stats, PageEncodingStats::default()]);
    }

    #[test]
    fn values_are_equal_however_they_are_written() {
        let read = |bytes: &[u8]| {
            let mut list = PackedList::<i32>::default();
            list.read(&mut CompactReader::new(bytes)).map(|()| list)
        };
        let long = read(&[0x15, 0x82, 0]).unwrap();
        assert_eq!(long, PackedList::from([1]));
        assert_ne!(long, PackedList::from([2]));
        assert_eq!(read(&[0x05]).unwrap(), PackedList::default());
        // 33 bits, no bytes, and another type.
        for bytes in [
            &[0x15, 0xff, 0xff, 0xff, 0xff, 0x1f][..],
            &[0x25, 1],
            &[0x18, 0],
        ] {
            assert!(read(bytes).is_err());
        }
    }
}
