//! Bits to differences, and those to their sums.

use super::unpack::{SLACK, unpack_8};
use super::{lanes_of, with_narrow, words_of};
use crate::bitpack::block::{BLOCK, Word};
use core::arch::x86_64::*;

/// Unpacks blocks of differences, and adds `smallest` and all that were before to each. Returns
/// how many blocks it did; `sum` is the last value then.
#[target_feature(enable = "avx2")]
pub(in super::super) fn unpack_sums<T: Word, V>(
    input: &[u8],
    width: u8,
    smallest: T,
    sum: &mut T,
    out: &mut [[V; BLOCK]],
    value: impl Fn(T) -> V,
) -> usize {
    with_narrow!(
        width,
        unpack_sums_at::<T, V>(input, smallest, sum, out, value)
    )
}

#[inline]
#[target_feature(enable = "avx2")]
fn unpack_sums_at<const WIDTH: usize, T: Word, V>(
    input: &[u8],
    smallest: T,
    sum: &mut T,
    out: &mut [[V; BLOCK]],
    value: impl Fn(T) -> V,
) -> usize {
    let len = BLOCK / 8 * WIDTH;
    let mut sums = Sums::new(smallest, *sum);
    let mut done = 0;
    for (index, block) in out.iter_mut().enumerate() {
        let Some(bytes) = input.get(index * len..index * len + len + SLACK) else {
            break;
        };
        for (group, out) in block.as_chunks_mut::<8>().0.iter_mut().enumerate() {
            let differences = unpack_8::<WIDTH>(bytes, group * WIDTH);
            let values = if T::BITS == u64::BITS as u8 {
                let low = _mm256_cvtepu32_epi64(_mm256_castsi256_si128(differences));
                let high = _mm256_cvtepu32_epi64(_mm256_extracti128_si256::<1>(differences));
                let (low, high) = (words_of(sums.next_4(low)), words_of(sums.next_4(high)));
                let [a, b, c, d] = low.map(T::from_word);
                let [e, f, g, h] = high.map(T::from_word);
                [a, b, c, d, e, f, g, h]
            } else {
                lanes_of(sums.next_8(differences)).map(|sum| T::from_word(sum.into()))
            };
            *out = values.map(&value);
        }
        done += 1;
    }
    *sum = sums.last();
    done
}

/// Sums so far, in lanes of the type's size.
struct Sums<T> {
    smallest: __m256i,
    last: __m256i,
    of: core::marker::PhantomData<T>,
}

impl<T: Word> Sums<T> {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn new(smallest: T, last: T) -> Self {
        let all = |value: T| {
            let word = value.to_word();
            if T::BITS == u64::BITS as u8 {
                _mm256_set1_epi64x(word.cast_signed())
            } else {
                _mm256_set1_epi32(word as i32)
            }
        };
        Self {
            smallest: all(smallest),
            last: all(last),
            of: core::marker::PhantomData,
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn last(&self) -> T {
        T::from_word(_mm256_extract_epi64::<0>(self.last).cast_unsigned())
    }

    /// The next eight sums, in lanes of 32 bits: of two, of four, then of eight, for which the
    /// higher half gets what the lower one has.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn next_8(&mut self, differences: __m256i) -> __m256i {
        let sums = _mm256_add_epi32(differences, self.smallest);
        let sums = _mm256_add_epi32(sums, _mm256_slli_si256::<4>(sums));
        let sums = _mm256_add_epi32(sums, _mm256_slli_si256::<8>(sums));
        let low = _mm256_permute2x128_si256::<0b0000_1000>(sums, sums);
        let sums = _mm256_add_epi32(sums, _mm256_shuffle_epi32::<0b11_11_11_11>(low));
        let all = _mm256_permutevar8x32_epi32(sums, _mm256_set1_epi32(7));
        let values = _mm256_add_epi32(sums, self.last);
        self.last = _mm256_add_epi32(self.last, all);
        values
    }

    /// The next four sums, in lanes of 64 bits.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn next_4(&mut self, differences: __m256i) -> __m256i {
        let sums = _mm256_add_epi64(differences, self.smallest);
        let sums = _mm256_add_epi64(sums, _mm256_slli_si256::<8>(sums));
        let second = _mm256_permute4x64_epi64::<0b01_01_01_01>(sums);
        let second = _mm256_blend_epi32::<0b1111_0000>(_mm256_setzero_si256(), second);
        let sums = _mm256_add_epi64(sums, second);
        let all = _mm256_permute4x64_epi64::<0b11_11_11_11>(sums);
        let values = _mm256_add_epi64(sums, self.last);
        self.last = _mm256_add_epi64(self.last, all);
        values
    }
}
