//! From the values of a leaf to the bytes of its column chunk.

mod choose;
mod chunk;
mod cut;
mod dictionary;
mod helpers;
mod levels;
mod page;
mod pages;
mod settings;
mod tools;
mod values;

pub(crate) use chunk::{ChunkEncoder, EncodedChunk};
#[cfg(feature = "parallel")]
pub(crate) use helpers::Blocks;
pub(crate) use helpers::Helpers;
pub(crate) use page::Output;
pub(crate) use settings::{check_settings, fits};

#[cfg(test)]
pub(crate) mod tests;
