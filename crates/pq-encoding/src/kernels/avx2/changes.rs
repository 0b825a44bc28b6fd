//! Comparisons of neighbours.

use super::{in_order, load};
use crate::bitpack::block::Word;
use crate::rle::changes::{Changes, Compared, each_word};
use core::arch::x86_64::*;

#[target_feature(enable = "avx2")]
pub(in super::super) fn changes<T: Word>(values: &[T], out: &mut Changes) -> Option<Compared> {
    if T::BITS > u32::BITS as u8 {
        return None;
    }
    let compared = each_word(values, out, |values| {
        !(u64::from(equal(values, 0)) | u64::from(equal(values, 32)) << 32)
    });
    Some(compared)
}

/// Which of the 32 values at `at` are like the one behind them.
#[inline]
#[target_feature(enable = "avx2")]
fn equal<T: Word>(values: &[T], at: usize) -> u32 {
    let [a, b, c, d] = [
        equal_8(values, at),
        equal_8(values, at + 8),
        equal_8(values, at + 16),
        equal_8(values, at + 24),
    ];
    let bytes = _mm256_packs_epi16(_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));
    _mm256_movemask_epi8(in_order(bytes)).cast_unsigned()
}

#[inline]
#[target_feature(enable = "avx2")]
fn equal_8<T: Word>(values: &[T], at: usize) -> __m256i {
    _mm256_cmpeq_epi32(load(values, at), load(values, at + 1))
}
