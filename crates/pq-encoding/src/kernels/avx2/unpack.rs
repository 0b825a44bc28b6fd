//! Bits to values.

use super::{bytes_of, in_order, lanes_of, load_32, load_bytes, load_half, with_narrow};
use crate::bitpack::block::{BLOCK, Word};
use core::arch::x86_64::*;

/// Bytes that are read behind those of a block, at most.
pub(super) const SLACK: usize = 16;

#[target_feature(enable = "avx2")]
pub(in super::super) fn unpack<T: Word>(input: &[u8], width: u8, out: &mut [T]) -> usize {
    with_narrow!(width, unpack_at::<T>(input, out))
}

#[inline]
#[target_feature(enable = "avx2")]
fn unpack_at<const WIDTH: usize, T: Word>(input: &[u8], out: &mut [T]) -> usize {
    let len = BLOCK / 8 * WIDTH;
    let mut done = 0;
    for (index, block) in out.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        let Some(bytes) = input.get(index * len..index * len + len + SLACK) else {
            break;
        };
        if T::BITS == u8::BITS as u8 {
            let [a, b, c, d] = [0, 1, 2, 3].map(|group| unpack_8::<WIDTH>(bytes, group * WIDTH));
            let shorts = [_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d)];
            let narrow = in_order(_mm256_packus_epi16(shorts[0], shorts[1]));
            *block = bytes_of(narrow).map(|byte| T::from_word(byte.into()));
            done += BLOCK;
            continue;
        }
        for (group, out) in block.as_chunks_mut::<8>().0.iter_mut().enumerate() {
            let lanes = lanes_of(unpack_8::<WIDTH>(bytes, group * WIDTH));
            *out = lanes.map(|lane| T::from_word(lane.into()));
        }
        done += BLOCK;
    }
    done
}

/// Unpacks the eight values at byte `at`: each lane takes the bytes that hold its value, shifts
/// them down and masks what is above.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn unpack_8<const WIDTH: usize>(bytes: &[u8], at: usize) -> __m256i {
    let low = load_half(bytes, at);
    // The higher four values, whose bytes are loaded for themselves where 16 do not hold all.
    let high = if WIDTH > 16 {
        load_half(bytes, at + Places::<WIDTH>::HIGH_AT)
    } else {
        low
    };
    let all = _mm256_set_m128i(high, low);
    let mask = _mm256_set1_epi32((u32::MAX >> (32 - WIDTH)).cast_signed());
    if Places::<WIDTH>::FIT_4_BYTES {
        let lanes = _mm256_shuffle_epi8(all, load_bytes(&Places::<WIDTH>::FOUR));
        let lanes = _mm256_srlv_epi32(lanes, load_32(&Places::<WIDTH>::SHIFTS));
        return _mm256_and_si256(lanes, mask);
    }
    // Values that touch five bytes: in lanes of 64 bits, then their lower halves together.
    let first = _mm256_shuffle_epi8(all, load_bytes(&Places::<WIDTH>::FIRST_EIGHT));
    let second = _mm256_shuffle_epi8(all, load_bytes(&Places::<WIDTH>::SECOND_EIGHT));
    let first = _mm256_srlv_epi64(first, load_32(&Places::<WIDTH>::FIRST_SHIFTS));
    let second = _mm256_srlv_epi64(second, load_32(&Places::<WIDTH>::SECOND_SHIFTS));
    let lanes =
        _mm256_shuffle_ps::<0b10_00_10_00>(_mm256_castsi256_ps(first), _mm256_castsi256_ps(second));
    _mm256_and_si256(_mm256_castps_si256(lanes), mask)
}

/// Where the bits of each of eight values are.
struct Places<const WIDTH: usize>;

impl<const WIDTH: usize> Places<WIDTH> {
    /// The byte at which the bytes of the higher four values are loaded.
    const HIGH_AT: usize = if WIDTH > 16 { 4 * WIDTH / 8 } else { 0 };

    /// The first bit of a value, counted from the bytes that its half was loaded from.
    const fn bit(value: usize) -> usize {
        let loaded_at = if value < 4 { 0 } else { Self::HIGH_AT };
        value * WIDTH - loaded_at * 8
    }

    /// Whether no value touches more than four bytes.
    const FIT_4_BYTES: bool = {
        let mut fit = true;
        let mut value = 0;
        while value < 8 {
            fit &= Self::bit(value) % 8 + WIDTH <= 32;
            value += 1;
        }
        fit
    };

    /// For each byte of four bytes a value, which of the loaded ones it is; those above the value
    /// are zeros where there are none.
    const FOUR: [u8; 32] = {
        let mut places = [0x80; 32];
        let mut value = 0;
        while value < 8 {
            let mut byte = 0;
            while byte < 4 {
                let from = Self::bit(value) / 8 + byte;
                if from < 16 {
                    places[value * 4 + byte] = from as u8;
                }
                byte += 1;
            }
            value += 1;
        }
        places
    };

    const SHIFTS: [u32; 8] = {
        let mut shifts = [0; 8];
        let mut value = 0;
        while value < 8 {
            shifts[value] = (Self::bit(value) % 8) as u32;
            value += 1;
        }
        shifts
    };

    /// As `FOUR`, but eight bytes a value, of the first two values of each half.
    const FIRST_EIGHT: [u8; 32] = Self::eight(0);
    const SECOND_EIGHT: [u8; 32] = Self::eight(2);

    const fn eight(skip: usize) -> [u8; 32] {
        let mut places = [0x80; 32];
        let mut lane = 0;
        while lane < 4 {
            let value = lane % 2 + lane / 2 * 4 + skip;
            let mut byte = 0;
            while byte < 8 {
                let from = Self::bit(value) / 8 + byte;
                if from < 16 {
                    places[lane * 8 + byte] = from as u8;
                }
                byte += 1;
            }
            lane += 1;
        }
        places
    }

    /// Shifts in lanes of 64 bits.
    const FIRST_SHIFTS: [u32; 8] = Self::wide_shifts(0);
    const SECOND_SHIFTS: [u32; 8] = Self::wide_shifts(2);

    const fn wide_shifts(skip: usize) -> [u32; 8] {
        let mut shifts = [0; 8];
        let mut lane = 0;
        while lane < 4 {
            let value = lane % 2 + lane / 2 * 4 + skip;
            shifts[lane * 2] = (Self::bit(value) % 8) as u32;
            lane += 1;
        }
        shifts
    }
}
