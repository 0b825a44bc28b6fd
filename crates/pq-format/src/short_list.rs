//! Lists of a few elements, kept in place.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// A list that keeps up to `N` elements in place and allocates only for more.
///
/// Footers hold a few bounds for each column chunk. Built
/// from a `Vec`, a slice, an array or an iterator, it is used as a slice.
///
/// ```
/// use pq_format::ShortList;
///
/// let numbers = ShortList::<i32, 4>::from([7, 9]);
/// assert!(numbers.contains(&9));
/// assert_eq!(numbers.len(), 2);
/// ```
#[derive(Clone)]
pub struct ShortList<T, const N: usize>(Items<T, N>);

/// Bytes of which up to 22 are kept in place: bounds, keys.
pub type Binary = ShortList<u8, 22>;

#[derive(Clone)]
enum Items<T, const N: usize> {
    /// The first `len` items; the others have no meaning.
    InPlace {
        len: u8,
        items: [T; N],
    },
    Boxed(Box<[T]>),
}

impl<T: Default, const N: usize> ShortList<T, N> {
    /// A list of so many elements in place, each the default; `None` if they are too many.
    fn in_place(count: usize) -> Option<Self> {
        let mut list = Self::default();
        list.make_room(count).then_some(list)
    }

    /// Sets the number of elements in place of an empty list, each the default; `false` if they
    /// are too many for that.
    #[inline]
    pub(crate) fn make_room(&mut self, count: usize) -> bool {
        match (&mut self.0, u8::try_from(count)) {
            (Items::InPlace { len, .. }, Ok(count)) if usize::from(count) <= N => {
                *len = count;
                true
            }
            _ => false,
        }
    }
}

impl<T, const N: usize> ShortList<T, N> {
    /// All that is kept in place, what is behind the list's end too; `None` if the list is not.
    #[inline]
    pub(crate) fn items_in_place(&self) -> Option<&[T; N]> {
        match &self.0 {
            Items::InPlace { items, .. } => Some(items),
            Items::Boxed(_) => None,
        }
    }
}

impl<const N: usize> ShortList<u8, N> {
    /// Becomes the first `len` of these bytes; `false` if there are not as many, or what it was
    /// before was not in place.
    #[inline(always)]
    pub(crate) fn set_first(&mut self, bytes: &[u8; N], len: u8) -> bool {
        match &mut self.0 {
            Items::InPlace { len: to, items } if usize::from(len) <= N => {
                *to = len;
                *items = *bytes;
                true
            }
            _ => false,
        }
    }

    /// Becomes the first `len` bytes of `tail`, of which the copy is quick if more are there.
    #[inline]
    pub(crate) fn copy_from(&mut self, tail: &[u8], len: usize) {
        if len <= N
            && let (Some(bytes), Items::InPlace { len: to, items }) =
                (tail.first_chunk(), &mut self.0)
        {
            *to = len as u8;
            *items = *bytes;
        } else {
            *self = tail.get(..len).unwrap_or(tail).into();
        }
    }
}

impl<T, const N: usize> Deref for ShortList<T, N> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Items::InPlace { len, items } => items.get(..usize::from(*len)).unwrap_or(items),
            Items::Boxed(items) => items,
        }
    }
}

impl<T, const N: usize> DerefMut for ShortList<T, N> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Items::InPlace { len, items } => {
                let len = usize::from(*len).min(N);
                items.split_at_mut(len).0
            }
            Items::Boxed(items) => items,
        }
    }
}

impl<T: Default, const N: usize> Default for ShortList<T, N> {
    #[inline]
    fn default() -> Self {
        Self(Items::InPlace {
            len: 0,
            items: std::array::from_fn(|_| T::default()),
        })
    }
}

impl<T: Default, const N: usize> FromIterator<T> for ShortList<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        iter.into_iter().collect::<Vec<T>>().into()
    }
}

impl<T: Default, const N: usize> From<Vec<T>> for ShortList<T, N> {
    fn from(values: Vec<T>) -> Self {
        let Some(mut list) = Self::in_place(values.len()) else {
            return Self(Items::Boxed(values.into_boxed_slice()));
        };
        for (item, value) in list.iter_mut().zip(values) {
            *item = value;
        }
        list
    }
}

impl<T: Default + Clone, const N: usize> From<&[T]> for ShortList<T, N> {
    fn from(values: &[T]) -> Self {
        let Some(mut list) = Self::in_place(values.len()) else {
            return Self(Items::Boxed(values.into()));
        };
        list.clone_from_slice(values);
        list
    }
}

impl<T: Default, const N: usize, const M: usize> From<[T; M]> for ShortList<T, N> {
    fn from(values: [T; M]) -> Self {
        Vec::from(values).into()
    }
}

impl<'a, T, const N: usize> IntoIterator for &'a ShortList<T, N> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug, const N: usize> fmt::Debug for ShortList<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: PartialEq, const N: usize> PartialEq for ShortList<T, N> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq, const N: usize> Eq for ShortList<T, N> {}

impl<T: PartialEq, const N: usize> PartialEq<[T]> for ShortList<T, N> {
    fn eq(&self, other: &[T]) -> bool {
        **self == *other
    }
}

impl<T: PartialEq, const N: usize, const M: usize> PartialEq<[T; M]> for ShortList<T, N> {
    fn eq(&self, other: &[T; M]) -> bool {
        **self == *other
    }
}

impl<T: PartialEq, const N: usize> PartialEq<Vec<T>> for ShortList<T, N> {
    fn eq(&self, other: &Vec<T>) -> bool {
        **self == **other
    }
}

impl<T: std::hash::Hash, const N: usize> std::hash::Hash for ShortList<T, N> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<T, const N: usize> AsRef<[T]> for ShortList<T, N> {
    fn as_ref(&self) -> &[T] {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lists_of_a_few_take_no_more_room_than_a_vec() {
        assert_eq!(size_of::<Option<Binary>>(), 24);
        assert_eq!(size_of::<ShortList<i32, 4>>(), 24);
        assert_eq!(size_of::<ShortList<i64, 2>>(), 24);
        // What docs/performance.md says; a footer may have a million of them.
        #[cfg(target_pointer_width = "64")]
        assert_eq!(size_of::<crate::ColumnChunk>(), 528);
    }

    #[test]
    fn bytes_are_copied_whatever_stands_behind_them() {
        let bytes: Vec<u8> = (0..60).collect();
        for len in 0..40 {
            for tail in len..60 {
                let mut copy = Binary::from([7; 3]);
                copy.copy_from(&bytes[..tail], len);
                assert_eq!(copy, bytes[..len]);
            }
        }
    }

    proptest! {
        #[test]
        fn holds_what_it_is_made_of(values in prop::collection::vec(any::<u16>(), 0..12)) {
            let lists: [ShortList<u16, 5>; 3] = [
                values.clone().into(),
                values.as_slice().into(),
                values.iter().copied().collect(),
            ];
            for mut list in lists {
                prop_assert_eq!(&list, &values);
                for value in list.iter_mut() {
                    *value = value.wrapping_add(1);
                }
                let more: Vec<u16> = values.iter().map(|value| value.wrapping_add(1)).collect();
                prop_assert_eq!(&list, &more);
                prop_assert_eq!(list == *values, values.is_empty());
            }
        }
    }
}
