//! The vectors that the CPU at hand has, where a build for every CPU may not count on them: the
//! only place with `unsafe`.
//!
//! [`vectorized`] compiles plain code for them. Each of the others does a part of the work, from
//! the front, and says how much: nothing at all without such a CPU. What is left, and everything
//! there, is for the portable twins in [`bitpack::block`](crate::bitpack::block),
//! [`rle`](crate::rle), [`delta_binary_packed`](crate::delta_binary_packed) and
//! [`byte_stream_split`](crate::byte_stream_split), which give the same. Without an operating system, nobody may have promised to keep the registers: portable.

#![allow(
    unsafe_code,
    reason = "calls what only some CPUs have, after a look at the CPU"
)]

#[cfg(all(
    target_arch = "x86_64",
    not(miri),
    not(any(target_os = "none", target_os = "uefi", target_env = "sgx"))
))]
mod avx2;

use crate::bitpack::block::{BLOCK, Word};
use crate::rle::{Changes, Compared};

/// Returns what the kernel gives, if the CPU has AVX2. Where no CPU can, it is not compiled.
macro_rules! avx2 {
    ($kernel:expr) => {
        #[cfg(all(
            target_arch = "x86_64",
            not(miri),
            not(any(target_os = "none", target_os = "uefi", target_env = "sgx"))
        ))]
        if avx2::is_there() {
            // SAFETY: the CPU has AVX2.
            return unsafe { $kernel };
        }
    };
}

/// Work of which the compiler makes vectors: see [`vectorized`].
pub trait Work {
    /// What comes of it.
    type Done;
    /// Does it. Mark it, and all that it calls, `#[inline(always)]`: what is not inlined is compiled
    /// for every CPU.
    fn run(self) -> Self::Done;
}

/// Does work with the vectors that the CPU has: plain loops are compiled twice, once for every CPU
/// of the target and once for those with AVX2.
///
/// ```
/// use pq_encoding::vectors::{Work, vectorized};
///
/// struct Sum<'a>(&'a [u32]);
///
/// impl Work for Sum<'_> {
///     type Done = u32;
///
///     #[inline(always)]
///     fn run(self) -> u32 {
///         self.0.iter().fold(0, |sum, value| sum.wrapping_add(*value))
///     }
/// }
///
/// assert_eq!(vectorized(Sum(&[1, 2, 3])), 6);
/// ```
#[inline]
pub fn vectorized<W: Work>(work: W) -> W::Done {
    avx2!(avx2::run(work));
    work.run()
}

/// Packs values that fit `width` bits to the front of `out`. Returns how many it packed, a
/// multiple of 32, and the lowest 32 bits of all of them in one: whether they fitted.
#[inline]
pub(crate) fn pack<T: Word>(values: &[T], width: u8, out: &mut [u8]) -> (usize, u32) {
    avx2!(avx2::pack(values, width, out));
    let _ = (values, width, out);
    (0, 0)
}

/// Unpacks values of `width` bits from the front of `input`, and returns how many it unpacked: a
/// multiple of 32.
#[inline]
pub(crate) fn unpack<T: Word>(input: &[u8], width: u8, out: &mut [T]) -> usize {
    avx2!(avx2::unpack(input, width, out));
    let _ = (input, width, out);
    0
}

/// Unpacks blocks of differences of `width` bits from the front of `input`, and adds `smallest`
/// and all that were before to each: a sum, of which `value` makes a value. Returns how many blocks
/// it did; `sum` is the last one then.
#[inline]
pub(crate) fn unpack_sums<T: Word, V>(
    input: &[u8],
    width: u8,
    smallest: T,
    sum: &mut T,
    out: &mut [[V; BLOCK]],
    value: impl Fn(T) -> V,
) -> usize {
    avx2!(avx2::unpack_sums(input, width, smallest, sum, out, value));
    let _ = (input, width, smallest, sum, out, value);
    0
}

/// Compares values with those behind them, 64 at a time; `None` without such a CPU, or if they
/// have more than 32 bits.
#[inline]
pub(crate) fn changes<T: Word>(values: &[T], out: &mut Changes) -> Option<Compared> {
    avx2!(avx2::changes(values, out));
    let _ = (values, out);
    None
}

/// Makes a value of each byte of the first stream and of those at its place in the others. Returns
/// how many it made: a multiple of 32.
#[inline]
pub(crate) fn join_4<V>(streams: [&[u8]; 4], out: &mut [V], value: impl Fn([u8; 4]) -> V) -> usize {
    avx2!(avx2::join_4(streams, out, value));
    let _ = (streams, out, value);
    0
}

/// As [`join_4`].
#[inline]
pub(crate) fn join_8<V>(streams: [&[u8]; 8], out: &mut [V], value: impl Fn([u8; 8]) -> V) -> usize {
    avx2!(avx2::join_8(streams, out, value));
    let _ = (streams, out, value);
    0
}
