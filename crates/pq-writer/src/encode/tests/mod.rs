//! Whole chunks, read back with the decoders of pq-encoding.

mod pages;
mod read;
mod round_trip;
pub(crate) mod samples;
