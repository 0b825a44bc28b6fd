//! What values mostly look like in the compact protocol, to step over them by one comparison.

use crate::protocol::code;

/// The usual form of a type's values, if it has one that is short.
#[derive(Debug, Clone, Copy)]
pub enum UsualForm {
    /// It has none.
    None,
    /// An integer; one of so many bytes fits the type for sure.
    Integer {
        /// The number of bytes, 1 to 8.
        bytes: usize,
    },
    /// A struct of few integers, of a byte each.
    Struct(UsualStruct),
}

/// A struct of up to three fields, all of them required, all of them integers of a byte.
#[derive(Debug, Clone, Copy)]
pub struct UsualStruct {
    /// The bits that are alike in all such structs, from the first byte up.
    mask: u64,
    /// What these bits are.
    bits: u64,
    /// Bytes.
    len: usize,
    last_id: i32,
    /// Whether all fields are as they must be.
    fits: bool,
}

impl UsualStruct {
    /// One without fields.
    #[doc(hidden)]
    pub const EMPTY: Self = Self {
        mask: 0,
        bits: 0,
        len: 0,
        last_id: 0,
        fits: true,
    };

    /// With one more field behind the others.
    #[doc(hidden)]
    #[must_use]
    pub const fn field(mut self, id: i32, code: u8, required: bool) -> Self {
        let distance = id - self.last_id;
        let is_integer = matches!(code, code::I16 | code::I32 | code::I64);
        if self.len > 4 || !required || !is_integer || distance < 1 || distance > 15 {
            self.fits = false;
            return self;
        }
        let header = (distance << 4) as u64 | code as u64;
        self.bits |= header << (8 * self.len);
        self.mask |= 0x80ff << (8 * self.len);
        self.len += 2;
        self.last_id = id;
        self
    }

    /// Of these fields and the end.
    #[doc(hidden)]
    #[must_use]
    pub const fn end(mut self) -> UsualForm {
        if !self.fits || self.len == 0 {
            return UsualForm::None;
        }
        self.mask |= 0xff << (8 * self.len);
        self.len += 1;
        UsualForm::Struct(self)
    }

    /// Its bytes, if the little-endian `word` begins with one.
    #[inline]
    pub(crate) const fn length_in(self, word: u64) -> Option<usize> {
        if word & self.mask == self.bits {
            Some(self.len)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KeyValue, PageEncodingStats, PageLocation, SortingColumn, Statistics, Value};

    #[test]
    fn structs_of_three_integers_have_one() {
        let UsualForm::Struct(usual) = PageEncodingStats::USUAL_FORM else {
            panic!("{:?}", PageEncodingStats::USUAL_FORM);
        };
        let word = u64::from_le_bytes;
        assert_eq!(
            usual.length_in(word([0x15, 0, 0x15, 9, 0x15, 0x7f, 0, 0xff])),
            Some(7)
        );
        for other in [
            [0x15, 0, 0x15, 9, 0x15, 0x80, 0, 0],
            [0x15, 0, 0x15, 9, 0x15, 1, 2, 0],
            [0x15, 0, 0x16, 9, 0x15, 1, 0, 0],
        ] {
            assert_eq!(usual.length_in(word(other)), None);
        }
        assert!(matches!(PageLocation::USUAL_FORM, UsualForm::Struct(_)));
        for none in [
            SortingColumn::USUAL_FORM,
            Statistics::USUAL_FORM,
            KeyValue::USUAL_FORM,
        ] {
            assert!(matches!(none, UsualForm::None));
        }
    }
}
