//! Bits to values, least significant bit first.

use super::block::{Word, unpack_all, with_block};
use super::packed_len;
use crate::error::DecodeError;
use crate::kernels;

macro_rules! unpack {
    ($($name:ident $word:ident;)*) => {$(
        #[doc = concat!("Unpacks `out.len()` `", stringify!($word), "` values of `width` bits each from")]
        /// the front of `input` and returns the bytes used: [`packed_len`].
        ///
        /// # Errors
        ///
        /// A width above that of the type, or too short an input. `out` is as it was then.
        pub fn $name(input: &[u8], width: u8, out: &mut [$word]) -> Result<usize, DecodeError> {
            unpack(input, width, out)
        }
    )*};
}

unpack! {
    unpack_u8 u8;
    unpack_u16 u16;
    unpack_u32 u32;
    unpack_u64 u64;
}

fn unpack<T: Word>(input: &[u8], width: u8, out: &mut [T]) -> Result<usize, DecodeError> {
    let most = T::BITS;
    if width > most {
        return Err(DecodeError::Width { width, most });
    }
    let len = packed_len(out.len(), width);
    let Some(packed) = input.get(..len) else {
        return Err(DecodeError::UnexpectedEnd {
            offset: input.len(),
        });
    };
    // Kernels may look at bytes behind those of the values.
    let done = kernels::unpack(input, width, out);
    let packed = packed.get(packed_len(done, width)..).unwrap_or_default();
    let out = out.get_mut(done..).unwrap_or_default();
    if !out.is_empty() {
        with_block!(width, unpack_all::<T>(packed, out));
    }
    Ok(len)
}
