//! What the encodings of byte arrays share: where values stand in the caller's memory, and how
//! many short ones get to an output without a call for each.

mod arrow_view;
mod copy;
mod lengths;
mod offset;
mod put;
#[cfg(all(test, feature = "alloc"))]
pub(crate) mod samples;
mod skip;
mod view;

pub(crate) use arrow_view::{long_view, view_len};
pub(crate) use copy::{copy_to, copy_within};
pub(crate) use lengths::{BLOCK, Lengths, lengths_at, put_lengths, put_lengths_of};
pub use offset::Offset;
pub(crate) use offset::{check, check_lengths};
pub(crate) use put::{put, put_all, put_framed};
pub(crate) use view::{Prefixes, View, of_fixed, of_offsets, of_slices};
