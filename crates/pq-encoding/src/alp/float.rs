//! What FLOAT and DOUBLE have of their own, and the step from a value to its integer.

use crate::bitpack;
use crate::error::{DecodeError, EncodeError};
use core::fmt::Debug;
use core::ops::AddAssign;

/// FLOAT and DOUBLE: `f32` and `f64`.
pub trait Float: sealed::Float {}

impl Float for f32 {}
impl Float for f64 {}

/// An exponent, and a factor that is not above it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pair {
    pub(super) exponent: u8,
    pub(super) factor: u8,
}

/// The powers of ten of a pair. Each way takes two products, as the specification has it: one
/// with the product of both powers is another number.
#[derive(Debug, Clone, Copy)]
pub struct Scale<T> {
    /// 10^exponent and 10^−factor: from values to integers.
    to: (T, T),
    /// 10^factor and 10^−exponent: from integers to values.
    back: (T, T),
}

impl<T: sealed::Float> Scale<T> {
    /// The powers of a pair, which is in range.
    #[inline]
    pub(super) fn of(pair: Pair) -> Self {
        Self {
            to: (T::power(pair.exponent), T::inverse(pair.factor)),
            back: (T::power(pair.factor), T::inverse(pair.exponent)),
        }
    }

    /// The integer that gives the value back bit by bit, or NaN if there is none.
    #[inline(always)]
    pub(super) fn integer(&self, value: T) -> T {
        let scaled = value.times(self.to.0).times(self.to.1);
        let integer = scaled.rounded();
        let back = integer.times(self.back.0).times(self.back.1);
        if back.same(value) & scaled.is_in_range() {
            integer
        } else {
            T::NAN
        }
    }
}

mod sealed {
    use super::{AddAssign, Debug, DecodeError, EncodeError, Scale};

    /// Integers are kept as the floating-point numbers that they are, NaN where there is none.
    pub trait Float: Copy + Debug + PartialOrd {
        /// As many bits without a sign.
        type Bits: Copy + Default + Debug + AddAssign + From<bool> + Into<u64>;
        /// How many they are.
        const MOST_WIDTH: u8;
        /// The largest exponent.
        const MOST_EXPONENT: u8;
        /// No integer.
        const NAN: Self;
        /// Above all integers.
        const INFINITY: Self;
        /// Below all integers.
        const NEG_INFINITY: Self;

        /// 10^exponent.
        fn power(exponent: u8) -> Self;
        /// 10^−exponent.
        fn inverse(exponent: u8) -> Self;
        /// The product.
        fn times(self, other: Self) -> Self;
        /// The nearest integer, of two the even one; +0.0 and not −0.0.
        fn rounded(self) -> Self;
        /// Whether it is a number within the integers of as many bits.
        fn is_in_range(self) -> bool;
        /// Whether all bits are those of the other.
        fn same(self, other: Self) -> bool;
        /// An integer, as one.
        fn to_integer(self) -> i64;
        /// The number that is nearest to an integer.
        fn from_integer(integer: i64) -> Self;

        /// The value that bytes start with.
        fn read(bytes: &[u8]) -> Option<Self>;
        /// The integer that bytes start with.
        fn read_integer(bytes: &[u8]) -> Option<Self::Bits>;
        /// Writes the value to the front of bytes.
        fn write(self, bytes: &mut [u8]);
        /// Writes an integer to the front of bytes, as one.
        fn write_integer(self, bytes: &mut [u8]);

        /// Integers less the lowest one.
        fn less_lowest(integers: &[Self], lowest: Self, highest: Self, out: &mut [Self::Bits]);
        /// The values of integers of some width, to which the reference is still to be added.
        fn values(
            integers: &[Self::Bits],
            width: u8,
            reference: Self::Bits,
            scale: &Scale<Self>,
            out: &mut [Self],
        );
        /// Bit-packs to the front of bytes.
        fn pack(integers: &[Self::Bits], width: u8, out: &mut [u8]) -> Result<usize, EncodeError>;
        /// Unpacks from the front of bytes.
        fn unpack(input: &[u8], width: u8, out: &mut [Self::Bits]) -> Result<usize, DecodeError>;
    }
}

