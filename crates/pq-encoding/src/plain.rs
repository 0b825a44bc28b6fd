//! PLAIN: values back to back. Numbers are little-endian, booleans one bit each, byte arrays
//! stand behind a `u32` of length. Fixed-length byte arrays are their bytes and need no code.

use crate::error::EncodeError;
use crate::output::Output;

macro_rules! encode_numbers {
    ($($name:ident $number:ty, $what:literal;)*) => {
        $(
            #[doc = concat!("Appends ", $what, " values.")]
            ///
            /// # Errors
            ///
            /// The output is full; a `Vec` never is.
            pub fn $name(values: &[$number], out: &mut impl Output) -> Result<(), EncodeError> {
                const SIZE: usize = size_of::<$number>();
                const AT_ONCE: usize = 1024 / SIZE;
                out.reserve(values.len() * SIZE);
                let (blocks, rest) = values.as_chunks::<AT_ONCE>();
                for block in blocks {
                    // Through a buffer that stays in the cache: an output that is not zeroed
                    // first costs half the memory traffic.
                    let mut bytes = [0; AT_ONCE * SIZE];
                    for (to, value) in bytes.as_chunks_mut::<SIZE>().0.iter_mut().zip(block) {
                        *to = value.to_le_bytes();
                    }
                    out.put(&bytes)?;
                }
                for value in rest {
                    out.put(&value.to_le_bytes())?;
                }
                Ok(())
            }
        )*
    };
}

encode_numbers! {
    encode_i32 i32, "INT32";
    encode_i64 i64, "INT64";
    encode_f32 f32, "FLOAT";
    encode_f64 f64, "DOUBLE";
}

/// Appends one BYTE_ARRAY.
///
/// # Errors
///
/// 4 GiB and more, or the output is full.
#[inline]
pub fn encode_byte_array(value: &[u8], out: &mut impl Output) -> Result<(), EncodeError> {
    let len = u32::try_from(value.len()).map_err(|_| EncodeError::TooLong {
        len: value.len(),
        most: u32::MAX as usize,
    })?;
    out.put(&len.to_le_bytes())?;
    out.put(value)
}

/// Appends BOOLEAN values, one bit each, least significant bit first, from pieces of bitmaps.
///
/// ```
/// use pq_encoding::plain::BitAppender;
///
/// let mut page = Vec::new();
/// let mut bits = BitAppender::new(&mut page);
/// bits.append_bits(&[0b0000_0110], 1, 3)?;
/// bits.append_bits(&[0xff], 0, 2)?;
/// bits.finish()?;
/// assert_eq!(page, [0b0001_1011]);
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
#[derive(Debug)]
pub struct BitAppender<'a, O> {
    out: &'a mut O,
    /// Bits that do not fill a word yet; zero above `filled`.
    word: u64,
    filled: u32,
}

impl<'a, O: Output> BitAppender<'a, O> {
    /// Appends behind what `out` holds, from a whole byte on.
    pub fn new(out: &'a mut O) -> Self {
        Self {
            out,
            word: 0,
            filled: 0,
        }
    }

    /// Appends the bits `offset .. offset + len` of a bitmap; bits beyond its end count as
    /// zeros.
    ///
    /// # Errors
    ///
    /// The output is full; a `Vec` never is.
    pub fn append_bits(
        &mut self,
        bits: &[u8],
        offset: usize,
        len: usize,
    ) -> Result<(), EncodeError> {
        let mut done = 0;
        while done < len {
            let count = (len - done).min(64) as u32;
            let next = crate::rle::bits_at(bits, offset.saturating_add(done), count);
            self.word |= next << self.filled;
            self.filled += count;
            if self.filled >= 64 {
                self.out.put(&self.word.to_le_bytes())?;
                self.filled -= 64;
                // What did not fit; nothing did not fit if nothing is over.
                self.word = next.checked_shr(count - self.filled).unwrap_or(0);
            }
            done += count as usize;
        }
        Ok(())
    }

    /// Appends the bits that did not fill a word, the last byte filled with zeros.
    ///
    /// # Errors
    ///
    /// The output is full; a `Vec` never is.
    pub fn finish(self) -> Result<(), EncodeError> {
        let rest = self.word.to_le_bytes();
        let len = self.filled.div_ceil(8) as usize;
        self.out.put(rest.get(..len).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::{BitAppender, encode_byte_array, encode_f32, encode_f64, encode_i32, encode_i64};
    use proptest::prelude::*;
    use std::vec::Vec;

    proptest! {
        #[test]
        fn numbers(values in proptest::collection::vec(any::<i64>(), 0..600)) {
            let expected: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            let mut out = Vec::new();
            encode_i64(&values, &mut out).unwrap();
            prop_assert_eq!(&out, &expected);

            out.clear();
            let floats: Vec<f64> = values.iter().map(|&v| f64::from_bits(v as u64)).collect();
            encode_f64(&floats, &mut out).unwrap();
            prop_assert_eq!(&out, &expected);

            let narrow: Vec<i32> = values.iter().map(|&value| value as i32).collect();
            let expected: Vec<u8> = narrow.iter().flat_map(|value| value.to_le_bytes()).collect();
            out.clear();
            encode_i32(&narrow, &mut out).unwrap();
            prop_assert_eq!(&out, &expected);

            out.clear();
            let floats: Vec<f32> = narrow.iter().map(|&v| f32::from_bits(v as u32)).collect();
            encode_f32(&floats, &mut out).unwrap();
            prop_assert_eq!(&out, &expected);
        }

        #[test]
        fn bits_of_many_pieces(
            pieces in proptest::collection::vec(
                (proptest::collection::vec(any::<u8>(), 1..40), 0_usize..70, 0_usize..200), 0..6),
        ) {
            let mut out = Vec::new();
            let mut appender = BitAppender::new(&mut out);
            let mut expected = Vec::new();
            for (bytes, offset, len) in &pieces {
                let offset = (*offset).min(bytes.len() * 8);
                let len = (*len).min(bytes.len() * 8 - offset);
                appender.append_bits(bytes, offset, len).unwrap();
                expected.extend((offset..offset + len).map(|i| u64::from(bytes[i / 8] >> (i % 8) & 1)));
            }
            appender.finish().unwrap();
            prop_assert_eq!(out, crate::naive::pack(&expected, 1));
        }
    }

    #[test]
    fn byte_arrays() {
        let mut out = Vec::new();
        encode_byte_array(b"", &mut out).unwrap();
        encode_byte_array(b"ab", &mut out).unwrap();
        assert_eq!(out, [0, 0, 0, 0, 2, 0, 0, 0, b'a', b'b']);
    }
}
