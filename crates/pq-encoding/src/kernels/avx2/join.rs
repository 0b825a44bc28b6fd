//! Bytes of streams to values.

use super::{lanes_of, load_bytes, words_of};
use crate::bitpack::block::BLOCK;
use core::arch::x86_64::*;

/// Makes a value of each byte of the first stream and of those at its place in the others, 32 at a
/// time. Returns how many it made.
#[target_feature(enable = "avx2")]
pub(in super::super) fn join_4<V>(
    streams: [&[u8]; 4],
    out: &mut [V],
    value: impl Fn([u8; 4]) -> V,
) -> usize {
    let [a, b, c, d] = streams.map(|stream| stream.as_chunks::<BLOCK>().0);
    let blocks = out.as_chunks_mut::<BLOCK>().0.iter_mut();
    let mut done = 0;
    for ((((out, a), b), c), d) in blocks.zip(a).zip(b).zip(c).zip(d) {
        let eights = join([a, b, c, d]);
        for (out, eight) in out.as_chunks_mut::<8>().0.iter_mut().zip(eights) {
            *out = lanes_of(eight).map(|lane| value(lane.to_le_bytes()));
        }
        done += BLOCK;
    }
    done
}

/// As [`join_4`].
#[target_feature(enable = "avx2")]
pub(in super::super) fn join_8<V>(
    streams: [&[u8]; 8],
    out: &mut [V],
    value: impl Fn([u8; 8]) -> V,
) -> usize {
    let [a, b, c, d, e, f, g, h] = streams.map(|stream| stream.as_chunks::<BLOCK>().0);
    let low = a.iter().zip(b).zip(c).zip(d);
    let high = e.iter().zip(f).zip(g).zip(h);
    let mut done = 0;
    for ((out, (((a, b), c), d)), (((e, f), g), h)) in
        out.as_chunks_mut::<BLOCK>().0.iter_mut().zip(low).zip(high)
    {
        let halves = join([a, b, c, d]).into_iter().zip(join([e, f, g, h]));
        for (out, (low, high)) in out.as_chunks_mut::<8>().0.iter_mut().zip(halves) {
            let (outer, inner) = (
                _mm256_unpacklo_epi32(low, high),
                _mm256_unpackhi_epi32(low, high),
            );
            let words = [
                words_of(_mm256_permute2x128_si256::<LOW>(outer, inner)),
                words_of(_mm256_permute2x128_si256::<HIGH>(outer, inner)),
            ];
            for (out, words) in out.as_chunks_mut::<4>().0.iter_mut().zip(words) {
                *out = words.map(|word| value(word.to_le_bytes()));
            }
        }
        done += BLOCK;
    }
    done
}

/// The lower halves of two registers.
const LOW: i32 = 0b0010_0000;

/// The higher halves of two registers.
const HIGH: i32 = 0b0011_0001;

/// Joins the bytes of four streams, eight lanes of 32 bits in each register: in pairs first, then
/// these. Either works in halves of registers, which are put in order last.
#[inline]
#[target_feature(enable = "avx2")]
fn join(streams: [&[u8; BLOCK]; 4]) -> [__m256i; 4] {
    let [a, b, c, d] = streams.map(|bytes| load_bytes(bytes));
    let (ab, ab_high) = (_mm256_unpacklo_epi8(a, b), _mm256_unpackhi_epi8(a, b));
    let (cd, cd_high) = (_mm256_unpacklo_epi8(c, d), _mm256_unpackhi_epi8(c, d));
    let first = _mm256_unpacklo_epi16(ab, cd);
    let second = _mm256_unpackhi_epi16(ab, cd);
    let third = _mm256_unpacklo_epi16(ab_high, cd_high);
    let fourth = _mm256_unpackhi_epi16(ab_high, cd_high);
    [
        _mm256_permute2x128_si256::<LOW>(first, second),
        _mm256_permute2x128_si256::<LOW>(third, fourth),
        _mm256_permute2x128_si256::<HIGH>(first, second),
        _mm256_permute2x128_si256::<HIGH>(third, fourth),
    ]
}
