//! Floats that are decimals of a few places, and so integers of another unit.

/// The units that are looked for: from whole numbers to four places.
pub(in crate::encode) const SCALES: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];

/// The integer that gives the number, bit by bit, when it is divided by `scale`.
#[inline(always)]
pub(in crate::encode) fn unscaled(value: f64, scale: f64) -> Option<i64> {
    let scaled = value * scale;
    let unscaled = (scaled + 0.5_f64.copysign(scaled)) as i64;
    (((unscaled as f64) / scale).to_bits() == value.to_bits()).then_some(unscaled)
}

#[cfg(test)]
mod tests {
    use super::{SCALES, unscaled};

    #[test]
    fn decimals_are_found_by_their_bits() {
        for scale in SCALES {
            for integer in [0, 1, -1, 7, 99_999, -123_456, 1 << 40] {
                assert_eq!(unscaled(integer as f64 / scale, scale), Some(integer));
            }
            for other in [-0.0, f64::NAN, f64::INFINITY, 1.0 / 3.0, 1e300, 1e-9] {
                assert_eq!(unscaled(other, scale), None);
            }
        }
        assert_eq!(unscaled(0.25, 10.0), None);
        assert_eq!(unscaled(0.25, 100.0), Some(25));
    }
}
