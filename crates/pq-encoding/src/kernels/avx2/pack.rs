//! Values to bits: neighbours are joined in lanes of twice the size, until a half of the register
//! holds its values without gaps.

use super::{in_order, lanes_of, load, load_32, load_64, load_bytes, store_half, with_narrow};
use crate::bitpack::block::{BLOCK, Word};
use core::arch::x86_64::*;

/// Bytes that are written behind those of a block, at most; the next block overwrites them.
const SLACK: usize = 16;

#[target_feature(enable = "avx2")]
pub(in super::super) fn pack<T: Word>(values: &[T], width: u8, out: &mut [u8]) -> (usize, u32) {
    with_narrow!(width, pack_at::<T>(values, out))
}

#[inline]
#[target_feature(enable = "avx2")]
fn pack_at<const WIDTH: usize, T: Word>(values: &[T], out: &mut [u8]) -> (usize, u32) {
    let len = BLOCK / 8 * WIDTH;
    let mut done = 0;
    let mut bits = _mm256_setzero_si256();
    for (index, block) in values.as_chunks::<BLOCK>().0.iter().enumerate() {
        let Some(out) = out.get_mut(index * len..index * len + len + SLACK) else {
            break;
        };
        let eight = [
            load(block, 0),
            load(block, 8),
            load(block, 16),
            load(block, 24),
        ];
        for lanes in eight {
            bits = _mm256_or_si256(bits, lanes);
        }
        match WIDTH {
            0..=8 => pack_32::<WIDTH>(eight, out),
            9..=16 => {
                pack_16::<WIDTH>(eight[0], eight[1], out, 0);
                pack_16::<WIDTH>(eight[2], eight[3], out, 2 * WIDTH);
            }
            _ => {
                for (index, values) in eight.into_iter().enumerate() {
                    pack_8::<WIDTH>(values, out, index * WIDTH);
                }
            }
        }
        done += BLOCK;
    }
    (
        done,
        lanes_of(bits).iter().fold(0, |bits, lane| bits | lane),
    )
}

/// 32 values of at most 8 bits: as bytes, in pairs, fours and eights.
#[inline]
#[target_feature(enable = "avx2")]
fn pack_32<const WIDTH: usize>([a, b, c, d]: [__m256i; 4], out: &mut [u8]) {
    let bytes = _mm256_packus_epi16(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d));
    let bytes = in_order(bytes);
    if WIDTH == 8 {
        return store_halves(bytes, out, 0, 16);
    }
    let pairs = _mm256_maddubs_epi16(_mm256_set1_epi16(1 | 1 << (8 + WIDTH % 8)), bytes);
    let fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(1 | 1 << (16 + 2 * (WIDTH % 8))));
    let eights = join_32(fours, 4 * WIDTH);
    let halves = _mm256_shuffle_epi8(eights, load_bytes(&const { adjoin(WIDTH) }));
    store_halves(halves, out, 0, 2 * WIDTH);
}

/// 16 values of 9 to 16 bits: as 16 bits, in pairs, fours and eights.
#[inline]
#[target_feature(enable = "avx2")]
fn pack_16<const WIDTH: usize>(a: __m256i, b: __m256i, out: &mut [u8], at: usize) {
    let narrow = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packus_epi32(a, b));
    if WIDTH == 16 {
        return store_halves(narrow, out, at, 16);
    }
    let pairs = if WIDTH < 15 {
        _mm256_madd_epi16(narrow, _mm256_set1_epi32(1 | 1 << (16 + WIDTH % 15)))
    } else {
        // 2¹⁵ is no factor with a sign: the lower one of a pair is shifted up, then both down.
        let up = _mm256_mullo_epi16(narrow, _mm256_set1_epi32(1 << 16 | 2));
        _mm256_srli_epi32::<1>(up)
    };
    let fours = join_32(pairs, 2 * WIDTH);
    let eights = if WIDTH.is_multiple_of(2) {
        _mm256_shuffle_epi8(fours, load_bytes(&const { adjoin(WIDTH / 2) }))
    } else {
        let shifts = [4 * WIDTH as u64; 2];
        join_64(fours, shifts)
    };
    store_halves(eights, out, at, WIDTH);
}

