//! What the encodings of byte arrays share: where values stand in the caller's memory, and how
//! many short ones get to an output without a call for each.

mod gather;
mod offset;
mod view;

pub(crate) use gather::{Gather, copy_to};
pub use offset::Offset;
pub(crate) use offset::check;
pub(crate) use view::{View, of_offsets, of_slices};
