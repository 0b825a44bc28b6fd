//! AVX2: eight 32-bit lanes, 32 values at a time, for widths up to 32.

mod changes;
mod cpu;
mod join;
mod pack;
mod sums;
mod unpack;

pub(super) use changes::changes;
pub(super) use cpu::is_there;
pub(super) use join::{join_4, join_8};
pub(super) use pack::pack;
pub(super) use sums::unpack_sums;
pub(super) use unpack::unpack;

use super::Work;
use crate::bitpack::block::Word;
use core::arch::x86_64::*;

/// Does work that is inlined here.
#[target_feature(enable = "avx2")]
pub(super) fn run<W: Work>(work: W) -> W::Done {
    work.run()
}

/// Calls a function whose const parameter is the width, 1 to 32; or gives nothing.
macro_rules! with_narrow {
    ($width:expr, $function:ident::<$($type:ident),*>$arguments:tt) => {
        with_narrow!(
            @ $width, $function, ($($type),*), $arguments,
            1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
        )
    };
    (@ $width:expr, $function:ident, $types:tt, $arguments:tt, $($known:literal)*) => {
        match $width {
            $($known => with_narrow!(@ $function, $known, $types, $arguments),)*
            _ => Default::default(),
        }
    };
    (@ $function:ident, $known:literal, ($($type:ident),*), ($($argument:expr),*)) => {
        $function::<$known, $($type),*>($($argument),*)
    };
}
use with_narrow;

/// The eight values at `at`, with what they have above 32 bits cut off; zeros where there are none.
#[inline]
#[target_feature(enable = "avx2")]
fn load<T: Word>(values: &[T], at: usize) -> __m256i {
    let mut lanes = [0_u32; 8];
    if let Some(eight) = values.get(at..).and_then(<[T]>::first_chunk::<8>) {
        for (lane, value) in lanes.iter_mut().zip(eight) {
            *lane = value.to_word() as u32;
        }
    }
    load_32(&lanes)
}

/// Puts bytes in order that were four registers of eight values and were narrowed twice.
#[inline]
#[target_feature(enable = "avx2")]
fn in_order(bytes: __m256i) -> __m256i {
    // Narrowing works in halves of registers.
    let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    _mm256_permutevar8x32_epi32(bytes, order)
}

/// The lanes of 32 bits.
#[inline]
#[target_feature(enable = "avx2")]
fn lanes_of(register: __m256i) -> [u32; 8] {
    let mut lanes = [0; 8];
    // SAFETY: writes the 32 bytes of the array, at any alignment.
    unsafe { _mm256_storeu_si256(lanes.as_mut_ptr().cast(), register) }
    lanes
}

/// The bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn bytes_of(register: __m256i) -> [u8; 32] {
    let mut bytes = [0; 32];
    // SAFETY: writes the 32 bytes of the array, at any alignment.
    unsafe { _mm256_storeu_si256(bytes.as_mut_ptr().cast(), register) }
    bytes
}

/// The lanes of 64 bits.
#[inline]
#[target_feature(enable = "avx2")]
fn words_of(register: __m256i) -> [u64; 4] {
    let mut words = [0; 4];
    // SAFETY: writes the 32 bytes of the array, at any alignment.
    unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), register) }
    words
}

#[inline]
#[target_feature(enable = "avx2")]
fn load_32(lanes: &[u32; 8]) -> __m256i {
    // SAFETY: reads the 32 bytes of the array, at any alignment.
    unsafe { _mm256_loadu_si256(lanes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn load_64(lanes: [u64; 4]) -> __m256i {
    // SAFETY: reads the 32 bytes of the array, at any alignment.
    unsafe { _mm256_loadu_si256(lanes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn load_bytes(bytes: &[u8; 32]) -> __m256i {
    // SAFETY: reads the 32 bytes of the array, at any alignment.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

/// The 16 bytes at `at`; zeros if there are none.
#[inline]
#[target_feature(enable = "avx2")]
fn load_half(bytes: &[u8], at: usize) -> __m128i {
    match bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
        // SAFETY: reads the 16 bytes of the array, at any alignment.
        Some(half) => unsafe { _mm_loadu_si128(half.as_ptr().cast()) },
        None => _mm_setzero_si128(),
    }
}

/// Writes 16 bytes at `at`, if there is room.
#[inline]
#[target_feature(enable = "avx2")]
fn store_half(half: __m128i, bytes: &mut [u8], at: usize) {
    if let Some(room) = bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<16>) {
        // SAFETY: writes the 16 bytes of the array, at any alignment.
        unsafe { _mm_storeu_si128(room.as_mut_ptr().cast(), half) }
    }
}
