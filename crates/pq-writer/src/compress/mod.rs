//! Codecs: whole pages in, whole pages out, contexts kept between pages. Each is a feature;
//! Compression.md of the specification says what each one's bytes are.

#[cfg(feature = "brotli")]
mod brotli;
#[cfg(feature = "gzip")]
mod gzip;
#[cfg(feature = "lz4")]
mod lz4;
#[cfg(feature = "snappy")]
mod snappy;
#[cfg(feature = "zstd")]
mod zstd;

use crate::error::WriteError;
use crate::options::Compression;
use pq_format::CompressionCodec;

/// A codec at a level, ready for use.
pub(crate) enum Compressor {
    Uncompressed,
    #[cfg(feature = "snappy")]
    Snappy(snappy::Snappy),
    #[cfg(feature = "gzip")]
    Gzip(gzip::Gzip),
    #[cfg(feature = "zstd")]
    Zstd(zstd::Zstd),
    #[cfg(feature = "lz4")]
    Lz4(lz4::Lz4),
    #[cfg(feature = "brotli")]
    Brotli(brotli::Brotli),
}

impl std::fmt::Debug for Compressor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Compressor")
    }
}

/// The code of a codec in column metadata.
pub(crate) fn codec(compression: Compression) -> CompressionCodec {
    match compression {
        Compression::Uncompressed => CompressionCodec::UNCOMPRESSED,
        Compression::Snappy => CompressionCodec::SNAPPY,
        Compression::Gzip(_) => CompressionCodec::GZIP,
        Compression::Zstd(_) => CompressionCodec::ZSTD,
        Compression::Lz4Raw => CompressionCodec::LZ4_RAW,
        Compression::Brotli(_) => CompressionCodec::BROTLI,
    }
}

impl Compressor {
    /// # Errors
    ///
    /// A codec that is not compiled in or a level that it does not have.
    pub(crate) fn new(compression: Compression) -> Result<Self, WriteError> {
        match compression {
            Compression::Uncompressed => Ok(Self::Uncompressed),
            #[cfg(feature = "snappy")]
            Compression::Snappy => Ok(Self::Snappy(snappy::Snappy::new())),
            #[cfg(feature = "gzip")]
            Compression::Gzip(level) => gzip::Gzip::new(level).map(Self::Gzip),
            #[cfg(feature = "zstd")]
            Compression::Zstd(level) => zstd::Zstd::new(level).map(Self::Zstd),
            #[cfg(feature = "lz4")]
            Compression::Lz4Raw => Ok(Self::Lz4(lz4::Lz4)),
            #[cfg(feature = "brotli")]
            Compression::Brotli(level) => brotli::Brotli::new(level).map(Self::Brotli),
            #[cfg(not(all(
                feature = "snappy",
                feature = "gzip",
                feature = "zstd",
                feature = "lz4",
                feature = "brotli"
            )))]
            other => Err(failed(
                &format!("{other:?}"),
                "not compiled in: its feature is off",
            )),
        }
    }

    /// The page compressed into `out`, whatever that held and holds behind, or the page itself without
    /// a codec.
    #[allow(
        unused_variables,
        clippy::ptr_arg,
        reason = "all are used, and grow, with any codec compiled in"
    )]
    pub(crate) fn compress<'a>(
        &mut self,
        page: &'a [u8],
        out: &'a mut Vec<u8>,
    ) -> Result<&'a [u8], WriteError> {
        let len = match self {
            Self::Uncompressed => return Ok(page),
            #[cfg(feature = "snappy")]
            Self::Snappy(codec) => codec.compress(page, out)?,
            #[cfg(feature = "gzip")]
            Self::Gzip(codec) => codec.compress(page, out)?,
            #[cfg(feature = "zstd")]
            Self::Zstd(codec) => codec.compress(page, out)?,
            #[cfg(feature = "lz4")]
            Self::Lz4(codec) => codec.compress(page, out)?,
            #[cfg(feature = "brotli")]
            Self::Brotli(codec) => codec.compress(page, out)?,
        };
        #[allow(unreachable_code, reason = "reached with any codec compiled in")]
        Ok(out.get(..len).unwrap_or_default())
    }
}

/// Room for so many bytes, of which none is looked at before it is written: those of the page before
/// may be there.
#[cfg_attr(
    not(any(feature = "snappy", feature = "lz4", feature = "zstd")),
    allow(dead_code)
)]
fn room(out: &mut Vec<u8>, len: usize) -> &mut [u8] {
    if out.len() < len {
        out.resize(len, 0);
    }
    out.get_mut(..len).unwrap_or_default()
}

/// An error of a codec.
#[cfg_attr(
    not(any(feature = "gzip", feature = "zstd", feature = "brotli")),
    allow(dead_code)
)]
fn failed(codec: &str, reason: impl std::fmt::Display) -> WriteError {
    WriteError::Compression {
        codec: codec.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests;
