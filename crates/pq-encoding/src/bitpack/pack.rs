//! Values to bits, least significant bit first.

use super::block::{Word, pack_all, with_block};
use super::packed_len;
use crate::error::EncodeError;
use crate::kernels;

macro_rules! pack {
    ($($(#[$example:meta])* $name:ident $word:ident;)*) => {$(
        #[doc = concat!("Packs `", stringify!($word), "` values at `width` bits each to the front of")]
        /// `out` and returns the bytes written: [`packed_len`], the last group of eight filled
        /// with zeros.
        ///
        /// # Errors
        ///
        /// A width above that of the type or too small an output, and nothing is written then; or
        /// a value that does not fit the width, and `out` may hold some values then.
        $(#[$example])*
        pub fn $name(values: &[$word], width: u8, out: &mut [u8]) -> Result<usize, EncodeError> {
            pack(values, width, out)
        }
    )*};
}

pack! {
    pack_u8 u8;
    pack_u16 u16;
    /// ```
    /// use pq_encoding::bitpack;
    ///
    /// let mut packed = [0; 3];
    /// assert_eq!(bitpack::pack_u32(&[0, 1, 2, 3, 4, 5, 6, 7], 3, &mut packed)?, 3);
    /// assert_eq!(packed, [0b1000_1000, 0b1100_0110, 0b1111_1010]);
    /// # Ok::<(), pq_encoding::EncodeError>(())
    /// ```
    pack_u32 u32;
    /// ```
    /// use pq_encoding::bitpack;
    ///
    /// let mut packed = [0; 40];
    /// assert_eq!(bitpack::pack_u64(&[1, 2, 3, 1 << 39], 40, &mut packed)?, 40);
    /// assert_eq!(packed[..6], [1, 0, 0, 0, 0, 2]);
    /// # Ok::<(), pq_encoding::EncodeError>(())
    /// ```
    pack_u64 u64;
}

/// Packs values, and finds those that are too wide on the way.
pub(crate) fn pack<T: Word>(values: &[T], width: u8, out: &mut [u8]) -> Result<usize, EncodeError> {
    check_width::<T>(width)?;
    let len = packed_len(values.len(), width);
    let available = out.len();
    let Some(out) = out.get_mut(..len) else {
        return Err(EncodeError::OutputFull {
            needed: len,
            available,
        });
    };
    // The kernel looks at 32 bits of each value.
    if T::BITS > u32::BITS as u8 {
        check(values, width)?;
    }
    let (done, bits) = kernels::pack(values, width, out);
    let rest = values.get(done..).unwrap_or_default();
    if !fits(or(rest).to_word() | u64::from(bits), width) {
        check(values, width)?;
    }
    let out = out.get_mut(packed_len(done, width)..).unwrap_or_default();
    if !rest.is_empty() {
        with_block!(width, pack_all::<T>(rest, out));
    }
    Ok(len)
}

/// Errors unless each value fits `width` bits, of which there are at most as many as it has.
pub(crate) fn check<T: Word>(values: &[T], width: u8) -> Result<(), EncodeError> {
    check_width::<T>(width)?;
    if fits(or(values).to_word(), width) {
        return Ok(());
    }
    let is_wide = |value: &T| !fits(value.to_word(), width);
    let index = values.iter().position(is_wide).unwrap_or(0);
    Err(EncodeError::TooWide {
        index,
        value: values.get(index).map_or(0, |value| value.to_word()),
        width,
    })
}

/// Errors unless the integer has so many bits.
fn check_width<T: Word>(width: u8) -> Result<(), EncodeError> {
    let most = T::BITS;
    if width > most {
        return Err(EncodeError::Width { width, most });
    }
    Ok(())
}

/// Whether `width` bits hold the value.
#[inline(always)]
pub(crate) fn fits(value: u64, width: u8) -> bool {
    value.checked_shr(width.into()).unwrap_or(0) == 0
}

/// The bits of all values in one.
#[inline(always)]
fn or<T: Word>(values: &[T]) -> T {
    values.iter().fold(T::ZERO, |bits, &value| bits | value)
}
