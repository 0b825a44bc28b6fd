//! Numbers and fixed-length byte arrays to bytes.

use crate::error::EncodeError;
use crate::output::Output;

/// The bytes that `count` values of `width` bytes each take, exactly so many: 4 for INT32 and
/// FLOAT, 8 for INT64 and DOUBLE, 12 for INT96, its own for a fixed-length byte array.
///
/// ```
/// assert_eq!(pq_encoding::plain::max_encoded_len(100, size_of::<f64>()), 800);
/// ```
#[inline]
pub const fn max_encoded_len(count: usize, width: usize) -> usize {
    count.saturating_mul(width)
}

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

/// Appends INT96 values, the least significant 32 bits of each first.
///
/// # Errors
///
/// The output is full; a `Vec` never is.
pub fn encode_int96(values: &[[u32; 3]], out: &mut impl Output) -> Result<(), EncodeError> {
    const AT_ONCE: usize = 64;
    out.reserve(values.len() * 12);
    for block in values.chunks(AT_ONCE) {
        let mut bytes = [0; AT_ONCE * 12];
        let words = bytes.as_chunks_mut::<4>().0;
        for (to, word) in words.iter_mut().zip(block.as_flattened()) {
            *to = word.to_le_bytes();
        }
        out.put(bytes.get(..block.len() * 12).unwrap_or_default())?;
    }
    Ok(())
}

/// Appends fixed-length byte arrays of `width` bytes each, which stand in `data` back to back.
///
/// # Errors
///
/// `data` is no whole number of values, and nothing is appended then; or the output is full.
pub fn encode_fixed(data: &[u8], width: usize, out: &mut impl Output) -> Result<(), EncodeError> {
    check_fixed(data, width)?;
    out.put(data)
}

/// Errors unless `data` is a whole number of values of `width` bytes each.
pub(crate) fn check_fixed(data: &[u8], width: usize) -> Result<(), EncodeError> {
    let len = data.len();
    if len.checked_rem(width).unwrap_or(len) == 0 {
        Ok(())
    } else {
        Err(EncodeError::Ragged { len, width })
    }
}
