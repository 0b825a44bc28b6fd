//! Groups of eight values, of any width with the same code: for those that are too few for a
//! kernel.

use super::block::Word;

/// Packs eight values that fit `width` bits, at most 16, and zeros behind them.
#[inline(always)]
pub(crate) fn pack_narrow<T: Word>(values: &[T; 8], width: u8) -> [u8; 16] {
    let width = u32::from(width);
    let two = |low: T, high: T| low.to_word() | high.to_word().wrapping_shl(width);
    let four = |low: u64, high: u64| u128::from(low | high.wrapping_shl(2 * width));
    let &[a, b, c, d, e, f, g, h] = values;
    let low = four(two(a, b), two(c, d));
    let high = four(two(e, f), two(g, h));
    (low | high.wrapping_shl(4 * width)).to_le_bytes()
}

/// Packs eight values that fit `width` bits, 17 to 32, and zeros behind them.
#[inline(always)]
pub(crate) fn pack_wide<T: Word>(values: &[T; 8], width: u8) -> [u8; 32] {
    let width = u32::from(width);
    let two = |low: T, high: T| u128::from(low.to_word() | high.to_word().wrapping_shl(width));
    let four = |low: u128, high: u128| low | high.wrapping_shl(2 * width);
    let &[a, b, c, d, e, f, g, h] = values;
    let low = four(two(a, b), two(c, d));
    let high = four(two(e, f), two(g, h));
    let low = low | high.checked_shl(4 * width).unwrap_or(0);
    let high = high.wrapping_shr(128 - 4 * width);
    let mut bytes = [0; 32];
    let halves = bytes.as_chunks_mut().0;
    for (to, half) in halves.iter_mut().zip([low, high]) {
        *to = half.to_le_bytes();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{pack_narrow, pack_wide};
    use crate::naive;

    #[test]
    fn every_width() {
        let mixed = |index: u64| index.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        for width in 1..=32_u8 {
            for start in 1..9 {
                let values =
                    [0, 1, 2, 3, 4, 5, 6, 7].map(|at| mixed(8 * start + at) as u32 >> (32 - width));
                let expected = naive::pack(&values.map(u64::from), width);
                let len = usize::from(width);
                if width <= 16 {
                    let packed = pack_narrow(&values, width);
                    assert_eq!(packed[..len], expected, "width {width}");
                    assert_eq!(packed[len..], [0; 16][len..]);
                } else {
                    let packed = pack_wide(&values, width);
                    assert_eq!(packed[..len], expected, "width {width}");
                    assert_eq!(packed[len..], [0; 32][len..]);
                }
            }
        }
    }
}
