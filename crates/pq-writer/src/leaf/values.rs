//! The values of a leaf, nulls left out.

use super::{BooleanPieces, BytePieces, FixedPieces, Pieces};
use crate::schema::Leaf;
use pq_format::Type;

/// Values in the shape of a physical type.
#[derive(Debug, Clone)]
pub(crate) enum LeafValues<'a> {
    Boolean(BooleanPieces<'a>),
    Int32(Pieces<'a, i32>),
    Int64(Pieces<'a, i64>),
    Float(Pieces<'a, f32>),
    Double(Pieces<'a, f64>),
    Bytes(BytePieces<'a>),
    /// FIXED_LEN_BYTE_ARRAY, and INT96 as twelve bytes. Each part holds whole values.
    Fixed {
        width: usize,
        data: FixedPieces<'a>,
    },
    /// Dictionaries that came in.
    Coded(Coded<'a>),
}

impl LeafValues<'_> {
    /// No values, of the type of a leaf.
    pub(crate) fn none(leaf: &Leaf) -> LeafValues<'static> {
        match leaf.physical {
            Type::BOOLEAN => LeafValues::Boolean(BooleanPieces::default()),
            Type::INT32 => LeafValues::Int32(Pieces::default()),
            Type::INT64 => LeafValues::Int64(Pieces::default()),
            Type::FLOAT => LeafValues::Float(Pieces::default()),
            Type::DOUBLE => LeafValues::Double(Pieces::default()),
            Type::BYTE_ARRAY => LeafValues::Bytes(BytePieces::default()),
            _ => LeafValues::Fixed {
                width: leaf.fixed_width(),
                data: FixedPieces::default(),
            },
        }
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Boolean(values) => values.len(),
            Self::Int32(values) => values.len(),
            Self::Int64(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Double(values) => values.len(),
            Self::Bytes(values) => values.len(),
            Self::Fixed { width, data } => data.len().checked_div(*width).unwrap_or(0),
            Self::Coded(coded) => coded.parts.iter().map(|part| part.codes.len()).sum(),
        }
    }
}

/// Values as codes into dictionaries, one or several.
#[derive(Debug, Clone)]
pub(crate) struct Coded<'a> {
    /// The codes in order, part by part.
    pub(crate) parts: Vec<CodedPart<'a>>,
    /// What codes stand for, none of it null. Each value has a code;
    /// values may be there twice. Never itself coded.
    pub(crate) dictionaries: Vec<LeafValues<'a>>,
}

/// Codes into one dictionary.
#[derive(Debug, Clone)]
pub(crate) struct CodedPart<'a> {
    /// The position of the dictionary.
    pub(crate) dictionary: usize,
    /// Positions of values in it, all there.
    pub(crate) codes: Pieces<'a, u32>,
}
