//! The hybrid of runs and bit-packing: levels, dictionary indices, booleans in RLE.
//!
//! A sequence of runs, each behind a varint header: an even header is half a count of one
//! repeated value, which follows in ⌈width / 8⌉ bytes; an odd header is half a count of groups
//! of eight values, bit-packed. Encodings.md, "Run Length Encoding / Bit-Packing Hybrid".
//!
//! The encoders take a run where it is shorter than the bits that it stands for, headers
//! included, so no input becomes larger than pure bit-packing by more than headers.

mod bits;
pub mod booleans;
mod decode;
mod encode;
mod narrow;
#[cfg(test)]
mod tests;

pub(crate) use bits::bits_at;
pub(crate) use decode::for_runs;
pub use decode::{Run, Runs, decode_bitmap, decode_u32};
pub use encode::{encode_bitmap, encode_run, encode_u32};
pub(crate) use narrow::encode_narrow;

/// The most values or groups in one run: readers count in 32 bits with sign.
const LONGEST: u64 = i32::MAX as u64;
