//! From the values of a leaf to the bytes of its column chunk.

mod choose;
mod chunk;
mod cut;
mod dictionary;
mod levels;
mod page;
mod settings;
mod values;

pub(crate) use chunk::{ChunkEncoder, EncodedChunk};
pub(crate) use page::Output;
#[cfg(feature = "parallel")]
pub(crate) use page::PART;
pub(crate) use settings::{check_settings, fits};

#[cfg(test)]
pub(crate) mod tests;
