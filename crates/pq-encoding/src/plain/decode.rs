//! Bytes to numbers and fixed-length byte arrays.

use crate::error::DecodeError;

/// The first `len` bytes.
pub(super) fn front(input: &[u8], len: usize) -> Result<&[u8], DecodeError> {
    input.get(..len).ok_or(DecodeError::UnexpectedEnd {
        offset: input.len(),
    })
}

macro_rules! decode_numbers {
    ($($name:ident $number:ty, $what:literal;)*) => {
        $(
            #[doc = concat!("Fills `out` with the ", $what, " values that `input` starts with, and")]
            /// returns the bytes used.
            ///
            /// # Errors
            ///
            /// Too short an input. `out` is as it was then.
            pub fn $name(input: &[u8], out: &mut [$number]) -> Result<usize, DecodeError> {
                const SIZE: usize = size_of::<$number>();
                let bytes = front(input, out.len().saturating_mul(SIZE))?;
                for (to, from) in out.iter_mut().zip(bytes.as_chunks::<SIZE>().0) {
                    *to = <$number>::from_le_bytes(*from);
                }
                Ok(bytes.len())
            }
        )*
    };
}

decode_numbers! {
    decode_i32 i32, "INT32";
    decode_i64 i64, "INT64";
    decode_f32 f32, "FLOAT";
    decode_f64 f64, "DOUBLE";
}

/// Fills `out` with the INT96 values that `input` starts with, the least significant 32 bits of
/// each first, and returns the bytes used.
///
/// # Errors
///
/// Too short an input. `out` is as it was then.
pub fn decode_int96(input: &[u8], out: &mut [[u32; 3]]) -> Result<usize, DecodeError> {
    let bytes = front(input, out.len().saturating_mul(12))?;
    let words = bytes.as_chunks::<4>().0;
    for (to, from) in out.as_flattened_mut().iter_mut().zip(words) {
        *to = u32::from_le_bytes(*from);
    }
    Ok(bytes.len())
}

/// The `count` fixed-length byte arrays of `width` bytes each that `input` starts with, back to
/// back: `chunks_exact(width)` has them one by one.
///
/// # Errors
///
/// Too short an input.
///
/// ```
/// let values = pq_encoding::plain::decode_fixed(b"abcdef and more", 3, 2)?;
/// assert_eq!(values, b"abcdef");
/// # Ok::<(), pq_encoding::DecodeError>(())
/// ```
pub fn decode_fixed(input: &[u8], width: usize, count: usize) -> Result<&[u8], DecodeError> {
    front(input, count.saturating_mul(width))
}
