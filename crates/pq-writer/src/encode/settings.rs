//! Whether what is set for a leaf can be done.

use crate::compress::Compressor;
use crate::error::WriteError;
use crate::options::ColumnEncoding;
use crate::schema::Leaf;
use crate::settings::LeafSettings;
use pq_format::{Encoding, Type};

/// # Errors
///
/// An encoding that is not for the type of the leaf; a codec that is not compiled in, or without
/// the level.
pub(crate) fn check_settings(leaf: &Leaf, settings: &LeafSettings) -> Result<(), WriteError> {
    Compressor::new(settings.compression)?;
    let encoding = settings.encoding;
    let (fits, types) = fits(encoding, leaf.physical);
    if fits {
        return Ok(());
    }
    Err(WriteError::UnsupportedEncoding {
        column: leaf.name().to_owned(),
        encoding,
        reason: format!(
            "it is for {types}, and the column is {}",
            leaf.physical.name().unwrap_or("neither"),
        ),
    })
}

/// Whether an encoding is for a type, and which it is for.
pub(crate) fn fits(encoding: ColumnEncoding, physical: Type) -> (bool, &'static str) {
    match encoding {
        ColumnEncoding::Auto | ColumnEncoding::Plain => (true, ""),
        ColumnEncoding::Dictionary => (physical != Type::BOOLEAN, "all types but BOOLEAN"),
        ColumnEncoding::DeltaBinaryPacked => (
            matches!(physical, Type::INT32 | Type::INT64),
            "INT32 and INT64",
        ),
        ColumnEncoding::DeltaLengthByteArray => (physical == Type::BYTE_ARRAY, "BYTE_ARRAY"),
        ColumnEncoding::DeltaByteArray => (
            matches!(physical, Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY),
            "BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY",
        ),
        ColumnEncoding::ByteStreamSplit => (
            !matches!(physical, Type::BOOLEAN | Type::BYTE_ARRAY | Type::INT96),
            "INT32, INT64, FLOAT, DOUBLE and FIXED_LEN_BYTE_ARRAY",
        ),
        ColumnEncoding::Rle => (physical == Type::BOOLEAN, "BOOLEAN"),
        ColumnEncoding::Alp => (
            matches!(physical, Type::FLOAT | Type::DOUBLE),
            "FLOAT and DOUBLE",
        ),
    }
}

/// The encoding of data pages that is set, if it is one without a dictionary.
pub(super) fn set_encoding(encoding: ColumnEncoding) -> Option<Encoding> {
    match encoding {
        ColumnEncoding::Auto | ColumnEncoding::Dictionary => None,
        ColumnEncoding::Plain => Some(Encoding::PLAIN),
        ColumnEncoding::DeltaBinaryPacked => Some(Encoding::DELTA_BINARY_PACKED),
        ColumnEncoding::DeltaLengthByteArray => Some(Encoding::DELTA_LENGTH_BYTE_ARRAY),
        ColumnEncoding::DeltaByteArray => Some(Encoding::DELTA_BYTE_ARRAY),
        ColumnEncoding::ByteStreamSplit => Some(Encoding::BYTE_STREAM_SPLIT),
        ColumnEncoding::Rle => Some(Encoding::RLE),
        ColumnEncoding::Alp => Some(Encoding::ALP),
    }
}
