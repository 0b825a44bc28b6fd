//! The encodings of [Apache Parquet](https://parquet.apache.org), alone: slices in, bytes out.
//!
//! No dependency, no `std`. `unsafe` is in one private module only, which calls AVX2 kernels where
//! the CPU has it. Nothing here knows of files, metadata or thrift.
//!
//! ```
//! use pq_encoding::{bit_width, bitpack, varint};
//!
//! let values = [3, 1, 4, 1, 5, 9, 2, 6];
//! let width = bit_width::of_u32(9);
//! let mut packed = [0; 4];
//! assert_eq!(bitpack::pack_u32(&values, width, &mut packed)?, 4);
//!
//! let mut unpacked = [0; 8];
//! bitpack::unpack_u32(&packed, width, &mut unpacked)?;
//! assert_eq!(unpacked, values);
//!
//! assert_eq!(varint::decode_u64(&[0xac, 0x02])?, (300, 2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | encoding (Encodings.md of the specification) |
//! |---|---|
//! | [`varint`], [`zigzag`] | ULEB-128 and signed integers in it |
//! | [`bit_width`] | how many bits values need |
//! | [`bitpack`] | bit-packing, least significant bit first, and the old order |
//! | [`rle`] | the hybrid of runs and bit-packing, booleans in it |
//! | [`plain`] | PLAIN |
//! | [`delta_binary_packed`] | DELTA_BINARY_PACKED |
//! | [`delta_length_byte_array`] | DELTA_LENGTH_BYTE_ARRAY |
//! | [`delta_byte_array`] | DELTA_BYTE_ARRAY |
//! | [`byte_stream_split`] | BYTE_STREAM_SPLIT |
//! | [`alp`] | ALP, which the specification has in preview |
//! | [`levels`] | repetition and definition levels, in data pages of both versions |
//!
//! [`vectors`] is how their loops get to the vectors of the CPU, for others' loops as well.
//!
//! Encoders append to an [`Output`] of the caller's: a `Vec<u8>` (feature `alloc`, on by default)
//! or a slice in a [`SliceOutput`].
//!
//! Invalid input is an error that says where; nothing panics.

#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod alp;
pub mod bit_width;
pub mod bitpack;
mod byte_arrays;
pub mod byte_stream_split;
pub mod delta_binary_packed;
pub mod delta_byte_array;
pub mod delta_length_byte_array;
mod error;
mod kernels;
pub mod levels;
#[cfg(test)]
mod naive;
mod output;
pub mod plain;
pub mod rle;
#[cfg(test)]
mod slices;
pub mod varint;
pub mod vectors;
pub mod zigzag;

#[cfg(all(doctest, feature = "alloc"))]
#[doc = include_str!("../README.md")]
struct ReadMe;

pub use byte_arrays::Offset;
pub use error::{DecodeError, EncodeError};
pub use output::{Output, SliceOutput};
