//! Between what comes in and what is encoded: a leaf of a row group, with its levels, and its
//! values in the shape of their physical type, nulls left out.

mod boolean_pieces;
mod byte_pieces;
mod levels;
mod pieces;
mod values;

pub(crate) use boolean_pieces::{BooleanPart, BooleanPieces};
pub(crate) use byte_pieces::{BytePart, BytePieces, ByteSlice, View, ViewSlice};
pub(crate) use levels::{Definition, Levels};
pub(crate) use pieces::{Convert, FixedPieces, Pieces};
pub(crate) use values::{Coded, CodedPart, LeafValues};

/// A leaf column of a row group.
#[derive(Debug, Clone)]
pub(crate) struct LeafChunk<'a> {
    pub(crate) levels: Levels,
    /// A value for each entry of the levels that has one, in order.
    pub(crate) values: LeafValues<'a>,
}
