//! What comes in: a [`Batch`] of named columns, each a borrowed slice of values.
//!
//! The *type* of a column stands in the [`Schema`](crate::Schema); a [`Column`] only has a
//! *form*: how its values lie in memory. A string column may come as [`Values::Bytes32`] in one
//! batch and as [`Values::Dictionary`] in the next.

mod bits;
mod collect;
mod column;
mod lists;
mod missing;
mod owned;
mod slice;
mod strings;
mod values;
mod view;

pub use bits::Bits;
pub use collect::CollectedColumn;
pub use column::{Batch, Column};
pub(crate) use lists::Lists;
pub(crate) use owned::pack_bits;
pub use owned::{OwnedBatch, OwnedColumn, OwnedValues};
pub use strings::ByteString;
pub(crate) use strings::{BLOCK, Strings};
pub use values::{Keys, Values};
pub(crate) use view::{
    INLINE, INLINE_AT, first_bytes, inline_bytes, long_bytes, view_len, view_place,
};