/// Constants and methods of one type. `$exact` is 2 to the bits of its significand: there and
/// above all numbers are integers. From `1.5 × $exact` on they are so for as far below as above,
/// and the bits of neighbours differ by 1.
macro_rules! float {
    (
        $float:ident $signed:ident $unsigned:ident $exact:literal $pack:ident $unpack:ident
        $powers:ident $inverses:ident
    ) => {
        impl sealed::Float for $float {
            type Bits = $unsigned;
            const MOST_WIDTH: u8 = $unsigned::BITS as u8;
            const MOST_EXPONENT: u8 = $powers.len() as u8 - 1;
            const NAN: Self = $float::NAN;
            const INFINITY: Self = $float::INFINITY;
            const NEG_INFINITY: Self = $float::NEG_INFINITY;

            #[inline]
            fn power(exponent: u8) -> Self {
                $powers.get(usize::from(exponent)).copied().unwrap_or(1.0)
            }
            #[inline]
            fn inverse(exponent: u8) -> Self {
                $inverses.get(usize::from(exponent)).copied().unwrap_or(1.0)
            }
            #[inline(always)]
            fn times(self, other: Self) -> Self {
                self * other
            }
            #[inline(always)]
            fn rounded(self) -> Self {
                let exact = Self::copysign($exact, self);
                let rounded = (self + exact) - exact;
                if self.abs() < $exact { rounded } else { self }
            }
            #[inline(always)]
            fn is_in_range(self) -> bool {
                const MOST: $float = $signed::MIN as $float;
                self.abs() < -MOST
            }
            #[inline(always)]
            fn same(self, other: Self) -> bool {
                self.to_bits() == other.to_bits()
            }
            #[inline(always)]
            fn to_integer(self) -> i64 {
                self as i64
            }
            #[inline(always)]
            fn from_integer(integer: i64) -> Self {
                integer as Self
            }

            #[inline(always)]
            fn read(bytes: &[u8]) -> Option<Self> {
                Some(Self::from_le_bytes(*bytes.first_chunk()?))
            }
            #[inline(always)]
            fn read_integer(bytes: &[u8]) -> Option<$unsigned> {
                Some($unsigned::from_le_bytes(*bytes.first_chunk()?))
            }
            #[inline(always)]
            fn write(self, bytes: &mut [u8]) {
                if let Some(to) = bytes.first_chunk_mut() {
                    *to = self.to_le_bytes();
                }
            }
            #[inline(always)]
            fn write_integer(self, bytes: &mut [u8]) {
                if let Some(to) = bytes.first_chunk_mut() {
                    *to = (self as $signed).to_le_bytes();
                }
            }

            #[inline(never)]
            fn less_lowest(integers: &[Self], lowest: Self, highest: Self, out: &mut [$unsigned]) {
                const MIDDLE: $float = 1.5 * $exact;
                let both = out.iter_mut().zip(integers);
                if lowest >= -0.5 * $exact && highest < 0.5 * $exact {
                    let lowest = (lowest + MIDDLE).to_bits();
                    for (out, &integer) in both {
                        *out = (integer + MIDDLE).to_bits().wrapping_sub(lowest);
                    }
                } else {
                    let lowest = lowest as $signed;
                    for (out, &integer) in both {
                        *out = (integer as $signed).wrapping_sub(lowest) as $unsigned;
                    }
                }
            }

            #[inline(never)]
            fn values(
                integers: &[$unsigned],
                width: u8,
                reference: $unsigned,
                scale: &Scale<Self>,
                out: &mut [Self],
            ) {
                const MIDDLE: $float = 1.5 * $exact;
                const HALF: $signed = $exact as $signed / 2;
                let (power, inverse) = scale.back;
                let both = out.iter_mut().zip(integers);
                let lowest = reference as $signed;
                let most =
                    $unsigned::MAX.checked_shr(Self::MOST_WIDTH.saturating_sub(width).into());
                let highest = lowest.checked_add_unsigned(most.unwrap_or(0));
                // Few targets have vectors that convert 64 bits.
                let is_small = lowest >= -HALF && highest.is_some_and(|highest| highest < HALF);
                if Self::MOST_WIDTH == 64 && is_small {
                    let reference = MIDDLE.to_bits().wrapping_add(reference);
                    for (out, integer) in both {
                        let integer = Self::from_bits(integer.wrapping_add(reference)) - MIDDLE;
                        *out = integer * power * inverse;
                    }
                } else {
                    for (out, integer) in both {
                        let integer = integer.wrapping_add(reference) as $signed as Self;
                        *out = integer * power * inverse;
                    }
                }
            }

            #[inline]
            fn pack(
                integers: &[$unsigned],
                width: u8,
                out: &mut [u8],
            ) -> Result<usize, EncodeError> {
                bitpack::$pack(integers, width, out)
            }
            #[inline]
            fn unpack(
                input: &[u8],
                width: u8,
                out: &mut [$unsigned],
            ) -> Result<usize, DecodeError> {
                bitpack::$unpack(input, width, out)
            }
        }
    };
}

float!(f32 i32 u32 8_388_608.0 pack_u32 unpack_u32 POWERS_F32 INVERSES_F32);
float!(f64 i64 u64 4_503_599_627_370_496.0 pack_u64 unpack_u64 POWERS_F64 INVERSES_F64);

// The compiler rounds decimal literals correctly.
const POWERS_F32: [f32; 11] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];
const INVERSES_F32: [f32; 11] = [
    1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10,
];
const POWERS_F64: [f64; 19] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
];
const INVERSES_F64: [f64; 19] = [
    1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14,
    1e-15, 1e-16, 1e-17, 1e-18,
];
