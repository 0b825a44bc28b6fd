//! From the values of a column to the bytes of its chunk.

mod chunk;
mod dictionary;
mod page;

pub(crate) use chunk::ChunkEncoder;