/// Eight values of 17 to 32 bits: in pairs and fours. Fours of an odd width end within a byte:
/// the higher four leave their lowest four bits to the lower ones.
#[inline]
#[target_feature(enable = "avx2")]
fn pack_8<const WIDTH: usize>(values: __m256i, out: &mut [u8], at: usize) {
    let odd = WIDTH % 2 * 4;
    let up = _mm256_sllv_epi32(values, load_32(&pairs(32 - WIDTH as u32)));
    let down = 32 - WIDTH as u64;
    let pairs = _mm256_srlv_epi64(up, load_64([down, down, down + odd as u64, down]));
    let width = 2 * WIDTH as u64;
    let mut fours = if WIDTH.is_multiple_of(4) {
        _mm256_shuffle_epi8(pairs, load_bytes(&const { adjoin(WIDTH / 4) }))
    } else {
        join_64(pairs, [width, width - odd as u64])
    };
    if odd > 0 {
        let fifth = _mm256_permute4x64_epi64::<0b10_10_10_10>(values);
        let shifts = load_64([64, (2 * width).wrapping_sub(64), 64, 64]);
        fours = _mm256_or_si256(fours, _mm256_sllv_epi64(fifth, shifts));
    }
    store_halves(fours, out, at, (4 * WIDTH + odd) / 8);
}

/// The even 32-bit lanes: `even`; the odd ones: 0.
const fn pairs(even: u32) -> [u32; 8] {
    [even, 0, even, 0, even, 0, even, 0]
}

/// Joins the lowest `width` bits of neighbours of 32 bits, which have zeros above: the lower one
/// is shifted up against the higher one, then both down.
#[inline]
#[target_feature(enable = "avx2")]
fn join_32(lanes: __m256i, width: usize) -> __m256i {
    let shift = 32 - width as u32;
    let up = _mm256_sllv_epi32(lanes, load_32(&pairs(shift)));
    _mm256_srlv_epi64(up, load_64([u64::from(shift); 4]))
}

/// Joins the lowest bits of neighbours of 64 bits, `widths` of which are the lower one's in each
/// half of the register.
#[inline]
#[target_feature(enable = "avx2")]
fn join_64(lanes: __m256i, [low, high]: [u64; 2]) -> __m256i {
    let upper = _mm256_unpackhi_epi64(lanes, lanes);
    // Shifts by 64 leave nothing.
    let to_lower = _mm256_sllv_epi64(upper, load_64([low, 64, high, 64]));
    let rest = _mm256_srlv_epi64(lanes, load_64([0, 64 - low, 0, 64 - high]));
    _mm256_or_si256(to_lower, rest)
}

/// Moves the first `len` bytes, at most 8, of the higher 64 bits of each half behind those of the
/// lower.
const fn adjoin(len: usize) -> [u8; 32] {
    let len = if len > 8 { 8 } else { len };
    let mut places = [0x80; 32];
    let mut byte = 0;
    while byte < len {
        places[byte] = byte as u8;
        places[len + byte] = 8 + byte as u8;
        places[16 + byte] = byte as u8;
        places[16 + len + byte] = 8 + byte as u8;
        byte += 1;
    }
    places
}

/// Writes the lower half of the register at `at`, then the higher one `len` bytes behind it.
#[inline]
#[target_feature(enable = "avx2")]
fn store_halves(halves: __m256i, out: &mut [u8], at: usize, len: usize) {
    store_half(_mm256_castsi256_si128(halves), out, at);
    store_half(_mm256_extracti128_si256::<1>(halves), out, at + len);
}
